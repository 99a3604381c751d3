"""The indicators, as data: what each is called, how it is defined, which phrase asks for it, and over which rows it runs.

To add one, add a row here (and its rows to `cases.indicators.rows` if no set fits). The papers name many figures without a
formula: those carry the confidence D (derived) and are shown 待核实. Results lead; a bare number of patents is never among
them (S0-03) and stands at the end as what the shares are of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cases.profile_fields import DISPOSALS, GRADES, IMPLEMENTATIONS, MATURITIES

How = Literal["sum", "share", "growth", "median", "p90"]
Unit = Literal["count", "money", "percent", "days"]

SECTIONS: Mapping[str, tuple[str, str]] = {
    "results": ("转化成果", "Results"),
    "use": ("实施与产业化", "Working and industrialization"),
    "process": ("推进过程", "Process"),
    "speed": ("办理用时", "Speed"),
    "stock": ("存量情况", "Stock"),
}
PAPERS: Mapping[str, tuple[str, str]] = {
    "S0": ("上海《关于本市深入开展存量专利盘活工作的若干措施》", "Shanghai measures on the patent stock"),
    "S1": ("盐城《专利转化运用专项行动实施方案》（征求意见稿）", "Yancheng action plan (draft)"),
    "S2": ("国知发运字〔2025〕16号", "CNIPA notice 2025 No. 16"),
    "S3": ("榕市监知〔2024〕268号", "Fuzhou plan 2024 No. 268"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What is added up: the rows of a set under one more condition; `sum` is 1 for a count, or an amount."""

    rows: str
    where: str = ""
    sum: str = "1"


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to compute an indicator, in words and as rows: `part`, and `over` for what it is a share of."""

    id: str
    zh: str
    en: str
    part: Part
    over: Part | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that a paper asks for. The first definition holds unless the institution has chosen another.

    `needs` are tables that must hold something of the institution before anything can be said.
    """

    id: str
    section: str
    zh: str
    en: str
    unit: Unit
    how: How
    definitions: tuple[Definition, ...]
    sources: tuple[str, ...]
    confidence: str = "D"
    needs: tuple[str, ...] = ()

    def by(self, variant: str) -> Definition:
        """Return the chosen definition, or the first."""
        return next((one for one in self.definitions if one.id == variant), self.definitions[0])


def _one(zh: str, en: str, part: Part, over: Part | None = None) -> tuple[Definition, ...]:
    return (Definition("", zh, en, part, over),)


VALID = Part("patents")
INVENTIONS = Part("patents", "p.kind = 'invention'")
CONTRACTS, RECEIPTS = Part("contracts"), Part("receipts")
VALUE = Part("contracts", sum="f.amount_fen")
IN_USE = "l.used = 1"
MARKED = "r.implementation IN ('own', 'licensed', 'transferred', 'industrialized')"
WORKED = "l.made = 1 OR r.implementation IN ('own', 'industrialized')"
MADE = "l.made = 1 OR r.implementation = 'industrialized'"
LAST_YEAR = "上年同期：本年度尚未结束时，取上年同样的起止月日"

INDICATORS: Mapping[str, Indicator] = {
    one.id: one
    for one in (
        Indicator(
            "contract_value", "results", "专利转化合同额", "Contract value", "money", "sum",
            _one("年度内签订的转化合同金额合计；按签订日期计，开放许可按每次实施计，没有固定金额的计0",
                 "sum of the contracts signed in the year; every taking of an open license counts, no fixed sum is 0", VALUE),
            ("S1-01",), "V",
        ),
        Indicator(
            "contract_growth", "results", "合同额同比增长", "Growth of contract value", "percent", "growth",
            _one(f"（年度合同额－上年同期合同额）÷上年同期合同额；{LAST_YEAR}",
                 "(value - value of the year before) / value of the year before; the same days while the year runs",
                 VALUE, VALUE),
            ("S1-01",), "V",
        ),
        Indicator(
            "contracts", "results", "签订转化合同", "Contracts signed", "count", "sum",
            _one("签订日期在年度内的转化合同；开放许可按每次实施计", "contracts signed in the year", CONTRACTS), ("S1-20",), "V",
        ),
        Indicator(
            "received", "results", "到账金额", "Income received", "money", "sum",
            _one("到账日期在年度内的款项合计", "sum of what was received in the year", Part("receipts", sum="f.amount_fen")),
            ("S1-12",), "V",
        ),
        Indicator(
            "rewards", "results", "奖励金额", "Rewards", "money", "sum",
            _one("年度内发放的现金奖励与授予的股权奖励合计", "cash paid and shares awarded in the year",
                 Part("rewards", sum="f.amount_fen")),
            ("S3-33", "S0-04"), "V",
        ),
        Indicator(
            "reward_share", "results", "现金奖励占净收入比例", "Share of net income rewarded", "percent", "share",
            _one("年度内发放的现金奖励÷所依据的净收入", "cash rewards of the year / the net income they were paid from",
                 Part("rewards", "f.kind = 'cash'", "f.amount_fen"), Part("rewards", "f.kind = 'cash'", "f.base_fen")),
            ("S1-12", "S2-23"),
        ),
        Indicator(
            "open_licenses", "results", "实施中的开放许可", "Open licenses in force", "count", "sum",
            _one("已公告、尚未撤回或结束的开放许可案件", "cases of open license that were announced and have not ended",
                 Part("open_licenses")),
            ("S0-12", "S2-20"), "V",
        ),
        Indicator(
            "implementation_rate", "use", "专利实施率", "Implementation rate", "percent", "share",
            (
                Definition("any_event", "有任一转化事件（九类反馈标签之一）的有效专利÷有效专利",
                           "valid patents with any of the nine labels / valid patents",
                           Part("patents", IN_USE), VALID),
                Definition("any_event_or_marked", "有任一转化事件，或者档案标注已实施的有效专利÷有效专利",
                           "valid patents with any label or marked as worked / valid patents",
                           Part("patents", f"{IN_USE} OR {MARKED}"), VALID),
                Definition("worked", "已产业化或者档案标注自行实施的有效专利÷有效专利；仅签订合同不计",
                           "valid patents industrialized or worked by the owner / valid patents; a contract alone does not count",
                           Part("patents", WORKED), VALID),
                Definition("inventions", "有任一转化事件的有效发明专利÷有效发明专利",
                           "valid inventions with any label / valid inventions",
                           Part("patents", f"p.kind = 'invention' AND ({IN_USE})"), INVENTIONS),
            ),
            ("S2-14",),
        ),
        Indicator(
            "industrialization_rate", "use", "专利产业化率", "Industrialization rate", "percent", "share",
            (
                Definition("label_or_own", "有产业化标签（第7、8类）或者档案标注已产业化的有效专利÷有效专利",
                           "valid patents with label 7 or 8, or marked as industrialized / valid patents",
                           Part("patents", MADE), VALID),
                Definition("labels", "有产业化标签（第7、8类）的有效专利÷有效专利",
                           "valid patents with label 7 or 8 / valid patents", Part("patents", "l.made = 1"), VALID),
                Definition("inventions", "有产业化标签或者档案标注已产业化的有效发明专利÷有效发明专利",
                           "valid inventions with label 7 or 8, or marked / valid inventions",
                           Part("patents", f"p.kind = 'invention' AND ({MADE})"), INVENTIONS),
            ),
            ("S2-14", "S0-20"),
        ),
        Indicator(
            "products_filed", "use", "新增备案专利产品", "Products newly filed", "count", "sum",
            _one("备案日期在年度内的专利产品", "patent products filed on the platform in the year", Part("products")),
            ("S0-18", "S2-29"), "V",
        ),
        Indicator(
            "product_coverage", "use", "备案产品所涉专利占比", "Patents of filed products", "percent", "share",
            _one("备案产品（未撤回）所涉有效专利÷有效专利", "valid patents of products filed and not withdrawn / valid patents",
                 Part("patents", "z.patent_id IS NOT NULL"), VALID),
            ("S0-18",), needs=("product",),
        ),
        Indicator(
            "evaluated", "process", "评价覆盖率", "Evaluated", "percent", "share",
            _one("有自评或者集中评价结果的有效专利÷有效专利", "valid patents rated by inventors or a panel / valid patents",
                 Part("patents", "r.self_score IS NOT NULL OR r.central_score IS NOT NULL"), VALID),
            ("S1-06", "S3-30"), needs=("patent_profile",),
        ),
        Indicator(
            "screened", "process", "筛选覆盖率", "Screened", "percent", "share",
            _one("已定级、已入资源库或者已定处置的有效专利÷有效专利",
                 "valid patents graded, in the pool or with a disposal / valid patents",
                 Part("patents", "r.grade <> '' OR r.in_pool OR r.disposal <> ''"), VALID),
            ("S1-06",), needs=("patent_profile",),
        ),
        Indicator(
            "registered", "process", "登记入库率", "Registered", "percent", "share",
            _one("已入转化资源库的有效专利÷有效专利", "valid patents in the conversion pool / valid patents",
                 Part("patents", "r.in_pool"), VALID),
            ("S1-06", "S0-01"), needs=("patent_profile",),
        ),
        Indicator(
            "matched", "process", "匹配覆盖率", "Matched", "percent", "share",
            _one("已推送企业、已与需求匹配或者已立转化案件的有效专利÷有效专利",
                 "valid patents pushed to a company, matched with a demand or in a case / valid patents",
                 Part("patents", "m.patent_id IS NOT NULL"), VALID),
            ("S1-06",),
        ),
        Indicator(
            "pre_filing", "process", "申请前评估覆盖率", "Assessed before filing", "percent", "share",
            _one("年度内提交的申请中经过申请前评估的÷年度内提交的申请",
                 "applications of the year that were assessed before filing / applications of the year",
                 Part("filings", "v.application_no IS NOT NULL"), Part("filings")),
            ("S2-13",),
        ),
        Indicator(
            "push_response", "process", "推送评价率", "Pushes evaluated", "percent", "share",
            _one("年度内推送企业的专利中企业已评价的÷推送件次", "pushes of the year that were evaluated / pushes of the year",
                 Part("pushes", "q.evaluated_at IS NOT NULL"), Part("pushes")),
            ("S3-30", "S3-36"),
        ),
        Indicator(
            "demand_response", "process", "需求答复率", "Demands answered", "percent", "share",
            _one("年度内收到的企业需求中已答复的÷收到的需求", "demands of the year that were answered / demands of the year",
                 Part("demands", "d.status <> 'new'"), Part("demands")),
            ("S2-02",),
        ),
        Indicator(
            "signing_rate", "process", "对接签约率", "Contacts signed", "percent", "share",
            _one("年度内登记的对接线索中已签约的÷登记的线索", "leads of the year that came to a contract / leads of the year",
                 Part("leads", "g.status = 'signed'"), Part("leads")),
            ("S1-19",),
        ),
        Indicator(
            "events", "process", "推广活动场次", "Events held", "count", "sum",
            _one("年度内已举办的活动；每个区县每年不少于1场（分区县见图）", "events held in the year; each district one at least",
                 Part("events")),
            ("S3-19", "S2-04"), "V",
        ),
        Indicator(
            "opened", "process", "新立案件", "Cases opened", "count", "sum",
            _one("立案日期在年度内的转化案件", "cases opened in the year", Part("opened")), ("S0-02",), "V",
        ),
        Indicator(
            "labeled", "process", "新增反馈标签", "Labels earned", "count", "sum",
            _one("标签日期在年度内的专利×标签", "labels that patents earned in the year", Part("labels")), ("S0-15",), "V",
        ),
        Indicator(
            "fed_back", "process", "反馈完成率", "Fed back", "percent", "share",
            _one("年度内取得的标签中已在盘活系统反馈的÷取得的标签", "labels of the year that were fed back / labels of the year",
                 Part("labels", "f.began_on IS NOT NULL"), Part("labels")),
            ("S0-14", "S2-25"),
        ),
        Indicator(
            "feedback_lag", "speed", "反馈用时（中位数）", "Feedback lag (median)", "days", "median",
            _one("取得标签至在盘活系统反馈的日历天数，中位数（偶数个取较小者）；未反馈的不计",
                 "calendar days from label to feedback, the lower median; labels not fed back are left out",
                 Part("labels", "f.days IS NOT NULL", "f.days")),
            ("S2-25", "S2-32"),
        ),
        Indicator(
            "feedback_lag_p90", "speed", "反馈用时（九成以内）", "Feedback lag (p90)", "days", "p90",
            _one("取得标签至在盘活系统反馈的日历天数，90%分位（最近秩法）", "the same, 90th percentile by nearest rank",
                 Part("labels", "f.days IS NOT NULL", "f.days")),
            ("S2-32",),
        ),
        Indicator(
            "signing_days", "speed", "立案至签约用时（中位数）", "From opening to signing (median)", "days", "median",
            _one("立案至签订合同的日历天数，中位数；按签订日期计入年度", "calendar days from opening to signing, lower median",
                 Part("contracts", "f.days IS NOT NULL", "f.days")),
            ("S2-32",),
        ),
        Indicator(
            "valid", "stock", "有效专利（比率的分母）", "Valid patents (what shares are of)", "count", "sum",
            _one("现在处于有效或者滞纳期内、至期末已授权的专利；以往年度以当年冻结的快照为准",
                 "patents now in force or in the grace period, granted by the end of the period; for years past see the snapshot",
                 VALID),
            ("S0-03",), "V",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grouping:
    """A figure taken apart by what stands in one column; `names` is the table of labels, by word."""

    id: str
    zh: str
    en: str
    by: str
    names: Mapping[str, tuple[str, str]]
    sources: tuple[str, ...]
    needs: tuple[str, ...] = ("patent_profile",)


NONE = ("未填写", "Not filled in")
GROUPINGS: Mapping[str, Grouping] = {
    one.id: one
    for one in (
        Grouping("grade", "按等级", "By grade", "r.grade", GRADES, ("S2-15",)),
        Grouping("patent_class", "按类别", "By class", "r.patent_class", {}, ("S2-15",)),
        Grouping("maturity", "按技术成熟度", "By maturity", "r.maturity", MATURITIES, ("S3-11", "S3-05")),
        Grouping("implementation", "按实施情况", "By use", "r.implementation", IMPLEMENTATIONS, ("S3-07",)),
        Grouping("disposal", "按处置", "By disposal", "r.disposal", DISPOSALS, ("S2-17",)),
    )
}  # fmt: skip
