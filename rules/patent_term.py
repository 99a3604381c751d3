"""The term of protection of a patent. It runs from the filing date and never shifts for rest days.

In: kind, filing date, and the last day of a compensated term if there is one. Out: the first and last
protected day and the day on which the right has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.counting import Citation, add_months, named_en, named_zh
from rules.derivation import Derivation, step

YEARS = {"invention": 20, "utility": 10, "design": 15}
LAST_TEN_YEAR_DESIGN = date(2021, 5, 31)
_CITED: Mapping[str, Citation] = {
    "P-01": Citation("P-01", "专利法第42条；专利法实施细则第12条", "V"),
    "P-02": Citation("P-02", "国家知识产权局过渡办法", "M", "待核实"),
    "P-04": Citation("P-04", "专利法第42条第2款、第3款；专利法实施细则第77条至第84条", "V"),
}
_NEVER_MOVED = Citation("P-03", "专利审查指南第五部分第九章第4.1节", "V")


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

    @property
    def derivation(self) -> Derivation:
        """Filing date → last day by the rule on the length → day of expiry, which never moves."""
        filed = step(
            "filed",
            f"申请日为{named_zh(self.first_day)}",
            f"Filed on {named_en(self.first_day)}",
            self.first_day,
            "date",
        )
        last_zh, last_en = named_zh(self.last_day), named_en(self.last_day)
        if self.rule_id == "P-04":
            zh, en = f"期限经补偿延至{last_zh}", f"The compensated term runs to {last_en}"
        else:
            years = self.expiry_day.year - self.first_day.year
            zh, en = (
                f"自申请日起{years}年，最后一日为{last_zh}",
                f"{years} years from filing, the last day is {last_en}",
            )
        last = step("last_day", zh, en, self.last_day, "date", filed, rule=_CITED[self.rule_id])
        return step(
            "expiry",
            f"专利权于{named_zh(self.expiry_day)}期满终止，不因休息日顺延",
            f"The right has ended on {named_en(self.expiry_day)}; not moved for rest days",
            self.expiry_day,
            "date",
            last,
            rule=_NEVER_MOVED,
        )


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
