"""Tells an entry of the trail in human words: who did what, what was filled in, and what it made void."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.desk_queries import RecentEntry
from cases.negotiation import DECISIONS
from cases.organizations import LABELS
from cases.patent_fees import LABELS as FEE_LABELS
from cases.patent_register import LABELS as LOOK_LABELS
from cases.trail import Entry
from desk.web import labels
from desk.web.i18n import Words
from rules.money import format_yuan
from states.amendment_payloads import Amending
from states.catalog import MODES
from states.modes import Mode
from states.payload_fields import Payload
from states.payloads import EditTerms

HIDDEN = frozenset({"terms"})
RECOMPUTED = "deadline_recomputed"
# Corrections by the list in which each keeps what stood there before; and what names another case.
CORRECTIONS = {"correct_date": "dates", "correct_entry": "entries"}
OTHER_CASE = ("split_into", "split_from", "joined", "joined_to")
PAYMENT = re.compile(r"\bpayment:(\d+)")  # the key of an instalment, as forms send it
ORG_FACTS = {
    "login": "用户名",
    "role": "角色",
    "name": "名称",
    "uscc": "统一社会信用代码",
    "filename": "文件",
    "note": "核对结果",
    "body_zh": "审批机构",
    "deputy": "代理人",
    "first_day": "首日",
    "last_day": "末日",
    "reason": "原因",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words. `details` are (label, value); `tone` colors its mark."""

    seq: int
    at: datetime
    who: str
    role: str
    what: str
    details: tuple[tuple[str, str], ...]
    voids: tuple[str, ...]
    hash: str
    tone: str
    case_id: int | None = None
    case_no: str = ""
    case_title: str = ""
    door: str = ""
    address: str = ""


def told_case(
    entries: Sequence[Entry], mode: Mode, words: Words, fields: Mapping[str, str], before: Mapping[str, Any]
) -> tuple[Told, ...]:
    """Tell a part of a case's chain in the order given.

    `fields` are the labels of the terms, for what an edit changed; `before` the terms before this part.
    """
    earlier = _earlier_terms(entries, before)
    return tuple(_told(entry, mode, words, fields, earlier.get(entry.seq)) for entry in entries)


def told_org(recent: RecentEntry, words: Words) -> Told:
    """Tell one entry of any chain of the organization."""
    entry = recent.entry
    mode = MODES.get(recent.mode)
    if recent.case_id is None or mode is None or entry.verb not in mode.steps:
        what = words.pick(*labels.of(labels.ORG_VERB, entry.verb))
        details, tone = _org_details(entry, words), "secondary"
    else:
        step = mode.steps[entry.verb]
        what, details, tone = words.pick(step.done_zh, step.done_en), (), step.tone
    return Told(
        entry.seq, entry.at, entry.actor_name, "", what, details, (), entry.hash, tone, recent.case_id,
        recent.case_no, recent.case_title, entry.origin.door, entry.origin.address,
    )  # fmt: skip


def _earlier_terms(entries: Sequence[Entry], last: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """Return, per edit of the terms, the terms before it."""
    before: dict[int, Mapping[str, Any]] = {}
    for entry in sorted(entries, key=lambda e: e.seq):
        terms = entry.body.get("payload", {}).get("terms")
        if isinstance(terms, Mapping):
            before[entry.seq], last = last, terms
    return before


def _told(
    entry: Entry, mode: Mode, words: Words, fields: Mapping[str, str], earlier: Mapping[str, Any] | None
) -> Told:
    step = mode.steps.get(entry.verb)
    if step is None:
        what, tone, details = (
            words.pick(*labels.of(labels.ORG_VERB, entry.verb)),
            "secondary",
            (*BESIDE_STEPS.get(entry.verb, _opened)(entry, words), *_other_case(entry, words)),
        )
    else:
        what, tone = words.pick(step.done_zh, step.done_en), step.tone
        details = _details(step.payload, entry.body.get("payload", {}), words)
        if acted := _decided(entry, words):
            details = (*acted, *(one for one in details if one[0] != acted[0][0]))
        if issubclass(step.payload, Amending):
            details = (
                *_proposed(entry, words),
                *(one for one in details if one[0] != words.pick("变更的条款", "What changes")),
            )
        if step.payload is EditTerms:
            details = (*_changed(entry, earlier or {}, words, fields), *details)
        details = (*_corrected(entry, words), *details, *_other_case(entry, words))
    voids = tuple(words.pick(*labels.of(labels.VOIDED, void)) for void in entry.body.get("voids", ()))
    role = str(entry.body.get("role", ""))
    return Told(
        entry.seq, entry.at, entry.actor_name, role, what, details, voids, entry.hash, tone,
        door=entry.origin.door, address=entry.origin.address,
    )  # fmt: skip


def _decided(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    """Return for which body of an approval somebody has decided, and in whose place."""
    facts = entry.body.get("facts", {})
    kept = (
        facts.get({"approve": "approval", "send_back": "sent_back", "reject": "end"}.get(entry.verb, ""))
        or {}
    )
    told = kept["decisions"][-1] if entry.verb == "approve" and kept.get("decisions") else kept
    if entry.verb not in ("approve", "send_back", "reject") or not told.get("body_zh"):
        return ()
    named = ((words("审批机构"), str(told["body_zh"])),)
    return (*named, (words("被代理人"), str(told["for_name"]))) if told.get("for_name") else named


def _corrected(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what stood there before a correction."""
    if entry.verb not in CORRECTIONS:
        return ()
    made = entry.body["facts"]["corrected"][CORRECTIONS[entry.verb]][-1]
    return ((words("更正前"), str(made["before"] or "—")),)


def _other_case(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    """Return the case that a split or a join has to do with."""
    found = [entry.body[key]["number"] for key in OTHER_CASE if key in entry.body]
    return tuple((words("关联案件"), str(number)) for number in found)


def _recomputed(entry: Entry, _words: Words) -> tuple[tuple[str, str], ...]:
    """Return each date that was looked at anew: what it was and what it is now, or that it stays."""
    changes = entry.body["payload"]["deadlines"]
    return tuple(
        (one["title"], one["after"] if one["before"] == one["after"] else f"{one['before']} → {one['after']}")
        for one in changes
    )


def _migrated(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    """Return from which version a migration, or its undoing, brought the case to which, and its dates that moved."""
    payload = entry.body["payload"]
    before, after = payload["from_version"], payload["to_version"]
    moved = _recomputed(entry, words) if payload.get("deadlines") else ()
    return (
        (words("批次"), str(payload["run"])),
        (words("流程版本"), f"{before} → {after}" if before != after else str(after)),
        *moved,
    )


def _reason(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    return ((words("原因"), str(entry.body["payload"]["reason"])),)


def _attached(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    told = entry.body["payload"]
    note = ((words("说明"), str(told["note"])),) if told["note"] else ()
    return ((words("附件"), str(told["filename"])), (words("校验值"), str(told["sha256"])), *note)


def _version(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    told = entry.body["payload"]
    changed = ((words("改动条款"), str(len(told["differences"]))),) if "differences" in told else ()
    return (
        (words("稿次"), str(told["no"])),
        (words("文件"), str(told["filename"])),
        (words("校验值"), str(told["sha256"])),
        *changed,
    )


def _difference(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    told = entry.body["payload"]
    note = ((words("备注"), str(told["note"])),) if told["note"] else ()
    return (
        (words("条款"), str(told["title"])),
        (words("决定"), words.pick(*DECISIONS[told["decision"]])),
        *note,
    )


def _opened(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    return (
        (words("案件名称"), str(entry.body.get("title", ""))),
        (words("专利"), words("%(n)s件", n=len(entry.body.get("patents", ())))),
    )


BESIDE_STEPS: Mapping[str, Callable[[Entry, Words], tuple[tuple[str, str], ...]]] = {
    RECOMPUTED: _recomputed,
    "case_migrated": _migrated,
    "migration_undone": _migrated,
    "merged_away": _reason,
    "file_attached": _attached,
    "draft_sent": _version,
    "draft_received": _version,
    "difference_decided": _difference,
}


def _changed(
    entry: Entry, earlier: Mapping[str, Any], words: Words, fields: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    terms = entry.body["payload"]["terms"]
    if not earlier:
        return ((words("条款"), words("首次填写")),)
    changed = [fields.get(name, name) for name in terms if terms.get(name) != earlier.get(name)]
    return ((words("改动"), words.pick("、", ", ").join(changed) or words("没有改动")),)


def _proposed(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what a proposal changes, item by item."""
    changes = entry.body.get("facts", {}).get("amendment", {}).get("changes", ())
    return tuple(
        (words.pick(one["label_zh"], one["label_en"]), f"{one['old']} → {one['new']}") for one in changes
    )


def _details(model: type[Payload], payload: Mapping[str, Any], words: Words) -> tuple[tuple[str, str], ...]:
    found = []
    for name, info in model.model_fields.items():
        value = payload.get(name)
        meta: Any = info.json_schema_extra
        if name in HIDDEN or value in (None, "") or value is False:
            continue
        found.append((words.pick(meta["label_zh"], meta["label_en"]), _value(value, meta, words)))
    return tuple(found)


def _value(value: Any, meta: Mapping[str, Any], words: Words) -> str:
    if meta["widget"] == "money":
        return format_yuan(int(value))
    if meta["widget"] == "select":
        table = meta.get("options_zh" if words.language == "zh" else "options_en", {})
        value = table.get(
            value, value
        )  # What is chosen among the case's own things has no table: it stands for itself.
    if value is True:
        return words("是")
    return PAYMENT.sub(lambda found: words.pick(f"第{found[1]}期", f"payment {found[1]}"), str(value))


def _org_details(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    if entry.verb == "organization_saved":
        before, after = entry.body["before"], entry.body["after"]
        return tuple((words(LABELS[name]), f"{before[name] or '—'} → {after[name] or '—'}") for name in after)
    if entry.verb == "house_saved":
        return (
            (
                words("单位模板"),
                f"{entry.body['before']['house'] or '—'} → {entry.body['after']['house'] or '—'}",
            ),
        )
    if entry.verb == "rule_layers_saved":
        before, after = entry.body["before"]["rule_layers"], entry.body["after"]["rule_layers"]
        return ((words("规则包"), f"{before} → {after}"),)
    if entry.verb == "register_checked":
        return (
            (words("申请号"), str(entry.body["application_no"])),
            (words("核查依据"), str(entry.body["evidence"])),
            *_looked(entry, words),
        )
    if entry.verb == "fee_data_set":
        before, after = entry.body["before"], entry.body["after"]
        told = [
            (words(FEE_LABELS[name]), f"{_or_dash(before[name])} → {_or_dash(after[name])}") for name in after
        ]
        return ((words("申请号"), str(entry.body["application_no"])), *told)
    return tuple(
        (words(label), str(entry.body[key]))
        for key, label in ORG_FACTS.items()
        if entry.body.get(key) and not (key == "login" and entry.body.get("name"))
    )


def _looked(entry: Entry, words: Words) -> tuple[tuple[str, str], ...]:
    before, after = entry.body["before"], entry.body["after"]
    told = []
    for name, value in after.items():
        shown = [_register_value(name, side, words) for side in (before[name], value)]
        told.append((words(LOOK_LABELS[name]), " → ".join(shown)))
    return tuple(told)


def _register_value(name: str, value: object, words: Words) -> str:
    if name == "flags":
        flags = json.loads(str(value))
        return "、".join(words.pick(*labels.of(labels.FLAG, flag)) for flag in flags) or "—"
    if name == "status":
        return words.pick(*labels.of(labels.PATENT_STATUS, str(value)))
    return _or_dash(value)


def _or_dash(value: object) -> str:
    return "—" if value in (None, "") else str(value)
