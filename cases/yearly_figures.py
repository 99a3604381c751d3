"""The figures of the yearly conversion report (年度报告): contracts, money in, and rewards of a year, as the law asks.

What the record knows is counted; what it does not know (work done, platforms, staff) is listed as to be filled in by hand.
Source: 促进科技成果转化法 arts 21, 45, 46; the contents of the report are those of the yearly notices (TT-RP-04)
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import Session

from cases.deals import CASH, SHARES, CaseTold, cases_told
from cases.figures import contracts_in
from cases.periods import Period
from cases.report_content import NO, YES, Column, Content, Figure, Row, Sheet, ruled
from rules.packs import RuleBook
from rules.patent_numbers import KIND_ZH
from states.catalog import MODES
from states.price_routes import ROUTES

# The kinds of conversion that the report tells apart, by mode.
CLASS: Mapping[str, str] = {
    "transfer": "转让",
    "open_license": "许可",
    "ordinary_license": "许可",
    "sole_license": "许可",
    "exclusive_license": "许可",
    "equity": "作价投资",
    "patent_pool": "专利池运营",
    "development": "技术开发、咨询、服务",
}
CASE_NO = Column("case_no", "案件编号", "Case no.")
CLASS_COLUMN = Column("class", "转化类别", "Class of conversion")
MODE = Column("mode", "转化方式", "Mode")
# What the yearly notices ask for and no record of cases holds.
BY_HAND: tuple[tuple[str, str, str], ...] = (
    ("一、工作情况", "年度转化工作成效、主要做法、存在问题与建议", "TT-RP-04"),
    ("二、科技成果", "年度取得的科技成果数量、类型与来源（项目类别、名称、编号）", "RP-01"),
    ("四、产学研合作", "自建与共建的研发机构、转移机构、转化服务平台", "TT-RP-04"),
    ("四、产学研合作", "在外兼职从事成果转化和离岗创业人员数，创设和参股公司", "TT-RP-04"),
    ("三、合同清单", "合同相对方的类型、规模与所在地区", "TT-RP-04"),
    ("六、其他", "享受税收优惠等政策的情况", "TT-RP-04"),
)
NOTES = (
    "依据促进科技成果转化法第21条，国家设立的研究开发机构、高等院校每年报送成果取得、实施转化和收益分配情况。",
    "报送日期和填报栏目以当年通知为准；下列栏目由案件记录汇总，“需人工填写”一表列出记录中没有的内容。",
    "合同按签订日期、到账按到账日期、奖励按发放或授予日期计入本年度。金额以万元列示，明细精确到分。",
    "本表不含成果完成人姓名；奖励按人次统计。",
)


SIGNED = "签订日期在本年度的合同；开放许可按每次实施计"
CONVERTED = "本年度签订合同的案件所含专利，一件专利在几个案件中按几次计"


def yearly(session: Session, org_id: int, year: Period, book: RuleBook) -> Content:
    """Return the report of a year that is over."""
    cases = tuple(cases_told(session, org_id, as_of=year.last))
    sheets = (
        _contracts(cases, year), _receipts(cases, year), _rewards(cases, year, CASH), _rewards(cases, year, SHARES),
        _patents(cases, year), _by_hand(book, year),
    )  # fmt: skip
    cited = tuple(_cited(sheet, book, year) for sheet in sheets)
    return Content(tuple(_figures(book, year)), cited, NOTES).counted()


# What asks for the columns of each sheet. Those that no text names were derived from the national statistics.
_ASKED: Mapping[str, str] = {
    "contracts": "TT-RP-04", "receipts": "RP-01", "cash": "RP-01", "shares": "RP-01", "patents": "RP-01",
}  # fmt: skip
_OWN = frozenset({"case_no", "number"})
_DERIVED = frozenset(
    {"price", "abroad", "registration", "technical", "funded", "gross", "costs", "net", "record_no"}
)


def _cited(sheet: Sheet, book: RuleBook, year: Period) -> Sheet:
    if sheet.key not in _ASKED:
        return sheet
    columns = []
    for column in sheet.columns:
        if column.key in _OWN:
            columns.append(column)
            continue
        told = ruled(column, _ASKED[sheet.key], book, year.last)
        if column.key in _DERIVED:
            told = Column(
                column.key, column.zh, column.en, column.shape, column.note, "", "据历年统计口径推定", "D"
            )
        columns.append(told)
    return Sheet(sheet.key, sheet.zh, sheet.en, tuple(columns), sheet.rows, sheet.keys)


def _contracts(cases: Sequence[CaseTold], year: Period) -> Sheet:
    columns = (
        CASE_NO, Column("contract_no", "合同编号", "Contract no."), Column("title", "项目名称", "Project"), CLASS_COLUMN,
        MODE, Column("party", "合同相对方", "Counterparty"), Column("uscc", "统一社会信用代码", "USCC"),
        Column("abroad", "境外", "Foreign"), Column("signed_on", "签订日期", "Signed on", "day"),
        Column("amount", "合同金额", "Contract value", "wan", "按期末条款；按提成等方式计价而没有固定金额的为0"),
        Column("price", "定价方式", "Price route"), Column("patents", "专利件数", "Patents", "count"),
        Column("registration", "技术合同登记编号", "Registration no."),
        Column("technical", "其中技术交易额", "Technical trade amount", "wan"),
        Column("record_no", "备案（登记）编号", "Record no."),
    )  # fmt: skip
    rows = [
        Row(
            (case.number, one.name, case.title, CLASS[case.mode], MODES[case.mode].zh, one.party.name, one.party.uscc,
             YES if one.party.is_foreign else NO, one.signed_on.isoformat(), one.amount_fen,
             ROUTES.get(case.price_method, ("",))[0],
             len(case.patents), one.registration_no, one.technical_fen, one.record_no),
            case.id,
        )
        for case, one in contracts_in(cases, year)
    ]  # fmt: skip
    return Sheet("contracts", "三、合同清单", "Contracts", columns, tuple(rows), keys=2)


def _receipts(cases: Sequence[CaseTold], year: Period) -> Sheet:
    columns = (
        CASE_NO, Column("number", "到账序号", "No.", "count"), Column("title", "项目名称", "Project"), CLASS_COLUMN, MODE,
        Column("on", "到账日期", "Received on", "day"), Column("amount", "到账金额", "Amount", "wan"),
    )  # fmt: skip
    rows = [
        Row(
            (case.number, one.number, case.title, CLASS[case.mode], MODES[case.mode].zh, one.received_on.isoformat(),
             one.amount_fen),
            case.id,
        )
        for case in cases
        for one in case.receipts
        if year.holds(one.received_on)
    ]  # fmt: skip
    return Sheet("receipts", "三、到账清单", "Receipts", columns, tuple(rows), keys=2)


def _rewards(cases: Sequence[CaseTold], year: Period, form: str) -> Sheet:
    zh, en = {CASH: ("五、现金奖励", "Rewards in cash"), SHARES: ("五、股权奖励", "Rewards in shares")}[form]
    money = (
        Column("gross", "分配的到账", "Receipts shared out", "wan"), Column("costs", "扣除成本", "Costs", "wan"),
        Column("net", "净收入", "Net income", "wan"),
    )  # fmt: skip
    columns = (
        CASE_NO, Column("number", "分配序号", "No.", "count"), Column("title", "项目名称", "Project"), CLASS_COLUMN, MODE,
        Column("on", "发放日期" if form == CASH else "授予日期", "Paid on", "day"), *(money if form == CASH else ()),
        Column("reward", "奖励总额", "Reward", "wan"), Column("heads", "奖励人次", "Heads", "count"),
    )  # fmt: skip
    rows = [
        Row(
            (case.number, one.number, case.title, CLASS[case.mode], MODES[case.mode].zh, one.paid_on.isoformat(),
             *((one.gross_fen, one.costs_fen, one.net_fen) if form == CASH else ()), one.reward_fen, one.heads),
            case.id,
        )
        for case in cases
        for one in case.rewards
        if one.form == form and year.holds(one.paid_on)
    ]  # fmt: skip
    return Sheet(form, zh, en, columns, tuple(rows), keys=2)


def _patents(cases: Sequence[CaseTold], year: Period) -> Sheet:
    columns = (
        Column("patent", "专利号", "Patent no."), CASE_NO, Column("patent_title", "成果（专利）名称", "Patent"),
        Column("kind", "类型", "Kind"), Column("funded", "财政资助项目", "State funded"), CLASS_COLUMN,
        Column("college", "所属院系", "College"), Column("granted", "授权日期", "Granted on", "day"),
    )  # fmt: skip
    converted = {case.id: case for case, _ in contracts_in(cases, year)}
    rows = [
        Row(
            (one.shown_no, case.number, one.title, KIND_ZH.get(one.kind, one.kind),
             YES if one.is_funded else NO, CLASS[case.mode], one.college,
             one.grant_date.isoformat() if one.grant_date else None),
            case.id,
        )
        for case in converted.values()
        for one in case.patents
    ]  # fmt: skip
    return Sheet("patents", "二、转化成果清单", "Patents converted", columns, tuple(rows), keys=2)


def _by_hand(book: RuleBook, year: Period) -> Sheet:
    columns = (
        Column("part", "部分", "Part"), Column("content", "填写内容", "To be filled in"),
        Column("article", "依据", "Basis"),
    )  # fmt: skip
    rows = []
    for part, content, rule_id in BY_HAND:
        asked = ruled(columns[1], rule_id, book, year.last)
        rows.append(Row((part, content, asked.article)))
    return Sheet("by_hand", "需人工填写", "To be filled in by hand", columns, tuple(rows), keys=2)


def _figures(book: RuleBook, year: Period) -> Iterator[Figure]:
    for figure, rule_id in _plain():
        yield ruled(figure, rule_id, book, year.last)


def _plain() -> Iterator[tuple[Figure, str]]:
    """Yield the figures with the rule that asks for each."""
    yield (
        Figure(
            "contracts",
            "签订转化合同",
            "Contracts signed",
            SIGNED,
            "contracts",
        ),
        "RP-01",
    )
    yield _sum("value", "合同总金额", "Value", "contracts", "amount"), "RP-01"
    for zh in dict.fromkeys(CLASS.values()):
        where = (("class", zh),)
        note = f"{zh}合同，签订日期在本年度"
        yield Figure(f"contracts:{zh}", f"其中：{zh}（项）", zh, note, "contracts", where=where), "TT-RP-04"
        yield _sum(f"value:{zh}", f"　　　{zh}金额", zh, "contracts", "amount", where), "TT-RP-04"
    yield _sum("received", "本年度到账总额", "Received", "receipts", "amount"), "RP-01"
    yield _sum("cash", "现金奖励总额", "Rewards in cash", "cash", "reward"), "RP-01"
    yield Figure("cash_heads", "现金奖励人次", "Heads", "各次发放人数之和", "cash", "sum", "heads"), "RP-01"
    yield _sum("net", "奖励所依据的净收入", "Net income", "cash", "net"), "RP-01"
    yield _sum("shares", "股权奖励总额", "Rewards in shares", "shares", "reward"), "RP-01"
    yield (
        Figure("shares_heads", "股权奖励人次", "Heads", "各次授予人数之和", "shares", "sum", "heads"),
        "RP-01",
    )
    yield (
        Figure(
            "patents",
            "转化专利（件次）",
            "Patents",
            CONVERTED,
            "patents",
        ),
        "RP-01",
    )


def _sum(key: str, zh: str, en: str, sheet: str, of: str, where: tuple[tuple[str, str], ...] = ()) -> Figure:
    return Figure(key, zh, en, f"{zh.strip('　')}：所列明细的金额合计", sheet, "sum", of, where, "wan")
