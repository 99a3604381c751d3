"""The entries of the clause library, read from one `clauses.toml` per folder of texts and checked on load.

A folder holds `<id>.txt`, the standard text of a clause or part in its newest version; `<id>-<variant>.txt`, another
text that may be chosen in its place; and `<id>@<n>.txt` or `<id>-<variant>@<n>.txt`, versions that were in force
before. `clauses.toml` says of each when it came, why, and what it rests on:

    [breach]
    basis = ["民法典577"]
    versions = [{ n = 1, on = 2026-11-01, reason = "首次收入条款库", sha256 = "…" }]

    [breach.variants.penalty]
    zh = "违约金型"
    en = "liquidated damages"
    basis = ["民法典585"]
    versions = [{ n = 1, on = 2026-11-01, reason = "新增备选", sha256 = "…" }]
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.library.texts import STANDARD, text_digest

TABLE = "clauses.toml"
_NAME = re.compile(r"^[a-z][a-z_]*$")


class _Version(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int = Field(ge=1)
    on: date
    reason: str = Field(min_length=2)
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class _Variant(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    note: str = ""
    basis: tuple[str, ...] = Field(min_length=1)
    versions: tuple[_Version, ...] = Field(min_length=1)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str = "标准"
    en: str = "standard"
    note: str = ""
    basis: tuple[str, ...] = ()
    versions: tuple[_Version, ...] = ()
    variants: Mapping[str, _Variant] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of one text: since when, why it was changed, and the text."""

    version: int
    on: date
    reason: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One text that may stand for a clause: its names, when to take it, its legal basis, and its versions, newest last."""

    name: str
    zh: str
    en: str
    note: str
    basis: tuple[str, ...]
    editions: tuple[Edition, ...]
    origin: str

    @property
    def newest(self) -> Edition:
        """The version that new contracts take."""
        return self.editions[-1]

    def edition(self, version: int) -> Edition | None:
        """Return a version, or None if it is not kept."""
        return next((edition for edition in self.editions if edition.version == version), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the library: the file, and a sentence that the person who keeps it understands.

    `told` and `found` are the digests of a text that is not what its table says.
    """

    file: Path
    zh: str
    told: str = ""
    found: str = ""


def read_folder(folder: Path, origin: str, faults: list[Fault]) -> dict[str, dict[str, Variant]]:
    """Return the variants of a folder's texts by id, the standard one under `standard`; faults are added to the list."""
    table = folder / TABLE
    texts = {path.stem: path for path in sorted(folder.glob("*.txt")) if not path.name.endswith(".en.txt")}
    if not table.exists():
        if texts:
            faults.append(Fault(table, f"目录中有条款文本，但没有登记表{TABLE}。"))
        return {}
    found: dict[str, dict[str, Variant]] = {}
    used: set[str] = set()
    for id_, entry in _entries(table, faults):
        for name, told in _variants(entry):
            editions = tuple(_editions(table, texts, used, id_, name, told.versions, faults))
            if editions:
                variant = Variant(name, told.zh, told.en, told.note, told.basis, editions, origin)
                found.setdefault(id_, {})[name] = variant
    faults.extend(
        Fault(texts[stem], f"文本“{stem}.txt”没有在{TABLE}中登记。") for stem in sorted(texts.keys() - used)
    )
    return found


def _entries(table: Path, faults: list[Fault]) -> Iterator[tuple[str, _Entry]]:
    try:
        raw = tomllib.loads(table.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Fault(table, f"登记表不能读取：{error}"))
        return
    for id_, told in raw.items():
        try:
            entry = _Entry.model_validate(told)
        except ValidationError as error:
            for detail in error.errors():
                faults.append(Fault(table, f"[{id_}] {'.'.join(map(str, detail['loc']))}：{detail['msg']}"))
            continue
        bad = [name for name in (id_, *entry.variants) if not _NAME.match(name)]
        if bad or STANDARD in entry.variants:
            faults.append(
                Fault(table, f"[{id_}] 条款和备选的名称只用小写字母和下划线，且备选不得名为{STANDARD}。")
            )
            continue
        yield id_, entry


def _variants(entry: _Entry) -> Iterator[tuple[str, Any]]:
    if entry.versions:
        yield STANDARD, entry
    yield from entry.variants.items()


def stem_of(id_: str, variant: str) -> str:
    """Return the file name of a text without version and ending."""
    return id_ if variant == STANDARD else f"{id_}-{variant}"


def _editions(
    table: Path,
    texts: Mapping[str, Path],
    used: set[str],
    id_: str,
    variant: str,
    versions: tuple[_Version, ...],
    faults: list[Fault],
) -> Iterator[Edition]:
    """Yield the versions of a text, oldest first; the newest stands in the file without a number."""
    stem, newest = stem_of(id_, variant), max(told.n for told in versions)
    if [told.n for told in versions] != sorted({told.n for told in versions}):
        faults.append(Fault(table, f"[{id_}] 版本号应从小到大排列，不得重复。"))
        return
    for told in versions:
        name = stem if told.n == newest else f"{stem}@{told.n}"
        if name not in texts:
            faults.append(Fault(table, f"[{id_}] 登记了第{told.n}版，但没有文本“{name}.txt”。"))
            continue
        used.add(name)
        text = texts[name].read_text(encoding="utf-8")
        digest = text_digest(text)
        if told.sha256 and told.sha256 != digest:
            how = "修改的，请另存旧版并登记新版和原因"
            faults.append(
                Fault(
                    texts[name],
                    f"文本与登记的第{told.n}版不一致：{how}（新摘要{digest}）。",
                    told.sha256,
                    digest,
                )
            )
        yield Edition(told.n, told.on, told.reason, digest, text)
