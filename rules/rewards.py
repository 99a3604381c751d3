"""Who gets what of conversion income: exact shares that add up, each with its derivation.

In: mode, net income, contract amount, rulebook, day, province. Out: a `Distribution`. Nothing here reads a clock.

How the fen are divided, in this order:

1. Exact shares ("weights") per party. With a house's row: the tier is chosen by the CONTRACT amount and applied to the
   NET income; `whole` takes the shares of that tier, `progressive` weighs the shares of each tier with the part of the
   contract amount that falls into it (a contract amount of zero takes the first tier). Without a house's row: the
   reward is the mandatory floor, or the offered scale of the province where that is higher; the parts of the reward
   that the law names (main contributors, staff) get their least share, the other contributors the rest of it, the
   institution what is not reward.
2. The reward (all persons together) is its share of net income, rounded UP to the fen.
3. Inside the reward, main contributors get their share rounded UP, then conversion and management staff theirs rounded
   UP as far as it lasts; the other persons divide what is left by largest remainder, the earlier line first on a tie.
4. The other parties divide what is not reward by largest remainder, in the order of the lines.

Source: 促进科技成果转化法 (2015) art 44, 45; the provincial regulations named by each row
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from rules.derivation import Derivation
from rules.money import split
from rules.money_tables import EVERY_MODE, WHOLE, HouseShares
from rules.money_words import PARTY_LABELS, REWARDED
from rules.packs import RuleBook
from rules.reward_checks import Violation, weight_violations
from rules.reward_notes import notes_of
from rules.reward_scales import Floor, Note, Scales, floor_of, place_notes, scales_of
from rules.reward_story import Story, rounded_bp

FIRST_SERVED = ("main_contributors", "tto_staff")
"""The persons for whom the law names a part of the reward, in the order in which they are served."""


class NoScale(LookupError):
    """Neither the law nor the house says on this day how income of this mode is divided."""


@dataclass(frozen=True)
class Line:
    """What one party gets. `bp` is its share of net income, rounded half up where it is no whole basis point."""

    party: str
    party_zh: str
    party_en: str
    amount_fen: int
    bp: int
    basis_zh: str
    basis_en: str
    derivation: Derivation


@dataclass(frozen=True)
class Distribution:
    """A distribution: the lines add up to `net_fen` exactly.

    `floor` is the strictest mandatory share (for other units than the state's its binding is `default`), `offered`
    the province's optional one. A violation is a hard error for state units; a warning forbids nothing.
    """

    mode: str
    net_fen: int
    contract_fen: int
    place: str
    lines: tuple[Line, ...]
    floor: Floor | None
    offered: Floor | None
    violations: tuple[Violation, ...]
    warnings: tuple[Note, ...]
    derivation: Derivation

    @property
    def reward_fen(self) -> int:
        """What the persons get together."""
        return sum(line.amount_fen for line in self.lines if line.party in REWARDED)


def distribute(
    mode: str,
    net_fen: int,
    contract_fen: int,
    *,
    book: RuleBook,
    on: date,
    place: str = "",
    state_unit: bool = True,
) -> Distribution:
    """Divide net income among the parties.

    For equity `net_fen` is the value of the shares formed and the lines are share values; for own or joint
    implementation it is the operating profit of one year. `place` is a short name (浙江); empty is the province of
    the rulebook, if it has one.

    Raises: ValueError on a negative amount or an unknown mode; NoScale if nothing says how to divide.
    """
    if net_fen < 0 or contract_fen < 0:
        raise ValueError("amounts must not be negative")
    where = place or book.place
    scales = scales_of(mode, book, on, where)
    row = house_row(mode, book, on)
    weights = default_weights(scales, mode, on) if row is None else house_weights(row, contract_fen)
    amounts = allocate(net_fen, weights)
    floor = _as_bound(floor_of(scales.floor, net_fen, book, on), state_unit)
    story = Story(mode, net_fen, contract_fen, scales, row, floor, book, on)
    lines = tuple(_line(party, weights, amounts, story) for party in weights)
    return Distribution(
        mode=mode,
        net_fen=net_fen,
        contract_fen=contract_fen,
        place=where,
        lines=lines,
        floor=floor,
        offered=floor_of(scales.offered, net_fen, book, on),
        violations=tuple(weight_violations(scales, weights, book, on)) if state_unit else (),
        warnings=(*place_notes(book, on, where), *notes_of(story, weights, state_unit)),
        derivation=story.told(weights, amounts, tuple(line.derivation for line in lines)),
    )


def house_row(mode: str, book: RuleBook, on: date) -> HouseShares | None:
    """Return the house's row for a mode: of the last layer that has one, its own row before `*`."""
    rows = book.rows(HouseShares, on)
    for layer in reversed(book.packs):
        own = [row for row in rows if row.layer == layer.name]
        for wanted in (mode, EVERY_MODE):
            for row in own:
                if wanted in row.modes:
                    return row
    return None


def house_weights(row: HouseShares, contract_fen: int) -> dict[str, int]:
    """Return the exact shares per party that a house's row gives at a contract amount."""
    if row.method == "whole" or contract_fen == 0:
        return dict(row.tier_for(contract_fen).shares)
    weights: dict[str, int] = {}
    for tier, slice_fen in row.slices(contract_fen):
        for party, bp in tier.shares.items():
            weights[party] = weights.get(party, 0) + slice_fen * bp
    return weights


def default_weights(scales: Scales, mode: str, on: date) -> dict[str, int]:
    """Return the exact shares per party where no house's row holds.

    Raises: NoScale if there is no scale either.
    """
    reward = max((row.min_bp for row in (scales.floor, scales.offered) if row is not None), default=0)
    if not reward:
        raise NoScale(f"no scale for {mode} on {on.isoformat()}")
    inside: dict[str, int] = {part.party: part.min_bp for part in scales.parts if part.of == "reward"}
    outside: dict[str, int] = {part.party: part.min_bp for part in scales.parts if part.of == "net"}
    if not inside:
        inside = {"contributors": WHOLE}
    weights: dict[str, int] = {party: reward * bp for party, bp in inside.items()}
    weights["other_contributors"] = reward * (WHOLE - sum(inside.values()))
    weights |= {party: bp * WHOLE for party, bp in outside.items()}
    weights["institution"] = (WHOLE - reward - sum(outside.values())) * WHOLE
    return {party: weights[party] for party in PARTY_LABELS if weights.get(party, 0) > 0}


def allocate(net_fen: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide an amount by exact shares; the parts add up to it. Order and rounding: see the module."""
    total = sum(weights.values())
    persons = {party: weight for party, weight in weights.items() if party in REWARDED}
    others = {party: weight for party, weight in weights.items() if party not in REWARDED}
    reward = _up(net_fen * sum(persons.values()), total)
    amounts = _allocate_reward(reward, persons) | _by_remainder(net_fen - reward, others)
    return {party: amounts[party] for party in weights}


def _allocate_reward(reward: int, persons: Mapping[str, int]) -> dict[str, int]:
    total, left = sum(persons.values()), reward
    amounts: dict[str, int] = {}
    for party in FIRST_SERVED:
        if party in persons:
            amounts[party] = min(left, _up(reward * persons[party], total))
            left -= amounts[party]
    rest = {party: weight for party, weight in persons.items() if party not in amounts}
    return amounts | _by_remainder(left, rest)


def _by_remainder(fen: int, weights: Mapping[str, int]) -> dict[str, int]:
    return dict(zip(weights, split(fen, list(weights.values())), strict=True)) if weights else {}


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _as_bound(floor: Floor | None, state_unit: bool) -> Floor | None:
    """Return the floor as it binds a unit: others than the state's may agree on less."""
    return floor if floor is None or state_unit else replace(floor, binding="default")


def _line(party: str, weights: Mapping[str, int], amounts: Mapping[str, int], story: Story) -> Line:
    zh, en = PARTY_LABELS[party]
    basis_zh, basis_en = story.basis(party, weights)
    return Line(
        party, zh, en, amounts[party], rounded_bp(weights[party], sum(weights.values())), basis_zh, basis_en,
        story.line_step(party, weights, amounts[party]),
    )  # fmt: skip
