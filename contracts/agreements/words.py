"""What agreements on a contract say: the contract that they are about, what changes, and what stays.

In: the case with what its events have told of the agreement (`view.told`). Out: plain words for the clause texts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.mode import ModeContract
from contracts.phrases import BLANK, day, joined, lines
from contracts.schedule import payment_schedule
from contracts.view import CaseView
from contracts.wording import payment_rows

_FILED = {
    "license": "许可合同备案",
    "owner": "著录项目变更登记",
}


def agreement_words(view: CaseView, mode: ModeContract) -> dict[str, Any]:
    """Return what every agreement says of the parties, of the contract it is about, and of its own signature."""
    told = view.told.get("agreement", {})
    return {
        "a": told,
        "no": told.get("no", ""),
        "contract": {
            "title": mode.title_zh,
            "kind": mode.kind_zh if mode.kind_zh not in mode.title_zh else "",
            "no": view.contract_no or BLANK,
            "signed_on": day(view.day("signed_on")),
            "effective_on": day(view.day("effective_on")),
        },
        "project": view.terms.project_name,
        "patents_zh": mode.patents_zh,
        "patent_count": len(view.patents),
        "signed_on": day(_day(told, "signed_on")),
        "effective_on": _effect(told),
        "reason": joined(str(told.get("reason", ""))),
        "settlement": joined(str(told.get("settlement", ""))),
        "handover": joined(str(told.get("handover", ""))),
        "filed": _filed(view, mode),
        "is_registered": bool(view.told.get("is_registered")),
        "publicized": bool((told.get("publicity") or {}).get("closed_on")),
        "approved": bool((told.get("approval") or {}).get("decided_on")),
    }


def _day(told: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(told[name]) if told.get(name) else None


def _effect(told: Mapping[str, Any]) -> str:
    """Return the day on which a change takes effect, or nothing where that is the day of its signature."""
    named = _day(told, "effective_on")
    return day(named) if named is not None and told.get("effective_on") != told.get("signed_on") else ""


def _filed(view: CaseView, mode: ModeContract) -> Mapping[str, str]:
    """Return what the office knows of the contract: the procedure, its number and day; empty without one."""
    if mode.filing is None:
        return {}
    known = view.told.get("filing") or {}
    name = _FILED["owner" if view.terms.owner_change() is not None else "license"]
    recorded = _day(known, "recorded_on")
    return {
        "name": name,
        "kind": "owner" if view.terms.owner_change() is not None else "license",
        "no": str(known.get("record_no", "")),
        "on": day(recorded) if recorded else "",
    }


def change_words(view: CaseView, mode: ModeContract) -> dict[str, Any]:
    """Return what an agreement says that changes the contract: old and new, item by item, and the new schedule."""
    told = view.told.get("agreement", {})
    changes = [{**one, "n": n} for n, one in enumerate(told.get("changes", ()), 1)]
    old_end, new_end = (_end(changes, key) for key in ("old", "new"))
    return {
        "changes": changes,
        "is_extension": told.get("kind") == "extension",
        "old_end": old_end,
        "new_end": new_end,
        "payments": payment_rows(list(payment_schedule(view.terms))),
        "has_new_payments": any(one["group"] in ("price", "royalty", "fee", "payment") for one in changes),
        "payments_note": view.terms.payment_notes()[0],
        "no_payments": view.terms.payment_notes()[1],
    }


def _end(changes: list[dict[str, Any]], key: str) -> str:
    return next((str(one[key]) for one in changes if one["field"] == "end"), "")


def termination_words(view: CaseView, mode: ModeContract) -> dict[str, Any]:
    """Return what an agreement says that ends the contract: what was paid, what stays due, what falls away."""
    told = view.told.get("agreement", {})
    return {
        "agreed_on": day(_day(told, "agreed_on")),
        "received": told.get("received", []),
        "received_total": told.get("received_total", ""),
        "due": told.get("due", []),
        "released": told.get("released", []),
        "is_in_force": bool(view.day("effective_on")),
    }


def secrecy_words(view: CaseView, mode: ModeContract) -> dict[str, Any]:
    """Return what the confidentiality agreement says: who discloses what, for what, and for how long."""
    told = view.told.get("agreement", {})
    direction = told.get("direction", "mutual")
    return {
        "direction": direction,
        "disclosing": {"mutual": "双方", "ours": "甲方", "theirs": "乙方"}[direction],
        "receiving": {"mutual": "接收信息的一方", "ours": "乙方", "theirs": "甲方"}[direction],
        "purpose": joined(str(told.get("purpose", ""))),
        "materials": lines(str(told.get("materials", ""))),
        "years": told.get("years", ""),
        "return_days": told.get("return_days", ""),
        "persons": str(told.get("persons", "")),
    }
