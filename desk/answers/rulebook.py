"""Questions about the rule packs themselves: what rules there are, whether packs are sound, what differs.

In: the texts a person typed. Out: plain JSON values. A pack is the name of a shipped one or of one in the
installation's folder `packs`; with `files` also the path of a TOML file or of a folder.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.errors import NotFound
from cases.rulebooks import DEFAULT_LAYERS, own_packs, shipped
from cases.settings import ROOT
from desk.answers.parsing import Faults, Raw
from rules.pack_diff import compare
from rules.pack_faults import Fault
from rules.pack_files import read_pack
from rules.pack_shares import examine
from rules.packs import PackError, PackHead, RuleBook, fresh
from rules.rule import Rule

if TYPE_CHECKING:
    from cases.db import Database

_COMMA = re.compile("[,，、]")
_INDEX = ROOT / "docs" / "rules.md"


def list_rules(
    *, layers: Raw = None, prefix: Raw = None, on: Raw = None, unverified: bool = False, files: bool = False
) -> dict[str, Any]:
    """Return the rules of the packs, every version, or with `on` the one in force on that day.

    Shape: `layers`, `on` (or null), `count`, `unverified` (how many of them are 待核实) and `rows`.

    Raises: Invalid.
    """
    faults = Faults()
    day = faults.optional_day(on, "on")
    book = _book(faults, layers, "layers", files=files)
    faults.check()
    start = str(prefix or "").strip().upper()
    rows = [
        _row(rule)
        for rule in book.all()
        if any(name.upper().startswith(start) for name in (rule.id, *rule.also))
        and (day is None or rule.is_valid(day))
        and not (unverified and rule.is_verified)
    ]
    return {
        "layers": [pack.name for pack in book.packs], "on": day.isoformat() if day else None, "count": len(rows),
        "unverified": sum(bool(row["badge"]) for row in rows), "rows": rows,
    }  # fmt: skip


def show(rule: Raw, *, layers: Raw = None, files: bool = False) -> dict[str, Any]:
    """Return a rule with all its versions, the values that rest on it, and the places that use it.

    Raises: Invalid; NotFound if no pack has a rule of this id.
    """
    faults = Faults()
    book = _book(faults, layers, "layers", files=files)
    faults.check()
    wanted = str(rule or "").strip()
    by_upper = {name.upper(): name for name in (*book.versions, *book.aliases)}
    versions = book.versions_of(by_upper.get(wanted.upper(), wanted))
    if not versions:
        raise NotFound(
            f"规则包中没有规则“{wanted[:40]}”，请用 panhuo rules list 查看编号",
            f"the packs have no rule '{wanted[:40]}'; see: panhuo rules list",
        )
    return {
        "rule": versions[0].id,
        "also": sorted({name for version in versions for name in version.also}),
        "layers": [pack.name for pack in book.packs],
        "versions": [
            {**version.model_dump(mode="json", exclude={"also"}), "badge": version.badge_zh}
            for version in versions
        ],
        "values": _values(book, versions),
        "used_in": list(used_in(versions[0].id)),
    }


def check(packs: Sequence[Raw] = (), *, files: bool = False) -> dict[str, Any]:
    """Check packs, each upon the layers that it is made for; all of them if none is named.

    Shape: `ok`, `checked` (`pack`, `layers`, `rules`, `ok`), `faults` (`file`, `line`, `reason`, `reason_en`);
    `line` is 0 if the fault has none. Layers joined by commas are checked together, in their order.

    Raises: Invalid naming what is not the name of a pack.
    """
    faults = Faults()
    wanted = [_layers(faults, text, f"packs[{place}]", files) for place, text in enumerate(packs, 1)]
    faults.check()
    checked: list[dict[str, Any]] = []
    found: dict[Fault, None] = {}
    for layers in wanted if packs else [(layer,) for layer in (*shipped(), *map(str, own_packs().values()))]:
        try:
            book, below = examine(_upon(layers))
        except PackError as error:
            found |= dict.fromkeys(error.faults)
            checked.append({"pack": _shown(layers), "layers": [], "rules": 0, "ok": False})
        else:
            found |= dict.fromkeys(below)
            names = [pack.name for pack in book.packs]
            checked.append(
                {"pack": _shown(layers), "layers": names, "rules": len(book.all()), "ok": not below}
            )
    return {
        "ok": not found,
        "checked": checked,
        "faults": [
            {"file": one.file, "line": one.line, "reason": one.reason, "reason_en": one.reason_en}
            for one in found
        ],
    }


def diff(
    before: Raw, after: Raw, *, db: "Database | None" = None, no_record: tuple[str, str] = ("", ""),
    files: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Return what changes from one set of packs to another, and which open deadlines of a record would move.

    A single pack stands upon the layers that it is made for. Without a record `no_record` says why, in Chinese
    and English. Nothing is written.

    Shape: `before`, `after` (names of the layers), `same`, `ladders` (whether reminders to come change), `rules`, `rows`,
    `policy` (each a list of `kind`, `key`, `title`, `fields` …) and `record` (`available`, `reason`, `examined`, `other`,
    `moves`).

    Raises: Invalid naming the pack that is wrong.
    """
    from cases.pack_moves import moves  # noqa: PLC0415  the record is asked only here

    faults = Faults()
    old = _book(faults, before, "before", files=files, upon=True)
    new = _book(faults, after, "after", files=files, upon=True)
    faults.check()
    difference = compare(old, new)
    record: dict[str, Any] = {"available": db is not None, "reason": no_record[0], "reason_en": no_record[1]}
    if db is not None:
        record |= moves(db, old, new).as_json()
    return {
        "before": [pack.name for pack in old.packs],
        "after": [pack.name for pack in new.packs],
        "same": difference.is_empty,
        "ladders": old.ladders != new.ladders,
        **difference.as_json(),
        "record": record,
    }


def used_in(rule_id: str) -> tuple[str, ...]:
    """Return the files that compute or decide with a rule, as the generated page of rules lists them."""
    return _index().get(rule_id, ())


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[str, ...]]:
    """Read the generated page, if this installation has it."""
    if not _INDEX.is_file():
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for line in _INDEX.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 8 and cells[6] not in ("—", "用于"):
            for name in cells[0].split():
                found[name] = tuple(cells[6].split("<br>"))
    return found


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id, "also": list(rule.also), "title": rule.title, "title_en": rule.title_en,
        "article": rule.article, "version": rule.version, "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None, "confidence": rule.confidence,
        "badge": rule.badge_zh, "severity": rule.severity, "layer": rule.layer,
    }  # fmt: skip


def _values(book: RuleBook, versions: Iterable[Rule]) -> list[dict[str, Any]]:
    names = {name for version in versions for name in (version.id, *version.also)}
    return [
        {"table": section, **row.model_dump(mode="json", exclude={"rule"})}
        for section, rows in book.tables.items()
        for row in rows
        if row.rule in names
    ]


def _book(faults: Faults, text: Raw, field: str, *, files: bool, upon: bool = False) -> RuleBook:
    """Return a rulebook; the usual one stands in if something is wrong."""
    layers = _layers(faults, text, field, files)
    try:
        return fresh(_upon(layers) if upon else layers)
    except PackError as error:
        faults.add(field, str(error), "; ".join(fault.reason_en for fault in error.faults) or str(error))
        return RuleBook((), (), {}, {}, ())


def _layers(faults: Faults, text: Raw, field: str, files: bool) -> tuple[str, ...]:
    """Read pack names, and with `files` paths, separated by commas; note what is neither."""
    given = str(text or "").strip() or DEFAULT_LAYERS
    layers = []
    for name in filter(None, map(str.strip, _COMMA.split(given))):
        place = _place_of(name, files)
        if place is None:
            known = "、".join((*shipped(), *own_packs()))
            faults.add(
                field,
                f"没有名为“{name[:60]}”的规则包，现有：{known}{'；也可以写TOML文件的路径' if files else ''}",
                f"there is no rule pack '{name[:60]}'; there are: {known}",
            )
        else:
            layers.append(place)
    return tuple(layers)


def _place_of(name: str, files: bool) -> str | None:
    if name in shipped():
        return name
    own = own_packs().get(name)
    if own is not None:
        return str(own)
    path = Path(name).expanduser()
    if files and (path.suffix == ".toml" or "/" in name or path.is_dir()):
        return str(path.resolve())
    return None


def _upon(layers: tuple[str, ...]) -> tuple[str, ...]:
    """Put a single pack upon the layers that it is made for.

    Raises: PackError if the pack cannot be read.
    """
    if len(layers) != 1:
        return layers
    head: PackHead = read_pack(layers[0]).head
    base = head.base or (() if head.kind == "national" else ("national",))
    return (*base, *layers)


def _shown(layers: Sequence[str]) -> str:
    return ",".join(layers)
