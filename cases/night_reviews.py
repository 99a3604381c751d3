"""The night's look at grades: which patents are to be looked at again, told to the officers once a month.

Source: 国知发运字〔2025〕16号 (S2-15): grades and classes are managed as they change; the yearly rhythm is derived (ST-03)
"""

from datetime import date, datetime

from cases.db import Database
from cases.delivering import tell
from cases.nightly import Line, StepReport
from cases.settings import Settings
from cases.trail import hold_org

OVERDUE = "SELECT org_id, count(*) FROM patent_profile WHERE review_on < ? GROUP BY org_id ORDER BY org_id"
OFFICERS = "SELECT id FROM app_user WHERE org_id = ? AND role = 'officer' AND active = ? ORDER BY id"
PAGE = "/pool?view=review"


def tell_overdue_reviews(db: Database, now: datetime, on: date) -> StepReport:
    """Tell the officers of every institution how many grades are to be looked at again.

    Effects: writes one message to each officer and month while there are any.
    """
    with db.cursor() as cur:
        overdue = [(int(org_id), int(count)) for org_id, count in cur.all(OVERDUE, cur.day(on))]
    for org_id, count in overdue:
        _tell(db, org_id, count, now, on)
    total = sum(count for _, count in overdue)
    lines = tuple(
        Line(f"{count}件专利的分级已到复核日期", f"{count} grades are to be reviewed", PAGE, org_id)
        for org_id, count in overdue
    )
    return StepReport(
        f"分级复核：{total}件已到期",
        f"grades to be reviewed: {total}",
        lines=lines,
        counts=(("overdue", total),),
    )


def _tell(db: Database, org_id: int, count: int, now: datetime, on: date) -> None:
    subject = f"专利分级复核：{count}件已到复核日期"
    line = {"title": subject, "note": "请复核等级和分类，并更新复核日期", "path": PAGE}
    with db.cursor() as cur:
        hold_org(cur, org_id)
        readers = [id_ for (id_,) in cur.all(OFFICERS, org_id, True)]
        mail = bool(Settings.from_environment().smtp_host)
        tell(cur, org_id, readers, f"grade_review:{on:%Y-%m}", subject, [line], now, mail=mail)
