"""Running cases go under a new version of their chart and of the house's rules, and back, on both databases.

Version 3 is defined here: a leaf with another name, a region more, a leaf less, a step more, a step less, a condition
more.
"""

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from cases.advance import advance
from cases.db import Cursor
from cases.errors import Forbidden, NotFound
from cases.migrating import Migration, MigrationReport, migrate, plan_migration
from cases.tables import Organization
from cases.trail import verify
from cases.unmigrating import undo_migration
from rules.packs import FOLDER
from states import payloads as p
from states.catalog import MODES
from states.chart import Arc, Node
from states.context import Context
from states.modes import Mode
from states.plan import Unmet
from states.steps import OFFICER, Step, noted
from states.versions import Change, Versions
from tests.cases.dump import dump
from tests.modes.acting import act, case_data, case_row, day, open_deadlines
from tests.modes.story import walk_to
from tests.states.situation import performing
from tests.world import World

SLUG = "exclusive_license"
OLD = MODES[SLUG]
AT = OLD.chart.version
NEW_REGION = Node(
    "output", "实施情况", "Working",
    children=(
        Node("output_open", "未登记", "open", (Arc("note_output", "output_noted"),)),
        Node("output_noted", "已登记", "noted"),
    ),
)  # fmt: skip


def _names_a_reviewer(ctx: Context) -> tuple[Unmet, ...]:
    what = ("新版流程要求先确定备案经办人", "name who files")
    return (ctx.unmet("no_filer", "L-05", what, ("登记经办人", "name one"), "officer"),)


def _node(node: Node) -> Node:
    """The node as version 3 has it."""
    arcs = tuple(
        replace(arc, target={"feedback_due": "feedback_waiting"}.get(arc.target or "", arc.target))
        for arc in node.arcs
        if arc.event not in ("release_payment", "raise_objection", "resolve_objection")
    )
    children = tuple(_node(child) for child in node.children if child.id != "publicity_paused")
    if node.id == "performance":
        children = (*children, NEW_REGION)
    return replace(
        node, id="feedback_waiting" if node.id == "feedback_due" else node.id, arcs=arcs, children=children
    )


def _version_three() -> Mode:
    chart = replace(OLD.chart, version=AT + 1, roots=tuple(_node(root) for root in OLD.chart.roots))
    filed = OLD.steps["submit_filing"]
    own = Step(
        "note_output",
        "登记实施情况",
        "Note the working",
        "登记了实施情况",
        "noted the working",
        OFFICER,
        p.Reason,
        (),
        noted("output"),
    )
    steps = {
        **{event: step for event, step in OLD.steps.items() if event in chart.table},
        "submit_filing": replace(filed, guards=(*filed.guards, _names_a_reviewer)),
        "note_output": own,
    }
    return replace(OLD, chart=chart, steps=steps)


NEW = _version_three()
STUCK = {"publicity_paused": ("异议处理完毕后才能迁移", "the objection is handled first")}
VERSIONS = Versions(
    newest={**MODES, SLUG: NEW},
    retired={(SLUG, AT): OLD},
    changes=(Change(SLUG, AT, AT + 1, {"feedback_due": "feedback_waiting"}, STUCK),),
)  # fmt: skip
RUN_DAY = day(60)
RUN_AT = datetime.combine(RUN_DAY, time(3, tzinfo=UTC))


def _asked(world: World, **asked: Any) -> MigrationReport:
    return plan_migration(world.db, world.person("administrator"), RUN_DAY, versions=VERSIONS, **asked)


def _migrated(world: World, **asked: Any) -> MigrationReport:
    return migrate(world.db, world.person("administrator"), RUN_DAY, RUN_AT, versions=VERSIONS, **asked)


def _take(world: World, case_id: int, event: str, **payload: Any) -> tuple[str, ...]:
    now = datetime.combine(day(61), time(3, tzinfo=UTC))
    return advance(
        world.db, case_id, event, world.person("officer"), payload, expected_version=None, today=day(61), now=now,
        versions=VERSIONS,
    ).position  # fmt: skip


def _three_cases(world: World) -> tuple[int, int, int]:
    """A case in force, a new one, and one whose publicity is paused by an objection."""
    running, fresh, paused = (world.case(title=title) for title in ("在履行", "新立案", "有异议"))
    walk_to(world, running, "take_effect")
    walk_to(world, paused, "post_publicity")
    act(world, paused, "raise_objection", 6, received_on=day(6), objector="甲", content="价格偏低")
    return running, fresh, paused


def _unbroken(world: World) -> bool:
    with world.db.read() as session:
        return verify(session).breaks == ()


def _one(report: MigrationReport, case_id: int) -> Migration:
    return next(told for told in report.cases if told.case_id == case_id)


def test_dry_run_tells_case_by_case_and_writes_nothing(any_world: World) -> None:
    running, fresh, paused = _three_cases(any_world)
    before = dump(any_world.db)
    report = _asked(any_world)
    assert dump(any_world.db) == before
    assert (report.run, report.examined, [told.case_id for told in report.cases]) == (
        "",
        3,
        [running, fresh, paused],
    )
    told = _one(report, running)
    assert told.places == (
        performing(),
        tuple(sorted({*performing(), "feedback_waiting", "output_open"} - {"feedback_due"})),
    )
    assert ("未登记", "open") in told.leaves[1]
    assert told.versions == (AT, AT + 1)
    assert [step.event for step in told.offered] == ["note_output"]
    assert [step.event for step in told.gone] == ["release_payment"]
    assert [(step.event, [unmet.code for unmet in unmet_now]) for step, unmet_now in told.unmet] == [
        ("submit_filing", ["no_filer"])
    ]
    assert _one(report, fresh).stuck is None
    assert _one(report, paused).stuck == (
        "“异议处理中（暂停）”：异议处理完毕后才能迁移", "'paused by an objection': the objection is handled first",
    )  # fmt: skip


def test_cases_go_to_the_new_version_and_back(any_world: World) -> None:
    running, fresh, paused = _three_cases(any_world)
    before = {case_id: case_row(any_world, case_id) for case_id in (running, fresh, paused)}
    report = _migrated(any_world)
    assert {told.case_id: told.is_possible for told in report.cases} == {
        running: True,
        fresh: True,
        paused: False,
    }
    moved = case_row(any_world, running)
    assert (moved.chart_version, moved.version) == (AT + 1, before[running].version + 1)
    assert moved.state.split() == sorted(
        {*performing(), "feedback_waiting", "output_open"} - {"feedback_due"}
    )
    assert case_row(any_world, paused).chart_version == AT
    assert _unbroken(any_world)
    again = _migrated(any_world)
    assert (again.run, [told.case_id for told in again.cases]) == ("", [paused])
    back = undo_migration(
        any_world.db, any_world.person("administrator"), report.run, RUN_DAY, RUN_AT, versions=VERSIONS
    )
    assert (back.back, back.moved_since) == ((before[running].number, before[fresh].number), ())
    for case_id in (running, fresh):
        row = case_row(any_world, case_id)
        told = (row.chart_version, row.state, row.stage, orjson.loads(row.data))
        was = before[case_id]
        assert told == (AT, was.state, was.stage, orjson.loads(was.data))
    assert _unbroken(any_world)
    undone = dump(any_world.db)
    twice = undo_migration(
        any_world.db, any_world.person("administrator"), report.run, RUN_DAY, RUN_AT, versions=VERSIONS
    )
    assert (twice.back, twice.moved_since, dump(any_world.db) == undone) == ((), (), True)


def test_migrated_case_goes_on_under_the_new_chart_and_then_stays(any_world: World) -> None:
    running, fresh, _ = _three_cases(any_world)
    report = _migrated(any_world)
    assert "output_noted" in _take(any_world, running, "note_output", reason="已投产")
    back = undo_migration(
        any_world.db, any_world.person("administrator"), report.run, day(62), RUN_AT, versions=VERSIONS
    )
    assert back.back == (case_row(any_world, fresh).number,)
    assert back.moved_since == (case_row(any_world, running).number,)
    assert case_row(any_world, running).chart_version == AT + 1
    assert _unbroken(any_world)


def test_one_case_or_one_mode_can_be_asked_for(world: World) -> None:
    _, fresh, _ = _three_cases(world)
    number = case_row(world, fresh).number
    assert [told.case_id for told in _migrated(world, number=number).cases] == [fresh]
    assert _asked(world, mode="sole_license").examined == 0
    with pytest.raises(NotFound, match="没有编号为"):
        _asked(world, number="ZH1999-00001")
    with pytest.raises(NotFound, match="没有名为"):
        _asked(world, mode="gift")


def test_only_an_administrator_migrates_and_only_a_known_run_is_undone(world: World) -> None:
    world.case()
    before = dump(world.db)
    with pytest.raises(Forbidden):
        migrate(world.db, world.person("officer"), RUN_DAY, RUN_AT, versions=VERSIONS)
    with pytest.raises(Forbidden):
        undo_migration(world.db, world.person("officer"), "M1", RUN_DAY, RUN_AT)
    with pytest.raises(NotFound, match="没有编号为“M99”的迁移"):
        undo_migration(world.db, world.person("administrator"), "M99", RUN_DAY, RUN_AT)
    assert dump(world.db) == before


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a house pack of one's own and put the institution under it."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    (tmp_path / "packs").mkdir()

    def adopt(world: World, *changes: tuple[str, str]) -> None:
        text = (FOLDER / "house.toml").read_text(encoding="utf-8")
        name = f"house-{uuid4().hex}"
        for old, new in (('name = "house"', f'name = "{name}"'), *changes):
            assert text.count(old) == 1
            text = text.replace(old, new)
        (tmp_path / "packs" / f"{name}.toml").write_text(text, encoding="utf-8")
        with world.db.write() as session:
            row = session.get(Organization, world.org_id)
            assert row is not None
            row.rule_layers = f"national,{name}"

    return adopt


def test_case_keeps_the_house_policy_of_its_opening_until_it_is_migrated(
    any_world: World, house: Any
) -> None:
    case_id = any_world.case()
    kept = case_data(any_world, case_id)["process"]
    assert (kept["layers"], kept["policy_on"], kept["packs"]["house"]) == (
        "national,house",
        "2026-03-02",
        "2026.1",
    )
    house(any_world, ('price = ["title"]', 'price = ["title", "approval"]'), ('approval = ["publicity"]', "approval = []"),
          ('publicity = ["price"]', "publicity = []"))  # fmt: skip
    walk_to(any_world, case_id, "agree_price")
    other = any_world.case(title="新规则下立案")
    admin = any_world.person("administrator")
    report = plan_migration(any_world.db, admin, RUN_DAY)
    assert [told.case_id for told in report.cases] == [case_id]
    assert report.cases[0].policies == ("2026-03-02", "2026-05-01")
    assert {name.split("-")[0] for name, _, _ in report.cases[0].packs} == {"house"}
    done = migrate(any_world.db, admin, RUN_DAY, RUN_AT)
    assert case_data(any_world, case_id)["process"]["policy_on"] == "2026-05-01"
    assert plan_migration(any_world.db, admin, RUN_DAY).cases == ()
    undo_migration(any_world.db, admin, done.run, RUN_DAY, RUN_AT)
    assert case_data(any_world, case_id)["process"] == kept
    assert case_row(any_world, other).version == 1
    assert _unbroken(any_world)


def _older_rule(cur: Cursor, case_id: int) -> None:
    """Let the deadline of the filing rest on an earlier version of its rule, as an import of old cases would."""
    cur.run(
        "UPDATE deadline SET rule_version = '2021.1', due = ?, nominal = ? WHERE case_id = ? AND key = 'license_filing'",
        "2026-05-01", "2026-05-01", case_id,
    )  # fmt: skip


def test_deadline_of_an_older_rule_moves_and_comes_back(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "take_effect")
    with any_world.db.cursor() as cur:
        _older_rule(cur, case_id)
    dues = open_deadlines(any_world, case_id)
    admin = any_world.person("administrator")
    (told,) = plan_migration(any_world.db, admin, RUN_DAY).cases
    assert [(move.key, str(move.before), str(move.after)) for move in told.moved] == [
        ("license_filing", "2026-05-01", "2026-07-01")
    ]
    done = migrate(any_world.db, admin, RUN_DAY, RUN_AT)
    assert open_deadlines(any_world, case_id)["license_filing"] == "2026-07-01"
    assert plan_migration(any_world.db, admin, RUN_DAY).cases == ()
    undo_migration(any_world.db, admin, done.run, RUN_DAY, RUN_AT)
    assert open_deadlines(any_world, case_id) == dues
    assert _unbroken(any_world)
