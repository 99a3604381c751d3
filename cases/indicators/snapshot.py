"""The indicators of a year as the content of a report: what is frozen, compared with a later count, and printed."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from cases.db import cursor_of
from cases.indicators.catalog import GROUPINGS, SECTIONS
from cases.indicators.choices import choices
from cases.indicators.counting import Counted
from cases.indicators.dashboard import Dashboard, read
from cases.indicators.scope import Scope
from cases.indicators.series import Deals
from cases.indicators.words import group_name, made_of, mode_name, shown
from cases.periods import Period
from cases.report_content import Column, Content, Figure, Row, Sheet
from states.modes import STAGES

NOTES = (
    "“待核实”的指标：政策文件点名而未给出计算公式，口径由本单位选定并随数值列示。",
    "比率的分母取统计时的有效专利；以往年度的数值以当年冻结的快照为准，此后记录变化的，重新生成即为新版本并列明差异。",
    "没有任何记录的指标列为“暂无数据”，不记为0。专利数量只作为比率的分母列示，不作为主要指标。",
)
RAW = "原值：金额为分，比率为万分之一，用时为天"


def snapshot(session: Session, org_id: int, year: Period) -> Content:
    """Return the indicators of a year that is over, as they stand now."""
    cur = cursor_of(session, session.get_bind().dialect.name == "postgresql")
    scope = Scope(org_id, year.first.year, year.first, year.last)
    return content_of(read(cur, scope, choices(cur, org_id)))


def content_of(found: Dashboard) -> Content:
    """Return the content of what a page of indicators shows."""
    sheets = (
        _indicators(found), _deals("colleges", "按院系", "By college", "院系", "College", found.colleges),
        _modes(found), _deals("years", "按年度", "By year", "年度", "Year", found.years),
        _deals("months", "按月", "By month", "月份", "Month", found.months), _legs(found), _groups(found),
    )  # fmt: skip
    return Content(tuple(_figures(found)), sheets, NOTES).counted()


def _indicators(found: Dashboard) -> Sheet:
    columns = (
        Column("id", "编号", "Id"), Column("section", "部分", "Part"), Column("name", "指标", "Indicator"),
        Column("shown", "数值", "Value"), Column("made_of", "构成", "Made of"), Column("definition", "口径", "Definition"),
        Column("source", "依据", "Source"), Column("checked", "核对", "Checked"),
        Column("raw", "原值", "Raw value", "count", RAW),
        Column("en", "英文名称", "English"), Column("definition_en", "英文口径", "Definition in English"),
    )  # fmt: skip
    rows = tuple(_row(one) for one in found.figures)
    return Sheet("indicators", "指标", "Indicators", columns, rows)


def _row(one: Counted) -> Row:
    told = one.indicator
    return Row(
        (told.id, SECTIONS[told.section][0], told.zh, shown(one)[0], made_of(one)[0], one.definition.zh,
         "、".join(told.sources), "待核实" if told.confidence == "D" else "", one.value, told.en, one.definition.en)
    )  # fmt: skip


def _figures(found: Dashboard) -> Iterator[Figure]:
    for one in found.figures:
        if one.value is not None:
            told = one.indicator
            yield Figure(
                told.id, told.zh, told.en, one.definition.zh, "indicators", "sum", "raw", (("id", told.id),), told.unit,
                article="、".join(told.sources), confidence=told.confidence,
            )  # fmt: skip


VALUE = Column("value", "合同额", "Contract value", "money")
INCOME = Column("income", "到账", "Income", "money")


def _deals(key: str, zh: str, en: str, by_zh: str, by_en: str, deals: Sequence[Deals]) -> Sheet:
    rows = tuple(Row((one.name or "（未填写）", one.value, one.income)) for one in deals)
    return Sheet(key, zh, en, (Column("name", by_zh, by_en), VALUE, INCOME), rows)


def _modes(found: Dashboard) -> Sheet:
    rows = tuple(Row((mode_name(one.name)[0], one.value, one.income)) for one in found.modes)
    return Sheet("modes", "按转化方式", "By mode", (Column("name", "转化方式", "Mode"), VALUE, INCOME), rows)


def _legs(found: Dashboard) -> Sheet:
    columns = (
        Column("stage", "阶段", "Stage"), Column("college", "院系", "College"), Column("count", "次数", "Times", "count"),
        Column("median", "中位数（天）", "Median (days)", "count"), Column("p90", "九成以内（天）", "p90 (days)", "count"),
    )  # fmt: skip
    rows = tuple(
        Row((STAGES[one.stage][0], one.college or "全部", one.count, one.median, one.p90))
        for one in found.legs
    )
    return Sheet("legs", "阶段用时", "Time of stages", columns, rows, keys=2)


def _groups(found: Dashboard) -> Sheet:
    columns = (
        Column("grouping", "维度", "By"), Column("word", "取值", "Value"), Column("count", "有效专利", "Valid patents", "count"),
    )  # fmt: skip
    rows = tuple(
        Row((GROUPINGS[key].zh, group_name(key, one.word)[0], one.count))
        for key, words in found.groups.items()
        for one in words or ()
    )
    return Sheet("groups", "存量构成", "The stock", columns, rows, keys=2)
