"""A case steps back: what it voids is told beforehand, stays on record, and is done anew."""

import pytest

from cases.trail import entries, verify
from cases.whatif import Supposed, preview
from tests.cases.dump import dump
from tests.modes.acting import act, case_data, day, open_deadlines, refusal
from tests.modes.story import walk_to
from tests.world import World


def test_withdrawn_publicity_is_run_anew(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "approve")
    given = {"what": "publicity", "reason": "公示的价格有误"}
    before = dump(any_world.db)
    with any_world.db.read() as session:
        supposed = Supposed("step_back", given, day(26))
        told = preview(any_world.db, session, any_world.person("officer"), case_id, supposed)
    assert dump(any_world.db) == before
    done = act(any_world, case_id, "step_back", 26, **given)
    assert done.voids == told == ("publicity", "approval")
    assert done.position == (
        "approval_open", "contract_waiting", "price_agreed", "publicity_open", "title_cleared",
    )  # fmt: skip
    data = case_data(any_world, case_id)
    assert {"publicity", "approval"} & set(data) == set()
    assert data["stepped_back"]["list"][0]["by_name"] == "林知远"
    posted = act(
        any_world, case_id, "post_publicity", 27, posted_on=day(27), place="官网", procedure_published=True
    )
    assert "publicity_running" in posted.position
    assert open_deadlines(any_world, case_id) == {"publicity": "2026-04-14"}
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_running_publicity_loses_its_deadline(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "post_publicity")
    assert set(open_deadlines(any_world, case_id)) == {"publicity"}
    act(any_world, case_id, "step_back", 6, what="publicity", reason="张贴位置有误")
    assert open_deadlines(any_world, case_id) == {}


def test_filing_withdrawn_at_the_office_is_due_again_on_its_old_day(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "take_effect")
    due = open_deadlines(any_world, case_id)["license_filing"]
    act(any_world, case_id, "submit_filing", 40, submitted_on=day(40), receipt_no="SL1")
    given = {"what": "filing", "reason": "合同附件有误"}
    assert refusal(any_world, case_id, "step_back", 41, **given) == ["lies_at_the_office"]
    done = act(any_world, case_id, "step_back", 41, **given, withdrawn_on=day(41), reference="撤回通知1号")
    assert "filing_due" in done.position
    running = open_deadlines(any_world, case_id)
    assert (running["license_filing"], "filing_decision" in running) == (due, False)
    act(any_world, case_id, "submit_filing", 45, submitted_on=day(45), receipt_no="SL2")
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_feedback_reported_by_mistake_is_due_again(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "report_feedback")
    assert "feedback" not in open_deadlines(any_world, case_id)
    act(any_world, case_id, "step_back", 90, what="feedback", reason="误报为另一案件")
    assert "feedback" in open_deadlines(any_world, case_id)


@pytest.mark.parametrize("what", ["signature", "effect", "approval", "publicity", "contract"])
def test_signed_contract_is_not_undone(world: World, what: str) -> None:
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    before = dump(world.db)
    assert refusal(world, case_id, "step_back", 40, what=what, reason="误登") == ["cannot_be_undone"]
    assert dump(world.db) == before


def test_correction_of_a_number_keeps_both_and_reaches_the_label(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "record_filing")
    act(any_world, case_id, "correct_entry", 90, which="record_no", corrected="X2026-9", reason="看错一位")
    (kept,) = case_data(any_world, case_id)["corrected"]["entries"]
    assert (kept["corrected"], kept["before"] != "X2026-9") == ("X2026-9", True)
    with any_world.db.cursor() as cur:
        assert cur.all("SELECT evidence FROM label_event WHERE case_id = ?", case_id) == [
            ("备案证明 X2026-9",)
        ]
    with any_world.db.read() as session:
        *_, last = entries(session, any_world.org_id, f"case:{case_id}")
        assert last.body["before"]["filing"]["record_no"] == kept["before"]
        assert verify(session).breaks == ()


def test_end_date_is_corrected_while_duties_are_left(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "record_filing")
    act(any_world, case_id, "terminate", 100, agreed_on=day(99), reason="协商一致")
    before = open_deadlines(any_world, case_id)["filing_cancellation"]
    act(
        any_world,
        case_id,
        "correct_date",
        101,
        which="contract_ended",
        corrected_on=day(97),
        reason="协议日期看错",
    )
    after = open_deadlines(any_world, case_id)["filing_cancellation"]
    assert (before, after) == ("2026-07-09", "2026-07-07")
    act(any_world, case_id, "correct_entry", 101, which="contract_no", corrected="H-9", reason="误填")
