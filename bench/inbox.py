"""The inbox of an office with 300 live cases: loaded at once, against one by one as a single case is loaded.

`python -m bench.inbox [CASES]`. A third of the cases are new, a third are posted, a third wait for approval; every
tenth shares its patent with the one before. Printed for each database: the milliseconds of the officer's whole inbox,
of loading its cases at once, and of loading them one after another. Both ways are checked to load the same.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.advance import DAY, NOW, TERMS, Office, settle
from bench.databases import fresh, postgres
from bench.unmet import times
from cases.advance import advance
from cases.db import Database, cursor_of
from cases.inbox import inbox
from cases.loading import Loaded, load
from cases.loading_many import load_many
from cases.opening import open_case
from cases.schema import upgrade

CASES = 300
ROUNDS = 10
SHARED = 10


def fill(db: Database, count: int) -> tuple[Office, list[int]]:
    """Open the cases and bring each third to its place."""
    office, cases = settle(db, count), []
    patent = 0
    for number in range(count):
        patent = patent if number % SHARED == SHARED - 1 else next(office.patents)
        case_id = open_case(
            db, office.person, mode="exclusive_license", title=f"许可{number}", patent_ids=[patent],
            company_id=office.company_id, today=DAY, now=NOW,
        )  # fmt: skip
        for step, payload in _steps(number % 3):
            advance(db, case_id, step, office.person, payload, expected_version=None, today=DAY, now=NOW)
        cases.append(case_id)
    return office, cases


def _steps(third: int) -> list[tuple[str, Mapping[str, object]]]:
    agreed = {"agreed_on": DAY.isoformat(), "basis": "参照近三年同类许可三件，经两轮谈判确定"}
    posted = {"posted_on": DAY.isoformat(), "place": "公示栏", "procedure_published": True}
    taken: list[tuple[str, Mapping[str, object]]] = [
        ("edit_terms", {"terms": TERMS}), ("clear_title", {"checked_on": DAY.isoformat(), "evidence": "登记簿副本2026-0311"}),
        ("agree_price", agreed), ("post_publicity", posted),
    ]  # fmt: skip
    return taken[: 2 * third]


def measure(db: Database, count: int) -> tuple[float, float, float]:
    """Return the median milliseconds of the inbox, of loading at once, and of loading one by one."""
    upgrade(db)
    office, cases = fill(db, count)
    org_id, today = office.person.org_id, DAY + timedelta(days=3)
    with db.read() as session:
        cur = cursor_of(session, db.postgres)

        def one_by_one() -> dict[int, Loaded]:
            return {id_: load(cur, id_, org_id) for id_ in cases}

        if one_by_one() != load_many(cur, cases, org_id):
            raise ValueError("the two ways load different cases")
        asked: tuple[Callable[[], object], ...] = (
            lambda: inbox(db, session, office.person, today),
            lambda: load_many(cur, cases, org_id),
            one_by_one,
        )
        whole, many, single = (median(times(what, ROUNDS)) for what in asked)
    return whole, many, single


def told(name: str, found: tuple[float, float, float], count: int) -> str:
    """Return the line of one database."""
    whole, many, single = found
    return (
        f"{name}: inbox of {count} cases {whole:.0f} ms; loading them at once {many:.1f} ms, "
        f"one by one {single:.1f} ms, {single / many:.1f} times as long"
    )


def main() -> None:
    """Measure SQLite and PostgreSQL and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    with TemporaryDirectory(prefix="panhuo-bench-") as folder:
        lite = Database(f"sqlite:///{folder}/panhuo.db", synchronous="NORMAL")
        sys.stdout.write(told("SQLite", measure(lite, count), count) + "\n")
        lite.dispose()
        server = Path(folder) / "server"
        server.mkdir()
        with postgres(server) as address, fresh(address) as db:
            sys.stdout.write(told("PostgreSQL", measure(db, count), count) + "\n")


if __name__ == "__main__":
    main()
