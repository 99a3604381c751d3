"""The night's work on indicators: the facts of changed cases and patents, and the sums of all institutions."""

from datetime import date, datetime

from cases.db import Database
from cases.indicators.facts import catch_up
from cases.indicators.nation import count_all
from cases.night_fees import ORGANIZATIONS
from cases.nightly import StepReport


def count_indicators(db: Database, now: datetime, on: date) -> StepReport:
    """Count what has changed since, in every institution, and what all of them add up to this year.

    Effects: those of `catch_up` and `count_all`.
    """
    with db.looking() as cur:
        orgs = [int(row[0]) for row in cur.all(ORGANIZATIONS)]
    cases = sum(catch_up(db, org_id, now, thoroughly=True) for org_id in orgs)
    counts = count_all(db, on)
    return StepReport(
        f"重新统计{cases}个有变化的案件，更新{counts}项指标",
        f"{cases} changed cases counted again, {counts} indicators brought up to date",
        counts=(("cases", cases), ("indicators", counts)),
    )
