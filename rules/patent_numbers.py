"""The numbers of patents, of every generation: read, checked and written in one form.

In: a number as typed, copied from a certificate or exported from a spreadsheet. Out: the canonical form, or
an `IdentifierError` that says in Chinese what is wrong and what to do. A number that a spreadsheet has
rounded is refused and never guessed.

Application numbers: 1985-1988 eight digits without a check digit, 1989 to September 2003 eight digits and a check
digit, since October 2003 twelve digits and a check digit. A patent number is `ZL` and the application number.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rules.text import fold

IdentifierCode = Literal["empty", "malformed", "check_digit", "spreadsheet_number", "other_number"]
PatentKind = Literal["invention", "utility", "design"]
Generation = Literal["1985-1988", "1989-2003", "2003-", "1989-2007", "2007-"]

KIND_ZH: dict[str, str] = {"invention": "发明", "utility": "实用新型", "design": "外观设计"}
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
LAST_YEAR = 2099
AS_TEXT = "请把该列设为“文本”格式后重新导出，再导入一次。"

_KIND_OF_DIGIT: dict[str, PatentKind] = {
    "1": "invention",
    "2": "utility",
    "3": "design",
    "8": "invention",
    "9": "utility",
}
_KIND_OF_CODE: dict[str, PatentKind] = {
    **dict.fromkeys("ABC", "invention"),
    **dict.fromkeys("UY", "utility"),
    **dict.fromkeys("SD", "design"),
}
_FIRST_DIGIT: dict[PatentKind, str] = {"invention": "1", "utility": "2", "design": "3"}
_LABEL = re.compile(
    r"^['\"‘’“”]*(?:专利申请号|申请号|专利号|申请\(专利\)号|申请/专利号|公开号|公告号|授权公告号|公开\(公告\)号)?[::]?"
)
_PREFIX = re.compile(r"^(?:ZL|CN)+\.?")
_SCIENTIFIC = re.compile(r"^[+-]?\d+(?:\.\d*)?E[+-]?\d+$", re.ASCII)
_NUMBER = re.compile(r"^(\d{12}|\d{8})(?:[.·。]?([\dX]))?$", re.ASCII)
_FLOAT = re.compile(r"^(\d{13}|\d{9})\.0+$", re.ASCII)
_PUBLICATION = re.compile(r"^(?:CN)?(\d{9}|\d{8}|\d{7})([ABCDSUY]\d?)$", re.ASCII)
_INTERNATIONAL = re.compile(r"^(?:WO|PCT)|^(?:CN)?:\d+:W$")
_NATIONAL_PHASE = "是国际申请（PCT）的号码。请填写进入中国国家阶段后的号码；尚未进入的，不纳入本库。"


class IdentifierError(ValueError):
    """A number that cannot be accepted. `code` is for programs, `reason` (Chinese) for people."""

    def __init__(self, code: IdentifierCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class ApplicationNumber:
    """A Chinese application number.

    `digits` is canonical: no prefix, no dot; 13 characters with the check digit, 9 from 1989 to September 2003,
    8 without a check digit before 1989.
    """

    digits: str
    kind: PatentKind
    year: int

    @property
    def display(self) -> str:
        """The number as printed: 201710601862.3, or 85100001."""
        return display_number(self.digits)

    @property
    def patent_no(self) -> str:
        """The patent number: ZL201710601862.3."""
        return f"ZL{self.display}"

    @property
    def generation(self) -> Generation:
        """The numbering that was in use on the filing date."""
        return _generation(self.digits)

    @property
    def is_international(self) -> bool:
        """Whether the application entered the national phase under the PCT (kind digits 8 and 9)."""
        return self.digits[4 if len(self.digits) == 13 else 2] in "89"


@dataclass(frozen=True)
class PublicationNumber:
    """A Chinese publication or announcement number. `code` is the kind of document: A, B, C, U, Y, S, D, A8 …"""

    digits: str
    code: str
    kind: PatentKind

    @property
    def display(self) -> str:
        """The number with country and kind of document: CN209075635U."""
        return f"CN{self.digits}{self.code}"

    @property
    def contradiction(self) -> str:
        """Say in Chinese why digits and kind of document contradict each other, or nothing."""
        first = _FIRST_DIGIT[self.kind]
        if len(self.digits) == 8 or self.digits[0] == first:
            return ""
        return (
            f"“{self.display}”的首位“{self.digits[0]}”与文献种类代码“{self.code}”不符：{KIND_ZH[self.kind]}的号码以"
            f"“{first}”开头。请核对公报或证书后修改。"
        )

    @property
    def generation(self) -> Generation:
        """The numbering: by application number, seven digits, or nine digits."""
        return {8: "1985-1988", 7: "1989-2007", 9: "2007-"}[len(self.digits)]  # type: ignore[return-value]


def display_number(digits: str) -> str:
    """Write a canonical application number as it is printed: 201710601862.3; before 1989 without a dot."""
    return f"{digits[:-1]}.{digits[-1]}" if len(digits) in (9, 13) else digits


def parse_application_number(text: str) -> ApplicationNumber:
    """Read an application or patent number.

    `ZL` and `CN`, blanks, the dot and full-width characters are accepted; a missing check digit is computed.
    A number of 1985-1988 has none; one that is given must verify, and is dropped.
    A whole-number float (`2017106018623.0`) is accepted only when its check digit verifies.

    Raises: IdentifierError (empty, spreadsheet_number, other_number, malformed, check_digit).
    Source: ZC 0006-2003
    """
    bare = bare_number(text)
    if not bare:
        raise IdentifierError("empty", "申请号为空。请填写申请号，例如 201710601862.3。")
    if is_scientific(bare):
        raise IdentifierError(
            "spreadsheet_number",
            f"“{text.strip()}”是电子表格的科学计数法，原来的申请号已被截断，无法还原。{AS_TEXT}",
        )
    base, check = split_number(bare, text)
    kind, year = kind_digit_of(base), _year(base)
    if kind is None or year is None:
        raise IdentifierError("malformed", _why_malformed(bare, text))
    expected = check_digit(base)
    if check and check != expected:
        raise IdentifierError("check_digit", _why_wrong_check(base, check, text))
    return ApplicationNumber(base if year < 1989 else base + expected, kind, year)


def check_digit(base: str) -> str:
    """Return the check digit of the 12 (or, before October 2003, 8) digits: 0-9 or X.

    Source: ZC 0006-2003
    """
    remainder = weighted_sum(base) % 11
    return "X" if remainder == 10 else str(remainder)


def weighted_sum(base: str) -> int:
    """Return the sum of the digits times their weights 2 to 9 and 2 to 5."""
    return sum(int(digit) * weight for digit, weight in zip(base, WEIGHTS, strict=False))


def parse_publication_number(text: str) -> str:
    """Read a publication number and return it with country and kind of document: CN209075635U.

    Raises: IdentifierError (empty, spreadsheet_number, other_number, malformed).
    Source: ZC 0007-2012
    """
    return read_publication_number(text).display


def read_publication_number(text: str) -> PublicationNumber:
    """Read a publication or announcement number of any generation.

    Eight digits are the application number of 1985-1988. Whether the first of seven or nine digits fits the kind of
    document is asked of `PublicationNumber.contradiction`: the standard was not read, so lists are not held to it.

    Raises: IdentifierError (empty, spreadsheet_number, other_number, malformed).
    Source: ZC 0007-2012; ZC 0008-2012
    """
    folded = _LABEL.sub("", fold(text), count=1)
    if not folded:
        raise IdentifierError("empty", "公开（公告）号为空。请填写公开（公告）号，例如 CN209075635U。")
    if is_scientific(folded):
        raise IdentifierError(
            "spreadsheet_number", f"“{text.strip()}”是电子表格的科学计数法，号码已被截断。{AS_TEXT}"
        )
    if is_international(folded):
        raise IdentifierError("other_number", f"“{text.strip()}”{_NATIONAL_PHASE}")
    match = _PUBLICATION.match(folded)
    if match is None:
        raise IdentifierError(
            "malformed",
            f"“{text.strip()}”不是公开（公告）号：应为 CN 加 9 位数字（早期为 7 位，1985至1988年为 8 位申请号）"
            "和文献种类代码，例如 CN209075635U。请核对公报或证书后修改。",
        )
    digits, code = match[1], match[2]
    kind = _KIND_OF_CODE[code[0]]
    if len(digits) == 8 and not ("85" <= digits[:2] <= "88" and kind_digit_of(digits) == kind):
        raise IdentifierError(
            "malformed",
            f"“{text.strip()}”有 8 位数字，只有1985至1988年的公开（公告）号才是 8 位，且第 3 位应与文献种类代码一致。"
            "请核对公报后修改。",
        )
    return PublicationNumber(digits, code, kind)


def bare_number(text: str) -> str:
    """Return a number without label, prefix and blanks."""
    return _PREFIX.sub("", _LABEL.sub("", fold(text), count=1), count=1)


def split_number(bare: str, text: str) -> tuple[str, str]:
    """Return the digits before the check digit, and the check digit or an empty text.

    Raises: IdentifierError (other_number, malformed).
    """
    match = _NUMBER.match(bare)
    if match is not None:
        return match[1], match[2] or ""
    whole = _FLOAT.match(bare)
    if whole is not None:
        return whole[1][:-1], whole[1][-1]
    raise IdentifierError(
        "other_number" if is_international(bare) else "malformed", _why_malformed(bare, text)
    )


def kind_digit_of(base: str) -> PatentKind | None:
    """Return the kind that the third or fifth digit names, or None."""
    return _KIND_OF_DIGIT.get(base[4 if len(base) == 12 else 2])


def is_scientific(folded: str) -> bool:
    """Say whether a spreadsheet has turned a number into scientific notation."""
    return _SCIENTIFIC.match(folded) is not None


def is_international(folded: str) -> bool:
    """Say whether this is the number of an international application or of its publication."""
    return _INTERNATIONAL.match(folded) is not None


def is_publication(folded: str) -> bool:
    """Say whether this has the form of a publication number."""
    return _PUBLICATION.match(folded) is not None


def _generation(digits: str) -> Generation:
    return {8: "1985-1988", 9: "1989-2003", 13: "2003-"}[len(digits)]  # type: ignore[return-value]


def _year(base: str) -> int | None:
    if len(base) == 12:
        year = int(base[:4])
        return year if 2003 <= year <= LAST_YEAR else None
    short = int(base[:2])
    if short >= 85:
        return 1900 + short
    return 2000 + short if short <= 3 else None


def _why_malformed(bare: str, text: str) -> str:
    shown = text.strip()
    if is_international(bare):
        return f"“{shown}”{_NATIONAL_PHASE}"
    if is_publication(bare):
        return f"“{shown}”像是公开（公告）号，不是申请号。请填写申请号，例如 201710601862.3。"
    count = sum(char.isdigit() for char in bare)
    hint = "请注意区分数字 0 与字母 O。" if "O" in bare else ""
    return (
        f"“{shown}”不是有效的申请号（含 {count} 位数字）："
        "应为 4 位年份、1 位种类（1、2、3、8、9）、7 位流水号，再加 1 位校验位，例如 201710601862.3；"
        "2003 年 10 月以前为 8 位数字加 1 位校验位，1985 至 1988 年没有校验位。"
        f"{hint}请对照受理通知书或专利证书修改。"
    )


def _why_wrong_check(base: str, check: str, text: str) -> str:
    if base.endswith("00000"):
        return f"“{text.strip()}”末尾成串为 0 且校验位不符，很可能已被电子表格截断，无法还原。{AS_TEXT}"
    return (
        f"“{text.strip()}”的校验位“{check}”不符，号码中至少有一位有误。"
        "请对照受理通知书或专利证书逐位核对后修改。"
    )
