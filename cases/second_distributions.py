"""Computes the distributions of a case a second time: net income and shares, from the receipts that were shared out.

In: a case's data as stored, its mode, contract amount and the packs. Out: what differs, as a review item keeps it.
A contract whose amount was changed by agreement is looked at as far as its net income goes: the amount of the day of
the distribution is not in its present terms.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.second_look import sides
from rules import second_shares as second
from rules.derivation import step
from rules.net_income import formulas_of
from rules.packs import RuleBook
from rules.rewards import house_row
from rules.second_compare import Difference, of_amounts, of_shares
from states.distribution import CASH_OF


@dataclass(frozen=True, slots=True)
class Shared:
    """A case as far as its distributions go. `is_amended` says that the terms are not those of the signature."""

    mode: str
    contract_fen: int
    data: Mapping[str, Any]
    is_amended: bool = False


def look_at_distributions(case: Shared, book: RuleBook) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield each distribution, planned or paid: its name within the case, and what differs, if anything does."""
    made = case.data.get("distributions", {}).get("list", ())
    for number, plan in enumerate(made, 1):
        yield f"distribution:{number}", _differs(case, plan, number, book)
    planned = case.data.get("rewards")
    if planned and "lines" in planned:
        yield "distribution:planned", _differs(case, planned, len(made) + 1, book)


def _differs(case: Shared, plan: Mapping[str, Any], number: int, book: RuleBook) -> dict[str, Any] | None:
    on, place = date.fromisoformat(plan["planned_on"]), book.place
    costs = [(kind, fen, bool(proof.strip())) for kind, fen, proof in plan["costs"]]
    net = second.net_of(plan["gross_fen"], costs, place, _own_kinds(book, on))
    differs = of_amounts("net", "净收入", "net income", plan["net_fen"], net)
    if not case.is_amended:
        differs += _of_shares(case, plan, book, on)
    told = step("net", f"到账扣除成本后的净收入为{net}分", f"net income {net} fen", net, "fen")
    if not differs:
        return None
    first = {"zh": [_line(plan)], "en": [_line(plan)], "tree": plan.get("derivation")}
    about = {"title": f"收益分配（第{number}次）", "title_en": f"Distribution {number}", "rule": "RW-01"}
    return {**about, **sides(differs, first, told)}


def _of_shares(case: Shared, plan: Mapping[str, Any], book: RuleBook, on: date) -> list[Difference]:
    mode = CASH_OF.get(case.mode, case.mode)
    row = house_row(mode, book, on)
    tiers = [(tier.max_fen, tier.shares) for tier in row.tiers] if row else ()
    try:
        again = second.divide(
            mode, plan["net_fen"], case.contract_fen, on, book.place, tiers,
            bool(row and row.method == "progressive"),
        )  # fmt: skip
    except ValueError:
        return []
    first = {party: fen for party, fen, _ in plan["lines"]}
    return of_shares(first, again.floor_fen, again)


def _own_kinds(book: RuleBook, on: date) -> tuple[str, ...]:
    houses = {head.name for head in book.packs if head.kind == "house"}
    return next(
        (tuple(row.deductible) for row in formulas_of(book, on, book.place) if row.layer in houses), ()
    )


def _line(plan: Mapping[str, Any]) -> str:
    return "；".join(f"{party} {fen}" for party, fen, _ in plan["lines"])
