"""The monthly indicators (月度转化统计) of an organization: what stood at the end of the month, what happened in it.

Every figure is counted from the rows of a sheet; what happened is counted by the day on which it happened, not by the day
on which somebody recorded it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from sqlmodel import Session, col, select

from cases.as_of import KINDS, Late, late_on, stages_on
from cases.deals import CaseTold, Contract, cases_told
from cases.periods import Period
from cases.report_content import NO, YES, Column, Content, Figure, Row, Sheet, ruled
from cases.tables import Deadline
from rules.packs import RuleBook
from states.catalog import MODES
from states.modes import STAGES

CASE_NO = Column("case_no", "案件编号", "Case no.")
TITLE = Column("title", "案件名称", "Case")
MODE = Column("mode", "转化方式", "Mode")
CONTRACT_NO = Column("contract_no", "合同编号", "Contract no.")
PARTY = Column("party", "合同相对方", "Counterparty")
AMOUNT = Column(
    "amount", "合同金额", "Contract value", "money", "按期末条款；按提成等方式计价而没有固定金额的为0"
)
OFFICER = Column("officer", "承办人", "Officer")
# The ways of a case of which the length is measured: from which day to which.
LEGS: Mapping[str, Callable[[CaseTold, Contract], tuple[date | None, date | None]]] = {
    "立案至签订": lambda case, contract: (case.opened_on, contract.signed_on),
    "签订至备案登记完成": lambda case, contract: (contract.signed_on, contract.recorded_on),
    "签订至首笔到账": lambda case, contract: (
        contract.signed_on, min((one.received_on for one in case.receipts), default=None),
    ),
}  # fmt: skip


def monthly(session: Session, org_id: int, month: Period, book: RuleBook) -> Content:
    """Return the indicators of a month that is over."""
    cases = tuple(cases_told(session, org_id, as_of=month.last))
    stages, late = stages_on(session, org_id, month.last), tuple(late_on(session, org_id, month.last))
    dues = filing_dues(session, org_id)
    sheets = (
        _running(cases, stages, month),
        _begun("opened", "本月立案", "Opened", cases, lambda case: case.opened_on, month),
        _begun("closed", "本月结案", "Closed", cases, lambda case: case.closed_on, month),
        _signed(cases, month), _received(cases, month), _late(late), _filed(cases, dues, month),
        _legs(cases, month), _labeled(cases, month), _owed(cases, month),
    )  # fmt: skip
    return Content(tuple(_figures(book, month)), sheets, NOTES).counted()


NOTES = (
    "在办、逾期、待反馈为月末时点数；立案、签订、到账、备案、结案按事情发生的日期计入，不按录入日期。",
    "每个指标后列有口径，并链接到所依据的明细；明细行数或者金额合计即为指标数值。",
    "补录以往日期的事项后，再次生成即为新的版本，并列明与上一版的差异；原版本保留不变。",
)


def filing_dues(session: Session, org_id: int) -> dict[tuple[int, str], date]:
    """Return by case and key when a filing at the office was due, of the newest row of each key."""
    query = select(Deadline).where(Deadline.org_id == org_id, Deadline.kind == "statutory")
    rows = session.exec(query.order_by(col(Deadline.id)))
    return {(row.case_id, row.key): row.due for row in rows if row.case_id is not None}


def _running(cases: Sequence[CaseTold], stages: Mapping[int, str], month: Period) -> Sheet:
    columns = (
        CASE_NO, TITLE, MODE, Column("stage", "阶段", "Stage"), Column("opened_on", "立案日期", "Opened on", "day"),
        Column("days", "在办天数", "Days open", "count"), OFFICER,
    )  # fmt: skip
    rows = [
        Row(
            (case.number, case.title, MODES[case.mode].zh, STAGES[stages.get(case.id, "preparation")][0],
             case.opened_on.isoformat(), (month.last - case.opened_on).days, case.officer),
            case.id,
        )
        for case in cases
        if case.opened_on <= month.last and (case.closed_on is None or case.closed_on > month.last)
    ]  # fmt: skip
    return Sheet("running", "月末在办案件", "Cases in hand", columns, tuple(rows))


def _begun(
    key: str,
    zh: str,
    en: str,
    cases: Sequence[CaseTold],
    day: Callable[[CaseTold], date | None],
    month: Period,
) -> Sheet:
    columns = (CASE_NO, TITLE, MODE, Column("on", "日期", "Day", "day"), OFFICER)
    rows = [
        Row((case.number, case.title, MODES[case.mode].zh, _iso(day(case)), case.officer), case.id)
        for case in cases
        if month.holds(day(case))
    ]
    return Sheet(key, zh, en, columns, tuple(rows))


def contracts_in(cases: Sequence[CaseTold], period: Period) -> Iterator[tuple[CaseTold, Contract]]:
    """Yield the contracts signed in a period with their cases."""
    for case in cases:
        yield from ((case, one) for one in case.contracts if period.holds(one.signed_on))


def _signed(cases: Sequence[CaseTold], month: Period) -> Sheet:
    columns = (
        CASE_NO,
        CONTRACT_NO,
        TITLE,
        MODE,
        PARTY,
        Column("signed_on", "签订日期", "Signed on", "day"),
        AMOUNT,
    )
    rows = [
        Row(
            (case.number, one.name, case.title, MODES[case.mode].zh, one.party.name, one.signed_on.isoformat(),
             one.amount_fen),
            case.id,
        )
        for case, one in contracts_in(cases, month)
    ]  # fmt: skip
    return Sheet("signed", "本月签订合同", "Contracts signed", columns, tuple(rows), keys=2)


def _received(cases: Sequence[CaseTold], month: Period) -> Sheet:
    columns = (
        CASE_NO, Column("number", "到账序号", "No.", "count"), TITLE, MODE,
        Column("on", "到账日期", "Received on", "day"), Column("amount", "到账金额", "Amount", "money"),
        Column("reference", "凭证", "Reference"),
    )  # fmt: skip
    rows = [
        Row(
            (case.number, one.number, case.title, MODES[case.mode].zh, one.received_on.isoformat(), one.amount_fen,
             one.reference),
            case.id,
        )
        for case in cases
        for one in case.receipts
        if month.holds(one.received_on)
    ]  # fmt: skip
    return Sheet("received", "本月到账", "Receipts", columns, tuple(rows), keys=2)


def _late(late: Sequence[Late]) -> Sheet:
    columns = (
        CASE_NO, Column("deadline", "期限", "Deadline"), TITLE, Column("kind", "性质", "Kind"),
        Column("due", "届满日", "Due", "day"), Column("days", "逾期天数", "Days late", "count"),
        Column("article", "依据", "Basis"), Column("owner", "责任人", "Owner"),
    )  # fmt: skip
    rows = [
        Row(
            (one.case_no, one.title, one.case_title, KINDS[one.kind], one.due.isoformat(), one.days,
             one.article + ("" if one.confidence in VERIFIED else "（待核实）"), one.owner),
            one.case_id,
        )
        for one in late
    ]  # fmt: skip
    return Sheet("late", "月末逾期期限", "Overdue deadlines", columns, tuple(rows), keys=2)


VERIFIED = ("", "V", "V*", "house")


def _filed(cases: Sequence[CaseTold], dues: Mapping[tuple[int, str], date], month: Period) -> Sheet:
    columns = (
        CASE_NO, CONTRACT_NO, TITLE, MODE, Column("filed_on", "提交日期", "Filed on", "day"),
        Column("due", "备案期限", "Due", "day"), Column("in_time", "是否按期", "In time"),
        Column("recorded_on", "完成日期", "Recorded on", "day"),
    )  # fmt: skip
    rows = [
        Row(
            (case.number, one.name, case.title, MODES[case.mode].zh, one.filed_on.isoformat(), due.isoformat(),
             YES if one.filed_on <= due else NO, _iso(one.recorded_on)),
            case.id,
        )
        for case in cases
        for one in case.contracts
        if one.filed_on and month.holds(one.filed_on) and (due := dues.get((case.id, one.filing_key)))
    ]  # fmt: skip
    return Sheet("filed", "本月提交备案", "Filings", columns, tuple(rows), keys=2)


def _legs(cases: Sequence[CaseTold], month: Period) -> Sheet:
    columns = (
        CASE_NO, CONTRACT_NO, Column("leg", "环节", "Leg"), TITLE, MODE, Column("from", "起", "From", "day"),
        Column("to", "止", "To", "day"), Column("days", "用时（天）", "Days", "count"),
    )  # fmt: skip
    rows = [
        Row(
            (case.number, one.name, leg, case.title, MODES[case.mode].zh, begun.isoformat(), done.isoformat(),
             (done - begun).days),
            case.id,
        )
        for leg, days in LEGS.items()
        for case in cases
        for one in case.contracts
        for begun, done in (days(case, one),)
        if begun is not None and done is not None and month.holds(done) and begun <= done
    ]  # fmt: skip
    return Sheet("legs", "本月完成环节用时", "Cycle times", columns, tuple(rows), keys=3)


LABEL_COLUMNS = (
    CASE_NO, Column("patent", "专利号", "Patent no."), Column("label", "平台标签", "Label"),
    Column("patent_title", "专利名称", "Patent"), Column("on", "标签日期", "Since", "day"),
    Column("evidence", "依据材料", "Evidence"),
)  # fmt: skip


def _labeled(cases: Sequence[CaseTold], month: Period) -> Sheet:
    rows = [
        Row(
            (case.number, one.patent.shown_no, one.label, one.patent.title, one.on.isoformat(), one.evidence),
            case.id,
        )
        for case in cases
        for one in case.labels
        if month.holds(one.on)
    ]
    return Sheet("labeled", "本月新增标签", "Labels earned", LABEL_COLUMNS, tuple(rows), keys=3)


def _owed(cases: Sequence[CaseTold], month: Period) -> Sheet:
    columns = (*LABEL_COLUMNS, Column("due", "反馈期限", "Due", "day"))
    rows = [
        Row(
            (case.number, one.patent.shown_no, one.label, one.patent.title, one.on.isoformat(), one.evidence,
             _iso(one.due)),
            case.id,
        )
        for case in cases
        for one in case.labels
        if one.on <= month.last
        and (one.reported_on is None or one.reported_on > month.last)
        and (case.closed_on is None or case.closed_on > month.last)
    ]  # fmt: skip
    return Sheet("owed", "月末待反馈标签", "Labels to feed back", columns, tuple(rows), keys=3)


def _figures(book: RuleBook, month: Period) -> Iterator[Figure]:
    counted = partial(Figure, sheet="running")
    yield counted("running", "月末在办案件", "Cases in hand", "月末已立案、尚未结案的案件")
    for word, (zh, en) in STAGES.items():
        if word != "end":
            yield counted(
                f"stage:{word}", f"其中：{zh}阶段", en, f"月末处于{zh}阶段的在办案件", where=(("stage", zh),)
            )
    zh, en = STAGES["end"]
    yield counted(
        "stage:end",
        "其中：待办结事项",
        "Ending",
        "合同已终止、其余事项尚未办结的案件",
        where=(("stage", zh),),
    )
    for slug, mode in MODES.items():
        yield counted(
            f"mode:{slug}",
            f"其中：{mode.zh}",
            mode.en,
            f"月末在办的{mode.zh}案件",
            where=(("mode", mode.zh),),
        )
    yield Figure("opened", "本月立案", "Cases opened", "立案日期在本月的案件", "opened")
    yield Figure("closed", "本月结案", "Cases closed", "结案日期在本月的案件", "closed")
    yield Figure(
        "signed",
        "本月签订合同",
        "Contracts signed",
        "签订日期在本月的合同；开放许可按每次实施（付费通知）计",
        "signed",
    )
    yield Figure(
        "signed_value",
        "签订合同金额",
        "Value signed",
        f"签订日期在本月的合同金额合计；{AMOUNT.note}",
        "signed",
        "sum",
        "amount",
        shape="money",
    )
    yield Figure("received", "本月到账笔数", "Receipts", "到账日期在本月的款项", "received")
    yield Figure(
        "received_value",
        "到账金额",
        "Received",
        "到账日期在本月的款项合计",
        "received",
        "sum",
        "amount",
        shape="money",
    )
    yield Figure(
        "late", "月末逾期期限", "Overdue", "月末已过届满日、尚未办结的期限；不含他方办理的预计日期", "late"
    )
    yield Figure(
        "late:statutory",
        "其中：法定期限",
        "Statutory",
        "性质为法定的逾期期限",
        "late",
        where=(("kind", KINDS["statutory"]),),
    )
    yield ruled(
        Figure("filed", "本月提交备案", "Filings", "提交日期在本月、法律规定期限的备案", "filed"),
        "T-01",
        book,
        month.last,
    )
    yield ruled(
        Figure(
            "in_time",
            "备案按期率",
            "In time",
            "提交日期不晚于备案期限的件数÷本月提交件数",
            "filed",
            "share",
            "in_time",
            shape="percent",
        ),
        "T-01",
        book,
        month.last,
    )
    for leg in LEGS:
        where, note = (("leg", leg),), f"止日在本月的合同，{leg}的日历天数"
        yield Figure(
            f"median:{leg}",
            f"{leg}（中位数）",
            "Median",
            f"{note}；偶数个时取较小者",
            "legs",
            "median",
            "days",
            where,
            "days",
        )
        yield Figure(f"most:{leg}", f"{leg}（最长）", "Longest", note, "legs", "most", "days", where, "days")
    yield Figure("labeled", "本月新增标签", "Labels earned", "标签日期在本月的专利×标签", "labeled")
    yield ruled(
        Figure(
            "owed", "月末待反馈标签", "Labels owed", "月末已取得标签、尚未在盘活系统反馈的专利×标签", "owed"
        ),
        "RP-04",
        book,
        month.last,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
