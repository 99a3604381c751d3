"""The steps of a stocktake: the whole state × step × role table, and every condition of a decision."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.gates import PatentFacts
from rules.packs import load
from states.stocktake_steps import STEPS, decide, offered
from states.stocktaking import DISPOSALS, GRAVE, STATES, Asked, StocktakeFacts

TODAY = date(2026, 3, 2)
BOOK = load(("national", "house"))
INSTITUTION = "沧澜理工大学"
ROLES = ("inventor", "officer", "approver", "administrator", "finance", "readonly")
PATENT = PatentFacts(
    id=7, application_no="2020101000019", title="一种隔膜", kind="invention", status="in_force", flags=frozenset(),
    filing_date=date(2020, 5, 6), grant_date=date(2022, 8, 9), owners=(INSTITUTION,), checked_on=TODAY,
    consents=frozenset(), term_end=date(2040, 5, 5), inventors=("陈思远",),
)  # fmt: skip
FACTS = StocktakeFacts(
    PATENT, INSTITUTION, willing=frozenset({"open_license"}), maturity="pilot", scenarios=2
)

# What each role may do where, and what follows: written out by hand, beside the table of the product.
MAY = {
    ("waiting", "rate"): ("rated", {"inventor", "officer", "approver", "administrator"}),
    ("returned", "rate"): ("rated", {"inventor", "officer", "approver", "administrator"}),
    ("rated", "rate"): ("rated", {"inventor", "officer", "approver", "administrator"}),
    ("rated", "score"): ("rated", {"officer", "approver", "administrator"}),
    ("passed", "score"): ("passed", {"officer", "approver", "administrator"}),
    ("reviewed", "score"): ("reviewed", {"officer", "approver", "administrator"}),
    ("rated", "pass_college"): ("passed", {"approver", "administrator"}),
    ("rated", "send_back"): ("returned", {"officer", "approver", "administrator"}),
    ("passed", "send_back"): ("returned", {"officer", "approver", "administrator"}),
    ("passed", "return_to_college"): ("rated", {"officer", "administrator"}),
    ("reviewed", "return_to_college"): ("rated", {"officer", "administrator"}),
    ("passed", "accept"): ("reviewed", {"officer", "administrator"}),
    ("reviewed", "enter_pool"): ("pooled", {"officer", "administrator"}),
    ("reviewed", "dispose"): ("disposed", {"officer", "approver", "administrator"}),
    **{(s, "leave_out"): ("left_out", {"officer", "administrator"})
       for s in ("waiting", "returned", "rated", "passed", "reviewed")},
    **{(s, "reopen"): ("waiting", {"officer", "administrator"}) for s in ("pooled", "disposed", "left_out")},
}  # fmt: skip


def asked(step: str, role: str = "officer", **more: Any) -> Asked:
    plain: dict[str, Any] = {
        "why": "盘点会议意见",
        "choice": "keep",
        "review_on": date(2026, 9, 1),
        "consented": True,
    }
    return Asked(step, role, 5, **{**plain, **more})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ROLES)
def test_every_state_step_and_role(state: str, step: str, role: str) -> None:
    to, roles = MAY.get((state, step), ("", set()))
    verdict = decide(state, asked(step, role), FACTS, BOOK, TODAY)
    assert verdict.possible == (role in roles)
    assert verdict.to == to or not verdict.possible
    assert (step in {one.name for one in offered(state, role)}) == (role in roles)


def codes(step: str, facts: StocktakeFacts = FACTS, state: str = "reviewed", **more: Any) -> list[str]:
    return [unmet.code for unmet in decide(state, asked(step, **more), facts, BOOK, TODAY).unmet]


@pytest.mark.parametrize("step", [step.name for step in STEPS.values() if step.needs_why])
@pytest.mark.parametrize("why", ["", " ", "短", "长" * 501])
def test_step_that_needs_a_reason_is_refused_without(step: str, why: str) -> None:
    assert "why_missing" in codes(step, why=why, state=STEPS[step].sources[0], role="administrator")


@pytest.mark.parametrize("step", [s for s in STEPS if s not in ("enter_pool", "dispose")])
def test_closed_campaign_takes_no_step_before_the_decision(step: str) -> None:
    closed = replace(FACTS, campaign_open=False)
    assert codes(step, closed, state=STEPS[step].sources[0], role="administrator") == ["campaign_closed"]


def test_all_conditions_are_told_at_once() -> None:
    facts = replace(FACTS, campaign_open=False, missing=("maturity", "prospect", "willingness"))
    found = decide("waiting", asked("rate", "inventor", consented=False), facts, BOOK, TODAY).unmet
    assert [(u.code, u.rule_id) for u in found] == [
        ("campaign_closed", ""), ("rating_incomplete", "S3-05"), ("rating_incomplete", "S3-06"), ("not_consented", ""),
    ]  # fmt: skip
    assert found[1].what_zh == "自评缺少：技术成熟度、产业化前景"


def test_named_reviewers_alone_pass_their_college() -> None:
    named = replace(FACTS, reviewers=frozenset({9}))
    assert codes("pass_college", named, state="rated", role="approver") == ["other_college"]
    assert (
        codes("pass_college", replace(FACTS, reviewers=frozenset({5})), state="rated", role="approver") == []
    )
    assert codes("pass_college", named, state="rated", role="administrator") == []


def test_panel_must_be_heard_before_the_institution_accepts() -> None:
    assert codes("accept", replace(FACTS, scores=1, scores_wanted=3), state="passed") == ["panel_missing"]
    assert codes("accept", replace(FACTS, scores=3, scores_wanted=3), state="passed") == []


def patent(**more: Any) -> StocktakeFacts:
    return replace(FACTS, patent=replace(PATENT, **more))


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (patent(), []),
        (patent(status="lapsed"), ["P-06"]),
        (patent(status="void"), ["P-06"]),
        (patent(flags=frozenset({"defense"})), ["O-13"]),
        (patent(owners=("他人",)), ["O-01"]),
    ],
)
def test_pool_takes_what_can_be_dealt_in(facts: StocktakeFacts, rules: list[str]) -> None:
    found = decide("reviewed", asked("enter_pool"), facts, BOOK, TODAY).unmet
    assert [unmet.rule_id for unmet in found] == rules


GIVEN_UP: dict[str, Any] = {"role": "approver", "notified_on": date(2026, 2, 20)}


@pytest.mark.parametrize(
    ("facts", "papers", "rules"),
    [
        (FACTS, {}, []),
        (replace(FACTS, open_cases=("ZH2026-00001 独占许可",)), {}, ["ST-04"]),
        (replace(FACTS, grants=("ZH2026-00001 独占许可",)), {}, ["PF-10"]),
        (patent(flags=frozenset({"ordinary_license"})), {}, ["PF-10"]),
        (patent(flags=frozenset({"open_license"})), {}, ["PF-10"]),
        (patent(owners=(INSTITUTION, "启衡公司")), {}, ["O-06"]),
        (patent(owners=(INSTITUTION, "启衡公司")), {"co_owner": "同意书2026-02-01"}, []),
        (patent(flags=frozenset({"pledged"})), {}, ["PG-02"]),
        (patent(flags=frozenset({"pledged"})), {"pledgee": "同意书"}, []),
        (patent(flags=frozenset({"preserved"})), {}, ["ST-04"]),
        (patent(flags=frozenset({"state_funded"})), {}, ["O-11"]),
        (replace(FACTS, funded=True), {}, ["O-11"]),
        (replace(FACTS, funded=True), {"project_body": "复函"}, []),
        (patent(status="lapsed"), {}, ["ST-04"]),
        (
            replace(patent(flags=frozenset({"pledged", "state_funded"}), owners=(INSTITUTION, "甲")), open_cases=("A",)),
            {}, ["ST-04", "O-06", "PG-02", "O-11"],
        ),
    ],
)  # fmt: skip
def test_fees_are_not_stopped_while_somebody_rests_on_the_right(
    facts: StocktakeFacts, papers: dict[str, str], rules: list[str]
) -> None:
    step = asked("dispose", choice="stop_fees", papers=papers, **GIVEN_UP)
    assert [unmet.rule_id for unmet in decide("reviewed", step, facts, BOOK, TODAY).unmet] == rules


@pytest.mark.parametrize("choice", GRAVE)
def test_right_is_given_up_by_approvers_once_inventors_were_told(choice: str) -> None:
    assert codes("dispose", choice=choice) == ["approval_needed", "inventors_not_told"]
    late: dict[str, Any] = {"role": "approver", "notified_on": date(2026, 3, 3)}
    assert codes("dispose", choice=choice, **late) == ["inventors_not_told"]
    assert codes("dispose", choice=choice, **GIVEN_UP) == []


def test_handing_over_asks_what_a_transfer_asks() -> None:
    co_owned = patent(owners=(INSTITUTION, "启衡公司"), flags=frozenset({"pledged"}))
    found = decide("reviewed", asked("dispose", choice="hand_over", **GIVEN_UP), co_owned, BOOK, TODAY).unmet
    assert [unmet.rule_id for unmet in found] == ["TR-03", "TR-11"]
    papers = {"co_owner": "同意书", "pledgee": "同意书"}
    step = asked("dispose", choice="hand_over", papers=papers, **GIVEN_UP)
    assert decide("reviewed", step, co_owned, BOOK, TODAY).possible


def test_open_license_asks_for_wide_use_and_the_grounds_of_the_rules() -> None:
    assert codes("dispose", choice="open_license") == []
    narrow = replace(FACTS, willing=frozenset(), maturity="lab", scenarios=1)
    found = decide("reviewed", asked("dispose", choice="open_license"), narrow, BOOK, TODAY).unmet
    assert [unmet.rule_id for unmet in found] == ["S3-06", "S2-20", "S3-21"]
    reason = {"wide_use": "标准必要，多家可直接实施"}
    assert codes("dispose", narrow, choice="open_license", papers=reason) == ["not_willing"]
    design = replace(patent(kind="utility"), willing=FACTS.willing)
    assert codes("dispose", design, choice="open_license") == ["patent_OP-01"]


@pytest.mark.parametrize("choice", ["keep", "improve", "bundle"])
@pytest.mark.parametrize("day", [None, TODAY, date(2027, 6, 1)])
def test_what_is_kept_is_looked_at_again_within_a_year(choice: str, day: date | None) -> None:
    assert codes("dispose", choice=choice, review_on=day) == ["review_missing"]


def test_choice_must_be_known() -> None:
    assert codes("dispose", choice="") == ["choice_missing"]
    assert set(DISPOSALS) == {"keep", "improve", "bundle", "open_license", "hand_over", "stop_fees"}
