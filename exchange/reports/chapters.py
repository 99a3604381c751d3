"""How a report reads on paper: its chapters in order, each with figures, charts and lists, and what people fill in.

The chapters of the yearly report are those of the yearly notices.
Source: TT-RP-04 (contents of the yearly conversion report of institutions), 促进科技成果转化法 art 21
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cases.report_content import Content, Figure, Sheet, headed, shown
from exchange.reports.charts import Bars, Lines, bars, lines
from rules.money import format_yuan

MOST_ROWS = 60  # of a list on paper; all of them are in the workbook


@dataclass(frozen=True, slots=True)
class Plan:
    """A chapter of a kind of report: which figures by the start of their key, which lists, which part is by hand."""

    title: str
    figures: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    by_hand: str = ""
    charts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as it is printed."""

    title: str
    figures: tuple[tuple[Figure, str], ...]
    charts: tuple[Bars | Lines, ...]
    lists: tuple[Sheet, ...]
    by_hand: tuple[tuple[str, str], ...]


PLANS: Mapping[str, tuple[Plan, ...]] = {
    "yearly": (
        Plan("一、工作情况", by_hand="一、"),
        Plan("二、科技成果", ("patents",), ("patents",), "二、"),
        Plan("三、实施转化", ("contracts", "value", "received"), ("contracts", "receipts"), "三、", ("classes",)),
        Plan("四、产学研合作", ("contracts:技术", "value:技术"), by_hand="四、"),
        Plan("五、绩效与奖励", ("cash", "net", "shares"), ("cash", "shares"), charts=("money",)),
        Plan("六、其他", by_hand="六、"),
    ),
    "monthly": (
        Plan("一、成果", ("signed", "received"), ("signed", "received")),
        Plan("二、在办", ("running", "stage", "mode", "opened", "closed"), ("running",), charts=("stages", "modes")),
        Plan("三、期限与备案", ("late", "filed", "in_time"), ("late", "filed")),
        Plan("四、用时", ("median", "most"), ("legs",), charts=("legs",)),
        Plan("五、平台反馈", ("labeled", "owed"), ("labeled", "owed")),
    ),
    "indicators": (
        Plan("一、转化成果", ("contract", "received", "reward", "open_licenses"), charts=("years", "months", "of_modes")),
        Plan("二、实施与产业化", ("implementation_rate", "industrialization_rate"), charts=("of_colleges",)),
        Plan("三、推进过程", ("evaluated", "screened", "registered", "matched", "opened", "labeled", "fed_back"),
             charts=("coverage",)),
        Plan("四、办理用时", ("feedback_lag", "signing_days"), ("legs",)),
        Plan("五、存量情况", ("valid",), ("groups",)),
        Plan("六、全部指标与口径", (), ("indicators",)),
    ),
}  # fmt: skip
# Columns that a list has in the workbook alone: paper is narrow.
LEFT_OUT: Mapping[str, frozenset[str]] = {
    "indicators": frozenset({"id", "raw", "en", "definition_en"}),
    "contracts": frozenset({"uscc", "registration", "technical", "record_no", "abroad", "title"}),
}


def chapters(kind: str, content: Content) -> tuple[Chapter, ...]:
    """Return the chapters of a report; a kind without a plan has one with all figures and lists."""
    plans = PLANS.get(kind) or (Plan("", ("",), tuple(sheet.key for sheet in content.sheets)),)
    return tuple(_chapter(plan, content) for plan in plans)


def _chapter(plan: Plan, content: Content) -> Chapter:
    held = {sheet.key: sheet for sheet in content.sheets}
    figures = tuple(
        (one, shown(one)) for one in content.figures if plan.figures and one.key.startswith(plan.figures)
    )
    by_hand = held["by_hand"].rows if plan.by_hand and "by_hand" in held else ()
    return Chapter(
        plan.title, figures,
        tuple(chart for key in plan.charts if not (chart := CHARTS[key](content)).is_empty),
        tuple(_narrow(held[key]) for key in plan.lists if key in held and held[key].rows),
        tuple((str(row.cells[1]), str(row.cells[2])) for row in by_hand if str(row.cells[0]).startswith(plan.by_hand)),
    )  # fmt: skip


def _narrow(sheet: Sheet) -> Sheet:
    dropped = LEFT_OUT.get(sheet.key, frozenset())
    kept = [place for place, column in enumerate(sheet.columns) if column.key not in dropped]
    rows = tuple(
        type(row)(tuple(row.cells[place] for place in kept), row.case_id, row.event) for row in sheet.rows
    )
    return Sheet(
        sheet.key, sheet.zh, sheet.en, tuple(sheet.columns[place] for place in kept), rows, sheet.keys
    )


def _of_figures(
    content: Content, title: str, by: str, head: str, start: str, keys: Sequence[str] = ()
) -> Bars:
    chosen = [
        one
        for one in content.figures
        if one.value is not None and (one.key in keys or (start and one.key.startswith(start)))
    ]
    rows = [(headed(one)[0].strip("　").removeprefix("其中："), "", (one.value or 0,)) for one in chosen]
    show = {one.value: shown(one) for one in chosen}
    return bars(title, by, (head,), rows, lambda value: show.get(value, str(value)))


def _of_sheet(content: Content, key: str, title: str) -> Bars:
    sheet = content.sheet(key)
    heads = tuple(headed(column)[0] for column in sheet.columns[1:])
    rows = [(str(row.cells[0]), "", tuple(int(cell or 0) for cell in row.cells[1:])) for row in sheet.rows]
    return bars(title, sheet.columns[0].zh, heads, rows, format_yuan)


def _months(content: Content) -> Lines:
    sheet = content.sheet("months")
    courses = [
        (headed(column)[0], [int(row.cells[place] or 0) for row in sheet.rows])
        for place, column in enumerate(sheet.columns[1:], 1)
    ]
    return lines("各月合同额与到账", "月份", [str(row.cells[0]) for row in sheet.rows], courses, format_yuan)


COVERED = ("evaluated", "screened", "registered", "matched", "implementation_rate", "industrialization_rate")
CHARTS: Mapping[str, Callable[[Content], Bars | Lines]] = {
    "classes": lambda content: _of_figures(content, "各类转化的金额", "转化类别", "金额", "value:"),
    "money": lambda content: _of_figures(content, "收入与奖励", "项目", "金额", "", ("received", "net", "cash", "shares")),
    "stages": lambda content: _of_figures(content, "月末在办案件的阶段", "阶段", "案件", "stage:"),
    "modes": lambda content: _of_figures(content, "月末在办案件的转化方式", "转化方式", "案件", "mode:"),
    "legs": lambda content: _of_figures(content, "各环节用时（中位数）", "环节", "用时", "median:"),
    "years": lambda content: _of_sheet(content, "years", "近五年合同额与到账"),
    "months": _months,
    "of_modes": lambda content: _of_sheet(content, "modes", "各转化方式合同额与到账"),
    "of_colleges": lambda content: _of_sheet(content, "colleges", "各院系合同额与到账"),
    "coverage": lambda content: _of_figures(content, "从存量到产业化", "环节", "占有效专利", "", COVERED),
}  # fmt: skip
