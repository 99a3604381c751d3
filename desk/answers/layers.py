"""Which rule packs answer a question: the nation's, a province's, a house's.

In: the province, the house pack and the layers as typed. Out: a loaded rulebook and the province's short name. A
province without a pack of its own is served by the nation's rules alone.
"""

from collections.abc import Sequence
from pathlib import Path

from cases.rulebooks import shipped
from desk.answers.parsing import DEFAULT_LAYERS, Faults, Raw
from rules.packs import PackError, RuleBook, load
from rules.places import PROVINCES, province_of
from rules.text import normalize

NATIONAL = "national"
_PINYIN = (
    "beijing", "tianjin", "hebei", "shanxi", "neimenggu", "liaoning", "jilin", "heilongjiang",
    "shanghai", "jiangsu", "zhejiang", "anhui", "fujian", "jiangxi", "shandong", "henan",
    "hubei", "hunan", "guangdong", "guangxi", "hainan", "chongqing", "sichuan", "guizhou",
    "yunnan", "xizang", "shaanxi", "gansu", "qinghai", "ningxia", "xinjiang",
)  # fmt: skip
PACK_NAMES = dict(zip(PROVINCES, _PINYIN, strict=True))
"""The name that the pack of each province bears, if there is one."""

_ENGLISH = {"inner mongolia": "内蒙古", "innermongolia": "内蒙古", "tibet": "西藏"}


def place(faults: Faults, text: Raw, field: str = "place") -> str:
    """Read a province: 浙江, 浙江省 or zhejiang; empty if none was given."""
    shown = normalize(str(text or "")).strip()
    if not shown:
        return ""
    by_latin = {name: short for short, name in PACK_NAMES.items()} | _ENGLISH
    found = by_latin.get(shown.lower())
    if found is not None:
        return found
    try:
        return province_of(shown)
    except ValueError:
        known = "、".join(PROVINCES)
        faults.add(
            field,
            f"没有“{shown[:30]}”这个省份，可填：{known}（也可写全称或拼音）。",
            f"no province '{shown[:30]}'; known: {', '.join(PACK_NAMES.values())}",
        )
        return ""


def book_for(faults: Faults, province: str, pack: Raw, layers: Raw, *, files: bool = False) -> RuleBook:
    """Return the rulebook of the usual layers, with the province's pack and the house's put in their places.

    `pack` is the name of a house pack; with `files` also the path of its file or folder. The usual book stands in if
    something is wrong.
    """
    names = [name.strip() for name in str(layers or DEFAULT_LAYERS).split(",") if name.strip()]
    if province:
        names = [name for name in names if name not in PACK_NAMES.values()]
        if PACK_NAMES[province] in shipped():
            names.insert(1 if names[:1] == [NATIONAL] else 0, PACK_NAMES[province])
    wanted = str(pack or "").strip()
    if not wanted:
        return faults.book(",".join(names))
    general = [name for name in names if name == NATIONAL or name in PACK_NAMES.values()]
    path = _path_of(wanted) if files else None
    if path is None:
        chosen = [name for name in general if name != wanted]
        return _of_a_house(faults, faults.book(",".join([*chosen, wanted]), "pack"))
    return _of_a_house(faults, _from_file(faults, [*general, path]))


def _of_a_house(faults: Faults, book: RuleBook) -> RuleBook:
    """Note it if the pack is not a house's: a province is chosen by its name, the nation's rules always hold."""
    if book.packs[-1].kind != "house":
        title = book.packs[-1].title
        faults.add(
            "pack",
            f"“{title}”不是单位规则包。省份请在“省份”（place）中选择，国家规则总是适用。",
            "this is no house pack; choose a province by place",
        )
    return book


def _path_of(wanted: str) -> str | None:
    """Return the path of a pack that lies in a file or folder; None if the text is the name of a pack."""
    if wanted in shipped():
        return None
    path = Path(wanted).expanduser()
    if path.suffix == ".toml" or path.is_dir() or "/" in wanted:
        return str(path.resolve())
    return None


def _from_file(faults: Faults, layers: Sequence[str]) -> RuleBook:
    try:
        return load(tuple(layers))
    except PackError as error:
        faults.add("pack", str(error), f"the pack cannot be used: {error}")
        return faults.book(None)
