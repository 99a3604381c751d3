"""A date that was recorded wrongly is corrected: what is open moves with it, and the old dates stay on record."""

from cases.db import Database
from cases.trail import verify
from tests.modes.acting import act, case_data, day, open_deadlines, refusal
from tests.modes.story import walk_to
from tests.world import World


def deadlines(db: Database, case_id: int, key: str) -> list[tuple[str, str, str, bool]]:
    """Every row of a deadline, oldest first: base date, due, status, and whether it replaces another."""
    with db.cursor() as cur:
        rows = cur.all(
            "SELECT base_date, due, status, replaces FROM deadline WHERE case_id = ? AND key = ? ORDER BY id",
            case_id, key,
        )  # fmt: skip
    return [(str(base), str(due), status, replaces is not None) for base, due, status, replaces in rows]


def test_open_deadlines_move_and_the_old_dates_stay(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "take_effect")
    act(
        any_world,
        case_id,
        "correct_date",
        35,
        which="contract_effective",
        corrected_on=day(31),
        reason="登记时误填",
    )
    assert deadlines(any_world.db, case_id, "license_filing") == [
        ("2026-04-01", "2026-07-01", "moved", False),
        ("2026-04-02", "2026-07-02", "open", True),
    ]
    assert [row[2] for row in deadlines(any_world.db, case_id, "technology_contract")] == ["moved", "open"]
    assert [row[2] for row in deadlines(any_world.db, case_id, "stamp_duty")] == ["open"]
    data = case_data(any_world, case_id)
    assert data["contract"]["effective_on"] == "2026-04-02"
    (kept,) = data["corrected"]["dates"]
    assert (kept["before"], kept["corrected_on"], kept["reason"]) == (
        "2026-04-01",
        "2026-04-02",
        "登记时误填",
    )
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_a_deadline_that_was_met_stays_met(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "submit_filing")
    act(
        any_world,
        case_id,
        "correct_date",
        41,
        which="contract_effective",
        corrected_on=day(33),
        reason="以收款日为准",
    )
    assert [row[2] for row in deadlines(any_world.db, case_id, "license_filing")] == ["met"]
    assert [row[2] for row in deadlines(any_world.db, case_id, "technology_contract")] == ["moved", "open"]


def test_the_publicity_is_counted_anew_from_the_right_day(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "post_publicity")
    before = open_deadlines(any_world, case_id)["publicity"]
    act(
        any_world,
        case_id,
        "correct_date",
        5,
        which="publicity_posted",
        corrected_on=day(4),
        reason="实际次日张贴",
    )
    assert (before, open_deadlines(any_world, case_id)["publicity"]) == ("2026-03-21", "2026-03-22")


def test_dates_keep_their_order(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "submit_filing")
    wrong = {"which": "contract_effective", "reason": "误填"}
    assert refusal(any_world, case_id, "correct_date", 41, corrected_on=day(41), **wrong) == [
        "date_out_of_order"
    ]
    assert refusal(any_world, case_id, "correct_date", 41, corrected_on=day(29), **wrong) == [
        "date_out_of_order"
    ]
    assert refusal(
        any_world, case_id, "correct_date", 41, which="publicity_posted", corrected_on=day(4), reason="误填"
    ) == ["date_not_recorded"]
