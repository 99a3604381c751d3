"""Random walks over several cases at once, through steps that change the mode, split, join and step back.

After every step the trail of every case must retell it, no case is without a patent or stands outside its chart, and
a case that has ended leaves nothing open.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from cases.advance import Refused, advance
from cases.db import Database, cursor_of
from cases.errors import Invalid
from cases.loading import load
from cases.tables import Case, CasePatent, Deadline
from cases.trail import verify
from states.catalog import MODES
from states.modes import Mode
from tests.cases import test_replay as walks
from tests.cases.invariants import offers
from tests.states import amending
from tests.world import NUMBERS, TODAY, World, settle

LICENSES = ("ordinary_license", "sole_license", "exclusive_license")
CHANGES = frozenset({"switch_mode", "split_off", "join_case", "step_back", "add_patent", "remove_patent"})
QUIET = frozenset({"reassign", "correct_date", "correct_entry"})
AGREEMENTS = frozenset({*amending.CHANGING, *amending.SECRECY})
CIRCLES = frozenset({
    "edit_terms", "record_consent", "clear_title", "record_receipt", "record_duty", "raise_objection",
    "return_to_drafting", "send_back", "refuse_filing", "choose_clauses", "rewrite_clause",
})  # fmt: skip
ENDS = frozenset({"withdraw", "reject", "terminate", "record_patent_ended"})


def _payload(
    world: World, mode: Mode, event: str, today: date, dice: Random, numbers: list[str]
) -> dict[str, Any]:
    chosen: dict[str, dict[str, Any]] = {
        "switch_mode": {"mode": dice.choice(LICENSES), "reason": "改用另一种方式"},
        "split_off": {"patents": dice.choice(NUMBERS[:4]), "reason": "分案办理"},
        "join_case": {"case": dice.choice(numbers), "reason": "并案办理"},
    }
    return chosen.get(event) or walks.payload_of(world, mode, event, today, dice)


def _possible(world: World, case_id: int, today: date) -> tuple[Mode, list[tuple[str, str]]]:
    with world.db.read() as session:
        case = load(cursor_of(session, world.db.postgres), case_id, world.org_id)
    return case.mode, [
        (option.step.event, role)
        for role, offered in offers(world, case, today).items()
        for option in offered
        if option.possible and option.step.event not in AGREEMENTS
    ]


def _cases(world: World) -> list[tuple[int, str]]:
    with world.db.read() as session:
        return [(int(row.id or 0), row.number) for row in session.exec(select(Case).order_by(Case.number))]


def _weight(event: str) -> int:
    if event in QUIET or event in ENDS:
        return 1
    return 4 if event in CHANGES else 3 if event in CIRCLES else 40


def walk(world: World, dice: Random, steps: int) -> Iterator[str]:
    """Take random steps of random cases, and yield each that was taken."""
    today = TODAY
    for _ in range(steps):
        today += timedelta(days=dice.choice([0, 0, 1, 2, 5, 17]))
        known = _cases(world)
        case_id, _ = dice.choice(known)
        mode, possible = _possible(world, case_id, today)
        if not possible:
            continue
        event, role = dice.choices(possible, [_weight(event) for event, _ in possible])[0]
        given_ = _payload(world, mode, event, today, dice, [number for _, number in known])
        try:
            advance(
                world.db, case_id, event, world.person(role), given_, expected_version=None, today=today,
                now=datetime.combine(today, time(3, tzinfo=UTC)),
            )  # fmt: skip
        except (Refused, Invalid):
            continue
        yield event


def assert_sound(world: World) -> None:
    """Every invariant that the steps of this file could break."""
    with world.db.read() as session:
        assert verify(session).breaks == ()
        held = Counter(session.exec(select(CasePatent.case_id)))
        pending = Counter(session.exec(select(Deadline.case_id).where(Deadline.status == "open")))
        for row in session.exec(select(Case)):
            chart, position = MODES[row.mode].chart, tuple(row.state.split())
            assert (row.chart_version, row.stage) == (chart.version, chart.stage(position))
            assert held[row.id or 0] >= 1
            if chart.is_final(position):
                assert (pending[row.id or 0], row.closed_on is not None) == (0, True)


def _begin(world: World, seed: int) -> None:
    for number in range(2):
        world.case(
            patents=1 + (seed + number) % 3, mode=LICENSES[(seed + number) % 3], title=f"第{number + 1}案"
        )


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_every_case_is_retold_whatever_is_changed(migrated: Path, seed: int) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(migrated, f"{folder}/panhuo.db")
        world = settle(Database(f"sqlite:///{folder}/panhuo.db", synchronous="OFF"))
        _begin(world, seed)
        for _ in walk(world, Random(seed), 40):
            assert_sound(world)
        world.db.dispose()


@pytest.mark.postgres
def test_the_same_walk_on_postgresql(postgres: Database) -> None:
    world = settle(postgres)
    _begin(world, 1)
    taken = Counter(walk(world, Random(11), 60))
    assert_sound(world)
    assert taken.total() > 20


def test_walks_come_to_every_change(db: Database) -> None:
    world = settle(db)
    _begin(world, 2)
    assert CHANGES - set(walk(world, Random(4), 150)) == set()
