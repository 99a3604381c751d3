"""Which mode suits a patent: what stands against each, what it brings, how long it takes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.gate_table import ACTS
from rules.gates import PatentFacts
from rules.grants import Grant
from rules.mode_duties import ROWS, brought_by
from rules.packs import load
from rules.policy import SERVICE_LEVELS
from states.catalog import MODES
from states.comparing import Intention, Suited, suited
from tests.states.situation import INSTITUTION, OTHER, PATENT, SECOND, TODAY

BOOK = load()
LICENSE = "exclusive_license"


def found(
    *patents: PatentFacts, rivals: tuple[Grant, ...] = (), foreign: bool = False, on: date = TODAY
) -> dict[str, Suited]:
    """Every mode for these patents, by slug."""
    intention = Intention(patents or (PATENT,), rivals, INSTITUTION, foreign, BOOK, on)
    return {one.mode.slug: one for one in suited(intention)}


def test_every_mode_is_answered_with_its_duties_time_and_taxes() -> None:
    answer = found()
    assert list(answer) == list(MODES)
    for one in answer.values():
        assert {"contract_review", "feedback"} <= {duty.key for duty in one.duties}
        assert TODAY <= one.span.at_least <= one.span.at_most
        assert one.taxes


@pytest.mark.parametrize(
    ("patent", "verdict", "rules"),
    [
        (PATENT, "clear", []),
        (replace(PATENT, status="lapsed"), "blocked", ["P-06"]),
        (replace(PATENT, status="void"), "blocked", ["P-06"]),
        (replace(PATENT, owners=("别人",)), "blocked", ["O-01"]),
        (replace(PATENT, flags=frozenset({"defense"})), "blocked", ["O-13"]),
        (replace(PATENT, flags=frozenset({"pledged"})), "conditions", ["PG-02"]),
        (replace(PATENT, flags=frozenset({"open_license"})), "conditions", ["OP-10"]),
        (replace(PATENT, owners=(INSTITUTION, "启衡公司")), "conditions", ["O-06"]),
        (replace(PATENT, status="in_grace"), "clear", []),
    ],
)
def test_state_of_the_patent_decides(patent: PatentFacts, verdict: str, rules: list[str]) -> None:
    one = found(patent)[LICENSE]
    stands = one.never or one.before_signing
    assert (one.verdict, [unmet.rule_id for unmet in stands]) == (verdict, rules)
    assert all(unmet.remedy_zh and unmet.article for unmet in stands)


def test_what_nothing_can_meet_is_not_told_twice() -> None:
    one = found(replace(PATENT, status="lapsed"))[LICENSE]
    assert [unmet.rule_id for unmet in one.never] == ["P-06"]
    assert one.before_signing == ()


def test_each_patent_is_named() -> None:
    pledged = frozenset({"pledged"})
    one = found(replace(PATENT, flags=pledged), replace(SECOND, flags=pledged))[LICENSE]
    assert [unmet.patent_id for unmet in one.before_signing] == [PATENT.id, SECOND.id]


def test_partner_from_abroad_needs_the_export_paper() -> None:
    assert found()[LICENSE].verdict == "clear"
    assert [unmet.rule_id for unmet in found(foreign=True)[LICENSE].before_signing] == ["T-24"]


def test_signed_case_stands_in_the_way_and_one_being_prepared_warns() -> None:
    signed = found(rivals=(OTHER,))[LICENSE]
    assert (signed.verdict, [unmet.rule_id for unmet in signed.before_signing]) == ("conditions", ["L-10"])
    assert "ZH2026-00009" in signed.before_signing[0].what_zh
    assert [unmet.rule_id for unmet in signed.warnings] == []
    begun = found(rivals=(replace(OTHER, signed=False),))[LICENSE]
    assert (begun.verdict, [unmet.rule_id for unmet in begun.warnings]) == ("clear", ["L-10"])


def test_time_runs_from_what_cannot_be_shortened_to_all_that_is_promised() -> None:
    """1 June 2026: 15 days of publicity, 7 working days at the office; the house's promises on top.

    16 June + 7 working days = 26 June, for 19 June 2026 is the Dragon Boat festival.
    """
    span = found()[LICENSE].span
    assert span.at_least == date(2026, 6, 26)
    assert (span.days_least, span.days_most) == ((span.at_least - TODAY).days, (span.at_most - TODAY).days)
    assert [part.value for part in span.derivation.parts] == [15, 10, 5, 1, 7, 15]
    assert not span.is_verified  # the publicity's length and the office's time rest on unread sources
    later = found(on=TODAY + timedelta(days=1))[LICENSE].span
    assert later.at_least >= span.at_least
    assert later.at_most >= span.at_most


def test_approval_names_the_bodies_of_the_house() -> None:
    (approval,) = [duty for duty in found()[LICENSE].duties if duty.key == "approval"]
    assert "校长办公会审议" in approval.zh
    assert (approval.rule_id, approval.length_zh) == ("PR-01", "10个工作日")


def test_least_reward_is_the_law_s() -> None:
    """促进科技成果转化法 art 45: half of the net income of a license."""
    reward = found()[LICENSE].reward
    assert reward is not None
    assert (reward.value, reward.rule_id) == (5000, "RW-03")


@pytest.mark.parametrize("act", ACTS)
def test_every_act_brings_something_by_rules_that_exist(act: str) -> None:
    rows = brought_by(act)
    assert rows
    assert {BOOK.rule(row.rule_id, TODAY).id for row in rows} == {row.rule_id for row in rows}
    assert [BOOK.deadline(row.timer, TODAY).id for row in rows if row.timer] == [
        row.timer for row in rows if row.timer
    ]


def test_promises_are_those_that_a_house_can_give() -> None:
    assert {row.level for row in ROWS if row.level} <= set(SERVICE_LEVELS)
    assert len({row.key for row in ROWS}) == len(ROWS)
