"""Registers: lists that people keep by hand, each a table with columns that are checked, saved and told the same way.

In: what was typed, by column. Out: the row as it is stored, or every reason why not at once. Each save is one
transaction with one entry of the organization's trail.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlmodel import Session, SQLModel, col, func, select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.register_cells import PARSERS, Cell, Choices, Unreadable, cells_of
from cases.scope import Person
from cases.trail import append_org, hold_org
from rules.text import normalize

EDITORS = frozenset({"officer", "administrator"})
LONGEST, LONGEST_TEXT = 300, 5000
PAGE = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` is a key of `register_cells.PARSERS`, `options` the choices by their stored word.

    `party` is the column that takes the id of a company whose name stands in this one.
    """

    name: str
    zh: str
    en: str
    kind: str = "text"
    required: bool = False
    options: Choices = field(default_factory=dict)
    is_listed: bool = True
    is_filter: bool = False
    help_zh: str = ""
    help_en: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """A list kept by hand. `verb` is what its entries of the trail are called, `unique` what tells rows apart."""

    name: str
    zh: str
    en: str
    table: type[SQLModel]
    columns: tuple[Column, ...]
    verb: str
    order: tuple[str, ...] = ("id",)
    unique: tuple[str, ...] = ()
    editors: frozenset[str] = EDITORS
    note_zh: str = ""
    note_en: str = ""
    check: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda _: {}

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(one for one in self.columns if one.name == name)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what people read by column (`cells`), what a form shows again (`typed`), and what is stored (`values`)."""

    id: int
    cells: Mapping[str, Cell]
    typed: Mapping[str, str]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A part of a register, and how many rows there are."""

    rows: tuple[Row, ...]
    total: int
    page: int
    size: int


def save_row(
    db: Database, person: Person, register: Register, typed: Mapping[str, str], *, row_id: int | None = None,
    is_repeatable: bool = False, now: datetime | None = None,
) -> int:  # fmt: skip
    """Add a row, or change one, and return its id. What is not typed stays as it is.

    With `is_repeatable` a row that is there already is changed instead of refused: a sheet can be imported again.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict if there is such a row.
    """
    check_editor(person, register)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        kept = write_row(
            session, person, register, typed, row_id=row_id, is_repeatable=is_repeatable, now=moment
        )
        if kept.changed:
            append_org(
                cursor_of(session, db.postgres),
                person.org_id,
                person.author,
                register.verb,
                kept.entry,
                moment,
            )
        return note_made(kept.id)


def check_editor(person: Person, register: Register) -> None:
    """Refuse whoever may not keep this register.

    Raises: Forbidden.
    """
    if person.role not in register.editors:
        raise Forbidden(f"您的角色不能登记{register.zh}", f"your role may not keep: {register.en}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What a save came to: the row, whether anything changed, and what the trail says of it."""

    id: int
    changed: bool
    entry: Mapping[str, Any]
    is_new: bool = False


def write_row(
    session: Session, person: Person, register: Register, typed: Mapping[str, str], *, row_id: int | None,
    is_repeatable: bool, now: datetime,
) -> Kept:  # fmt: skip
    """Write one row inside the transaction of the caller, who holds the organization and keeps the trail.

    Raises: NotFound, Invalid, Conflict.
    """
    found: Any = _stored(session, person.org_id, register, row_id) if row_id is not None else None
    held = {} if found is None else typed_of(session, register, found)
    values = checked(session, person.org_id, register, {**held, **typed})
    twin = _twin(session, person.org_id, register, values, row_id)
    if twin is not None and found is None and is_repeatable:
        found = twin
    elif twin is not None:
        raise Conflict(
            f"{register.zh}中已有这一条，请直接修改原有记录", f"{register.en}: there is such a row"
        )
    before = {} if found is None else {name: getattr(found, name) for name in values}
    if found is not None and before == values:
        return Kept(int(found.id), False, {})
    row: Any = found or register.table(org_id=person.org_id, created_at=now, **values)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = now
    session.add(row)
    session.flush()
    told = {name: _plain(value) for name, value in values.items() if value not in (None, "")}
    return Kept(int(row.id), True, {**told, "row_id": row.id, "register": register.name}, found is None)


def checked(session: Session, org_id: int, register: Register, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what is stored for what was typed.

    Raises: Invalid with one reason per wrong field.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column in register.columns:
        text = str(typed.get(column.name) or "")
        text = text.replace("\x00", "").strip() if column.kind == "long" else normalize(text)
        try:
            values |= _value(session, org_id, column, text)
        except Unreadable as unreadable:
            wrong[column.name] = unreadable.reason
    if not wrong:
        wrong |= register.check(values)
    if wrong:
        raise Invalid(f"{register.zh}填写有误，请改正后重新提交", wrong, f"{register.en}: not valid")
    return values


def _value(session: Session, org_id: int, column: Column, text: str) -> dict[str, Any]:
    if not text:
        if column.required:
            raise Unreadable(f"请填写{column.zh}")
        return {column.name: EMPTY.get(column.kind, None), **({column.party: None} if column.party else {})}
    if len(text) > (LONGEST_TEXT if column.kind == "long" else LONGEST):
        raise Unreadable(f"{column.zh}过长，请缩短")
    value = PARSERS[column.kind](session, org_id, column.options, text)
    return {column.name: text, column.party: value} if column.party else {column.name: value}


# What an empty field is stored as; everything else as nothing.
EMPTY: Mapping[str, Any] = {"text": "", "long": "", "choice": "", "choices": "[]"}


def typed_of(session: Session, register: Register, row: Any) -> dict[str, str]:
    """Return a stored row as a form shows it."""
    told = cells_of(session, register.columns, [row])
    return {name: cell.typed for name, cell in told[0].items()}


def get_row(session: Session, org_id: int, register: Register, row_id: int) -> Row:
    """Return one row of the organization.

    Raises: NotFound.
    """
    return _rows(session, register, [_stored(session, org_id, register, row_id)])[0]


def list_rows(
    session: Session, org_id: int, register: Register, filters: Mapping[str, Any] | None = None, *, page: int = 1,
    size: int = PAGE, starting: tuple[str, date, date] | None = None,
) -> RowPage:  # fmt: skip
    """Return a page of a register, narrowed to rows whose columns hold exactly these values.

    `starting` narrows a column of days to those from the first to the last.
    """
    conditions = [col(_attribute(register, "org_id")) == org_id]
    conditions += [
        col(_attribute(register, name)) == value
        for name, value in (filters or {}).items()
        if value not in ("", None)
    ]
    if starting is not None:
        name, first, last = starting
        conditions.append(col(_attribute(register, name)).between(first, last))
    total = session.exec(select(func.count()).select_from(register.table).where(*conditions)).one()
    query = (
        select(register.table)
        .where(*conditions)
        .order_by(*_ordered(register))
        .limit(size)
        .offset((page - 1) * size)
    )
    return RowPage(tuple(_rows(session, register, list(session.exec(query)))), total, page, size)


def counts(session: Session, org_id: int, register: Register, name: str) -> dict[str, int]:
    """Return how many rows hold each value of a column."""
    column = _attribute(register, name)
    query = select(column, func.count()).where(_attribute(register, "org_id") == org_id).group_by(column)
    return {str(value or ""): count for value, count in session.exec(query)}


def _ordered(register: Register) -> Iterable[Any]:
    for name in (*register.order, "id"):
        column = col(_attribute(register, name.removeprefix("-")))
        yield column.desc() if name.startswith("-") else column


def _rows(session: Session, register: Register, found: Sequence[Any]) -> list[Row]:
    told = cells_of(session, register.columns, found)
    return [
        Row(int(row.id), cells, {name: cell.typed for name, cell in cells.items()}, row.model_dump())
        for row, cells in zip(found, told, strict=True)
    ]


def _attribute(register: Register, name: str) -> Any:
    return getattr(register.table, name)


def _stored(session: Session, org_id: int, register: Register, row_id: int) -> Any:
    row: Any = session.get(register.table, row_id)
    if row is None or row.org_id != org_id:
        raise NotFound(f"没有找到该{register.zh}记录", f"{register.en}: no such row")
    return row


def _twin(
    session: Session, org_id: int, register: Register, values: Mapping[str, Any], row_id: int | None
) -> Any:
    if not register.unique:
        return None
    query = select(register.table).where(_attribute(register, "org_id") == org_id)
    for name in register.unique:
        query = query.where(_attribute(register, name) == values[name])
    found: Any = session.exec(query).first()
    return None if found is None or found.id == row_id else found


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return orjson.loads(value) if isinstance(value, str) and value.startswith("[") else value
