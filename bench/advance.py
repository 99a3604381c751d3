"""One persisted, guarded, audited transition: `cases.advance` against the same SQL written by hand.

`python -m bench.advance [ROUNDS]`. The floor executes, statement by statement, the SQL that `advance` executes
(recorded once per step, and compared again at the end), on a bare sqlite3 or psycopg connection to the same
database, with the JSON and the hash that the rows need and nothing else: no guards, no deadline arithmetic, no
checks of the input, no explanation. Rounds are interleaved; every transition works on a case of its own track.
Three steps: `clear_title` (state × act matrix), `raise_objection` (closes a deadline, asks for a document),
`resolve_objection` (opens a deadline, asks for another). The last line of a database is what the target is about: at most 2.0.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.databases import fresh, postgres
from cases.advance import advance
from cases.db import Cursor, Database
from cases.opening import open_case
from cases.schema import upgrade
from cases.scope import Person
from cases.tables import Company, Organization, Patent, User
from cases.trail import verify
from rules.identifiers import check_digit

ROUNDS = 9
CASES = 24  # of each contender in each round; a case takes the three steps twice
CYCLES = 2
TARGET = 2.0
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
TERMS = {
    "project_name": "锂离子电池隔膜制备技术", "purpose": "许可产品的工业化生产和销售", "acts": ["manufacture", "use"],
    "products": ["陶瓷涂覆隔膜"], "start": "2026-04-01", "end": "2031-03-31", "price_method": "agreement",
    "entry_fee_fen": "120万元",
    "instalments": [{"label": "首期款", "amount_fen": "120万元", "due_on": "2026-05-15"}],
}  # fmt: skip
STEPS = ("clear_title", "raise_objection", "resolve_objection")
Values = Sequence[object]


def payload_of(step: str, day: date) -> dict[str, str]:
    """What an officer types for a step."""
    on = day.isoformat()
    return {
        "clear_title": {"checked_on": on, "evidence": "登记簿副本2026-0311"},
        "raise_objection": {
            "received_on": on,
            "objector": "材料学院教师一名",
            "content": "对拟交易价格的依据有疑问",
        },
        "resolve_objection": {"resolved_on": on, "outcome": "dismissed", "reason": "经复核，价格依据充分"},
    }[step]


@dataclass
class Recorder:
    """A DBAPI cursor that writes down what it is asked."""

    raw: Any
    heard: list[tuple[str, Values]]

    def execute(self, sql: str, parameters: Values = (), /) -> Any:
        self.heard.append((sql, parameters))
        return self.raw.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Sequence[Values], /) -> Any:
        self.heard.extend((sql, row) for row in parameters)
        return self.raw.executemany(sql, parameters)

    def fetchone(self) -> Any:
        return self.raw.fetchone()

    def fetchall(self) -> list[Any]:
        return list(self.raw.fetchall())

    @property
    def rowcount(self) -> int:
        return int(self.raw.rowcount)


@dataclass
class Recording:
    """A database whose cursors are recorded."""

    db: Database
    heard: list[tuple[str, Values]] = field(default_factory=list)

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        with self.db.cursor() as cur:
            recorder: Any = Recorder(cur.raw, self.heard)
            yield Cursor(recorder, cur.postgres)


@dataclass(frozen=True)
class Office:
    """A settled institution and a supply of patents, one for each case."""

    db: Database
    person: Person
    company_id: int
    patents: Iterator[int]

    def case(self) -> int:
        """A case whose publicity runs."""
        case_id = open_case(
            self.db, self.person, mode="exclusive_license", title="锂电池隔膜独占许可", patent_ids=[next(self.patents)],
            company_id=self.company_id, today=DAY, now=NOW,
        )  # fmt: skip
        for step, payload in (
            ("edit_terms", {"terms": TERMS}),
            ("clear_title", payload_of("clear_title", DAY)),
            (
                "agree_price",
                {"agreed_on": DAY.isoformat(), "basis": "参照近三年同类许可三件，经两轮谈判确定"},
            ),
            (
                "post_publicity",
                {"posted_on": DAY.isoformat(), "place": "公示栏", "procedure_published": True},
            ),
        ):
            advance(self.db, case_id, step, self.person, payload, expected_version=None, today=DAY, now=NOW)
        return case_id


def settle(db: Database, patents: int) -> Office:
    """Write an institution, an officer, a company and patents."""
    with db.write() as session:
        org = Organization(name="沧澜理工大学", uscc="12100000400000624D", created_at=NOW)
        session.add(org)
        session.flush()
        org_id = int(org.id or 0)
        user = User(org_id=org_id, login="officer", name="林知远", role="officer", created_at=NOW)
        company = Company(
            org_id=org_id, name="启衡新材料股份有限公司", uscc="91110000600037341L", created_at=NOW
        )
        rows = [_patent(org_id, number) for number in range(patents)]
        session.add_all([user, company, *rows])
        session.flush()
        person = Person(int(user.id or 0), org_id, user.login, user.name, user.role)
        return Office(db, person, int(company.id or 0), iter([int(row.id or 0) for row in rows]))


def _patent(org_id: int, number: int) -> Patent:
    base = f"20201{number:07d}"
    return Patent(
        org_id=org_id, application_no=base + check_digit(base), kind="invention", title=f"一种锂离子电池隔膜（{number}）",
        owners='["沧澜理工大学"]', inventors='["陈思远"]', filing_date=date(2020, 5, 6), grant_date=date(2022, 8, 9),
        status="in_force", content_hash=str(number), created_at=NOW, updated_at=NOW,
    )  # fmt: skip


@dataclass
class Product:
    """The contender: the one way to change a case."""

    office: Office

    def step(self, case_id: int, step: str, day: date) -> None:
        advance(
            self.office.db, case_id, step, self.office.person, payload_of(step, day), expected_version=None,
            today=day, now=NOW,
        )  # fmt: skip


@dataclass
class Floor:
    """The same statements by hand. `known` holds, per step, the recorded statements and their values."""

    office: Office
    connection: Any
    known: dict[str, list[tuple[str, Values]]]

    def __post_init__(self) -> None:
        self.postgres = self.office.db.postgres
        self.cur: Any = self.connection.cursor()

    def step(self, case_id: int, step: str, day: date) -> None:
        """Take one step; `execute` goes straight to the driver."""
        if not self.postgres:
            self.cur.execute("BEGIN IMMEDIATE")
        self.write(self.cur.execute, case_id, step, day)
        self.connection.commit()

    def write(self, execute: Callable[[str, Values], Any], case_id: int, step: str, day: date) -> None:
        """Execute what the step executes, with values of its own."""
        (load, _), (patents, _), (conflicts, _), (update, old), (insert, entry), *rest = self.known[step]
        cur, person = self.cur, self.office.person
        execute(load, (case_id, person.org_id))
        row = cur.fetchone()
        execute(patents, (case_id,))
        json.loads(cur.fetchall()[0][5])
        execute(conflicts, (case_id,))
        cur.fetchall()
        position, data, version, seq, head = row[3].split(), json.loads(row[4]), row[6], row[7] + 1, row[8]
        json.loads(row[5])
        facts, leaf = self.facts(data, step, day)
        state = [leaf if name.startswith("publicity_") else name for name in position] if leaf else position
        body = json.dumps(
            {
                "action_key": None, "actor": person.name, "actor_id": person.id, "at": NOW.isoformat(),
                "before": {name: data[name] for name in facts if name in data}, "closed_on": None, "facts": facts,
                "from": position, "payload": payload_of(step, day), "raised": [], "role": person.role, "seq": seq,
                "stage": old[1], "to": state, "today": day.isoformat(), "verb": step, "voids": [],
            },
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        digest = sha256((head + body).encode()).hexdigest()
        stored = json.dumps({**data, **facts}, ensure_ascii=False, separators=(",", ":"))
        now = self.moment()
        execute(update, (f" {' '.join(state)} ", old[1], stored, seq, digest, now, None, case_id, version))
        execute(
            insert,
            (person.org_id, f"case:{case_id}", seq, case_id, now, person.id, step, None, body, head, digest),
        )
        self.follow(execute, rest, case_id, seq, day)

    def follow(
        self,
        execute: Callable[[str, Values], Any],
        rest: list[tuple[str, Values]],
        case_id: int,
        seq: int,
        day: date,
    ) -> None:
        """Execute what a step brings along: deadlines closed and opened, documents asked for."""
        now, found = self.moment(), 0
        for sql, values in rest:
            if sql.startswith("SELECT"):
                execute(sql, (case_id, values[1]))
                found = (self.cur.fetchone() or (0,))[0]
            elif "UPDATE deadline" in sql:
                execute(sql, (values[0], seq, self.day(day), case_id, values[4]))
            elif "INTO deadline" in sql:
                end = self.day(day + timedelta(days=12))
                dates = (self.day(DAY), values[13], end, end, *values[16:22])
                execute(sql, (values[0], case_id, *values[2:12], *dates, *values[22:26], seq, now))
            elif "INTO document" in sql:
                execute(sql, (values[0], case_id, values[2], found, *values[4:6], seq, now))
                found = self.cur.fetchone()[0]
            else:
                ask = json.dumps({"document_id": found}, separators=(",", ":"))
                execute(sql, (values[0], case_id, values[2], f"render:{found}", ask, now, now))

    def facts(self, data: dict[str, Any], step: str, day: date) -> tuple[dict[str, Any], str]:
        """What the step establishes, and the leaf that the publicity moves to."""
        given, on = payload_of(step, day), day.isoformat()
        if step == "clear_title":
            return {"title": {**given, "note": "", "by_name": self.office.person.name}}, ""
        publicity = data["publicity"]
        if step == "raise_objection":
            pauses = [*publicity["pauses"], [on, None]]
            return {"publicity": {**publicity, "pauses": pauses}, "objection": given}, "publicity_paused"
        pauses = [*publicity["pauses"][:-1], [publicity["pauses"][-1][0], on]]
        return {
            "publicity": {**publicity, "pauses": pauses}, "objection": {**data["objection"], **given},
        }, "publicity_running"  # fmt: skip

    def day(self, value: date) -> object:
        return value if self.postgres else value.isoformat()

    def moment(self) -> object:
        return NOW if self.postgres else NOW.strftime("%Y-%m-%d %H:%M:%S.%f")


def days() -> Iterator[tuple[str, date]]:
    """The steps of one case, with their days."""
    for cycle in range(CYCLES):
        for number, step in enumerate(STEPS):
            yield step, DAY + timedelta(days=1 + 3 * cycle + number)


def recorded(office: Office) -> dict[str, list[tuple[str, Values]]]:
    """Take every step once and write down what it executes."""
    case_id = office.case()
    known = {}
    for step, day in list(days())[: len(STEPS)]:
        recording: Any = Recording(office.db)
        advance(
            recording,
            case_id,
            step,
            office.person,
            payload_of(step, day),
            expected_version=None,
            today=day,
            now=NOW,
        )
        known[step] = recording.heard
    return known


def compare(db: Database, connection: Any, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Return the times of every transition in microseconds, by contender and step."""
    office = settle(db, 2 * (rounds + 1) * CASES + 2)
    floor = Floor(office, connection, recorded(office))
    contenders: dict[str, Product | Floor] = {"advance": Product(office), "floor": floor}
    times: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in contenders}
    for number in range(rounds + 1):
        order = list(contenders) if number % 2 else list(contenders)[::-1]
        cases = {name: [office.case() for _ in range(CASES)] for name in order}
        for name in order:
            for case_id in cases[name]:
                for step, day in days():
                    started = time.perf_counter_ns()
                    contenders[name].step(case_id, step, day)
                    took = (time.perf_counter_ns() - started) / 1000
                    if number:  # the first round warms up
                        times[name][step].append(took)
    check(office, floor)
    return times


def check(office: Office, floor: Floor) -> None:
    """Hold the floor to the same statements, and the record of both to the trail's own proof."""
    case_id = office.case()
    for step, day in list(days())[: len(STEPS)]:
        heard: list[tuple[str, Values]] = []
        recorder = Recorder(floor.cur, heard)
        floor.cur.execute("BEGIN IMMEDIATE" if not floor.postgres else "SELECT 1")
        floor.write(recorder.execute, case_id, step, day)
        floor.connection.commit()
        if [sql for sql, _ in heard] != [sql for sql, _ in floor.known[step]]:
            raise SystemExit(f"the floor of {step} does not execute what advance executes")
    with office.db.read() as session:
        found = verify(session)
    if found.breaks:
        raise SystemExit(f"the record does not verify: {found.breaks[:3]}")


def report(name: str, times: dict[str, dict[str, list[float]]]) -> float:
    """Print the figures of one database and return the ratio of all steps together."""
    print(f"\n{name}")
    print(
        f"{'step':<20}{'advance p50 us':>16}{'floor p50 us':>14}{'advance/s':>11}{'floor/s':>9}{'ratio':>7}"
    )
    ratio = 0.0
    for step in (*STEPS, "all"):
        ours, by_hand = (
            [took for known, found in times[who].items() if step in (known, "all") for took in found]
            for who in ("advance", "floor")
        )
        ratio = median(ours) / median(by_hand)
        speed = [len(found) / sum(found) * 1e6 for found in (ours, by_hand)]
        print(
            f"{step:<20}{median(ours):>16.0f}{median(by_hand):>14.0f}{speed[0]:>11.0f}{speed[1]:>9.0f}{ratio:>7.2f}"
        )
    return ratio


def on_sqlite(folder: Path, synchronous: str, rounds: int) -> float:
    """Compare on SQLite with one setting of `synchronous`."""
    db = Database(f"sqlite:///{folder / f'{synchronous}.db'}", synchronous=synchronous)
    upgrade(db)
    with db.engine.connect() as settings:
        connection = settings.connection.driver_connection
        settings.commit()
        times = compare(db, connection, rounds)
    db.dispose()
    return report(f"SQLite, WAL, synchronous={synchronous}", times)


def on_postgres(address: str, synchronous: str, rounds: int) -> float:
    """Compare on PostgreSQL with one setting of `synchronous_commit`."""
    with fresh(address, f"synchronous_commit = {synchronous}") as db:
        upgrade(db)
        raw = db.engine.raw_connection()
        times = compare(db, raw.driver_connection, rounds)
        raw.close()
    return report(f"PostgreSQL, synchronous_commit={synchronous}", times)


def main() -> int:
    """Print all figures; the exit code says whether the target was met."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with TemporaryDirectory() as made:
        folder = Path(made)
        ratios = {f"SQLite {setting}": on_sqlite(folder, setting, rounds) for setting in ("FULL", "NORMAL")}
        with postgres(folder) as address:
            ratios |= {
                f"PostgreSQL {setting}": on_postgres(address, setting, rounds) for setting in ("on", "off")
            }
    print()
    for name, ratio in ratios.items():
        print(
            f"{name}: advance / floor = {ratio:.2f} (target {TARGET}) {'met' if ratio <= TARGET else 'MISSED'}"
        )
    return 0 if max(ratios.values()) <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
