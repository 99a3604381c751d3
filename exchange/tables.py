"""What every list file comes down to: sheets of numbered lines of text, or a refusal of the whole file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.errors import Invalid


class FileRefused(Invalid):
    """A file that cannot be read at all. The message says where, why and what to do."""

    def __init__(self, message: str, message_en: str) -> None:
        super().__init__(message, {"file": message}, message_en)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet. `number` counts from 1 as a spreadsheet shows it; `fault` (Chinese) is why the line
    could not be read, and then `cells` holds what there is of it.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether the line has nothing in it."""
        return not self.fault and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or the one table of a text file.

    `lines` starts reading at the top each time; `height` is about how many lines there are.
    """

    name: str
    lines: Callable[[], Iterator[Line]]
    height: Callable[[], int]


@dataclass(frozen=True, slots=True)
class TableFile:
    """An opened list. `encoding` and `delimiter` are blank for workbooks."""

    format: str
    sheets: tuple[Sheet, ...]
    size: int
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a line. `field` is the Chinese label, `reason` says what to do; `sheet` is blank where
    a list has only one.
    """

    row: int
    field: str
    value: str
    reason: str
    sheet: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the keys that the doors print."""
        told = {"row": self.row, "field": self.field, "value": self.value, "reason": self.reason}
        return {"sheet": self.sheet, **told} if self.sheet else told
