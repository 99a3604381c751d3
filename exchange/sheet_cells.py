"""How a cell of a sheet is read: text in, a value out, or a reason in Chinese that says what to do. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.dates import DateError, parse_date
from rules.identifiers import IdentifierError, parse_application_number, parse_uscc
from rules.money import parse_yuan
from rules.text import fold, normalize

LONGEST = 2_000
_BETWEEN = re.compile(r"[;；、,，\n|/]+")
_WHOLE = re.compile(r"^[+-]?\d{1,15}$", re.ASCII)
YES_NO = {"是": True, "有": True, "Y": True, "YES": True, "TRUE": True, "1": True, "√": True, "否": False, "无": False,
          "N": False, "NO": False, "FALSE": False, "0": False, "×": False}  # fmt: skip


class CellError(ValueError):
    """A cell that cannot be read; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def text(longest: int = 300) -> Callable[[str], str]:
    """Read a text of at most so many characters."""

    def read(cell: str) -> str:
        found = normalize(cell)
        if len(found) > longest:
            raise CellError(f"超过{longest}个字，现有{len(found)}个字。请精简后重新导入。")
        return found

    return read


def long_text(cell: str) -> str:
    """Read a text of a few paragraphs, its line breaks kept."""
    lines = [normalize(line) for line in cell.splitlines()]
    found = "\n".join(filter(None, lines))
    if len(found) > LONGEST:
        raise CellError(f"超过{LONGEST}个字，现有{len(found)}个字。请精简后重新导入。")
    return found


def whole_number(least: int = 0, most: int = 10**12) -> Callable[[str], int]:
    """Read a whole number between two bounds, also with thousands separators."""

    def read(cell: str) -> int:
        plain = fold(cell).replace(",", "").removesuffix(".0").removesuffix("分").removesuffix("件")
        if not _WHOLE.match(plain) or not least <= int(plain) <= most:
            raise CellError(f"须为{least}至{most}的整数。请改正后重新导入。")
        return int(plain)

    return read


def amount(cell: str) -> int:
    """Read an amount of yuan as fen."""
    try:
        return parse_yuan(cell)
    except ValueError as error:
        raise CellError(f"“{cell.strip()[:40]}”不是金额。请填写以元为单位的数字，例如 120000.00。") from error


def day(cell: str) -> date:
    """Read a date."""
    try:
        return parse_date(cell)
    except DateError as error:
        raise CellError(error.reason) from error


def patent_number(cell: str) -> str:
    """Read an application or patent number in the form that the record keeps."""
    try:
        return parse_application_number(cell).digits
    except IdentifierError as error:
        raise CellError(error.reason) from error


def credit_code(cell: str) -> str:
    """Read a 统一社会信用代码."""
    try:
        return parse_uscc(cell)
    except IdentifierError as error:
        raise CellError(error.reason) from error


def email(cell: str) -> str:
    """Read an e-mail address."""
    found = normalize(cell).replace(" ", "")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", found) or len(found) > 200:
        raise CellError("电子邮箱格式不正确，须形如 name@example.com。")
    return found


def yes_no(cell: str) -> bool:
    """Read 是 or 否, in the forms in use."""
    found = YES_NO.get(fold(cell))
    if found is None:
        raise CellError("请填写“是”或“否”。")
    return found


@dataclass(frozen=True)
class Choice:
    """Reads one of a few words. `codes` maps each word that is accepted to the value kept; the first word of each
    value is the one offered in the template.
    """

    codes: Mapping[str, str]
    _folded: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", {fold(word): code for word, code in self.codes.items()})

    @property
    def words(self) -> tuple[str, ...]:
        """One word for each value, in order."""
        first: dict[str, str] = {}
        for word, code in self.codes.items():
            first.setdefault(code, word)
        return tuple(first.values())

    def __call__(self, cell: str) -> str:
        """Return the value of a word, which may also be the value itself."""
        found = fold(cell)
        if found in self._folded:
            return self._folded[found]
        for code in self.codes.values():
            if fold(code) == found:
                return code
        raise CellError(f"没有“{cell.strip()[:40]}”这个选项。请填写：{'、'.join(self.words)}。")


@dataclass(frozen=True)
class Choices:
    """Reads several of a few words, separated by marks, each once, in the order of the choice."""

    choice: Choice

    def __call__(self, cell: str) -> tuple[str, ...]:
        """Return the values."""
        found = {self.choice(part) for part in _BETWEEN.split(cell) if part.strip()}
        return tuple(code for code in dict.fromkeys(self.choice.codes.values()) if code in found)


def texts(cell: str) -> tuple[str, ...]:
    """Read several short texts, separated by marks, each once."""
    return tuple(dict.fromkeys(filter(None, (normalize(part) for part in _BETWEEN.split(cell)))))
