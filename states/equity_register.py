"""The change of owner of a contribution: the patents go to the company, and that makes the contribution.

The filing is that of every mode that moves the right; here it names the company instead of the other side, and stands
under the date of the contract.
Source: 专利法 art 10; 专利审查指南 part 1 ch 1 §6.7; 公司法 art 49
"""

from dataclasses import replace
from datetime import date

from states import ends, export_control, patent_change
from states import equity_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.equity_company import is_owner_there
from states.equity_earned import earning
from states.filings import Act, Filing, steps_of
from states.patent_change import CHANGE, new_owners
from states.plan import Closing, Effects, Opening, RegisterChange, Unmet
from states.steps import OFFICER, EffectOf, Step, kept, section


def company_of(ctx: Context) -> str:
    """Return the company that the patents go to: as registered, or else as the contract names it."""
    return ctx.data.text("company", "company") or str(ctx.terms.own.get("company", ""))


def is_company_among_owners(ctx: Context) -> tuple[Unmet, ...]:
    """The notice names the company of this case as an owner."""
    company = company_of(ctx)
    if ctx.payload is None or company in new_owners(ctx, company):
        return ()
    return (
        ctx.unmet(
            "company_not_owner", "EQ-07",
            (
                f"变更后的专利权人“{ctx.payload.owners}”中没有目标公司“{company}”",
                "the owners after the change do not include the company",
            ),
            ("核对手续合格通知书；通知书有误的，向专利局提出更正", "check the notice, or have it corrected"), "officer",
        ),
    )  # fmt: skip


def _owners(ctx: Context) -> tuple[RegisterChange, ...]:
    owners = new_owners(ctx, company_of(ctx))
    return tuple(RegisterChange(patent.id, owners=owners) for patent in g.living(ctx))


def rights_transfer(ctx: Context, effective: date) -> tuple[Opening, ...]:
    """Return the day that the contract sets for asking for the change.

    Source: 公司法 art 49: the right is transferred when the articles, here the contract, say
    """
    by = ctx.terms.own.get("transfer_by")
    if by is None:
        return ()
    return (
        Opening(
            "rights_transfer", "EQ-04", "contract_effective", effective, due=date.fromisoformat(by),
            because_zh=(f"投资合同约定至迟于{by}提交专利权人变更。",),
            because_en=(f"The contract asks for the change of owner by {by}.",),
        ),
    )  # fmt: skip


def _acts() -> dict[str, Act]:
    acts = dict(CHANGE.acts)
    acts["record_filing"] = replace(
        acts["record_filing"],
        done_zh="收到手续合格通知书，专利权归公司",
        done_en="recorded the notice: the patents are the company's",
    )
    return acts


FILING: Filing = replace(
    CHANGE,
    leaves={
        **CHANGE.leaves,
        "filing_recorded": ("手续合格，已归公司", "recorded, the company owns the patents"),
    },
    acts=_acts(),
    due=None,
    promise="",
    counted=lambda ctx, effective: (
        *rights_transfer(ctx, effective),
        *export_control.openings(ctx, effective),
    ),
    submit_guards=(is_owner_there, g.are_patents_clear("file"), export_control.is_certified),
    record_guards=(is_company_among_owners,),
    owners=_owners,
)
# After an end the patents go back, unless the parties leave them with the company.
RETURN: tuple[Node, ...] = tuple(
    replace(node, arcs=(*node.arcs, Arc("leave_patents", "duties_due"))) if node.id == "return_due" else node
    for node in ends.RETURN
)


def _submitting(effect: EffectOf) -> EffectOf:
    def submitted(ctx: Context) -> Effects:
        found = effect(ctx)
        return replace(found, closes=(*found.closes, Closing("rights_transfer")))

    return submitted


def _refusing(effect: EffectOf) -> EffectOf:
    """Return the effect that also opens the day of the contract again: the request counts as not made."""

    def refused(ctx: Context) -> Effects:
        found = effect(ctx)
        effective = ctx.data.day("contract", "effective_on")
        if effective is None or ends.is_closing(ctx):
            return found
        return replace(found, opens=(*found.opens, *rights_transfer(ctx, effective)))

    return refused


_WRAPPED = {"submit_filing": _submitting, "refuse_filing": _refusing, "record_filing": earning}


def _leave(ctx: Context) -> Effects:
    return Effects(
        facts=section(ctx, "filing", left_with_company=kept(ctx)), closes=(Closing("filing_cancellation"),)
    )


CHANGE_STEPS: tuple[Step, ...] = (
    *(
        replace(step, effect=_WRAPPED[step.event](step.effect)) if step.event in _WRAPPED else step
        for step in steps_of(FILING)
    ),
    *patent_change.STEPS,
    Step(
        "leave_patents", "登记专利权不返还", "Leave the patents", "约定专利权不返还", "left the patents with the company",
        OFFICER, p.LeavePatents, (g.day_between("agreed_on", "约定日期", ("end", "on", "合同终止日期")),),
        ends.settling(_leave), "secondary",
    ),
)  # fmt: skip
