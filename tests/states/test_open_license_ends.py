"""How an open license ends, what each end leaves, and what the register shows after it."""

from dataclasses import replace
from datetime import date

import pytest

from states import ends
from states.open_license import MODE
from states.plan import RegisterChange
from tests.states.open_license_situation import OF_LICENSEES, OPEN, acceptance, at, open_, ready
from tests.states.situation import PATENT, SECOND, Situation

STEPS = {"expired": "expire", "patent_ended": "record_patent_ended"}
CELLS = [
    (key, position, end, fates.split()[ends.ENDINGS.index(end)])
    for _, key, position, fates in OF_LICENSEES
    for end in STEPS
]
OVER = open_(declaration="declaration_over")


def _ended(end: str, position: tuple[str, ...] = OPEN) -> Situation:
    return at(*position).terms(end=date(2026, 5, 31))


@pytest.mark.parametrize(("key", "position", "end", "fate"), CELLS)
def test_end_does_with_the_duty_what_the_table_says(
    key: str, position: tuple[str, ...], end: str, fate: str
) -> None:
    plan = _ended(end, position).plan(STEPS[end])
    (closing,) = plan.closes
    opened = {opened for opened, _ in plan.deadlines}
    assert ("keeps" if key in closing.but else "opens" if key in opened else "drops") == fate
    left = plan.facts["end"]["left"]  # type: ignore[index]
    assert set(left) == {*closing.but, *opened}


def test_each_licensee_filing_is_cancelled_within_its_own_thirty_days() -> None:
    """备案办法 art 17: 30 days from the end; one that had ended before keeps its own day."""
    found = {key: (d.rule_id, d.due.isoformat()) for key, d in _ended("expired").plan("expire").deadlines}
    assert found == {
        "acceptance_cancellation:3": ("T-04", "2026-06-30"),
        "acceptance_cancellation:4": ("T-04", "2026-06-30"),
        "acceptance_cancellation:5": ("T-04", "2026-06-30"),
        "acceptance_cancellation:6": ("T-04", "2026-06-22"),  # 19 June is the Dragon Boat Festival
    }


def test_declaration_that_nobody_accepted_ends_at_once_when_its_term_is_over() -> None:
    plan = at(*OPEN, acceptances={}, bar={}).terms(end=date(2026, 5, 31)).plan("expire")
    assert (plan.position, plan.final, plan.facts["end"]["left"]) == (("completed",), True, [])  # type: ignore[index]


def test_patent_that_ends_before_the_gazette_ends_the_case() -> None:
    now = at("filing_submitted", acceptances={}, bar={}, filing={"submitted_on": "2026-03-12"})
    plan = now.plan("record_patent_ended")
    assert (plan.position, plan.register) == (("patent_ended",), ())


def test_withdrawn_declaration_is_completed_if_somebody_had_accepted_and_withdrawn_if_nobody_had() -> None:
    told = ready("complete").plan("complete")
    nobody = at(*OVER, acceptances={}, bar={}, rewards={}).plan("complete")
    assert (told.position, nobody.position) == (("completed",), ("withdrawn",))
    assert nobody.facts["end"]["how"] == "withdrawn"  # type: ignore[index]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("licenses_running", {"acceptances": {"list": [acceptance(1, "recorded", payments=[], duties=[])]}}),
        ("duties_open", {"acceptances": {"list": [acceptance(1, "over", payments=[])]}}),
        ("payments_open", {"acceptances": {"list": [acceptance(1, "over", duties=[])]}}),
        ("feedback_open", {"feedback": {}}),
        ("notice_open", {"bar": {"notice_due": True}}),
    ],
)
def test_withdrawn_declaration_waits_for_what_its_licenses_brought(
    code: str, data: dict[str, dict[str, object]]
) -> None:
    now = ready("complete")
    for section, values in data.items():
        now = now.data(section, **values) if values else now.data(section, reported_on=None)
        if not values:
            sections = {name: told for name, told in now.facts.data.sections.items() if name != section}
            now = now.knowing(data=replace(now.facts.data, sections=sections))
    assert now.codes("complete") == [code]


@pytest.mark.parametrize(
    ("step", "flags_in", "flags_out"),
    [
        ("record_filing", ("open_license",), ()),
        ("submit_withdrawal", ("open_withdrawal_filed",), ()),
        ("refuse_withdrawal", (), ("open_withdrawal_filed",)),
        ("record_withdrawal", (), ("open_license", "open_withdrawal_filed")),
        ("record_revocation", (), ("open_license", "open_withdrawal_filed")),
        ("expire", (), ("open_license", "open_withdrawal_filed")),
        ("record_patent_ended", (), ("open_license", "open_withdrawal_filed")),
    ],
)
def test_register_shows_the_declaration_from_gazette_to_gazette(
    step: str, flags_in: tuple[str, ...], flags_out: tuple[str, ...]
) -> None:
    """审查指南 part 5 ch 11 §§4-5: declaration and withdrawal take effect with their gazette."""
    assert ready(step).plan(step).register == (RegisterChange(PATENT.id, flags_in, flags_out),)


def test_no_other_step_touches_the_register() -> None:
    touching = {step for step in MODE.steps if ready(step).plan(step).register}
    assert touching == {
        "record_filing", "submit_withdrawal", "refuse_withdrawal", "record_withdrawal", "record_revocation", "expire",
        "record_patent_ended",
    }  # fmt: skip


def test_declaration_goes_on_with_the_patents_that_live() -> None:
    plan = ready("record_patent_ended").knowing(patents=(PATENT, SECOND)).plan("record_patent_ended")
    assert (plan.position, [change.patent_id for change in plan.register]) == (OPEN, [PATENT.id])
    ((key, deadline),) = plan.deadlines
    assert (key, deadline.rule_id) == (f"patent_ended:{PATENT.id}", "T-05")


def test_revocation_by_the_office_has_the_licensees_told() -> None:
    plan = at(*OPEN, bar={}).plan("record_revocation")
    assert [(key, d.rule_id) for key, d in plan.deadlines] == [("licensee_notice", "OP-12")]


def test_change_of_a_register_entry_is_applied_to_the_patent() -> None:
    burdened = replace(PATENT, flags=frozenset({"pledged", "open_license"}))
    changed = RegisterChange(PATENT.id, ("open_withdrawal_filed",), ("open_license",)).applied(burdened)
    assert changed == replace(PATENT, flags=frozenset({"pledged", "open_withdrawal_filed"}))
    assert RegisterChange(PATENT.id, owners=("某公司",)).applied(burdened).owners == ("某公司",)
