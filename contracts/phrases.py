"""Single values in the words that every paper uses: amounts, dates, choices, notes of several lines.

A value that is not known becomes ／ in tables and a blank line in running text.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from contracts.fields import Option, Terms, form_fields, terms_to_form
from rules.dates import chinese_date
from rules.money import capitals, format_yuan, percent

NONE = "／"
BLANK = "＿＿＿＿＿＿＿＿"
BLANK_DATE = "＿＿＿＿年＿＿月＿＿日"


def money(fen: int) -> str:
    """Write an amount in figures and in capitals: ¥1,200,000.00（大写：人民币壹佰贰拾万元整）."""
    return f"¥{format_yuan(fen)}（大写：人民币{capitals(fen)}）"


def money_or_none(fen: int) -> str:
    """Write an amount, or the empty text for zero."""
    return money(fen) if fen else ""


def day(value: date | None, missing: str = BLANK_DATE) -> str:
    """Write a date, or a line to fill it in."""
    return chinese_date(value) if value is not None else missing


def iso(value: date | None) -> str:
    """Write a date as 2026-03-01, or ／."""
    return value.isoformat() if value is not None else NONE


def cell(value: object) -> str:
    """Write a table cell: the text, or ／ if there is none."""
    text = "" if value is None else str(value)
    return text or NONE


def joined(note: str) -> str:
    """Write a note of several lines as one running text, without a stop at its end."""
    return "；".join(lines(note))


def lines(note: str) -> list[str]:
    """Return the lines of a note without the stops at their ends."""
    return [line.rstrip("。；") for line in note.splitlines()]


def sentences(clauses: Iterable[str]) -> list[str]:
    """Return each clause with one full stop at its end."""
    return [clause.rstrip("。") + "。" for clause in clauses]


def label(options: Sequence[Option], value: str) -> str:
    """Return the Chinese label of an option."""
    return {option.value: option.zh for option in options}[value]


def per_ten_thousand(bp: int) -> str:
    """Write a daily rate: 0.05%（万分之5）."""
    return f"{percent(bp)}（万分之{bp}）"


def rows_of(terms: Terms, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return fields of terms as a paper shows them: (label, value), in the order of the model."""
    shown, wanted = terms_to_form(terms), frozenset(names)
    return tuple(
        (
            field.label_zh,
            next((o.zh for o in field.options if o.value == shown[field.name]), str(shown[field.name])),
        )
        for field in form_fields(type(terms))
        if field.name in wanted
    )
