"""What the record knows of how patents are funded and used: declarations, statements, labels and running cases.

Nothing is typed twice: a label of the platform, or a step of a case that records the working, counts by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from cases.db import Cursor, as_date
from rules.patent_clock import ClockFacts
from rules.use_codes import USE_OF_LABEL, USES, WORKED

PATENTS = "SELECT id, kind, status, filing_date, grant_date, flags FROM patent WHERE id IN :ids ORDER BY id"
FUNDINGS = "SELECT patent_id, funded, declared_on FROM funding WHERE patent_id IN :ids"
STATEMENTS = (
    'SELECT patent_id, year, "use", stated_on, reason, review_on FROM use_statement '
    "WHERE patent_id IN :ids ORDER BY year"
)
LABELS = 'SELECT patent_id, label, "on" FROM label_event WHERE patent_id IN :ids ORDER BY "on"'
CASES = (
    "SELECT p.patent_id, c.closed_on, c.data FROM case_patent p JOIN conversion_case c ON c.id = p.case_id "
    "WHERE p.patent_id IN :ids"
)
_RANK = {use: number for number, use in enumerate(USES)}
STATE_FUNDED = "state_funded"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one patent. `use` is the strongest known, `used_on` when it began, `worked_on` the first working.

    `funded` is None where nobody has said; `declared` that every project was declared to the office. A running license
    is a reason by itself (`is_licensed`). `reason` and `review_on` are of the newest statement, said on `reason_on`.
    """

    id: int
    kind: str
    status: str
    filing_date: date | None
    grant_date: date | None
    funded: bool | None = None
    declared: bool = False
    use: str = "none"
    used_on: date | None = None
    worked_on: date | None = None
    is_licensed: bool = False
    stated_year: int | None = None
    reason: str = ""
    review_on: date | None = None
    reason_on: date | None = None

    @property
    def clock(self) -> ClockFacts:
        """The patent as its clocks see it."""
        return ClockFacts(
            self.kind, self.status, self.filing_date, self.grant_date, funded=bool(self.funded), worked_on=self.worked_on
        )  # fmt: skip

    def used(self, use: str, on: date | None, *, worked: bool) -> "Known":
        """Return the same with one more fact of use."""
        stronger = use if _RANK[use] > _RANK[self.use] else self.use
        return replace(
            self, use=stronger, used_on=_first(self.used_on, on if use != "none" else None),
            worked_on=_first(self.worked_on, on if worked else None),
        )  # fmt: skip

    def has_reason(self, today: date) -> bool:
        """Say whether a reason for non-use stands on a day: recorded and not up for review, or a running license."""
        recorded = bool(self.reason) and (self.review_on is None or today < self.review_on)
        return recorded or self.is_licensed


def known_of(cur: Cursor, ids: Sequence[int]) -> list[Known]:
    """Return what is known of some patents, by id."""
    found = {known.id: known for known in map(_patent, cur.of_many(PATENTS, ids))}
    for patent_id, rows in _grouped(cur.of_many(FUNDINGS, ids)).items():
        found[patent_id] = _with_funding(found[patent_id], rows)
    for patent_id, label, on in cur.of_many(LABELS, ids):
        use = USE_OF_LABEL.get(label, "none")
        found[patent_id] = found[patent_id].used(use, as_date(on), worked=use in WORKED)
    for patent_id, closed, data in cur.of_many(CASES, ids):
        found[patent_id] = _with_case(found[patent_id], closed is None, orjson.loads(data))
    for patent_id, rows in _grouped(cur.of_many(STATEMENTS, ids)).items():
        found[patent_id] = _with_statements(found[patent_id], rows)
    return list(found.values())


def _patent(row: Any) -> Known:
    id_, kind, status, filed, granted, flags = row
    funded = True if STATE_FUNDED in orjson.loads(flags) else None
    return Known(id_, kind, status, as_date(filed), as_date(granted), funded)


def _with_funding(known: Known, rows: Sequence[Any]) -> Known:
    funded = any(said for said, _ in rows)
    declared = funded and all(declared_on is not None for said, declared_on in rows if said)
    return replace(known, funded=funded or bool(known.funded), declared=declared)


def _with_case(known: Known, is_open: bool, data: Mapping[str, Any]) -> Known:
    """Add what a case tells: the first working, a product on the market, and that its license runs."""
    told = data.get("industrialization", {})
    worked, sold = as_date(told.get("worked_on")), as_date(told.get("industrialized_on"))
    if worked is not None:
        known = known.used("licensed", worked, worked=True)
    if sold is not None:
        known = known.used("industrialized", sold, worked=True)
    runs = is_open and known.use == "licensed" and bool(data.get("contract", {}).get("effective_on"))
    return replace(known, is_licensed=known.is_licensed or runs)


def _with_statements(known: Known, rows: Sequence[Any]) -> Known:
    for year, use, stated, _reason, _review in rows:
        in_year = min(date(year, 12, 31), as_date(stated) or date.max)
        known = known.used(use, in_year, worked=use in WORKED)
    year, _use, stated, reason, review = rows[-1]
    return replace(
        known, stated_year=year, reason=reason, review_on=as_date(review), reason_on=as_date(stated) if reason else None
    )  # fmt: skip


def _grouped(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for patent_id, *rest in rows:
        found.setdefault(patent_id, []).append(tuple(rest))
    return found


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def products_of(cur: Cursor, ids: Sequence[int]) -> Iterator[tuple[int, int, date, date | None, date | None]]:
    """Yield product, its first patent, since, filed and last updated, of those whose dates no open case keeps."""
    for product, patent, since, filed, updated in cur.of_many(PRODUCTS, ids):
        yield product, patent, as_date(since) or date.min, as_date(filed), as_date(updated)


PRODUCTS = (
    "SELECT o.id, MIN(q.patent_id), o.since, o.filed_on, o.updated_on FROM product o "
    "JOIN product_patent q ON q.product_id = o.id WHERE o.id IN "
    "(SELECT product_id FROM product_patent WHERE patent_id IN :ids) AND o.withdrawn_on IS NULL "
    "AND NOT (o.filed_on IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM conversion_case c WHERE c.id = o.case_id AND c.closed_on IS NULL)) "
    "GROUP BY o.id, o.since, o.filed_on, o.updated_on ORDER BY o.id"
)
