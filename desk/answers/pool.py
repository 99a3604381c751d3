"""What the two libraries hold, asked the same way by page, API and command line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from cases.db import Database, cursor_of
from cases.facet_counts import FACETS
from cases.patent_search import PAGE_SIZE, SORTS, Found, Search, every_id, search
from cases.pool_views import PoolRow, overdue_reviews, pool_counts, pool_rows
from cases.profile_tables import POOLS, STANDINGS
from exchange.pool_list import MOST_ROWS

VIEWS: Mapping[str, tuple[str, str]] = {
    "pool": ("专利转化资源库", "Conversion pool"),
    "base": ("存量专利基础库", "Base library"),
    "review": ("待复核", "Reviews due"),
}
MOST_VALUES = 20
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of a library with its facets; `overdue` counts reviews that are due, `pools` who stands where."""

    found: Found
    rows: tuple[PoolRow, ...]
    overdue: int
    pools: Mapping[tuple[str, str], int]


def asked(
    view: str, text: str, given: Iterable[tuple[str, str]], sort: str, today: date, pool: str = ""
) -> Search:
    """Return a search from what was asked for; what makes no sense is left out.

    `given` are pairs of facet and value, `pool` is one of the pools, or a pool and a standing joined by a colon.
    """
    facets: dict[str, tuple[str, ...]] = {}
    for name, value in given:
        if name in FACETS and value and len(value) <= 200 and value not in facets.get(name, ()):
            facets[name] = (*facets.get(name, ()), value)
    if view == "pool":
        facets["in_pool"] = ("1",)
    name, _, standing = pool.partition(":")
    standing = standing if standing in STANDINGS else "entered"
    order = sort if sort in SORTS else ("review" if view == "review" else "filed")
    due = today if view == "review" else None
    return Search(text[:100], facets, name if name in POOLS else "", standing, due, order)


def answer(
    session: Session, org_id: int, wanted: Search, today: date, *, page: int = 1, size: int = PAGE_SIZE
) -> Answer:
    """Return one page of what was asked for."""
    found = search(session, org_id, wanted, page=page, size=size)
    rows = pool_rows(session, org_id, found.patent_ids)
    return Answer(found, rows, overdue_reviews(session, org_id, today), pool_counts(session, org_id))


def every_row(db: Database, org_id: int, wanted: Search) -> Iterator[PoolRow]:
    """Yield all that was asked for, in order, as far as a list to take along goes."""
    with db.read() as session:
        ids = every_id(cursor_of(session, db.postgres), org_id, wanted, MOST_ROWS)
        for first in range(0, len(ids), AT_ONCE):
            yield from pool_rows(session, org_id, ids[first : first + AT_ONCE])


def query_of(view: str, wanted: Search) -> list[tuple[str, str]]:
    """Return the address part that asks for the same again, without the page."""
    chosen = [(name, value) for name, values in wanted.facets.items() for value in values]
    kept = [pair for pair in chosen if not (view == "pool" and pair[0] == "in_pool")]
    pool = f"{wanted.pool}:{wanted.standing}" if wanted.pool else ""
    pairs = [("view", view), ("q", wanted.text), *kept, ("pool", pool), ("sort", wanted.sort)]
    return [pair for pair in pairs if pair[1]]


def ids_of(texts: Sequence[str]) -> list[int]:
    """Return the patent ids among typed texts."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 12]
