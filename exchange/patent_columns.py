"""Guesses which column of a list holds which field, from its header and, failing that, from its content.

In: the first lines of a sheet. Out: where the header stands and which header belongs to which field. Pure.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from exchange.headers import Layout, bare_header, header_without_brackets, named
from exchange.patent_fields import FIELDS, IGNORED, KNOWN
from exchange.patent_words import KINDS, STATUSES
from exchange.tables import Line
from rules.dates import DateError, parse_date
from rules.identifiers import IdentifierError, parse_application_number, parse_publication_number
from rules.text import fold

LOOKED_THROUGH = 60
ENOUGH = 0.5
MOSTLY = 0.8

_IPC = re.compile(r"^[A-H]\d{2}[A-Z]\d|^\d{2}-\d{2}(?:\(|$|;)")
_ORGANIZATION = re.compile(r"大学|学院|公司|医院|研究院|研究所|研究中心|集团|UNIV|LTD|INC")
_ADDRESS = re.compile(r"[省市区县州].*[路街道号镇村]")
_PERSON = re.compile(
    r"^(?:[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fffA-Za-z]+(?:·[\u3400-\u9fffA-Za-z]+)+)$"
)


def guess(lines: Sequence[Line]) -> Layout | None:
    """Return the layout of a sheet by its first lines, or None if nothing in it looks like a patent list."""
    known = [(len(_by_header(named(line.cells))), -index) for index, line in enumerate(lines)]
    best, index = max(known, default=(0, 0))
    if best >= 2:
        header = lines[-index]
        headers, body = named(header.cells), lines[-index + 1 :]
        mapping = _promoted(_by_header(headers) | _by_content(headers, body, _by_header(headers)))
        return Layout(header.number, headers, mapping)
    return _without_known_header(lines)


def _without_known_header(lines: Sequence[Line]) -> Layout | None:
    """Look for a column of application numbers; the line above the first number, if any, is the header."""
    for index, line in enumerate(lines):
        columns = [column for column, cell in enumerate(line.cells) if _is_number(cell)]
        if not columns:
            continue
        above = lines[index - 1] if index else None
        has_header = above is not None and sum(bool(cell.strip()) for cell in above.cells) >= 2
        cells = above.cells if above is not None and has_header else tuple("" for _ in line.cells)
        headers = named(tuple(cell or f"第{column}列" for column, cell in enumerate(cells, 1)))
        mapping = _by_header(headers)
        mapping |= _by_content(headers, lines[index:], mapping)
        row = above.number if above is not None and has_header else 0
        return Layout(row, headers, _promoted(mapping))
    return None


def _by_header(headers: Sequence[str]) -> dict[str, str]:
    best: dict[str, tuple[int, str]] = {}
    for header in headers:
        found = KNOWN.get(bare_header(header))
        worse = 0
        if found is None:
            found, worse = KNOWN.get(header_without_brackets(header)), 100
        if found is None:
            continue
        field, rank = found
        if field not in best or (rank + worse) < best[field][0]:
            best[field] = (rank + worse, header)
    return {field: best[field][1] for field in FIELDS if field in best}


def _promoted(mapping: dict[str, str]) -> dict[str, str]:
    """Let a spare field take the place of a main field that was not found."""
    for field in FIELDS.values():
        if field.spare_for and field.spare_for not in mapping and field.name in mapping:
            mapping[field.spare_for] = mapping.pop(field.name)
    return {name: mapping[name] for name in FIELDS if name in mapping}


def _by_content(headers: Sequence[str], body: Sequence[Line], known: Mapping[str, str]) -> dict[str, str]:
    """Return fields for columns whose header says nothing, by what stands in them."""
    mapped = _promoted(dict(known))
    used = set(mapped.values())
    found: dict[str, str] = {}
    columns = {
        header: [line.cells[index] for line in body if index < len(line.cells) and line.cells[index].strip()]
        for index, header in enumerate(headers)
        if header and header not in used and bare_header(header) not in IGNORED
    }
    for field, looks_right in _TESTS.items():
        if field in mapped:
            continue
        shares = {
            header: _share(cells, looks_right) for header, cells in columns.items() if header not in used
        }
        if field == "inventors":
            shares = {header: share for header, share in shares.items() if _has_lists(columns[header])}
        header = max(shares, key=lambda name: shares[name], default="")
        if header and shares[header] >= (MOSTLY if field in _STRICT else ENOUGH):
            found[field] = header
            used.add(header)
    return found | _dates_and_title(columns, used, mapped)


def _dates_and_title(
    columns: Mapping[str, Sequence[str]], used: set[str], mapped: Mapping[str, str]
) -> dict[str, str]:
    """The earlier of two date columns is the filing date; the longest text is the title."""
    found: dict[str, str] = {}
    dates = [
        name for name, cells in columns.items() if name not in used and _share(cells, _is_date) >= MOSTLY
    ]
    if "filing_date" not in mapped and dates:
        dates.sort(key=lambda name: _first_dates(columns[name]))
        found["filing_date"] = dates[0]
        if len(dates) > 1 and not {"grant_date", "publication_date"} & mapped.keys():
            found["publication_date"] = dates[1]
    if "title" not in mapped:
        texts = {
            name: sum(map(len, cells)) / len(cells)
            for name, cells in columns.items()
            if name not in used and name not in dates and cells and _share(cells, _is_title) >= ENOUGH
        }
        if texts:
            found["title"] = max(texts, key=lambda name: texts[name])
    return found


def _share(cells: Sequence[str], looks_right: Callable[[str], bool]) -> float:
    return sum(map(looks_right, cells)) / len(cells) if cells else 0.0


def _first_dates(cells: Sequence[str]) -> list[str]:
    return sorted(parse_date(cell).isoformat() for cell in cells if _is_date(cell))


def _is_number(cell: str) -> bool:
    try:
        parse_application_number(cell)
    except IdentifierError as error:
        return error.code in ("spreadsheet_number", "check_digit")
    return True


def _is_publication(cell: str) -> bool:
    try:
        parse_publication_number(cell)
    except IdentifierError:
        return False
    return True


def _is_date(cell: str) -> bool:
    try:
        parse_date(cell)
    except DateError:
        return False
    return True


def _is_title(cell: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in cell) and len(cell) >= 4


def _are_persons(cell: str) -> bool:
    parts = [part for part in re.split(r"[;；、,，\s]+", cell.strip()) if part]
    return bool(parts) and all(_PERSON.match(part) for part in parts)


def _has_lists(cells: Sequence[str]) -> bool:
    """Whether every fifth cell names more than one person: places and surnames look like names too."""
    return sum(bool(re.search(r"[;；、,，]", cell.strip(";； "))) for cell in cells) * 5 >= len(cells)


_TESTS: dict[str, Callable[[str], bool]] = {
    "application_no": _is_number,
    "publication_no": _is_publication,
    "ipc": lambda cell: bool(_IPC.match(fold(cell))),
    "kind": lambda cell: fold(cell) in KINDS,
    "status": lambda cell: fold(cell) in STATUSES,
    "address": lambda cell: bool(_ADDRESS.search(cell)),
    "owners": lambda cell: bool(_ORGANIZATION.search(cell.upper())) and not _ADDRESS.search(cell),
    "inventors": _are_persons,
}
_STRICT = frozenset({"kind", "status", "owners", "inventors"})
