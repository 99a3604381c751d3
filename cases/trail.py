"""The trail: what happened, who did it, when. Append-only and hash-chained, one chain per case or organization.

The stored body is the exact canonical JSON text that was hashed: `hash = sha256(prev + body)`. A chain's head
and length stand on its case or organization row, so a truncated tail shows; triggers refuse UPDATE and DELETE.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
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


def hold_org(cur: Cursor, org_id: int) -> None:
    """Hold an organization until commit: whoever else holds or appends to it waits (SQLite holds all anyway)."""
    if cur.postgres:
        cur.one("SELECT id FROM organization WHERE id = ? FOR UPDATE", org_id)


def append_org(
    cur: Cursor, org_id: int, actor: tuple[int | None, str], verb: str, body: Mapping[str, Any], now: datetime
) -> str:
    """Append one entry to the organization's own chain and return its hash.

    Effects: writes trail and the organization's head; the caller's transaction commits.
    """
    lock = " FOR UPDATE" if cur.postgres else ""
    seq, head = cur.one(f"SELECT trail_seq, trail_head FROM organization WHERE id = ?{lock}", org_id)  # noqa: S608
    moment = now.astimezone(UTC)
    stamped = {
        "actor": actor[1],
        "actor_id": actor[0],
        "at": moment.isoformat(),
        "seq": seq + 1,
        "verb": verb,
    }
    text = canonical({**body, **stamped})
    digest = link(head, text)
    values = (
        org_id,
        f"org:{org_id}",
        seq + 1,
        None,
        cur.moment(now),
        actor[0],
        verb,
        None,
        text,
        head,
        digest,
    )
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


@dataclass(frozen=True, slots=True)
class _Owner:
    """The row that a chain belongs to, and the end that it remembers."""

    org_id: int
    seq: int
    head: str


@dataclass(slots=True)
class _Reading:
    """A chain as far as it has been read: its end, and what its entries add up to."""

    seq: int = 0
    head: str = ""
    position: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    terms: Any = field(default_factory=dict)

    def take(self, row: TrailEntry) -> tuple[int, str, str] | None:
        """Read one more entry; return where and why the chain breaks, if it does."""
        if row.seq != self.seq + 1:
            return self.seq + 1, "缺少记录", "an entry is missing"
        if row.prev != self.head:
            return row.seq, "与前一条记录不衔接", "does not link to the entry before"
        if link(row.prev, row.body) != row.hash:
            return row.seq, "内容与哈希值不符，记录被改动", "the body does not match its hash"
        try:
            if not self._tell(row, orjson.loads(row.body)):
                return row.seq, "列值与正文不符，记录被改动", "the columns do not match the body"
        except (ValueError, LookupError, TypeError, AttributeError):
            return row.seq, "正文无法读取，记录被改动", "the body cannot be read"
        self.seq, self.head = row.seq, row.hash
        return None

    def _tell(self, row: TrailEntry, body: Mapping[str, Any]) -> bool:
        """Take in what the body tells; say whether the columns tell the same."""
        if not _are_columns_true(row, body):
            return False
        if row.case_id is None:
            return True
        self.position = tuple(body["to"])
        changed = {**self.data, **body["facts"]}
        self.data = {section: values for section, values in changed.items() if values is not None}
        self.terms = body.get("payload", {}).get("terms", self.terms)
        return True


def _are_columns_true(row: TrailEntry, body: Mapping[str, Any]) -> bool:
    owner = f"org:{row.org_id}" if row.case_id is None else f"case:{row.case_id}"
    stored = (row.chain, row.seq, row.verb, row.at, row.actor_id, row.action_key)
    at = datetime.fromisoformat(body["at"])
    return stored == (owner, body["seq"], body["verb"], at, body["actor_id"], body.get("action_key"))


def verify(session: Session, org_id: int | None = None) -> Verification:
    """Check every chain, of one organization or of all: links, numbers, columns, ends, and stored cases.

    A case must stand where its entries lead: position, data and terms are folded anew and compared.
    """
    owners = dict(_owners(session, org_id))
    query = select(TrailEntry).order_by(col(TrailEntry.chain), col(TrailEntry.seq))
    if org_id is not None:
        query = query.where(TrailEntry.org_id == org_id)
    count = 0
    read: set[str] = set()
    ends = dict.fromkeys(owners, (0, ""))
    breaks: list[Break] = []
    rows = session.exec(query.execution_options(yield_per=1000))
    for chain, of_chain in groupby(rows, key=lambda row: row.chain):
        reading, fault = _Reading(), None
        for row in of_chain:
            count += 1
            fault = fault or reading.take(row)
        fault = fault or _fault_of_owner(session, chain, reading, owners.get(chain))
        read.add(chain)
        ends[chain] = (reading.seq, reading.head)
        breaks.extend([Break(chain, *fault)] if fault else [])
    breaks.extend(
        Break(chain, 1, "记录全部缺失", "all entries are missing")
        for chain in owners.keys() - read
        if owners[chain].seq
    )
    digest = sha256(
        "\n".join(f"{chain} {seq} {head}" for chain, (seq, head) in sorted(ends.items())).encode()
    )
    return Verification(
        len(ends), count, tuple(sorted(breaks, key=lambda found: found.chain)), digest.hexdigest()
    )


def _fault_of_owner(
    session: Session, chain: str, read: _Reading, owner: _Owner | None
) -> tuple[int, str, str] | None:
    """Compare what a whole chain adds up to with the row that it belongs to."""
    if owner is None:
        return 1, "该链所属案件或单位已不存在", "the chain's owner is gone"
    if (read.seq, read.head) != (owner.seq, owner.head):
        return read.seq + 1, "链尾与登记的末端不符，可能被截断", "the tail does not match the head"
    kind, _, id_ = chain.partition(":")
    if kind != "case":
        return None
    stored = select(Case.state, Case.data, Case.terms).where(Case.id == int(id_), Case.org_id == owner.org_id)
    state, data, terms = session.exec(stored).one()
    if (tuple(state.split()), orjson.loads(data), orjson.loads(terms)) == (
        read.position,
        read.data,
        read.terms,
    ):
        return None
    return (
        read.seq,
        "案件现状与记录推演的结果不符，案件数据被改动",
        "the stored case is not what the entries lead to",
    )


def _owners(session: Session, org_id: int | None) -> Iterator[tuple[str, _Owner]]:
    organizations = select(Organization.id, Organization.trail_seq, Organization.trail_head)
    cases = select(Case.id, Case.org_id, Case.trail_seq, Case.trail_head)
    if org_id is not None:
        organizations = organizations.where(Organization.id == org_id)
        cases = cases.where(Case.org_id == org_id)
    for id_, seq, head in session.exec(organizations):
        yield f"org:{id_}", _Owner(int(id_ or 0), seq, head)
    for case_id, owner, seq, head in session.exec(cases):
        yield f"case:{case_id}", _Owner(owner, seq, head)
