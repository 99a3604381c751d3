"""Imports a patent list: look at it, check every line, store the good ones, hand the bad ones back.

Nothing is stored before the whole list has been read, and each batch is stored whole; so a list that breaks off
or a machine that stops leaves nothing half-written, and the import can simply be repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from cases.db import Database
from cases.patent_sql import CheckedPatent
from cases.patents import ImportResult, import_patents
from cases.settings import SHANGHAI
from exchange.headers import Layout, named
from exchange.list_files import open_list
from exchange.patent_columns import LOOKED_THROUGH, guess
from exchange.patent_fields import FIELDS, REQUIRED
from exchange.patent_merge import merge
from exchange.patent_names import uses_semicolons
from exchange.patent_rows import RowChecker
from exchange.patent_staging import add_patents, patent_groups
from exchange.rejects import write_rejects
from exchange.staging import Staging
from exchange.tables import FileRefused, Line, Problem, Sheet, TableFile

BATCH = 1_000
SAMPLES = 10
MOST_ERRORS = 1_000
SHEET_KEY = 10**8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `phase` is check or store; `total` is an estimate while checking."""

    phase: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Progress of the whole import, 0 to 100: checking is the first half."""
        half = min(50, 50 * self.done // max(1, self.total))
        return half if self.phase == "check" else 50 + half


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line as it would be imported: its cells, the patent if it is good, else its problems."""

    number: int
    cells: tuple[str, ...]
    patent: CheckedPatent | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an officer looks at before importing. `header_row` 0 means that the list has no header."""

    format: str
    encoding: str
    delimiter: str
    sheet: str
    other_sheets: tuple[str, ...]
    header_row: int
    headers: tuple[str, ...]
    mapping: Mapping[str, str]
    unmapped: tuple[str, ...]
    missing: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    estimated_rows: int
    notes: tuple[str, ...] = ()
    hidden_rows: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import. `rejected` counts lines; `errors` holds the first thousand problems."""

    rows: int
    result: ImportResult
    rejected: int
    errors: tuple[Problem, ...]
    mapping: Mapping[str, str]
    skipped_sheets: tuple[str, ...] = ()
    rejects_file: Path | None = None

    @property
    def accepted(self) -> int:
        """Distinct good patents."""
        return self.result.accepted

    @property
    def unchanged(self) -> int:
        """Those of them that the record already had."""
        return self.result.unchanged

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know beside: nothing so far."""
        return ()

    @property
    def repeated(self) -> int:
        """Good lines about a patent that another line had named already."""
        return self.rows - self.rejected - self.accepted

    def as_json(self) -> dict[str, object]:
        """Return the form that the command line and the API print."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "errors": [error.as_json() for error in self.errors],
            "mapping": dict(self.mapping),
        }


@dataclass(frozen=True, slots=True)
class _Part:
    """A sheet that belongs to the list, with its layout and checker; `index` orders the sheets."""

    index: int
    sheet: Sheet
    layout: Layout
    checker: RowChecker

    def lines(self) -> Iterator[Line]:
        """Yield the lines below the header that have something in them."""
        return (
            line for line in self.sheet.lines() if line.number > self.layout.header_row and not line.is_blank
        )


def preview(path: Path, mapping: Mapping[str, str] | None = None, *, today: date) -> Preview:
    """Look at a list without storing anything.

    Raises: FileRefused if the file cannot be read, holds no patent list, or the mapping names unknown columns.
    """
    file = open_list(path)
    parts, skipped = _parts(file, mapping, today)
    first = parts[0]
    rows = tuple(_looked_at(first.checker, line) for line in islice(first.lines(), SAMPLES))
    chosen = first.layout.mapping
    return Preview(
        file.format, file.encoding, file.delimiter, first.sheet.name,
        tuple(part.sheet.name for part in parts[1:]) + skipped, first.layout.header_row, first.layout.headers, chosen,
        first.layout.unmapped, tuple(name for name in REQUIRED if name not in chosen), rows,
        _estimate(parts),
    )  # fmt: skip


def _looked_at(checker: RowChecker, line: Line) -> PreviewRow:
    checked = checker.check(line)
    if isinstance(checked, CheckedPatent):
        return PreviewRow(line.number, line.cells, checked, ())
    return PreviewRow(line.number, line.cells, None, checked)


def run_import(
    db: Database,
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    org_id: int,
    import_id: int | None = None,
    rejects_path: Path | None = None,
    dry_run: bool = False,
    now: datetime,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Import a list and say what became of each line.

    `mapping` gives the header of each field, None to use the guess. With `rejects_path`, the lines that were
    refused are written there as a workbook. `dry_run` checks and compares, and stores nothing.

    Raises: FileRefused as `preview` does, also when 申请号 or 专利名称 has no column.
    Effects: writes patents; the caller notes the run and the trail entry.
    """
    today = now.astimezone(SHANGHAI).date()
    file = open_list(path)
    parts, skipped = _parts(file, mapping, today)
    chosen = parts[0].layout.mapping
    _require(chosen, parts[0].layout)
    report = on_progress or (lambda progress: None)
    with Staging() as staging:
        rows = _check(parts, staging, _estimate(parts), report)
        patents = _merged(staging, _places(parts))
        result = import_patents(
            db, org_id=org_id, rows=patents, import_id=import_id, now=now, dry_run=dry_run,
            on_progress=lambda done: report(Progress("store", done, rows)),
        )  # fmt: skip
        rejected = staging.rejected()
        errors = tuple(Problem(key % SHEET_KEY, *told) for key, *told in staging.problems(MOST_ERRORS))
        if rejects_path is not None and rejected:
            lines = ((key % SHEET_KEY, cells, fields, why) for key, cells, fields, why in staging.rejects())
            write_rejects(rejects_path, parts[0].layout.headers, lines)
    report(Progress("store", rows, rows))
    return ImportReport(
        rows, result, rejected, errors, chosen, skipped, rejects_path if rejected and rejects_path else None
    )


def _parts(
    file: TableFile, mapping: Mapping[str, str] | None, today: date
) -> tuple[tuple[_Part, ...], tuple[str, ...]]:
    """Return the sheets that belong to the list, and the names of the others."""
    looked = [(sheet, list(islice(sheet.lines(), LOOKED_THROUGH))) for sheet in file.sheets]
    found = [(sheet, head, guess(head)) for sheet, head in looked]
    known = [(sheet, head, layout) for sheet, head, layout in found if layout is not None]
    if not known:
        raise FileRefused(
            "没有找到专利清单：前 60 行中既没有认识的表头，也没有申请号。请保留“申请号”“专利名称”等表头后重新导入。",
            "No patent list was found: neither a known header nor application numbers in the first 60 lines.",
        )
    known.sort(key=lambda item: -len(item[2].mapping))
    first = known[0][2]
    chosen = dict(first.mapping) if mapping is None else _chosen(mapping, first)
    parts: list[_Part] = []
    several = len(known) > 1
    order = {sheet.name: index for index, sheet in enumerate(file.sheets)}
    for sheet, head, layout in known:
        if not set(chosen.values()) <= set(layout.headers):
            continue
        own = Layout(layout.header_row, layout.headers, chosen)
        checker = RowChecker(
            own.positions(), len(own.headers), today, not _has_semicolons(own, head),
            f"工作表“{sheet.name}”：" if several else "",
        )  # fmt: skip
        parts.append(_Part(order[sheet.name], sheet, own, checker))
    used = {part.sheet.name for part in parts}
    return tuple(parts), tuple(sheet.name for sheet in file.sheets if sheet.name not in used)


def _chosen(mapping: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """Return a person's mapping in one form: headers as the sheet has them, fields without a column left out."""
    chosen: dict[str, str] = {}
    for field, header in mapping.items():
        wanted = named((header,))[0]
        if not wanted:
            continue
        if field not in FIELDS:
            raise FileRefused(f"没有“{field}”这个字段。请重新选择列。", f"There is no field {field!r}.")
        if wanted not in layout.headers:
            columns = "、".join(filter(None, layout.headers))
            raise FileRefused(
                f"表中没有“{header}”这一列，无法作为{FIELDS[field].label}。现有的列：{columns}。",
                f"The list has no column {header!r}.",
            )
        chosen[field] = wanted
    return chosen


def _require(mapping: Mapping[str, str], layout: Layout) -> None:
    missing = "、".join(f"“{FIELDS[name].label}”" for name in REQUIRED if name not in mapping)
    if missing:
        columns = "、".join(filter(None, layout.headers))
        raise FileRefused(
            f"没有找到{missing}所在的列。请在导入页为它指定一列，或把表头改为{missing}。现有的列：{columns}。",
            f"No column was found for: {missing}.",
        )


def _has_semicolons(layout: Layout, head: list[Line]) -> bool:
    header = layout.mapping.get("owners")
    if header is None:
        return False
    column = layout.headers.index(header)
    body = [line for line in head if line.number > layout.header_row]
    return uses_semicolons([line.cells[column] for line in body if column < len(line.cells)])


def _estimate(parts: tuple[_Part, ...]) -> int:
    return sum(max(1, part.sheet.height() - part.layout.header_row) for part in parts)


def _check(parts: tuple[_Part, ...], staging: Staging, estimate: int, report: OnProgress) -> int:
    """Check all lines into the staging; return how many there were."""
    rows = 0
    for part in parts:
        base, lines = part.index * SHEET_KEY, part.lines()
        while batch := list(islice(lines, BATCH)):
            good: list[CheckedPatent] = []
            cells: list[tuple[str, ...]] = []
            for line in batch:
                keyed = line if base == 0 else Line(base + line.number, line.cells, line.fault)
                checked = part.checker.check(keyed)
                if isinstance(checked, CheckedPatent):
                    good.append(checked)
                    cells.append(line.cells)
                else:
                    staging.reject(keyed.number, checked, line.cells)
            add_patents(staging, good, cells)
            rows += len(batch)
            report(Progress("check", rows, max(rows, estimate)))
    return rows


def _places(parts: tuple[_Part, ...]) -> Callable[[int], str]:
    names = {part.index: part.sheet.name for part in parts}

    def where(key: int) -> str:
        index, line = divmod(key, SHEET_KEY)
        sheet = f"工作表“{names[index]}”" if len(parts) > 1 else ""
        return f"{sheet}第 {line} 行"

    return where


def _merged(staging: Staging, where: Callable[[int], str]) -> Iterator[CheckedPatent]:
    """Yield one patent for each application number; lines that contradict it are rejected."""
    for group in patent_groups(staging):
        if len(group) == 1:
            yield group[0][0]
            continue
        patent, problems = merge([patent for patent, _ in group], where)
        cells = {patent.line: line_cells for patent, line_cells in group}
        for key in dict.fromkeys(problem.row for problem in problems):
            staging.reject(key, [problem for problem in problems if problem.row == key], cells[key])
        yield patent
