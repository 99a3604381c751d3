"""The daily sweep of reminders over a million open deadlines, against looking at every one that could be due.

`python -m bench.sweep [DEADLINES]`. Ten organizations with fifty officers each; every case has ten deadlines. Printed
for each database: the seconds of the sweep when none, 2,000 and 20,000 deadlines have a rung to be told, with the
messages, ledger rows and outbox rows that it writes, and the seconds of reading all deadlines within the longest ladder,
as the sweep did before deadlines knew the day of their next reminder (reading and deciding only, nothing written).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.databases import fresh, postgres
from cases.db import Cursor, Database, as_date
from cases.reminders import RemindReport, remind
from cases.schema import upgrade
from rules.ladder import Ladder

DEADLINES = 1_000_000
ORGANIZATIONS, OFFICERS, PER_CASE = 10, 50, 10
DAY = date(2026, 6, 1)  # a Monday
RUNGS, OVERDUE = (60, 30, 7, 1, 0), (1, 7, 30)
FARTHEST = 120
MOMENT = datetime(2026, 5, 1, tzinfo=UTC)

# `{n}` counts from 1; the databases differ in how they count and in how they add days.
PEOPLE = (
    "INSERT INTO app_user (org_id, login, name, email, role, password_hash, language, active, feed_hash, "
    "failed_sign_ins, created_at) SELECT 1 + ({n} - 1) % {orgs}, 'officer' || {n}, '转化专员', "
    "'officer' || {n} || '@example.invalid', 'officer', '', 'zh', ?, '', 0, ? FROM {count}"
)
CASES = (
    "INSERT INTO conversion_case (org_id, number, mode, title, officer_id, chart_version, state, stage, data, terms, "
    "terms_facts, version, trail_seq, trail_head, opened_on, created_at, updated_at) "
    "SELECT 1 + ({n} - 1) % {orgs}, 'ZH2026-' || {n}, 'exclusive_license', '锂电池隔膜独占许可', 1 + ({n} - 1) % {people}, "
    "1, 'signed', 'performance', '{{}}', '{{}}', '{{}}', 1, 1, '', ?, ?, ? FROM {count}"
)
DUES = (
    "INSERT INTO deadline (org_id, case_id, key, title, title_en, kind, rule_id, rule_version, confidence, article, "
    "base_event, base_date, period, nominal, due, roll, provisional, explanation, rungs, overdue_rungs, who, owner_id, "
    "next_on, status, opened_seq, created_at) "
    "SELECT 1 + (c - 1) % {orgs}, c, 'payment:' || {n}, '合同款到期', 'Payment due', 'contract', 'PAYMENT', '2026.1', 'V', "
    "'民法典第846条', 'contract_payment', ?, '', {due}, {due}, 'none', ?, ?, '60,30,7,1,0', '1,7,30', 'officer', "
    "1 + (c - 1) % {people}, {next_on}, 'open', 1, ? FROM (SELECT {n}, 1 + ({n} - 1) % {cases} AS c FROM {count}) AS held"
)
REACH = "UPDATE deadline SET due = ?, next_on = ? WHERE id > ? AND id <= ?"
FORMER = (
    "SELECT d.id, d.org_id, d.case_id, d.title, d.due, d.kind, d.rungs, d.overdue_rungs, d.owner_id, d.confidence, "
    "d.article, c.number, c.title, d.who FROM deadline d JOIN conversion_case c ON c.id = d.case_id "
    "WHERE d.status = 'open' AND d.due <= ? AND d.id > ? ORDER BY d.id LIMIT 2000"
)
WRITTEN = (
    "SELECT (SELECT COUNT(*) FROM message), (SELECT COUNT(*) FROM reminder), (SELECT COUNT(*) FROM outbox)"
)


@dataclass(frozen=True, slots=True)
class Round:
    """One sweep: how many were due, what it did, its seconds, and those of the scan of the same day."""

    due: int
    report: RemindReport
    seconds: float
    scan: float
    written: tuple[int, int, int]


def fill(db: Database, count: int) -> None:
    """Write organizations, officers, cases and deadlines, none of which has a rung to be told on the day."""
    people, cases = ORGANIZATIONS * OFFICERS, max(1, count // PER_CASE)
    far = "? + 71 + {n} % 600", "? + 11 + {n} % 600"
    lite = "date(?, '+' || (71 + {n} % 600) || ' days')", "date(?, '+' || (11 + {n} % 600) || ' days')"
    with db.cursor() as cur:
        for number in range(ORGANIZATIONS):
            cur.run(
                "INSERT INTO organization (name, uscc, address, legal_representative, contact, phone, email, bank, account, "
                "name_en, address_en, rule_layers, house, trail_seq, trail_head, created_at) "
                "VALUES (?, '', '', '', '', '', '', '', '', '', '', 'national,house', '', 0, '', ?)",
                f"大学{number + 1}", cur.moment(MOMENT),
            )  # fmt: skip
        day, moment = cur.day(DAY), cur.moment(MOMENT)
        due, next_on = (text.format(n="n") for text in (far if db.postgres else lite))
        if db.postgres:
            due, next_on = due.replace("?", "?::date"), next_on.replace("?", "?::date")
        cur.run(_filled(PEOPLE, db, people), True, moment)
        cur.run(_filled(CASES, db, cases, people=people), day, moment, moment)
        told = '{"zh":[],"en":[],"internal":null}'
        cur.run(
            _filled(DUES, db, count, people=people, due=due, next_on=next_on),
            day, day, day, False, told, day, moment,
        )  # fmt: skip
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _filled(sql: str, db: Database, count: int, **parts: object) -> str:
    series = f"generate_series(1, {count}) AS n" if db.postgres else (
        f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s) AS s"
    )  # fmt: skip
    return sql.format(n="n", count=series, orgs=ORGANIZATIONS, cases=max(1, count // PER_CASE), **parts)


def sweep(db: Database, due: int, after: int, on: date) -> Round:
    """Let so many deadlines reach a rung on a day, and measure both ways."""
    with db.cursor() as cur:
        cur.run(REACH, cur.day(on + timedelta(days=30)), cur.day(on), after, after + due)
        before = _written(cur)
    now = datetime.combine(on, time(1, tzinfo=UTC))
    scan = _seconds(lambda: former(db, on))
    start = perf_counter()
    report = remind(db, on, now, mail=True)
    seconds = perf_counter() - start
    with db.cursor() as cur:
        messages, rows, outbox = (new - old for new, old in zip(_written(cur), before, strict=True))
    if (report.examined, report.reminders) != (due, due):
        raise ValueError(f"{due} were due, and the sweep told {report}")
    return Round(due, report, seconds, scan, (messages, rows, outbox))


def former(db: Database, on: date) -> int:
    """Read every deadline within the longest ladder and decide for each; return how many have reached a rung."""
    last = reached = 0
    ladder = Ladder(RUNGS, OVERDUE)
    with db.cursor() as cur:
        while rows := cur.all(FORMER, cur.day(on + timedelta(days=FARTHEST)), last):
            reached += sum(bool(ladder.reached(((as_date(row[4]) or on) - on).days)) for row in rows)
            last = rows[-1][0]
    return reached


def _written(cur: Cursor) -> tuple[int, int, int]:
    found = cur.one(WRITTEN)
    return int(found[0]), int(found[1]), int(found[2])


def _seconds(what: Callable[[], object]) -> float:
    start = perf_counter()
    what()
    return perf_counter() - start


def measure(db: Database, count: int, dues: tuple[int, ...] = (0, 2000, 20_000)) -> list[Round]:
    """Fill a database and sweep it on working days that follow one another, each with another number of due dates."""
    upgrade(db)
    fill(db, count)
    remind(db, DAY - timedelta(days=1), MOMENT)  # the first sweep of an organization notes its ladders
    return [
        sweep(db, due, sum(dues[:number]), DAY + timedelta(days=number)) for number, due in enumerate(dues)
    ]


def told(name: str, found: Round, count: int) -> str:
    """Return the line of one sweep."""
    messages, rows, outbox = found.written
    return (
        f"{name}: {found.due:,} due of {count:,}: {found.seconds:.2f} s ({messages} messages, {rows} ledger rows, "
        f"{outbox} letters); reading all within the ladder {found.scan:.2f} s, {found.scan / found.seconds:.1f} times as long"
    )


def main() -> None:
    """Measure SQLite and PostgreSQL and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEADLINES
    with TemporaryDirectory(prefix="panhuo-bench-") as folder:
        lite = Database(f"sqlite:///{folder}/panhuo.db")
        for found in measure(lite, count):
            sys.stdout.write(told("SQLite", found, count) + "\n")
        lite.dispose()
        server = Path(folder) / "server"
        server.mkdir()
        with postgres(server) as address, fresh(address) as db:
            for found in measure(db, count):
                sys.stdout.write(told("PostgreSQL", found, count) + "\n")


if __name__ == "__main__":
    main()
