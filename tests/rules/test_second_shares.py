"""Rewards, net income and taxes twice: both agree on random deals, and wrong ways of dividing are seen."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import second_shares as second
from rules.income_taxes import RewardPart, TechIncome, cit_year, iit_reward, iit_window
from rules.money import split
from rules.money_tables import HouseShares, Tier
from rules.money_words import COST_LABELS, MODE_GROUPS
from rules.net_income import CostLine, formulas_of, net_income
from rules.packs import RuleBook, load
from rules.rewards import Distribution, NoScale, allocate, distribute, house_row, house_weights
from rules.second_compare import of_amounts, of_shares
from rules.taxes import stamp_duty

PROVINCES = {
    "": (),
    "浙江": ("zhejiang",),
    "山东": ("shandong",),
    "北京": ("beijing",),
    "上海": ("shanghai",),
}
HOUSES = ("house", "example_peking", "example_wuhu", "example_yangtze")
MODES = st.sampled_from(sorted(MODE_GROUPS))
PLACES = st.sampled_from(sorted(PROVINCES))
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
AMOUNTS = st.one_of(st.integers(0, 50), st.integers(0, 10**9), st.integers(0, 10**13))
CONTRACTS = st.one_of(
    st.integers(0, 2 * 10**9),
    st.builds(lambda limit, off: limit + off, st.sampled_from((2 * 10**8, 4 * 10**8, 5 * 10**8, 8 * 10**8)), st.integers(-1, 1)),
)  # fmt: skip


def _book(place: str, house: str) -> RuleBook:
    return load(("national", *PROVINCES[place], house))


def _again(mode: str, net: int, contract: int, book: RuleBook, on: date, place: str) -> second.Division:
    row = house_row(mode, book, on)
    tiers = [(tier.max_fen, tier.shares) for tier in row.tiers] if row else ()
    return second.divide(mode, net, contract, on, place, tiers, bool(row and row.method == "progressive"))


def _said(found: Distribution) -> dict[str, int]:
    return {line.party: line.amount_fen for line in found.lines}


@settings(max_examples=500)
@given(MODES, AMOUNTS, CONTRACTS, DAYS, PLACES, st.sampled_from(HOUSES))
def test_distributions_agree(mode: str, net: int, contract: int, on: date, place: str, house: str) -> None:
    book = _book(place, house)
    try:
        first = distribute(mode, net, contract, book=book, on=on)
    except NoScale:
        with pytest.raises(ValueError, match="no scale"):
            _again(mode, net, contract, book, on, place)
        return
    other = _again(mode, net, contract, book, on, place)
    floor = first.floor.amount_fen if first.floor else 0
    assert of_shares(_said(first), floor, other) == []
    assert sum(other.amounts.values()) == net


PARTIES = ("main_contributors", "other_contributors", "tto_staff", "tto", "college", "fund", "institution")


@settings(max_examples=300)
@given(
    st.lists(st.integers(1, 10**9), min_size=0, max_size=3),
    st.lists(st.lists(st.integers(1, 100), min_size=2, max_size=7), min_size=4, max_size=4),
    st.sampled_from(("whole", "progressive")), AMOUNTS, st.integers(0, 2 * 10**9),
)  # fmt: skip
def test_random_tiers_agree(
    cuts: list[int], weights: list[list[int]], method: Any, net: int, contract: int
) -> None:
    tops = [*sorted(set(cuts)), None]
    shares = [
        {party: bp for party, bp in zip(PARTIES, split(10_000, parts), strict=False) if bp}
        for parts in weights
    ]
    tiers: list[dict[str, Any]] = []
    lower = 0
    for top, parts in zip(tops, shares, strict=False):
        tiers.append({"min_fen": lower, "max_fen": top, "shares": parts})
        lower = (top or 0) + 1
    row = HouseShares.model_construct(
        rule="RW-H1", valid_from=date(2015, 10, 1), modes=("*",), method=method,
        tiers=tuple(Tier.model_construct(**tier) for tier in tiers),
    )  # fmt: skip
    first = allocate(net, house_weights(row, contract))
    given_ = list(zip(tops, shares, strict=False))
    other = second.divide("transfer", net, contract, date(2026, 1, 1), "", given_, method == "progressive")
    assert of_shares(first, other.floor_fen, other) == []


COSTS = st.lists(
    st.tuples(st.sampled_from(sorted(COST_LABELS)), st.integers(0, 10**8), st.booleans()), max_size=6
)


@settings(max_examples=300)
@given(AMOUNTS, COSTS, st.dates(date(2021, 10, 1), date(2030, 12, 31)), PLACES, st.sampled_from(HOUSES))
def test_net_incomes_agree(
    receipt: int, costs: list[tuple[str, int, bool]], on: date, place: str, house: str
) -> None:
    book = _book(place, house)
    lines = [CostLine(kind, fen, "发票" if proven else " ") for kind, fen, proven in costs]
    own = [row.deductible for row in formulas_of(book, on, place) if row.layer == house]
    first = net_income(receipt, lines, book=book, on=on)
    other = second.net_of(receipt, costs, place if place != "山东" else "", own[0] if own else ())
    assert of_amounts("net", "净收入", "net income", first.fen, other) == []


@settings(max_examples=200)
@given(MODES, st.integers(0, 10**13))
def test_stamp_duties_agree(mode: str, price: int) -> None:
    assume(mode != "own_use")
    first = stamp_duty(mode, price, book=load(), on=date(2026, 4, 1)).fen
    assert first == second.stamp_duty(price)


INCOMES = st.lists(
    st.tuples(
        MODES, st.integers(0, 10**9), st.one_of(st.none(), st.integers(1, 20)), st.booleans(), st.booleans()
    ),
    max_size=6,
)


@settings(max_examples=200)
@given(INCOMES)
def test_technology_incomes_agree(incomes: list[tuple[str, int, int | None, bool, bool]]) -> None:
    first = cit_year(2026, [TechIncome(*income) for income in incomes], book=load())
    assert (first.exempt_fen, first.taxed_fen) == second.technology_income(incomes)


@settings(max_examples=300)
@given(MODES, AMOUNTS, st.dates(date(2018, 7, 1), date(2030, 12, 31)), st.integers(0, 1500), st.booleans())
def test_rewards_are_taxed_alike(mode: str, fen: int, receipt: date, later: int, met: bool) -> None:
    paid = receipt + timedelta(days=later)
    rules = ("TX-09", "TX-10", "TX-12") if met else ("TX-09", "TX-12")
    first = iit_reward(mode, [RewardPart(receipt, fen)], paid, book=load(), met=rules)
    assert first.taxed_fen == second.reward_taxed(mode, fen, receipt, paid, met)
    assert iit_window(receipt, book=load()) == second.last_half_day(receipt)


@pytest.mark.parametrize(
    ("place", "on", "mode", "share"),
    [
        ("", date(2026, 1, 1), "transfer", 50), ("", date(2026, 1, 1), "own_use", 5),
        ("浙江", date(2026, 1, 1), "transfer", 70), ("浙江", date(2026, 1, 1), "own_use", 5),
        ("浙江", date(2021, 9, 29), "equity", 50), ("山东", date(2026, 1, 1), "equity", 70),
        ("山东", date(2026, 1, 1), "own_use", 10), ("北京", date(2026, 1, 1), "transfer", 50),
        ("上海", date(2026, 1, 1), "equity", 50), ("河南", date(2026, 1, 1), "transfer", 50),
    ],
)  # fmt: skip
def test_least_shares_of_the_acts(place: str, on: date, mode: str, share: int) -> None:
    assert second.least_share(mode, on, place) * 100 == share


def _yangtze(net: int, contract: int) -> tuple[dict[str, int], int, second.Division]:
    book, on = _book("", "example_yangtze"), date(2026, 1, 1)
    first = distribute("transfer", net, contract, book=book, on=on)
    assert first.floor is not None
    return _said(first), first.floor.amount_fen, _again("transfer", net, contract, book, on, "")


def test_tier_chosen_by_net_income_is_seen() -> None:
    """A contract of 6 million of which 1.5 million are net: the tier follows the contract."""
    said, floor, other = _yangtze(1_500_000_00, 6_000_000_00)
    wrong, _, _ = _yangtze(1_500_000_00, 1_500_000_00)
    assert of_shares(said, floor, other) == []
    assert {d["name"] for d in of_shares(wrong, floor, other)} >= {"main_contributors"}


def test_lost_fen_and_wrong_floor_are_seen() -> None:
    said, floor, other = _yangtze(1_234_567_89, 6_000_000_00)
    down = {party: amount // 100 * 100 for party, amount in said.items()}
    assert of_shares(down, floor, other)
    assert [d["name"] for d in of_shares(said, floor - 1, other)] == ["floor"]
    gross = distribute(
        "transfer", 6_000_000_00, 6_000_000_00, book=_book("", "example_yangtze"), on=date(2026, 1, 1)
    )
    assert of_shares(_said(gross), floor, other)


def test_wrong_duty_is_seen() -> None:
    assert of_amounts(
        "duty", "印花税", "stamp duty", 1_200_000_00 * 5 // 10_000, second.stamp_duty(1_200_000_00)
    )
