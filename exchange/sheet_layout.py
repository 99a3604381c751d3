"""Finds the header of a sheet under title rows, also in two rows, and which column holds which field. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exchange.headers import Layout, bare_header, header_without_brackets, named
from exchange.rejects import NOTES
from exchange.scrambled import unscrambled
from exchange.sheet_kind import SheetKind
from exchange.tables import Line

LOOKED_THROUGH = 60
_WORSE_LAST, _WORSE_BRACKETS = 50, 100
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class _Header:
    """One column's header: the whole of it, and its lowest part."""

    shown: str
    parts: tuple[str, ...]


def layout_of(kind: SheetKind, lines: Sequence[Line]) -> Layout | None:
    """Return the layout of a sheet by its first lines (merged cells filled in), or None if it is no sheet of the kind.

    Two rows are taken for the header only if together they name more fields than either alone.
    """
    best: tuple[int, int, Layout] | None = None
    for index, line in enumerate(lines):
        for depth, headers in _candidates(line, lines[index + 1] if index + 1 < len(lines) else None):
            shown = named(tuple(header.shown for header in headers))
            found = _matched(kind, headers)
            rank = (len(found), -depth)
            if found and (best is None or rank > best[:2]):
                row = lines[index + depth - 1].number
                best = (*rank, Layout(row, shown, {field: shown[at] for field, at in found.items()}))
    if best is None or best[0] < min(ENOUGH, len(kind.columns)):
        return None
    return best[2]


def scrambled_header(kind: SheetKind, lines: Sequence[Line]) -> str:
    """Return a title of the kind that stands scrambled in the first lines, or a blank."""
    titles = {bare_header(title) for column in kind.columns for title in column.titles}
    for line in lines:
        for cell in line.cells:
            meant = "" if cell.isascii() else unscrambled(cell)
            if meant and bare_header(meant) in titles:
                return meant
    return ""


def _candidates(line: Line, below: Line | None) -> Iterator[tuple[int, tuple[_Header, ...]]]:
    yield 1, tuple(_Header(_tidy(cell), (_tidy(cell),)) for cell in line.cells)
    if below is None or below.is_blank or line.is_blank:
        return
    width, headers, group = max(len(line.cells), len(below.cells)), [], ""
    for column in range(width):
        upper = _tidy(line.cells[column]) if column < len(line.cells) else ""
        lower = _tidy(below.cells[column]) if column < len(below.cells) else ""
        group = upper or (group if lower else "")
        parts = tuple(dict.fromkeys(filter(None, (group, lower))))
        headers.append(_Header(" ".join(parts), parts or ("",)))
    yield 2, tuple(headers)


def _tidy(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").split())


def _matched(kind: SheetKind, headers: Sequence[_Header]) -> dict[str, int]:
    """Return the column of each field: the best title wins, and no column serves two fields."""
    ranked = sorted(
        (rank, order, at)
        for order, column in enumerate(kind.columns)
        for at, header in enumerate(headers)
        if (rank := _rank(column.titles, header)) is not None
    )
    found: dict[str, int] = {}
    for _, order, at in ranked:
        field = kind.columns[order].field
        if field not in found and at not in found.values():
            found[field] = at
    return found


def _rank(titles: Sequence[str], header: _Header) -> int | None:
    if not header.shown or header.shown in NOTES:
        return None
    known = {bare_header(title): rank for rank, title in reversed(list(enumerate(titles)))}
    whole, last = "".join(header.parts), header.parts[-1]
    for worse, compared in (
        (0, bare_header(whole)),
        (_WORSE_LAST, bare_header(last)),
        (_WORSE_BRACKETS, header_without_brackets(last)),
    ):
        if compared in known:
            return known[compared] + worse
    return None
