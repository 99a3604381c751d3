"""Which rule packs an institution can choose: the shipped ones and those in the installation's folder `packs`.

In: the packs' own heads. Out: one choice per pack, also for a pack that cannot be read, with what is wrong.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from cases.rulebooks import own_packs, shipped
from rules.packs import FOLDER, PackHead

KINDS = ("national", "province", "house")


@dataclass(frozen=True, slots=True)
class PackChoice:
    """A pack to choose. `fault` is Chinese and says what is wrong; such a pack has no kind.

    `base` names the packs it is made to stand upon.
    """

    name: str
    title: str
    kind: str
    place: str
    version: str
    is_shipped: bool
    fault: str = ""
    base: tuple[str, ...] = ()


def choices() -> tuple[PackChoice, ...]:
    """Return every pack, the shipped ones first, each group by name."""
    own = own_packs()
    return (
        *(_choice(name, _head_file(FOLDER / name), is_shipped=True) for name in shipped()),
        *(_choice(name, _head_file(path.with_suffix("")), is_shipped=False) for name, path in own.items()),
    )


def fault_of(names: Sequence[str]) -> str:
    """Say in Chinese why these packs do not make a rulebook: one nation, at most one province, one house."""
    known = {choice.name: choice for choice in choices()}
    for name in names:
        if name not in known:
            return f"没有名为“{name}”的规则包，请从列表中选择"
        if known[name].fault:
            return known[name].fault
    kinds = [known[name].kind for name in names]
    if kinds not in (["national", "house"], ["national", "province", "house"]):
        return "规则包须依次为国家规则、所在省市规则（可不选，最多一个）和一个单位规则"
    return ""


def _head_file(place: Path) -> Path:
    return place / "pack.toml" if place.is_dir() else place.with_name(f"{place.name}.toml")


def _choice(name: str, path: Path, *, is_shipped: bool) -> PackChoice:
    try:
        head = PackHead.model_validate(tomllib.loads(path.read_text(encoding="utf-8")).get("pack", {}))
    except OSError as error:
        return PackChoice(name, name, "", "", "", is_shipped, f"规则包{path.name}无法读取：{error.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return PackChoice(name, name, "", "", "", is_shipped, f"规则包{path.name}不是有效的TOML文件：{error}")
    except ValidationError as error:
        fields = "、".join(".".join(map(str, one["loc"])) for one in error.errors())
        return PackChoice(name, name, "", "", "", is_shipped, f"规则包{path.name}的[pack]有误：{fields}")
    base = head.base or (() if head.kind == "national" else ("national",))
    return PackChoice(name, head.title, head.kind, head.place, head.version, is_shipped, base=base)
