"""The one way to change a case: load under lock, decide, write everything in one transaction.

Web, API, command line and flows all call `advance`. A refusal changes nothing and explains itself; a stale
version is a conflict that names who changed what; a repeated `action_key` returns the first result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

from cases.asked import asked
from cases.clauses import keep_wording
from cases.conflicts import opening_warnings, told
from cases.db import Cursor, Database
from cases.errors import Conflict, NotFound, Refused, Stale
from cases.loading import Loaded, load
from cases.pairing import begin_split, end_joined, hold_both
from cases.payloads import check_payload
from cases.scope import Person
from cases.terms import TERMS_COLUMNS_UPDATE, StoredTerms
from cases.writing import Stamp, carry_out, change_patents
from rules.packs import RuleBook
from states.chart import Position
from states.decide import decide
from states.payload_fields import Payload
from states.plan import Plan, Refusal
from states.versions import SHIPPED, Versions

__all__ = ["BESIDE_STEPS", "Advanced", "Refused", "advance"]

FIND_ACTION = "SELECT seq, verb, body FROM trail WHERE chain = ? AND action_key = ?"
SINCE = "SELECT verb, body FROM trail WHERE chain = ? ORDER BY seq DESC LIMIT 1"
# Entries of a case's trail that are no step of its chart.
BESIDE_STEPS = {
    "open_case": ("立案", "opened the case"),
    "deadline_recomputed": ("重新计算了期限", "recomputed deadlines"),
    "case_migrated": ("将案件迁移到新版流程", "migrated the case to a new version"),
    "merged_away": ("将本案并入另一案件", "joined the case to another"),
    "migration_undone": ("撤销了案件迁移", "undid the migration of the case"),
    "file_attached": ("添加了附件", "added a file"),
    "draft_sent": ("导出了磋商稿", "exported a draft for negotiation"),
    "draft_received": ("收到了对方返回稿", "received a draft that came back"),
    "difference_decided": ("决定了一处文本差异", "decided on a difference of the text"),
}


@dataclass(frozen=True, slots=True)
class Advanced:
    """What came of a step. `replayed` says that an earlier action with the same key had done it."""

    case_id: int
    number: str
    event: str
    position: Position
    version: int
    seq: int
    voids: tuple[str, ...] = ()
    replayed: bool = False


def advance(
    db: Database,
    case_id: int,
    event: str,
    person: Person,
    payload: Mapping[str, Any],
    *,
    expected_version: int | None,
    today: date,
    now: datetime | None = None,
    action_key: str | None = None,
    book: RuleBook | None = None,
    versions: Versions = SHIPPED,
) -> Advanced:
    """Take one step of a case, or change nothing.

    Args:
        expected_version: the version the person looked at; None skips the check (flows, command line).
        today: the legal day in Asia/Shanghai on which the step is taken.
        action_key: makes a repetition harmless.

    Raises: NotFound, Stale, Refused, Invalid.
    Effects: writes case, trail, deadlines, documents, labels and outbox. Sends nothing.
    """
    moment = now or datetime.now(UTC)
    with db.cursor() as cur:
        hold_both(cur, case_id, person.org_id, event, payload)
        case = load(cur, case_id, person.org_id, lock=True, versions=versions)
        if action_key and (done := _earlier(cur, case, event, action_key)):
            return done
        _check_version(cur, case, expected_version)
        step = case.mode.steps.get(event)
        if step is None:
            raise NotFound(f"没有名为“{event}”的步骤", f"there is no step '{event}'")
        checked = check_payload(step.payload, payload)
        case, terms = asked(cur, case, checked, lock=True)
        plan = decide(
            case.mode,
            case.position,
            event,
            case.facts,
            today,
            book=book or case.book,
            actor=person.actor,
            payload=checked,
        )
        if isinstance(plan, Refusal):
            raise Refused(plan, (step.zh, step.en))
        stamp = Stamp(person.actor, today, moment, action_key, person.origin)
        seq = _write(cur, case, plan, checked, terms, stamp)
    return Advanced(case_id, case.facts.case_no, event, plan.position, case.version + 1, seq, plan.voids)


def _write(
    cur: Cursor, case: Loaded, plan: Plan, payload: Payload, terms: StoredTerms | None, stamp: Stamp
) -> int:
    body = payload.model_dump(mode="json")
    extra: dict[str, Any] = {}
    if terms is not None:
        body["terms"] = terms.stored
        extra["hashes"] = dict(terms.facts.hashes)
    if plan.patents_in or plan.patents_out:
        change_patents(cur, case, plan)
    if plan.splits_off:
        extra["split_into"] = begin_split(cur, case, plan, str(body.get("title", "")), stamp)
    if plan.takes_in is not None:
        extra["joined"] = end_joined(cur, case, plan.takes_in, str(body["reason"]), stamp)
    if case.facts.wording is not None:
        extra |= keep_wording(cur, case.org_id, case.facts.wording, stamp.now)
    seq = carry_out(cur, case, plan, stamp, body, {**extra, **_warned(cur, case, plan, stamp.today)})
    if terms is not None:
        stored = orjson.dumps(terms.stored, option=orjson.OPT_SORT_KEYS).decode()
        known = orjson.dumps(terms.facts.as_json() if terms.stored else {}).decode()
        cur.run(TERMS_COLUMNS_UPDATE, stored, known, case.id)
    return seq


def _warned(cur: Cursor, case: Loaded, plan: Plan, today: date) -> dict[str, Any]:
    """Return the warnings that go with new patents or another mode: other cases that stand against this one."""
    if not plan.patents_in and plan.mode is None:
        return {}
    return told(opening_warnings(cur, case.id, plan.mode or case.mode.slug, today))


def _earlier(cur: Cursor, case: Loaded, event: str, action_key: str) -> Advanced | None:
    row = cur.one(FIND_ACTION, f"case:{case.id}", action_key)
    if row is None:
        return None
    seq, verb, body = row
    if verb != event:
        used = case.mode.steps[verb]
        raise Conflict(
            f"操作编号已用于另一步骤“{used.zh}”，请换用新的操作编号",
            f"the action key was used for '{used.en}'",
        )
    done = orjson.loads(body)
    position = tuple(done["to"])
    return Advanced(
        case.id, case.facts.case_no, event, position, case.version, seq, tuple(done["voids"]), replayed=True
    )


def _check_version(cur: Cursor, case: Loaded, expected: int | None) -> None:
    if expected is None or expected == case.version:
        return
    verb, body = cur.one(SINCE, f"case:{case.id}")
    last = orjson.loads(body)
    step = case.mode.steps.get(verb)
    what_zh, what_en = (step.done_zh, step.done_en) if step else BESIDE_STEPS[verb]
    raise Stale(
        f"{last['actor']}刚刚{what_zh}，您看到的页面已过时。请刷新页面，核对后再办理（您填写的内容已保留）",
        f"{last['actor']} has just {what_en}; reload the page",
    )
