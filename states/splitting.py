"""Splitting a case in two, and joining two in one, before the signature: all or nothing, both trails tell of it.

What named the patents becomes void, as when a patent joins or leaves. A split keeps the title check of the patents
that stay; a join asks for it anew.
"""

import re
from dataclasses import replace

from rules.identifiers import display_number
from states import guards as g
from states.change_payloads import JoinCase, SplitOff
from states.changes import MOST_PATENTS
from states.consents import voided_with_the_deal
from states.context import Context
from states.facts import Joining
from states.payloads import plain_number
from states.plan import Effects, Unmet
from states.preparation import voided
from states.stepping_back import standing
from states.steps import OFFICER, Step, kept

BEFORE_SIGNATURE = frozenset({"preparation", "contract"})


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the application numbers that people wrote, separated by blanks, commas or lines, each once."""
    found = (plain_number(word) for word in re.split(r"[\s,，、;；]+", text))
    return tuple(dict.fromkeys(number for number in found if number))


def are_split_patents_held(ctx: Context) -> tuple[Unmet, ...]:
    """The patents to split off are of the case, and some of its patents stay."""
    if len(ctx.facts.patents) < 2:
        return _too_few(ctx)
    if ctx.payload is None:
        return ()
    held = {patent.application_no.upper(): patent for patent in ctx.facts.patents}
    asked = numbers_in(ctx.payload.patents)
    strange = [number for number in asked if number not in held]
    found = tuple(
        ctx.unmet(
            "patent_not_held", "", (f"本案没有专利“{number}”", f"the case has no patent '{number}'"),
            ("填写本案专利的申请号", "enter numbers of patents of this case"), "officer",
        )
        for number in strange
    )  # fmt: skip
    if not set(asked) - set(strange) or len(held) > len(set(asked) & set(held)):
        return found if asked else (*found, *_none_named(ctx))
    return (*found, *_too_few(ctx))


def _too_few(ctx: Context) -> tuple[Unmet, ...]:
    what = ("分案后本案至少要保留一件专利", "at least one patent stays in the case")
    remedy = (
        "减少分出的专利；只有一件专利的案件不能分案",
        "split off fewer; a case of one patent is not split",
    )
    return (ctx.unmet("nothing_would_stay", "", what, remedy, "officer"),)


def _none_named(ctx: Context) -> tuple[Unmet, ...]:
    what = ("没有填写要分出的专利", "no patent is named")
    return (ctx.unmet("none_named", "", what, ("填写申请号", "enter application numbers"), "officer"),)


def _split_off(ctx: Context) -> Effects:
    asked = frozenset(numbers_in(ctx.payload.patents))
    gone = tuple(patent.id for patent in ctx.facts.patents if patent.application_no.upper() in asked)
    stay = [patent.id for patent in ctx.facts.patents if patent.id not in gone]
    void = voided([name for name in standing(ctx) if name != "title"])
    facts = {**void.facts, "patents": {"ids": stay, "last": kept(ctx)}}
    return replace(void, facts=facts, patents_out=gone, splits_off=True)


def is_other_joinable(ctx: Context) -> tuple[Unmet, ...]:
    """The other case is there, of the same mode and company, not signed, and both fit in one."""
    if ctx.payload is None:
        return ()
    other = ctx.facts.joining
    typed = ctx.payload.case
    if other is None:
        what = (f"没有编号为“{typed}”的案件", f"no case '{typed}'")
        return (ctx.unmet("no_such_case", "", what, ("核对案件编号", "check the number"), "officer"),)
    return tuple(_against(ctx, other))


def _against(ctx: Context, other: Joining) -> list[Unmet]:
    total = {patent.id for patent in (*ctx.facts.patents, *other.patents)}
    faults = (
        (other.number == ctx.facts.case_no, "same_case", ("案件不能并入自身", "a case cannot be joined to itself"),
         ("填写另一个案件的编号", "enter another case's number")),
        (other.mode != ctx.facts.mode, "other_mode", ("两案的转化方式不同", "the cases are of two modes"),
         ("先变更其中一案的转化方式", "switch the mode of one first")),
        (not other.same_company, "other_company", ("两案的相对方不同", "the cases are with two companies"),
         ("只能合并与同一企业的案件", "join cases with the same company")),
        (other.stage not in BEFORE_SIGNATURE or other.is_signed, "other_signed",
         ("另案的合同已签订，或者该案已结束", "the other case is signed, or has ended"),
         ("只能合并尚未签订合同的案件", "join cases that are not signed")),
        (len(total) > MOST_PATENTS, "too_many", (f"合并后超过{MOST_PATENTS}件专利", f"more than {MOST_PATENTS} patents"),
         ("分别办理", "keep them apart")),
    )  # fmt: skip
    return [ctx.unmet(code, "", what, remedy, "officer") for holds, code, what, remedy in faults if holds]


def _join(ctx: Context) -> Effects:
    other = ctx.facts.joining
    if other is None:
        raise ValueError("a join with no case")
    held = {patent.id for patent in ctx.facts.patents}
    new = tuple(patent.id for patent in other.patents if patent.id not in held)
    void = voided_with_the_deal(ctx, voided(list(standing(ctx))))
    told = {
        **kept(ctx), "number": other.number,
        "patents": [display_number(patent.application_no) for patent in other.patents], "by_name": ctx.actor.name,
    }  # fmt: skip
    facts = {
        **void.facts,
        "patents": {"ids": sorted({*held, *new}), "last": kept(ctx)},
        "joined": {"list": [*ctx.data.items("joined", "list"), told]},
    }
    return replace(void, facts=facts, patents_in=new, takes_in=other.id)


STEPS: tuple[Step, ...] = (
    Step(
        "split_off", "分案", "Split the case", "分出了一个新案件", "split a new case off",
        OFFICER, SplitOff, (g.is_unsigned, are_split_patents_held), _split_off, "secondary",
    ),
    Step(
        "join_case", "并案", "Join another case", "并入了另一案件", "joined another case",
        OFFICER, JoinCase, (g.is_unsigned, is_other_joinable), _join, "secondary",
    ),
)  # fmt: skip
