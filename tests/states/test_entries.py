"""What was mistyped and carries no decision is corrected, wherever it stands; before and after stay on record."""

from typing import Any

import pytest

from states.entries import ENTRIES
from states.facts import CaseData
from states.plan import Refusal
from tests.states.situation import PERFORMING, Situation


def _recording(path: tuple[str, ...], text: str) -> Any:
    """Values in which a path leads to a text; one of a list stands after another."""
    if not path:
        return text
    part, *rest = path
    inner = _recording(tuple(rest), text)
    return [_recording(tuple(rest), "别的"), inner] if part == "*" else {part: inner}


def _now(which: str, **given: Any) -> Situation:
    now = Situation(PERFORMING).knowing(data=CaseData(_recording(ENTRIES[which].path, "原文")))
    return now.giving("correct_entry", which=which, **given)


@pytest.mark.parametrize("which", ENTRIES)
def test_entry_is_replaced_where_it_stands(which: str) -> None:
    path = ENTRIES[which].path
    plan = _now(which, corrected="新文").plan("correct_entry")
    assert plan.facts[path[0]] == _recording(path, "新文")[path[0]]
    (told,) = (plan.facts["corrected"] or {})["entries"]
    assert (told["which"], told["before"], told["corrected"]) == (which, "原文", "新文")
    assert (plan.voids, plan.raised, plan.position) == ((), (), PERFORMING)


@pytest.mark.parametrize("which", [which for which, entry in ENTRIES.items() if "*" in entry.path])
def test_number_says_which_of_several(which: str) -> None:
    path = ENTRIES[which].path
    plan = _now(which, corrected="新文", number=1).plan("correct_entry")
    (told,) = (plan.facts["corrected"] or {})["entries"]
    assert told["before"] == "别的"
    refusal = _now(which, number=3).decide("correct_entry")
    assert isinstance(refusal, Refusal)
    assert [unmet.code for unmet in refusal.unmet] == ["entry_not_recorded"]
    assert plan.facts[path[0]] != _now(which).facts.data.sections[path[0]]


def test_record_no_corrects_the_evidence_of_the_label() -> None:
    now = Situation(("feedback_due", "filing_recorded", "payments_running")).data("filing", record_no="X1")
    plan = now.giving("correct_entry", which="record_no", corrected="X2").plan("correct_entry")
    assert plan.label is not None
    assert plan.label[:2] == ("已达成独占许可", "备案证明 X2")


def test_draft_that_bears_the_number_is_made_anew_and_a_signed_contract_is_not() -> None:
    drafting = Situation().at(
        "approval_granted", "drafting", "price_agreed", "publicity_closed", "title_cleared"
    )
    assert drafting.plan("correct_entry").documents == ("contract",)
    assert Situation(PERFORMING).plan("correct_entry").documents == ()


def test_nothing_recorded_is_told_before_anything_is_typed() -> None:
    option = Situation().knowing(data=CaseData({})).options("officer")["correct_entry"]
    assert [unmet.code for unmet in option.unmet] == ["entry_not_recorded"]
