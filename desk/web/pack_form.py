"""The rule packs of an institution as its page shows them: what is chosen, and what could be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.pack_choices import PackChoice, choices
from desk.web.forms import Field
from desk.web.i18n import Words

NATION = "national"
NONE = "none"


@dataclass(frozen=True, slots=True)
class PackForm:
    """`chosen` are the packs in force, the general ones first; `broken` those that cannot be read."""

    chosen: tuple[PackChoice, ...]
    province: Field
    house: Field
    broken: tuple[PackChoice, ...]
    failed: str = ""


def pack_form(
    stored: Sequence[str], words: Words, typed: Mapping[str, str] | None = None, failed: str = ""
) -> PackForm:
    """Return the form over what is stored; `typed` has what was chosen instead, `failed` what is wrong with it."""
    every = choices()
    known = {choice.name: choice for choice in every}
    kinds = {known[name].kind: name for name in stored if name in known}
    values = {"province": kinds.get("province", NONE), "house": kinds.get("house", ""), **(typed or {})}
    unknown = [name for name in stored if name not in known]
    return PackForm(
        chosen=tuple(known[name] for name in stored if name in known)
        + tuple(PackChoice(name, name, "", "", "", False, words("找不到这个规则包")) for name in unknown),
        province=Field(
            name="province",
            label=words("所在省市规则"),
            widget="select",
            help=words("本省市对奖励、净收入和公示有专门规定的，选用后优先适用"),
            options=((NONE, words("不选用")), *_options(every, "province", words)),
            value=values["province"],
        ),
        house=Field(
            name="house",
            label=words("单位规则"),
            widget="select",
            required=True,
            help=words("审批权限、公示天数、分配比例等由单位规则确定"),
            options=_options(every, "house", words),
            value=values["house"],
        ),
        broken=tuple(choice for choice in every if choice.fault),
        failed=failed,
    )


def layers_of(typed: Mapping[str, str]) -> list[str]:
    """Return the names of the packs that a form asks for, the general ones first."""
    named = (typed.get("province", "").strip(), typed.get("house", "").strip())
    return [NATION, *(name for name in named if name not in ("", NONE))]


def _options(every: Sequence[PackChoice], kind: str, words: Words) -> tuple[tuple[str, str], ...]:
    own = words.pick("（本单位文件）", " (own file)")
    return tuple((c.name, c.title + ("" if c.is_shipped else own)) for c in every if c.kind == kind)
