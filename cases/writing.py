"""Carries out a plan on the bare cursor: case, trail, deadlines, documents, labels and outbox.

Fixed statements, in one transaction that the caller commits. Nothing else in the product writes a case's
state, and nothing here decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from cases.audit_checker import link
from cases.db import Cursor
from cases.errors import Stale
from cases.loading import Loaded, stored_position
from cases.outbox import INSERT as INSERT_OUTBOX
from cases.patent_index import index_patents
from cases.scope import NOWHERE, Origin
from cases.trail import INSERT_ENTRY, canonical
from rules.deadlines import Deadline
from rules.ladder import Ladder
from states.chart import Position
from states.facts import Actor
from states.plan import Closing, Plan, RegisterChange

UPDATE_CASE = (
    "UPDATE conversion_case SET state = ?, stage = ?, data = ?, version = version + 1, trail_seq = ?, "
    "trail_head = ?, updated_at = ?, closed_on = ? WHERE id = ? AND version = ?"
)
GO_UNDER_CHART = "UPDATE conversion_case SET mode = ?, chart_version = ? WHERE id = ?"
HAND_OVER_CASE = "UPDATE conversion_case SET officer_id = ? WHERE id = ?"
# The new officer is told at the next sweep how every deadline stands.
HAND_OVER_DEADLINES = "UPDATE deadline SET owner_id = ?, next_on = ? WHERE case_id = ? AND status = 'open'"
JOIN_PATENT = "INSERT INTO case_patent (case_id, patent_id, org_id) VALUES (?, ?, ?)"
DROP_PATENT = "DELETE FROM case_patent WHERE case_id = ? AND patent_id = ?"
FIND_REDUCTION = "SELECT fee_reduction FROM patent WHERE id = ?"
CHANGE_REGISTER = "UPDATE patent SET flags = ?, owners = ?, fee_reduction = ?, updated_at = ? WHERE id = ?"
CLOSE_DEADLINE = (
    "UPDATE deadline SET status = ?, closed_seq = ?, closed_on = ? "
    "WHERE case_id = ? AND key = ? AND status = 'open'"
)
CLOSE_ALL_DEADLINES = (
    "UPDATE deadline SET status = ?, closed_seq = ?, closed_on = ? WHERE case_id = ? AND status = 'open'"
)
FIND_OPEN = "SELECT id, due, base_date FROM deadline WHERE case_id = ? AND key = ? AND status = 'open'"
DEADLINE_COLUMNS = (
    "org_id, case_id, patent_id, key, title, title_en, kind, rule_id, rule_version, confidence, article, base_event, "
    "base_date, period, nominal, due, roll, provisional, explanation, rungs, overdue_rungs, who, owner_id, next_on, "
    "status, replaces, opened_seq, created_at"
)
INSERT_DEADLINE = (
    f"INSERT INTO deadline ({DEADLINE_COLUMNS}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(DEADLINE_COLUMNS.split(',')))})"
)
_COPIED = ", ".join(
    column
    for column in DEADLINE_COLUMNS.split(", ")
    if column not in ("owner_id", "next_on", "status", "replaces", "opened_seq", "created_at")
)
# A closed deadline runs again as a row of its own, with the dates it had.
COPY_DEADLINE = (
    f"INSERT INTO deadline ({_COPIED}, owner_id, next_on, status, replaces, opened_seq, created_at) "  # noqa: S608
    f"SELECT {_COPIED}, ?, ?, 'open', ?, ?, ? FROM deadline WHERE id = ?"
)
FIND_LAST = "SELECT id, status FROM deadline WHERE case_id = ? AND key = ? ORDER BY id DESC LIMIT 1"
NEXT_DOCUMENT = "SELECT COALESCE(MAX(version), 0) + 1 FROM document WHERE case_id = ? AND kind = ?"
INSERT_DOCUMENT = (
    "INSERT INTO document (org_id, case_id, kind, version, title, filename, draft, status, error, terms_hash, "
    "input_hash, sha256, size, pages, flow_run_id, requested_seq, requested_at) "
    "VALUES (?, ?, ?, ?, '', '', ?, 'queued', '', ?, '', '', 0, 0, '', ?, ?) RETURNING id"
)
INSERT_LABEL = (
    'INSERT INTO label_event (org_id, case_id, patent_id, label, "on", evidence, created_at) '
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, patent_id, label) "
    'DO UPDATE SET "on" = excluded."on", evidence = excluded.evidence'
)


DRAFT_UNTIL_SIGNED = frozenset({"contract", "contract_bilingual", "declaration"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, by whom and from where: the legal day, the moment, the actor, the action's key and the door."""

    actor: Actor
    today: date
    now: datetime
    action_key: str | None = None
    origin: Origin = NOWHERE


def carry_out(
    cur: Cursor,
    case: Loaded,
    plan: Plan,
    stamp: Stamp,
    payload: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> int:
    """Write a plan and return the sequence number of its trail entry.

    Raises: Stale if the case moved on since it was loaded.
    """
    seq = case.trail_seq + 1
    data = _folded(case.data, plan.facts)
    register = change_register(cur, case, plan.register, stamp)
    body = canonical(
        {
            "action_key": stamp.action_key,
            "actor": stamp.actor.name,
            "actor_id": stamp.actor.id,
            "at": stamp.now.astimezone(UTC).isoformat(),
            "before": {section: case.data[section] for section in plan.facts if section in case.data},
            "closed_on": stamp.today.isoformat() if plan.final else None,
            "facts": plan.facts,
            "from": case.position,
            "payload": payload,
            "raised": plan.raised,
            "role": stamp.actor.role,
            "seq": seq,
            "stage": plan.stage,
            "to": plan.position,
            "today": stamp.today.isoformat(),
            "verb": plan.event,
            "voids": plan.voids,
            **stamp.origin.told(),
            **_chart(plan),
            **({"register": register} if register else {}),
            **(extra or {}),
        }
    )
    digest = link(case.trail_head, body)
    now = cur.moment(stamp.now)
    cur.run(
        UPDATE_CASE, stored_position(plan.position), plan.stage, orjson.dumps(data).decode(), seq, digest, now,
        cur.day(stamp.today if plan.final else None), case.id, case.version,
    )  # fmt: skip
    if _count(cur) != 1:
        raise Stale("案件已被他人更新，请刷新后再办理", "the case has moved on")
    cur.run(
        INSERT_ENTRY, case.org_id, f"case:{case.id}", seq, case.id, now, stamp.actor.id, plan.event,
        stamp.action_key, body, case.trail_head, digest,
    )  # fmt: skip
    _close(cur, case.id, plan.closes, stamp.today, seq)
    for key, deadline in plan.deadlines:
        _open(cur, case, key, deadline, seq, stamp)
    for key, deadline in plan.moves:
        _open(cur, case, key, deadline, seq, stamp, only_moved=True)
    for key in plan.reopens:
        _reopen(cur, case, key, seq, stamp)
    if plan.mode is not None:
        cur.run(GO_UNDER_CHART, plan.mode, plan.chart_version, case.id)
    if plan.officer_id is not None:
        cur.run(HAND_OVER_CASE, plan.officer_id, case.id)
        cur.run(HAND_OVER_DEADLINES, plan.officer_id, cur.day(stamp.today), case.id)
    _queue(cur, case, plan, seq, now)
    return seq


def _chart(plan: Plan) -> dict[str, Any]:
    return {} if plan.mode is None else {"mode": plan.mode, "chart_version": plan.chart_version}


def change_patents(cur: Cursor, case: Loaded, plan: Plan) -> None:
    """Let patents join and leave the case; goes before the rest, so that conflicts of the newcomers are seen."""
    for patent_id in plan.patents_in:
        cur.run(JOIN_PATENT, case.id, patent_id, case.org_id)
    for patent_id in plan.patents_out:
        cur.run(DROP_PATENT, case.id, patent_id)


def change_register(
    cur: Cursor, case: Loaded, changes: tuple[RegisterChange, ...], stamp: Stamp
) -> list[dict[str, Any]]:
    """Write what the office has published of the case's patents; return before and after, patent by patent.

    A fee reduction ends when an owner joins, who asks for it anew; it stays when owners only leave.

    Source: 专利审查指南 (2023) part 1 ch 1 §6.7.3(1)
    """
    held = {patent.id: patent for patent in case.facts.patents}
    told = []
    for change in changes:
        before = held[change.patent_id]
        after = change.applied(before)
        if after == before:
            continue
        (reduction,) = cur.one(FIND_REDUCTION, before.id)
        kept = reduction if set(after.owners) <= set(before.owners) else "none"
        cur.run(
            CHANGE_REGISTER, orjson.dumps(sorted(after.flags)).decode(), orjson.dumps(after.owners).decode(), kept,
            cur.moment(stamp.now), change.patent_id,
        )  # fmt: skip
        index_patents(cur, [change.patent_id])
        told.append(
            {
                "patent_id": before.id,
                "application_no": before.application_no,
                "before": {
                    "flags": sorted(before.flags),
                    "owners": before.owners,
                    "fee_reduction": reduction,
                },
                "after": {"flags": sorted(after.flags), "owners": after.owners, "fee_reduction": kept},
            }
        )
    return told


def _folded(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    folded = {**data, **changes}
    return {section: values for section, values in folded.items() if values is not None}


def _count(cur: Cursor) -> int:
    return int(getattr(cur.raw, "rowcount", 0))


def _close(cur: Cursor, case_id: int, closes: tuple[Closing, ...], today: date, seq: int) -> None:
    for closing in closes:
        if closing.key == "*":
            spared = f" AND key NOT IN ({', '.join('?' * len(closing.but))})" if closing.but else ""
            cur.run(CLOSE_ALL_DEADLINES + spared, closing.how, seq, cur.day(today), case_id, *closing.but)
        else:
            cur.run(CLOSE_DEADLINE, closing.how, seq, cur.day(today), case_id, closing.key)


def _open(
    cur: Cursor,
    case: Loaded,
    key: str,
    deadline: Deadline,
    seq: int,
    stamp: Stamp,
    *,
    only_moved: bool = False,
) -> None:
    """Open a deadline; one of the same key with other dates is closed as moved and stays on record.

    With `only_moved` nothing is opened where none of the key is open.
    """
    found = cur.one(FIND_OPEN, case.id, key)
    if only_moved and found is None:
        return
    replaces = None
    if found is not None:
        replaces, due, base = found
        if (str(due), str(base)) == (deadline.due.isoformat(), deadline.base_date.isoformat()):
            return
        cur.run(CLOSE_DEADLINE, "moved", seq, cur.day(stamp.today), case.id, key)
    insert_deadline(
        cur, (case.org_id, case.id, None), key, deadline, owner_id=case.facts.officer_id, replaces=replaces, seq=seq,
        today=stamp.today, now=stamp.now,
    )  # fmt: skip


def insert_deadline(
    cur: Cursor, belongs: tuple[int, int | None, int | None], key: str, deadline: Deadline, *, owner_id: int | None,
    replaces: int | None, seq: int, today: date, now: datetime,
) -> None:  # fmt: skip
    """Write an open deadline that belongs to an organization and its case or patent.

    Effects: nothing where one of the same key is open for the same patent.
    """
    first = Ladder(deadline.rungs, deadline.overdue_rungs).first_on(deadline.due, today)
    unless_there = " ON CONFLICT DO NOTHING" if belongs[1] is None else ""
    cur.run(
        INSERT_DEADLINE + unless_there, *belongs, key, deadline.title, deadline.title_en, deadline.kind,
        deadline.rule_id, deadline.rule_version, deadline.confidence, deadline.article, deadline.base_event,
        cur.day(deadline.base_date), str(deadline.period), cur.day(deadline.nominal), cur.day(deadline.due),
        deadline.roll, deadline.provisional, explanation_of(deadline), _joined(deadline.rungs),
        _joined(deadline.overdue_rungs), deadline.who, owner_id, cur.day(first), "open", replaces, seq,
        cur.moment(now),
    )  # fmt: skip


def _reopen(cur: Cursor, case: Loaded, key: str, seq: int, stamp: Stamp) -> None:
    last = cur.one(FIND_LAST, case.id, key)
    if last is not None and last[1] != "open":
        today, now = cur.day(stamp.today), cur.moment(stamp.now)
        cur.run(COPY_DEADLINE, case.facts.officer_id, today, last[0], seq, now, last[0])


def explanation_of(deadline: Deadline) -> str:
    """Return how a date came about as its row keeps it: sentences, tree, and the house's own date."""
    told = {
        "zh": list(deadline.explanation_zh),
        "en": list(deadline.explanation_en),
        "tree": deadline.derivation.as_json(),
        "internal": deadline.internal.isoformat() if deadline.internal else None,
    }
    return orjson.dumps(told).decode()


def _joined(rungs: tuple[int, ...]) -> str:
    return ",".join(map(str, rungs))


def _queue(cur: Cursor, case: Loaded, plan: Plan, seq: int, now: object) -> None:
    for kind in plan.documents:
        queue_document(cur, case, kind, signed=is_final(plan.position, plan.stage), seq=seq, now=now)
    for topic in plan.outbox:
        key = f"{topic}:{case.id}:{seq}"
        payload = f'{{"case_id":{case.id},"seq":{seq}}}'
        cur.run(INSERT_OUTBOX, case.org_id, case.id, topic, key, payload, now, now)
    if plan.label:
        label, evidence, on = plan.label
        ended = {told["id"] for told in case.facts.data.items("ended_patents", "list")}
        earning = [patent for patent in case.facts.patents if patent.id not in ended]
        cur.many(
            INSERT_LABEL,
            [(case.org_id, case.id, p.id, label, cur.day(on), evidence, now) for p in earning],
        )


def is_final(position: Position, stage: str) -> bool:
    """Say whether the text of the contract is final: what goes to signing bears no mark of a draft."""
    return bool({"signing", "signed"} & set(position)) or stage in ("performance", "end")


def is_draft(kind: str, *, signed: bool) -> bool:
    """Say whether a document made now bears the mark of a draft."""
    return kind in DRAFT_UNTIL_SIGNED and not signed


def queue_document(
    cur: Cursor, case: Loaded, kind: str, *, signed: bool, seq: int, now: object, outbox: bool = True
) -> int:
    """Queue the next version of a document and return its id; without `outbox` the caller sees to its making."""
    (version,) = cur.one(NEXT_DOCUMENT, case.id, kind)
    draft = is_draft(kind, signed=signed)
    terms_hash = case.facts.terms.hashes.get("terms", "")
    (document_id,) = cur.one(
        INSERT_DOCUMENT, case.org_id, case.id, kind, version, draft, terms_hash, seq, now
    )
    if outbox:
        payload = f'{{"document_id":{document_id}}}'
        cur.run(INSERT_OUTBOX, case.org_id, case.id, "render", f"render:{document_id}", payload, now, now)
    return int(document_id)
