"""Every end × every duty: what the end keeps, opens or drops, and that the case is final only when nothing is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from states import ends
from states.catalog import MODES
from states.chart import Position
from states.plan import Refusal
from tests.states.development_situation import development
from tests.states.development_situation import in_force as of_work
from tests.states.open_license_situation import OF_LICENSEES
from tests.states.patent_pool_situation import in_force as of_pool
from tests.states.patent_pool_situation import pool
from tests.states.situation import (
    CHART,
    PATENT,
    PERFORMING,
    RECEIPT,
    ROYALTY,
    Situation,
    deal,
    performing,
    ready,
)
from tests.states.transferring import deal as of_transfer
from tests.states.transferring import in_force, transfer

EXAMINED = performing(filing="filing_submitted")
RECORDED = performing(filing="filing_recorded")
STEPS = {
    "expired": "expire", "terminated": "terminate", "patent_ended": "record_patent_ended", "withdrawn": "withdraw",
    "rejected": "reject",
}  # fmt: skip
ANNOUNCED = deal(publicity="publicity_running", approval="approval_submitted")
# Duty: the key of its deadline, where it stands, and its fate when the license expired, was terminated, lost its
# patents; when the case was withdrawn or rejected.
TABLE = (
    ("publicity", "publicity", ANNOUNCED, "never never never drops drops"),
    ("sale", "sale", deal(price="price_listed", approval="approval_submitted"), "never never never drops drops"),
    ("stamp_duty", "stamp_duty", RECORDED, "keeps keeps keeps never never"),
    ("license_filing", "license_filing", PERFORMING, "drops drops drops never never"),
    ("filing_decision", "filing_decision", EXAMINED, "drops drops drops never never"),
    ("correction", "correction", performing(filing="filing_correction"), "drops drops drops never never"),
    ("filing_cancellation", "filing_cancellation", RECORDED, "opens opens opens never never"),
    ("filing_cancellation", "filing_cancellation", EXAMINED, "opens opens opens never never"),
    ("patent_cancellation", "patent_ended:7", RECORDED, "drops drops drops never never"),
    ("feedback", "feedback", RECORDED, "keeps keeps keeps never never"),
    ("technology_contract", "technology_contract", RECORDED, "drops drops drops never never"),
    (
        "registration_decision", "registration_decision", performing(registration="registration_submitted"),
        "drops drops drops never never",
    ),
    ("filing_change", "filing_change", RECORDED, "drops drops drops never never"),
    ("amendment_publicity", "amendment_publicity", RECORDED, "drops drops drops never never"),
    ("registration_change", "registration_change", RECORDED, "never opens opens never never"),
    (
        "industrialization_feedback", "industrialization_feedback", performing(industrialization="industrialized"),
        "keeps keeps keeps never never",
    ),
    ("product_update", "product_update", performing(industrialization="worked"), "drops drops drops never never"),
    ("reward_publicity", "reward_publicity", performing(rewards="rewards_publicized"), "drops drops drops never never"),
    ("reward_distribution", "distribution:1", RECORDED, "keeps keeps keeps never never"),
    ("reward_filing", "reward_filing:1", RECORDED, "keeps keeps keeps never never"),
    ("trial_end", "trial_end", RECORDED, "drops drops drops never never"),
    ("trial_decision", "trial_decision", RECORDED, "drops drops drops never never"),
    ("royalty_statement", "royalty_statement:1", RECORDED, "keeps keeps keeps never never"),
    ("payment_due", "payment:1", RECORDED, "keeps keeps keeps never never"),
    ("payment_later", "payment:2", RECORDED, "keeps drops drops never never"),
)  # fmt: skip
# What must be recorded for the duty to stand.
# Duties that only contributions to a company have; `test_equity_guards` and the story of the mode walk their ends.
OF_COMPANIES = tuple(
    (duty, duty, (), "never drops drops never never")
    for duty in (
        "rights_transfer", "company_registration", "capital", "capital_publicity", "capital_call", "award_publicity",
        "deferral", "deferral_report",
    )
) + (("share_exit", "share_exit", (), "never opens opens never never"),)  # fmt: skip
MAKES_STAND: dict[str, tuple[str, dict[str, Any]]] = {
    "registration_change": ("duties", {"technology_contract": {"reference": "1"}}),
    "industrialization_feedback": ("industrialization", {"industrialized_on": "2026-05-20"}),
    "reward_distribution": ("receipts", {"list": [{**RECEIPT, "payment": ""}]}),
    "reward_filing": ("distributions", {"list": [{"receipts": [], "paid_on": "2026-05-20"}]}),
}
# Of a development contract, which its background patents do not end, and of a pool, which may be left besides.
OF_WORK = (
    ("delivery", "delivery", of_work(), "never drops never never never"),
    ("industrialization", "industrialization", of_work(work="results_accepted"), "never drops never never never"),
)  # fmt: skip
OF_POOLS = (("pool_exit", "pool_exit", of_pool(membership="exit_noticed"), "drops drops drops never never"),)
# Those of a transfer alone: duty, where it stands, its fates.
TRANSFERS = (
    ("first_refusal", "first_refusal", of_transfer(first_refusal="refusal_waiting", approval="approval_submitted"),
     "never never never drops drops"),
    ("export_answer", "export_answer", of_transfer(export="export_applied", approval="approval_submitted"),
     "never drops drops drops drops"),
    ("export_registration", "export_registration", in_force(export_registration="export_registration_due"),
     "never drops drops never never"),
    ("change_filing", "change_filing", in_force(), "never drops drops never never"),
    ("filing_fee", "filing_fee", in_force(filing="filing_submitted"), "never drops drops never never"),
)  # fmt: skip
# Who puts together the situation of a row that is no license's.
OWN: dict[tuple[str, str, Position], Callable[[Position], Situation]] = {
    **{row[:3]: transfer for row in TRANSFERS},
    **{row[:3]: development for row in OF_WORK},
    **{row[:3]: pool for row in OF_POOLS},
}
# Ends of a signed contract, where the duty of a case before its signature may stand as well.
LATER = {("export_answer", "terminated"), ("export_answer", "patent_ended")}
CELLS = [
    (duty, key, position, end, fate)
    for duty, key, position, fates in (*TABLE, *TRANSFERS, *OF_WORK, *OF_POOLS)
    for end, fate in zip(ends.ENDINGS, fates.split(), strict=True)
]


def _standing(duty: str, position: tuple[str, ...]) -> Situation:
    """A case in which the duty stands."""
    now = Situation(position).terms(end=date(2026, 5, 31))
    if duty in MAKES_STAND:
        section, told = MAKES_STAND[duty]
        now = now.data(section, **told)
    if duty == "royalty_statement":
        now = now.terms(own={"royalty": ROYALTY})
    return now.data("filing", recorded_on=None) if position != RECORDED else now


def test_table_is_the_table_of_the_code() -> None:
    tables = [*TABLE, *OF_LICENSEES, *OF_WORK, *OF_POOLS, *TRANSFERS, *OF_COMPANIES]
    assert {duty: tuple(fates.split()) for duty, _, _, fates in tables} == ends.FATES
    assert set(ends.STANDING) == {
        duty for duty, fates in ends.FATES.items() if {"keeps", "opens"} & set(fates)
    }


@pytest.mark.parametrize(("duty", "key", "position", "end", "fate"), CELLS)
def test_end_does_with_the_duty_what_the_table_says(
    duty: str, key: str, position: tuple[str, ...], end: str, fate: str
) -> None:
    own = OWN.get((duty, key, position))
    now = own(position) if own else _standing(duty, position)
    if STEPS[end] not in now.mode.steps:
        assert fate == "never"
        return
    found = now.decide(STEPS[end])
    if isinstance(found, Refusal):
        assert found.unmet[0].code == "not_here"
        assert fate == "never" or (duty, end) in LATER
        return
    if not found.closes:  # a patent that ends where the contract goes on
        assert (fate, found.position) == ("never", position)
        return
    (closing,) = found.closes
    opened = {opened for opened, _ in found.deadlines}
    assert (closing.key, closing.how) == ("*", "dropped")
    got = "keeps" if key in closing.but else "opens" if key in opened else "drops"
    assert got == ("drops" if fate == "never" else fate)
    left = found.facts["end"].get("left", [])  # type: ignore[union-attr]
    assert set(left) == {*closing.but, *opened}
    assert found.final == (not left)


# What stands beside in a pool: how it is left does not matter for what the parties owe.
@pytest.mark.parametrize("step", ["expire", "terminate", "record_exit", "record_patent_ended"])
def test_every_way_out_of_a_pool_leaves_tax_and_feedback(step: str) -> None:
    place = of_pool(membership="exit_noticed")
    plan = pool(place).plan(step)
    assert (plan.position, plan.deadlines) == (("duties_due",), ())
    assert {"stamp_duty", "feedback"} <= set(plan.closes[0].but)
    before = pool(place).data("pool", entered_on=None).plan(step)
    assert "feedback" not in before.closes[0].but


@pytest.mark.parametrize("mode", MODES.values(), ids=lambda mode: mode.slug)
def test_every_end_of_every_chart_has_its_column(mode) -> None:  # type: ignore[no-untyped-def]
    """A contract on work outlives its background patents; every other one ends with them."""
    final = {node.id for node in mode.chart.nodes.values() if node.final}
    columns = {"completed" if end == "expired" else end for end in ends.ENDINGS}
    assert final == (columns - {"patent_ended"} if mode.slug == "development" else columns)


@pytest.mark.parametrize(
    ("end", "rule", "due"), [("terminated", "T-04", "2026-07-01"), ("patent_ended", "T-05", "2026-07-01")]
)
@pytest.mark.parametrize(
    ("position", "reached"), [(RECORDED, "cancellation_due"), (EXAMINED, "withdrawal_due")]
)
def test_filing_is_cancelled_or_withdrawn_by_its_rule(
    position: tuple[str, ...], reached: str, end: str, rule: str, due: str
) -> None:
    plan = _standing("filing_cancellation", position).plan(STEPS[end])
    found = {key: (deadline.rule_id, deadline.due.isoformat()) for key, deadline in plan.deadlines}
    assert (plan.position, found) == ((reached,), {"filing_cancellation": (rule, due)})


def test_end_without_a_filing_leaves_the_other_duties() -> None:
    plan = ready("terminate").data("filing", recorded_on=None).plan("terminate")
    assert (plan.deadlines, plan.position, plan.final) == ((), ("duties_due",), False)
    assert plan.closes[0].but == ("stamp_duty", "payment:1")


@pytest.mark.parametrize(
    ("step", "reached"),
    [("terminate", "terminated"), ("expire", "completed"), ("record_patent_ended", "patent_ended")],
)
def test_end_that_leaves_nothing_is_final_at_once(step: str, reached: str) -> None:
    now = Situation(PERFORMING).terms(end=date(2026, 5, 31), payments=()).data("filing", recorded_on=None)
    plan = now.data("duties", stamp_duty={"reference": "1"}).plan(step)
    assert (plan.position, plan.stage, plan.final) == ((reached,), "end", True)


@pytest.mark.parametrize(
    ("remaining", "kept"),
    [
        ("", ("payment:1",)),
        ("payment:2、payment:3", ("payment:2", "payment:3")),
        ("payment:1, payment:3", ("payment:1", "payment:3")),
        ("无", ()),
        ("None", ()),
    ],
)
def test_parties_say_which_payments_stay_due(remaining: str, kept: tuple[str, ...]) -> None:
    plan = ready("terminate").giving("terminate", remaining=remaining).plan("terminate")
    assert tuple(key for key in plan.closes[0].but if key.startswith("payment")) == kept


def test_payment_moved_from_a_day_of_rest_is_not_due_before() -> None:
    """2026-05-30 is a Saturday: the contract moves the payment to Monday, the day after the end."""
    payment = replace(Situation().facts.terms.payments[0], due=date(2026, 5, 30))
    now = ready("terminate").terms(payments=(payment,))
    sunday = now.giving("terminate", agreed_on="2026-05-31").plan("terminate")
    monday = now.giving("terminate", agreed_on="2026-06-01").plan("terminate")
    assert ("payment:1" in sunday.closes[0].but, "payment:1" in monday.closes[0].but) == (False, True)


@pytest.mark.parametrize(
    "covered",
    [
        {"list": [{"payment": "payment:1", "amount_fen": 80_000_000}]},
        {"released": [{"payment": "payment:1"}]},
    ],
)
def test_covered_or_released_payment_is_no_duty(covered: dict[str, object]) -> None:
    plan = ready("terminate").data("receipts", **covered).plan("terminate")
    assert "payment:1" not in plan.closes[0].but


@pytest.mark.parametrize(
    ("how", "reached"),
    [("terminated", "terminated"), ("expired", "completed"), ("patent_ended", "patent_ended")],
)
@pytest.mark.parametrize(
    ("step", "key"),
    [
        ("record_duty", "stamp_duty"), ("release_payment", "payment:2"),
        ("report_feedback", "feedback"),
    ],
)  # fmt: skip
def test_last_duty_settles_the_case(step: str, key: str, how: str, reached: str) -> None:
    last = Situation(("duties_due",)).data("end", how=how, left=[key]).plan(step)
    assert (last.position, last.final, last.facts["end"]["left"]) == ((reached,), True, [])  # type: ignore[index]
    early = Situation(("duties_due",)).data("end", how=how, left=[key, "other"]).plan(step)
    assert (early.position, early.final) == (("duties_due",), False)


def test_receipt_after_the_end_has_to_be_shared_out() -> None:
    last = Situation(("duties_due",)).data("end", left=["payment:1"]).plan("record_receipt")
    assert (last.position, last.facts["end"]["left"]) == (("duties_due",), ["distribution:1", "reward_tax:1"])  # type: ignore[index]
    receipts = last.facts["receipts"]["list"]  # type: ignore[index]
    told = Situation(("duties_due",)).data("end", left=["distribution:1", "reward_tax:1"])
    done = (
        told.data("receipts", list=receipts)
        .giving("record_duty", duty="reward_distribution")
        .plan("record_duty")
    )
    assert ([closing.key for closing in done.closes], done.final) == (
        ["distribution:1", "reward_tax:1"],
        True,
    )


def test_case_ended_by_the_first_version_owes_its_cancellation_only() -> None:
    """Version 1 kept no list of what an end leaves; its only closing state was this one."""
    for how, reached in (("expired", "completed"), ("terminated", "terminated")):
        old = Situation(("cancellation_due",)).knowing(
            data=type(Situation().facts.data)({"end": {"how": how, "on": "2026-05-28"}})
        )
        assert old.plan("cancel_filing").position == (reached,)
        assert old.codes("record_duty") == ["no_such_duty"]


def test_every_state_of_the_first_version_is_still_there() -> None:
    first = (
        "title_pending title_cleared price_open price_agreed publicity_open publicity_running publicity_paused "
        "publicity_closed approval_open approval_submitted approval_granted contract_waiting drafting signing signed "
        "filing_due filing_submitted filing_correction filing_refused filing_recorded feedback_due feedback_reported "
        "payments_running cancellation_due completed terminated withdrawn rejected"
    )
    assert set(first.split()) <= set(CHART.nodes)


def test_license_goes_on_with_the_patents_that_live() -> None:
    other = replace(PATENT, id=2, application_no="2020101000027", status="lapsed")
    now = Situation(RECORDED).knowing(patents=(PATENT, other))
    plan = now.giving("record_patent_ended", patent="2020101000027").plan("record_patent_ended")
    assert plan.position == RECORDED
    ((key, deadline),) = plan.deadlines
    assert (key, deadline.rule_id, deadline.due.isoformat()) == ("patent_ended:2", "T-05", "2026-07-01")
    assert [told["id"] for told in plan.facts["ended_patents"]["list"]] == [2]  # type: ignore[index]
    ended = now.data("ended_patents", list=[{"id": 2}])
    done = ended.giving("record_duty", duty="patent_cancellation").plan("record_duty")
    assert [(closing.key, closing.how) for closing in done.closes] == [("patent_ended:2", "met")]
    assert ended.plan("record_patent_ended").position == ("cancellation_due",)


def test_ended_patent_does_not_stop_the_filing_of_the_others() -> None:
    other = replace(PATENT, id=2, application_no="2020101000027", status="lapsed", term_end=date(2026, 1, 1))
    now = ready("submit_filing").knowing(patents=(PATENT, other))
    assert now.codes("submit_filing") == ["patent_L-10", "beyond_patent_life"]
    assert now.data("ended_patents", list=[{"id": 2}]).codes("submit_filing") == []


def test_certificate_after_the_end_earns_no_label_and_is_cancelled() -> None:
    plan = Situation(("withdrawal_due",)).plan("record_filing")
    assert (plan.position, plan.label, plan.deadlines, plan.closes) == (("cancellation_due",), None, (), ())


def test_prompt_cancellation_says_that_its_days_are_borrowed() -> None:
    ((_, deadline),) = ready("record_patent_ended").plan("record_patent_ended").deadlines
    assert deadline.rule_id == "T-05"
    assert any("没有规定天数" in line for line in deadline.explanation_zh)
