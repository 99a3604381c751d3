"""Contribution of patents to a company (作价入股): valued, agreed, registered, transferred, and the shares awarded.

The chart has, beside what every mode has, a valuation and an agreement on the award before the signature, and after
it the company, the change of owner, the award, the books of shares and the deferral of tax, each at its own pace.
A foreign company is under export control like a foreign assignee; cash beside the shares is shared out as it comes in.
Source: 促进科技成果转化法 arts 16, 18, 45; 公司法 arts 47-52; 专利法 art 10; 技术进出口管理条例 arts 29-38
"""

from dataclasses import replace

from states import (
    changes,
    corrections,
    distribution,
    ends,
    entries,
    equity_award,
    equity_clearances,
    equity_company,
    equity_dates,
    equity_tax,
    export_control,
    patent_change,
    performance,
    preparation,
)
from states import equity_payloads as p
from states import guards as g
from states.chart import Arc, Chart
from states.clearances import order_of
from states.context import Context
from states.equity_end import END_STEPS
from states.equity_register import CHANGE_STEPS, FILING, RETURN
from states.filings import region_of
from states.modes import mode_of_steps
from states.plan import Effects
from states.price_routes import is_route
from states.steps import Step

ENDS = (
    Arc("complete", "completed"),
    Arc("terminate", "return_due", choice="has_filing"),
    *(
        arc
        for event in ("terminate", "end_with_patent")
        for arc in (Arc(event, "withdrawal_due", choice="is_filing_examined"), Arc(event, "duties_due"))
    ),
)
# Nothing of this mode is industrialized by a licensee.
AFTER_THE_END = tuple(
    replace(node, arcs=tuple(arc for arc in node.arcs if arc.event != "report_industrialization"))
    for node in (*RETURN, *ends.REMAINING)
)
CHART = Chart(
    mode="equity",
    version=1,
    roots=(
        preparation.deal(
            preparation.TITLE,
            equity_clearances.VALUATION,
            preparation.PRICE,
            preparation.PUBLICITY,
            equity_clearances.AWARD_AGREEMENT,
            preparation.APPROVAL,
            export_control.EXPORT,
            preparation.contract(*export_control.INTO_FORCE),
        ),
        performance.performance(
            equity_company.REGION,
            region_of(FILING),
            export_control.REGISTRATION,
            equity_award.REGION,
            equity_company.HOLDING,
            equity_tax.REGION,
            performance.FEEDBACK,
            performance.PAYMENTS,
            distribution.REGION,
            ways_to_end=ENDS,
            amending=performance.AMENDING_ONLY,
        ),
        *AFTER_THE_END,
        *ends.FINAL,
    ),
    stages=performance.STAGES,
    choices={
        **preparation.CHOICES,
        **export_control.CHOICES,
        **performance.CHOICES,
        **equity_company.CHOICES,
    },
)


def _take_effect(ctx: Context) -> Effects:
    """Keep the day and what is counted from it; a contribution is not registered as a technology contract.

    The papers of the change name the company: they wait for one that is still to be founded.
    """
    found = _EFFECT.effect(ctx)
    return replace(
        found,
        opens=tuple(o for o in found.opens if o.key != "technology_contract"),
        outbox=() if ctx.terms.own.get("founding") else found.outbox,
    )


_EFFECT = performance.take_effect("file_contract")
_PREPARED = {step.event: step for step in preparation.STEPS}
_AGREE = _PREPARED["agree_price"]
_SUBMIT = _PREPARED["submit_approval"]
_SIGN = _PREPARED["sign"]
_FINALIZE = _PREPARED["finalize_contract"]
_CONSENT = _PREPARED["record_consent"]
(_CORRECT,) = corrections.STEPS

OWN: tuple[Step, ...] = (
    *equity_clearances.STEPS,
    replace(
        _AGREE, zh="确认作价", en="Agree the value", done_zh="确认了作价", done_en="agreed the value", payload=p.AgreeValue,
        guards=(
            order_of("price"), equity_clearances.is_valuation_settled, g.are_terms_complete, is_route("agreement"),
            equity_clearances.is_valuation_valid, equity_clearances.is_difference_explained,
            g.day_between("agreed_on", "作价日期", ("valuation", "reported_on", "评估报告日")),
        ),
    ),
    replace(_SUBMIT, guards=(*_SUBMIT.guards, equity_clearances.is_award_lawful)),
    replace(_FINALIZE, guards=(*_FINALIZE.guards, equity_clearances.is_valuation_valid)),
    replace(
        _SIGN, payload=p.SignInvestment,
        guards=(*_SIGN.guards, equity_clearances.is_valuation_valid, equity_clearances.is_award_lawful),
    ),
    replace(_CONSENT, payload=p.RecordConsent),
    *export_control.STEPS,
    replace(_EFFECT, guards=(export_control.is_license_held, *_EFFECT.guards), effect=_take_effect),
    replace(_CORRECT, payload=p.CorrectDate),
    *equity_company.STEPS,
    *CHANGE_STEPS,
    *equity_award.STEPS,
    *equity_tax.STEPS,
    *END_STEPS,
)  # fmt: skip

MODE = mode_of_steps(
    "equity", "作价入股", "Equity contribution", "已作价入股", CHART,
    *preparation.STEPS, *performance.STEPS, *corrections.STEPS, *entries.STEPS, *changes.STEPS, *OWN,
    filing=FILING, cautions=(patent_change.mind_the_reduction,), dates=equity_dates.DATES,
)  # fmt: skip
