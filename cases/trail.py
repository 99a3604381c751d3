"""The trail: what happened, who did it, when. Append-only and hash-chained, one chain per case or organization.

The stored body is the exact canonical JSON text that was hashed: `hash = sha256(prev + body)`. A chain's head
and length stand on its case or organization row, so a truncated tail shows; triggers refuse UPDATE and DELETE.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.db import Cursor
from cases.tables import Case, Organization, TrailEntry

INSERT_ENTRY = (
    "INSERT INTO trail (org_id, chain, seq, case_id, at, actor_id, verb, action_key, body, prev, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def canonical(body: Mapping[str, Any]) -> str:
    """Return the one JSON text of a body: sorted keys, no blanks."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def link(previous: str, body: str) -> str:
    """Return the hash that chains a body to what came before."""
    return sha256((previous + body).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the trail as people see it. `body` is the parsed JSON."""

    chain: str
    seq: int
    at: datetime
    actor_id: int | None
    verb: str
    body: Mapping[str, Any]
    hash: str

    @property
    def actor_name(self) -> str:
        """The actor's name as it was then."""
        return str(self.body.get("actor", ""))


def append_org(
    cur: Cursor, org_id: int, actor: tuple[int | None, str], verb: str, body: Mapping[str, Any], now: datetime
) -> str:
    """Append one entry to the organization's own chain and return its hash.

    Effects: writes trail and the organization's head; the caller's transaction commits.
    """
    lock = " FOR UPDATE" if cur.postgres else ""
    seq, head = cur.one(f"SELECT trail_seq, trail_head FROM organization WHERE id = ?{lock}", org_id)  # noqa: S608
    moment = now.astimezone(UTC)
    text = canonical({**body, "actor": actor[1], "at": moment.isoformat(), "seq": seq + 1, "verb": verb})
    digest = link(head, text)
    values = (org_id, f"org:{org_id}", seq + 1, None, cur.moment(now), actor[0], verb, None, text, head, digest)
    cur.run(INSERT_ENTRY, *values)
    cur.run("UPDATE organization SET trail_seq = ?, trail_head = ? WHERE id = ?", seq + 1, digest, org_id)
    return digest


def entries(session: Session, org_id: int, chain: str, *, newest_first: bool = False) -> tuple[Entry, ...]:
    """Return a chain of the organization, oldest first unless asked otherwise."""
    query = select(TrailEntry).where(TrailEntry.org_id == org_id, TrailEntry.chain == chain)
    query = query.order_by(col(TrailEntry.seq).desc() if newest_first else col(TrailEntry.seq))
    return tuple(_entry(row) for row in session.exec(query))


def _entry(row: TrailEntry) -> Entry:
    return Entry(row.chain, row.seq, row.at, row.actor_id, row.verb, orjson.loads(row.body), row.hash)


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    chain: str
    seq: int
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found. `digest` covers all heads: keep it elsewhere as an anchor."""

    chains: int
    entries: int
    breaks: tuple[Break, ...]
    digest: str


def verify(session: Session, org_id: int | None = None) -> Verification:
    """Check every chain, of one organization or of all: links, numbers, heads and stored positions."""
    heads = dict(_heads(session, org_id))
    state = dict.fromkeys(heads, (0, ""))
    broken: dict[str, Break] = {}
    count = 0
    query = select(TrailEntry).order_by(col(TrailEntry.chain), col(TrailEntry.seq))
    if org_id is not None:
        query = query.where(TrailEntry.org_id == org_id)
    for row in session.exec(query.execution_options(yield_per=1000)):
        count += 1
        if row.chain in broken:
            continue
        seq, head = state.get(row.chain, (0, ""))
        if (fault := _fault(row, seq, head)) is not None:
            broken[row.chain] = fault
        state[row.chain] = (row.seq, row.hash)
    for chain, expected in heads.items():
        if chain not in broken and state[chain] != expected:
            seq = state[chain][0]
            broken[chain] = Break(chain, seq + 1, "链尾与登记的末端不符，可能被截断", "the tail does not match the head")
    for chain in state.keys() - heads.keys():
        broken.setdefault(chain, Break(chain, 1, "该链所属案件或单位已不存在", "the chain's owner is gone"))
    digest = sha256("\n".join(f"{chain} {seq} {head}" for chain, (seq, head) in sorted(state.items())).encode())
    return Verification(len(state), count, tuple(broken[key] for key in sorted(broken)), digest.hexdigest())


def _fault(row: TrailEntry, seq: int, head: str) -> Break | None:
    if row.seq != seq + 1:
        return Break(row.chain, seq + 1, "缺少记录", "an entry is missing")
    if row.prev != head:
        return Break(row.chain, row.seq, "与前一条记录不衔接", "does not link to the entry before")
    if link(row.prev, row.body) != row.hash:
        return Break(row.chain, row.seq, "内容与哈希值不符，记录被改动", "the body does not match its hash")
    body = orjson.loads(row.body)
    if (body.get("seq"), body.get("verb")) != (row.seq, row.verb):
        return Break(row.chain, row.seq, "列值与正文不符，记录被改动", "the columns do not match the body")
    return None


def _heads(session: Session, org_id: int | None) -> Iterator[tuple[str, tuple[int, str]]]:
    organizations = select(Organization.id, Organization.trail_seq, Organization.trail_head)
    cases = select(Case.id, Case.trail_seq, Case.trail_head)
    if org_id is not None:
        organizations = organizations.where(Organization.id == org_id)
        cases = cases.where(Case.org_id == org_id)
    for id_, seq, head in session.exec(organizations):
        yield f"org:{id_}", (seq, head)
    for id_, seq, head in session.exec(cases):
        yield f"case:{id_}", (seq, head)
