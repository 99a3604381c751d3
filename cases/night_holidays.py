"""The night's look at holiday data: which years are published, which dates still rest on a guess.

The State Council publishes the days off of a year in November of the year before. From November on the administrator is
told that next year's are missing, and once they are there, what they move.
"""

from datetime import date, datetime

import orjson

from cases.alerts import alert
from cases.db import Database
from cases.nightly import MOST_LINES, Line, StepReport, last_report
from cases.recomputing import Change, recompute
from cases.rulebooks import book_of
from rules.holiday_notices import calendar_of
from rules.packs import PackError

STEP = "holidays"
MISSED_FROM = 11
ORGANIZATIONS = "SELECT id, rule_layers FROM organization ORDER BY id"
PROVISIONAL = (
    "SELECT org_id, count(*) FROM deadline WHERE status = 'open' AND provisional = ? GROUP BY org_id"
)
OWNER = "SELECT org_id FROM conversion_case WHERE id = ?"


def check_holidays(db: Database, now: datetime, on: date) -> StepReport:
    """Say whether the days off of this year and the next are known to every institution, and what rests on a guess.

    Effects: writes messages to administrators, once for each year: that it is missing, and that it was added.
    """
    with db.cursor() as cur:
        layers = {int(id_): str(text) for id_, text in cur.all(ORGANIZATIONS)}
        guessed = {int(id_): int(count) for id_, count in cur.all(PROVISIONAL, True)}
    known = {id_: known_until(text, on) for id_, text in layers.items()}
    before = _before(db, on)
    wanted = wanted_year(on)
    missing = [id_ for id_, year in known.items() if year < wanted]
    added = [id_ for id_, year in known.items() if before.get(id_, year) < year]
    moved = _moved(db, now, on) if added else ()
    lines = [_missing_line(id_, known[id_] + 1, guessed.get(id_, 0)) for id_ in missing]
    lines += [_added_line(id_, known[id_], sum(org == id_ for org, _ in moved)) for id_ in added]
    for line in lines:
        _tell(db, line, known, now)
    lines += [_moved_line(org_id, change) for org_id, change in moved]
    return _report(on, missing, added, sum(guessed.values()), tuple(lines), known)


def wanted_year(on: date) -> int:
    """Return the year whose days off should be known on a day: from November on, the next one."""
    return on.year + (on.month >= MISSED_FROM)


def known_until(layers: str, on: date) -> int:
    """Return the last year, of those from the present one on, whose days off are published without a gap before."""
    try:
        calendar = calendar_of(book_of(layers))
    except PackError:
        return on.year
    year = on.year - 1
    while not calendar.is_provisional(date(year + 1, 6, 1)):
        year += 1
    return year


def _before(db: Database, on: date) -> dict[int, int]:
    last = last_report(db, STEP, on)
    return (
        {int(id_): int(year) for id_, year in orjson.loads(last.next).items()} if last and last.next else {}
    )


def _moved(db: Database, now: datetime, on: date) -> tuple[tuple[int, Change], ...]:
    """Return what the recomputation of this night moves, by institution."""
    changes = [change for change in recompute(db, now, on, dry_run=True).changes if change.moved]
    with db.cursor() as cur:
        return tuple((int(cur.one(OWNER, change.case_id)[0]), change) for change in changes)


def _missing_line(org_id: int, year: int, guessed: int) -> Line:
    return Line(
        f"{year}年的放假安排尚未录入，有{guessed}项期限是暂定日期。国务院办公厅公布通知后，请升级软件或在规则包中补充",
        f"the days off of {year} are not known; {guessed} dates are provisional. Upgrade, or add the notice to a rule pack",
        "/rules", org_id,
    )  # fmt: skip


def _added_line(org_id: int, year: int, moved: int) -> Line:
    return Line(
        f"{year}年的放假安排已经录入，据此变动的期限有{moved}项", f"the days off of {year} are known now and move {moved} dates",
        "/deadlines", org_id,
    )  # fmt: skip


def _moved_line(org_id: int, change: Change) -> Line:
    zh = f"{change.case_no} {change.title}：{change.before}改为{change.after}"
    en = f"{change.case_no} {change.key}: {change.before} becomes {change.after}"
    return Line(zh, en, f"/cases/{change.case_id}?tab=deadlines", org_id)


def _tell(db: Database, line: Line, known: dict[int, int], now: datetime) -> None:
    if line.org_id is None:
        return
    added = line.path == "/deadlines"
    year = known[line.org_id] + (not added)
    kind = f"holidays:{year}:{'added' if added else 'missing'}"
    subject = f"{year}年放假安排{'已录入' if added else '尚未录入'}"
    with db.cursor() as cur:
        alert(cur, line.org_id, kind, subject, [{"title": subject, "note": line.zh}], now)


def _report(
    on: date,
    missing: list[int],
    added: list[int],
    guessed: int,
    lines: tuple[Line, ...],
    known: dict[int, int],
) -> StepReport:
    year = max(known.values(), default=on.year)
    zh = f"放假安排已知至{year}年，暂定日期{guessed}项"
    en = f"days off are known until {year}; {guessed} dates are provisional"
    counts = (("missing", len(missing)), ("added", len(added)), ("provisional", guessed))
    state = orjson.dumps({str(id_): year for id_, year in known.items()}).decode()
    return StepReport(zh, en, not missing, lines[:MOST_LINES], counts, state)
