"""The deferral of income tax on technology given for shares: filed by the company, reported every year.

Whether it is allowed, and by when, is what `rules.equity_deferral` says.
Source: 财税〔2016〕101号; 税务总局公告2016年第62号
"""

from datetime import date

from rules.equity_deferral import equity_deferral
from rules.income_taxes import NoRelief
from states import equity_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.equity_earned import made_on
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import FINANCE, OFFICER, Step, kept, required_day, section

REGION = Node(
    "deferral", "递延纳税", "Deferral of tax",
    children=(
        Node("deferral_open", "待备案", "to be filed", (
            Arc("file_deferral", "deferral_filed"), Arc("decline_deferral", "deferral_declined"),
        )),
        Node("deferral_filed", "已备案", "filed", (Arc("report_deferral"),)),
        Node("deferral_declined", "不递延", "not deferred"),
    ),
)  # fmt: skip


def is_contribution_made(ctx: Context) -> tuple[Unmet, ...]:
    """The company has the patents, and the shares are registered."""
    if made_on(ctx) is not None:
        return ()
    return (
        ctx.unmet(
            "contribution_not_made", "EQ-13",
            ("公司尚未取得专利权，或股权尚未登记，备案期限还没有起算", "patents or shares have not changed hands yet"),
            ("先完成工商登记和著录项目变更", "have the company registered and the patents changed first"), "officer",
            waits=True,
        ),
    )  # fmt: skip


def is_deferral_allowed(ctx: Context) -> tuple[Unmet, ...]:
    """The law allows the deferral, and the filing was in time."""
    made, filed = made_on(ctx), ctx.day("filed_on")
    if made is None or filed is None:
        return ()
    own = ctx.terms.own
    try:
        found = equity_deferral(
            made, made, book=ctx.book, all_shares=bool(own.get("all_shares")), resident=bool(own.get("resident")),
            filed_on=filed,
        )  # fmt: skip
    except NoRelief:
        return ()
    if found.is_allowed:
        return ()
    return (
        ctx.unmet(
            "deferral_not_allowed", "EQ-12", (found.derivation.zh, found.derivation.en),
            ("登记不递延，按规定申报缴纳当期所得税", "record that the tax is not deferred, and pay it"), "finance",
            because=lambda: found.derivation.parts,
        ),
    )  # fmt: skip


def _file(ctx: Context) -> Effects:
    return Effects(
        facts={"deferral": kept(ctx)},
        opens=(_report_of(required_day(ctx, "filed_on").year),),
        closes=(Closing("deferral"),),
    )


def _report_of(year: int) -> Opening:
    return Opening("deferral_report", "T-DEFERYR", "tax_year", date(year, 12, 31), f"{year}年度")


def _report(ctx: Context) -> Effects:
    """Keep the report; the next one is for the year after the one it was due for."""
    reports = [*ctx.data.items("deferral", "reports"), kept(ctx)]
    first = ctx.data.day("deferral", "filed_on") or ctx.today
    return Effects(
        facts=section(ctx, "deferral", reports=reports),
        opens=(_report_of(first.year + len(reports)),),
        closes=(Closing("deferral_report"),),
    )


def _decline(ctx: Context) -> Effects:
    return Effects(facts={"deferral_declined": kept(ctx)}, closes=(Closing("deferral", "dropped"),))


STEPS: tuple[Step, ...] = (
    Step(
        "file_deferral", "登记递延备案", "Record the filing for deferral", "公司完成递延纳税备案",
        "recorded the filing for deferral", OFFICER | FINANCE, p.FileDeferral,
        (is_contribution_made, is_deferral_allowed, g.day_between("filed_on", "备案日期")), _file, "success",
    ),
    Step(
        "decline_deferral", "登记不递延", "Record that the tax is not deferred", "决定不递延纳税", "decided against the deferral",
        OFFICER | FINANCE, p.DeclineDeferral, (g.day_between("decided_on", "决定日期"),), _decline, "secondary",
    ),
    Step(
        "report_deferral", "登记递延年度报告", "Record the yearly report", "报送了递延纳税年度报告", "recorded the yearly report",
        OFFICER | FINANCE, p.ReportDeferral,
        (g.day_between("reported_on", "报送日期", ("deferral", "filed_on", "备案日期")),), _report, "secondary",
    ),
)  # fmt: skip
