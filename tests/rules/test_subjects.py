"""Every rule has its subject, and a case is shown the rules of its mode that are in force."""

from datetime import date

import pytest

from rules.packs import load
from rules.subjects import MODES, SUBJECTS, rules_for, subject_of

TODAY = date(2026, 11, 23)
PROVINCES = ("zhejiang", "shandong", "beijing", "shanghai")


@pytest.mark.parametrize("province", PROVINCES)
def test_no_shipped_rule_is_without_a_subject(province: str) -> None:
    for rule in load(("national", province, "house")).all():
        assert subject_of(rule.id).key != "house", rule.id


@pytest.mark.parametrize(
    ("rule_id", "subject"),
    [
        ("T-01", "timer"), ("TT-TC-03", "registration"), ("W-01", "decision"), ("W-06", "reward"),
        ("PF-01", "transfer"), ("PF-10", "license"), ("S3-23", "stocktake"), ("PUB", "decision"), ("XY-9", "house"),
        ("own", "house"),
    ],
)  # fmt: skip
def test_subject_follows_from_the_letters(rule_id: str, subject: str) -> None:
    assert subject_of(rule_id).key == subject


def test_a_case_meets_what_concerns_its_mode_and_is_in_force() -> None:
    book = load(("national", "zhejiang", "house"))
    for mode in MODES:
        told = rules_for(book, mode, TODAY)
        assert {subject.key for subject, _ in told} <= {
            subject.key for subject in SUBJECTS if mode in subject.modes
        }
        assert all(rule.is_valid(TODAY) for _, rules in told for rule in rules)
    equity = {rule.id for subject, rules in rules_for(book, "equity", TODAY) for rule in rules}
    license_ = {rule.id for subject, rules in rules_for(book, "ordinary_license", TODAY) for rule in rules}
    assert {"EQ-01", "TR-01"} <= equity - license_
    assert "L-10" in license_ - equity
