"""Imports any sheet of a known kind: look at it, check every row, store the good ones, hand the bad ones back.

All rows are read before the first is stored; each batch is stored whole, each row of it alone. Importing a sheet
again changes nothing. What is refused is named by sheet, row and field, with what to do, and kept as a workbook.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import orjson
from sqlmodel import Session

from cases.db import Database
from cases.scope import Person
from exchange.list_files import open_list
from exchange.rejects import write_rejects
from exchange.sheet_cells import CellError
from exchange.sheet_checks import checked, written
from exchange.sheet_kind import Column, Fault, Outcome, SheetKind, SheetRow, Work
from exchange.sheet_parts import (
    MOST_NAMED,
    Part,
    missing_fields,
    notes_of,
    parts_of,
    place_of,
    remarks_note,
    require,
)
from exchange.sheet_rows import WHOLE_ROW, RowReader, as_key
from exchange.staging import Staging
from exchange.tables import Line, Problem

__all__ = [
    "CellError", "Column", "Fault", "Outcome", "SheetKind", "SheetPreview", "SheetReport", "SheetRow", "Work", "preview_sheet",
    "run_sheet",
]  # fmt: skip
BATCH = 500
SAMPLES = 10
MOST_ERRORS = 1_000
SHEET_KEY = 10**8
HIDDEN_ZH = "这一行是隐藏行，按“不导入隐藏行”的选择没有导入。需要导入的，请取消隐藏或改选。"

OnPercent = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class LookedRow:
    """One row as it would be imported: its cells, and what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Whether it would be imported."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a person looks at before importing."""

    format: str
    encoding: str
    sheet: str
    other_sheets: tuple[str, ...]
    header_row: int
    headers: tuple[str, ...]
    mapping: Mapping[str, str]
    unmapped: tuple[str, ...]
    missing: tuple[str, ...]
    rows: tuple[LookedRow, ...]
    estimated_rows: int
    notes: tuple[str, ...]
    hidden_rows: int


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What came of a sheet. Every row is added, changed, same, repeated or rejected."""

    rows: int
    added: int
    changed: int
    same: int
    repeated: int
    rejected: int
    errors: tuple[Problem, ...]
    mapping: Mapping[str, str]
    notes: tuple[str, ...] = ()
    skipped_sheets: tuple[str, ...] = ()
    rejects_file: Path | None = None

    @property
    def accepted(self) -> int:
        """Good rows, repeated ones counted once."""
        return self.added + self.changed + self.same

    @property
    def unchanged(self) -> int:
        """Those of them that the record already had."""
        return self.same

    def as_json(self) -> dict[str, object]:
        """Return the form that the command line and the API print."""
        return {
            "rows": self.rows, "added": self.added, "changed": self.changed, "same": self.same,
            "repeated": self.repeated, "rejected": self.rejected,
            "errors": [error.as_json() for error in self.errors], "mapping": dict(self.mapping),
            "notes": list(self.notes), "skipped_sheets": list(self.skipped_sheets),
        }  # fmt: skip


@dataclass(slots=True)
class _Counts:
    """What has been counted so far."""

    rows: int = 0
    repeated: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: {"added": 0, "changed": 0, "same": 0})
    remarks: list[str] = field(default_factory=list)


def preview_sheet(
    db: Database,
    person: Person,
    kind: SheetKind,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    now: datetime,
) -> SheetPreview:
    """Look at a sheet without storing anything.

    Raises: FileRefused if it cannot be read, is no sheet of the kind, or the mapping names unknown columns.
    """
    file = open_list(path)
    parts, skipped = parts_of(kind, file, path, mapping)
    first = parts[0]
    layout = first.reader.layout
    body = (line for line in first.lines() if not first.reader.is_remark(line))
    with db.read() as session:
        rows = _looked(Work(session, db.postgres, person, now), first.reader, list(islice(body, SAMPLES)))
    estimate = sum(max(1, part.sheet.height() - part.reader.layout.header_row) for part in parts)
    return SheetPreview(
        file.format, file.encoding, first.sheet.name, tuple(part.sheet.name for part in parts[1:]) + skipped,
        layout.header_row, layout.headers, layout.mapping, layout.unmapped, missing_fields(kind, layout), rows, estimate,
        notes_of(parts), sum(len(part.reader.marks.hidden_rows) for part in parts),
    )  # fmt: skip


def _looked(work: Work, reader: RowReader, lines: Sequence[Line]) -> tuple[LookedRow, ...]:
    read = [reader.read(line) for line in lines]
    rows = {at: found for at, found in enumerate(read) if isinstance(found, SheetRow)}
    _, refused = checked(work, reader.kind, rows)
    bad = {at: found for at, found in enumerate(read) if not isinstance(found, SheetRow)} | refused
    return tuple(LookedRow(line.number, line.cells, bad.get(at, ())) for at, line in enumerate(lines))


def run_sheet(
    db: Database,
    person: Person,
    kind: SheetKind,
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    skip_hidden: bool = False,
    dry_run: bool = False,
    source: str = "",
    rejects_path: Path | None = None,
    now: datetime,
    on_percent: OnPercent | None = None,
) -> SheetReport:
    """Import a sheet and say what became of each row.

    `mapping` gives the header of each field, None to use the guess. With `rejects_path`, the rows that were
    refused are written there as a workbook. `dry_run` does the same and undoes every batch.

    Raises: FileRefused as `preview_sheet` does, also when a required column is missing.
    Effects: what the kind writes, in one transaction for each batch; the caller notes the run and the trail entry.
    """
    parts, skipped = parts_of(kind, open_list(path), path, mapping)
    require(kind, parts[0].reader.layout)
    report = on_percent or (lambda percent: None)
    counts = _Counts()
    with Staging() as staging:
        for part in parts:
            _stage(part, staging, counts, skip_hidden)
        report(50)
        _settle_repeated(kind, {part.index: part for part in parts}, staging, counts)
        _store(db, person, parts, staging, counts, now, source, report, dry_run)
        rejected = staging.rejected()
        errors = _errors(staging, parts)
        if rejects_path is not None and rejected:
            write_rejects(rejects_path, parts[0].reader.layout.headers, _rejects(staging, parts))
    report(100)
    notes = (*notes_of(parts), *remarks_note(counts.remarks))
    return SheetReport(
        counts.rows, counts.outcomes["added"], counts.outcomes["changed"], counts.outcomes["same"], counts.repeated,
        rejected, errors, parts[0].reader.layout.mapping, notes, skipped,
        rejects_path if rejected and rejects_path else None,
    )  # fmt: skip


def _stage(part: Part, staging: Staging, counts: _Counts, skip_hidden: bool) -> None:
    """Read every line of a sheet into the scratch database."""
    base, reader = part.index * SHEET_KEY, part.reader
    good: list[tuple[str, int, bytes]] = []
    for line in part.lines():
        if reader.is_remark(line):
            counts.remarks.append(place_of(part, line.number))
            continue
        counts.rows += 1
        found = reader.read(line)
        if skip_hidden and line.number in reader.marks.hidden_rows:
            found = (Problem(line.number, WHOLE_ROW, "", HIDDEN_ZH, reader.sheet),)
        if isinstance(found, SheetRow):
            name = orjson.dumps(as_key(reader.kind, found.values), default=str).decode()
            good.append((name, base + line.number, orjson.dumps(line.cells)))
            if len(good) >= BATCH:
                staging.add(good)
                good = []
        else:
            staging.reject(base + line.number, found, line.cells)
    staging.add(good)


def _settle_repeated(kind: SheetKind, parts: Mapping[int, Part], staging: Staging, counts: _Counts) -> None:
    """Keep one of the rows that say the same about a thing; refuse all that contradict each other."""
    for group in staging.repeated():
        rows = [(key, _row(parts, key, body), orjson.loads(body)) for _, key, body in group]
        differing = [
            name for name in (column.field for column in kind.columns)
            if len({str(row.values.get(name)) for _, row, _ in rows}) > 1
        ]  # fmt: skip
        if not differing:
            counts.repeated += len(rows) - 1
            for key, _, _ in rows[1:]:
                staging.drop(key)
            continue
        labels = "、".join(kind.column(name).label for name in differing)
        key_label = kind.column(kind.key[0]).label if kind.key else WHOLE_ROW
        for key, row, cells in rows:
            others = [
                place_of(parts[other // SHEET_KEY], other % SHEET_KEY) for other, _, _ in rows if other != key
            ]
            reason = (
                f"与{'、'.join(others[:MOST_NAMED])}重复，但{labels}不一致。请只保留正确的一行后重新导入。"
            )
            value = str(row.values.get(kind.key[0], "")) if kind.key else ""
            staging.drop(key)
            staging.reject(key, [Problem(row.number, key_label, value, reason, row.sheet)], cells)


def _row(parts: Mapping[int, Part], key: int, body: bytes) -> SheetRow:
    index, number = divmod(key, SHEET_KEY)
    found = parts[index].reader.read(Line(number, tuple(orjson.loads(body))))
    if not isinstance(found, SheetRow):
        raise TypeError(f"row {number} was readable before")
    return found


def _store(
    db: Database,
    person: Person,
    parts: Sequence[Part],
    staging: Staging,
    counts: _Counts,
    now: datetime,
    source: str,
    report: OnPercent,
    dry_run: bool,
) -> None:
    """Store the good rows batch by batch; rows that turn out bad join the refused ones."""
    by_index = {part.index: part for part in parts}
    kind, lines, done = parts[0].reader.kind, staging.good(), 0
    for batch in iter(lambda: list(islice(lines, BATCH)), []):
        bodies = dict(batch)
        rows = {key: _row(by_index, key, body) for key, body in batch}
        with _transaction(db, undo=dry_run) as session:
            work = Work(session, db.postgres, person, now, source)
            outcomes, refused = written(work, kind, rows)
        for key, problems in refused.items():
            staging.reject(key, problems, orjson.loads(bodies[key]))
        for outcome in outcomes:
            counts.outcomes[outcome] += 1
        done += len(batch)
        report(50 + 50 * done // max(1, counts.rows))


class _Undo(Exception):
    """Ends a batch of a dry run."""


@contextmanager
def _transaction(db: Database, *, undo: bool) -> Iterator[Session]:
    try:
        with db.write() as session:
            yield session
            if undo:
                raise _Undo
    except _Undo:
        return


def _errors(staging: Staging, parts: Sequence[Part]) -> tuple[Problem, ...]:
    names = {part.index: part.sheet.name for part in parts}
    return tuple(
        Problem(key % SHEET_KEY, label, value, reason, names[key // SHEET_KEY])
        for key, label, value, reason in staging.problems(MOST_ERRORS)
    )


def _rejects(staging: Staging, parts: Sequence[Part]) -> Iterator[tuple[str, list[str], str, str]]:
    several = (
        {part.index: place_of(part, 0).removesuffix("第0行") for part in parts} if len(parts) > 1 else {}
    )
    for key, cells, fields, reasons in staging.rejects():
        where = several.get(key // SHEET_KEY, "")
        yield f"{where}{key % SHEET_KEY}", cells, fields, reasons
