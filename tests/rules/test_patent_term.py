"""Terms of protection, against the examples of the Guidelines."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.packs import load
from rules.patent_term import Term, term_of

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "golden" / "guideline_examples.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES["terms"], ids=lambda example: example["id"])
def test_term_example_of_the_guidelines(example: dict[str, str]) -> None:
    end = example["compensation_end"]
    term = term_of(
        example["kind"], date.fromisoformat(example["filing"]), date.fromisoformat(end) if end else None
    )
    shown = (term.first_day.isoformat(), term.last_day.isoformat(), term.expiry_day.isoformat())
    assert shown == (example["first_day"], example["last_day"], example["expiry_day"])


@pytest.mark.parametrize(
    ("filing", "last_day", "rule_id"),
    [(date(2021, 5, 31), date(2031, 5, 30), "P-02"), (date(2021, 6, 1), date(2036, 5, 31), "P-01")],
)
def test_design_term_changes_with_the_law(filing: date, last_day: date, rule_id: str) -> None:
    term = term_of("design", filing)
    assert (term.last_day, term.rule_id) == (last_day, rule_id)


def test_term_filed_on_a_leap_day() -> None:
    assert term_of("utility", date(2004, 2, 29)) == Term(
        date(2004, 2, 29), date(2014, 2, 27), date(2014, 2, 28), "P-01"
    )


def test_term_refuses_an_unknown_kind_and_a_shortened_term() -> None:
    with pytest.raises(ValueError, match="unknown patent kind"):
        term_of("plant", date(2020, 1, 1))
    with pytest.raises(ValueError, match="cannot end before"):
        term_of("invention", date(2020, 1, 1), date(2039, 12, 30))


def test_term_explains_itself_and_marks_what_was_not_read() -> None:
    design = term_of("design", date(2021, 5, 31)).derivation
    assert [(one.name, one.rule_id, one.badge_zh) for one in design.steps()] == [
        ("filed", "", ""),
        ("last_day", "P-02", "待核实"),
        ("expiry", "P-03", ""),
    ]
    assert design.zh == "专利权于2031年5月31日（星期六）期满终止，不因休息日顺延"


def test_pack_states_the_rules_that_a_term_cites() -> None:
    book = load(("national", "house"))
    for term in (
        term_of("utility", date(2026, 3, 2)),
        term_of("design", date(2020, 3, 2)),
        term_of("invention", date(2021, 9, 6), date(2041, 12, 1)),
    ):
        for one in term.derivation.steps():
            if one.rule_id:
                rule = book.rule(one.rule_id, date(2026, 1, 1))
                assert (rule.article, rule.confidence) == (one.article, one.confidence)
