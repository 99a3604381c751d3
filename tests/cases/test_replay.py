"""Random walks through real actions: the trail retells every case, and nobody is left without a next step."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from cases.advance import Advanced, Refused, advance
from cases.db import Database, cursor_of
from cases.errors import Invalid, NotFound, Stale
from cases.loading import load
from cases.tables import Deadline
from cases.writing import Stamp, carry_out
from contracts.modes import MODES as CONTRACTS
from desk.story import story, terms_of
from rules.deadlines import compute
from rules.packs import load as load_rules
from states import milestones, royalties, trial
from states.catalog import MODES
from states.modes import Mode
from states.payload_fields import Payload
from states.plan import Plan
from tests.cases.invariants import INVARIANTS, Seen, look, offers
from tests.cases.spoiling import spoiled
from tests.modes.acting import case_row, open_deadlines
from tests.modes.story import walk_to
from tests.states import amending, situation
from tests.world import NOW, NUMBERS, TODAY, World, settle

MODE = MODES["exclusive_license"]
WALKS = 200
PAYING_BY_RESULT = frozenset({step.event for step in (*royalties.STEPS, *milestones.STEPS, *trial.STEPS)})
# Steps that change the mode, a second case, the route to a price, agreements, payment by result (which needs other terms):
# walked in files of their own (`test_replay_changes`, and `test_paying_later` and `test_amending` of `tests/modes`).
ELSEWHERE = frozenset(
    {
        "switch_mode",
        "split_off",
        "join_case",
        "list_deal",
        "close_listing",
        "announce_auction",
        "close_auction",
        *PAYING_BY_RESULT,
        *amending.CHANGING,
        *amending.SECRECY,
    }
)
# What a walk does now and then only: it ends the case, or leads back.
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


def payload_of(world: World, mode: Mode, event: str, today: date, dice: Random) -> dict[str, Any]:
    """What somebody might fill in for a step."""
    form = mode.steps[event].payload
    known = next((one for one in _examples(mode.slug, event, today) if _fits(form, one)), None)
    given_ = _filled_in(form, today, dice) if known is None else known
    fields = CONTRACTS[mode.slug].terms.model_fields
    variant = {name: value for name, value in dice.choice(VARIANTS).items() if name in fields}
    chosen: dict[str, dict[str, Any]] = {
        "edit_terms": {"terms": {**terms_of(TODAY, mode=mode.slug), **variant}},
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
        "reassign": {"officer": world.person(dice.choice(["officer", "administrator"])).login},
        "add_patent": {"patent": dice.choice(NUMBERS[:3])},
        "remove_patent": {"patent": dice.choice(NUMBERS[:3])},
        "record_patent_ended": {"patent": dice.choice(NUMBERS[:2])},
    }
    return {**given_, **{name: v for name, v in chosen.get(event, {}).items() if name in form.model_fields}}


def _examples(mode: str, event: str, today: date) -> Iterator[dict[str, Any]]:
    """Yield what the mode's own story fills in, then what is known of the event, with their days moved to this one."""
    for scene in story(TODAY, mode=mode):
        if scene.event == event:
            yield {name: _moved(value, today - scene.on) for name, value in scene.payload.items()}
    if event in situation.PAYLOADS:
        yield {
            name: today.isoformat() if isinstance(value, date) else value
            for name, value in situation.PAYLOADS[event].items()
        }


def _moved(value: Any, by: timedelta) -> Any:
    try:
        return (date.fromisoformat(value) + by).isoformat()
    except (TypeError, ValueError):
        return value


def _fits(form: type[Payload], known: Mapping[str, Any]) -> bool:
    fields = form.model_fields
    return set(known) <= set(fields) and all(name in known for name, f in fields.items() if f.is_required())


def _filled_in(model: type[Payload], today: date, dice: Random) -> dict[str, Any]:
    """Fill in a form that no example is known of, by the kinds of its fields."""
    filled: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        shown: Any = field.json_schema_extra
        if field.is_required() or dice.random() < 0.5:
            options_ = list(shown.get("options_zh", ()))
            by_kind = {"date": today.isoformat(), "money": "120万元", "checkbox": True}
            filled[name] = dice.choice(options_) if options_ else by_kind.get(shown["widget"], "登记材料1号")
    return filled


def _walk(
    world: World, case_id: int, dice: Random, steps: int, tried: Counter[str] | None = None
) -> Iterator[tuple[str, date]]:
    """Take random steps that are offered as possible, each of them twice, and yield each that was taken.

    What was tried often, in this walk or in those that share `tried`, is tried less.
    """
    today, tried = TODAY, Counter() if tried is None else tried
    for number in range(steps):
        today += timedelta(days=dice.choice([0, 0, 1, 2, 5, 17]))
        mode, possible = _possible(world, case_id, today)
        if not possible:
            return
        weights = [(1 if event in RARE else 40) / (1 + tried[event]) ** 2 for event, _ in possible]
        event, role = dice.choices(possible, weights)[0]
        tried[event] += 1
        payload = payload_of(world, mode, event, today, dice)
        try:
            done = _taken(world, case_id, event, role, payload, today, f"step-{number}")
        except (
            Refused,
            Invalid,
            NotFound,
        ):  # the input was what is wrong, for instance a duty before the effect
            continue
        again = _taken(world, case_id, event, role, payload, today, f"step-{number}")
        assert again == replace(done, replayed=True)  # design 3.5: the same request twice is one step
        yield event, today


def _taken(
    world: World, case_id: int, event: str, role: str, payload: Mapping[str, Any], today: date, key: str
) -> Advanced:
    return advance(
        world.db, case_id, event, world.person(role), payload, expected_version=None, action_key=key,
        today=today, now=datetime.combine(today, time(3, tzinfo=UTC)),
    )  # fmt: skip


def _possible(world: World, case_id: int, today: date) -> tuple[Mode, list[tuple[str, str]]]:
    with world.db.read() as session:
        case = load(cursor_of(session, world.db.postgres), case_id, world.org_id)
    return case.mode, [
        (option.step.event, role)
        for role, offered in offers(world, case, today).items()
        for option in offered
        if option.possible and option.step.event not in ELSEWHERE
    ]


def _assert_invariants(world: World, mode: str, seed: int, steps: int) -> None:
    """Walk a case of a mode and check every promise after each step."""
    case_id = world.case(patents=1 + seed % 2, mode=mode)
    for _, today in (("open_case", TODAY), *_walk(world, case_id, Random(seed), steps)):
        seen = look(world, case_id, today)
        for check in INVARIANTS:
            check(seen)


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=4, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_invariants_hold_after_every_step_of_any_walk(migrated: Path, mode: str, seed: int) -> None:
    with _fresh(migrated) as world:
        _assert_invariants(world, mode, seed, 40)


@pytest.mark.postgres
def test_invariants_hold_on_postgresql_too(postgres: Database) -> None:
    """Each walk in an institution of its own, in one database."""
    for number, mode in enumerate(MODES):
        _assert_invariants(settle(postgres, f"第{number}大学", f"w{number}-"), mode, number, 30)


@pytest.mark.parametrize("mode", MODES)
def test_walks_of_every_mode_come_into_effect(migrated: Path, mode: str) -> None:
    """The property above would be empty if its walks stayed near the start.

    A mode whose walks do not get there needs a story and terms in `desk.story`: what its steps ask is filled in from there.
    """
    stages, tried = set(), Counter[str]()
    for seed in range(20):
        with _fresh(migrated) as world:
            case_id = world.case(mode=mode)
            for _ in _walk(world, case_id, Random(seed), 60, tried):
                stages.add(case_row(world, case_id).stage)
        if "performance" in stages:
            break
    assert {"preparation", "performance"} <= stages


def test_walks_reach_every_step_and_every_end(migrated: Path) -> None:
    """The same for every step of one mode."""
    taken, tried = set(), Counter[str]()
    for seed in range(WALKS):
        with _fresh(migrated) as world:
            case_id = world.case(patents=1 + seed % 2)
            taken |= {event for event, _ in _walk(world, case_id, Random(seed), 70, tried)}
        if taken >= set(MODE.steps) - {"expire", *ELSEWHERE}:
            break
    assert set(MODE.steps) - taken == {"expire", *ELSEWHERE}


@pytest.mark.parametrize("check", INVARIANTS, ids=lambda check: check.__name__)
def test_every_invariant_is_broken_by_something(world: World, check: Callable[[Seen], None]) -> None:
    """A check that nothing can break would prove nothing."""
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    seen = look(world, case_id, TODAY + timedelta(days=30))
    check(seen)
    with pytest.raises(AssertionError):
        check(spoiled(check.__name__, seen))


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
