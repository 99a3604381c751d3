"""What is left of a receipt to be shared out, by the formula of the place.

In: the receipt and its cost lines as typed. Out: plain JSON values, amounts in fen, each cost allowed or refused.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from cases.errors import Invalid
from desk.answers import layers as packs
from desk.answers.parsing import Faults, Raw
from rules.money_words import COST_LABELS
from rules.net_income import CostLine, NetIncome
from rules.net_income import net_income as compute

MOST_COSTS = 200
LONGEST_PROOF = 200
COST_WORDS = {zh: kind for kind, (zh, _) in COST_LABELS.items()} | {
    "税金": "tax",
    "维护": "maintenance",
    "评估": "appraisal",
    "鉴证": "verification",
    "谈判": "negotiation",
    "中介": "brokerage",
    "自筹研发": "own_rd",
    "财政研发": "public_rd",
    "其他": "other",
}
_COST = re.compile(r"^(?P<kind>[^=]+)=(?P<amount>[^:：]+)(?:[:：](?P<proof>.*))?$", re.DOTALL)


def net_income(
    receipt: Raw,
    costs: Sequence[str] = (),
    *,
    place: Raw = None,
    pack: Raw = None,
    on: Raw = None,
    layers: Raw = None,
    today: date,
    files: bool = False,
) -> dict[str, Any]:
    """Return the net income of a receipt.

    Each cost is KIND=AMOUNT:PROOF, for instance `tax=1.2万元:完税证明` or `评估费用=8000元:发票`; without a proof it is
    not taken off. `on` is the day of the receipt, `today` if left out.

    Raises: Invalid naming every wrong field (`costs[1]` is the first).
    """
    faults = Faults()
    receipt_fen = faults.amount(receipt, "receipt")
    if len(costs) > MOST_COSTS:
        faults.add("costs", f"一次最多{MOST_COSTS}项成本。", f"at most {MOST_COSTS} costs")
    lines = [_cost(faults, text, f"costs[{n}]") for n, text in enumerate(costs[:MOST_COSTS], 1)]
    province = packs.place(faults, place)
    day = faults.optional_day(on, "on") or today
    book = packs.book_for(faults, province, pack, layers, files=files)
    faults.check()
    try:
        found = compute(receipt_fen, lines, book=book, on=day, place=province)
    except LookupError as error:
        reason = f"{day.isoformat()}没有已录入的净收入公式，请改用2015-10-01以后的日期。"
        raise Invalid(reason, {"on": reason}, f"no formula on {day.isoformat()}; take a later day") from error
    return _answer(found, day, province or book.place)


def _cost(faults: Faults, text: str, field: str) -> CostLine:
    match = _COST.match(text.strip())
    if match is None:
        faults.add(
            field,
            f"“{text[:40]}”写法不对，请写成 项目=金额:凭证，例如 tax=1万:完税证明。",
            "write KIND=AMOUNT:PROOF",
        )
        return CostLine("other", 0)
    kind = faults.choice(match["kind"], field, tuple(COST_LABELS), aliases=COST_WORDS)
    proof = (match["proof"] or "").strip()[:LONGEST_PROOF]
    return CostLine(kind, faults.amount(match["amount"], field), proof)


def _answer(found: NetIncome, day: date, place: str) -> dict[str, Any]:
    return {
        "on": day.isoformat(),
        "place": place,
        "receipt_fen": found.receipt_fen,
        "net_fen": found.fen,
        "loss_fen": found.loss_fen,
        "allowed": [_cost_row(line) for line in found.allowed],
        "refused": [
            {
                **_cost_row(one.line),
                "reason": one.reason_zh,
                "reason_en": one.reason_en,
                "rule": one.rule_id,
                "article": one.article,
            }
            for one in found.refused
        ],
        "derivation": found.derivation.answer(),
    }


def _cost_row(line: CostLine) -> dict[str, Any]:
    zh, en = COST_LABELS[line.kind]
    return {"kind": line.kind, "kind_zh": zh, "kind_en": en, "amount_fen": line.fen, "proof": line.proof}
