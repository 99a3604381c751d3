"""What the institution writes in its own house: handling of objections, minutes of a committee, sharing of the income.

In: the case. Out: the words of each paper, from what the events have told; what is not known yet is a blank line.
"""

from collections.abc import Mapping
from typing import Any

from contracts.mode import Document, ModeContract
from contracts.papers import told
from contracts.papers.consent_forms import other_side
from contracts.phrases import BLANK, NONE, lines
from contracts.view import CaseView
from rules.money import capitals, format_yuan, percent
from rules.money_words import COST_LABELS, PARTY_LABELS

Words = Mapping[str, Any]
OUTCOMES = {"dismissed": "异议不成立，公示继续进行", "upheld": "异议成立，撤回公示"}


def objection_words(view: CaseView, mode: ModeContract) -> Words:
    """Return what the procedure, the receipt of an objection and the answer to it say.

    Source: 国发〔2016〕16号（一）; 促进科技成果转化法 art 18
    """
    known = told.section(view, "objection")
    return {
        "objector": told.text(known.get("objector"), BLANK),
        "content": lines(told.text(known.get("content"), BLANK)),
        "received_on": told.written(known.get("received_on")),
        "resolved_on": told.written(known.get("resolved_on")),
        "outcome": known.get("outcome", ""),
        "outcomes": tuple(OUTCOMES.items()),
        "reason": lines(told.text(known.get("reason"), BLANK)),
        "own_procedure": lines(view.publicity.procedure),
        "way": mode.way_zh,
        "other_side": other_side(view),
    }


def minutes_words(view: CaseView, mode: ModeContract) -> Words:
    """Return one sheet of minutes per committee that decided, or a blank one for the body that is to decide."""
    met = [row for row in told.rows(view, "decisions") if row.get("is_committee")]
    return {
        "meetings": [_meeting(row) for row in met] or [_meeting({"body": view.approval_body})],
        "way": mode.way_zh,
        "fee_summary": view.terms.fee_words().summary or BLANK,
        "other_side": other_side(view),
    }


def _meeting(row: Mapping[str, Any]) -> dict[str, Any]:
    counts = {
        name: told.text(row.get(name), "＿＿") for name in ("present", "in_favor", "against", "abstained")
    }
    recused = [f"{name}（{why}）" if why else name for name, why in row.get("recused") or ()]
    attending = row.get("attending") or ()
    return {
        **counts,
        "body": told.text(row.get("body"), BLANK),
        "no": told.text(row.get("minutes_no"), BLANK),
        "on": told.written(row.get("decided_on")),
        "members": told.text(row.get("members"), "＿＿"),
        "quorum": told.text(row.get("quorum"), "＿＿"),
        "needed": told.text(row.get("needed"), "＿＿"),
        "attending": "、".join(attending) if not isinstance(attending, str) else attending or BLANK,
        "recused": "；".join(recused) or ("无" if row.get("present") is not None else BLANK),
        "opinion": lines(told.text(row.get("opinion"), BLANK)),
        "carried": row.get("present") is not None,
    }


def reward_words(view: CaseView, mode: ModeContract) -> Words:
    """Return one table per distribution, the planned one first: receipts, costs, net income, parties, persons.

    Source: 促进科技成果转化法 arts 43-45
    """
    planned = told.section(view, "rewards")
    paid = told.rows(view, "distributions")
    found = [
        *([_table(view, planned, len(paid) + 1)] if planned else []),
        *reversed([_table(view, row, n) for n, row in enumerate(paid, 1)]),
    ]
    return {"tables": found or [_table(view, {}, 1)], "way": mode.way_zh, "other_side": other_side(view)}


def _table(view: CaseView, plan: Mapping[str, Any], number: int) -> dict[str, Any]:
    reward = plan.get("reward_fen", 0)
    persons = plan.get("persons") or ()
    return {
        "number": number,
        "known": bool(plan),
        "planned_on": told.written(plan.get("planned_on")),
        "posted_on": told.written(plan.get("posted_on")),
        "closed_on": told.written(plan.get("closed_on")),
        "paid_on": told.written(plan.get("paid_on")),
        "by": told.text(plan.get("by_name"), BLANK),
        "receipts": _receipts(view, plan),
        "gross": _sum(plan.get("gross_fen")),
        "costs": [{"kind": _named(COST_LABELS, kind), "amount": format_yuan(fen), "proof": proof or NONE}
                  for kind, fen, proof in plan.get("costs", ())],
        "net": _sum(plan.get("net_fen")),
        "lines": [
            {"party": _named(PARTY_LABELS, party), "amount": format_yuan(fen), "share": percent(bp)}
            for party, fen, bp in plan.get("lines", ())
        ],
        "reward": _sum(reward) if plan else BLANK,
        "persons": [
            {"n": n, "name": name, "amount": format_yuan(fen), "share": _share(fen, reward)}
            for n, (name, fen) in enumerate(persons, 1)
        ],
        "derivation": _derived(plan.get("derivation") or {}),
    }  # fmt: skip


def _receipts(view: CaseView, plan: Mapping[str, Any]) -> list[dict[str, str]]:
    received = told.rows(view, "receipts")
    return [
        {
            "n": str(n),
            "on": told.written(received[n - 1].get("received_on"), NONE),
            "amount": format_yuan(received[n - 1]["amount_fen"]),
            "proof": told.text(received[n - 1].get("reference"), NONE),
        }
        for n in plan.get("receipts", ())
        if 0 < n <= len(received)
    ]


def _sum(fen: int | None) -> str:
    return f"¥{format_yuan(fen)}（大写：人民币{capitals(fen)}）" if fen is not None else BLANK


def _share(fen: int, whole: int) -> str:
    """Write a part of the whole in percent, rounded half up to two places."""
    return percent((fen * 20_000 + whole) // (2 * whole)) if whole else NONE


def _named(labels: Mapping[str, tuple[str, str]], name: str) -> str:
    return labels[name][0] if name in labels else name


def _derived(tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of a computation as lines: what, and the article behind it."""
    if not tree:
        return []
    own = {
        "text": tree["zh"], "article": tree.get("article", ""), "rule": tree.get("rule", ""), "badge": tree.get("badge", ""),
    }  # fmt: skip
    return [*(line for part in tree.get("parts", ()) for line in _derived(part)), own]


OBJECTION_PAPERS = (
    Document(
        "objection_procedure", "公示异议处理办法", "Objection procedure", "forms/objection_procedure.html", "forms",
        objection_words, made_for="publicity", rules=("PR-05", "PR-03"),
    ),
    Document(
        "objection_receipt", "公示异议受理书", "Receipt of an objection", "forms/objection_receipt.html", "forms",
        objection_words, made_for="objection", rules=("PR-05",), told=("objection",),
    ),
    Document(
        "objection_reply", "公示异议答复书", "Answer to an objection", "forms/objection_reply.html", "forms",
        objection_words, made_for="objection", rules=("PR-05",), told=("objection",),
    ),
)  # fmt: skip
MINUTES = Document(
    "minutes", "会议纪要", "Minutes of the committee", "forms/minutes.html", "forms", minutes_words,
    made_for="approval", rules=("PR-01", "W-01"), told=("decisions",),
)  # fmt: skip
REWARD_TABLE = Document(
    "reward_table", "科技成果转化收益分配表", "Distribution of the income", "forms/reward_table.html", "forms",
    reward_words, made_for="rewards", rules=("RW-01", "RW-02", "RW-03", "RW-06"),
    told=("receipts", "rewards", "distributions"),
)  # fmt: skip
