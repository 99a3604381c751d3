"""What a person typed, read strictly: dates, amounts, whole numbers, choices, rule packs.

In: a text as it came from the command line, the API or a form, and the name of its field. Out: a value, or one
`cases.errors.Invalid` that names every wrong field with the reason and the remedy. Nothing is guessed.

    faults = Faults()
    base = faults.day(base_text, "base")
    net = faults.amount(net_text, "net")
    faults.check()  # raises once, for all of them; behind it every value is good
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from cases.errors import Invalid
from rules.dates import DateError, parse_date
from rules.money import LARGEST_FEN, MoneyError, parse_yuan
from rules.packs import PackError, RuleBook
from rules.text import fold

Raw = str | int | None
T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1985, 2100
DEFAULT_LAYERS = "national,house"

_YEAR = re.compile(r"^(\d{4,})(?=[-./年]|\d{4}$)", re.ASCII)
_WHOLE = re.compile(r"^-?\d+$", re.ASCII)
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+$", re.ASCII)
_BARE_POINT = re.compile(r"^\d[\d,]*\.\d*$", re.ASCII)
_NEGATIVE = re.compile(r"^(?:[-−–]|负|\().*\d")
_CENTS = re.compile(r"^(\d[\d,]*)(\.\d+)?分$", re.ASCII)
_LAYER = re.compile(r"^[\w-]{1,64}$")
_EXAMPLE_ZH = "不带单位的整数按“分”计，例如 120000000；带单位的照单位计，例如 120万、1200000元"
_EXAMPLE_EN = "a bare whole number is fen (120000000); with a unit it is what it says (120万, 1200000元)"


class Faults:
    """Collects what is wrong with the fields of one question.

    Each reader returns the value, or a placeholder if the text is wrong; `check` must be called before any
    value is used.
    """

    def __init__(self) -> None:
        self._zh: dict[str, str] = {}
        self._en: dict[str, str] = {}

    def add(self, field: str, zh: str, en: str) -> None:
        """Note a fault; the first one of a field stays."""
        self._zh.setdefault(field, zh)
        self._en.setdefault(field, en)

    def take(self, read: Callable[[], T], placeholder: T) -> T:
        """Run a reader; note what it refuses and return the placeholder."""
        try:
            return read()
        except Invalid as error:
            for field, reason in error.fields.items():
                self.add(field, reason, error.message_en)
            return placeholder

    def day(self, text: Raw, field: str) -> date:
        """Read a date that must be given."""
        return self.take(lambda: day(text, field), date.max)

    def optional_day(self, text: Raw, field: str) -> date | None:
        """Read a date that may be left out."""
        return None if _blank(text) else self.day(text, field)

    def amount(self, text: Raw, field: str) -> int:
        """Read an amount in fen that must be given."""
        return self.take(lambda: amount(text, field), 0)

    def optional_amount(self, text: Raw, field: str) -> int | None:
        """Read an amount in fen that may be left out."""
        return None if _blank(text) else self.amount(text, field)

    def whole(self, text: Raw, field: str, low: int, high: int) -> int:
        """Read a whole number that must be given."""
        return self.take(lambda: whole(text, field, low, high), low)

    def choice(
        self,
        text: Raw,
        field: str,
        options: Iterable[str],
        *,
        aliases: Mapping[str, str] | None = None,
        default: str | None = None,
    ) -> str:
        """Read one of the options; with a default it may be left out."""
        known = tuple(options)
        return self.take(lambda: choice(text, field, known, aliases=aliases, default=default), known[0])

    def book(self, layers: Raw, field: str = "layers") -> RuleBook:
        """Return the rulebook of pack names; the usual one stands in if they are wrong."""
        try:
            return book(layers, field)
        except Invalid as error:
            self.add(field, error.fields[field], error.message_en)
            return book(None, field)

    def check(self) -> None:
        """Raise one Invalid with every fault noted so far; do nothing if there is none."""
        if not self._zh:
            return
        zh = "；".join(f"{field}：{reason.rstrip('。')}" for field, reason in self._zh.items())
        raise Invalid(f"{zh}。", dict(self._zh), "; ".join(self._en.values()))


def day(text: Raw, field: str) -> date:
    """Read a date between 1985 and 2100.

    Raises: Invalid naming the field: nothing given, not a date, a day that does not exist, another year.
    """
    shown = _given(text, field)
    year = _YEAR.match(fold(shown))
    if year is not None and not (len(year[1]) == 4 and FIRST_YEAR <= int(year[1]) <= LAST_YEAR):
        raise _wrong(
            field,
            f"“{shown}”的年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。专利法自1985年施行，2100年以后的节假日无从推算。"
            "请核对年份后修改",
            f"the year of '{shown}' is not between {FIRST_YEAR} and {LAST_YEAR}; correct the year",
        )
    try:
        return parse_date(shown)
    except DateError as error:
        en = (
            f"'{shown}' is no day of the calendar; check month and day"
            if "不存在" in error.reason
            else f"'{shown}' is not a date; write it as 2019-07-09"
        )
        raise _wrong(field, error.reason.rstrip("。"), en) from error


def amount(text: Raw, field: str) -> int:
    """Read an amount and return it in fen.

    A bare whole number is fen. With a unit (分, 元, 万, 万元, 亿, also ¥) it is what it says. A bare number with
    a decimal point, a negative one and a fraction of a fen are refused.

    Raises: Invalid naming the field.
    """
    shown = _given(text, field)
    folded = fold(shown)
    if _NEGATIVE.match(folded):
        raise _wrong(
            field,
            f"金额“{shown}”为负数。金额不能小于零，请核对后修改",
            f"'{shown}' is negative; an amount is not",
        )
    if _BARE_POINT.match(folded):
        raise _wrong(
            field,
            f"“{shown}”带小数点而没有单位，无法判断是元还是万元。{_EXAMPLE_ZH}",
            f"'{shown}' has a decimal point and no unit; {_EXAMPLE_EN}",
        )
    cents = _CENTS.match(folded)
    if cents is not None and cents[2] is not None:
        raise _wrong(
            field,
            f"“{shown}”不足一分。分须为整数，请修改",
            f"'{shown}' holds a fraction of a fen; fen are whole",
        )
    bare = cents[1] if cents else folded
    if _WHOLE.match(bare) or _GROUPED.match(bare):
        return _fen(bare, shown, field)
    try:
        return parse_yuan(shown)
    except MoneyError as error:
        reason = error.reason.rstrip("。").replace(
            "请填写以元为单位的金额，例如 1,200,000.50 或 120万", _EXAMPLE_ZH
        )
        raise _wrong(field, reason, f"'{shown}' is not an amount; {_EXAMPLE_EN}") from error


def whole(text: Raw, field: str, low: int, high: int) -> int:
    """Read a whole number from `low` to `high`, both included.

    Raises: Invalid naming the field.
    """
    shown = _given(text, field)
    folded = fold(shown)
    number = int(folded) if _WHOLE.match(folded) and len(folded) < 20 else None
    if number is None or not low <= number <= high:
        raise _wrong(
            field,
            f"“{shown}”须为 {low} 至 {high} 之间的整数，请修改",
            f"'{shown}' must be a whole number from {low} to {high}",
        )
    return number


def choice(
    text: Raw,
    field: str,
    options: Iterable[str],
    *,
    aliases: Mapping[str, str] | None = None,
    default: str | None = None,
) -> str:
    """Read one of the options, in any case of letters; `aliases` are further words, for instance 发明.

    Raises: Invalid naming the field and the options.
    """
    known = tuple(options)
    if _blank(text) and default is not None:
        return default
    shown = _given(text, field)
    words = {**{fold(option): option for option in known}, **{fold(k): v for k, v in (aliases or {}).items()}}
    found = words.get(fold(shown))
    if found is None:
        raise _wrong(
            field,
            f"“{shown}”不在可选范围内，请从以下各项中选择：{'、'.join(known)}",
            f"'{shown}' is none of: {', '.join(known)}",
        )
    return found


def book(layers: Raw, field: str = "layers") -> RuleBook:
    """Return the rulebook of comma-separated pack names; `national,house` if none is given.

    Raises: Invalid naming the field, if a pack is unknown or cannot be used.
    """
    from cases.rulebooks import book_of, own_packs, shipped  # noqa: PLC0415  start-up time

    text = DEFAULT_LAYERS if _blank(layers) else str(layers)
    for name in filter(None, (part.strip() for part in re.split("[,，、]", text))):
        if not _LAYER.match(name):
            raise _wrong(
                field,
                f"“{name[:40]}”不是规则包名称，名称只含文字、数字和连字符",
                f"'{name[:40]}' is no name of a rule pack",
            )
        if name not in shipped() and name not in own_packs():
            raise _wrong(
                field,
                f"没有名为“{name}”的规则包，现有：{'、'.join(shipped())}",
                f"there is no rule pack '{name}'; there are: {', '.join(shipped())}",
            )
    try:
        return book_of(re.sub("[，、]", ",", text))
    except PackError as error:
        raise _wrong(
            field, str(error).rstrip("。"), f"the rule packs '{text}' cannot be used: {error}"
        ) from error


def _blank(text: Raw) -> bool:
    return text is None or not str(text).strip()


def _given(text: Raw, field: str) -> str:
    """Return the text as it is shown to the person again: at most 60 characters, nothing invisible.

    Raises: Invalid if nothing was given.
    """
    shown = "" if text is None else "".join(char for char in str(text).strip() if char.isprintable())
    if not shown:
        raise _wrong(field, "未填写，请填写后重试", "is missing")
    if len(shown) > 60:
        raise _wrong(field, f"“{shown[:20]}…”过长，请核对后修改", "is too long")
    return shown


def _fen(digits: str, shown: str, field: str) -> int:
    plain = digits.replace(",", "")
    if len(plain) > 20 or int(plain) > LARGEST_FEN:
        raise _wrong(
            field, f"金额“{shown}”超过 9999 亿元的上限，请核对单位", f"'{shown}' is above the largest amount"
        )
    return int(plain)


def _wrong(field: str, zh: str, en: str) -> Invalid:
    return Invalid(f"{field}：{zh}。", {field: f"{zh}。"}, f"{field}: {en}")
