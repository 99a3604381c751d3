"""Keeps the search index with the patents: whoever changes a patent or its profile indexes it in the same transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import orjson

from cases.db import Cursor, as_date
from cases.industries import NAMES as INDUSTRY_NAMES
from cases.profile_fields import GRADES
from cases.replay import batched
from cases.search_words import number_of, pieces_of

BATCH = 2_000
# Dates sort without the question of where a missing one goes: unfiled first of all, unreviewed last.
NO_DAY, NEVER = date(1, 1, 1), date(9999, 12, 31)
UNGRADED = 9
SEPARATOR = "\t"
PART_A = ("kind", "status", "year")
PART_B = ("grade", "maturity", "prospect", "implementation", "in_pool", "willingness")
PART_C = ("college", "industry", "patent_class")
COLUMNS = (
    "patent_id", "org_id", "kind", "status", "year", "grade", "patent_class", "industry", "maturity", "prospect",
    "willingness", "implementation", "college", "in_pool", "filing_date", "grade_order", "review_on", "facets_a",
    "facets_b", "facets_c",
)  # fmt: skip

SOURCE = (
    "SELECT p.id, p.org_id, p.kind, p.status, p.grant_date, p.filing_date, p.college, p.application_no, p.publication_no, "
    "p.title, p.owners, p.inventors, p.ipc, q.grade, q.patent_class, q.industry, q.maturity, q.prospect, q.scenario, "
    "q.willingness, q.implementation, q.in_pool, q.review_on "
    "FROM patent p LEFT JOIN patent_profile q ON q.patent_id = p.id WHERE p.id IN :ids"
)
UNINDEXED = (
    "SELECT p.id FROM patent p WHERE p.id > ? "
    "AND NOT EXISTS (SELECT 1 FROM patent_index i WHERE i.patent_id = p.id) ORDER BY p.id LIMIT ?"
)
_PLACES = ", ".join("?" for _ in COLUMNS)
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
KEEP_SQLITE = (
    f"INSERT INTO patent_index ({', '.join(COLUMNS)}) VALUES ({_PLACES}) "  # noqa: S608
    f"ON CONFLICT (patent_id) DO UPDATE SET {_UPDATES}"
)
KEEP_POSTGRES = (
    f"INSERT INTO patent_index ({', '.join(COLUMNS)}, words) VALUES ({_PLACES}, array_to_tsvector(?::text[])) "  # noqa: S608
    f"ON CONFLICT (patent_id) DO UPDATE SET {_UPDATES}, words = excluded.words"
)
FORGET_WORDS_SQLITE = "DELETE FROM patent_words WHERE rowid = ?"
KEEP_WORDS_SQLITE = "INSERT INTO patent_words (rowid, words) VALUES (?, ?)"


def index_patents(cur: Cursor, patent_ids: Iterable[int]) -> None:
    """Bring the index of patents up to what the record says of them now.

    Effects: writes patent_index and the searched pieces; the caller's transaction commits.
    """
    for part in batched(patent_ids, BATCH):
        entries = entries_of(cur, part)
        if cur.postgres:
            cur.many(KEEP_POSTGRES, [(*values, sorted(pieces)) for values, pieces in entries])
            continue
        cur.many(KEEP_SQLITE, [_stored(cur, values) for values, _ in entries])
        cur.many(FORGET_WORDS_SQLITE, [values[:1] for values, _ in entries])
        cur.many(KEEP_WORDS_SQLITE, [(values[0], " ".join(sorted(pieces))) for values, pieces in entries])


def entries_of(cur: Cursor, patent_ids: Sequence[int]) -> list[tuple[tuple[object, ...], set[str]]]:
    """Return what the index says of patents: the values of `COLUMNS`, and the pieces by which each is found."""
    return [_entry(*row) for row in cur.of_many(SOURCE, patent_ids)]


def index_missing(cur: Cursor) -> int:
    """Index the patents that have no entry, after a migration or a restored archive; return how many there were.

    Effects: as `index_patents`.
    """
    count, last = 0, 0
    if cur.postgres and cur.one(UNINDEXED, 0, 1):
        # A database that was just filled does not know yet how much it holds.
        cur.run("ANALYZE patent, patent_profile")
    while ids := [row[0] for row in cur.all(UNINDEXED, last, BATCH)]:
        index_patents(cur, ids)
        count, last = count + len(ids), ids[-1]
    return count


def organization_piece(org_id: int) -> str:
    """Return the piece that every patent of an organization has: it makes a search of one organization narrow."""
    return f"org{org_id}"


def _stored(cur: Cursor, values: Sequence[object]) -> tuple[object, ...]:
    return tuple(cur.day(value) if isinstance(value, date) else value for value in values)


def _entry(  # noqa: PLR0913  one place per column that is read
    patent_id: int, org_id: int, kind: str, status: str, granted: Any, filed: Any, college: str, number: str,
    publication: str, title: str, owners: str, inventors: str, ipc: str, grade: str | None, patent_class: str | None,
    industry: str | None, maturity: str | None, prospect: str | None, scenario: str | None, willingness: str | None,
    implementation: str | None, in_pool: bool | None, review_on: Any,
) -> tuple[tuple[object, ...], set[str]]:  # fmt: skip
    industries, ways = orjson.loads(industry or "[]"), orjson.loads(willingness or "[]")
    day = as_date(granted)
    facets: dict[str, str] = {
        "kind": kind, "status": status, "year": str(day.year) if day else "", "grade": grade or "",
        "patent_class": patent_class or "", "industry": _between(industries), "maturity": maturity or "",
        "prospect": prospect or "", "willingness": _between(ways), "implementation": implementation or "",
        "college": college,
    }  # fmt: skip
    order = tuple(GRADES).index(grade) if grade in GRADES else UNGRADED
    packed = {**facets, "in_pool": "1" if in_pool else "0"}
    values = (
        patent_id, org_id, *facets.values(), bool(in_pool), as_date(filed) or NO_DAY, order, as_date(review_on) or NEVER,
        *(SEPARATOR.join(packed[name] for name in part) for part in (PART_A, PART_B, PART_C)),
    )  # fmt: skip
    texts = [
        title,
        *orjson.loads(owners),
        *orjson.loads(inventors),
        college,
        scenario or "",
        patent_class or "",
        ipc,
    ]
    texts += [INDUSTRY_NAMES[code][0] for code in industries]
    pieces = {piece for text in texts for piece in pieces_of(text)}
    pieces |= {
        organization_piece(org_id),
        *filter(None, map(number_of, (number, publication, *ipc.split(";")))),
    }
    return values, pieces


def _between(codes: Sequence[str]) -> str:
    return f",{','.join(codes)}," if codes else ""
