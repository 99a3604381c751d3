"""The page of indicators over a city's patents, and the figures of the whole nation, against counting row by row.

`python -m bench.indicators [PATENTS]` fills SQLite with one institution of 43,000 patents (Shanghai's stock);
`python -m bench.indicators --nation [PATENTS]` fills PostgreSQL with 1,349,000 patents of 2,700 institutions. Printed: the
milliseconds of the whole page (every figure, all charts) as median and slowest of the rounds, of a page of rows behind a
figure, and of the same figures about patents counted in Python from the rows, in the same run. Both are checked to agree.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TypeVar

from bench.databases import fresh, postgres
from cases.db import Cursor, Database
from cases.indicators.counting import behind
from cases.indicators.dashboard import Dashboard, dashboard, read
from cases.indicators.nation import count_all, summed
from cases.indicators.opened import opened
from cases.indicators.scope import scope_of
from cases.schema import upgrade

T = TypeVar("T")
CITY, NATION, INSTITUTIONS = 43_000, 1_349_000, 2_700
ROUNDS = 7
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MADE = "已由被许可人实现产业化"
PER_CASE = 12  # one patent in so many is in a case
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
MODES = "CASE i % 4 WHEN 0 THEN 'transfer' WHEN 1 THEN 'exclusive_license' WHEN 2 THEN 'development' ELSE 'ordinary_license' END"  # noqa: E501


def fill(db: Database, patents: int, institutions: int) -> None:
    """Write the institutions, their patents, profiles, cases, labels and counted facts, by a few statements."""
    moment = "'2026-01-05 02:00:00.000000'" if not db.postgres else "TIMESTAMPTZ '2026-01-05 02:00:00+00'"
    cases = patents // PER_CASE
    with db.cursor() as cur:
        for statement, count in _statements(db.postgres, moment, patents, institutions, cases):
            cur.run(_counting(db.postgres, statement, count))
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _counting(is_postgres: bool, statement: str, count: int) -> str:
    """Let the statement run over the numbers from 1 to `count`."""
    numbers = (
        f"generate_series(1, {count})" if is_postgres else f"({NUMBERS.format(count=count)}SELECT i FROM n)"
    )
    return statement.replace(" FROM n", f" FROM {numbers} AS {'n(i)' if is_postgres else 'n'}")


def _day(is_postgres: bool, days: str, first: str = "2014-01-01") -> str:
    return f"DATE '{first}' + ({days})" if is_postgres else f"date('{first}', '+' || ({days}) || ' days')"


def _statements(
    pg: bool, moment: str, patents: int, institutions: int, cases: int
) -> tuple[tuple[str, int], ...]:
    org = f"1 + i % {institutions}"
    granted, happened = _day(pg, "i % 4300"), _day(pg, "i % 1000", "2024-02-01")
    true, false = ("TRUE", "FALSE") if pg else ("1", "0")
    return (
        ("INSERT INTO organization (id, name, uscc, address, legal_representative, contact, phone, email, bank, account, "
         "name_en, address_en, rule_layers, house, trail_seq, trail_head, created_at) SELECT i, '大学' || i, '', '', '', '', "
         f"'', '', '', '', '', '', 'national,house', '', 0, '', {moment} FROM n", institutions),
        ("INSERT INTO app_user (id, org_id, login, name, email, role, password_hash, language, active, feed_hash, "
         f"failed_sign_ins, created_at) SELECT i, i, 'o' || i, '专员', '', 'officer', '', 'zh', {true}, '', 0, {moment} FROM n",
         institutions),
        ("INSERT INTO patent (id, org_id, application_no, kind, title, owners, inventors, filing_date, grant_date, "
         "publication_no, ipc, address, college, status, flags, fee_reduction, fee_payer, content_hash, created_at, updated_at) "
         f"SELECT i, {org}, '2014' || (100000000 + i), CASE WHEN i % 3 = 0 THEN 'utility' ELSE 'invention' END, '一种方法' || i, "
         f"'[]', '[]', {granted}, {granted}, '', 'H01M', '', '学院' || (i % 20), "
         f"CASE WHEN i % 10 = 0 THEN 'lapsed' ELSE 'in_force' END, '[]', '', '', '', {moment}, {moment} FROM n", patents),
        ("INSERT INTO patent_profile (patent_id, org_id, grade, patent_class, industry, maturity, prospect, scenario, "
         "willingness, implementation, self_score, in_pool, key_project, disposal, updated_at) SELECT i, "
         f"{org}, CASE i % 5 WHEN 0 THEN 'A' WHEN 1 THEN 'B' WHEN 2 THEN 'C' ELSE '' END, '类' || (i % 6), '[]', "
         "CASE i % 4 WHEN 0 THEN 'lab' WHEN 1 THEN 'pilot' ELSE '' END, '', '', '[]', "
         "CASE WHEN i % 50 = 0 THEN 'own' ELSE '' END, "
         f"i % 100, CASE WHEN i % 3 = 0 THEN {true} ELSE {false} END, {false}, "
         f"CASE WHEN i % 11 = 0 THEN 'keep' ELSE '' END, {moment} FROM n WHERE i % 4 <> 3", patents),
        ("INSERT INTO conversion_case (id, org_id, number, mode, title, officer_id, chart_version, state, stage, data, terms, "
         f"terms_facts, version, trail_seq, trail_head, opened_on, created_at, updated_at) SELECT i, {org}, 'ZH' || i, {MODES}, "
         f"'案件' || i, {org}, 1, '', 'performance', '{{}}', '{{}}', '{{}}', 1, 0, '', {happened}, {moment}, {moment} "
         "FROM n", cases),
        (f"INSERT INTO counted_case (case_id, org_id, version, counted_at) SELECT i, {org}, 1, {moment} FROM n", cases),
        (f"INSERT INTO case_patent (case_id, patent_id, org_id) SELECT i, i, {org} FROM n", cases),
        ("INSERT INTO label_event (org_id, case_id, patent_id, label, \"on\", evidence, created_at) SELECT "
         f"{org}, i, i, CASE WHEN i % 7 = 0 THEN '{MADE}' ELSE '已转让' END, {happened}, '', {moment} FROM n", cases),
        *(
            ("INSERT INTO case_fact (org_id, case_id, kind, seq, name, mode, college, happened_on, began_on, days, amount_fen, "
             f"base_fen, heads) SELECT {org}, i, '{kind}', {seq}, '{name}', {MODES}, '学院' || (i % 20), {happened}, {happened}, "
             f"i % 97, 1000000 + i % 9999, 2000000, 3 FROM n", cases)
            for seq, (kind, name) in enumerate((
                ("opened", ""), ("contract", "合同"), ("receipt", ""), ("cash", ""), ("leg", "preparation"), ("leg", "contract"),
                ("label", "已转让"),
            ), 1)
        ),
    )  # fmt: skip


def row_by_row(cur: Cursor, org_id: int | None, last: date) -> tuple[dict[str, int], dict[str, int]]:
    """Count the figures about patents, and their grades, in Python from the rows."""
    own = "" if org_id is None else f" WHERE org_id = {org_id:d}"
    profiles = {
        row[0]: row[1:]
        for row in cur.all(
            f"SELECT patent_id, grade, self_score, central_score, in_pool, disposal, implementation FROM patent_profile{own}"  # noqa: S608
        )
    }
    used, made = set(), set()
    for patent_id, label in cur.all(f"SELECT patent_id, label FROM label_event{own}"):  # noqa: S608
        used.add(patent_id)
        if label == MADE:
            made.add(patent_id)
    matched = {row[0] for row in cur.all(f"SELECT patent_id FROM case_patent{own}")}  # noqa: S608
    counts = dict.fromkeys(
        (
            "valid",
            "evaluated",
            "screened",
            "registered",
            "matched",
            "implementation_rate",
            "industrialization_rate",
        ),
        0,
    )
    grades: dict[str, int] = {}
    for patent_id, status, granted in cur.all(f"SELECT id, status, grant_date FROM patent{own}"):  # noqa: S608
        if status not in ("in_force", "in_grace") or str(granted) > last.isoformat():
            continue
        grade, own_score, panel, in_pool, disposal, use = profiles.get(
            patent_id, ("", None, None, False, "", "")
        )
        counts["valid"] += 1
        counts["evaluated"] += own_score is not None or panel is not None
        counts["screened"] += bool(grade or in_pool or disposal)
        counts["registered"] += bool(in_pool)
        counts["matched"] += patent_id in matched
        counts["implementation_rate"] += patent_id in used
        counts["industrialization_rate"] += patent_id in made or use == "industrialized"
        grades[grade] = grades.get(grade, 0) + 1
    return counts, grades


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of several rounds: median and slowest by the clock, and the median of this process's own work."""

    middle: float
    slowest: float
    own: float

    def __str__(self) -> str:
        return f"{self.middle:.0f} ms (slowest {self.slowest:.0f}, of the processor {self.own:.0f})"


def timed(what: Callable[[], T], rounds: int) -> tuple[T, Times]:
    """Return what came of it, and how long it took."""
    taken, own = [], []
    for _ in range(rounds):
        started, worked = perf_counter(), process_time()
        found = what()
        taken.append((perf_counter() - started) * 1000)
        own.append((process_time() - worked) * 1000)
    return found, Times(median(taken), max(taken), median(own))


def check(found: Dashboard, counts: dict[str, int], grades: dict[str, int]) -> None:
    """Compare both ways.

    Raises: ValueError.
    """
    told = {key: found.figure(key).part for key in counts}
    groups = {one.word: one.count for one in found.groups["grade"] or ()}
    if told != counts or groups != grades:
        raise ValueError(f"the two ways differ: {told} {counts} {groups} {grades}")


def measure(db: Database, patents: int, institutions: int) -> str:
    """Fill a database, measure and return the line about it."""
    upgrade(db)
    started = perf_counter()
    fill(db, patents, institutions)
    filled = perf_counter() - started
    org_id = 1 if institutions == 1 else None
    scope = scope_of(org_id, 2026, NOW.date())

    def page() -> Dashboard:
        if org_id is not None:
            return dashboard(db, scope, NOW)
        with db.looking() as cur:
            return read(cur, scope, {})

    found, whole = timed(page, ROUNDS if org_id else 1)
    with db.looking() as cur:
        what = opened("implementation_rate", "over", {})
        _, rows = timed(lambda: behind(cur, scope, what.part, 3), 1 if org_id is None else ROUNDS)
        (counts, grades), naive = timed(lambda: row_by_row(cur, org_id, scope.last), 1)
    check(found, counts, grades)
    more = _of_the_nation(db, counts) if org_id is None else ""
    return (
        f"{'PostgreSQL' if db.postgres else 'SQLite'}, {patents:,} patents of {institutions:,} (filled in {filled:.0f} s): "
        f"all figures and charts {whole}; a page of rows behind a figure {rows}; "
        f"row by row in Python, the figures about patents alone {naive}{more}"
    )


def _of_the_nation(db: Database, counts: dict[str, int]) -> str:
    """Measure what the night does for all institutions, what a reader waits for then, and one institution of them.

    Raises: ValueError if the sums are not what was counted row by row.
    """
    _, night = timed(lambda: count_all(db, NOW.date()), 1)
    with db.looking() as cur:
        told, added = timed(lambda: summed(cur, 2026), ROUNDS)
    if {key: told[key].part for key in counts} != counts:
        raise ValueError(f"the sums of the night differ: {told} {counts}")
    own = scope_of(7, 2026, NOW.date())
    _, alone = timed(lambda: dashboard(db, own, NOW), ROUNDS)
    return f"; the nation added up from the night's counts {added}; the night's counting {night}; one institution {alone}"


def main(arguments: list[str]) -> None:
    """Measure the city, or the nation, and print."""
    is_nation = "--nation" in arguments
    sizes = [int(one) for one in arguments if one.isdecimal()]
    with TemporaryDirectory(prefix="panhuo-bench-") as folder:
        if is_nation:
            server = Path(folder) / "server"
            server.mkdir()
            with postgres(server) as address, fresh(address) as db:
                sys.stdout.write(measure(db, sizes[0] if sizes else NATION, INSTITUTIONS) + "\n")
            return
        lite = Database(f"sqlite:///{folder}/panhuo.db", synchronous="NORMAL")
        sys.stdout.write(measure(lite, sizes[0] if sizes else CITY, 1) + "\n")
        lite.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
