"""The numbers of patents and of organizations: read, checked and written in one form.

In: a number as typed, copied from a certificate or exported from a spreadsheet. Out: the canonical form, or
an `IdentifierError` that says in Chinese what is wrong and what to do. A number that a spreadsheet has
rounded is refused and never guessed.
"""

import re
from dataclasses import dataclass
from typing import Literal

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from rules.text import fold

IdentifierCode = Literal["empty", "malformed", "check_digit", "spreadsheet_number"]
PatentKind = Literal["invention", "utility", "design"]

KIND_ZH: dict[str, str] = {"invention": "发明", "utility": "实用新型", "design": "外观设计"}

_KIND_OF_DIGIT: dict[str, PatentKind] = {
    "1": "invention",
    "2": "utility",
    "3": "design",
    "8": "invention",
    "9": "utility",
}
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_LABEL = re.compile(r"^['\"‘’“”]*(?:专利申请号|申请号|专利号|申请\(专利\)号|申请/专利号)?[::]?")
_PREFIX = re.compile(r"^(?:ZL|CN)+\.?")
_SCIENTIFIC = re.compile(r"^[+-]?\d+(?:\.\d*)?E[+-]?\d+$")
_NUMBER = re.compile(r"^(\d{12}|\d{8})(?:[.·。]?([\dX]))?$", re.ASCII)
_FLOAT = re.compile(r"^(\d{13}|\d{9})\.0+$", re.ASCII)
_PUBLICATION = re.compile(r"^(?:CN)?(\d{9}|\d{7})([ABCDSUY]\d?)$", re.ASCII)

_INTERNATIONAL = re.compile(r"^(?:WO|PCT)|^:\d+:W$")
_NATIONAL_PHASE = "是国际申请（PCT）的号码。请填写进入中国国家阶段后的号码；尚未进入的，不纳入本库。"

_AS_TEXT = "请把该列设为“文本”格式后重新导出，再导入一次。"


class IdentifierError(ValueError):
    """A number that cannot be accepted. `code` is for programs, `reason` (Chinese) for people."""

    def __init__(self, code: IdentifierCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class ApplicationNumber:
    """A Chinese application number.

    `digits` is canonical: digits and check digit, no prefix, no dot; 13 characters, or 9 before October 2003.
    """

    digits: str
    kind: PatentKind
    year: int

    @property
    def display(self) -> str:
        """The number as printed: 201710601862.3."""
        return f"{self.digits[:-1]}.{self.digits[-1]}"

    @property
    def patent_no(self) -> str:
        """The patent number: ZL201710601862.3."""
        return f"ZL{self.display}"

    @property
    def is_international(self) -> bool:
        """Whether the application entered the national phase under the PCT (kind digits 8 and 9)."""
        return self.digits[4 if len(self.digits) == 13 else 2] in "89"


def parse_application_number(text: str) -> ApplicationNumber:
    """Read an application or patent number.

    `ZL` and `CN`, blanks, the dot and full-width characters are accepted; a missing check digit is computed.
    A whole-number float (`2017106018623.0`) is accepted only when its check digit verifies.

    Raises: IdentifierError (empty, spreadsheet_number, malformed, check_digit).
    Source: ZC 0006-2003
    """
    bare = _bare(text)
    if not bare:
        raise IdentifierError("empty", "申请号为空。请填写申请号，例如 201710601862.3。")
    if _SCIENTIFIC.match(bare):
        raise IdentifierError(
            "spreadsheet_number",
            f"“{text.strip()}”是电子表格的科学计数法，原来的申请号已被截断，无法还原。{_AS_TEXT}",
        )
    base, check = _parts(bare, text)
    kind = _KIND_OF_DIGIT.get(base[4 if len(base) == 12 else 2])
    year = _year(base)
    if kind is None or year is None:
        raise IdentifierError("malformed", _why_malformed(base, text))
    expected = check_digit(base)
    if check and check != expected:
        raise IdentifierError("check_digit", _why_wrong_check(base, check, text))
    return ApplicationNumber(base + expected, kind, year)


def check_digit(base: str) -> str:
    """Return the check digit of the 12 (or, before October 2003, 8) digits: 0-9 or X.

    Source: ZC 0006-2003
    """
    remainder = sum(int(digit) * weight for digit, weight in zip(base, _WEIGHTS, strict=False)) % 11
    return "X" if remainder == 10 else str(remainder)


def parse_publication_number(text: str) -> str:
    """Read a publication number and return it with country and kind code: CN209075635U.

    Raises: IdentifierError (empty, spreadsheet_number, malformed).
    Source: ZC 0007-2012
    """
    folded = fold(text).lstrip("'\"")
    if not folded:
        raise IdentifierError("empty", "公开（公告）号为空。请填写公开（公告）号，例如 CN209075635U。")
    if _SCIENTIFIC.match(folded):
        raise IdentifierError(
            "spreadsheet_number", f"“{text.strip()}”是电子表格的科学计数法，号码已被截断。{_AS_TEXT}"
        )
    if _INTERNATIONAL.match(folded):
        raise IdentifierError("malformed", f"“{text.strip()}”{_NATIONAL_PHASE}")
    match = _PUBLICATION.match(folded)
    if match is None:
        raise IdentifierError(
            "malformed",
            f"“{text.strip()}”不是公开（公告）号：应为 CN 加 9 位数字（早期为 7 位）和文献种类代码，"
            "例如 CN209075635U。请核对公报或证书后修改。",
        )
    return f"CN{match[1]}{match[2]}"


def parse_uscc(text: str) -> str:
    """Read a unified social credit code and return its 18 characters.

    Raises: IdentifierError (empty, malformed, check_digit).
    Source: GB 32100-2015
    """
    folded = fold(text).lstrip("'\"").replace("-", "")
    if not folded:
        raise IdentifierError("empty", "统一社会信用代码为空。请按营业执照或法人证书填写 18 位代码。")
    if _SCIENTIFIC.match(folded):
        raise IdentifierError(
            "spreadsheet_number", f"“{text.strip()}”是电子表格的科学计数法，代码已被截断。{_AS_TEXT}"
        )
    try:
        return str(uscc.validate(folded))
    except InvalidChecksum:
        reason = f"统一社会信用代码“{text.strip()}”校验位不符，至少有一个字符有误。请对照证照逐位核对。"
        raise IdentifierError("check_digit", reason) from None
    except InvalidLength:
        reason = f"统一社会信用代码应为 18 位，“{text.strip()}”有 {len(folded)} 位。请对照证照核对。"
        raise IdentifierError("malformed", reason) from None
    except ValidationError:
        reason = (
            f"“{text.strip()}”不是统一社会信用代码：由 18 位数字和大写字母组成，"
            "不含字母 I、O、S、V、Z，第 3 至 8 位为数字。请对照证照核对，注意区分 0 与 O、1 与 I。"
        )
        raise IdentifierError("malformed", reason) from None


def _bare(text: str) -> str:
    return _PREFIX.sub("", _LABEL.sub("", fold(text), count=1), count=1)


def _parts(bare: str, text: str) -> tuple[str, str]:
    """Return the digits before the check digit, and the check digit or an empty text."""
    match = _NUMBER.match(bare)
    if match is not None:
        return match[1], match[2] or ""
    whole = _FLOAT.match(bare)
    if whole is not None:
        return whole[1][:-1], whole[1][-1]
    raise IdentifierError("malformed", _why_malformed(bare, text))


def _year(base: str) -> int | None:
    if len(base) == 12:
        year = int(base[:4])
        return year if 2003 <= year <= 2099 else None
    short = int(base[:2])
    if short >= 85:
        return 1900 + short
    return 2000 + short if short <= 3 else None


def _why_malformed(bare: str, text: str) -> str:
    shown = text.strip()
    if _INTERNATIONAL.match(bare):
        return f"“{shown}”{_NATIONAL_PHASE}"
    if _PUBLICATION.match(bare):
        return f"“{shown}”像是公开（公告）号，不是申请号。请填写申请号，例如 201710601862.3。"
    count = sum(char.isdigit() for char in bare)
    hint = "请注意区分数字 0 与字母 O。" if "O" in bare else ""
    return (
        f"“{shown}”不是有效的申请号（含 {count} 位数字）："
        "应为 4 位年份、1 位种类（1、2、3、8、9）、7 位流水号，再加 1 位校验位，例如 201710601862.3；"
        "2003 年 10 月以前为 8 位数字加 1 位校验位。"
        f"{hint}请对照受理通知书或专利证书修改。"
    )


def _why_wrong_check(base: str, check: str, text: str) -> str:
    if base.endswith("00000"):
        return f"“{text.strip()}”末尾成串为 0 且校验位不符，很可能已被电子表格截断，无法还原。{_AS_TEXT}"
    return (
        f"“{text.strip()}”的校验位“{check}”不符，号码中至少有一位有误。"
        "请对照受理通知书或专利证书逐位核对后修改。"
    )
