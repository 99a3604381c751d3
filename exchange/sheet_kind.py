"""What a kind of sheet is: its columns, what is checked, and how one row enters the record.

A kind is a value; everything else (reading, headers, rejects, pages, command, API) is the importer's and stands once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlmodel import Session

from cases.db import Cursor, cursor_of
from cases.imports import IMPORTERS
from cases.scope import Person
from cases.settings import SHANGHAI
from exchange.sheet_cells import Choice, Choices, text

Outcome = Literal["added", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. The first title is its name on screens and in the template; the others are also understood.

    `parse` turns a cell that is not blank into a value, or raises `CellError`. `hint` tells in Chinese what may
    stand there, `example` fills the template.
    """

    field: str
    titles: tuple[str, ...]
    parse: Callable[[str], object] = text()
    required: bool = False
    hint: str = ""
    example: str = ""

    @property
    def label(self) -> str:
        """The name of the column."""
        return self.titles[0]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its drop-down; none if anything may be typed."""
        return self.parse.words if isinstance(self.parse, Choice) else ()

    @property
    def allowed(self) -> str:
        """What may stand in a cell, in Chinese."""
        choice = self.parse.choice if isinstance(self.parse, Choices) else self.parse
        return "、".join(choice.words) if isinstance(choice, Choice) else ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One readable row. `values` has the fields whose cell is not blank; `patent_id` is the institution's patent,
    in kinds that name one.
    """

    sheet: str
    number: int
    values: Mapping[str, Any]
    patent_id: int | None = None

    def text(self, field: str) -> str:
        """Return a text, blank where the cell is."""
        return str(self.values.get(field) or "")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a readable row is refused: the field that is wrong (blank for the whole row), and what to do."""

    row: SheetRow
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """What checks and writes work with: one transaction, who imports, when, and where from (`sheet:<run>`)."""

    session: Session
    postgres: bool
    person: Person
    now: datetime
    source: str = ""

    @property
    def org_id(self) -> int:
        """The institution."""
        return self.person.org_id

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    @property
    def cur(self) -> Cursor:
        """A bare cursor in the same transaction."""
        return cursor_of(self.session, self.postgres)


Check = Callable[[Work, Sequence[SheetRow]], Iterable[Fault]]
Write = Callable[[Work, SheetRow], Outcome]


def no_check(_work: Work, _rows: Sequence[SheetRow]) -> Iterable[Fault]:
    """Find nothing wrong: the columns say it all."""
    return ()


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of sheet.

    `write` enters one row within the transaction of its batch and says what came of it; an `ActionError` that it
    raises refuses this row alone, and what it had written of it is undone. `check` looks at the rows of a batch
    together, before any is written. `key` names the fields by which two rows are about the same thing. `patent`
    names the column of the application number; the importer refuses numbers that are not the institution's.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    write: Write
    check: Check = no_check
    key: tuple[str, ...] = ()
    patent: str = ""
    roles: frozenset[str] = IMPORTERS
    about_zh: str = ""
    about_en: str = ""

    def column(self, field: str) -> Column:
        """Return a column by its field."""
        return next(column for column in self.columns if column.field == field)

    @property
    def required(self) -> tuple[str, ...]:
        """Fields without which nothing can be imported."""
        return tuple(column.field for column in self.columns if column.required)
