"""The headers of a list: how they are compared, told apart, and which of them holds which field. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.text import fold

_MARKS = re.compile(r"[\s_\-./\\:*#()（）:：、,，;；\[\]【】<>《》“”\"'’]+")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in a sheet.

    `header_row` counts from 1; 0 means that the sheet has no header and the columns were given names.
    `mapping` gives the header of each field that was found, `unmapped` the headers that no field uses.
    """

    header_row: int
    headers: tuple[str, ...]
    mapping: Mapping[str, str]

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Headers that no field uses, in order."""
        used = set(self.mapping.values())
        return tuple(header for header in self.headers if header and header not in used)

    def positions(self) -> dict[str, int]:
        """Return the column index of each field."""
        return {field: self.headers.index(header) for field, header in self.mapping.items()}


def bare_header(header: str) -> str:
    """Return a header as it is compared: upper case, no blanks, no marks."""
    return _MARKS.sub("", fold(header))


def header_without_brackets(header: str) -> str:
    """Return the same without what stands in brackets, for instance 申请日（年/月/日）."""
    return bare_header(_BRACKETED.sub("", header))


def named(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the headers without surplus blanks, told apart by a number where two are the same."""
    seen: dict[str, int] = {}
    headers = []
    for cell in cells:
        header = " ".join(cell.replace("\ufeff", "").split())
        seen[header] = seen.get(header, 0) + 1
        headers.append(f"{header}({seen[header]})" if header and seen[header] > 1 else header)
    return tuple(headers)
