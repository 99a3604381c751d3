"""What is left of a receipt to be shared out, by the formula of the place.

In: the receipt and its cost lines as typed. Out: plain JSON values, amounts in fen, with every refused line's reason.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.errors import Invalid
from desk.answers import layers as packs
from desk.answers.parsing import Faults, Raw
from rules.money_words import COST_LABELS
from rules.net_income import CostLine, NetIncome, net_income

PROVED = "已提供"


def net(
    receipt: Raw,
    costs: Mapping[str, Raw],
    *,
    unproved: frozenset[str] = frozenset(),
    place: Raw = None,
    pack: Raw = None,
    on: Raw = None,
    layers: Raw = None,
    today: date,
    files: bool = False,
) -> dict[str, Any]:
    """Return the net income of one receipt on its day, `today` if none is given.

    `costs` are amounts by kind of cost (a key of `COST_LABELS`); empty ones are left out. Those of a kind named in
    `unproved` have no proof and are refused.

    Raises: Invalid naming every wrong field (`cost_tax` for the cost `tax`).
    """
    faults = Faults()
    received = faults.amount(receipt, "receipt")
    lines = []
    for kind, amount in costs.items():
        fen = faults.optional_amount(amount, f"cost_{kind}")
        if kind not in COST_LABELS:
            known = "、".join(f"{key}（{zh}）" for key, (zh, _) in COST_LABELS.items())
            faults.add(f"cost_{kind}"[:60], f"没有这种费用，可填：{known}。", "unknown kind of cost")
        elif fen is not None:
            lines.append(CostLine(kind, fen, "" if kind in unproved else PROVED))
    province = packs.place(faults, place)
    day = faults.optional_day(on, "on") or today
    book = packs.book_for(faults, province, pack, layers, files=files)
    faults.check()
    try:
        found = net_income(received, lines, book=book, on=day, place=province)
    except LookupError as error:
        reason = f"{day.isoformat()}还没有已录入的净收入计算办法，请改用之后的日期。"
        raise Invalid(reason, {"on": reason}, f"no net-income formula on {day.isoformat()}") from error
    return _answer(found, day, province)


def _answer(found: NetIncome, day: date, place: str) -> dict[str, Any]:
    return {
        "on": day.isoformat(),
        "place": place,
        "receipt_fen": found.receipt_fen,
        "net_fen": found.fen,
        "loss_fen": found.loss_fen,
        "allowed": [_line(line) for line in found.allowed],
        "refused": [
            {
                **_line(one.line),
                "rule": one.rule_id,
                "article": one.article,
                "reason": one.reason_zh,
                "reason_en": one.reason_en,
            }
            for one in found.refused
        ],
        "derivation": found.derivation.answer(),
    }


def _line(line: CostLine) -> dict[str, Any]:
    zh, en = COST_LABELS[line.kind]
    return {"kind": line.kind, "kind_zh": zh, "kind_en": en, "fen": line.fen}
