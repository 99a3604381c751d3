"""The codes of parties: 统一社会信用代码, resident id numbers, and the older codes they are mistaken for.

In: a code as typed. Out: its canonical form, or an `IdentifierError` that names what was given instead. Regions
are looked up in the table that python-stdnum ships.
"""

import re
from dataclasses import dataclass
from datetime import date

from stdnum import numdb
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from rules.patent_numbers import AS_TEXT, IdentifierError, is_scientific
from rules.text import fold

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LABEL = re.compile(
    r"^(?:统一社会信用代码|社会信用代码|信用代码|居民身份证号码?|身份证号码?|公民身份号码)[::]?"
)
_RESIDENT = re.compile(r"^\d{17}[\dX]$", re.ASCII)
_OLD_RESIDENT = re.compile(r"^\d{15}$", re.ASCII)
_ORGANIZATION = re.compile(r"^([0-9A-Z]{8})-?([\dX])$", re.ASCII)
# Residence permits of people from Taiwan; the shipped table has no such region.
_MORE_REGIONS = {"830000": "台湾居民居住证"}


@dataclass(frozen=True)
class ResidentId:
    """A resident id number. `region` is the region that the first six digits name; `note` what is odd about it."""

    number: str
    region: str
    birthday: date
    note: str = ""


def parse_uscc(text: str) -> str:
    """Read a unified social credit code and return its 18 characters.

    Raises: IdentifierError (empty, spreadsheet_number, other_number, malformed, check_digit).
    Source: GB 32100-2015
    """
    folded = bare_code(text)
    shown = text.strip()
    if not folded:
        raise IdentifierError("empty", "统一社会信用代码为空。请按营业执照或法人证书填写 18 位代码。")
    if is_scientific(folded):
        raise IdentifierError(
            "spreadsheet_number", f"“{shown}”是电子表格的科学计数法，代码已被截断。{AS_TEXT}"
        )
    try:
        return str(uscc.validate(folded))
    except ValidationError as error:
        other = _other_than_uscc(folded, shown)
        if other is not None:
            raise other from None
        raise _uscc_error(error, folded, shown) from None


def parse_resident_id(text: str) -> ResidentId:
    """Read a resident id number: region, a real date of birth, check digit.

    A region that the table does not know is told in `note`; its first two digits must name a province.

    Raises: IdentifierError (empty, spreadsheet_number, other_number, malformed, check_digit).
    Source: GB 11643-1999
    """
    folded = bare_code(text)
    shown = text.strip()
    if not folded:
        raise IdentifierError("empty", "居民身份证号码为空。请按身份证填写 18 位号码。")
    if is_scientific(folded):
        raise IdentifierError(
            "spreadsheet_number", f"“{shown}”是电子表格的科学计数法，号码已被截断。{AS_TEXT}"
        )
    if _OLD_RESIDENT.match(folded):
        raise IdentifierError("other_number", _why_fifteen(folded, shown))
    if not _RESIDENT.match(folded):
        raise IdentifierError(
            "malformed",
            f"居民身份证号码应为 17 位数字加 1 位数字或 X，“{shown}”有 {len(folded)} 位。请对照身份证核对。",
        )
    region = _region_of(folded[:6])
    if region is None:
        raise IdentifierError(
            "malformed", f"“{shown}”的前 2 位“{folded[:2]}”不是省级行政区划代码。请对照身份证核对。"
        )
    born = _day_of(folded[6:14])
    if born is None:
        raise IdentifierError(
            "malformed", f"“{shown}”第 7 至 14 位“{folded[6:14]}”不是真实的出生日期。请对照身份证核对。"
        )
    if folded[-1] != resident_check_digit(folded):
        raise _resident_check_error(folded, shown)
    note = "" if region[1] else f"前 6 位“{folded[:6]}”不在已知的行政区划代码表中，请核对身份证原件"
    return ResidentId(folded, region[1] or region[0], born, note)


def bare_code(text: str) -> str:
    """Return a code without label, quotation marks, hyphens and blanks."""
    return _LABEL.sub("", fold(text).strip("'\"‘’“”"), count=1).replace("-", "")


def resident_check_digit(number: str) -> str:
    """Return the check digit of an 18-digit resident id number: 0-9 or X.

    Source: GB 11643-1999
    """
    return str(ric.calc_check_digit(number))


def is_resident_id(folded: str) -> bool:
    """Say whether 18 characters make a resident id number: digits, a real date, the check digit."""
    return (
        _RESIDENT.match(folded) is not None
        and _day_of(folded[6:14]) is not None
        and folded[-1] == resident_check_digit(folded)
    )


def looks_like_resident_id(folded: str) -> bool:
    """Say whether 18 characters have the form of a resident id number, right or wrong."""
    return _RESIDENT.match(folded) is not None and "1900" <= folded[6:10] <= "2099"


def is_organization_code(folded: str) -> bool:
    """Say whether nine characters make an organization code of before 2015, by their check digit.

    Source: GB 11714-1997
    """
    match = _ORGANIZATION.match(folded)
    if match is None:
        return False
    total = sum(int(char, 36) * weight for char, weight in zip(match[1], _ORGANIZATION_WEIGHTS, strict=True))
    return match[2] == "0123456789X0"[11 - total % 11]


def why_organization_code(shown: str) -> str:
    """Say that this is an organization code, and what to enter instead."""
    return (
        f"“{shown}”是 9 位组织机构代码（旧证），不是统一社会信用代码。"
        "请按营业执照或法人证书填写 18 位代码，其第 9 至 17 位就是组织机构代码。"
    )


def _other_than_uscc(folded: str, shown: str) -> IdentifierError | None:
    if is_resident_id(folded):
        return IdentifierError(
            "other_number",
            f"“{shown}”是居民身份证号码，不是统一社会信用代码。单位请按营业执照或法人证书填写。",
        )
    if is_organization_code(folded):
        return IdentifierError("other_number", why_organization_code(shown))
    if _OLD_RESIDENT.match(folded):
        return IdentifierError("other_number", _why_fifteen(folded, shown))
    return None


def _uscc_error(error: ValidationError, folded: str, shown: str) -> IdentifierError:
    if isinstance(error, InvalidChecksum):
        if folded.isdecimal() and folded.endswith("000"):
            return _cut_off(shown)
        reason = f"统一社会信用代码“{shown}”校验位不符，至少有一个字符有误。请对照证照逐位核对。"
        return IdentifierError("check_digit", reason)
    if isinstance(error, InvalidLength):
        reason = f"统一社会信用代码应为 18 位，“{shown}”有 {len(folded)} 位。请对照证照核对。"
        return IdentifierError("malformed", reason)
    return IdentifierError(
        "malformed",
        f"“{shown}”不是统一社会信用代码：由 18 位数字和大写字母组成，"
        "不含字母 I、O、S、V、Z，第 3 至 8 位为数字。请对照证照核对，注意区分 0 与 O、1 与 I。",
    )


def _why_fifteen(folded: str, shown: str) -> str:
    if _day_of(f"19{folded[6:12]}") is not None and _region_of(folded[:6]) is not None:
        return f"“{shown}”是 15 位的旧居民身份证号码，已停止使用。请填写 18 位居民身份证号码。"
    return f"“{shown}”有 15 位数字，可能是旧的工商注册号。请按营业执照填写 18 位统一社会信用代码。"


def _resident_check_error(folded: str, shown: str) -> IdentifierError:
    if folded.endswith("000"):
        return _cut_off(shown)
    reason = f"居民身份证号码“{shown}”的校验位不符，至少有一位有误。请对照身份证逐位核对。"
    return IdentifierError("check_digit", reason)


def _cut_off(shown: str) -> IdentifierError:
    return IdentifierError(
        "spreadsheet_number",
        f"“{shown}”末尾三位为 0 且校验位不符，很可能已被电子表格截断，无法还原。{AS_TEXT}",
    )


def _region_of(code: str) -> tuple[str, str] | None:
    """Return the province and the full name of a region; None if the first two digits are no province."""
    if code in _MORE_REGIONS:
        return _MORE_REGIONS[code], _MORE_REGIONS[code]
    found = dict(pair for _, names in numdb.get("cn/loc").info(code) for pair in names.items())
    if "province" not in found:
        return None
    county = found.get("county", "").split(",")[-1].rpartition("]")[2]
    return found["province"], f"{found['province']}{county}" if county else ""


def _day_of(digits: str) -> date | None:
    try:
        found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2099 else None
