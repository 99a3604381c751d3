"""Annual fees as questions: what one year's fee comes to, the other official fees, a portfolio's forecast.

In: the texts a person typed; for the forecast a `Forecast` read from the record. Out: plain JSON values, amounts
in fen, dates ISO.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from cases.errors import Invalid
from desk.answers.parsing import FIRST_YEAR, LAST_YEAR, Faults, Raw, book
from rules.annual_fees import FeeDue, FeeError, Payment, fee_due
from rules.dates import DateError, parse_date
from rules.fee_forecast import NOTES, PAYERS, REASONS, Forecast, ForecastRow, LeftOut, MonthSum
from rules.fee_tables import KINDS, LONGEST
from rules.fee_words import Note
from rules.other_fees import official_fees
from rules.packs import RuleBook
from rules.patent_numbers import display_number
from rules.text import fold

KIND_WORDS = {
    "发明": "invention",
    "发明专利": "invention",
    "实用新型": "utility",
    "外观设计": "design",
    "外观": "design",
}
REDUCTIONS = ("none", "70", "85")
REDUCTION_WORDS = {"不减缴": "none", "无": "none", "0": "none", "70%": "70", "85%": "85"}
MOST_MONTHS = 120
_WHOLE = re.compile(r"^-?\d{1,6}$", re.ASCII)


def due(
    kind: Raw,
    filed: Raw,
    year: Raw,
    paid_on: Raw,
    *,
    reduction: Raw = None,
    granted: Raw = None,
    open_license: bool = False,
    payments: Sequence[str] = (),
    layers: Raw = None,
) -> dict[str, Any]:
    """Return what the annual fee of a patent year comes to on the day of payment.

    `payments` are earlier ones for the same year, each as DATE=AMOUNT (2026-05-20=925元), fee and surcharge
    together.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    asked = faults.choice(kind, "kind", KINDS, aliases=KIND_WORDS)
    filing_day = faults.day(filed, "filed")
    number = year_of_question(faults, year)
    payment_day = faults.day(paid_on, "paid_on")
    rate = faults.choice(reduction, "reduction", REDUCTIONS, aliases=REDUCTION_WORDS, default="none")
    grant_day = faults.optional_day(granted, "granted")
    earlier = [payment_of(faults, text) for text in payments]
    rules = rulebook(faults, layers)
    try:
        found = fee_due(
            asked, filing_day, number, payment_day, book=rules, reduction=rate, grant_date=grant_day,
            open_license=open_license, payments=sorted(earlier, key=lambda payment: payment.on),
        )  # fmt: skip
    except FeeError as error:
        raise refused(error) from error
    return due_json(found)


def rulebook(faults: Faults, layers: Raw) -> RuleBook:
    """Return the rulebook, as soon as nothing is wrong with any field.

    Raises: Invalid naming every wrong field, the rule packs among them.
    """
    found = faults.take(lambda: book(layers), None)
    faults.check()
    if found is None:
        raise Invalid("没有规则包", {"layers": "没有规则包"}, "no rule packs")
    return found


def refused(error: FeeError, **names: str) -> Invalid:
    """Return what the rules refuse as wrong input; `names` maps their arguments to fields of the question."""
    field = names.get(error.field, error.field)
    return Invalid(f"{field}：{error.zh}。", {field: f"{error.zh}。"}, f"{field}: {error.en}")


def year_of_question(faults: Faults, text: Raw) -> int:
    """Read a patent year; which years there are depends on kind and filing date, and is told with the reason."""
    shown = fold(str(text if text is not None else ""))
    return int(shown) if _WHOLE.match(shown) else faults.whole(text, "year", 1, LONGEST)


def payment_of(faults: Faults, text: str) -> Payment:
    """Read a payment, DATE=AMOUNT."""
    day, sign, amount = text.partition("=")
    if not sign:
        faults.add(
            "payments",
            f"“{text[:40]}”须写成 日期=金额，例如 2026-05-20=925元（年费和滞纳金合计）。",
            "write an earlier payment as DATE=AMOUNT",
        )
        return Payment(date.max, 0)
    return Payment(faults.day(day, "payments"), faults.amount(amount, "payments"))


def due_json(found: FeeDue) -> dict[str, Any]:
    """Return an annual fee as JSON values."""
    return {
        "kind": found.kind,
        "filed": found.filed.isoformat(),
        "year": found.year,
        "paid_on": found.paid_on.isoformat(),
        "status": found.status,
        "fee_fen": found.fee_fen,
        "surcharge_fen": found.surcharge_fen,
        "total_fen": found.total_fen,
        "bracket": found.bracket,
        "window": {
            "from": found.window.first.isoformat(),
            "to": found.window.last.isoformat() if found.window.last else None,
        },
        "due": found.due.isoformat(),
        "nominal": found.nominal.isoformat(),
        "grace_end": found.grace_end.isoformat(),
        "provisional": found.provisional,
        "full_fen": found.full_fen,
        "reduction": found.reduction,
        "judged_on": found.judged_on.isoformat(),
        "paid_fen": found.paid_fen,
        "still_due_fen": found.still_due_fen,
        "refundable_fen": found.refundable_fen,
        "notes": [_note(note) for note in found.notes],
        "derivation": found.derivation.answer(),
    }


def _note(note: Note) -> dict[str, str]:
    return {"code": note.code, "zh": note.zh, "en": note.en, "rule": note.rule_id}


def other(kind: Raw = None, *, on: Raw, layers: Raw = None) -> list[dict[str, Any]]:
    """Return the official fees beside the annual fee that hold on a day, of one kind of patent if asked.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    asked = faults.choice(kind, "kind", ("", *KINDS), aliases=KIND_WORDS, default="")
    day = faults.day(on, "on")
    rules = rulebook(faults, layers)
    return [
        {
            "key": row.key,
            "name": row.name_zh,
            "name_en": row.name_en,
            "kinds": list(row.kinds),
            "fee_fen": row.fee_fen,
            "per": row.per_zh,
            "per_en": row.per_en,
            "timer": row.timer,
            "reducible": row.reducible,
            "rule": row.rule,
            "valid_from": row.valid_from.isoformat(),
        }
        for row in official_fees(rules, day, asked)
    ]


def span(first: Raw, months: Raw, today: date) -> tuple[date, date]:
    """Return the first and last day of a forecast; `first` is a month (2026-11), this one if left out.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    begin = _month(faults, first, today)
    number = faults.whole(months, "months", 1, MOST_MONTHS)
    faults.check()
    year, month = divmod(begin.year * 12 + begin.month - 1 + number - 1, 12)
    if year > LAST_YEAR:
        text = f"预测到{year}年，超过{LAST_YEAR}年，请减少月数"
        raise Invalid(f"months：{text}。", {"months": f"{text}。"}, "the forecast goes beyond 2100")
    return begin, date(year, month + 1, monthrange(year, month + 1)[1])


def _month(faults: Faults, text: Raw, today: date) -> date:
    if text is None or not str(text).strip():
        return today.replace(day=1)
    shown = fold(str(text)).rstrip("月").replace("年", "-").replace("/", "-").replace(".", "-")
    try:
        found = parse_date(f"{shown}-01") if shown.count("-") == 1 else parse_date(shown)
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found.replace(day=1)
    except DateError:
        pass
    faults.add(
        "from",
        f"“{str(text)[:40]}”不是{FIRST_YEAR}至{LAST_YEAR}年间的月份，请写成 2026-11 这样的年月。",
        "write the first month as 2026-11",
    )
    return today.replace(day=1)


def forecast_json(found: Forecast, *, by: str) -> dict[str, Any]:
    """Return a forecast as JSON values: sums by `month` and payer, or every fee by `patent`; and what was left out."""
    told: dict[str, Any] = {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "paid_on": found.pay_on.isoformat(),
        "by": by,
        "patents": found.patents,
        "fees": len(found.rows),
        "fee_fen": sum(row.fee_fen for row in found.rows),
        "surcharge_fen": sum(row.surcharge_fen for row in found.rows),
        "total_fen": found.total_fen,
        "rows": [_sum(one) for one in found.sums] if by == "month" else [_row(row) for row in found.rows],
        "notes": _counted_notes(found),
        "left_out": [_left_out(out) for out in found.left_out],
    }
    return told


def _sum(one: MonthSum) -> dict[str, Any]:
    return {
        "month": one.month,
        "payer": one.payer,
        "payer_zh": one.payer_zh,
        "payer_en": one.payer_en,
        "count": one.count,
        "fee_fen": one.fee_fen,
        "surcharge_fen": one.surcharge_fen,
        "total_fen": one.total_fen,
    }


def _row(row: ForecastRow) -> dict[str, Any]:
    return {
        "patent": row.patent_id,
        "number": display_number(row.number),
        "title": row.title,
        "kind": row.kind,
        "year": row.year,
        "due": row.due.isoformat(),
        "month": row.month,
        "pay_on": row.pay_on.isoformat(),
        "overdue": row.overdue,
        "full_fen": row.full_fen,
        "reduction": row.reduction,
        "fee_fen": row.fee_fen,
        "surcharge_fen": row.surcharge_fen,
        "total_fen": row.total_fen,
        "bracket": row.bracket,
        "payer": row.payer,
        "payer_zh": row.payer_zh,
        "payer_en": row.payer_en,
        "surcharge_payer": row.surcharge_payer if row.surcharge_fen else "",
        "surcharge_payer_zh": PAYERS.get(row.surcharge_payer, PAYERS[""])[0] if row.surcharge_fen else "",
        "provisional": row.provisional,
        "notes": list(row.notes),
    }


def _counted_notes(found: Forecast) -> list[dict[str, Any]]:
    counts = Counter(note for row in found.rows for note in set(row.notes))
    return [
        {"code": code, "zh": zh, "en": en, "fees": counts[code]}
        for code, (zh, en) in NOTES.items()
        if counts[code]
    ]


def _left_out(out: LeftOut) -> dict[str, Any]:
    zh, en = REASONS[out.reason]
    return {
        "patent": out.patent_id,
        "number": display_number(out.number),
        "title": out.title,
        "reason": out.reason,
        "zh": zh,
        "en": en,
    }
