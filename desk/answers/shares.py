"""Who gets what of conversion income, and whether a house's shares keep the law.

In: the texts a person typed. Out: plain JSON values, amounts in fen, shares in basis points, each with its derivation.
"""

from datetime import date
from typing import Any

from cases.errors import Invalid
from desk.answers import layers as packs
from desk.answers.parsing import Faults, Raw
from rules.money_words import MODE_GROUPS, MODE_LABELS
from rules.packs import RuleBook
from rules.reward_checks import Violation
from rules.reward_notes import leader_notes
from rules.reward_scales import Floor, Note
from rules.rewards import Distribution, Line, NoScale, distribute, house_row

MODE_WORDS = {zh: slug for slug, (zh, _) in MODE_LABELS.items()} | {
    "许可": "ordinary_license",
    "作价投资": "equity",
    "技术开发": "development",
    "技术服务": "development",
    "自行实施": "own_use",
    "合作实施": "own_use",
}
UNITS = ("state", "other")
LEADERS = ("none", "head", "other")


def shares(
    mode: Raw,
    net: Raw,
    contract: Raw = None,
    *,
    place: Raw = None,
    pack: Raw = None,
    on: Raw = None,
    unit: Raw = None,
    leader: Raw = None,
    layers: Raw = None,
    today: date,
    files: bool = False,
) -> dict[str, Any]:
    """Return the distribution of net income.

    The house's tier is chosen by `contract` and applied to `net`; the contract amount may be left out if the house
    has no tiers. For equity `net` is the value of the shares formed, for own_use the operating profit of one year.
    `unit` is `state` (founded by the state, the usual case) or `other`; `leader` says whether a contributor is the
    head of the unit (`head`) or another leader. `on` is the day of the receipt, `today` if left out. With `files`,
    `pack` may be a path.

    Raises: Invalid naming every wrong field.
    """
    faults = Faults()
    asked = faults.choice(mode, "mode", tuple(MODE_GROUPS), aliases=MODE_WORDS)
    net_fen = faults.amount(net, "net")
    contract_fen = faults.optional_amount(contract, "contract")
    province = packs.place(faults, place)
    day = faults.optional_day(on, "on") or today
    founded = faults.choice(unit, "unit", UNITS, default="state")
    led_by = faults.choice(leader, "leader", LEADERS, default="none")
    book = packs.book_for(faults, province, pack, layers, files=files)
    if contract_fen is None and _has_tiers(asked, book, day):
        faults.add(
            "contract",
            "未填写合同金额。单位规则按合同金额分档，请填写，例如 120万。",
            "the house has tiers by contract amount; give it",
        )
    faults.check()
    try:
        found = distribute(
            asked,
            net_fen,
            contract_fen or 0,
            book=book,
            on=day,
            place=province,
            state_unit=founded == "state",
        )
    except NoScale as error:
        reason = (
            f"{day.isoformat()}还没有已录入的收益比例（促进科技成果转化法自2015-10-01起），请改用之后的日期。"
        )
        raise Invalid(reason, {"on": reason}, f"no scale on {day.isoformat()}; take a later day") from error
    notes = () if led_by == "none" else leader_notes(asked, is_head=led_by == "head", book=book, on=day)
    return _answer(found, day, notes)


def _has_tiers(mode: str, book: RuleBook, on: date) -> bool:
    row = house_row(mode, book, on)
    return row is not None and len(row.tiers) > 1


def _answer(found: Distribution, day: date, notes: tuple[Note, ...]) -> dict[str, Any]:
    mode_zh, mode_en = MODE_LABELS[found.mode]
    return {
        "mode": found.mode,
        "mode_zh": mode_zh,
        "mode_en": mode_en,
        "on": day.isoformat(),
        "place": found.place,
        "net_fen": found.net_fen,
        "contract_fen": found.contract_fen,
        "lines": [_line(line) for line in found.lines],
        "reward_fen": found.reward_fen,
        "floor": _floor(found.floor),
        "offered": _floor(found.offered),
        "violations": [violation(one) for one in found.violations],
        "warnings": [_note(note) for note in (*found.warnings, *notes)],
        "derivation": found.derivation.answer(),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "party": line.party,
        "party_zh": line.party_zh,
        "party_en": line.party_en,
        "amount_fen": line.amount_fen,
        "bp": line.bp,
        "basis": line.basis_zh,
        "basis_en": line.basis_en,
        "rule": line.derivation.rule_id,
        "article": line.derivation.article,
        "badge": line.derivation.badge_zh,
    }


def _floor(floor: Floor | None) -> dict[str, Any] | None:
    if floor is None:
        return None
    return {
        "bp": floor.bp,
        "amount_fen": floor.amount_fen,
        "binding": floor.binding,
        "rule": floor.rule_id,
        "article": floor.article,
        "badge": floor.rule.badge_zh,
        "years_min": floor.years_min,
        "years_max": floor.years_max,
    }


def violation(one: Violation) -> dict[str, Any]:
    """Return a violation as JSON."""
    return {
        "rule": one.rule_id,
        "article": one.article,
        "reason": one.reason_zh,
        "reason_en": one.reason_en,
        "remedy": one.remedy_zh,
        "remedy_en": one.remedy_en,
        "badge": one.badge_zh,
    }


def _note(note: Note) -> dict[str, Any]:
    return {"rule": note.rule_id, "article": note.article, "text": note.zh, "text_en": note.en}
