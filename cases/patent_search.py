"""Searching the base library and the conversion pool: text, facets with counts, filters, order and pages together.

A facet's own choice does not narrow its own counts, so that another value can be chosen. Counting ends at
`MOST_COUNTED` patents: beyond it every count is a least one, and says so. Nothing here writes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from cases.db import Cursor, cursor_of
from cases.facet_counts import FACETS, Count, tally
from cases.search_conditions import Choices, Condition, condition_of
from cases.search_words import telling_words

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
LISTED = "SELECT i.patent_id FROM patent_index i WHERE {where}"
PACKED_COLUMNS = ("facets_a", "facets_b", "facets_c")
PACKED = f"SELECT {', '.join(f'i.{name}' for name in PACKED_COLUMNS)} FROM patent_index i WHERE {{where}}"  # noqa: S608
ENOUGH = f" LIMIT {MOST_COUNTED + 1}"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `facets` are the chosen values of each, `facet_counts.BLANK` for none.

    `pool` and `standing` name a pool and what became of the patent there; `review_before` asks for patents whose
    review is due before a day.
    """

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pool: str = ""
    standing: str = "entered"
    review_before: date | None = None
    sort: str = "filed"

    @property
    def chosen(self) -> Choices:
        """The facets in which something is chosen."""
        return {name: values for name, values in self.facets.items() if values and name in FACETS}

    def condition(self, cur: Cursor, org_id: int, ids: Sequence[int] | None = None) -> Condition:
        """Return the condition of everything but the facets; `ids` take the place of the text."""
        pool = (self.pool, self.standing) if self.pool else None
        return condition_of(cur, org_id, self.text, pool=pool, review_before=self.review_before, ids=ids)


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


def search(
    session: Session, org_id: int, wanted: Search, *, page: int = 1, size: int = PAGE_SIZE, count: bool = True
) -> Found:
    """Return one page of an organization's patents that match, with the counts of every facet.

    Pages go as far as `LAST_PAGE`. Without `count` there are no facets, and the total is that of the page.
    """
    cur = cursor_of(session, session.get_bind().dialect.name == "postgresql")
    return find(cur, org_id, wanted, page=page, size=size, count=count)


def find(
    cur: Cursor, org_id: int, wanted: Search, *, page: int = 1, size: int = PAGE_SIZE, count: bool = True
) -> Found:
    """Do as `search` on a bare cursor."""
    base = wanted.condition(cur, org_id)
    place = (max(1, min(page, LAST_PAGE)), size)
    ids = _listed(cur, base, wanted, place)
    near = not ids and page <= 1 and bool(wanted.text) and not base.all(cur, LISTED, " LIMIT 1")
    if near:
        base = wanted.condition(cur, org_id, nearest(cur, org_id, wanted.text))
        ids = _in_order(cur, base, wanted, place)
    if not count:
        return Found(ids, len(ids), False, {}, *place, near and bool(ids))
    total, at_least, facets = _counted(cur, base, wanted.chosen)
    return Found(ids, total, at_least, facets, *place, near and bool(ids))


def every_id(cur: Cursor, org_id: int, wanted: Search, limit: int) -> tuple[int, ...]:
    """Return the ids of all that matches, in order, as far as `limit`: for lists that are taken along."""
    return _listed(cur, wanted.condition(cur, org_id), wanted, (1, limit))


def _listed(cur: Cursor, base: Condition, wanted: Search, place: tuple[int, int]) -> tuple[int, ...]:
    page, size = place
    order = SORTS.get(wanted.sort, SORTS["filed"])
    rest = f" ORDER BY {order} LIMIT {int(size)} OFFSET {int((page - 1) * size)}"
    return tuple(row[0] for row in base.and_(wanted.chosen).all(cur, LISTED, rest))


def _in_order(cur: Cursor, base: Condition, wanted: Search, place: tuple[int, int]) -> tuple[int, ...]:
    """Return a page of the nearest patents, in the order of their ids' places."""
    page, size = place
    matching = {row[0] for row in base.and_(wanted.chosen).all(cur, LISTED)}
    return tuple(one for one in base.ids or () if one in matching)[(page - 1) * size : page * size]


def nearest(cur: Cursor, org_id: int, text: str, limit: int = MOST_NEAR) -> tuple[int, ...]:
    """Return the patents that share the most words with a text, rare words first; the newest first among equals.

    Of a word that many patents have only a part is looked at; it tells little.
    """
    scores: Counter[int] = Counter()
    for word in telling_words(text):
        rows = Search(word).condition(cur, org_id).all(cur, LISTED, f" LIMIT {MOST_OF_A_WORD}", whole=True)
        for (patent_id,) in rows:
            scores[patent_id] += _weight(len(rows))
    return tuple(sorted(scores, key=lambda one: (-scores[one], -one))[:limit])


def _weight(found: int) -> int:
    """Return what a word counts: the more patents have it, the less."""
    return max(1, 16 - found.bit_length())


def _counted(cur: Cursor, base: Condition, chosen: Choices) -> tuple[int, bool, dict[str, tuple[Count, ...]]]:
    """Return how many match all choices, whether the counts are least ones, and those of every facet."""
    packed = _packed(cur, base.and_(chosen))
    beside = {
        name: _by_value(cur, name, base.and_({one: chosen[one] for one in chosen if one != name}))
        for name in chosen
    }
    total = sum(packed[0].values())
    is_cut = any(sum(counted.values()) > MOST_COUNTED for counted in (packed[0], *beside.values()))
    return min(total, MOST_COUNTED), is_cut, tally(packed, beside, chosen)


def _packed(cur: Cursor, where: Condition) -> tuple[Counter[str], ...]:
    """Count the packed texts: of a whole library the database does, along its indexes; else the rows are fetched."""
    if where.is_plain and len(where.all(cur, LISTED, ENOUGH)) <= MOST_COUNTED:
        return tuple(_grouped(cur, name, where) for name in PACKED_COLUMNS)
    rows = where.all(cur, PACKED, ENOUGH, whole=True)
    return tuple(map(Counter, zip(*rows, strict=True))) if rows else (Counter(), Counter(), Counter())


def _grouped(cur: Cursor, name: str, where: Condition) -> Counter[str]:
    sql = f"SELECT i.{name}, count(*) FROM patent_index i WHERE {{where}} GROUP BY i.{name}"  # noqa: S608
    return Counter(dict(where.all(cur, sql)))


def _by_value(cur: Cursor, name: str, where: Condition) -> Counter[str]:
    column = "CASE WHEN i.in_pool THEN '1' ELSE '0' END" if name == "in_pool" else f"i.{name}"
    inner = f"SELECT {column} AS value FROM patent_index i WHERE {{where}}{ENOUGH}"  # noqa: S608
    sql = f"SELECT value, count(*) FROM ({inner}) AS counted GROUP BY value"  # noqa: S608
    return Counter(dict(where.all(cur, sql, whole=True)))
