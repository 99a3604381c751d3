"""Royalties from statements: what is due for each period, the yearly minimum, cap, credit, and what is still open.

In: the plan that a contract agrees, the statements as reported (the latest of each period), what has been paid. Out:
one frozen line per amount due, with its derivation. Amounts are fen, rates basis points; every amount is rounded once,
half up to the fen, by `rules.money.share_of`.

Order of a period: sales less deductions give the base; base times the rate of the contract year; the cap; the entry
fee credited. At the end of a contract year the least amount is made up, within the cap and without credit. What was
paid too much on one line is set off against the later ones.

Source: 民法典 art 846; the numbers are those of the contract
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.money import share_of

WHOLE_BP = 10_000
DEDUCTIONS: Mapping[str, tuple[str, str]] = {
    "returns": ("退货", "returns"),
    "allowances": ("折让", "allowances"),
    "freight": ("运输费", "freight"),
    "insurance": ("保险费", "insurance"),
    "packing": ("包装费", "packing"),
    "commission": ("销售佣金", "commissions"),
}
Refs = Mapping[str, Sequence[tuple[date, int]]]


@dataclass(frozen=True, slots=True)
class Period:
    """One period of reckoning: its number from 1, its contract year, its days, when it is reported and paid."""

    number: int
    year: int
    first: date
    last: date
    report_by: date
    due: date

    @property
    def ref(self) -> str:
        """What the payment of this period is called."""
        return f"royalty:{self.number}"


@dataclass(frozen=True, slots=True)
class Floor:
    """The least royalty of one contract year: its days and the amount for all of them."""

    year: int
    first: date
    last: date
    amount_fen: int

    @property
    def ref(self) -> str:
        """What the payment that makes it up is called."""
        return f"minimum:{self.year}"

    def after(self, free_until: date | None) -> int:
        """Return the least amount if the use was free until a day: by the days that are left, half up to the fen."""
        if free_until is None or free_until < self.first:
            return self.amount_fen
        left = max(0, (self.last - free_until).days)
        return share_of(self.amount_fen, left, (self.last - self.first).days + 1)


@dataclass(frozen=True, slots=True)
class RoyaltyPlan:
    """What a contract agrees: base, deductions, rates from contract year on, periods, yearly minimums, cap, credit.

    `late_bp` is the interest for late payment per day. `base` is the Chinese name of the base.
    """

    base: str
    deductions: tuple[str, ...]
    deduction_cap_bp: int | None
    rates: tuple[tuple[int, int], ...]
    periods: tuple[Period, ...]
    floors: tuple[Floor, ...]
    cap_fen: int | None
    credit_fen: int
    late_bp: int

    def rate_of(self, year: int) -> int:
        """Return the rate of a contract year."""
        return [rate for first, rate in self.rates if first <= year][-1]

    def period(self, number: int) -> Period | None:
        """Return a period by its number, or None."""
        return self.periods[number - 1] if 1 <= number <= len(self.periods) else None

    def floor_after(self, period: Period) -> Floor | None:
        """Return the minimum that is reckoned with this period: that of the contract year which it ends."""
        following = self.period(period.number + 1)
        if following is not None and following.year == period.year:
            return None
        return next((floor for floor in self.floors if floor.year == period.year), None)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON values."""
        return {
            "base": self.base, "deductions": list(self.deductions), "deduction_cap_bp": self.deduction_cap_bp,
            "rates": [list(rate) for rate in self.rates],
            "periods": [
                [p.number, p.year, *(d.isoformat() for d in (p.first, p.last, p.report_by, p.due))] for p in self.periods
            ],
            "floors": [[f.year, f.first.isoformat(), f.last.isoformat(), f.amount_fen] for f in self.floors],
            "cap_fen": self.cap_fen, "credit_fen": self.credit_fen, "late_bp": self.late_bp,
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "RoyaltyPlan":
        """Read what `as_json` wrote."""
        day = date.fromisoformat
        return cls(
            told["base"], tuple(told["deductions"]), told["deduction_cap_bp"],
            tuple((year, rate) for year, rate in told["rates"]),
            tuple(Period(n, year, *map(day, days)) for n, year, *days in told["periods"]),
            tuple(Floor(year, day(first), day(last), fen) for year, first, last, fen in told["floors"]),
            told["cap_fen"], told["credit_fen"], told["late_bp"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sold:
    """The sales of one product in a period, with what is taken off, by kind."""

    name: str
    gross_fen: int
    deducted: Mapping[str, int] = field(default_factory=dict)

    @property
    def net_fen(self) -> int:
        """What is left of the sales; nothing if more was taken off than sold."""
        return max(0, self.gross_fen - sum(self.deducted.values()))

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"name": self.name, "gross_fen": self.gross_fen, "deducted": dict(self.deducted)}


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of one period: its number and what was sold, product by product; none if nothing was."""

    period: int
    sold: tuple[Sold, ...]

    @property
    def gross_fen(self) -> int:
        """All sales."""
        return sum(one.gross_fen for one in self.sold)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"period": self.period, "sold": [one.as_json() for one in self.sold]}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Statement":
        """Read what `as_json` wrote; other keys are left alone."""
        return cls(
            told["period"], tuple(Sold(s["name"], s["gross_fen"], s["deducted"]) for s in told["sold"])
        )


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How the royalty of one period came about, before anything was paid.

    `taken_off_fen` is what counts as deducted, after the limit on deductions; `accrued_fen` base times rate, `counted_fen`
    what the cap leaves of it, `credited_fen` the part for which the entry fee stands, `due_fen` the rest.
    """

    period: Period
    statement: Statement
    taken_off_fen: int
    base_fen: int
    rate_bp: int
    accrued_fen: int
    counted_fen: int
    credited_fen: int
    due_fen: int


@dataclass(frozen=True, slots=True)
class MadeUp:
    """The difference to the least royalty of a contract year: what it is, what the year has brought, and the rest."""

    floor: Floor
    least_fen: int
    reached_fen: int
    due_fen: int
    due: date


@dataclass(frozen=True, slots=True)
class Line:
    """One amount due: what for (`ref`), the day, what has come in, what an overpayment stands for, what is open."""

    ref: str
    due: date
    due_fen: int
    paid_fen: int
    set_off_fen: int
    open_fen: int
    made_of: Reckoned | MadeUp

    @property
    def asked_fen(self) -> int:
        """What has to come in for it."""
        return self.due_fen - self.set_off_fen


@dataclass(frozen=True, slots=True)
class Account:
    """All lines in the order in which they fall due, and what has been paid too much in the end."""

    plan: RoyaltyPlan
    lines: tuple[Line, ...]
    overpaid_fen: int

    @property
    def due_fen(self) -> int:
        """All that is due."""
        return sum(line.due_fen for line in self.lines)

    @property
    def open_fen(self) -> int:
        """All that is still to come in."""
        return sum(line.open_fen for line in self.lines)

    @property
    def counted_fen(self) -> int:
        """All that counts towards the cap: royalties with what was credited, and what made a minimum up."""
        return sum(_counted(line.made_of) for line in self.lines)

    def line(self, ref: str) -> Line | None:
        """Return the line of a payment, or None."""
        return next((line for line in self.lines if line.ref == ref), None)


def reckon(
    plan: RoyaltyPlan,
    statements: Iterable[Statement],
    paid: Refs | None = None,
    free_until: date | None = None,
) -> Account:
    """Return the account of the periods that have been reported, each by its last statement.

    `paid` tells, by ref, the receipts as (day, amount). `free_until` is the last day of a free use that went on into
    the time for which royalties are paid.

    Raises: ValueError if a statement names no period of the plan.
    """
    latest = {statement.period: statement for statement in statements}
    made: list[Reckoned | MadeUp] = []
    for number in sorted(latest):
        period = plan.period(number)
        if period is None:
            raise ValueError(f"no period {number}")
        made.append(_reckoned(plan, period, latest[number], made))
        floor = plan.floor_after(period)
        if floor is not None:
            made.append(_made_up(plan, floor, period, made, free_until))
    lines, overpaid = _settled(made, paid or {})
    return Account(plan, lines, overpaid)


def base_of(plan: RoyaltyPlan, statement: Statement) -> tuple[int, int]:
    """Return what counts as deducted and the base; all deductions together stay within their limit."""
    agreed = sum(
        fen for one in statement.sold for kind, fen in one.deducted.items() if kind in plan.deductions
    )
    gross = statement.gross_fen
    most = gross if plan.deduction_cap_bp is None else share_of(gross, plan.deduction_cap_bp, WHOLE_BP)
    taken_off = min(agreed, most)
    return taken_off, gross - taken_off


def late_interest(
    fen: int, late_bp: int, due: date, on: date, received: Sequence[tuple[date, int]] = ()
) -> int:
    """Return the interest on an amount due on a day: each part by the days that it came in late, the rest until `on`.

    The day of payment itself is not late; each part is rounded half up to the fen.
    """
    total, left = 0, fen
    for day, amount in sorted(received):
        part = min(amount, left)
        left -= part
        total += _interest(part, late_bp, due, min(day, on))
    return total + _interest(left, late_bp, due, on)


def _interest(fen: int, late_bp: int, due: date, on: date) -> int:
    return share_of(fen, late_bp * max(0, (on - due).days), WHOLE_BP)


def _counted(made: Reckoned | MadeUp) -> int:
    return made.counted_fen if isinstance(made, Reckoned) else made.due_fen


def _room(plan: RoyaltyPlan, made: Sequence[Reckoned | MadeUp], wanted: int) -> int:
    """Return what the cap leaves of an amount."""
    return wanted if plan.cap_fen is None else min(wanted, plan.cap_fen - sum(map(_counted, made)))


def _reckoned(
    plan: RoyaltyPlan, period: Period, statement: Statement, made: Sequence[Reckoned | MadeUp]
) -> Reckoned:
    taken_off, base = base_of(plan, statement)
    rate = plan.rate_of(period.year)
    accrued = share_of(base, rate, WHOLE_BP)
    counted = _room(plan, made, accrued)
    used = sum(one.credited_fen for one in made if isinstance(one, Reckoned))
    credited = min(plan.credit_fen - used, counted)
    return Reckoned(period, statement, taken_off, base, rate, accrued, counted, credited, counted - credited)


def _made_up(
    plan: RoyaltyPlan,
    floor: Floor,
    period: Period,
    made: Sequence[Reckoned | MadeUp],
    free_until: date | None,
) -> MadeUp:
    reached = sum(
        one.counted_fen for one in made if isinstance(one, Reckoned) and one.period.year == floor.year
    )
    least = floor.after(free_until)
    return MadeUp(floor, least, reached, _room(plan, made, max(0, least - reached)), period.due)


def _settled(made: Sequence[Reckoned | MadeUp], paid: Refs) -> tuple[tuple[Line, ...], int]:
    """Compare what is due with what has come in; an overpayment stands for what falls due later."""
    lines: list[Line] = []
    over = 0
    for one in made:
        ref, due = (one.period.ref, one.period.due) if isinstance(one, Reckoned) else (one.floor.ref, one.due)
        came_in = sum(fen for _, fen in paid.get(ref, ()))
        needed = one.due_fen - came_in
        set_off = min(over, max(0, needed))
        over += max(0, -needed) - set_off
        lines.append(Line(ref, due, one.due_fen, came_in, set_off, max(0, needed) - set_off, one))
    return tuple(lines), over
