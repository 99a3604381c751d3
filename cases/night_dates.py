"""The night's work on dates and amounts: recomputing what was a guess, and checking everything a second time."""

from datetime import date, datetime

from cases.db import Database
from cases.nightly import MOST_LINES, Line, StepReport
from cases.rechecking import recheck
from cases.recomputing import recompute

OWNERS = "SELECT id, org_id FROM conversion_case WHERE id IN :ids"
OPENED = "SELECT org_id, count(*) FROM review_item WHERE status = 'open' GROUP BY org_id ORDER BY org_id"


def recompute_dates(db: Database, now: datetime, on: date) -> StepReport:
    """Recompute every open date that rests on a calendar that was not known; their owners are told what moved.

    Effects: those of `cases.recomputing.recompute`.
    """
    report = recompute(db, now, on)
    moved = [change for change in report.changes if change.moved]
    with db.cursor() as cur:
        owners = dict(cur.of_many(OWNERS, [change.case_id for change in moved[:MOST_LINES]]))
    lines = tuple(
        Line(
            f"{change.case_no} {change.title}：{change.before}改为{change.after}",
            f"{change.case_no} {change.key}: {change.before} becomes {change.after}",
            f"/cases/{change.case_id}?tab=deadlines", owners[change.case_id],
        )
        for change in moved[:MOST_LINES]
    )  # fmt: skip
    confirmed = len(report.changes) - len(moved)
    zh = f"检查{report.examined}个案件的暂定日期：{len(moved)}项变动，{confirmed}项确认"
    en = f"provisional dates of {report.examined} cases: {len(moved)} moved, {confirmed} confirmed"
    counts = (("examined", report.examined), ("moved", len(moved)), ("confirmed", confirmed))
    return StepReport(zh, en, True, lines, counts)


def check_again(db: Database, now: datetime, on: date) -> StepReport:
    """Check stored dates, fees and shares by the second computation; differences wait as review items.

    Effects: those of `cases.rechecking.recheck`.
    """
    report = recheck(db, now, on)
    with db.cursor() as cur:
        waiting = cur.all(OPENED)
    lines = tuple(
        Line(f"{count}项复核事项待核对", f"{count} review items are open", "/reviews", org_id)
        for org_id, count in waiting
    )
    zh = (
        f"复核{report.deadlines}项期限、{report.patents}件专利、{report.distributions}次收益分配：{report.differ}处不一致，"
        f"新增复核事项{report.opened}项"
    )
    en = (
        f"{report.deadlines} dates, {report.patents} patents and {report.distributions} distributions checked: "
        f"{report.differ} differences, {report.opened} new review items"
    )
    counts = tuple((name, count) for name, count in report.as_json().items() if isinstance(count, int))
    return StepReport(zh, en, not report.differ, lines[:MOST_LINES], counts)
