"""Every guard of every step: once it refuses, with its code and rule; the same step passes without the fault."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from rules.derivation import Derivation
from rules.gate_table import TABLE
from rules.grants import CLASHES
from rules.packs import load
from states.catalog import MODES
from states.context import Context
from states.decide import ROLES
from states.plan import Refusal
from tests.states.amending_faults import AMENDING_FAULTS
from tests.states.faults import FAULTS as OF_THE_CASE
from tests.states.faults import TOMORROW, Fault
from tests.states.situation import (
    MODE,
    OTHER,
    TODAY,
    Situation,
    ready,
)

FAULTS = (*OF_THE_CASE, *AMENDING_FAULTS)


@pytest.mark.parametrize("step", MODE.steps)
def test_step_passes_when_nothing_is_wrong(step: str) -> None:
    assert ready(step).codes(step) == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_fault_is_refused_and_explained(fault: Fault) -> None:
    refusal = fault.change(ready(fault.step)).decide(fault.step)
    assert isinstance(refusal, Refusal)
    (unmet,) = refusal.unmet
    assert (unmet.code, unmet.rule_id) == (fault.code, fault.rule)
    assert bool(unmet.article) == bool(fault.rule)
    assert bool(unmet.confidence) == bool(fault.rule)
    assert all((unmet.what_zh, unmet.what_en, unmet.remedy_zh, unmet.remedy_en))
    assert unmet.who in ROLES


@pytest.mark.parametrize("step", MODE.steps)
def test_each_guard_of_a_step_is_tripped_by_some_fault(step: str) -> None:
    """No guard stands in the table of steps without a fault above that shows what it stops."""
    spec = MODE.steps[step]
    idle = set(range(len(spec.guards)))
    for fault in FAULTS:
        if fault.step != step:
            continue
        now = fault.change(ready(step))
        payload = spec.payload.model_validate(now.payloads[step])
        ctx = Context(MODE, now.position, now.facts, payload, now.actor(min(spec.roles)), now.today, load())
        idle -= {number for number in idle if spec.guards[number](ctx)}
    assert idle == set()


def test_refusal_to_sign_names_everything_at_once() -> None:
    now = (
        Situation()
        .at("title_pending", "price_open", "publicity_open", "approval_open", "contract_waiting")
        .patent(
            flags=frozenset({"pledged", "preserved"}),
            owners=("沧澜理工大学", "启衡公司"),
            term_end=date(2030, 1, 1),
        )
    )
    now = now.knowing(others=(OTHER, replace(OTHER, number="ZH2026-00010")), foreign_party=True)
    now = now.data("approval", hash="an older one").giving("sign", signed_on=TOMORROW)
    assert now.codes("sign", "readonly") == [
        "role", "not_here", "needs_title", "needs_price", "needs_publicity", "needs_approval", "patent_O-06",
        "patent_PG-02", "patent_T-24", "beyond_patent_life", "conflicting_case", "conflicting_case",
        "terms_changed", "signed_on_future",
    ]  # fmt: skip


def test_every_patent_is_named_with_what_stands_against_it() -> None:
    now = ready("submit_filing")
    first, second = (
        now.patent(status="in_grace").facts.patents[0],
        now.patent(id=2, status="lapsed").facts.patents[0],
    )
    refusal = now.knowing(patents=(first, second)).decide("submit_filing")
    assert isinstance(refusal, Refusal)
    assert [(unmet.patent_id, unmet.rule_id) for unmet in refusal.unmet] == [(1, "L-10"), (2, "L-10")]


@pytest.mark.parametrize("mode", MODES)
def test_every_consent_that_the_matrix_asks_for_can_be_recorded(mode: str) -> None:
    asked = {
        name
        for (_, act, stage), outcome in TABLE.items()
        if act == mode and stage != "open" and outcome.severity != "warn"
        for name in (outcome.consent, *outcome.instead)
        if name
    }
    asked |= {
        clash.consent
        for (_, new), clash in CLASHES.items()
        if new == mode and clash.severity != "warn" and clash.consent
    }
    payload = MODES[mode].steps["record_consent"].payload
    recordable = set(get_args(payload.model_fields["consent"].annotation))
    # The register is checked again in the step of the title itself; some modes have steps for others.
    of_steps = {"title": "register_check", "first_refusal": "inventor_waiver", "export": "export_control"}
    assert asked - {of_steps[name] for name in of_steps.keys() & MODES[mode].chart.nodes.keys()} <= recordable


def test_agreement_of_the_co_owners_lifts_their_consent() -> None:
    owners = ("沧澜理工大学", "启衡公司")
    now = ready("sign")
    assert now.patent(owners=owners).codes("sign") == ["patent_O-06"]
    agreed = now.patent(owners=owners, consents=frozenset({"co_owner_agreement"}))
    assert agreed.codes("sign") == []


def test_grants_of_other_cases_for_another_place_or_time_do_not_stand_in_the_way() -> None:
    now = ready("sign").terms(territory="浙江省")
    assert now.knowing(others=(OTHER,)).codes("sign") == ["conflicting_case"]
    for other in (
        replace(OTHER, territory="江苏省"),
        replace(OTHER, end=date(2026, 3, 31)),
        replace(OTHER, mode="ordinary_license"),
    ):
        assert now.knowing(others=(other,)).codes("sign") == []


def test_every_unmet_condition_tells_how_it_came_about() -> None:
    """The derivation cites the same rule, ends with the remedy, and is JSON that reads back."""
    for fault in FAULTS:
        refusal = fault.change(ready(fault.step)).decide(fault.step)
        assert isinstance(refusal, Refusal)
        for unmet in refusal.unmet:
            told = unmet.derivation
            assert (told.name, told.rule_id, told.article, told.value) == (
                unmet.code, unmet.rule_id, unmet.article, False,
            )  # fmt: skip
            assert told.parts[-1].zh == f"办法：{unmet.remedy_zh}"
            assert Derivation.from_json(told.as_json()) == told
            assert unmet.what_zh in told.sentence_zh


def test_derivation_of_a_gate_tells_state_act_and_stage() -> None:
    refusal = ready("sign").patent(flags=frozenset({"pledged"})).decide("sign")
    assert isinstance(refusal, Refusal)
    (unmet,) = refusal.unmet
    assert [(part.name, part.value) for part in unmet.derivation.parts] == [
        ("state", "pledged"), ("act", "exclusive_license"), ("stage", "sign"), ("remedy", "outside"),
    ]  # fmt: skip


def test_derivation_of_a_running_publicity_tells_its_days() -> None:
    refusal = ready("close_publicity").data("publicity", posted_on="2026-05-20").decide("close_publicity")
    assert isinstance(refusal, Refusal)
    told = refusal.unmet[0].derivation
    assert (told.badge_zh, told.parts[-2].value) == ("待核实", TODAY)
    assert "公示" in told.parts[0].zh


@pytest.mark.parametrize(
    ("fault", "consent"),
    [("O-06", "co_owner"), ("PG-02", "pledgee"), ("T-24", "export_control")],
)
def test_recorded_consent_lifts_what_it_answers(fault: str, consent: str) -> None:
    burdens = {
        "O-06": lambda now: now.patent(owners=("沧澜理工大学", "启衡公司"), consents=frozenset({consent})),
        "PG-02": lambda now: now.patent(flags=frozenset({"pledged"}), consents=frozenset({consent})),
        "T-24": lambda now: now.patent(consents=frozenset({consent})).knowing(foreign_party=True),
    }
    assert burdens[fault](ready("sign")).codes("sign") == []


@pytest.mark.parametrize(
    ("posted_on", "pauses", "today", "codes"),
    [
        ("2026-05-16", [], "2026-05-31", ["publicity_running"]),
        ("2026-05-16", [], "2026-06-01", []),
        ("2026-05-10", [["2026-05-15", "2026-05-20"]], "2026-05-31", ["publicity_running"]),
        ("2026-05-10", [["2026-05-15", "2026-05-20"]], "2026-06-01", []),
        ("2026-05-01", [["2026-05-15", None]], "2026-12-31", ["publicity_running"]),
    ],
)
def test_publicity_counts_fifteen_days_and_stands_still_meanwhile(
    posted_on: str, pauses: list[list[str]], today: str, codes: list[str]
) -> None:
    day = date.fromisoformat(today)
    now = ready("close_publicity").data("publicity", posted_on=posted_on, pauses=pauses)
    assert replace(now, today=day).giving("close_publicity", closed_on=day).codes("close_publicity") == codes


def test_last_protected_day_is_still_licensable() -> None:
    now = ready("sign")
    assert now.patent(term_end=date(2031, 3, 31)).codes("sign") == []
    assert now.patent(term_end=date(2031, 3, 30)).codes("sign") == ["beyond_patent_life"]


def test_unverified_rules_carry_their_confidence() -> None:
    refusal = ready("close_publicity").data("publicity", posted_on="2026-05-20").decide("close_publicity")
    assert isinstance(refusal, Refusal)
    assert [(unmet.rule_id, unmet.confidence) for unmet in refusal.unmet] == [("PR-04", "M")]
