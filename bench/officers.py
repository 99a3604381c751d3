"""200 officers at once on 1,000 cases, on PostgreSQL: nothing lost, no chain broken, and how long each waits.

`python -m bench.officers [SECONDS]`. Two desk processes with 100 officers each, every officer a thread of its own. An
officer looks at a case (its version and place), thinks for half a second to one and a half, and takes a step with the
version that was seen; a third of the looks go to 20 cases that everybody is busy with, so that many find their page
stale. Three runs on the same cases: one officer alone (the baseline), 200 officers at that pace, and 200 officers who do
not think at all (what the machine yields when it is full). Afterwards every step that was answered as done must stand
in the trail once, with its own version and evidence; every case must have as many versions as steps; and the whole
record must verify and replay. The last line is what the target is about: p95 of the 200 under 300 ms.
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import select

from bench.advance import DAY, Office, payload_of, settle
from bench.databases import fresh, postgres
from cases.advance import Refused, advance
from cases.db import Cursor, Database
from cases.errors import Stale
from cases.schema import upgrade
from cases.scope import Person
from cases.tables import Case, TrailEntry, User
from cases.trail import verify

OFFICERS, PROCESSES, CASES, HOT, SECONDS = 200, 2, 1000, 20, 15.0
THINK = (0.5, 1.5)
TARGET_MS = 300.0
LOOK = "SELECT version, state FROM conversion_case WHERE id = ?"
GATHERED: list[Barrier] = []
DONE, STALE, REFUSED = "done", "stale", "refused"


@dataclass(frozen=True)
class Action:
    """One action as the officer saw it: what came of it, how long it took, and how it can be found in the trail."""

    outcome: str
    ms: float
    case_id: int
    version: int = 0
    evidence: str = ""


@dataclass(frozen=True)
class Shift:
    """What the officers of one process are to do. `think` are seconds between looking and acting."""

    address: str
    people: tuple[Person, ...]
    cases: tuple[int, ...]
    seconds: float
    think: tuple[float, float]
    name: str


def gather(barrier: Barrier) -> None:
    """Keep the barrier at which the processes wait for each other; runs once in each process."""
    GATHERED.append(barrier)


def work(shift: Shift) -> list[Action]:
    """Let the officers of one process work until their time is over; they begin when all processes are ready."""
    db = Database(shift.address)
    with ThreadPoolExecutor(len(shift.people)) as officers:
        list(officers.map(lambda _: _look(db, shift.cases[0]), shift.people))
        GATHERED[0].wait()
        end = time.time() + shift.seconds
        found = list(officers.map(lambda person: _officer(db, shift, person, end), shift.people))
    db.dispose()
    return [action for done in found for action in done]


def _officer(db: Database, shift: Shift, person: Person, end: float) -> list[Action]:
    dice = Random(f"{shift.name}{person.id}")
    found: list[Action] = []
    time.sleep(dice.random() * shift.think[1])
    while time.time() < end:
        case_id = dice.choice(shift.cases[:HOT] if dice.random() < 1 / 3 else shift.cases)
        version, state = _look(db, case_id)
        time.sleep(dice.uniform(*shift.think))
        found.append(
            _act(db, person, case_id, version, state, dice, f"{shift.name}-{person.id}-{len(found)}")
        )
    return found


def _look(db: Database, case_id: int) -> tuple[int, str]:
    with db.read() as session:
        raw = session.connection().connection.cursor()
        version, state = Cursor(raw, db.postgres).one(LOOK, case_id)
    return version, state


def _act(
    db: Database, person: Person, case_id: int, version: int, state: str, dice: Random, evidence: str
) -> Action:
    other = "resolve_objection" if "publicity_paused" in state else "raise_objection"
    step = dice.choice(["clear_title", other])
    payload: dict[str, Any] = payload_of(step, DAY + timedelta(days=1))
    field = {"clear_title": "evidence", "raise_objection": "content", "resolve_objection": "reason"}[step]
    payload[field] = evidence
    started = time.perf_counter()
    try:
        done = advance(
            db,
            case_id,
            step,
            person,
            payload,
            expected_version=version,
            today=DAY + timedelta(days=1),
            now=datetime.now(UTC),
        )
        outcome, reached = DONE, done.version
    except Stale:
        outcome, reached = STALE, 0
    except Refused:
        outcome, reached = REFUSED, 0
    return Action(outcome, (time.perf_counter() - started) * 1000, case_id, reached, evidence)


def hire(office: Office, count: int) -> tuple[Person, ...]:
    """Write so many officers."""
    with office.db.write() as session:
        org_id, now = office.person.org_id, datetime.now(UTC)
        users = [
            User(org_id=org_id, login=f"officer-{n}", name=f"专员{n}", role="officer", created_at=now)
            for n in range(count)
        ]
        session.add_all(users)
        session.flush()
        return tuple(Person(int(user.id or 0), org_id, user.login, user.name, user.role) for user in users)


def run(
    address: str,
    people: Sequence[Person],
    cases: tuple[int, ...],
    seconds: float,
    think: tuple[float, float],
    name: str,
) -> list[Action]:
    """Let the people work at the same time, spread over the processes; return all actions."""
    processes = min(PROCESSES, len(people))
    shifts = [
        Shift(address, tuple(people[n::processes]), cases, seconds, think, name) for n in range(processes)
    ]
    context = get_context("spawn")
    barrier = context.Barrier(processes)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=gather, initargs=(barrier,)) as pool:
        return [action for found in pool.map(work, shifts) for action in found]


def check(db: Database, cases: Sequence[int], before: dict[int, int], actions: list[Action]) -> None:
    """Hold the record to what the officers were told.

    Raises: SystemExit naming what was lost or broken.
    """
    done = [action for action in actions if action.outcome == DONE]
    told = Counter((action.case_id, action.version) for action in done)
    if max(told.values(), default=1) > 1:
        raise SystemExit(f"two officers were told the same version: {told.most_common(3)}")
    steps = Counter(action.case_id for action in done)
    after = versions(db)
    lost = [case_id for case_id in cases if after[case_id] != before[case_id] + steps[case_id]]
    if lost:
        raise SystemExit(f"lost updates in {len(lost)} cases: {lost[:5]}")
    with db.read() as session:
        rows = session.exec(select(TrailEntry.case_id, TrailEntry.seq, TrailEntry.body))
        kept = {(case_id, seq): body for case_id, seq, body in rows}
    missing = [one for one in done if f'"{one.evidence}"' not in kept.get((one.case_id, one.version), "")]
    if missing:
        raise SystemExit(f"{len(missing)} steps do not stand in the trail: {missing[:3]}")
    with db.read() as session:
        found = verify(session)
    if found.breaks:
        raise SystemExit(f"the record does not verify: {found.breaks[:3]}")
    print(
        f"verified: {found.chains} chains, {found.entries} entries, {found.cases} cases replayed, {found.per_second}/s"
    )


def versions(db: Database) -> dict[int, int]:
    """Return the version of every case."""
    with db.read() as session:
        return {int(id_ or 0): version for id_, version in session.exec(select(Case.id, Case.version))}


def report(name: str, actions: list[Action], seconds: float) -> tuple[float, float]:
    """Print the figures of one run and return p50 and p95."""
    waited = sorted(action.ms for action in actions)
    cuts = quantiles(waited, n=100)
    outcomes = Counter(action.outcome for action in actions)
    print(
        f"{name:<26}{cuts[49]:>9.1f}{cuts[94]:>9.1f}{cuts[98]:>9.1f}{len(actions) / seconds:>11.0f}"
        f"{outcomes[DONE]:>8}{outcomes[STALE]:>8}{outcomes[REFUSED]:>9}"
    )
    return cuts[49], cuts[94]


def measure(db: Database, officers: int, count: int, seconds: float) -> tuple[float, float]:
    """Run all three, check the record, and return p50 of the officer alone and p95 of all at their pace."""
    upgrade(db)
    address = db.url.render_as_string(hide_password=False)
    quick = Database(
        db.url.update_query_dict({"options": "-c synchronous_commit=off"}).render_as_string(False)
    )
    office = settle(quick, count)
    people, cases = hire(office, officers), tuple(office.case() for _ in range(count))
    quick.dispose()
    before = versions(db)
    print(f"{len(cases)} cases, {officers} officers, {PROCESSES} desk processes")
    print(
        f"{'':<26}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'actions/s':>11}{'done':>8}{'stale':>8}{'refused':>9}"
    )
    alone = run(address, people[:1], cases, seconds / 3, (0.0, 0.0), "alone")
    paced = run(address, people, cases, seconds, THINK, "paced")
    full = run(address, people, cases, seconds / 3, (0.0, 0.0), "full")
    p50, _ = report("one officer alone", alone, seconds / 3)
    _, p95 = report(f"{officers} officers", paced, seconds)
    report(f"{officers} without thinking", full, seconds / 3)
    check(db, cases, before, [*alone, *paced, *full])
    return p50, p95


def main() -> int:
    """Print all figures; the exit code says whether the target was met."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with TemporaryDirectory() as made, postgres(Path(made)) as address, fresh(address) as db:
        alone, p95 = measure(db, OFFICERS, CASES, seconds)
    met = p95 < TARGET_MS
    print(f"\np95 of {OFFICERS} officers / p50 of one alone = {p95 / alone:.1f}")
    print(
        f"p95 of {OFFICERS} officers: {p95:.0f} ms (target {TARGET_MS:.0f} ms) {'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
