"""A case is split in two and two are joined in one: all or nothing, and both trails tell of the other."""

from threading import Thread

import orjson
import pytest

from cases.advance import Refused
from cases.tables import Company
from cases.trail import Entry, entries, verify
from tests.cases.dump import dump, fail_on_insert
from tests.modes.acting import act, case_data, case_row, refusal
from tests.modes.story import walk_to
from tests.world import NOW, NUMBERS, World


def _held(world: World, case_id: int) -> list[str]:
    with world.db.cursor() as cur:
        rows = cur.all(
            "SELECT p.application_no FROM case_patent cp JOIN patent p ON p.id = cp.patent_id "
            "WHERE cp.case_id = ? ORDER BY p.id",
            case_id,
        )
    return [number for (number,) in rows]


def _entries(world: World, case_id: int) -> tuple[Entry, ...]:
    with world.db.read() as session:
        assert verify(session).breaks == ()
        return entries(session, world.org_id, f"case:{case_id}")


def test_patents_go_on_in_a_case_of_their_own(any_world: World) -> None:
    case_id = any_world.case(patents=3)
    walk_to(any_world, case_id, "approve")
    given = {"patents": f"ZL{NUMBERS[1]}\n{NUMBERS[2]}", "reason": "另一产品线"}
    done = act(any_world, case_id, "split_off", 26, **given)
    assert done.voids == ("price", "publicity", "approval")
    assert "title_cleared" in done.position
    last = _entries(any_world, case_id)[-1]
    other = last.body["split_into"]
    assert other["number"] == "ZH2026-00002"
    assert (_held(any_world, case_id), _held(any_world, other["case_id"])) == ([NUMBERS[0]], [*NUMBERS[1:3]])
    new, old = case_row(any_world, other["case_id"]), case_row(any_world, case_id)
    assert (new.mode, new.company_id, new.officer_id, new.title) == (
        old.mode, old.company_id, old.officer_id, "锂电池隔膜独占许可（分案）",
    )  # fmt: skip
    assert orjson.loads(new.terms) == orjson.loads(old.terms)
    (first,) = _entries(any_world, other["case_id"])
    assert first.body["split_from"] == {"case_id": case_id, "number": old.number}
    walk_to_title = act(
        any_world, other["case_id"], "clear_title", 27, checked_on=first.body["today"], evidence="副本"
    )
    assert "title_cleared" in walk_to_title.position


def test_two_cases_become_one(any_world: World) -> None:
    case_id = any_world.case(title="甲案")
    here = World(
        any_world.db, any_world.org_id, any_world.people, any_world.company_id, any_world.patent_ids[1:]
    )
    other = here.case(patents=2, title="乙案")
    walk_to(any_world, case_id, "approve")
    walk_to(any_world, other, "post_publicity")
    done = act(
        any_world, case_id, "join_case", 26, case=case_row(any_world, other).number, reason="同一企业一并办理"
    )
    assert done.voids == ("title", "price", "publicity", "approval")
    assert _held(any_world, case_id) == [*NUMBERS[:3]]
    gone = case_row(any_world, other)
    assert (gone.state.split(), gone.stage, gone.closed_on is not None) == (["withdrawn"], "end", True)
    assert case_data(any_world, other)["end"]["into"] == case_row(any_world, case_id).number
    ours, theirs = _entries(any_world, case_id)[-1], _entries(any_world, other)[-1]
    assert ours.body["joined"] == {"case_id": other, "number": gone.number}
    assert (theirs.verb, theirs.body["joined_to"]["case_id"]) == ("merged_away", case_id)
    with any_world.db.cursor() as cur:
        assert cur.all("SELECT status FROM deadline WHERE case_id = ?", other) == [("dropped",)]


def test_refusals_name_everything_and_write_nothing(world: World) -> None:
    case_id, signed = world.case(patents=2), world.case(mode="sole_license")
    walk_to(world, signed, "sign")
    with world.db.write() as session:
        company = Company(org_id=world.org_id, name="远帆电池有限公司", uscc="", created_at=NOW)
        session.add(company)
        session.flush()
        company_id = int(company.id or 0)
    elsewhere = World(world.db, world.org_id, world.people, company_id, world.patent_ids).case()
    before = dump(world.db)
    number = case_row(world, case_id).number
    assert refusal(world, case_id, "join_case", 31, case=number, reason="误填") == ["same_case"]
    assert refusal(world, case_id, "join_case", 31, case=case_row(world, signed).number, reason="误填") == [
        "other_mode", "other_signed",
    ]  # fmt: skip
    assert refusal(
        world, case_id, "join_case", 31, case=case_row(world, elsewhere).number, reason="误填"
    ) == ["other_company"]
    assert refusal(world, case_id, "join_case", 31, case="ZH1999-00001", reason="误填") == ["no_such_case"]
    both = f"{NUMBERS[0]} {NUMBERS[1]} {NUMBERS[4]}"
    assert refusal(world, case_id, "split_off", 31, patents=both, reason="误填") == [
        "patent_not_held",
        "nothing_would_stay",
    ]
    assert dump(world.db) == before


@pytest.mark.parametrize("table", ["case_patent", "trail"])
def test_failure_half_way_leaves_both_cases_as_they_were(any_world: World, table: str) -> None:
    case_id, other = any_world.case(patents=2), any_world.case(title="乙案")
    fail_on_insert(any_world.db, table)
    before = dump(any_world.db)
    for event, given in (
        ("split_off", {"patents": NUMBERS[1], "reason": "分案"}),
        ("join_case", {"case": case_row(any_world, case_id).number, "reason": "并案"}),
    ):
        with pytest.raises(Exception, match="boom"):
            act(any_world, other if event == "join_case" else case_id, event, 1, **given)
    assert dump(any_world.db) == before


def test_joins_that_cross_each_other_end_with_one_case(any_world: World) -> None:
    first, second = any_world.case(title="甲案"), any_world.case(title="乙案")
    numbers = {case_id: case_row(any_world, case_id).number for case_id in (first, second)}
    outcomes: list[str] = []

    def join(case_id: int, other: int) -> None:
        try:
            act(any_world, case_id, "join_case", 1, case=numbers[other], reason="并案")
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")

    threads = [Thread(target=join, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    ended = [case_row(any_world, case_id).state.split() == ["withdrawn"] for case_id in (first, second)]
    assert sorted(ended) == [False, True]
    _entries(any_world, first)
