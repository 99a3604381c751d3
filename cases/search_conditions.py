"""What a search asks the database for: its text, filters and pool as one condition with values. Pure but for the dialect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cases.db import Cursor
from cases.facet_counts import BLANK, SEVERAL
from cases.patent_index import organization_piece
from cases.search_words import number_of, terms_of

OF_IDS = "i.patent_id IN :ids"
OF_ORGANIZATION = "i.org_id = ?"
# The sign keeps SQLite from walking an index of the organization and looking every row up, when all rows are wanted.
OF_WHOLE_ORGANIZATION = "+i.org_id = ?"
FOUND_SQLITE = "i.patent_id IN (SELECT rowid FROM patent_words WHERE patent_words MATCH ?)"
FOUND_POSTGRES = "i.words @@ ?::tsquery"
IN_POOL = (
    "i.patent_id IN (SELECT e.patent_id FROM pool_entry e "
    "WHERE e.org_id = ? AND e.pool = ? AND e.status = ? AND e.current)"
)
REVIEW_DUE = "i.review_on < ?"
Choices = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the index `i`, with its values in order. `ids` are set where it is about known patents.

    `is_plain` says that it asks for the whole library.
    """

    parts: tuple[str, ...]
    values: tuple[object, ...]
    ids: tuple[int, ...] | None = None
    is_plain: bool = False

    def all(self, cur: Cursor, select: str, rest: str = "", *, whole: bool = False) -> list[Any]:
        """Return the rows of a statement whose `{where}` stands for the condition.

        `whole` says that all rows are wanted, in any order, not the first few of them.
        """
        parts = (
            OF_WHOLE_ORGANIZATION if whole and not cur.postgres and part == OF_ORGANIZATION else part
            for part in self.parts
        )
        sql = select.replace("{where}", " AND ".join(parts)) + rest
        return cur.all(sql, *self.values) if self.ids is None else cur.of_many(sql, self.ids, *self.values)

    def and_(self, chosen: Choices) -> "Condition":
        """Return the condition narrowed by the chosen values of facets."""
        if not chosen:
            return self
        more = [_of_facet(name, values) for name, values in chosen.items()]
        parts = (*self.parts, *(sql for sql, _ in more))
        values = (*self.values, *(value for _, given in more for value in given))
        return replace(self, parts=parts, values=values, is_plain=False)


def condition_of(
    cur: Cursor, org_id: int, text: str, *, pool: tuple[str, str] | None, review_before: date | None,
    ids: Sequence[int] | None = None,
) -> Condition:  # fmt: skip
    """Return the condition of everything but the facets; `ids` take the place of the text."""
    parts: list[str] = [OF_ORGANIZATION] if ids is None else [OF_IDS, OF_ORGANIZATION]
    values: list[object] = [org_id]
    if pool:
        parts.append(IN_POOL)
        values += [org_id, *pool]
    if review_before:
        parts.append(REVIEW_DUE)
        values.append(cur.day(review_before))
    question = question_of(org_id, text, cur.postgres) if ids is None else ""
    if question:
        parts.append(FOUND_POSTGRES if cur.postgres else FOUND_SQLITE)
        values.append(question)
    known = None if ids is None else tuple(ids)
    is_plain = parts == [OF_ORGANIZATION]
    return Condition(tuple(parts), tuple(values), known, is_plain)


def _of_facet(name: str, chosen: Sequence[str]) -> tuple[str, list[object]]:
    if name == "in_pool":
        return f"i.in_pool IN ({_places(chosen)})", [value == "1" for value in chosen]
    given = ["" if value == BLANK else value for value in chosen]
    if name in SEVERAL:
        tests = [f"i.{name} LIKE ?" if value else f"i.{name} = ?" for value in given]
        return f"({' OR '.join(tests)})", [f"%,{value},%" if value else "" for value in given]
    return f"i.{name} IN ({_places(given)})", list(given)


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)


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
