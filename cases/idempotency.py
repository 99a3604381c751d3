"""Writes that carry a key are done once: the same key and request get the stored answer, however often asked.

A key belongs to one user. It is claimed before the action and keeps the answer after it. An action that fails
by its own rules changed nothing, so its key is free again. If a process died in between, nobody knows whether
the action was done: an action that is harmless when repeated is taken up again, any other is refused with
the advice to look first.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlmodel import Session, col, delete, select

from cases.db import Database
from cases.errors import ActionError, Conflict, Invalid
from cases.scope import Person
from cases.tables import IdempotencyKey

KEPT = timedelta(days=30)
LEASE = timedelta(minutes=10)
WAIT_SECONDS = 5.0
POLL_SECONDS = 0.05
MAX_KEY = 200
_ABANDONED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a write: an HTTP status and a JSON text. `replayed` says that it was stored earlier."""

    status: int
    body: str
    replayed: bool = False


class KeyReused(Conflict):
    """The key came with another request before."""


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""


class OutcomeUnknown(Conflict):
    """The first request with this key broke off, and repeating it could do it twice."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A row of the table: `mine` if this request is the one to act."""

    row_id: int
    mine: bool
    answer: Answer | None = None


def request_hash(*parts: str | bytes) -> str:
    """Return the hash that tells one request from another; the parts are kept apart by their lengths."""
    digest = sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def check_key(key: str) -> str:
    """Return a usable key.

    Raises: Invalid if it is empty, longer than 200 characters or not printable ASCII.
    """
    if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        reason = f"幂等键须为1至{MAX_KEY}个可见的英文字符，建议使用UUID"
        raise Invalid(reason, {"Idempotency-Key": reason}, "the idempotency key is not usable")
    return key


def once(
    db: Database,
    person: Person,
    key: str,
    digest: str,
    act: Callable[[], Answer],
    *,
    resumable: bool,
    now: datetime | None = None,
    wait_seconds: float = WAIT_SECONDS,
) -> Answer:
    """Run `act` unless a request with this key was answered before; return the answer.

    `digest` is the `request_hash` of everything that makes the request what it is; `resumable` says that
    repeating `act` after a crash is harmless; a twin that is running is waited for `wait_seconds`.

    Raises: Invalid, KeyReused, StillRunning, OutcomeUnknown; whatever `act` raises.
    Effects: writes the key, in transactions of its own before and after `act`.
    """
    moment = now or datetime.now(UTC)
    claim = _claimed(db, person, check_key(key), digest, moment, resumable, wait_seconds)
    if claim.answer is not None:
        return claim.answer
    try:
        answer = act()
    except ActionError:
        _free(db, claim.row_id)
        raise
    except BaseException:
        _abandon(db, claim.row_id)
        raise
    _keep(db, claim.row_id, answer)
    return answer


def _claimed(
    db: Database, person: Person, key: str, digest: str, now: datetime, resumable: bool, wait_seconds: float
) -> _Claim:
    until = time.monotonic() + wait_seconds
    while True:
        with db.write() as session:
            claim = _claim(session, person, key, digest, now, resumable)
        if claim.mine or claim.answer is not None:
            return claim
        if time.monotonic() >= until:
            raise StillRunning(
                "使用同一幂等键的请求仍在处理，请稍后用同一幂等键重试",
                "the first request with this key is still running",
            )
        time.sleep(POLL_SECONDS)


def _claim(session: Session, person: Person, key: str, digest: str, now: datetime, resumable: bool) -> _Claim:
    _forget_old(session, person, now)
    row = _row(session, person, key)
    if row is None:
        row = IdempotencyKey(
            org_id=person.org_id, user_id=person.id, key=key, request_hash=digest, created_at=now
        )
        session.add(row)
        session.flush()
        return _Claim(int(row.id or 0), mine=True)
    if row.request_hash != digest:
        raise KeyReused(
            "该幂等键已用于另一个请求，请为新的请求换用新的幂等键", "this key was used for another request"
        )
    if row.status:
        return _Claim(int(row.id or 0), mine=False, answer=Answer(row.status, row.body, replayed=True))
    if row.created_at > now - LEASE:
        return _Claim(int(row.id or 0), mine=False)
    if not resumable:
        raise OutcomeUnknown(
            "上一次请求中断，是否已办理不能确定。请先查询记录核实；确未办理的，换用新的幂等键重新提交",
            "the first request broke off; look whether it was done, then use a new key",
        )
    row.created_at = now
    return _Claim(int(row.id or 0), mine=True)


def _row(session: Session, person: Person, key: str) -> IdempotencyKey | None:
    """Find a key; on PostgreSQL the user's own row is held, so that twins come one by one."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(
            "SELECT id FROM app_user WHERE id = %s FOR UPDATE", (person.id,)
        ).all()
    query = select(IdempotencyKey).where(IdempotencyKey.user_id == person.id, IdempotencyKey.key == key)
    return session.exec(query).first()


def _forget_old(session: Session, person: Person, now: datetime) -> None:
    old = delete(IdempotencyKey).where(
        col(IdempotencyKey.user_id) == person.id,
        col(IdempotencyKey.created_at) < now - KEPT,
        col(IdempotencyKey.status) > 0,
    )
    session.exec(old)


def _keep(db: Database, row_id: int, answer: Answer) -> None:
    with db.write() as session:
        row = session.get(IdempotencyKey, row_id)
        if row is not None:
            row.status, row.body = answer.status, answer.body


def _free(db: Database, row_id: int) -> None:
    with db.write() as session:
        row = session.get(IdempotencyKey, row_id)
        if row is not None:
            session.delete(row)


def _abandon(db: Database, row_id: int) -> None:
    """Leave the key as one whose lease is over, so that the next request is told at once."""
    with db.write() as session:
        row = session.get(IdempotencyKey, row_id)
        if row is not None:
            row.created_at = _ABANDONED
