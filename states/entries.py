"""Correcting what was mistyped and carries no decision: numbers, names, references. Before and after stay on record.

`ENTRIES` is the whole table. Where the same thing was recorded several times (receipts, consents), the number says
which one. Dates have a step of their own, because deadlines hang on them (`states.corrections`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import create_model

from states.change_payloads import CorrectEntry
from states.context import Context
from states.filings import label_of
from states.payload_fields import Payload, chosen
from states.plan import Effects, Unmet
from states.steps import FINANCE, OFFICER, Step, kept

EVENT = "correct_entry"
EACH = "*"  # stands in a path for one of a list


@dataclass(frozen=True, slots=True)
class Entry:
    """Something recorded that can be corrected: where it stands in the case's data, and its names."""

    path: tuple[str, ...]
    zh: str
    en: str


ENTRIES: Mapping[str, Entry] = {
    "title_evidence": Entry(("title", "evidence"), "权属核查依据", "evidence of the title check"),
    "appraisal_no": Entry(("price", "appraisal_no"), "评估报告编号", "appraisal report no."),
    "publicity_place": Entry(("publicity", "place"), "公示位置", "place of the publicity"),
    "publicity_exchange": Entry(
        ("publicity", "exchange"), "技术交易市场公示编号", "publicity on the exchange"
    ),
    "objector": Entry(("objection", "objector"), "异议人", "objector"),
    "consent_giver": Entry(("consents", "given", EACH, "given_by"), "同意人", "who consented"),
    "consent_evidence": Entry(("consents", "given", EACH, "evidence"), "同意书编号", "document of a consent"),
    "minutes_no": Entry(("approval", "minutes_no"), "审批文号或会议纪要号", "minutes or decision no."),
    "contract_no": Entry(("contract", "contract_no"), "合同编号", "contract no."),
    "reviewed_by": Entry(("contract", "reviewed_by"), "法务审核人", "legal reviewer"),
    "licensor_signatory": Entry(("contract", "licensor_signatory"), "本单位签署人", "our signatory"),
    "licensee_signatory": Entry(("contract", "licensee_signatory"), "对方签署人", "their signatory"),
    "sign_place": Entry(("contract", "place"), "签订地点", "place of the signature"),
    "receipt_no": Entry(("filing", "receipt_no"), "受理编号", "receipt no. of the filing"),
    "record_no": Entry(("filing", "record_no"), "备案号或登记号", "record no."),
    "feedback_reference": Entry(("feedback", "reference"), "平台反馈凭证", "reference of the feedback"),
    "bank_reference": Entry(("receipts", "list", EACH, "reference"), "银行凭证号", "bank reference"),
    "stamp_duty_reference": Entry(("duties", "stamp_duty", "reference"), "完税凭证号", "stamp-duty receipt"),
    "registration_no": Entry(
        ("duties", "technology_contract", "reference"), "技术合同认定登记编号", "contract registration no."
    ),
    "cancellation_reference": Entry(("cancellation", "reference"), "注销凭证", "proof of the cancellation"),
    "withdrawal_reference": Entry(("filing_withdrawal", "reference"), "撤回凭证", "proof of the withdrawal"),
}


def recorded(ctx: Context, which: str, number: int | None = None) -> str:
    """Return what is recorded, of several the one with this number or the last; empty if there is nothing."""
    found: Any = ctx.data.sections
    for part in ENTRIES[which].path:
        found = _inside(found, part, number)
    return found if isinstance(found, str) else ""


def _inside(found: Any, part: str, number: int | None) -> Any:
    if part != EACH:
        return found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, list) or not found:
        return None
    at = len(found) if number is None else number
    return found[at - 1] if at <= len(found) else None


def correctable(ctx: Context) -> tuple[str, ...]:
    """Return what can be corrected now, in the order of the table."""
    return tuple(which for which in ENTRIES if recorded(ctx, which))


def is_entry_recorded(ctx: Context) -> tuple[Unmet, ...]:
    """What is to be corrected has been recorded."""
    can = correctable(ctx)
    if ctx.payload is None and can:
        return ()
    if ctx.payload is not None and recorded(ctx, ctx.payload.which, ctx.payload.number):
        return ()
    name = (
        ENTRIES[ctx.payload.which]
        if ctx.payload is not None
        else Entry((), "可更正的内容", "anything correctable")
    )
    known = "、".join(ENTRIES[which].zh for which in can[:8]) or "无"
    what = (f"尚未登记{name.zh}", f"not recorded: {name.en}")
    remedy = (f"已登记、可更正的：{known}", "choose what is recorded")
    return (ctx.unmet("entry_not_recorded", "", what, remedy, "officer"),)


def is_another_text(ctx: Context) -> tuple[Unmet, ...]:
    """The corrected text is another one."""
    if ctx.payload is None or recorded(ctx, ctx.payload.which, ctx.payload.number) != ctx.payload.corrected:
        return ()
    what = ("更正前后相同，没有改动", "the entry is the same as before")
    return (
        ctx.unmet("nothing_corrected", "", what, ("填写正确的内容", "enter the correct text"), "officer"),
    )


def _replaced(found: Any, path: tuple[str, ...], number: int | None, text: str) -> Any:
    """Return a copy of nested values in which the text at the end of the path is another one."""
    if not path:
        return text
    part, rest = path[0], path[1:]
    if part != EACH:
        return {**found, part: _replaced(found[part], rest, number, text)}
    at = (len(found) if number is None else number) - 1
    return [_replaced(one, rest, number, text) if index == at else one for index, one in enumerate(found)]


def _correct(ctx: Context) -> Effects:
    which, number = ctx.payload.which, ctx.payload.number
    section, *rest = ENTRIES[which].path
    after = _replaced(ctx.data.sections[section], tuple(rest), number, ctx.payload.corrected)
    before = recorded(ctx, which, number)
    told = {**kept(ctx), "before": before, "by_name": ctx.actor.name, "on": ctx.today.isoformat()}
    known = ctx.data.sections.get("corrected", {})
    history = {**known, "entries": [*known.get("entries", ()), told]}
    return Effects(
        facts={section: after, "corrected": history}, documents=_printed(ctx, which),
        label=label_of(ctx, after) if which == "record_no" else None,
    )  # fmt: skip


def _printed(ctx: Context, which: str) -> tuple[str, ...]:
    """Return the draft that names what was corrected; what is signed or filed keeps what it says."""
    is_draft = which == "contract_no" and (ctx.at("drafting") or ctx.at("signing"))
    return ("contract",) if is_draft else ()


def _payload() -> type[Payload]:
    names = {which: (entry.zh, entry.en) for which, entry in ENTRIES.items()}
    field: Any = (
        Literal[tuple(names)],
        chosen(
            "更正哪一项",
            "What to correct",
            names,
            "只列不涉及决定的内容；日期用“更正日期”",
            "Nothing that a decision rests on; dates have their own step",
        ),
    )
    return create_model("CorrectEntry", __base__=CorrectEntry, __doc__=CorrectEntry.__doc__, which=field)


STEPS: tuple[Step, ...] = (
    Step(
        EVENT, "更正登记内容", "Correct an entry", "更正了登记的内容", "corrected an entry",
        OFFICER | FINANCE, _payload(), (is_entry_recorded, is_another_text), _correct, "secondary",
    ),
)  # fmt: skip
