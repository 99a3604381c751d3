"""The figures in a text: amounts, dates, periods, percentages, patent numbers; and which term each one is.

In: texts before and after, and the terms. Out: what was changed, by the name of the term. Figures and their Chinese
forms are one value: 120万元, ¥1,200,000.00 and 壹佰贰拾万元整 are the same amount.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from contracts.fields import FormField, form_fields, terms_to_form
from contracts.view import CaseView
from rules.money import format_yuan, percent

FigureKind = Literal["amount", "percent", "date", "period", "patent", "party", "number"]
KINDS_ZH: Mapping[FigureKind, tuple[str, str]] = {
    "amount": ("金额", "Amount"), "percent": ("比例", "Percentage"), "date": ("日期", "Date"),
    "period": ("期限", "Period"), "patent": ("专利号", "Patent number"), "party": ("当事人", "Party"),
    "number": ("数值", "Number"),
}  # fmt: skip
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_DIGITS |= {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_HAN = "零〇一二两三四五六七八九十百千万亿"
_CAPITAL = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its kind, a value that equals in every way of writing, and how it is written."""

    kind: FigureKind
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Term:
    """A value of the terms as it may stand in the text. `field` is its dotted name on the form of terms."""

    field: str
    label: str
    label_en: str
    figure: Figure


def han_number(text: str) -> int | None:
    """Return the number that Chinese characters write: 三十 is 30, 壹佰贰拾万 is 1,200,000."""
    total = part = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character] if digit and character != "零" else _DIGITS[character]
        elif character in _PLACES:
            part += (digit or 1) * _PLACES[character]
            digit = 0
        elif character in _BIG:
            total = (
                (total + part + digit) * _BIG[character]
                if character == "亿"
                else total + (part + digit) * 10_000
            )
            part = digit = 0
        else:
            return None
    return total + part + digit


def _amount(found: re.Match[str]) -> str:
    figures, unit = found["figures"].replace(",", ""), found["unit"] or ""
    yuan = Decimal(figures) * (10_000 if "万" in unit else 100_000_000 if "亿" in unit else 1)
    return str(int(yuan * 100))


def _capitals(found: re.Match[str]) -> str | None:
    whole = han_number(found["whole"])
    if whole is None:
        return None
    fen = sum(_DIGITS.get(found[name] or "零", 0) * size for name, size in (("jiao", 10), ("fen", 1)))
    return str(whole * 100 + fen)


def _date(found: re.Match[str]) -> str | None:
    year, month, day = (int(found[name]) for name in ("y", "m", "d"))
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _han_period(found: re.Match[str]) -> str | None:
    count = int(found["n"]) if found["n"].isdecimal() else han_number(found["n"])
    return None if count is None else f"{count}{_UNITS.get(found['unit'], found['unit'])}"


def _percent(found: re.Match[str]) -> str | None:
    return _plain(Decimal(found["n"]) * {"%": 100, "‰": 10}[found["unit"]])


def _han_percent(found: re.Match[str]) -> str | None:
    count = int(found["n"]) if found["n"].isdecimal() else han_number(found["n"])
    return None if count is None else _plain(Decimal(count * {"百": 100, "千": 10, "万": 1}[found["of"]]))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _patent(found: re.Match[str]) -> str:
    return re.sub(r"\W|^ZL", "", found[0].upper())


def _number(found: re.Match[str]) -> str:
    return _plain(Decimal(found[0].replace(",", "")))


_UNITS = {"天": "日", "周": "周", "星期": "周", "个工作日": "工作日", "月": "个月"}
_KINDS: tuple[tuple[FigureKind, re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    ("patent", re.compile(r"(?:ZL)?(?:19|20)\d{2}[1-389]\d{7}(?:\.?[\dX])|ZL\d{8}\.?[\dX]", re.I), _patent),
    (
        "date",
        re.compile(r"(?P<y>\d{4})\s*(?:年|-|/|\.)\s*(?P<m>\d{1,2})\s*(?:月|-|/|\.)\s*(?P<d>\d{1,2})\s*日?"),
        _date,
    ),
    ("percent", re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>[%‰])"), _percent),
    ("percent", re.compile(rf"(?P<of>[百千万])分之(?P<n>[{_HAN[:-2]}]+|\d+)"), _han_percent),
    (
        "amount",
        re.compile(r"[¥￥]\s*(?P<figures>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>万元|亿元|元|万|亿)?"),
        _amount,
    ),
    ("amount", re.compile(r"(?P<figures>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>万元|亿元|元)"), _amount),
    ("amount", re.compile(r"(?P<figures>\d{1,3}(?:,\d{3})+\.\d{2})(?P<unit>)"), _amount),
    (
        "amount",
        re.compile(
            rf"(?P<whole>[{_CAPITAL}]+)[元圆](?:(?P<jiao>[{_CAPITAL}])角)?零?(?:(?P<fen>[{_CAPITAL}])分)?整?"
        ),
        _capitals,
    ),
    (
        "period",
        re.compile(rf"(?P<n>[{_HAN}]+|\d+)\s*(?P<unit>个工作日|工作日|日|天|个月|周|星期|年(?!度|\d))(?!\d)"),
        _han_period,
    ),
    ("number", re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?"), _number),
)


def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in the order in which they stand."""
    taken: list[tuple[int, int, Figure]] = []
    for kind, pattern, value_of in _KINDS:
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(start < last and first < end for first, last, _ in taken):
                continue
            value = value_of(found)
            if value is not None:
                taken.append((start, end, Figure(kind, value, found[0].strip())))
    return tuple(figure for _, _, figure in sorted(taken, key=lambda one: one[0]))


def changed_figures(before: str, after: str) -> Iterator[tuple[Figure | None, Figure | None]]:
    """Yield the figures that a change took out and put in, paired kind by kind in their order.

    An amount in figures and in capitals is told once, unless the two no longer agree.
    """
    old, new = figures_in(before), figures_in(after)
    gone = _less(old, new)
    come = _less(new, old)
    for kind in KINDS_ZH:
        left = [f for f in gone if f.kind == kind]
        right = [f for f in come if f.kind == kind]
        for n in range(max(len(left), len(right))):
            yield (left[n] if n < len(left) else None, right[n] if n < len(right) else None)


def _less(some: Sequence[Figure], others: Sequence[Figure]) -> list[Figure]:
    """Return the figures of which there are more in the first than in the second; equal values once."""
    counted = Counter((f.kind, f.value) for f in others)
    own = Counter((f.kind, f.value) for f in some)
    found: dict[tuple[str, str], Figure] = {}
    for figure in some:
        key = (figure.kind, figure.value)
        if own[key] > counted[key]:
            found.setdefault(key, figure)
    return list(found.values())


def terms_in(view: CaseView) -> tuple[Term, ...]:
    """Return the values of a case's terms, patents and parties as they may stand in the contract."""
    form = terms_to_form(view.terms)
    found = [term for field in form_fields(type(view.terms)) for term in _terms_of(field, form)]
    for n, patent in enumerate(view.patents, 1):
        number = patent.patent_no or patent.application_no
        found += [
            Term("", f"专利{n}", f"Patent {n}", figure)
            for figure in figures_in(number)
            if figure.kind == "patent"
        ]
    return tuple(found)


_READ: Mapping[str, FigureKind] = {"money": "amount", "percent": "percent", "date": "date", "int": "number"}


def _terms_of(field: FormField, form: Mapping[str, Any]) -> Iterator[Term]:
    if field.columns:
        for n, row in enumerate(form.get(field.name) or []):
            told = next((str(v) for k, v in row.items() if k in ("label", "name")), f"第{n + 1}行")
            for column in field.columns:
                for figure in _figure(column, row.get(column.name, "")):
                    label = f"{field.label_zh} {told} {column.label_zh}"
                    yield Term(
                        f"{field.name}.{n}.{column.name}",
                        label,
                        f"{field.label_en}, row {n + 1}, {column.label_en}",
                        figure,
                    )
        return
    for figure in _figure(field, form.get(field.name, "")):
        yield Term(field.name, field.label_zh, field.label_en, figure)


def _figure(field: FormField, value: object) -> Iterator[Figure]:
    kind = _READ.get(field.widget)
    if kind is None or not isinstance(value, str) or not value:
        return
    text = f"¥{value}" if kind == "amount" else value
    for figure in figures_in(text)[:1]:
        yield figure
        if kind == "number" and field.unit in ("日", "天", "年", "个月", "工作日"):
            yield Figure("period", f"{figure.value}{_UNITS.get(field.unit, field.unit)}", figure.shown)


# Small numbers and periods stand in many places: they are a term only where the text speaks of it.
_COMMON: frozenset[FigureKind] = frozenset({"period", "number", "percent"})
_EMPTY_WORDS = frozenset({"期限", "日期", "金额", "比例", "天数"})


def term_for(figure: Figure, text: str, terms: Sequence[Term]) -> Term | None:
    """Return the term that a figure in a text is; of several with the same value the one whose name the text says."""
    same = [t for t in terms if (t.figure.kind, t.figure.value) == (figure.kind, figure.value)]
    said = [_said(term.label, text) for term in same]
    best = max(said, default=0)
    if not same or (figure.kind in _COMMON and best == 0):
        return None
    return same[said.index(best)]


def _said(label: str, text: str) -> int:
    """Return how much of a label a text says, in pairs of characters."""
    pairs = {label[n : n + 2] for n in range(len(label) - 1)} - _EMPTY_WORDS
    return sum(pair in text for pair in pairs)


def shown_value(figure: Figure) -> str:
    """Return a figure as it is compared side by side: amounts and percentages in one form."""
    if figure.kind == "amount":
        return format_yuan(int(figure.value))
    if figure.kind == "percent" and Decimal(figure.value) == int(Decimal(figure.value)):
        return percent(int(Decimal(figure.value)))
    return figure.shown
