"""Evaluations of patents by enterprises and by experts: kept, checked for care, counted, and answered.

In: the three heads as they were given. Out: an evaluation on record, its flags, the messages that it asks, and the
patent's score. Nothing is ever deleted: what an officer sets aside stays and counts no more.

Source: 榕市监知〔2024〕268号 (企业自评或者组织入库专家评估; 产业化前景、技术改进需求、产学研合作意愿; 认真做好评价反馈)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, or_, select

from cases.companies import EDITORS
from cases.db import Database, cursor_of
from cases.enterprise_messages import Incoming, receive
from cases.enterprise_tables import Evaluation, Expert, PatentAccess, PatentPush
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.evaluation_views import opinion_of
from cases.experts import conflict_of
from cases.idempotency import note_made
from cases.patent_dates import book_in_use
from cases.profiles import change_profile
from cases.scope import Author, Person
from cases.settings import SHANGHAI
from cases.tables import Company, Patent
from cases.trail import append_org, hold_org
from rules.dates import DateError, parse_date
from rules.evaluations import HEADS, LEAST, MOST, flags_of, patent_score
from rules.text import normalize

CONFLICT = "conflict"  # among `rules.evaluations.FLAGS`; such an evaluation counts once an officer says so
LONGEST_TEXT = 1000
LOOKED_BACK = 200  # so many of the newest evaluations are compared with a new one


@dataclass(frozen=True, slots=True)
class Given:
    """An evaluation as it was given: by a company or by an expert, never both. `key` names it once for all."""

    patent_id: int
    scores: tuple[int, int, int]
    texts: tuple[str, str, str]
    company_id: int | None = None
    expert_id: int | None = None
    willing_to_talk: bool = False
    contact_consent: bool = False
    on: date | None = None
    seconds: int | None = None
    source: str = "officer"
    key: str = ""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an evaluation: its id, what the quality check found, what stands against the expert."""

    id: int
    flags: tuple[str, ...]
    conflict: str
    messages: tuple[int, ...]


def checked_heads(values: Mapping[str, object], today: date) -> dict[str, Any]:
    """Return scores, texts, both consents and the day from typed values, ready for `Given`.

    Raises: Invalid with the fields.
    """
    faults: dict[str, str] = {}
    scores = tuple(_score(values.get(head), head, faults) for head in HEADS)
    texts = tuple(normalize(str(values.get(f"{head}_text") or "")) for head in HEADS)
    for head, text in zip(HEADS, texts, strict=True):
        if len(text) > LONGEST_TEXT:
            faults[f"{head}_text"] = f"{HEADS[head][0]}的说明不能超过{LONGEST_TEXT}个字"
    on = _day(values.get("on"), today, faults)
    if faults:
        raise Invalid("评价没有填写完整，请改正后重新提交", faults, "the evaluation is not valid")
    return {
        "scores": scores, "texts": texts, "on": on, "willing_to_talk": _yes(values.get("willing_to_talk")),
        "contact_consent": _yes(values.get("contact_consent")),
    }  # fmt: skip


def _score(given: object, head: str, faults: dict[str, str]) -> int:
    text = str(given if given is not None else "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1
    if not LEAST <= number <= MOST:
        faults[head] = f"{HEADS[head][0]}须打分，{LEAST}至{MOST}的整数"
    return number


def _day(given: object, today: date, faults: dict[str, str]) -> date:
    if given is None or given == "":
        return today
    try:
        found = given if isinstance(given, date) else parse_date(str(given))
    except DateError:
        faults["on"] = "评价日期不是有效的日期，例如2026-03-01"
        return today
    if found > today:
        faults["on"] = f"评价日期不能晚于今日{today.isoformat()}"
    return found


def _yes(given: object) -> bool:
    return given is True or str(given or "").strip().lower() in {
        "1",
        "true",
        "on",
        "yes",
        "是",
        "愿意",
        "同意",
    }


def keep_evaluation(db: Database, person: Person, given: Given, *, now: datetime) -> Kept:
    """Keep an evaluation that an officer enters, of an enterprise or of an expert.

    Raises: Forbidden; NotFound; Conflict if the same was kept before.
    Effects: as `write_evaluation`.
    """
    if person.role not in EDITORS:
        raise Forbidden("评价须由企业、入库专家提交，或由转化专员代录", "only officers enter evaluations")
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        kept = write_evaluation(db.postgres, session, person.org_id, given, person.author, now)
        note_made(kept.id)
        return kept


def write_evaluation(
    postgres: bool, session: Session, org_id: int, given: Given, author: Author, now: datetime
) -> Kept:
    """Keep an evaluation in the caller's transaction, which holds the organization.

    Raises: NotFound; Conflict if its key is there.
    Effects: writes evaluation, the push it answers, messages with their dates, the patent's profile, the log of access
    and the trail.
    """
    today = now.astimezone(SHANGHAI).date()
    patent = _patent(session, org_id, given.patent_id)
    conflict = _check_evaluator(session, org_id, given, patent)
    key = (
        given.key
        or f"{given.source}:{now.isoformat()}:{given.company_id}:{given.expert_id}:{given.patent_id}"
    )
    if session.exec(select(Evaluation.id).where(Evaluation.org_id == org_id, Evaluation.key == key)).first():
        raise Conflict("同一份评价已登记", "the evaluation is kept already")
    cur = cursor_of(session, postgres)
    row = _row(org_id, given, key, conflict, today, now)
    lines = book_in_use(cur, org_id).house(today).evaluating
    flags = flags_of(opinion_of(row), _earlier(session, org_id, given), lines)
    flags += (CONFLICT,) if conflict else ()
    row.flags = orjson.dumps(list(flags)).decode()
    row.push_id = _answered_push(session, given, now)
    session.add(row)
    session.flush()
    evaluation_id = int(row.id or 0)
    messages = _messages(postgres, session, org_id, row, now)
    _log_access(session, org_id, given, now)
    recount(postgres, session, org_id, given.patent_id, evaluation_id, author, now)
    body = {
        "evaluation_id": evaluation_id, "patent_id": given.patent_id, "company_id": given.company_id,
        "expert_id": given.expert_id, "flags": list(flags), "source": given.source,
    }  # fmt: skip
    append_org(cursor_of(session, postgres), org_id, author, "evaluation_kept", body, now)
    return Kept(evaluation_id, flags, conflict, messages)


def _patent(session: Session, org_id: int, patent_id: int) -> Patent:
    patent = session.get(Patent, patent_id)
    if patent is None or patent.org_id != org_id:
        raise NotFound("没有找到该专利", "no such patent")
    return patent


def _check_evaluator(session: Session, org_id: int, given: Given, patent: Patent) -> str:
    """Return what stands against an expert; an enterprise speaks for itself.

    Raises: NotFound; Invalid unless it is exactly one of both.
    """
    if (given.company_id is None) == (given.expert_id is None):
        reason = "请选择评价企业或评价专家之一"
        raise Invalid(reason, {"company_id": reason}, "choose an enterprise or an expert")
    if given.company_id is not None:
        company = session.get(Company, given.company_id)
        if company is None or company.org_id != org_id:
            raise NotFound("没有找到该企业", "no such company")
        return ""
    expert = session.get(Expert, given.expert_id)
    if expert is None or expert.org_id != org_id:
        raise NotFound("没有找到该专家", "no such expert")
    if not expert.active:
        raise Conflict("该专家已停用，请先在专家库中启用", "the expert is not active")
    return conflict_of(expert, patent)


def _row(org_id: int, given: Given, key: str, conflict: str, today: date, now: datetime) -> Evaluation:
    (prospect, improvement, cooperation), texts = given.scores, given.texts
    return Evaluation(
        org_id=org_id, patent_id=given.patent_id, evaluator="enterprise" if given.company_id else "expert",
        company_id=given.company_id, expert_id=given.expert_id, prospect=prospect, prospect_text=texts[0],
        improvement=improvement, improvement_text=texts[1], cooperation=cooperation, cooperation_text=texts[2],
        willing_to_talk=given.willing_to_talk, contact_consent=given.contact_consent, on=given.on or today,
        seconds=given.seconds, source=given.source, key=key, conflict=conflict,
        status="set_aside" if conflict else "counted", created_at=now,
    )  # fmt: skip


def _earlier(session: Session, org_id: int, given: Given) -> list[Any]:
    """Return what a new evaluation is compared with: the evaluator's own and the patent's, the newest first."""
    own = (
        col(Evaluation.company_id) == given.company_id
        if given.company_id
        else col(Evaluation.expert_id) == given.expert_id
    )
    query = select(Evaluation).where(
        Evaluation.org_id == org_id, or_(own, col(Evaluation.patent_id) == given.patent_id)
    )
    return [
        opinion_of(row) for row in session.exec(query.order_by(col(Evaluation.id).desc()).limit(LOOKED_BACK))
    ]


def _answered_push(session: Session, given: Given, now: datetime) -> int | None:
    if given.company_id is None:
        return None
    query = select(PatentPush).where(
        PatentPush.company_id == given.company_id, PatentPush.patent_id == given.patent_id
    )
    push = session.exec(query.order_by(col(PatentPush.id).desc()).limit(1)).first()
    if push is None:
        return None
    push.evaluated_at = push.evaluated_at or now
    push.opened_at = push.opened_at or now
    session.add(push)
    return push.id


def _messages(
    postgres: bool, session: Session, org_id: int, row: Evaluation, now: datetime
) -> tuple[int, ...]:
    """Take in what an enterprise's evaluation asks: a message for each head with words, an offer to talk among them."""
    if row.company_id is None:
        return ()
    wish = row.cooperation_text or ("愿意进一步洽谈" if row.willing_to_talk else "")
    said = {"evaluation": row.prospect_text, "improvement": row.improvement_text, "cooperation": wish}
    cur = cursor_of(session, postgres)
    return tuple(
        receive(session, cur, org_id, Incoming(kind, row.company_id, row.patent_id, text, row.id), now)
        for kind, text in said.items()
        if text
    )


def _log_access(session: Session, org_id: int, given: Given, now: datetime) -> None:
    if given.company_id is None or given.account_id is None:
        return
    session.add(
        PatentAccess(
            org_id=org_id, company_id=given.company_id, patent_id=given.patent_id, account_id=given.account_id,
            act="evaluated", purpose="evaluation", at=now,
        )
    )  # fmt: skip


def recount(
    postgres: bool,
    session: Session,
    org_id: int,
    patent_id: int,
    evaluation_id: int,
    author: Author,
    now: datetime,
) -> int | None:
    """Bring a patent's score of enterprises up to its evaluations, in the caller's transaction, and return it.

    The rule: an evaluation's score is the mean of industrial prospect and wish to cooperate; each evaluator counts
    once, by the latest evaluation that is not set aside; the patent's score is the mean of those.
    """
    query = select(Evaluation).where(Evaluation.patent_id == patent_id, Evaluation.status == "counted")
    rows = session.exec(query.order_by(col(Evaluation.on), col(Evaluation.id)))
    score = patent_score(opinion_of(row) for row in rows)
    change_profile(
        cursor_of(session, postgres), org_id, patent_id, {"enterprise_score": score},
        source=f"evaluation:{evaluation_id}", why="企业评价得分的平均值", actor=author, now=now,
    )  # fmt: skip
    return score


def review_evaluation(
    db: Database, person: Person, evaluation_id: int, verdict: str, note: str, *, now: datetime
) -> None:
    """Decide on an evaluation: it counts, or it is set aside with a reason; it stays on record either way.

    Raises: Forbidden; NotFound; Invalid.
    Effects: writes evaluation, the patent's score, and one entry of the trail.
    """
    if person.role not in EDITORS:
        raise Forbidden("评价质量须由转化专员复核", "only officers review evaluations")
    reason = normalize(note)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        row = session.get(Evaluation, evaluation_id)
        if row is None or row.org_id != person.org_id:
            raise NotFound("没有找到该评价", "no such evaluation")
        _check_verdict(verdict, reason)
        row.status, row.review_note, row.reviewed_by, row.reviewed_at = verdict, reason, person.name, now
        session.add(row)
        session.flush()
        recount(db.postgres, session, person.org_id, row.patent_id, evaluation_id, person.author, now)
        body = {"evaluation_id": evaluation_id, "verdict": verdict, "reason": reason}
        append_org(
            cursor_of(session, db.postgres), person.org_id, person.author, "evaluation_reviewed", body, now
        )


def _check_verdict(verdict: str, reason: str) -> None:
    if verdict not in ("counted", "set_aside"):
        raise Invalid("请选择计入或不计入", {"verdict": "请选择计入或不计入"}, "choose a verdict")
    if not 2 <= len(reason) <= 300:
        raise Invalid("请写明理由，2至300个字", {"note": "请写明理由，2至300个字"}, "say why")
