"""Our labels beside what the platform shows, and how good and how prompt the feedback is.

Both are contents like every report: figures with the rows behind them, the same bytes for the same record.
Source: S2-25 (continuous feedback with data checks), S2-32 (monthly report on quality and lag), S3-30; RP-04
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import median_low

from sqlmodel import Session

from cases.feedback_view import OPEN, STATES, Shown, Told, all_told, platform_list
from cases.report_content import NO, YES, Cell, Column, Content, Figure, Row, Sheet, ruled
from rules.packs import RuleBook
from rules.text import fold

RULE = "RP-04"
KINDS: Mapping[str, tuple[str, str, str]] = {
    "missing_there": ("平台缺少", "missing there", "本单位有、平台没有：核对后在平台补报，或撤回本单位的记录"),
    "missing_here": ("本单位缺少", "missing here", "平台有、本单位没有：补登记，或请平台更正"),
    "label": ("类别不同", "label differs", "同一专利双方类别不同：核对合同后更正一方"),
    "date": ("日期不同", "date differs", "核对证明材料上的日期后更正一方"),
    "party": ("对方不同", "party differs", "核对合同当事人名称后更正一方"),
    "not_recorded": ("采纳未登记", "accepted, not recorded", "平台已采纳，案件尚未登记反馈：在案件中登记平台反馈"),
    "returned": ("平台退回", "returned", "按退回原因更正后重新反馈"),
}  # fmt: skip
_DIFFERENCES = (
    Column("kind", "差异", "Difference"), Column("patent_no", "专利号", "Patent"), Column("title", "专利名称", "Title"),
    Column("college", "院系", "College"), Column("label", "本单位类别", "Our label"),
    Column("on", "本单位日期", "Our day", "day"),
    Column("party", "本单位对方", "Our party"), Column("their_label", "平台类别", "Their label"),
    Column("their_on", "平台日期", "Their day", "day"), Column("their_party", "平台对方", "Their party"),
    Column("number", "平台编号", "Their number"), Column("answer", "平台答复", "Answer"), Column("case_no", "案件编号", "Case"),
    Column("do", "如何处理", "What to do"),
)  # fmt: skip
_EVENTS = (
    Column("patent_no", "专利号", "Patent"), Column("title", "专利名称", "Title"), Column("college", "院系", "College"),
    Column("label", "反馈类别", "Label"), Column("on", "发生日期", "Day", "day"), Column("due", "反馈期限", "Due", "day"),
    Column("reported_on", "反馈日期", "Fed back", "day"), Column("lag", "滞后（天）", "Lag (days)", "count",
    "从发生到反馈的日历天数；未反馈的算到今日"), Column("state", "状态", "State"), Column("open", "待反馈", "Open"),
    Column("late", "超期", "Late", note="反馈晚于期限，或期限已过仍未反馈"), Column("faulty", "有疑点", "Doubtful"),
    Column("faults", "数据疑点", "Doubts"), Column("case_no", "案件编号", "Case"),
)  # fmt: skip
_COLLEGES = (
    Column("college", "院系", "College"), Column("count", "事件数", "Events", "count"), Column("open", "待反馈", "Open", "count"),
    Column("late", "超期", "Late", "count"), Column("median", "滞后中位数（天）", "Median lag", "count"),
    Column("most", "最长滞后（天）", "Longest lag", "count"), Column("faulty", "有疑点", "Doubtful", "count"),
)  # fmt: skip
NO_COLLEGE = "（未填院系）"
LAG_NOTE = "从发生到反馈的日历天数，未反馈的算到今日"


def comparison(session: Session, org_id: int, today: date, book: RuleBook) -> Content:
    """Return where our labels and the platform differ: against the last list taken from it, and its answers."""
    ours = [one for one in all_told(session, org_id, today) if one.state != "withdrawn"]
    shown, taken = platform_list(session, org_id)
    theirs = [one for one in shown if one.is_last]
    rows = [*_from_list(ours, theirs), *_from_answers(ours)] if taken else [*_from_answers(ours)]
    rows.sort(key=lambda row: (list(KINDS).index(row.event), tuple(str(cell or "") for cell in row.cells)))
    named = tuple(Row((KINDS[row.event][0], *row.cells, KINDS[row.event][2]), row.case_id) for row in rows)
    sheet = Sheet("differences", "差异", "Differences", _DIFFERENCES, named, keys=len(_DIFFERENCES))
    figures = [ruled(Figure("all", "差异", "Differences", "全部差异", "differences"), RULE, book, today)]
    figures += [
        Figure(key, zh, en, what, "differences", where=(("kind", zh),))
        for key, (zh, en, what) in KINDS.items()
    ]
    when = (
        f"平台清单导入时间：{taken.date().isoformat()}，本单位专利{len(theirs)}条。"
        if taken
        else "尚未导入平台清单，只比对平台的逐条答复。"
    )
    note = "平台的导出栏目未公开，按列名识别，可在映射文件中改列名（待核实）。"
    return Content(tuple(figures), (sheet,), (when, note)).counted()


def _from_list(ours: Sequence[Told], theirs: Sequence[Shown]) -> Iterator[Row]:
    held, shown = _by_key(ours), {one.key: one for one in theirs}
    alone_here = [one for one in ours if one.key not in shown]
    alone_there = [one for one in theirs if one.key not in held]
    pairs = _same_patent(alone_here, alone_there)
    for here, there in pairs:
        yield _row("label", here, there)
    paired = {id(one) for pair in pairs for one in pair}
    for here in alone_here:
        if id(here) not in paired and here.state not in OPEN:
            yield _row("missing_there", here, None)
    for there in alone_there:
        if id(there) not in paired:
            yield _row("missing_here", None, there)
    for key, here in held.items():
        if key in shown:
            yield from _unlike(here, shown[key])


def _by_key(ours: Iterable[Told]) -> dict[tuple[int, str], Told]:
    """Return the latest of our labels by patent and label."""
    found: dict[tuple[int, str], Told] = {}
    for one in ours:
        found.setdefault(one.key, one)
    return found


def _same_patent(ours: Sequence[Told], theirs: Sequence[Shown]) -> list[tuple[Told, Shown]]:
    """Pair what remains on both sides of a patent: the same event under another label."""
    by_patent: dict[int, list[Shown]] = defaultdict(list)
    for there in theirs:
        by_patent[there.patent.id].append(there)
    pairs = []
    for here in ours:
        waiting = by_patent[here.patent.id]
        if waiting:
            pairs.append((here, waiting.pop(0)))
    return pairs


def _unlike(here: Told, there: Shown) -> Iterator[Row]:
    if there.on and there.on != here.on:
        yield _row("date", here, there)
    if there.party and here.party and fold(there.party) not in fold(here.party):
        yield _row("party", here, there)


def _from_answers(ours: Sequence[Told]) -> Iterator[Row]:
    for one in ours:
        if one.state == "returned":
            yield _row("returned", one, None)
        if one.state == "accepted" and one.reported_on is None:
            yield _row("not_recorded", one, None)


def _row(kind: str, here: Told | None, there: Shown | None) -> Row:
    patent = here.patent if here else there.patent if there else None
    if patent is None:
        raise ValueError("a difference without a patent")
    ours: tuple[Cell, ...] = (here.label, here.on.isoformat(), here.party) if here else ("", None, "")
    their: tuple[Cell, ...] = (
        (there.label, there.on.isoformat() if there.on else None, there.party, there.number)
        if there
        else ("", None, "", "")
    )
    told = (here.answer, here.case_no) if here else ("", "")
    cells = (patent.shown_no, patent.title, patent.college, *ours, *their, *told)
    return Row(cells, here.case_id or None if here else None, kind)


def quality(session: Session, org_id: int, today: date, book: RuleBook) -> Content:
    """Return how prompt and how sound the feedback is: every event with its lag, and the colleges."""
    ours = [one for one in all_told(session, org_id, today) if one.state != "withdrawn"]
    doubts = _doubts(ours, today)
    rows = tuple(_event_row(one, doubts.get(id(one), ()), today) for one in ours)
    events = Sheet("events", "逐条", "Events", _EVENTS, rows, keys=5)
    colleges = Sheet("colleges", "按院系", "By college", _COLLEGES, tuple(_colleges(ours, doubts, today)))
    figures = (
        Figure("events", "反馈事件", "Events", "专利×反馈类别，不含已撤回", "events"),
        ruled(Figure("open", "待反馈", "Open", "尚未反馈或被退回", "events", where=(("open", YES),)), RULE, book, today),
        Figure("late", "超期", "Late", "反馈晚于期限，或期限已过仍未反馈", "events", where=(("late", YES),)),
        Figure("median", "滞后中位数", "Median lag", LAG_NOTE, "events", "median", "lag", shape="days"),
        Figure("most", "最长滞后", "Longest lag", LAG_NOTE, "events", "most", "lag", shape="days"),
        Figure("faulty", "有疑点", "Doubtful", "数据检查未通过的条数", "events", where=(("faulty", YES),)),
    )  # fmt: skip
    note = "政策文件只要求“及时”，反馈天数是本单位的规定；统计口径为本单位自定。"
    return Content(figures, (events, colleges), (note,)).counted()


def _event_row(one: Told, doubts: Sequence[str], today: date) -> Row:
    cells: tuple[Cell, ...] = (
        one.patent.shown_no, one.patent.title, one.patent.college or NO_COLLEGE, one.label, one.on.isoformat(),
        one.due.isoformat() if one.due else None, one.reported_on.isoformat() if one.reported_on else None,
        one.lag(today), STATES[one.state][0], _yes(one.state in OPEN), _yes(_is_late(one, today)), _yes(bool(doubts)),
        "；".join(doubts), one.case_no,
    )  # fmt: skip
    return Row(cells, one.case_id or None)


def _yes(holds: bool) -> str:
    return YES if holds else NO


def _is_late(one: Told, today: date) -> bool:
    told = one.reported_on or (None if one.state == "accepted" else today)
    return one.due is not None and told is not None and told > one.due


def _colleges(ours: Sequence[Told], doubts: Mapping[int, Sequence[str]], today: date) -> Iterator[Row]:
    by_college: dict[str, list[Told]] = defaultdict(list)
    for one in ours:
        by_college[one.patent.college or NO_COLLEGE].append(one)
    for college, found in sorted(by_college.items()):
        lags = [one.lag(today) for one in found]
        yield Row((
            college, len(found), sum(one.state in OPEN for one in found), sum(_is_late(one, today) for one in found),
            median_low(lags), max(lags), sum(id(one) in doubts for one in found),
        ))  # fmt: skip


# What may be wrong with one label, and what people are told.
_CHECKS: tuple[tuple[str, Callable[[Told, date], bool]], ...] = (
    ("没有写明对方当事人", lambda one, _today: not one.party),
    ("反馈日期早于发生日期", lambda one, _today: bool(one.reported_on and one.reported_on < one.on)),
    ("发生日期早于专利申请日", lambda one, _today: bool(one.patent.filing_date and one.on < one.patent.filing_date)),
    ("没有院系，无法归集", lambda one, _today: not one.patent.college),
    ("没有反馈期限", lambda one, _today: one.due is None),
)  # fmt: skip


def _doubts(ours: Sequence[Told], today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    seen: dict[tuple[int, str, str], Told] = {}
    for one in ours:
        told = [text for text, holds in _CHECKS if holds(one, today)]
        twin = seen.setdefault((*one.key, fold(one.party)), one)
        if twin is not one and twin.by_hand != one.by_hand:
            told.append("同一类别与对方既有案件又有手工登记，可能重复")
        if told:
            found[id(one)] = told
    return found
