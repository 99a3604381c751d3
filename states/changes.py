"""What changes about a case beside its terms: who has it, and which patents it is about.

The officer and the patent that a step names are looked up by the record and come with the facts; here it is only
decided whether they will do, and what the change voids.
"""

from dataclasses import replace

from rules.identifiers import display_number
from states import guards as g
from states import payloads as p
from states.consents import voided_with_the_deal
from states.context import Context
from states.plan import Effects, Unmet
from states.preparation import SEEN, voided
from states.steps import OFFICER, Step, kept

HOLDERS = frozenset({"officer", "administrator"})
MOST_PATENTS = 500


def is_successor_known(ctx: Context) -> tuple[Unmet, ...]:
    """The person named exists, may hold a case, and does not hold this one already."""
    if ctx.payload is None:
        return ()
    handover = ctx.facts.handover
    to = handover.to if handover else None
    if to is None or to.role not in HOLDERS:
        what = (
            f"本单位没有名为“{ctx.payload.officer}”的在用转化专员",
            f"no active officer '{ctx.payload.officer}'",
        )
    elif to.id == ctx.facts.officer_id:
        what = (f"本案现在就由{to.name}承办", f"{to.name} holds the case already")
    else:
        return ()
    remedy = (
        "填写另一位转化专员的登录名或姓名；重名的，填写登录名",
        "enter another officer's login, or name",
    )
    return (ctx.unmet("no_successor", "", what, remedy, "officer"),)


def _reassign(ctx: Context) -> Effects:
    handover = ctx.facts.handover
    if handover is None or handover.to is None:
        raise ValueError("a handover to nobody")
    told = {
        **kept(ctx), "from_id": ctx.facts.officer_id, "from_name": handover.from_name,
        "to_id": handover.to.id, "to_name": handover.to.name,
    }  # fmt: skip
    made = [*ctx.data.items("officers", "list"), told]
    return Effects(facts={"officers": {"list": made}}, officer_id=handover.to.id)


def is_patent_addable(ctx: Context) -> tuple[Unmet, ...]:
    """The patent stands in the library, is not in the case yet, and the case is not full."""
    if ctx.payload is None:
        return ()
    found, held = ctx.facts.asked, {patent.id for patent in ctx.facts.patents}
    typed = display_number(ctx.payload.patent)
    if found is None:
        what = (f"专利库中没有“{typed}”", f"no patent '{typed}' in the library")
        remedy = ("核对申请号，或先导入该专利", "check the number, or import the patent")
    elif found.id in held:
        what = (f"本案已包含“{typed}”", f"the case holds '{typed}' already")
        remedy = ("无须重复加入", "nothing to do")
    elif len(held) >= MOST_PATENTS:
        what = (f"一个案件最多包含{MOST_PATENTS}件专利", f"a case holds {MOST_PATENTS} patents at most")
        remedy = ("请分案办理", "open another case")
    else:
        return ()
    return (ctx.unmet("patent_not_addable", "", what, remedy, "officer"),)


def does_a_patent_stay(ctx: Context) -> tuple[Unmet, ...]:
    """A case is about one patent at least."""
    if len(ctx.facts.patents) > 1:
        return ()
    what = ("本案只有一件专利，不能移出", "this is the only patent of the case")
    remedy = ("先加入另一件专利；不再办理的，撤回案件", "add another patent first, or withdraw the case")
    return (ctx.unmet("last_patent", "", what, remedy, "officer"),)


def is_patent_held(ctx: Context) -> tuple[Unmet, ...]:
    """The patent to take out is one of the case."""
    if ctx.payload is None or g.patent_named(ctx.facts.patents, ctx.payload.patent):
        return ()
    what = (f"本案没有专利“{ctx.payload.patent}”", f"the case has no patent '{ctx.payload.patent}'")
    numbers = "、".join(display_number(patent.application_no) for patent in ctx.facts.patents[:8])
    remedy = (f"填写本案专利的申请号：{numbers}", "enter the number of a patent of this case")
    return (ctx.unmet("patent_not_held", "", what, remedy, "officer"),)


def _changed(ctx: Context, ids: list[int]) -> Effects:
    """Void the title check and all that names the patents: publicity, price, approval, draft."""
    seen = [name for name, leaves, _ in SEEN if any(ctx.at(leaf) for leaf in leaves)]
    void = voided([*(["title"] if ctx.at("title_cleared") else []), *seen])
    return replace(void, facts={**void.facts, "patents": {"ids": ids, "last": kept(ctx)}})


def _add_patent(ctx: Context) -> Effects:
    if ctx.facts.asked is None:
        raise ValueError("a patent that is not in the library")
    added = ctx.facts.asked.id
    ids = sorted([*(patent.id for patent in ctx.facts.patents), added])
    return replace(voided_with_the_deal(ctx, _changed(ctx, ids)), patents_in=(added,))


def _remove_patent(ctx: Context) -> Effects:
    gone = g.patent_named(ctx.facts.patents, ctx.payload.patent)
    if gone is None:
        raise ValueError("a patent that is not of this case")
    ids = [patent.id for patent in ctx.facts.patents if patent.id != gone.id]
    return replace(_changed(ctx, ids), patents_out=(gone.id,))


STEPS: tuple[Step, ...] = (
    Step(
        "reassign", "移交承办人", "Reassign", "移交了案件", "handed the case over",
        OFFICER, p.Reassign, (is_successor_known,), _reassign, "secondary",
    ),
    Step(
        "add_patent", "加入专利", "Add a patent", "向本案加入专利", "added a patent",
        OFFICER, p.AddPatent, (g.is_unsigned, is_patent_addable), _add_patent, "secondary",
    ),
    Step(
        "remove_patent", "移出专利", "Take a patent out", "从本案移出专利", "took a patent out",
        OFFICER, p.RemovePatent, (g.is_unsigned, does_a_patent_stay, is_patent_held), _remove_patent, "secondary",
    ),
)  # fmt: skip
