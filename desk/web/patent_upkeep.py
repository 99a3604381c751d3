"""What a patent's page says of its dates and annual fees: clocks, the coming fees, and what is recorded of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from cases import views
from cases.db import cursor_of
from cases.fee_forecast import forecast_of
from cases.patent_dates import KEYS
from cases.patent_fees import FeeData, fee_data_of
from cases.patents import PatentView
from cases.reminder_proof import ToldOnce, proofs
from cases.use_facts import known_of
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
class Watched:
    """A date of the patent that is reminded of, or was, with the reminders that went out."""

    date: views.DeadlineView
    why: Why | None
    told: tuple[ToldOnce, ...]


@dataclass(frozen=True, slots=True)
class DatedClock:
    """A clock with how it came about and the days left; `watched` if it is kept as a date and reminded of."""

    clock: Clock
    why: Why | None
    days_left: int
    watched: Watched | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """`ahead` are clocks still running and the open fee, `past` those that ended without a record of the act.

    `open` are dates reminded of that no clock shows, `closed` those that are met, moved or dropped, the latest first.
    """

    ahead: tuple[DatedClock, ...]
    past: tuple[DatedClock, ...]
    open: tuple[Watched, ...]
    closed: tuple[Watched, ...]
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
    (known,) = known_of(cursor_of(session, session.get_bind().dialect.name == "postgresql"), [patent.id])
    facts = ClockFacts(
        patent.kind, patent.status, patent.filing_date, patent.grant_date,
        funded="state_funded" in patent.flags, fee_paid_year=recorded.paid_year, worked_on=known.worked_on,
    )  # fmt: skip
    watched = _watched(session, visit, patent.id)
    still = {one.date.key: one for one in watched if one.date.status == "open"}
    every = [_dated(clock, words, today, still.get(_key(clock))) for clock in clocks(facts, book, today)]
    shown = {one.watched.date.id for one in every if one.watched}
    running = [one for one in every if one.days_left >= 0 or one.clock.year is not None]
    found = forecast_of(
        session, visit.person.org_id, today.replace(day=1), today + AHEAD, today=today, patent_id=patent.id
    )
    notes = dict.fromkeys(note for row in found.rows for note in row.notes)
    return Upkeep(
        ahead=tuple(running),
        past=tuple(one for one in every if one not in running),
        open=tuple(one for one in still.values() if one.date.id not in shown),
        closed=tuple(one for one in reversed(watched) if one.date.status != "open"),
        fees=tuple(found.rows[:SHOWN_FEES]),
        notes=tuple(words.pick(*NOTES[note]) for note in notes),
        left_out="；".join(words.pick(*REASONS[out.reason]) for out in found.left_out),
        recorded=recorded,
        fields=_fields(recorded, words, typed or {}, errors or {}),
    )


def stored_values(typed: Mapping[str, str]) -> dict[str, object]:
    """Return what a form says as the record keeps it."""
    return {name: "" if value == NOT_SAID else value for name, value in typed.items()}


def _watched(session: Session, visit: Visit, patent_id: int) -> list[Watched]:
    org_id = visit.person.org_id
    found = views.deadlines(session, org_id, visit.today, patent_id=patent_id, open_only=False)
    told = proofs(
        cursor_of(session, session.get_bind().dialect.name == "postgresql"), org_id, [d.id for d in found]
    )
    return [Watched(d, why(d.derivation, visit.words), told.get(d.id, ())) for d in found]


def _key(clock: Clock) -> str:
    return f"{KEYS.get(clock.deadline.rule_id, '')}:{clock.year}"


def _dated(clock: Clock, words: Words, today: date, watched: Watched | None) -> DatedClock:
    tree = clock.deadline.derivation.as_json()
    return DatedClock(clock, why(tree, words), (clock.deadline.due - today).days, watched)


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
