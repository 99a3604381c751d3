"""Checks the rows of a batch against the record and writes the good ones, each so that it can be undone alone."""

from collections.abc import Mapping
from dataclasses import replace

from sqlmodel import col, select

from cases.errors import ActionError, Invalid
from cases.tables import Patent
from exchange.sheet_kind import Fault, Outcome, SheetKind, SheetRow, Work
from exchange.sheet_rows import SHOWN, WHOLE_ROW
from exchange.tables import Problem
from rules.patent_numbers import display_number

Refused = dict[int, tuple[Problem, ...]]


def checked(work: Work, kind: SheetKind, rows: Mapping[int, SheetRow]) -> tuple[dict[int, SheetRow], Refused]:
    """Return the rows with the institution's patents looked up, and what is wrong with those that are refused."""
    found = _with_patents(work, kind, rows) if kind.patent else dict(rows)
    keys = {(row.sheet, row.number): key for key, row in found.items()}
    faults = [*_foreign(kind, found), *kind.check(work, tuple(found.values()))]
    refused: Refused = {}
    for fault in faults:
        key = keys[fault.row.sheet, fault.row.number]
        refused[key] = (*refused.get(key, ()), _problem(kind, fault))
    return found, refused


def written(work: Work, kind: SheetKind, rows: Mapping[int, SheetRow]) -> tuple[list[Outcome], Refused]:
    """Write the good rows and return what came of them, and what is wrong with the others."""
    found, refused = checked(work, kind, rows)
    outcomes: list[Outcome] = []
    for key, row in found.items():
        if key in refused:
            continue
        try:
            with work.session.begin_nested():
                outcomes.append(kind.write(work, row))
        except ActionError as error:
            refused[key] = _told(kind, row, error)
    return outcomes, refused


def _with_patents(work: Work, kind: SheetKind, rows: Mapping[int, SheetRow]) -> dict[int, SheetRow]:
    numbers = {row.values[kind.patent] for row in rows.values() if kind.patent in row.values}
    query = select(Patent.application_no, Patent.id).where(
        Patent.org_id == work.org_id, col(Patent.application_no).in_(numbers)
    )
    ids = {number: int(id_ or 0) for number, id_ in work.session.exec(query)}
    return {
        key: replace(row, patent_id=ids.get(row.values.get(kind.patent, ""))) for key, row in rows.items()
    }


def _foreign(kind: SheetKind, rows: Mapping[int, SheetRow]) -> list[Fault]:
    """Refuse by name the numbers that are not among the institution's patents."""
    return [
        Fault(
            row, kind.patent,
            f"{display_number(row.values[kind.patent])}不在本单位的专利库中。属于本单位的，请先导入专利清单；"
            "不属于本单位的，请从表中删去。",
        )
        for row in rows.values()
        if kind.patent in row.values and row.patent_id is None
    ]  # fmt: skip


def _problem(kind: SheetKind, fault: Fault) -> Problem:
    label = kind.column(fault.field).label if fault.field else WHOLE_ROW
    value = str(fault.row.values.get(fault.field, ""))[:SHOWN]
    return Problem(fault.row.number, label, value, fault.reason, fault.row.sheet)


def _told(kind: SheetKind, row: SheetRow, error: ActionError) -> tuple[Problem, ...]:
    """Return the problems that an action's refusal names, field by field where it does."""
    fields = error.fields if isinstance(error, Invalid) else {}
    known = {column.field for column in kind.columns}
    named = {field: reason for field, reason in fields.items() if field in known}
    if not named:
        return (_problem(kind, Fault(row, "", "；".join([error.message, *fields.values()]))),)
    return tuple(_problem(kind, Fault(row, field, reason)) for field, reason in named.items())
