"""Random walks through real actions: the trail retells every case, and nobody is left without a next step."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from cases.advance import Refused, advance
from cases.db import Database, cursor_of
from cases.errors import Stale
from cases.loading import load, stored_position
from cases.tables import Case, CasePatent, Deadline
from cases.trail import entries, verify
from cases.writing import Stamp, carry_out
from rules.deadlines import compute
from rules.packs import load as load_rules
from states.catalog import MODES
from states.decide import options
from states.plan import Plan
from tests.modes.acting import open_deadlines
from tests.modes.story import TERMS
from tests.states import situation
from tests.world import NOW, NUMBERS, TODAY, World, settle

MODE = MODES["exclusive_license"]
ROLES = ("officer", "approver", "finance")
# How often a walk takes a step: mostly onwards, now and then in circles or towards an end.
CIRCLES = frozenset(
    [
        "edit_terms",
        "record_consent",
        "clear_title",
        "record_receipt",
        "record_duty",
        "raise_objection",
        "return_to_drafting",
        "send_back",
        "refuse_filing",
    ]
)
# Steps that change the mode, or a second case: they are walked in a file of their own.
ELSEWHERE = frozenset({"switch_mode", "split_off", "join_case"})
RARE = frozenset(
    [
        "withdraw",
        "reject",
        "terminate",
        "record_patent_ended",
        "release_payment",
        "reassign",
        "add_patent",
        "remove_patent",
        "correct_date",
        "correct_entry",
        "step_back",
    ]
)
VARIANTS: tuple[Mapping[str, Any], ...] = (
    {}, {}, {}, {"copies": "8"}, {"dispute": "court_plaintiff"}, {"purpose": "储能电池隔膜的生产"}, {"end": "2041-01-01"},
)  # fmt: skip


@contextmanager
def _fresh(migrated: Path) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        shutil.copy(migrated, f"{folder}/panhuo.db")
        db = Database(f"sqlite:///{folder}/panhuo.db", synchronous="OFF")
        yield settle(db)
        db.dispose()


def _payload(event: str, today: date, dice: Random) -> dict[str, Any]:
    given_ = {
        name: today.isoformat() if isinstance(value, date) else value
        for name, value in situation.PAYLOADS[event].items()
    }
    chosen: dict[str, dict[str, Any]] = {
        "edit_terms": {"terms": {**TERMS, **dice.choice(VARIANTS)}},
        "resolve_objection": {"outcome": dice.choice(["dismissed", "upheld"])},
        "record_receipt": {"payment": dice.choice(["", "payment:1", "payment:2"])},
        "record_duty": {
            "duty": dice.choice(
                ["stamp_duty", "technology_contract", "registration_change", "patent_cancellation"]
            )
        },
        "release_payment": {"payment": dice.choice(["payment:1", "payment:2"])},
        "step_back": {
            "what": dice.choice(["price", "publicity", "approval", "contract", "filing", "feedback"])
        },
        "correct_entry": {"which": dice.choice(["contract_no", "minutes_no", "record_no", "bank_reference"])},
        "terminate": {"remaining": dice.choice(["", "", "无", "payment:2"])},
        "reassign": {"officer": dice.choice(["officer", "administrator"])},
        "add_patent": {"patent": dice.choice(NUMBERS[:3])},
        "remove_patent": {"patent": dice.choice(NUMBERS[:3])},
        "record_patent_ended": {"patent": dice.choice(NUMBERS[:2])},
    }
    return {**given_, **chosen.get(event, {})}


def _walk(world: World, case_id: int, dice: Random, steps: int) -> Iterator[tuple[str, date]]:
    """Take random steps that are offered as possible, and yield each that was taken."""
    today = TODAY
    for _ in range(steps):
        today += timedelta(days=dice.choice([0, 0, 1, 2, 5, 17]))
        possible = _possible(world, case_id, today)
        if not possible:
            return
        weights = [5 if event in CIRCLES else 1 if event in RARE else 40 for event, _ in possible]
        event, role = dice.choices(possible, weights)[0]
        try:
            advance(
                world.db, case_id, event, world.person(role), _payload(event, today, dice), expected_version=None,
                today=today, now=datetime.combine(today, time(3, tzinfo=UTC)),
            )  # fmt: skip
        except Refused:  # the input was what is wrong, for instance technology_contract before the effect
            continue
        yield event, today


def _possible(world: World, case_id: int, today: date) -> list[tuple[str, str]]:
    with world.db.read() as session:
        case = load(cursor_of(session, world.db.postgres), case_id, world.org_id)
    return [
        (option.step.event, role)
        for role in ROLES
        for option in options(
            MODE, case.position, case.facts, today, book=load_rules(), actor=world.person(role).actor
        )
        if option.possible and option.step.event not in ELSEWHERE
    ]


def _assert_retold(world: World, case_id: int) -> None:
    """Fold the entries of a case and compare the outcome with what is stored."""
    with world.db.read() as session:
        told = entries(session, world.org_id, f"case:{case_id}")
        stored = session.get(Case, case_id)
        assert stored is not None
        position: list[str] = []
        data: dict[str, Any] = {}
        terms: Any = {}
        for entry in told:
            assert entry.body.get("from", position) == position
            position = entry.body["to"]
            for section, values in entry.body["facts"].items():
                data.pop(section, None)
                data.update({section: values} if values is not None else {})
            terms = entry.body.get("payload", {}).get("terms", terms)
        assert stored.state == stored_position(tuple(position))
        assert orjson.loads(stored.data) == data
        assert orjson.loads(stored.terms) == terms
        assert (stored.version, stored.trail_seq, stored.trail_head) == (len(told), len(told), told[-1].hash)
        assert stored.stage == MODE.chart.stage(tuple(position))
        assert (stored.closed_on is not None) == MODE.chart.is_final(tuple(position))
        opened = session.exec(select(Deadline).where(Deadline.case_id == case_id)).all()
        assert max(Counter(row.key for row in opened if row.status == "open").values(), default=1) == 1
        assert all((row.closed_seq is None) == (row.status == "open") for row in opened)
        handed = data.get("officers", {}).get("list")
        assert stored.officer_id == (handed[-1]["to_id"] if handed else world.person("officer").id)
        assert {row.owner_id for row in opened if row.status == "open"} <= {stored.officer_id}
        held = session.exec(select(CasePatent.patent_id).where(CasePatent.case_id == case_id)).all()
        assert sorted(held) == data.get("patents", {}).get("ids", sorted(held))
        if "left" in data.get("end", {}):
            assert {row.key for row in opened if row.status == "open"} == set(data["end"]["left"])


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_trail_retells_any_walk_and_someone_can_always_go_on(migrated: Path, seed: int) -> None:
    dice = Random(seed)
    with _fresh(migrated) as world:
        case_id = world.case(patents=1 + seed % 2)
        on = TODAY
        for _, today in _walk(world, case_id, dice, 45):
            on = today
            _assert_retold(world, case_id)
        with world.db.read() as session:
            assert verify(session).breaks == ()
            stored = session.get(Case, case_id)
            assert stored is not None
            ended = MODE.chart.is_final(tuple(stored.state.split()))
        assert bool(_possible(world, case_id, on)) is not ended
        if ended:
            assert set(open_deadlines(world, case_id)) == set()


def test_walks_reach_every_step_and_every_end(migrated: Path) -> None:
    """The property above would be empty if its walks stayed near the start."""
    taken: Counter[str] = Counter()
    for seed in range(100):
        with _fresh(migrated) as world:
            taken.update(
                event for event, _ in _walk(world, world.case(patents=1 + seed % 2), Random(seed), 70)
            )
    assert set(MODE.steps) - set(taken) == {"expire", *ELSEWHERE}


def _plan(due_after: int) -> Plan:
    """A step that asks for the deadline of the filing, counted from another day each time."""
    deadline = compute(load_rules().deadline("T-01", TODAY), TODAY + timedelta(days=due_after))
    return Plan(
        event="clear_title", position=MODE.chart.initial, stage="preparation", final=False, facts={},
        deadlines=(("license_filing", deadline),), moves=(), closes=(), documents=(), outbox=(), label=None,
        raised=(), voids=(),
    )  # fmt: skip


def test_moved_deadline_keeps_the_old_row(any_world: World) -> None:
    """A deadline asked for anew with other dates is a new row; with the same dates it stays as it is."""
    case_id = any_world.case()
    for due_after in (0, 0, 5, 5, 9):
        with any_world.db.cursor() as cur:
            case = load(cur, case_id, any_world.org_id, lock=True)
            carry_out(cur, case, _plan(due_after), Stamp(any_world.person("officer").actor, TODAY, NOW), {})
    with any_world.db.read() as session:
        rows = session.exec(select(Deadline).order_by(col(Deadline.id))).all()
    assert [(row.status, str(row.due), row.replaces, row.opened_seq, row.closed_seq) for row in rows] == [
        ("moved", "2026-06-02", None, 2, 4),
        ("moved", "2026-06-08", rows[0].id, 4, 6),
        ("open", "2026-06-11", rows[1].id, 6, None),
    ]


def test_plan_for_an_older_case_is_stale(any_world: World) -> None:
    case_id = any_world.case()
    with any_world.db.cursor() as cur:
        old = load(cur, case_id, any_world.org_id)
    stamp = Stamp(any_world.person("officer").actor, TODAY, NOW)
    with any_world.db.cursor() as cur:
        carry_out(cur, old, _plan(0), stamp, {})
    with pytest.raises(Stale), any_world.db.cursor() as cur:
        carry_out(cur, old, _plan(1), stamp, {})
    assert open_deadlines(any_world, case_id) == {"license_filing": "2026-06-02"}
