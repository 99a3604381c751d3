"""The numbers of patents and of parties: what a number is, whether it is right, and its one form.

In: any number as typed. Out: a `NumberCheck` that says what the number is taken for, its canonical form or what is
wrong with it, and how that was found. The numbers themselves are read in `rules.patent_numbers` and
`rules.party_codes`; both are reached from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rules.derivation import Derivation, step
from rules.party_codes import (
    RESIDENT_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
    bare_code,
    is_organization_code,
    is_resident_id,
    looks_like_resident_id,
    parse_resident_id,
    parse_uscc,
    why_organization_code,
)
from rules.patent_numbers import (
    KIND_ZH,
    WEIGHTS,
    ApplicationNumber,
    Generation,
    IdentifierCode,
    IdentifierError,
    PatentKind,
    PublicationNumber,
    bare_number,
    check_digit,
    display_number,
    is_international,
    is_publication,
    is_scientific,
    kind_digit_of,
    parse_application_number,
    parse_publication_number,
    read_publication_number,
    split_number,
    weighted_sum,
)
from rules.text import fold

__all__ = [
    "KIND_ZH",
    "ApplicationNumber",
    "Generation",
    "IdentifierCode",
    "IdentifierError",
    "NumberCheck",
    "PatentKind",
    "PublicationNumber",
    "check_digit",
    "check_number",
    "display_number",
    "parse_application_number",
    "parse_publication_number",
    "parse_resident_id",
    "parse_uscc",
    "read_publication_number",
]

TYPES_ZH: dict[str, str] = {
    "application": "申请号", "patent": "专利号", "publication": "公开（公告）号", "uscc": "统一社会信用代码",
    "resident_id": "居民身份证号码", "organization_code": "组织机构代码", "pct": "国际申请（PCT）号码",
    "unknown": "无法识别的号码",
}  # fmt: skip
GENERATIONS_ZH: dict[str, str] = {
    "1985-1988": "1985至1988年（8位，无校验位）",
    "1989-2003": "1989年至2003年9月（8位加校验位）",
    "2003-": "2003年10月以后（12位加校验位）",
    "1989-2007": "1989年至2007年（7位加文献种类代码）",
    "2007-": "2007年以后（9位加文献种类代码）",
}


@dataclass(frozen=True)
class Standard:
    """The standard that a number follows, as a step of a derivation cites it."""

    id: str
    article: str
    confidence: str

    @property
    def badge_zh(self) -> str:
        """待核实, or nothing."""
        return "" if self.confidence in ("V", "V*") else "待核实"


STANDARDS: dict[str, Standard] = {
    standard.id: standard
    for standard in (
        Standard("N-01", "ZC 0006-2003 专利申请号标准", "S"),
        Standard("N-02", "ZC 0006-2003 专利申请号标准", "S"),
        Standard("N-03", "ZC 0006-2003 专利申请号标准", "S"),
        Standard("N-06", "ZC 0007-2012 专利文献号标准；ZC 0008-2012 专利文献种类标识代码标准", "M"),
        Standard("N-07", "GB 32100-2015 法人和其他组织统一社会信用代码编码规则", "S"),
    )
}
GB_11643 = "GB 11643-1999 公民身份号码"


@dataclass(frozen=True)
class NumberCheck:
    """What came of looking at one number.

    `type` is what the number is taken for (a key of `TYPES_ZH`); `kind` the kind of patent, or the type again for
    other numbers; `normalized` is None if the number is not valid. `reason` says why not, or what was mended.
    """

    input: str
    type: str
    normalized: str | None
    kind: str
    generation: str | None
    valid: bool
    reason: str = ""
    code: IdentifierCode | None = None
    patent_no: str | None = None
    found: str = field(default="", repr=False)

    @cached_property
    def derivation(self) -> Derivation:
        """How the answer came about: the form, the weights, the check digit."""
        zh = f"“{self.input}”{'是有效的' if self.valid else '不是有效的'}{TYPES_ZH[self.type]}"
        if self.type == "unknown":
            zh = f"“{self.input}”是{TYPES_ZH[self.type]}"
        en = f"'{self.input}' is {'a valid' if self.valid else 'no valid'} {self.type.replace('_', ' ')} number"
        return step("number", zh, en, self.normalized, "text", *_steps(self))


def check_number(text: str) -> NumberCheck:
    """Say what a number is and whether it is right; never raises.

    Taken for what its form says first: an international number, a publication number, an application or patent
    number, a social credit code or resident id number, an organization code.
    """
    type_ = _type_of(text)
    try:
        return _CHECKS[type_](text)
    except IdentifierError as error:
        return _refused(text, type_, error)


def _type_of(text: str) -> str:
    folded = fold(text)
    bare = bare_number(text)
    code = bare_code(text)
    if is_international(folded) or is_international(bare):
        return "pct"
    if is_publication(bare):
        return "publication"
    if "专利号" in folded[:8] and "申请" not in folded[:8] or "ZL" in folded[:10]:
        return "patent"
    if len(code) == 18:
        return "resident_id" if _is_rather_resident(code) else "uscc"
    if len(code) == 15 and code.isdecimal():
        return "resident_id"
    if is_organization_code(code) and not _is_application(text):
        return "organization_code"
    if 16 <= len(code) <= 20 and "." not in code and not is_scientific(code):
        return "uscc"
    return "application" if any(char.isdigit() for char in bare) else "unknown"


def _is_rather_resident(code: str) -> bool:
    """Both are eighteen characters: the check digit decides, then the place of a date."""
    if is_resident_id(code):
        return True
    try:
        parse_uscc(code)
    except IdentifierError:
        return looks_like_resident_id(code)
    return False


def _is_application(text: str) -> bool:
    try:
        parse_application_number(text)
    except IdentifierError:
        return False
    return True


def _application(text: str) -> NumberCheck:
    return _patent_number(text, "application")


def _patent(text: str) -> NumberCheck:
    return _patent_number(text, "patent")


def _patent_number(text: str, type_: str) -> NumberCheck:
    number = parse_application_number(text)
    base, given = split_number(bare_number(text), text)
    reason = ""
    if number.generation == "1985-1988":
        reason = "1985至1988年的申请号没有校验位，所填校验位相符，已去掉" if given else ""
    elif not given:
        reason = f"缺少校验位，已补算为 {number.digits[-1]}"
    return NumberCheck(
        text, type_, number.display, number.kind, number.generation, True, reason,
        patent_no=number.patent_no, found=base,
    )  # fmt: skip


def _publication(text: str) -> NumberCheck:
    number = read_publication_number(text)
    if number.contradiction:
        raise IdentifierError("malformed", number.contradiction)
    return NumberCheck(
        text, "publication", number.display, number.kind, number.generation, True, found=number.digits
    )


def _uscc(text: str) -> NumberCheck:
    code = parse_uscc(text)
    return NumberCheck(text, "uscc", code, "uscc", None, True, found=code)


def _resident(text: str) -> NumberCheck:
    person = parse_resident_id(text)
    return NumberCheck(
        text, "resident_id", person.number, "resident_id", None, True, person.note, found=person.number
    )


def _organization(text: str) -> NumberCheck:
    raise IdentifierError("other_number", why_organization_code(text.strip()))


def _unknown(text: str) -> NumberCheck:
    if not fold(text):
        raise IdentifierError("empty", "号码为空。请填写申请号、专利号、公开（公告）号或统一社会信用代码。")
    raise IdentifierError(
        "malformed", f"“{text.strip()}”中没有数字，不是号码。请核对后重新填写，例如 201710601862.3。"
    )


_CHECKS = {
    "application": _application,
    "patent": _patent,
    "pct": _application,
    "publication": _publication,
    "uscc": _uscc,
    "resident_id": _resident,
    "organization_code": _organization,
    "unknown": _unknown,
}


def _refused(text: str, type_: str, error: IdentifierError) -> NumberCheck:
    kind, generation, base = type_, None, ""
    if type_ in ("application", "patent") and error.code == "check_digit":
        base, _ = split_number(bare_number(text), text)
        kind = kind_digit_of(base) or type_
        generation = "2003-" if len(base) == 12 else "1985-1988" if "85" <= base[:2] <= "88" else "1989-2003"
    elif type_ in ("application", "patent", "publication"):
        kind = "unknown"
    found = base or (bare_code(text) if error.code == "check_digit" else "")
    return NumberCheck(text, type_, None, kind, generation, False, error.reason, error.code, found=found)


def _steps(check: NumberCheck) -> Iterator[Derivation]:
    if check.type in ("application", "patent") and check.found:
        yield from _application_steps(check.found, check.kind, check.generation)
    elif check.type == "publication" and check.valid:
        yield step(
            "form", f"{len(check.found)}位数字加文献种类代码，首位与代码一致：{KIND_ZH[check.kind]}",
            f"{len(check.found)} digits and a kind code that agree: {check.kind}", check.kind, "text",
            rule=STANDARDS["N-06"],
        )  # fmt: skip
    elif check.type == "uscc" and check.found:
        yield _uscc_step(check.found)
    elif check.type == "resident_id" and check.found:
        yield _resident_step(check.found)
    if check.reason:
        yield step("finding", check.reason.rstrip("。"), check.code or "mended", check.code, "text")


def _application_steps(base: str, kind: str, generation: str | None) -> Iterator[Derivation]:
    place = 5 if len(base) == 12 else 3
    form = STANDARDS["N-01" if len(base) == 12 else "N-03"]
    yield step(
        "generation", f"{len(base)}位数字的编号：{GENERATIONS_ZH[generation or '']}", f"numbering of {generation}",
        generation, "text", rule=form,
    )  # fmt: skip
    yield step(
        "kind", f"第{place}位是{base[place - 1]}：{KIND_ZH[kind]}", f"digit {place} is {base[place - 1]}: {kind}",
        kind, "text", rule=form,
    )  # fmt: skip
    total = weighted_sum(base)
    weights = "、".join(map(str, WEIGHTS[: len(base)]))
    yield step(
        "check_digit",
        f"{len(base)}位数字依次乘以{weights}，合计{total}，除以11余{total % 11}，校验位为{check_digit(base)}",
        f"weighted sum {total}, remainder {total % 11} modulo 11: check digit {check_digit(base)}",
        check_digit(base), "text", rule=STANDARDS["N-02" if len(base) == 12 else "N-03"],
    )  # fmt: skip


def _uscc_step(code: str) -> Derivation:
    total = sum(
        USCC_ALPHABET.index(char) * weight for char, weight in zip(code[:17], USCC_WEIGHTS, strict=True)
    )
    expected = USCC_ALPHABET[(31 - total % 31) % 31]
    return step(
        "check_digit", f"前17位加权合计{total}，除以31余{total % 31}，校验位应为{expected}，所填为{code[-1]}",
        f"weighted sum {total}, remainder {total % 31} modulo 31: check character {expected}", expected, "text",
        rule=STANDARDS["N-07"],
    )  # fmt: skip


def _resident_step(number: str) -> Derivation:
    total = sum(int(char) * weight for char, weight in zip(number[:17], RESIDENT_WEIGHTS, strict=True))
    expected = "10X98765432"[total % 11]
    return step(
        "check_digit",
        f"前17位加权合计{total}，除以11余{total % 11}，校验位应为{expected}，所填为{number[-1]}（{GB_11643}）",
        f"weighted sum {total}, remainder {total % 11} modulo 11: check digit {expected} (GB 11643-1999)",
        expected, "text",
    )  # fmt: skip
