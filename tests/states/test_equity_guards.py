"""Why a step of a contribution is refused, one condition at a time; when it is made; what its end leaves."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.packs import load
from states.context import Context
from states.equity import MODE
from states.equity_clearances import is_award_lawful
from states.plan import Refusal, RegisterChange
from tests.states.equity_situation import AWARD, DONE, OWN, at, deal, granted, ready, running
from tests.states.situation import PATENT, TODAY, Situation


def own(step: str, **changes: Any) -> Situation:
    """A situation of a step with other particulars of the terms."""
    now = ready(step)
    return now.terms(own={**now.facts.terms.own, **changes})


MAIN = [["甲", "main_contributors", 20_000_000, False], ["乙", "other_contributors", 40_000_000, False]]
NO_FILING = {"filing": {"recorded_on": None}}
NO_COMPANY = {"company": {"registered_on": None}}
# step, what is given otherwise, what is recorded otherwise, what the terms say otherwise; rule, what is unmet
REFUSED: tuple[tuple[str, dict[str, Any], dict[str, dict[str, Any]], dict[str, Any], str, str], ...] = (
    ("record_valuation", {"valuers": "甲"}, {}, {}, "EQ-11", "one_valuer"),
    ("record_valuation", {"value_on": "2026-05-01"}, {}, {}, "EQ-01", "value_after_report"),
    ("record_valuation", {"valid_until": "2026-05-31"}, {}, {}, "EQ-01", "valuation_expired"),
    ("agree_price", {}, {"valuation": {"value_fen": 1}}, {}, "EQ-01", "difference_unexplained"),
    ("finalize_contract", {}, {"valuation": {"valid_until": "2026-05-31"}}, {}, "EQ-01", "valuation_expired"),
    ("sign", {}, {"valuation": {"valid_until": "2026-05-31"}}, {}, "EQ-01", "valuation_expired"),
    ("agree_award", {"signed_by": "陈思远 韩转化"}, {}, {}, "RW-02", "not_signed"),
    ("submit_approval", {}, {}, {"award": [["甲", "contributors", 49_999_999, False]]}, "RW-04", "award_below_floor"),
    ("submit_approval", {}, {}, {"award": MAIN}, "RW-08", "award_below_floor"),
    ("sign", {}, {}, {"award": [["陈思远", "contributors", 60_000_000, True]]}, "RW-16", "award_to_head"),
    ("submit_filing", {}, NO_COMPANY, {}, "EQ-05", "company_not_registered"),
    ("record_filing", {"owners": "别家公司"}, {}, {}, "EQ-07", "company_not_owner"),
    ("record_contribution", {}, NO_FILING, {}, "EQ-04", "right_not_transferred"),
    ("record_contribution", {"amount_fen": 100_000_001}, {}, {}, "EQ-06", "paid_beyond"),
    ("receive_call", {"grace_until": "2026-07-30"}, {}, {}, "EQ-03", "grace_too_short"),
    ("grant_award", {}, NO_COMPANY, {}, "EQ-05", "company_not_registered"),
    ("close_award", {}, {"award": {"posted_on": "2026-05-12"}}, {}, "TX-12", "award_publicity_running"),
    ("waive_award", {}, {}, {"title_shared": False}, "RW-04", "title_not_shared"),
    ("post_award", {}, {}, {"award": [], "title_shared": True}, "RW-04", "nobody_to_award"),
    ("file_deferral", {}, NO_FILING, {}, "EQ-13", "contribution_not_made"),
    ("file_deferral", {}, {}, {"all_shares": False}, "EQ-12", "deferral_not_allowed"),
    ("file_deferral", {}, {}, {"resident": False}, "EQ-12", "deferral_not_allowed"),
    ("register_holding", {}, NO_COMPANY, {}, "EQ-05", "company_not_registered"),
    ("report_feedback", {}, NO_COMPANY, {}, "EQ-05", "company_not_registered"),
    ("record_patent_ended", {}, {"filing": {"recorded_on": "2026-05-26"}}, {}, "EQ-07", "patent_of_the_company"),
    ("terminate", {"unwinding": ""}, {}, {}, "EQ-04", "unwinding_missing"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("step", "given", "recorded", "agreed", "rule", "code"), REFUSED, ids=[f"{row[0]}-{row[5]}" for row in REFUSED]
)  # fmt: skip
def test_step_is_refused_with_its_rule_and_remedy(
    step: str,
    given: dict[str, Any],
    recorded: dict[str, dict[str, Any]],
    agreed: dict[str, Any],
    rule: str,
    code: str,
) -> None:
    now = own(step, **agreed).giving(step, **given)
    for section, values in recorded.items():
        now = now.data(section, **values)
    found = now.decide(step)
    assert isinstance(found, Refusal)
    assert [(unmet.code, unmet.rule_id) for unmet in found.unmet] == [(code, rule)]
    assert all(
        unmet.what_zh and unmet.what_en and unmet.remedy_zh and unmet.remedy_en for unmet in found.unmet
    )
    assert found.unmet[0].article


def test_value_is_agreed_only_on_a_settled_valuation() -> None:
    waiting = replace(ready("agree_price"), position=deal(price="price_open", valuation="valuation_reported"))
    assert waiting.codes("agree_price") == ["no_valuation"]


@pytest.mark.parametrize(
    ("mode", "rule"), [("transfer", "TR-01"), ("equity", "TR-01"), ("open_license", "TR-13")]
)
def test_patent_promised_or_open_to_all_is_not_contributed(mode: str, rule: str) -> None:
    found = ready("sign").knowing(others=(granted(mode),)).decide("sign")
    assert isinstance(found, Refusal)
    assert [(unmet.code, unmet.rule_id) for unmet in found.unmet] == [("conflicting_case", rule)]


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("agree_price", {"difference": "经三轮谈判下调，由校长办公会决定"}),
        ("record_contribution", {"form": "cash"}),
    ],
)
def test_explanation_or_cash_lets_it_through(step: str, change: dict[str, str]) -> None:
    now = ready(step).terms(amount_fen=140_000_000).data("filing", recorded_on=None)
    assert now.giving(step, **change).codes(step) == []


def test_province_asks_for_more_than_the_nation() -> None:
    """In Zhejiang seventy percent of the shares are the floor: sixty will not do. Source: 浙江条例 art 37"""
    now = ready("agree_award")
    found = {
        province: [
            (unmet.rule_id, unmet.what_zh)
            for unmet in is_award_lawful(
                Context(
                    MODE,
                    now.position,
                    now.facts,
                    None,
                    now.actor("officer"),
                    TODAY,
                    load(("national", province)),
                )
            )
        ]
        for province in ("beijing", "zhejiang")
    }
    assert found == {
        "beijing": [],
        "zhejiang": [
            (
                "RW-09",
                "股权奖励：完成和转化人员的奖励合计为600,000.00元，低于作价投资形成的股份或出资比例的70%，即700,000.00元",
            )
        ],
    }


def test_award_adds_up_to_the_last_fen() -> None:
    granted_now = ready("grant_award").plan("grant_award").facts["award"]
    assert granted_now is not None
    assert granted_now["persons"] == [(name, party, fen) for name, party, fen, _ in AWARD]
    assert granted_now["total_fen"] == sum(fen for _, _, fen, _ in AWARD) == 60_000_000


@pytest.mark.parametrize(
    ("step", "position", "missing", "other", "made"),
    [
        ("register_company", running(company="company_decided"), "filing", "2026-05-26", True),
        ("register_company", running(company="company_decided"), "filing", None, False),
        ("record_filing", running(filing="filing_submitted"), "company", "2026-05-24", True),
        ("record_filing", running(filing="filing_submitted"), "company", None, False),
    ],
)
def test_whichever_comes_last_makes_the_contribution(
    step: str, position: tuple[str, ...], missing: str, other: str | None, made: bool
) -> None:
    key = "recorded_on" if missing == "filing" else "registered_on"
    plan = at(position).data(missing, **{key: other}).plan(step)
    opened = {key for key, _ in plan.deadlines}
    assert ({"feedback", "deferral"} <= opened) == made
    assert (plan.label is not None) == made
    if plan.label is not None:
        assert (plan.label[0], plan.label[2]) == ("已作价入股", TODAY)
        assert "工商登记 准1" in plan.label[1] and "手续合格通知书 H1" in plan.label[1]


def test_change_of_owner_names_the_company_for_every_living_patent() -> None:
    second = replace(PATENT, id=2, application_no="2020101000023")
    now = ready("record_filing").knowing(patents=(PATENT, second)).data("ended_patents", list=[{"id": 2}])
    assert now.plan("record_filing").register == (RegisterChange(1, owners=("隔膜新材有限公司",)),)


def test_capital_in_parts_is_covered_by_the_last() -> None:
    now = ready("record_contribution").giving("record_contribution", amount_fen=40_000_000)
    first = now.plan("record_contribution")
    assert ("company_registered" in first.position, first.closes) == (True, ())
    last = now.data("capital", list=[{"amount_fen": 60_000_000}]).plan("record_contribution")
    assert "capital_paid" in last.position
    assert [closing.key for closing in last.closes] == ["capital", "capital_call"]


def test_increase_of_capital_is_registered_within_thirty_days() -> None:
    """Source: 市场主体登记管理条例 art 24: thirty days from the decision; the first day does not count."""
    ((key, deadline),) = own("decide_capital", founding=False).plan("decide_capital").deadlines
    assert (key, deadline.rule_id, deadline.due) == ("company_registration", "T-COREG", date(2026, 7, 1))


def test_increase_lets_the_change_go_ahead_of_the_registration() -> None:
    assert (
        own("submit_filing", founding=False).data("company", registered_on=None).codes("submit_filing") == []
    )


@pytest.mark.parametrize(
    ("hashes", "voids"),
    [
        ({"publicity": "p2", "approval": "a2", "award": "w1"}, ("price", "publicity", "approval")),
        ({"publicity": "p1", "approval": "a2", "award": "w2"}, ("approval", "award_agreement")),
        ({"publicity": "p1", "approval": "a1", "award": "w1"}, ()),
    ],
)
def test_new_terms_void_what_saw_them(hashes: dict[str, str], voids: tuple[str, ...]) -> None:
    assert at(deal()).terms(hashes=hashes).plan("edit_terms").voids == voids


def test_other_patents_are_valued_anew() -> None:
    plan = at(deal()).plan("add_patent")
    assert "valuation" in plan.voids and "valuation_open" in plan.position


def test_new_report_opens_the_price_again() -> None:
    plan = at(deal()).plan("record_valuation")
    assert (plan.voids, plan.raised) == (("price",), ("void_price",))
    assert {"valuation_reported", "price_open"} <= set(plan.position)
    kept = plan.facts["valuation"]
    assert kept is not None and [old["report_no"] for old in kept["earlier"]] == ["PG-1"]


# Where the change and the company stand when the agreement is given up → the duties that are left.
UNWOUND: tuple[tuple[tuple[str, ...], dict[str, None], tuple[str, ...]], ...] = (
    (running(), {"company": None, "filing": None}, ()),
    (running(filing="filing_submitted"), {"company": None, "filing": None}, ("filing_cancellation",)),
    (running(company="company_registered"), {"filing": None}, ("share_exit",)),
    (running(company="company_registered", filing="filing_submitted"), {"filing": None}, ("filing_cancellation", "share_exit")),
    (DONE, {}, ("filing_cancellation", "share_exit")),
)  # fmt: skip


@pytest.mark.parametrize(("position", "without", "left"), UNWOUND)
def test_end_leaves_what_has_to_be_unwound(
    position: tuple[str, ...], without: dict[str, None], left: tuple[str, ...]
) -> None:
    now = at(position)
    for section in without:
        now = now.data(section, registered_on=None, recorded_on=None)
    plan = now.plan("terminate")
    assert tuple(key for key, _ in plan.deadlines) == left
    end = plan.facts["end"]
    assert end is not None and tuple(end["left"]) == left
    assert plan.final == (not left)
    told = [deadline.explanation_zh[1] for key, deadline in plan.deadlines if key == "share_exit"]
    assert all("不当然使股权和专利权恢复原状" in line for line in told)


def test_last_duty_of_an_unwound_contribution_settles_the_case() -> None:
    now = at(("duties_due",)).giving("record_duty", duty="share_exit").data("end", left=["share_exit"])
    assert now.plan("record_duty").position == ("terminated",)


def test_last_patent_that_ends_before_the_change_ends_the_case() -> None:
    now = ready("record_patent_ended").data("company", registered_on=None)
    assert now.plan("record_patent_ended").position == ("patent_ended",)
    second = replace(PATENT, id=2, application_no="2020101000023")
    assert now.knowing(patents=(PATENT, second)).plan("record_patent_ended").position == now.position


@pytest.mark.parametrize(
    ("region", "leaf", "code"),
    [
        ("company", "company_registered", "not_capital_paid"),
        ("award", "award_open", "not_award_settled"),
        ("holding", "holding_due", "not_holding_registered"),
        ("deferral", "deferral_open", "not_deferral_settled"),
    ],
)
def test_case_is_complete_only_when_every_region_is(region: str, leaf: str, code: str) -> None:
    done = {
        "company": "capital_paid", "filing": "filing_recorded", "award": "award_settled", "holding": "holding_registered",
        "deferral": "deferral_filed", "feedback": "feedback_reported",
    }  # fmt: skip
    now = at(running(**{**done, region: leaf}))
    assert now.codes("complete") == [code]
    assert at(DONE).plan("complete").position == ("completed",)


def test_own_particulars_survive_the_record() -> None:
    facts = ready("sign").facts.terms
    assert type(facts).from_json(facts.as_json()) == facts
    assert facts.own == OWN
