"""The annual fee of one patent year: what to pay on a given day, and how that came about.

In: kind, filing date, patent year, day of payment; what is known of reduction, grant, open license and earlier
payments. Out: a frozen `FeeDue` with amounts in fen, the window of days in which they hold, notes and a
derivation tree. The dates are those of `rules.fee_years`, the numbers those of `rules.fee_assessment`.

Source: 专利法实施细则 (2023) art 114, 115; 专利审查指南 part 5 ch 2 §3, ch 9 §4.2
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.derivation import Derivation
from rules.fee_assessment import Assessment, Payment, Question, Window, assess, bracket_of
from rules.fee_explained import derive, notes_on
from rules.fee_tables import FeeTables
from rules.fee_words import DAY, Note
from rules.fee_years import FeeError, last_year_of, year_of, year_start
from rules.packs import RuleBook

__all__ = [
    "FeeDue", "FeeError", "Note", "Payment", "Window", "fee_due", "last_year_of", "year_of", "year_start",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeeDue:
    """An annual fee on a day; amounts in fen, `total_fen` is fee plus surcharge.

    `reduction` is the one that was applied: none, 70, 85 or open_license. `bracket` is 0%, 5% … 25% or lapsed;
    `window` holds the days on which fee and surcharge stay as they are; its `last` is None if there is no end.
    `nominal` is the due date before, `due` after it moved on from a rest day, `grace_end` the last day for a
    late payment.

    `status`: registration (grant year, paid with the registration: no surcharge, `due` is the day of the grant,
    or the last day on which it can be), not_open (before the year that ends with the due date), on_time,
    grace, paid (earlier payments reached what was owed, `judged_on` is that day), lapsed (the right ended on
    the due date; the amounts are those of the restoration, without its own fee).

    `still_due_fen` is what is left after earlier payments, `refundable_fen` what was paid too much.
    """

    kind: str
    filed: date
    year: int
    paid_on: date
    judged_on: date
    full_fen: int
    reduction: str
    fee_fen: int
    surcharge_fen: int
    total_fen: int
    bracket: str
    window: Window
    nominal: date
    due: date
    grace_end: date
    status: str
    provisional: bool
    paid_fen: int
    still_due_fen: int
    refundable_fen: int
    notes: tuple[Note, ...]
    derivation: Derivation


def fee_due(
    kind: str,
    filed: date,
    year: int,
    paid_on: date,
    *,
    book: RuleBook,
    reduction: str = "none",
    grant_date: date | None = None,
    open_license: bool = False,
    payments: Sequence[Payment] = (),
) -> FeeDue:
    """Return the annual fee of a patent year as it stands on the day of payment.

    The fee table, the reductions and the surcharge steps are those in force on the day that is judged. The
    surcharge is taken from the full fee, also for a reduced fee. A reduction of 70 or 85 % reaches the grant year
    and the nine years after it; without a grant date it is taken as granted. Of a reduction and that of an open
    license the better one counts, never both. `payments` are earlier ones for the same year, fee and surcharge
    together, in order of time; each is judged in the bracket of its own day.

    Raises: FeeError naming the argument that is wrong.
    Source: 专利审查指南 part 5 ch 9 §4.2.1.3, ch 2 §3.1; ch 11 §8
    """
    question = Question(
        kind, filed, year, paid_on, reduction, grant_date, open_license, tuple(payments)
    )  # fmt: skip
    return told(assess(FeeTables(book), question), book)


def told(found: Assessment, book: RuleBook) -> FeeDue:
    """Put an assessment into words."""
    asked, price, dates = found.question, found.price, found.dates
    registered = asked.grant_date or year_start(asked.filed, 2) - DAY
    return FeeDue(
        kind=asked.kind,
        filed=asked.filed,
        year=asked.year,
        paid_on=asked.paid_on,
        judged_on=found.judged_on,
        full_fen=price.full.row.fee_fen,
        reduction=price.reduction.row.code if price.reduction else "none",
        fee_fen=price.fee_fen,
        surcharge_fen=price.surcharge_fen,
        total_fen=price.total_fen,
        bracket=bracket_of(price),
        window=price.place.window,
        nominal=dates.nominal if dates else registered,
        due=dates.due if dates else registered,
        grace_end=dates.grace_end if dates else registered,
        status=found.status,
        provisional=dates is not None and dates.provisional,
        paid_fen=found.paid_fen,
        still_due_fen=found.still_due_fen,
        refundable_fen=found.refundable_fen,
        notes=notes_on(found, book),
        derivation=derive(found, book),
    )
