"""The nightly check: every stored date, and what patents compute to, by a second computation of its own.

Reads page by page, of all organizations, and writes review items only. Nothing is corrected here: a difference
means that one of the two computations, or the record, is wrong, and a person has to find out which.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

import orjson

from cases.db import Cursor, Database, as_date, cursor_of
from cases.reviews import Finding, open_items
from cases.rulebooks import book_of
from cases.second_distributions import Shared, look_at_distributions
from cases.second_look import Stored, look_at
from cases.second_patents import Dates, look_at_patent
from rules.packs import PackError, RuleBook
from states.facts import CaseData, TermsFacts
from states.recorded import payments_in

PAGE = 1000

DEADLINES = (
    "SELECT d.id, d.org_id, d.case_id, d.key, d.title, d.title_en, d.article, d.confidence, d.rule_id, "
    "d.rule_version, d.base_date, d.period, d.nominal, d.due, d.provisional, d.explanation, d.opened_seq, "
    "o.rule_layers FROM deadline d JOIN organization o ON o.id = d.org_id "
    "WHERE d.case_id IS NOT NULL AND d.id > ? ORDER BY d.id LIMIT ?"
)
HISTORY = "SELECT body FROM trail WHERE chain = ? AND seq <= ? ORDER BY seq"
TERMS = "SELECT terms_facts, data FROM conversion_case WHERE id = ?"
PATENTS = (
    "SELECT p.id, p.org_id, p.application_no, p.title, p.kind, p.status, p.filing_date, p.grant_date, p.fee_reduction, "
    "p.fee_paid_year, o.rule_layers "
    "FROM patent p JOIN organization o ON o.id = p.org_id "
    "WHERE p.id > ? AND p.filing_date IS NOT NULL ORDER BY p.id LIMIT ?"
)
SHARED = (
    "SELECT c.id, c.org_id, c.mode, c.data, c.terms_facts, o.rule_layers FROM conversion_case c "
    "JOIN organization o ON o.id = c.org_id "
    """WHERE c.id > ? AND (c.data LIKE '%"distributions":{%' OR c.data LIKE '%"rewards":{%') ORDER BY c.id LIMIT ?"""
)


@dataclass(frozen=True, slots=True)
class RecheckReport:
    """What a check did.

    `deadlines`, `patents` and `distributions` count what was recomputed; `unchecked` deadlines are dates that a person gave and
    nothing computes; `differ` counts differences, `opened` the items that are new.
    """

    on: date
    deadlines: int
    patents: int
    unchecked: int
    differ: int
    opened: int
    distributions: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line."""
        return {
            "on": self.on.isoformat(), "deadlines": self.deadlines, "patents": self.patents,
            "distributions": self.distributions,
            "unchecked": self.unchecked, "differ": self.differ, "opened": self.opened,
        }  # fmt: skip


def recheck(
    db: Database, now: datetime, today: date, *, dry_run: bool = False, page: int = PAGE
) -> RecheckReport:
    """Recompute every stored deadline, open and closed, every patent's term and fees, and every distribution.

    Of all organizations.

    With `dry_run` nothing is written. Running it again adds nothing. `page` rows are read at a time.

    Effects: opens review items, one transaction per page that has differences. Changes nothing else.
    """
    counts: dict[str, int] = defaultdict(int)
    looked = (
        _deadline_pages(db, counts, page),
        _patent_pages(db, counts, today, page),
        _shared_pages(db, counts, page),
    )
    for findings in chain(*looked):
        counts["differ"] += len(findings)
        if findings and not dry_run:
            with db.cursor() as cur:
                counts["opened"] += open_items(cur, findings, now)
    return RecheckReport(
        today, counts["deadlines"], counts["patents"], counts["unchecked"], counts["differ"], counts["opened"],
        counts["distributions"],
    )  # fmt: skip


def _deadline_pages(db: Database, counts: dict[str, int], page: int) -> Iterator[tuple[Finding, ...]]:
    for cur, rows in _pages(db, DEADLINES, page):
        findings, books = [], _books(rows)
        for raw in rows:
            row, book = _stored(raw), books[raw[-1]]
            found = _look_at(cur, row, book) if book else "unchecked"
            counts["unchecked" if found == "unchecked" else "deadlines"] += 1
            if not isinstance(found, str):
                findings.append(Finding(row.org_id, "deadline", f"deadline:{row.id}", row.case_id, found))
        yield tuple(findings)


def _patent_pages(
    db: Database, counts: dict[str, int], today: date, page: int
) -> Iterator[tuple[Finding, ...]]:
    for _, rows in _pages(db, PATENTS, page):
        findings, books = [], _books(rows)
        for id_, org_id, number, title, kind, status, filed, granted, reduction, paid, layers in rows:
            book = books[layers]
            if book is None:
                continue
            counts["patents"] += 1
            dates = Dates(kind, status, _date(filed), as_date(granted), reduction or "none", paid)
            findings += [
                Finding(
                    org_id,
                    what.partition(":")[0],
                    f"patent:{id_}:{what}",
                    None,
                    {"patent": number, "of": title, **found},
                )
                for what, found in look_at_patent(book, dates, today)
            ]
        yield tuple(findings)


def _shared_pages(db: Database, counts: dict[str, int], page: int) -> Iterator[tuple[Finding, ...]]:
    for _, rows in _pages(db, SHARED, page):
        findings, books = [], _books(rows)
        for id_, org_id, mode, data, terms, layers in rows:
            book, sections = books[layers], orjson.loads(data)
            amount = TermsFacts.from_json(orjson.loads(terms)).amount_fen
            case = Shared(mode, amount, sections, "amendments" in sections)
            for name, found in look_at_distributions(case, book) if book else ():
                counts["distributions"] += 1
                if found is not None:
                    findings.append(Finding(org_id, "distribution", f"case:{id_}:{name}", id_, found))
        yield tuple(findings)


def _pages(db: Database, query: str, page: int) -> Iterator[tuple[Cursor, list[Any]]]:
    """Yield page after page with a cursor that reads; the transaction ends before the next page."""
    last = 0
    rows: list[Any] = [None]
    while rows:
        with db.read() as session:
            cur = cursor_of(session, db.postgres)
            rows = cur.all(query, last, page)
            if rows:
                last = rows[-1][0]
                yield cur, rows


def _look_at(cur: Cursor, row: Stored, book: RuleBook) -> str | dict[str, Any]:
    known = _known(cur, row) if row.needs_history else {}
    payments = _payments(cur, row) if row.key.startswith("payment:") else ()
    return look_at(row, book, known, payments)


def _known(cur: Cursor, row: Stored) -> Mapping[str, Mapping[str, Any]]:
    """Return what the case's events had established when the row was opened, folded from its trail."""
    folded: dict[str, Any] = {}
    for (body,) in cur.all(HISTORY, f"case:{row.case_id}", row.opened_seq):
        folded |= orjson.loads(body)["facts"]
    return {section: values for section, values in folded.items() if values is not None}


def _payments(cur: Cursor, row: Stored) -> tuple[date, ...]:
    """Return the days of the payments, as events had settled them when the row was opened."""
    stored, data = cur.one(TERMS, row.case_id)
    payments = TermsFacts.from_json(orjson.loads(stored)).payments
    settled = _known(cur, row) if orjson.loads(data).get("payments") else {}
    return tuple(payment.due for payment in payments_in(payments, CaseData(settled)))


def _books(rows: Sequence[Any]) -> dict[str, RuleBook | None]:
    """Return the rulebooks of a page of rows, by the packs that each row names last."""
    return {layers: _book(layers) for layers in {row[-1] for row in rows}}


def _book(layers: str) -> RuleBook | None:
    """Return the rulebook of an organization; None if its packs cannot be loaded, which it is told elsewhere."""
    try:
        return book_of(layers)
    except PackError:
        return None


def _stored(raw: Any) -> Stored:
    (
        id_, org_id, case_id, key, title, title_en, article, confidence, rule_id, version, base, period, nominal, due,
        provisional, explanation, seq, _,
    ) = raw  # fmt: skip
    return Stored(
        id_, org_id, case_id, key, title, title_en, article, confidence, rule_id, version, _date(base), period,
        _date(nominal), _date(due), bool(provisional), orjson.loads(explanation), seq,
    )  # fmt: skip


def _date(value: object) -> date:
    found = as_date(value)
    if found is None:
        raise ValueError("a date that must be there is missing")
    return found
