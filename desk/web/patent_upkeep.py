"""What a patent's page says of its dates and annual fees: clocks, the coming fees, and what is recorded of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from cases.fee_forecast import forecast_of
from cases.patent_fees import FeeData, fee_data_of
from cases.patents import PatentView
from desk.web import labels
from desk.web.derivations import Why, why
from desk.web.desk_state import Visit
from desk.web.forms import Field
from desk.web.i18n import Words
from rules.fee_forecast import NOTES, PAYERS, REASONS, ForecastRow
from rules.packs import RuleBook
from rules.patent_clock import Clock, ClockFacts, clocks

AHEAD = timedelta(days=3 * 366)
SHOWN_FEES = 3
NOT_SAID = "unsaid"  # a choice that stands for an empty value


@dataclass(frozen=True, slots=True)
class DatedClock:
    """A clock with how it came about and the days left."""

    clock: Clock
    why: Why | None
    days_left: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """`ahead` are clocks still running and the open fee, `past` those that ended without a record of the act."""

    ahead: tuple[DatedClock, ...]
    past: tuple[DatedClock, ...]
    fees: tuple[ForecastRow, ...]
    notes: tuple[str, ...]
    left_out: str
    recorded: FeeData
    fields: tuple[Field, ...]


def upkeep_of(
    session: Session,
    visit: Visit,
    patent: PatentView,
    book: RuleBook,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Upkeep:
    """Return the block; `typed` and `errors` are those of a form that was refused."""
    words, today = visit.words, visit.today
    recorded = fee_data_of(session, visit.person.org_id, patent.id)
    facts = ClockFacts(
        patent.kind, patent.status, patent.filing_date, patent.grant_date,
        funded="state_funded" in patent.flags, fee_paid_year=recorded.paid_year,
    )  # fmt: skip
    every = [_dated(clock, words, today) for clock in clocks(facts, book, today)]
    running = [one for one in every if one.days_left >= 0 or one.clock.year is not None]
    found = forecast_of(
        session, visit.person.org_id, today.replace(day=1), today + AHEAD, today=today, patent_id=patent.id
    )
    notes = dict.fromkeys(note for row in found.rows for note in row.notes)
    return Upkeep(
        ahead=tuple(running),
        past=tuple(one for one in every if one not in running),
        fees=tuple(found.rows[:SHOWN_FEES]),
        notes=tuple(words.pick(*NOTES[note]) for note in notes),
        left_out="；".join(words.pick(*REASONS[out.reason]) for out in found.left_out),
        recorded=recorded,
        fields=_fields(recorded, words, typed or {}, errors or {}),
    )


def stored_values(typed: Mapping[str, str]) -> dict[str, object]:
    """Return what a form says as the record keeps it."""
    return {name: "" if value == NOT_SAID else value for name, value in typed.items()}


def _dated(clock: Clock, words: Words, today: date) -> DatedClock:
    tree = clock.deadline.derivation.as_json()
    return DatedClock(clock, why(tree, words), (clock.deadline.due - today).days)


def _fields(
    recorded: FeeData, words: Words, typed: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    reductions = [(NOT_SAID, words("按权利人推定")),
                  *((key, words.pick(*label)) for key, label in labels.REDUCTION.items())]  # fmt: skip
    payers = [
        (NOT_SAID, words("按本单位规则")),
        *((key, words.pick(*label)) for key, label in PAYERS.items() if key),
    ]
    year = "" if recorded.paid_year is None else str(recorded.paid_year)
    return (
        Field("fee_paid_year", words("已缴至第几年度"), help=words("不清楚的留空，按已缴至当前年度推算"),
              value=typed.get("fee_paid_year", year), error=errors.get("fee_paid_year", "")),
        Field("fee_reduction", words("费用减缴"), "select", options=tuple(reductions),
              value=typed.get("fee_reduction", recorded.reduction or NOT_SAID), error=errors.get("fee_reduction", "")),
        Field("fee_payer", words("年费由谁缴纳"), "select", options=tuple(payers),
              value=typed.get("fee_payer", recorded.payer or NOT_SAID), error=errors.get("fee_payer", "")),
    )  # fmt: skip
