"""Writes that carry a key are done once: the same key and request get the stored answer, however often asked.

A key belongs to one user. It is claimed before the action and keeps the answer after it. The action's own transaction
notes on the key that it was done, and what it made: both or neither. So whatever a process died of, the key tells:
not done, then the same request does it now; done and never answered, then the answer is made from what stands in the
record. A request that lost its claim to another one cannot commit any more.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, delete, select

from cases.db import Cursor, Database, together_with
from cases.errors import ActionError, Conflict, Invalid
from cases.processes import is_gone, this_process
from cases.scope import Person
from cases.tables import IdempotencyKey

KEPT = timedelta(days=30)
LEASE = timedelta(minutes=1)
WAIT_SECONDS = 5.0
POLL_SECONDS = 0.05
MAX_KEY = 200
RUNNING, DONE = 0, 1  # Every other status is that of the answer.

MARK = "UPDATE idempotency_key SET status = 1, body = ? WHERE id = ? AND status = 0 AND body = ?"
FREE = "DELETE FROM idempotency_key WHERE id = ? AND status = 0 AND body = ?"
FORGET = "DELETE FROM idempotency_key WHERE id = ? AND status IN (0, 1)"
KEEP = "UPDATE idempotency_key SET status = ?, body = ? WHERE id = ? AND status IN (0, 1)"


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


class AlreadyDone(Conflict):
    """The first request with this key was done, and its answer cannot be given again."""


@dataclass
class Deed:
    """An action that is being done under a key: `holder` names this try, `made` is the id of what came of it."""

    row_id: int
    holder: str
    made: int | None = None
    is_marked: bool = False

    def mark(self, cur: Cursor) -> None:
        """Note on the key that the action was done, in the action's first transaction.

        Raises: StillRunning if another request has taken the key over; nothing is committed then.
        """
        if self.is_marked:
            return
        cur.run(MARK, str(self.made or ""), self.row_id, self.holder)
        if getattr(cur.raw, "rowcount", 0) != 1:
            raise still_running()
        self.is_marked = True


_DEED: ContextVar[Deed | None] = ContextVar("deed", default=None)
_AT_WORK: set[str] = set()


def note_made(id_: int) -> int:
    """Say what the action that goes on has made, before it commits, and return it; outside a keyed request nothing happens."""
    if deed := _DEED.get():
        deed.made = id_
    return id_


def still_running() -> StillRunning:
    """Return the advice to ask again later."""
    return StillRunning(
        "使用同一幂等键的请求仍在处理，请稍后用同一幂等键重试",
        "the first request with this key is still running",
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A row of the table: `deed` if this request is the one to act, `made` if an earlier one did and never answered."""

    deed: Deed | None = None
    answer: Answer | None = None
    row_id: int = 0
    made: str | None = None


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
    recall: Callable[[int], Answer] | None = None,
    now: datetime | None = None,
    wait_seconds: float = WAIT_SECONDS,
) -> Answer:
    """Run `act` unless a request with this key was answered before; return the answer.

    `digest` is the `request_hash` of everything that makes the request what it is; `resumable` says that
    repeating `act` is harmless, because it has several transactions or keeps the key itself. Any other is one
    transaction; if its answer was lost, `recall` makes it anew from the id that the action noted (0 if none).
    A twin that is running is waited for `wait_seconds`.

    Raises: Invalid, KeyReused, StillRunning, AlreadyDone; whatever `act` raises.
    Effects: writes the key, in transactions of its own before and after `act`, and in that of `act`.
    """
    moment = now or datetime.now(UTC)
    claim = _claimed(db, person, check_key(key), digest, moment, wait_seconds)
    if claim.answer is not None:
        return claim.answer
    if claim.deed is None:
        return _recalled(db, claim, recall)
    try:
        answer = _act(act, claim.deed, resumable)
    except ActionError:
        _forget(db, claim.deed)
        raise
    except BaseException:
        with suppress(SQLAlchemyError):
            _free(db, claim.deed)
        raise
    finally:
        _AT_WORK.discard(claim.deed.holder)
    _keep(db, claim.deed.row_id, answer)
    return answer


def _act(act: Callable[[], Answer], deed: Deed, resumable: bool) -> Answer:
    token = _DEED.set(deed)
    marking: AbstractContextManager[None] = nullcontext() if resumable else together_with(deed.mark)
    try:
        with marking:
            return act()
    finally:
        _DEED.reset(token)


def _recalled(db: Database, claim: _Claim, recall: Callable[[int], Answer] | None) -> Answer:
    if recall is None:
        raise AlreadyDone(
            "上一次请求已经办理完成，只是答复没有送达。请刷新查看结果，不要换用新的幂等键重复提交",
            "the first request was done; look at the result and do not repeat it under a new key",
        )
    found = recall(int(claim.made or 0))
    _keep(db, claim.row_id, found)
    return Answer(found.status, found.body, replayed=True)


def _claimed(
    db: Database, person: Person, key: str, digest: str, now: datetime, wait_seconds: float
) -> _Claim:
    until = time.monotonic() + wait_seconds
    holder = f"{token_hex(6)} {this_process()}"
    while True:
        with db.write() as session:
            claim = _claim(session, person, key, digest, now, holder)
        if claim is not None:
            if claim.deed is not None:
                _AT_WORK.add(holder)
            return claim
        if time.monotonic() >= until:
            raise still_running()
        time.sleep(POLL_SECONDS)


def _claim(
    session: Session, person: Person, key: str, digest: str, now: datetime, holder: str
) -> _Claim | None:
    """Take the key, or tell what came of it; None while another request acts under it."""
    _forget_old(session, person, now)
    row = _row(session, person, key)
    if row is None:
        row = IdempotencyKey(
            org_id=person.org_id, user_id=person.id, key=key, request_hash=digest, body=holder, created_at=now
        )
        session.add(row)
        session.flush()
        return _Claim(Deed(int(row.id or 0), holder))
    if row.request_hash != digest:
        raise KeyReused(
            "该幂等键已用于另一个请求，请为新的请求换用新的幂等键", "this key was used for another request"
        )
    if row.status == DONE:
        return _Claim(row_id=int(row.id or 0), made=row.body)
    if row.status != RUNNING:
        return _Claim(answer=Answer(row.status, row.body, replayed=True))
    if row.created_at > now - LEASE and not _is_over(row.body):
        return None
    row.created_at, row.body = now, holder
    return _Claim(Deed(int(row.id or 0), holder))


def _is_over(holder: str) -> bool:
    """Say whether the try that holds a key has ended: with its process, or here without a word."""
    process = holder.partition(" ")[2]
    return is_gone(process) or (process == this_process() and holder not in _AT_WORK)


def _row(session: Session, person: Person, key: str) -> IdempotencyKey | None:
    """Find a key; on PostgreSQL the user's own row is held, so that twins come one by one."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(
            "SELECT id FROM app_user WHERE id = %s FOR NO KEY UPDATE", (person.id,)
        ).all()
    query = select(IdempotencyKey).where(IdempotencyKey.user_id == person.id, IdempotencyKey.key == key)
    return session.exec(query).first()


def _forget_old(session: Session, person: Person, now: datetime) -> None:
    old = delete(IdempotencyKey).where(
        col(IdempotencyKey.user_id) == person.id,
        col(IdempotencyKey.created_at) < now - KEPT,
        col(IdempotencyKey.status) > RUNNING,
    )
    session.exec(old)


def _keep(db: Database, row_id: int, answer: Answer) -> None:
    with db.cursor() as cur:
        cur.run(KEEP, answer.status, answer.body, row_id)


def _forget(db: Database, deed: Deed) -> None:
    """Let the key of an action go that failed by its own rules."""
    with db.cursor() as cur:
        cur.run(FORGET, deed.row_id)


def _free(db: Database, deed: Deed) -> None:
    """Let the key go if nothing was done under it."""
    with db.cursor() as cur:
        cur.run(FREE, deed.row_id, deed.holder)
