"""A second, independent computation of rewards, net income, stamp duty and the two income-tax reliefs.

Written from the acts in exact fractions, and on purpose not from `rules.rewards`, `rules.net_income` or `rules.taxes`;
the tables of the law stand here a second time, only a house's own tiers are given. In: amounts in fen, days, places.
Out: amounts in fen. The desk never computes with it. Where the texts leave the order of rounding open, it takes the
one that the first computation lays down.

Source: 促进科技成果转化法 art 45; 浙江 art 37, 山东 art 34, 北京 art 12, 上海 art 34; 印花税法; 企业所得税法实施条例 art 90
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from rules.derivation import Derivation, step

Shares = Mapping[str, Fraction]
Tiers = Sequence[tuple[int | None, Mapping[str, int]]]

_PERSONS = ("main_contributors", "contributors", "other_contributors", "tto_staff")
_ORDER = (*_PERSONS, "tto", "college", "fund", "institution")
_EQUITY, _OWN_USE = "equity", "own_use"
_LAW_SINCE, _HALF_TO_MAIN_SINCE = date(2015, 10, 1), date(2016, 1, 1)
# Percent of net income, of the shares formed, of a year's profit; whether each must be kept by state units.
_PLACES: Mapping[str, tuple[date, tuple[int, int, int], tuple[bool, bool, bool]]] = {
    "浙江": (date(2021, 9, 30), (70, 70, 10), (True, True, False)),
    "山东": (date(2017, 12, 1), (70, 70, 10), (True, True, True)),
    "北京": (date(2019, 11, 27), (70, 70, 5), (False, False, False)),
    "上海": (date(2017, 4, 20), (70, 70, 5), (False, False, False)),
}
_NATION = (50, 50, 5)
_ZHEJIANG_MAIN, _ZHEJIANG_STAFF = 70, 5
_COSTS: Mapping[str, frozenset[str]] = {
    "": frozenset({"tax", "maintenance", "appraisal", "verification"}),
    "上海": frozenset({"tax", "maintenance", "appraisal", "verification"}),
    "北京": frozenset({"tax", "maintenance", "appraisal", "verification", "negotiation"}),
    "浙江": frozenset(
        {"tax", "maintenance", "appraisal", "verification", "negotiation", "brokerage", "own_rd", "other"}
    ),
}
_LICENSES = frozenset({"open_license", "ordinary_license", "sole_license", "exclusive_license"})
_EXEMPT_YUAN = 5_000_000


@dataclass(frozen=True, slots=True)
class Division:
    """What each party gets, in fen; `floor_fen` is the least that the persons must get together."""

    amounts: Mapping[str, int]
    floor_fen: int
    derivation: Derivation


def divide(
    mode: str,
    net_fen: int,
    contract_fen: int,
    on: date,
    place: str = "",
    tiers: Tiers = (),
    sliced: bool = False,
) -> Division:
    """Divide net income by a house's tiers, or by the law alone without them.

    A tier is (up to this contract amount in fen, shares in basis points); the last is open. `sliced`: each tier for
    its slice of the contract amount.

    Raises: ValueError if the law says nothing on the day.
    """
    shares = _of_house(tiers, contract_fen, sliced) if tiers else _of_law(mode, on, place)
    amounts = _fen_of(net_fen, shares)
    least = ceil(net_fen * least_share(mode, on, place))
    told = [
        step("line", f"{party}占{share}，{amounts[party]}分", f"{party} {share}: {amounts[party]} fen", amounts[party], "fen")
        for party, share in shares.items()
    ]  # fmt: skip
    zh = f"净收入{net_fen}分全部分完，奖励不得低于{least}分"
    en = f"all {net_fen} fen are divided; the reward is at least {least} fen"
    return Division(amounts, least, step("shares", zh, en, net_fen, "fen", *told))


def least_share(mode: str, on: date, place: str = "") -> Fraction:
    """Return the part of the base that state units must give to the persons; 0 before the law."""
    return max((share for share, must in _scales(mode, on, place) if must), default=Fraction(0))


def net_of(
    receipt_fen: int, costs: Iterable[tuple[str, int, bool]], place: str = "", house: Iterable[str] = ()
) -> int:
    """Return the net income of a receipt: less the proven costs that the place allows, and the house too if it says.

    A cost is (kind, fen, whether it is proven). Without a formula of the place, the house's stands alone.
    """
    own = frozenset(house)
    named = place if place in _COSTS else ""
    allowed = _COSTS[named] if not own or named else own
    allowed = allowed & own if own else allowed
    return max(receipt_fen - sum(fen for kind, fen, proven in costs if proven and kind in allowed), 0)


def stamp_duty(price_fen: int) -> int:
    """Return three ten-thousandths of the price, half a fen up.

    Source: 印花税法 (2021) 税目税率表
    """
    return _half_up(price_fen * Fraction(3, 10_000))


def technology_income(incomes: Iterable[tuple[str, int, int | None, bool, bool]]) -> tuple[int, int]:
    """Return the exempt and the taxed part of a year's technology-transfer income.

    An income is (mode, fen, license years, registered, wholly related).

    Source: 企业所得税法实施条例 art 90; 财税〔2015〕116号
    """
    total = 0
    for mode, fen, years, registered, related in incomes:
        is_license = mode in _LICENSES and (years or 0) >= 5
        if (mode == "transfer" or is_license) and registered and not related:
            total += fen
    exempt = min(total, 100 * _EXEMPT_YUAN)
    return exempt, _half_up(Fraction(total - exempt, 2))


def reward_taxed(mode: str, fen: int, receipt_on: date, paid_on: date, conditions_met: bool) -> int:
    """Return what of a cash reward counts as wages: half of it within 36 months of the receipt.

    Source: 财税〔2018〕58号 art 5; 税务总局公告2018年第30号
    """
    halved = (
        conditions_met and (mode == "transfer" or mode in _LICENSES) and paid_on <= last_half_day(receipt_on)
    )
    return _half_up(Fraction(fen, 2)) if halved else fen


def last_half_day(receipt_on: date) -> date:
    """Return the corresponding day three years on."""
    try:
        return receipt_on.replace(year=receipt_on.year + 3)
    except ValueError:
        return date(receipt_on.year + 3, 2, 28)


def _scales(mode: str, on: date, place: str) -> list[tuple[Fraction, bool]]:
    """Return every scale that stands on a day: its share, and whether it must be kept."""
    column = 1 if mode == _EQUITY else 2 if mode == _OWN_USE else 0
    found = [(Fraction(_NATION[column], 100), True)] if on >= _LAW_SINCE else []
    if place in _PLACES and on >= _PLACES[place][0]:
        _, percents, must = _PLACES[place]
        found.append((Fraction(percents[column], 100), must[column]))
    return found


def _of_law(mode: str, on: date, place: str) -> dict[str, Fraction]:
    """Return the shares where no house says anything: the highest scale, and the parts that the law names in it."""
    reward = max((share for share, _ in _scales(mode, on, place)), default=Fraction(0))
    if not reward:
        raise ValueError(f"no scale on {on}")
    main, staff = Fraction(0), Fraction(0)
    if on >= _HALF_TO_MAIN_SINCE:
        main = Fraction(50, 100)
    if place == "浙江" and on >= _PLACES[place][0] and mode != _OWN_USE:
        main, staff = Fraction(_ZHEJIANG_MAIN, 100), Fraction(_ZHEJIANG_STAFF, 100)
    shares = {
        "main_contributors": reward * main, "tto_staff": reward * staff, "institution": 1 - reward,
        "other_contributors" if main else "contributors": reward * (1 - main - staff),
    }  # fmt: skip
    return {party: shares[party] for party in _ORDER if shares.get(party)}


def _of_house(tiers: Tiers, contract_fen: int, sliced: bool) -> dict[str, Fraction]:
    """Return the shares of the tier that the contract falls into, or of all of them by their slices."""
    shares: dict[str, Fraction] = {}
    reached = 0
    for top, parts in tiers:
        if not sliced or not contract_fen:
            if top is None or contract_fen <= top:
                return {party: Fraction(bp, 10_000) for party, bp in parts.items()}
            continue
        end = contract_fen if top is None else min(contract_fen, top)
        for party, bp in parts.items() if end > reached else ():
            shares[party] = (
                shares.get(party, Fraction(0)) + Fraction(bp, 10_000) * (end - reached) / contract_fen
            )
        reached = max(reached, end)
    return shares


def _fen_of(net_fen: int, shares: Shares) -> dict[str, int]:
    """Return whole fen: the reward up, in it the main contributors and then the staff up, the rest to the last fen."""
    persons = {party: share for party, share in shares.items() if party in _PERSONS}
    reward = ceil(net_fen * sum(persons.values(), Fraction(0)))
    amounts: dict[str, int] = {}
    left = reward
    for party in ("main_contributors", "tto_staff"):
        if party in persons:
            amounts[party] = min(ceil(Fraction(reward) * persons[party] / sum(persons.values())), left)
            left -= amounts[party]
    amounts |= _to_the_last_fen(left, {p: s for p, s in persons.items() if p not in amounts})
    amounts |= _to_the_last_fen(net_fen - reward, {p: s for p, s in shares.items() if p not in persons})
    return amounts


def _to_the_last_fen(fen: int, shares: Shares) -> dict[str, int]:
    """Round down, then hand the missing fen one by one to whoever lost most; the earlier one on a tie."""
    whole = sum(shares.values(), Fraction(0))
    exact = {party: fen * share / whole for party, share in shares.items()}
    amounts = {party: floor(value) for party, value in exact.items()}
    waiting = list(exact)
    while waiting and sum(amounts.values()) < fen:
        most = max(waiting, key=lambda party: exact[party] - floor(exact[party]))
        amounts[most] += 1
        waiting.remove(most)
    return amounts


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))
