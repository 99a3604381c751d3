"""Grants of other cases on the same patents, as the record tells them: at the opening, and under lock at the signature."""

from datetime import date
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlmodel import select

from cases.advance import Refused
from cases.conflicts import LOAD_GRANTS, opening_warnings
from cases.db import cursor_of
from cases.loading import load
from cases.tables import TrailEntry
from desk.story import Scene, story
from desk.story import walk as walk_story
from rules.grants import Grant
from tests.modes.acting import act, day, refusal
from tests.modes.story import TERMS
from tests.world import TODAY, World

SIGNED: dict[str, Any] = {
    "signed_on": day(30),
    "licensor_signatory": "授权代表",
    "licensee_signatory": "冯立",
}
FIRST = Grant(
    "exclusive_license", date(2026, 4, 1), date(2031, 3, 31), "浙江省", "ZH2026-00001", "甲公司独占许可"
)


def ready(world: World, title: str, **terms: object) -> int:
    """A case that only has to be signed, with terms of its own."""
    scenes: tuple[Scene, ...] = story(TODAY, terms={**TERMS, **terms}, contract_no=title)
    case_id = world.case(title=title)
    assert list(walk_story(world.db, world.people, case_id, scenes, until="finalize_contract"))
    return case_id


def become(world: World, case_id: int, mode: str) -> None:
    """Make a case one of a mode whose chart is not there yet."""
    with world.db.write() as session:
        session.connection().execute(
            text("UPDATE conversion_case SET mode = :mode WHERE id = :id"), {"mode": mode, "id": case_id}
        )


@pytest.mark.parametrize(
    ("terms", "codes"),
    [
        ({"territory": "江苏省"}, []),
        ({"territory": "江苏省、浙江省"}, ["conflicting_case"]),
        ({"territory": "中华人民共和国境内"}, ["conflicting_case"]),
        ({"territory": "浙江省", "start": "2031-04-01", "end": "2035-03-31"}, []),
        ({"territory": "浙江省", "start": "2031-03-31", "end": "2035-03-31"}, ["conflicting_case"]),
    ],
)
def test_term_and_territory_decide_whether_both_can_be_signed(
    any_world: World, terms: dict[str, str], codes: list[str]
) -> None:
    first = ready(any_world, "甲公司独占许可", start="2026-04-01", end="2031-03-31", territory="浙江省")
    later = {"instalments": [{"label": "首期款", "amount_fen": "120万元", "due_on": "2032-05-15"}]}
    second = ready(any_world, "乙公司独占许可", **terms, **(later if "start" in terms else {}))
    act(any_world, first, "sign", 30, **SIGNED)
    if codes:
        assert refusal(any_world, second, "sign", 30, **SIGNED) == codes
    else:
        assert "signed" in act(any_world, second, "sign", 30, **SIGNED).position


@pytest.mark.parametrize(
    ("mode", "rules"),
    [
        ("ordinary_license", []),
        ("development", []),
        ("sole_license", ["L-10"]),
        ("open_license", ["OP-10"]),
        ("pledge", ["PG-02"]),
        ("transfer", ["TR-01"]),
    ],
)
def test_mode_of_the_other_case_decides(world: World, mode: str, rules: list[str]) -> None:
    first, second = (ready(world, title) for title in ("甲案", "乙案"))
    act(world, first, "sign", 30, **SIGNED)
    become(world, first, mode)
    try:
        act(world, second, "sign", 30, **SIGNED)
        found = []
    except Refused as refused:
        found = [unmet.rule_id for unmet in refused.unmet]
    assert found == rules


def test_facts_of_a_case_hold_what_the_others_granted(any_world: World) -> None:
    first = ready(any_world, "甲公司独占许可", start="2026-04-01", end="2031-03-31", territory="浙江省")
    second = any_world.case(title="乙公司独占许可")
    with any_world.db.cursor() as cur:
        assert load(cur, second, any_world.org_id).facts.others == ()
    act(any_world, first, "sign", 30, **SIGNED)
    with any_world.db.cursor() as cur:
        assert load(cur, second, any_world.org_id).facts.others == (FIRST,)
        assert load(cur, first, any_world.org_id).facts.others == ()


def test_refusal_tells_how_the_conflict_came_about(world: World) -> None:
    first = ready(world, "甲公司独占许可", start="2026-04-01", end="2031-03-31", territory="浙江省")
    second = ready(world, "乙公司独占许可", start="2026-04-05", end="2031-12-31")
    act(world, first, "sign", 30, **SIGNED)
    with pytest.raises(Refused) as refused:
        act(world, second, "sign", 30, **SIGNED)
    (unmet,) = refused.value.unmet
    assert [step.zh for step in unmet.derivation.parts[:2]] == [
        "ZH2026-00001 甲公司独占许可的状态：已签订独占许可（2026-04-01至2031-03-31）",
        "期限重叠：自2026-04-05至2031-03-31，地域：在先浙江省，本次中华人民共和国境内（不含港澳台）",
    ]
    assert unmet.derivation.rule_id == "L-10"


def warnings_of(world: World, case_id: int) -> list[str]:
    """The warnings in the first entry of a case's trail."""
    with world.db.read() as session:
        query = select(TrailEntry.body).where(TrailEntry.case_id == case_id, TrailEntry.seq == 1)
        found = orjson.loads(session.exec(query).one()).get("warnings", [])
    assert isinstance(found, list)
    return found


def test_opening_warns_of_every_other_case_on_the_patent(any_world: World) -> None:
    first = ready(any_world, "甲公司独占许可", start="2026-04-01", end="2031-03-31")
    second = any_world.case(title="乙公司独占许可")
    act(any_world, first, "sign", 30, **SIGNED)
    third = any_world.case(title="丙公司独占许可")
    assert (warnings_of(any_world, first), [warning[:12] for warning in warnings_of(any_world, second)]) == (
        [], ["ZH2026-00001"],
    )  # fmt: skip
    told = warnings_of(any_world, third)
    assert [warning[:12] for warning in told] == ["ZH2026-00001", "ZH2026-00002"]
    assert told[0].startswith(
        "ZH2026-00001 甲公司独占许可，已签订独占许可（2026-04-01至2031-03-31）：独占许可期内不得再作独占许可。"
    )
    assert "在办，尚未签订" in told[1]


def test_ended_cases_do_not_warn(world: World) -> None:
    first = world.case(title="甲公司独占许可")
    act(world, first, "withdraw", 1, reason="企业放弃")
    second = world.case(title="乙公司独占许可")
    assert warnings_of(world, second) == []
    with world.db.read() as session:
        found = opening_warnings(cursor_of(session, world.db.postgres), first, "exclusive_license", TODAY)
    assert [finding.subject_en for finding in found] == ["ZH2026-00002"]


def test_grants_are_found_by_the_index_of_patents(world: World) -> None:
    """The statement runs inside every transition: it may look cases up, never scan them."""
    with world.db.cursor() as cur:
        plan = [row[3] for row in cur.all(f"EXPLAIN QUERY PLAN {LOAD_GRANTS}", 1)]
    assert [line for line in plan if line.startswith("SCAN")] == []
