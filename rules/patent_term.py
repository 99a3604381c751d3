"""The term of protection of a patent. It runs from the filing date and never shifts for rest days.

In: kind, filing date, and the last day of a compensated term if there is one. Out: the first and last
protected day and the day on which the right has ended.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from rules.counting import add_months

YEARS = {"invention": 20, "utility": 10, "design": 15}
LAST_TEN_YEAR_DESIGN = date(2021, 5, 31)


@dataclass(frozen=True)
class Term:
    """A term of protection: `first_day` to `last_day`, both protected; ended on `expiry_day`.

    `rule_id` names the rule that set the length: P-01, P-02 (designs filed up to 2021-05-31) or P-04
    (compensated term).
    """

    first_day: date
    last_day: date
    expiry_day: date
    rule_id: str


def term_of(kind: str, filing_date: date, compensation_end: date | None = None) -> Term:
    """Return the term of protection of an invention, utility model or design.

    `compensation_end` is the last day of a compensated term and replaces the ordinary last day.

    Raises: ValueError if the kind is unknown, or the compensated term ends before the ordinary one.
    Source: 专利法 art 42; 专利法实施细则 (2023) art 12; 专利审查指南 part 5 ch 9 §4.1
    """
    if kind not in YEARS:
        raise ValueError(f"unknown patent kind: {kind!r}")
    years, rule_id = YEARS[kind], "P-01"
    if kind == "design" and filing_date <= LAST_TEN_YEAR_DESIGN:
        years, rule_id = 10, "P-02"
    expiry_day = add_months(filing_date, 12 * years)
    if compensation_end is not None:
        if compensation_end < expiry_day - timedelta(days=1):
            raise ValueError("a compensated term cannot end before the ordinary term")
        expiry_day, rule_id = compensation_end + timedelta(days=1), "P-04"
    return Term(filing_date, expiry_day - timedelta(days=1), expiry_day, rule_id)
