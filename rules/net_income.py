"""What is left of a receipt to be shared out: the net income, by the formula of the place.

In: a receipt in fen, its cost lines, rulebook, day, province. Out: a `NetIncome` that tells every cost line allowed or
refused, and why. One receipt at a time: rewards and tax clocks run per receipt.

The formula: the province's, if its pack has one; a house may only narrow it (take off less). Without a province's
formula the house's holds, without a house's the nation's assumed one. A cost line needs a proof.

Source: 浙江省促进科技成果转化条例 art 37; 北京市 art 12; 上海市 art 34; the national formula is assumed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.citing import cited
from rules.derivation import Derivation, step
from rules.money import format_yuan
from rules.money_tables import NetIncomeFormula
from rules.money_words import COST_LABELS
from rules.packs import RuleBook


@dataclass(frozen=True)
class CostLine:
    """A cost that somebody wants taken off. `kind` is one of `COST_LABELS`; `proof` names the paper behind it."""

    kind: str
    fen: int
    proof: str = ""


@dataclass(frozen=True)
class RefusedLine:
    """A cost line that is not taken off, and why."""

    line: CostLine
    reason_zh: str
    reason_en: str
    rule_id: str
    article: str


@dataclass(frozen=True)
class NetIncome:
    """The net income of one receipt. It is never negative: `loss_fen` is by how much the costs exceed the receipt.

    A loss is shared with nobody and is not carried to the next receipt by itself.
    """

    fen: int
    receipt_fen: int
    loss_fen: int
    allowed: tuple[CostLine, ...]
    refused: tuple[RefusedLine, ...]
    derivation: Derivation


def net_income(
    receipt_fen: int, costs: Sequence[CostLine], *, book: RuleBook, on: date, place: str = ""
) -> NetIncome:
    """Return the net income of a receipt on its day.

    Raises: ValueError on a negative amount or an unknown cost kind; LookupError if no formula holds on the day.
    """
    if receipt_fen < 0 or any(line.fen < 0 for line in costs):
        raise ValueError("amounts must not be negative")
    strange = [line.kind for line in costs if line.kind not in COST_LABELS]
    if strange:
        raise ValueError(f"unknown cost kind {strange[0]!r}; known: {', '.join(COST_LABELS)}")
    formulas = formulas_of(book, on, place or book.place)
    verdicts = [(line, _refusal(line, formulas, book, on)) for line in costs]
    allowed = tuple(line for line, refusal in verdicts if refusal is None)
    refused = tuple(refusal for _, refusal in verdicts if refusal is not None)
    left = receipt_fen - sum(line.fen for line in allowed)
    return NetIncome(
        max(left, 0),
        receipt_fen,
        max(-left, 0),
        allowed,
        refused,
        _told(receipt_fen, left, allowed, refused, formulas, book, on),
    )


def formulas_of(book: RuleBook, on: date, place: str) -> tuple[NetIncomeFormula, ...]:
    """Return the formulas that hold together: a cost is deductible if each of them allows it.

    Raises: LookupError if none holds on the day.
    """
    rows = book.rows(NetIncomeFormula, on)
    province = [row for row in rows if place and row.place == place]
    houses = {head.name for head in book.packs if head.kind == "house"}
    house = [row for row in rows if row.layer in houses][-1:]
    chosen = [*province, *house] or [row for row in rows if not row.place and row.layer not in houses]
    if not chosen:
        raise LookupError(f"no net-income formula on {on.isoformat()}")
    return tuple(chosen)


def _refusal(
    line: CostLine, formulas: Sequence[NetIncomeFormula], book: RuleBook, on: date
) -> RefusedLine | None:
    zh, en = COST_LABELS[line.kind]
    for row in formulas:
        rule = cited(book, row.rule, on)
        if line.kind in row.ruled_out:
            return RefusedLine(
                line, f"{zh}依规定不作为成本，不能扣除", f"{en} is ruled out as a cost", rule.id, rule.article
            )
        if line.kind not in row.deductible:
            return RefusedLine(
                line,
                f"{zh}不在可扣除项目之内",
                f"{en} is not among the deductible costs",
                rule.id,
                rule.article,
            )
    if not line.proof.strip():
        rule = cited(book, formulas[0].rule, on)
        return RefusedLine(
            line, f"{zh}没有凭证，补充凭证后可以扣除", f"no proof of {en}; hand it in", rule.id, rule.article
        )
    return None


def _told(
    receipt_fen: int,
    left: int,
    allowed: Sequence[CostLine],
    refused: Sequence[RefusedLine],
    formulas: Sequence[NetIncomeFormula],
    book: RuleBook,
    on: date,
) -> Derivation:
    parts = [
        step(
            "receipt",
            f"到账{format_yuan(receipt_fen)}元",
            f"receipt {format_yuan(receipt_fen)} yuan",
            receipt_fen,
            "fen",
        )
    ]
    parts += [step("formula", row.zh, row.en, rule=cited(book, row.rule, on)) for row in formulas]
    for line in allowed:
        zh, en = COST_LABELS[line.kind]
        parts.append(
            step(
                "allowed",
                f"扣除{zh}{format_yuan(line.fen)}元（凭证：{line.proof.strip()}）",
                f"less {en} {format_yuan(line.fen)} yuan (proof: {line.proof.strip()})",
                line.fen,
                "fen",
            )
        )
    for found in refused:
        parts.append(
            step(
                "refused",
                f"{found.reason_zh}（{format_yuan(found.line.fen)}元）",
                f"{found.reason_en} ({format_yuan(found.line.fen)} yuan)",
                found.line.fen,
                "fen",
            )
        )
    zh, en = f"净收入{format_yuan(max(left, 0))}元", f"net income {format_yuan(max(left, 0))} yuan"
    if left < 0:
        zh = (
            f"成本超过到账{format_yuan(-left)}元，净收入为0元，本次不分配；"
            "超出部分不自动结转，以后到账时凭凭证另行列支"
        )
        en = f"costs exceed the receipt by {format_yuan(-left)} yuan: net income 0, nothing to divide, no carry-over by itself"
    return step("net_income", zh, en, max(left, 0), "fen", *parts)
