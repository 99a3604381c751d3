"""Searching the base library and the conversion pool: text, facets with counts, filters, order and pages together.

One pass over what the text finds counts all facets; a facet's own choice does not narrow its own counts, so that
another value can be chosen. The pass ends at `MOST_COUNTED` patents: beyond it every count is a least one, and
says so. Nothing here writes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from cases.db import Cursor, cursor_of
from cases.facet_counts import BLANK, FACETS, SEVERAL, Count, tally
from cases.patent_index import organization_piece
from cases.search_words import number_of, telling_words, terms_of

SORTS: Mapping[str, str] = {
    "filed": "i.filing_date DESC, i.patent_id DESC",
    "grade": "i.grade_order, i.filing_date DESC, i.patent_id DESC",
    "review": "i.review_on, i.patent_id",
}
PAGE_SIZE = 20
LAST_PAGE = 500
MOST_COUNTED = 50_000
MOST_NEAR = 200
MOST_OF_A_WORD = 5_000

COUNTED = "SELECT i.facets_a, i.facets_b, i.facets_c FROM patent_index i WHERE "
LISTED = "SELECT i.patent_id FROM patent_index i WHERE "
FOUND_SQLITE = "i.patent_id IN (SELECT rowid FROM patent_words WHERE patent_words MATCH ?)"
FOUND_POSTGRES = "i.words @@ ?::tsquery"
POOL = "i.patent_id IN (SELECT e.patent_id FROM pool_entry e WHERE e.org_id = ? AND e.pool = ? AND e.status = ? AND e.current)"
OF_IDS = "i.patent_id IN :ids"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `facets` are the chosen values of each, `BLANK` for none.

    `pool` and `standing` name one of the outer pools; `review_before` asks for patents whose review is due before a day.
    """

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pool: str = ""
    standing: str = "entered"
    review_before: date | None = None
    sort: str = "filed"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, by id and in order. `at_least` marks counts that stopped at the limit.

    `near` says that nothing holds all that was typed, and that these share words with it, the most first.
    """

    patent_ids: tuple[int, ...]
    total: int
    at_least: bool
    facets: Mapping[str, tuple[Count, ...]]
    page: int
    size: int
    near: bool = False


@dataclass(frozen=True, slots=True)
class _Where:
    """A condition with its values; `ids` are set where nearby patents stand for the text."""

    sql: str
    values: tuple[object, ...]
    ids: tuple[int, ...] | None = None


def search(
    session: Session, org_id: int, wanted: Search, *, page: int = 1, size: int = PAGE_SIZE, count: bool = True
) -> Found:
    """Return one page of an organization's patents that match, with the counts of every facet.

    Pages go as far as `LAST_PAGE`. Without `count` the facets are empty and the total is that of the page.
    """
    cur = cursor_of(session, session.get_bind().dialect.name == "postgresql")
    return find(cur, org_id, wanted, page=page, size=size, count=count)


def find(
    cur: Cursor, org_id: int, wanted: Search, *, page: int = 1, size: int = PAGE_SIZE, count: bool = True
) -> Found:
    """Do as `search` on a bare cursor."""
    base = _base(cur, org_id, wanted)
    found = _page(cur, base, wanted, page, size, count)
    if found.patent_ids or page > 1 or not wanted.text or _holds(cur, base):
        return found
    near = nearest(cur, org_id, wanted.text)
    base = _base(cur, org_id, wanted, near)
    return _page(cur, base, wanted, page, size, count, near=bool(near))


def _page(
    cur: Cursor, base: _Where, wanted: Search, page: int, size: int, count: bool, *, near: bool = False
) -> Found:
    chosen = {name: values for name, values in wanted.facets.items() if values and name in FACETS}
    page = max(1, min(page, LAST_PAGE))
    narrowed = _narrowed(base, chosen)
    if near and base.ids is not None:
        every = _all(cur, LISTED, narrowed)
        place = {patent_id: number for number, patent_id in enumerate(base.ids)}
        ordered = sorted((row[0] for row in every), key=place.__getitem__)
        ids = tuple(ordered[(page - 1) * size : page * size])
    else:
        order = f" ORDER BY {SORTS.get(wanted.sort, SORTS['filed'])} LIMIT {int(size)} OFFSET {int((page - 1) * size)}"
        ids = tuple(row[0] for row in _all(cur, LISTED, narrowed, order))
    if not count:
        return Found(ids, len(ids), False, {}, page, size, near)
    total, at_least, facets = _counted(cur, base, narrowed, chosen)
    return Found(ids, total, at_least, facets, page, size, near)


def _base(cur: Cursor, org_id: int, wanted: Search, near: Sequence[int] | None = None) -> _Where:
    """Return the condition of everything but the facets."""
    parts, values = ["i.org_id = ?"], [org_id]  # type: tuple[list[str], list[object]]
    if wanted.pool:
        parts.append(POOL)
        values += [org_id, wanted.pool, wanted.standing]
    if wanted.review_before:
        parts.append("i.review_on < ?")
        values.append(cur.day(wanted.review_before))
    if near is not None:
        return _Where(" AND ".join((OF_IDS, *parts)), tuple(values), tuple(near))
    if question := question_of(org_id, wanted.text, cur.postgres):
        parts.append(FOUND_POSTGRES if cur.postgres else FOUND_SQLITE)
        values.append(question)
    return _Where(" AND ".join(parts), tuple(values))


def _narrowed(base: _Where, chosen: Mapping[str, tuple[str, ...]]) -> _Where:
    conditions = [_condition(name, values) for name, values in chosen.items()]
    parts = (base.sql, *(sql for sql, _ in conditions))
    return _Where(
        " AND ".join(parts), (*base.values, *(one for _, more in conditions for one in more)), base.ids
    )


def _condition(name: str, values: tuple[str, ...]) -> tuple[str, list[object]]:
    if name == "in_pool":
        flags = [value == "1" for value in values]
        return f"i.in_pool IN ({', '.join('?' for _ in flags)})", list(flags)
    given = ["" if value == BLANK else value for value in values]
    if name in SEVERAL:
        tests = [f"i.{name} = ?" if not value else f"i.{name} LIKE ?" for value in given]
        return f"({' OR '.join(tests)})", [value and f"%,{value},%" for value in given]
    return f"i.{name} IN ({', '.join('?' for _ in given)})", list(given)


def _all(cur: Cursor, select: str, where: _Where, rest: str = "") -> list[Any]:
    if where.ids is not None:
        return cur.of_many(f"{select}{where.sql}{rest}", where.ids, *where.values)
    return cur.all(f"{select}{where.sql}{rest}", *where.values)


def _holds(cur: Cursor, base: _Where) -> bool:
    """Say whether the text finds anything at all, whatever facets are chosen."""
    return bool(_all(cur, LISTED, base, " LIMIT 1"))


def question_of(org_id: int, text: str, postgres: bool) -> str:
    """Return a text as the database is asked for it; empty if there is nothing in it to ask for.

    All its stretches must be there; a text that may be a number finds what begins with it, too.
    """
    both, either = ("&", "|") if postgres else ("AND", "OR")
    mark = "'" if postgres else '"'  # pieces are letters and digits: no mark can be in them
    pieces = [f"{mark}{piece}{mark}" for term in terms_of(text) for piece in term]
    choices = [f"({f' {both} '.join(pieces)})"] if pieces else []
    if number := number_of(text):
        choices.append(f"'{number}':*" if postgres else f'"{number}" *')
    if not choices:
        return ""
    organization = f"{mark}{organization_piece(org_id)}{mark}"
    return f"{organization} {both} ({f' {either} '.join(choices)})"


def nearest(cur: Cursor, org_id: int, text: str, limit: int = MOST_NEAR) -> tuple[int, ...]:
    """Return the patents that share the most words with a text, rare words first; the newest first among equals.

    Of a word that many patents have only a part is looked at; it tells little.
    """
    scores: Counter[int] = Counter()
    for word in telling_words(text):
        question = question_of(org_id, word, cur.postgres)
        condition = FOUND_POSTGRES if cur.postgres else FOUND_SQLITE
        rows = cur.all(f"{LISTED}{condition} LIMIT {MOST_OF_A_WORD}", question) if question else []
        for (patent_id,) in rows:
            scores[patent_id] += _weight(len(rows))
    return tuple(sorted(scores, key=lambda one: (-scores[one], -one))[:limit])


def _weight(found: int) -> int:
    """Return what a word counts: the more patents have it, the less."""
    return max(1, 16 - found.bit_length())


def _counted(
    cur: Cursor, base: _Where, narrowed: _Where, chosen: Mapping[str, tuple[str, ...]]
) -> tuple[int, bool, dict[str, tuple[Count, ...]]]:
    limit = f" LIMIT {MOST_COUNTED + 1}"
    rows = _all(cur, COUNTED, base, limit)
    if len(rows) > MOST_COUNTED and chosen:  # the part that was looked at says little of what was chosen
        rows = _all(cur, COUNTED, narrowed, limit)
    total, facets = tally(rows[:MOST_COUNTED], chosen)
    return total, len(rows) > MOST_COUNTED, facets
