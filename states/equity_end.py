"""How a contribution ends: done, given up before or after the company is registered, or without its patents.

Source: 公司法 arts 49-52; 专利法 art 10; 市场主体登记管理条例 art 24
"""

from dataclasses import replace

from states import closing, ends, performance
from states import equity_payloads as p
from states import guards as g
from states.context import Context
from states.equity_company import is_company_registered, is_registered
from states.plan import Unmet
from states.steps import Step


def is_patent_still_ours(ctx: Context) -> tuple[Unmet, ...]:
    """A patent that ends after the change of owner is the company's."""
    if not ends.has_filing(ctx):
        return ()
    return (
        ctx.unmet(
            "patent_of_the_company", "EQ-07",
            ("专利权已归公司所有，其后的终止或无效不改变已完成的出资", "the company owns the patents: they are its own now"),
            ("本案无须登记；出资不足的责任按投资合同处理", "nothing to record here"), "officer",
        ),
    )  # fmt: skip


def is_unwinding_agreed(ctx: Context) -> tuple[Unmet, ...]:
    """Once the shares exist, the end of the agreement says what becomes of them and of the patents."""
    if not is_registered(ctx) or ctx.payload is None or ctx.payload.unwinding:
        return ()
    return (
        ctx.unmet(
            "unwinding_missing", "EQ-04",
            (
                "公司已经登记：解除协议不当然使股权消灭，也不使专利权返还，解除协议须写明如何处理",
                "the company is registered: the end of the agreement takes neither shares nor patents back by itself",
            ),
            (
                "写明减资或转让股权的安排、专利权是否返还和作价、已奖励股权的处理",
                "say how shares and patents go back, and what becomes of the shares awarded",
            ),
            "officer",
        ),
    )  # fmt: skip


# Region → where it has to stand for the case to be complete, and the words of what is missing.
DONE = {
    "capital_paid": (
        "T-30", "认缴出资尚未缴足", "the subscribed capital is not paid in", "登记实缴出资", "officer",
    ),
    "award_settled": ("RW-04", "股权奖励尚未办结", "the award is not settled", "公示并登记奖励股权", "officer"),
    "holding_registered": ("EQ-09", "国有股权尚未登记", "the shares are not in the books", "办理“登记国有股权”", "officer"),
}  # fmt: skip


def is_contribution_done(ctx: Context) -> tuple[Unmet, ...]:
    """Capital, award, books of shares and tax are all settled."""
    missing = [(leaf, words) for leaf, words in DONE.items() if not ctx.at(leaf)]
    if ctx.at("deferral_open"):
        words = (
            "EQ-13",
            "递延纳税尚未备案，也未登记不递延",
            "the deferral is undecided",
            "登记递延备案或不递延",
            "officer",
        )
        missing.append(("deferral_settled", words))
    return tuple(
        ctx.unmet(f"not_{leaf}", rule_id, (zh, en), (remedy, "do it and record it"), who)
        for leaf, (rule_id, zh, en, remedy, who) in missing
    )


def is_report_handed_on(ctx: Context) -> tuple[Unmet, ...]:
    """The yearly report of the deferral outlives the case: somebody is named who follows it from now on.

    Source: 税务总局公告2016年第62号
    """
    if not ctx.at("deferral_filed") or ctx.payload is None or ctx.payload.report_to:
        return ()
    return (
        ctx.unmet(
            "report_not_handed_on", "T-DEFERYR",
            (
                "已备案递延纳税，递延期间公司每年仍须报送年度报告，办结后本案不再提醒，尚未写明接办人",
                "the tax is deferred: the yearly report goes on after the case, and nobody is named to follow it",
            ),
            ("填写“递延纳税年度报告的接办人”", "name who follows the yearly report"), "officer",
        ),
    )  # fmt: skip


def _own(step: Step) -> Step:
    """Return a shared step as a contribution has it."""
    if step.event == "terminate":
        return replace(
            step, zh="解除投资合同", en="Terminate the agreement", done_zh="解除投资合同", done_en="terminated the agreement",
            payload=p.EndContribution, guards=(*step.guards, is_unwinding_agreed),
        )  # fmt: skip
    if step.event == "record_patent_ended":
        return replace(step, payload=p.RecordPatentEnded, guards=(is_patent_still_ours, *step.guards))
    if step.event == "complete":
        return replace(
            step, zh="办结，移交递延年度报告", en="Complete, and hand the yearly report on",
            done_zh="案件办结，递延纳税年度报告移交接办人", done_en="completed the case and handed the yearly report on",
            payload=p.CompleteContribution, guards=(*step.guards, is_contribution_done, is_report_handed_on),
        )  # fmt: skip
    if step.event == "report_feedback":
        after = g.day_between("reported_on", "反馈日期", ("filing", "recorded_on", "手续合格通知书发文日"))
        return replace(step, guards=(closing.is_feedback_due, is_company_registered, after))
    return replace(step, payload=p.RecordDuty)


_SHARED = ("terminate", "record_patent_ended", "complete", "report_feedback", "record_duty")
END_STEPS: tuple[Step, ...] = tuple(_own(step) for step in performance.STEPS if step.event in _SHARED)
