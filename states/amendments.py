"""Changing a contract in force: what is proposed, what it needs before it may be signed, and the conditions of that.

What is proposed stands in the case's data under `amendment` until it is signed or given up, what has been signed under
`amendments.list`. A change is judged as the contract was: `as_proposed` is the case as it would stand with the new terms,
and on it the mode's own conditions of the signature and of the approval are asked again.

Source: 民法典 arts 543, 544, 865; 促进科技成果转化法 art 18; 专利实施许可合同备案办法 art 16
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from states import approvals, ends
from states import guards as g
from states.clearances import PUBLIC_ROUTES
from states.context import Context
from states.facts import CaseData, Payment, TermsFacts
from states.guards import Guard
from states.plan import Unmet
from states.recorded import publicity_in

PROPOSED = "amendment"
# The groups of a mode's form in which prices stand.
PRICE_GROUPS = frozenset({"price", "royalty"})
# What the matrix and other cases are asked about: until when, where, and what co-owners have consented to.
_SIGN_AGAIN = ("start", "end", "territory")
APPROVING = {step.event: step for step in approvals.STEPS}


def proposed(ctx: Context) -> Mapping[str, Any]:
    """Return the change that is open, or nothing."""
    return ctx.data.sections.get(PROPOSED) or {}


def is_proposed(ctx: Context) -> bool:
    """Say whether a change is open: the steps that lead it on concern the case."""
    return bool(proposed(ctx))


def is_publicity_asked(ctx: Context) -> bool:
    """Say whether a change is open that has to be made public."""
    return is_proposed(ctx) and needs_publicity(ctx)


def is_deciding(ctx: Context) -> bool:
    """Say whether an open change waits for its approval."""
    return is_submitted(ctx.data)


def terms_proposed(found: Mapping[str, Any]) -> TermsFacts:
    """Return what the charts may know of the terms that a change proposes."""
    return TermsFacts.from_json(found["new_facts"])


def new_terms(ctx: Context) -> TermsFacts:
    """Return the terms as the open change would have them; those in force if none is open."""
    found = proposed(ctx)
    return terms_proposed(found) if found else ctx.terms


def is_submitted(data: CaseData) -> bool:
    """Say whether an open change waits for its approval."""
    given = (data.sections.get(PROPOSED) or {}).get("approval") or {}
    return bool(given) and not given.get("decided_on")


def approval_data(data: CaseData) -> CaseData:
    """Return a case's data with the approval of the open change in the place of that of the case."""
    found = data.sections.get(PROPOSED) or {}
    return CaseData({**data.sections, "approval": found.get("approval") or {}})


def as_proposed(ctx: Context) -> Context:
    """Return the case as the conditions of a signature see it with the new terms.

    Approval and publicity are those of the change; consents stand if they saw the new terms, or none. That the patents
    are licensed by this very contract is not in its way.
    """
    found, new = proposed(ctx), new_terms(ctx)
    seen = new.hashes.get("consent")
    stand = [one for one in ctx.data.items("consents", "given") if one.get("hash") in (None, seen)]
    given = [*stand, *found.get("consents", ())]
    sections = {
        **ctx.data.sections,
        "approval": found.get("approval") or {},
        "publicity": found.get("publicity") or {},
        "consents": {"given": given},
    }
    kinds = frozenset(one["consent"] for one in given)
    own = frozenset({ctx.facts.mode})
    patents = tuple(replace(one, consents=kinds, flags=one.flags - own) for one in ctx.facts.patents)
    data = CaseData(sections)
    position = (*ctx.position, "approval_submitted") if is_submitted(ctx.data) else ctx.position
    facts = replace(ctx.facts, terms=new, data=data, patents=patents)
    return replace(ctx, facts=facts, position=position)


def differs(ctx: Context, group: str) -> bool:
    """Say whether the new terms differ in what was once seen by somebody: `publicity`, `approval`, `consent`."""
    return ctx.terms.hashes.get(group) != new_terms(ctx).hashes.get(group)


def needs_publicity(ctx: Context) -> bool:
    """Say whether the change is made public: an agreed price, and what the publicity showed of it, is another one.

    Source: 促进科技成果转化法 art 18
    """
    has_region = "publicity" in ctx.mode.chart.nodes
    return has_region and new_terms(ctx).price_method not in PUBLIC_ROUTES and differs(ctx, "publicity")


# Guards


def is_none_open(ctx: Context) -> tuple[Unmet, ...]:
    """One change at a time."""
    if not proposed(ctx):
        return ()
    what = ("已提出的变更尚未签订或放弃", "a change is proposed already")
    remedy = ("先签订变更协议，或放弃变更", "sign it, or give it up")
    return (ctx.unmet("amendment_open", "", what, remedy, "officer"),)


def is_one_open(ctx: Context) -> tuple[Unmet, ...]:
    """A change has been proposed."""
    if proposed(ctx):
        return ()
    what = ("没有已提出的合同变更", "no change of the contract is proposed")
    remedy = ("先提出变更或者续展", "propose a change or an extension first")
    return (ctx.unmet("no_amendment", "", what, remedy, "officer"),)


def is_anything_changed(ctx: Context) -> tuple[Unmet, ...]:
    """The new terms differ from those in force."""
    found = ctx.facts.proposal
    if ctx.payload is None or found is None or found.changes:
        return ()
    what = ("变更后的条款与现行条款完全相同", "the new terms are those in force")
    remedy = (
        "填写需要变更的项目及其新内容；签订日期、签订地点和合同份数属于原合同的签署事项，不作变更",
        "enter what shall change; day, place and copies of the signature are those of the contract itself",
    )
    return (ctx.unmet("nothing_changed", "", what, remedy, "officer"),)


def is_price_not_of_the_market(ctx: Context) -> tuple[Unmet, ...]:
    """A price that a listing or an auction has found is not changed by agreement alone.

    Source: 促进科技成果转化法 art 18
    """
    found = ctx.facts.proposal
    if found is None or found.terms.price_method not in PUBLIC_ROUTES:
        return ()
    named = "、".join(one["label_zh"] for one in found.changes if one["group"] in PRICE_GROUPS)
    if not named:
        return ()
    return (
        ctx.unmet(
            "market_price", "PR-02",
            (f"价款由挂牌交易或者拍卖形成，不能仅以协议变更：{named}", "the price was found by a listing or an auction"),
            (
                "不变更价款；确须变更的，将定价方式改为协议定价，一并公示和报批",
                "leave the price, or make it an agreed one, with publicity and approval",
            ),
            "officer",
        ),
    )  # fmt: skip


def is_extension_later(ctx: Context) -> tuple[Unmet, ...]:
    """An extension ends later than the contract does, which has a last day at all."""
    if ctx.terms.end is None:
        what = ("本合同没有约定终止日，无须续展", "the contract names no last day")
        return (
            ctx.unmet(
                "no_last_day", "", what, ("需要变更的，提出变更", "propose a change instead"), "officer"
            ),
        )
    new = ctx.day("new_end")
    if new is None or new > ctx.terms.end:
        return ()
    day = ctx.terms.end.isoformat()
    what = (f"续展后的终止日{new.isoformat()}不晚于原终止日{day}", f"the contract runs until {day} already")
    remedy = (
        "填写晚于原终止日的日期；缩短期限的，提出变更",
        "enter a later day; to shorten it, propose a change",
    )
    return (ctx.unmet("not_longer", "", what, remedy, "officer"),)


def is_term_running(ctx: Context) -> tuple[Unmet, ...]:
    """What is extended has not run out: a license that has ended is granted anew."""
    if ctx.terms.end is None or ctx.today <= ctx.terms.end:
        return ()
    day = ctx.terms.end.isoformat()
    what = (f"合同期限已于{day}届满，不能续展", f"the term ran out on {day}")
    remedy = ("另立新案订立新的合同", "open a new case for a new contract")
    return (ctx.unmet("term_over", "T-03", what, remedy, "officer"),)


def is_new_term_lawful(ctx: Context) -> tuple[Unmet, ...]:
    """What is proposed is lawful, within the life of the patents, and excluded by no other case."""
    found = ctx.facts.proposal
    if found is None:
        return ()
    supposed = replace(ctx, facts=replace(ctx.facts, terms=found.terms))
    return (*_terms_unmet(supposed), *(_grant_unmet(supposed) if _is_scope_new(ctx, found.terms) else ()))


def _terms_unmet(ctx: Context) -> tuple[Unmet, ...]:
    """Ask what the mode asks of the final text of its terms."""
    wanted = [
        guard
        for event in ("finalize_contract", "sign")
        for guard in (ctx.mode.steps[event].guards if event in ctx.mode.steps else ())
        if guard is g.are_terms_lawful or guard.__name__.startswith("is_within")
    ]
    return tuple(unmet for guard in dict.fromkeys(wanted) for unmet in guard(ctx))


def _grant_unmet(ctx: Context) -> tuple[Unmet, ...]:
    step = ctx.mode.steps.get("sign")
    return g.has_no_conflict(ctx) if step is not None and g.has_no_conflict in step.guards else ()


def _is_scope_new(ctx: Context, new: TermsFacts) -> bool:
    return any(getattr(ctx.terms, name) != getattr(new, name) for name in _SIGN_AGAIN)


def does_it_stand(ctx: Context) -> tuple[Unmet, ...]:
    """With the new terms the contract could be signed: the mode's own conditions of the signature, asked again.

    Once the right itself has moved, only the approval is asked for: the patents are no longer the house's.
    """
    if not proposed(ctx):
        return ()
    now, new = as_proposed(ctx), new_terms(ctx)
    is_moved = ctx.mode.filing is not None and bool(ctx.mode.filing.back) and ends.has_filing(ctx)
    asks_again = not is_moved and (_is_scope_new(ctx, new) or differs(ctx, "consent"))
    found = [*_terms_unmet(now)]
    if asks_again:
        wanted = (g.are_patents_clear("sign"), g.has_no_conflict)
        found += [unmet for guard in ctx.mode.steps["sign"].guards if guard in wanted for unmet in guard(now)]
    return tuple(found)


def is_publicity_over(ctx: Context) -> tuple[Unmet, ...]:
    """A change of an agreed price has been made public for its full length.

    Source: 促进科技成果转化法 art 18; 国发〔2016〕16号
    """
    if not proposed(ctx) or not needs_publicity(ctx) or proposed(ctx).get("publicity", {}).get("closed_on"):
        return ()
    what = (
        "变更涉及已公示的价款或者许可范围，尚未就变更后的内容完成公示",
        "the change touches what was made public, and has not been made public for its time",
    )
    remedy = (
        "办理“公示变更内容”，期满后“确认变更公示期满”",
        "post it, and close the publicity when its time is over",
    )
    return (ctx.unmet("amendment_not_public", "PR-03", what, remedy, "officer"),)


def is_change_approved(ctx: Context) -> tuple[Unmet, ...]:
    """What had been approved and is changed now has been approved again, in this very form."""
    if not proposed(ctx) or not differs(ctx, "approval"):
        return ()
    given = proposed(ctx).get("approval") or {}
    if given.get("decided_on") and given.get("hash") == new_terms(ctx).hashes.get("approval"):
        return ()
    what = (
        "变更了经批准的条款，原批准不及于变更后的内容",
        "approved terms change: the approval does not cover them",
    )
    remedy = ("就变更重新报批，由审批人批准", "submit the change, and have it approved")
    return (ctx.unmet("amendment_not_approved", "PR-01", what, remedy, "approver"),)


def is_publicity_needed(ctx: Context) -> tuple[Unmet, ...]:
    """The open change is one that is made public."""
    if not proposed(ctx) or needs_publicity(ctx):
        return ()
    what = ("本次变更不涉及须公示的价款和范围", "nothing of this change needs publicity")
    return (
        ctx.unmet("no_publicity_needed", "PR-03", what, ("无须公示，继续办理", "go on without"), "officer"),
    )


def is_posted(ctx: Context) -> tuple[Unmet, ...]:
    """The change has been posted."""
    if not proposed(ctx) or proposed(ctx).get("publicity"):
        return ()
    what = ("变更内容尚未公示", "the change is not posted")
    return (ctx.unmet("not_posted", "PR-03", what, ("先公示变更内容", "post it first"), "officer"),)


def has_it_run(ctx: Context) -> tuple[Unmet, ...]:
    """The publicity of the change has run its full length."""
    now = as_proposed(ctx)
    return g.has_publicity_run(now) if publicity_in(ctx.book, now.data) else ()


def is_not_submitted(ctx: Context) -> tuple[Unmet, ...]:
    """The change has not been handed up yet."""
    given = proposed(ctx).get("approval")
    if not given:
        return ()
    what = (
        ("变更已获批准", "the change is approved")
        if given.get("decided_on")
        else ("变更正在审批", "the change is being decided on")
    )
    return (ctx.unmet("submitted_already", "", what, ("无须重复报批", "nothing to do"), "officer"),)


def may_be_submitted(ctx: Context) -> tuple[Unmet, ...]:
    """What the mode asks before a case is handed up, asked with the new terms."""
    return tuple(
        unmet for guard in ctx.mode.steps["submit_approval"].guards for unmet in on_the_change(guard)(ctx)
    )


def is_waiting(ctx: Context) -> tuple[Unmet, ...]:
    """A change waits for its approval."""
    if is_submitted(ctx.data):
        return ()
    what = ("没有待审批的合同变更", "no change waits for approval")
    return (
        ctx.unmet("no_amendment_submitted", "", what, ("先就变更报批", "submit the change first"), "officer"),
    )


@cache
def on_the_change(guard: Guard) -> Guard:
    """Return a condition of the approval of a case, asked of the approval of the change."""

    def asked(ctx: Context) -> tuple[Unmet, ...]:
        return guard(as_proposed(ctx)) if proposed(ctx) else ()

    return asked


def are_paid_payments_kept(ctx: Context) -> tuple[Unmet, ...]:
    """What has been paid, or needs not be, keeps its place among the payments; a paid amount is not undercut."""
    found = ctx.facts.proposal
    new = found.terms if found and not proposed(ctx) else new_terms(ctx)
    if new is ctx.terms:
        return ()
    receipts = ctx.data.items("receipts", "list")
    settled = {one["payment"] for one in (*receipts, *ctx.data.items("receipts", "released"))}
    wrong = [
        (key, payment, after)
        for key, payment in g.payments_by_key(ctx).items()
        if key in settled and not _is_kept(payment, after := _payment(new, key), _came_in(receipts, key))
    ]
    return tuple(
        ctx.unmet(
            "paid_payment_changed", "",
            (
                f"{key}（{payment.label}）已经到账或者免收，变更后的付款计划在该期次上为"
                f"“{after.label if after else '无'}”，名称、次序或者数额不一致",
                f"{key} is paid or released, and the new schedule has another payment in its place",
            ),
            (
                "已付各期保持原来的名称和次序，数额不得低于已到账金额；新增的付款约定在其后。退款另行约定，写入“已履行部分的处理”",
                "keep paid payments in their place; agree on refunds in words",
            ),
            "officer",
        )
        for key, payment, after in wrong
    )  # fmt: skip


def _payment(terms: TermsFacts, key: str) -> Payment | None:
    number = int(key.removeprefix("payment:").partition("@")[0])
    return terms.payments[number - 1] if number <= len(terms.payments) else None


def _is_kept(before: Payment, after: Payment | None, came_in: int) -> bool:
    if after is None or after.label != before.label:
        return False
    return after.amount_fen is None or after.amount_fen >= came_in


def _came_in(receipts: Any, key: str) -> int:
    return sum(one["amount_fen"] for one in receipts if one["payment"] == key)


def is_effect_in_term(ctx: Context) -> tuple[Unmet, ...]:
    """A change takes effect after the contract did."""
    day, effective = ctx.day("effective_on"), ctx.data.day("contract", "effective_on")
    if day is None or effective is None or day >= effective:
        return ()
    what = (
        f"变更生效日{day.isoformat()}早于合同生效日期{effective.isoformat()}",
        "the change would precede the contract",
    )
    return (
        ctx.unmet("effect_too_early", "", what, ("填写合同生效之后的日期", "enter a later day"), "officer"),
    )
