"""Industrialization (产业化) of a licensed patent: worked, on the market, filed as a patent product.

It is a fact beside the contract: it earns the platform's label of its own, and has to be fed back once more.
Source: 国知发运字 stock-taking papers (nine feedback values); 国知办函运字〔2022〕985号
"""

from rules.product_update import after_update
from states import ends
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.payload_fields import Day, Line, Note, OptionalNote, Payload, asked, optional
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, required_day, section

REGION = Node(
    "industrialization", "产业化", "Industrialization",
    children=(
        Node("not_worked", "未实施", "not worked yet", (Arc("record_working", "worked"),)),
        Node("worked", "已实施", "worked", (
            Arc("record_industrialization", "industrialized"), Arc("record_product_filing"),
        )),
        Node("industrialized", "已产业化", "industrialized", (
            Arc("record_product_filing"), Arc("report_industrialization", "industrialization_reported"),
        )),
        Node("industrialization_reported", "产业化已反馈", "industrialization reported", (
            Arc("record_product_filing"),
        )),
    ),
)  # fmt: skip
_EFFECTIVE = ("contract", "effective_on", "合同生效日期")


class RecordWorking(Payload):
    """The company has begun to work the patent."""

    worked_on: Day = asked("开始实施日期", "Worked since", "date")
    evidence: Line = asked(
        "实施证明",
        "Evidence",
        help_zh="投产记录、使用说明或照片的存放位置",
        help_en="Where the record of production or the photographs are kept",
    )
    note: OptionalNote = optional("实施情况", "Note", "textarea")


class RecordIndustrialization(Payload):
    """A product that uses the patent is on the market."""

    industrialized_on: Day = asked(
        "实现产业化日期",
        "Industrialized on",
        "date",
        "首次销售或批量生产的日期",
        "Day of the first sale or of serial production",
    )
    product: Line = asked("产品名称", "Product")
    evidence: Note = asked(
        "产业化证明",
        "Evidence",
        "textarea",
        "销售合同、发票、检验报告等，写明编号和存放位置",
        "Sales contract, invoice, test report: number, and where it is kept",
    )


class RecordProductFiling(Payload):
    """Owner or licensee has filed the product on the national platform for patent products, or updated it."""

    filed_on: Day = asked("备案或更新日期", "Filed or updated on", "date")
    product: Line = asked("产品名称", "Product")
    filed_by: Line = asked(
        "备案主体",
        "Filed by",
        help_zh="专利权人或生产、销售该产品的被许可人",
        help_en="The owner, or the licensee that makes or sells the product",
    )
    filing_no: Line = asked("备案编号", "Filing no.")


class ReportIndustrialization(Payload):
    """The industrialization has been fed back to the national platform."""

    reported_on: Day = asked("反馈日期", "Reported on", "date")
    reference: Line = asked("反馈凭证", "Reference", help_zh="盘活系统反馈记录编号或截图存放位置")


def is_feedback_due(ctx: Context) -> tuple[Unmet, ...]:
    """The industrialization is recorded and not fed back yet."""
    told = ctx.data.sections.get("industrialization", {})
    if told.get("industrialized_on") and not told.get("reported_on"):
        return ()
    return (
        ctx.unmet(
            "no_industrialization_to_report", "RP-04",
            ("尚未登记产业化，或产业化已反馈", "there is no industrialization to report"),
            ("先登记产业化；已反馈的无须办理", "record the industrialization first, or nothing to do"), "officer",
        ),
    )  # fmt: skip


def _industrialize(ctx: Context) -> Effects:
    day = required_day(ctx, "industrialized_on")
    return Effects(
        facts=section(ctx, "industrialization", **kept(ctx)),
        opens=(Opening("industrialization_feedback", "FEEDBACK", "industrialized", day, "产业化"),),
        label=(ctx.mode.outcome, f"产品{ctx.payload.product}", day),
        closes=(Closing("industrialization"),),
    )


def _file_product(ctx: Context) -> Effects:
    """Keep the filing; the next yearly update is counted from it."""
    filed = required_day(ctx, "filed_on")
    before = ctx.data.items("product_filings", "list")
    shifted = after_update(filed) if any(one["product"] == ctx.payload.product for one in before) else None
    due, (zh, en) = shifted or (None, ((), ()))
    return Effects(
        facts={"product_filings": {"list": [*before, kept(ctx)]}},
        opens=(
            Opening(
                "product_update", "T-ZLCP", "product_filed", filed, due=due, because_zh=zh, because_en=en
            ),
        ),
    )


def _report(ctx: Context) -> Effects:
    facts = section(
        ctx, "industrialization", reported_on=kept(ctx)["reported_on"], reference=ctx.payload.reference
    )
    return Effects(facts=facts, closes=(Closing("industrialization_feedback"),))


STEPS: tuple[Step, ...] = (
    Step(
        "record_working", "登记实施", "Record the working", "被许可人开始实施专利", "recorded that the patent is worked",
        OFFICER, RecordWorking, (g.day_between("worked_on", "开始实施日期", _EFFECTIVE),),
        lambda ctx: Effects(facts=section(ctx, "industrialization", **kept(ctx))), "secondary",
    ),
    Step(
        "record_industrialization", "登记产业化", "Record the industrialization", "实现产业化",
        "recorded the industrialization", OFFICER, RecordIndustrialization,
        (g.day_between("industrialized_on", "实现产业化日期", ("industrialization", "worked_on", "开始实施日期")),),
        _industrialize, "secondary",
    ),
    Step(
        "record_product_filing", "登记专利产品备案", "Record the product filing", "完成专利产品备案",
        "recorded the product filing", OFFICER, RecordProductFiling,
        (g.day_between("filed_on", "备案或更新日期", ("industrialization", "worked_on", "开始实施日期")),),
        _file_product, "secondary",
    ),
    Step(
        "report_industrialization", "登记产业化反馈", "Record the feedback on industrialization", "已在盘活系统反馈产业化",
        "reported the industrialization to the platform", OFFICER, ReportIndustrialization,
        (
            is_feedback_due,
            g.day_between("reported_on", "反馈日期", ("industrialization", "industrialized_on", "实现产业化日期")),
        ),
        ends.settling(_report),
    ),
)  # fmt: skip
