"""Which sheets of a file belong to a kind, with their headers and marks; and what to say of a file that has none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from exchange.headers import Layout, named
from exchange.sheet_kind import SheetKind
from exchange.sheet_layout import LOOKED_THROUGH, layout_of, scrambled_header
from exchange.sheet_marks import NO_MARKS, marks_of, unmerged
from exchange.sheet_rows import RowReader
from exchange.tables import FileRefused, Line, Sheet, TableFile

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet that belongs to the list; `index` orders the sheets."""

    index: int
    sheet: Sheet
    reader: RowReader

    def lines(self) -> Iterator[Line]:
        """Yield the lines below the header, merged cells filled downwards."""
        return self.reader.body(unmerged(self.sheet.lines(), self.reader.marks))


def parts_of(
    kind: SheetKind, file: TableFile, path: Path, mapping: Mapping[str, str] | None
) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Return the sheets that belong to the list, the best first, and the names of the others.

    Raises: FileRefused if none does, or the mapping names unknown fields or columns.
    """
    found: list[Part] = []
    heads: list[list[Line]] = []
    for index, sheet in enumerate(file.sheets):
        marks = marks_of(path, sheet.name) if file.format == "xlsx" else NO_MARKS
        head = list(islice(unmerged(sheet.lines(), marks, across=True), LOOKED_THROUGH))
        heads.append(head)
        layout = layout_of(kind, head)
        if layout is not None:
            found.append(Part(index, sheet, RowReader(kind, layout, marks, sheet.name)))
    if not found:
        raise _no_sheet(kind, heads)
    found.sort(key=lambda part: -len(part.reader.layout.mapping))
    if mapping is not None:
        found = _chosen(kind, found, mapping)
    complete = [part for part in found if not missing_fields(kind, part.reader.layout)] or found[:1]
    used = {part.index for part in complete}
    skipped = tuple(sheet.name for index, sheet in enumerate(file.sheets) if index not in used)
    return tuple(complete), skipped


def _no_sheet(kind: SheetKind, heads: Sequence[Sequence[Line]]) -> FileRefused:
    for head in heads:
        if meant := scrambled_header(kind, head):
            return FileRefused(
                f"文件里的中文是乱码（例如表头“{meant}”），是用错误的编码保存的。请从原系统重新导出为xlsx，"
                "或用正确的编码另存为csv（UTF-8）后再导入。",
                "The Chinese text in the file is scrambled: it was saved in a wrong encoding. Export it again as xlsx.",
            )
    if not any(not line.is_blank for head in heads for line in head):
        return FileRefused("表中没有内容。请填写后再导入。", "The sheet is empty.")
    titles = "、".join(f"“{column.label}”" for column in kind.columns if column.required) or "表头"
    return FileRefused(
        f"没有找到{kind.zh}：前{LOOKED_THROUGH}行中没有认识的表头。请保留{titles}等列名，或下载模板填写。",
        f"No sheet of {kind.en} was found: no known header in the first {LOOKED_THROUGH} rows. Use the template.",
    )


def _chosen(kind: SheetKind, parts: Sequence[Part], mapping: Mapping[str, str]) -> list[Part]:
    """Return the sheets that have the columns a person chose, read by that choice."""
    first = parts[0].reader.layout
    known = {column.field: column.label for column in kind.columns}
    chosen = {name: named((header,))[0] for name, header in mapping.items() if header.strip()}
    for name, header in chosen.items():
        if name not in known:
            raise FileRefused(f"没有“{name}”这个字段。请重新选择列。", f"There is no field {name!r}.")
        if header not in first.headers:
            columns = "、".join(filter(None, first.headers))
            raise FileRefused(
                f"表中没有“{header}”这一列，无法作为{known[name]}。现有的列：{columns}。",
                f"The sheet has no column {header!r}.",
            )
    return [
        Part(part.index, part.sheet, RowReader(
            kind, Layout(part.reader.layout.header_row, part.reader.layout.headers, chosen), part.reader.marks,
            part.reader.sheet,
        ))
        for part in parts
        if set(chosen.values()) <= set(part.reader.layout.headers)
    ]  # fmt: skip


def missing_fields(kind: SheetKind, layout: Layout) -> tuple[str, ...]:
    """Return the required fields without a column."""
    return tuple(name for name in kind.required if name not in layout.mapping)


def require(kind: SheetKind, layout: Layout) -> None:
    """Refuse a layout without the required columns.

    Raises: FileRefused.
    """
    missing = "、".join(f"“{kind.column(name).label}”" for name in missing_fields(kind, layout))
    if missing:
        columns = "、".join(filter(None, layout.headers))
        raise FileRefused(
            f"没有找到{missing}所在的列。请在导入页为它指定一列，或把表头改为{missing}。现有的列：{columns}。",
            f"No column was found for: {missing}.",
        )


def notes_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return in Chinese what a person should know of the sheets: hidden rows and columns, merged cells."""
    notes: list[str] = []
    for part in parts:
        where = f"工作表“{part.sheet.name}”" if part.sheet.name else ""
        marks = part.reader.marks
        if marks.hidden_rows:
            notes.append(f"{where}有{len(marks.hidden_rows)}行隐藏行（{_some(sorted(marks.hidden_rows))}）")
        hidden = [
            header
            for at, header in enumerate(part.reader.layout.headers)
            if at in marks.hidden_columns and header
        ]
        if hidden:
            notes.append(f"{where}有隐藏列：{'、'.join(hidden[:MOST_NAMED])}")
        if marks.merged:
            notes.append(f"{where}有{len(marks.merged)}处合并单元格，纵向合并的内容已逐行补齐")
    return tuple(notes)


def remarks_note(places: Sequence[str]) -> tuple[str, ...]:
    """Return which lines were passed over because they are no rows."""
    if not places:
        return ()
    more = f"等{len(places)}行" if len(places) > MOST_NAMED else ""
    return (f"{'、'.join(places[:MOST_NAMED])}{more}是合计、标题或说明，没有作为数据导入",)


def _some(rows: Sequence[int]) -> str:
    return "、".join(f"第{row}行" for row in rows[:MOST_NAMED]) + ("等" if len(rows) > MOST_NAMED else "")


def place_of(part: Part, row: int) -> str:
    """Return where a row stands, in Chinese."""
    return f"工作表“{part.sheet.name}”第{row}行" if part.sheet.name else f"第{row}行"
