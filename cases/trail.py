"""The trail: what happened, who did it, when. Append-only and hash-chained, one chain per case or organization.

The stored body is the exact canonical JSON text that was hashed: `hash = sha256(prev + body)`. A chain's head
and length stand on its case or organization row, so a truncated tail shows; triggers refuse UPDATE and DELETE.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import groupby
from time import perf_counter
from typing import Any

import orjson
import sqlalchemy as core
from sqlmodel import Session, col, select

from cases.audit_checker import ALL_GONE, NO_OWNER, TAIL, Chain, Text, differing, link
from cases.db import Cursor
from cases.replay import PAGE, batched, one_moment, stored_cases
from cases.scope import Author, Origin
from cases.tables import Case, Organization, TrailEntry

INSERT_ENTRY = (
    "INSERT INTO trail (org_id, chain, seq, case_id, at, actor_id, verb, action_key, body, prev, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def canonical(body: Mapping[str, Any]) -> str:
    """Return the one JSON text of a body: sorted keys, no blanks."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


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

    @property
    def origin(self) -> Origin:
        """Where the action came in; empty for entries that do not tell."""
        return Origin(**self.body.get("origin", {}))


def hold_org(cur: Cursor, org_id: int) -> None:
    """Hold an organization until commit: whoever else holds or appends to it waits (SQLite holds all anyway)."""
    if cur.postgres:
        cur.one("SELECT id FROM organization WHERE id = ? FOR NO KEY UPDATE", org_id)


def append_org(
    cur: Cursor, org_id: int, by: Author, verb: str, body: Mapping[str, Any], now: datetime
) -> str:
    """Append one entry to the organization's own chain and return its hash.

    Effects: writes trail and the organization's head; the caller's transaction commits.
    """
    lock = " FOR NO KEY UPDATE" if cur.postgres else ""
    seq, head = cur.one(f"SELECT trail_seq, trail_head FROM organization WHERE id = ?{lock}", org_id)  # noqa: S608
    moment = now.astimezone(UTC)
    stamped = {
        "actor": by.name,
        "actor_id": by.id,
        "at": moment.isoformat(),
        "seq": seq + 1,
        "verb": verb,
        **by.origin.told(),
    }
    text = canonical({**body, **stamped})
    digest = link(head, text)
    values = (
        org_id,
        f"org:{org_id}",
        seq + 1,
        None,
        cur.moment(now),
        by.id,
        verb,
        None,
        text,
        head,
        digest,
    )
    cur.run(INSERT_ENTRY, *values)
    cur.run("UPDATE organization SET trail_seq = ?, trail_head = ? WHERE id = ?", seq + 1, digest, org_id)
    return digest


def entries(
    session: Session,
    org_id: int,
    chain: str,
    *,
    newest_first: bool = False,
    after: int = 0,
    limit: int | None = None,
) -> tuple[Entry, ...]:
    """Return a chain of the organization, oldest first unless asked otherwise; `after` and `limit` name a part.

    With `newest_first`, `after` counts from the newest entry.
    """
    query = select(TrailEntry).where(TrailEntry.org_id == org_id, TrailEntry.chain == chain)
    if newest_first:
        query = query.order_by(col(TrailEntry.seq).desc()).offset(after)
    else:
        query = query.where(TrailEntry.seq > after).order_by(col(TrailEntry.seq))
    query = query.limit(limit)
    return tuple(_entry(row) for row in session.exec(query))


def passed(session: Session, org_id: int, chain: str) -> frozenset[str]:
    """Return every state that a case has been in."""
    query = select(TrailEntry.body).where(TrailEntry.org_id == org_id, TrailEntry.chain == chain)
    return frozenset(leaf for body in session.exec(query) for leaf in orjson.loads(body).get("to", ()))


def terms_before(session: Session, org_id: int, chain: str, seq: int) -> Mapping[str, Any]:
    """Return the terms of a case as they were before an entry; nothing before they were first typed."""
    for body in _with(session, org_id, chain, '"terms":{', before=seq):
        terms = body.get("payload", {}).get("terms")
        if isinstance(terms, Mapping):
            return terms
    return {}


def warned(session: Session, org_id: int, chain: str) -> tuple[tuple[str, str], ...]:
    """Return what stood against a case when it was opened or a patent joined, in both languages, each once.

    Entries of before English was kept have the Chinese text twice.
    """
    found = reversed(list(_with(session, org_id, chain, '"warnings":[')))
    pairs = (
        pair
        for body in found
        for zh in [body.get("warnings", ())]
        for pair in zip(zh, body.get("warnings_en", zh), strict=True)
    )
    return tuple(dict.fromkeys(pairs))


def _with(
    session: Session, org_id: int, chain: str, part: str, before: int | None = None
) -> Iterator[Mapping[str, Any]]:
    """Yield the bodies that hold a piece of JSON text, the newest first."""
    query = select(TrailEntry.body).where(
        TrailEntry.org_id == org_id,
        TrailEntry.chain == chain,
        col(TrailEntry.body).contains(part, autoescape=True),
    )
    query = query if before is None else query.where(TrailEntry.seq < before)
    yield from map(orjson.loads, session.exec(query.order_by(col(TrailEntry.seq).desc())))


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
    """What a verification found. `cases` were replayed; `digest` covers all heads: keep it elsewhere as an anchor."""

    chains: int
    entries: int
    cases: int
    breaks: tuple[Break, ...]
    digest: str
    seconds: float = field(default=0.0, compare=False)

    @property
    def per_second(self) -> int:
        """How many entries were read in a second."""
        return round(self.entries / self.seconds) if self.seconds else 0


@dataclass(frozen=True, slots=True)
class _Owner:
    """The row that a chain belongs to, and the end that it remembers."""

    org_id: int
    seq: int
    head: str


Fault = tuple[int, Text]
TRAIL = TrailEntry.metadata.tables["trail"]


def _are_columns_true(row: Any, body: Mapping[str, Any]) -> bool:
    owner = f"org:{row.org_id}" if row.case_id is None else f"case:{row.case_id}"
    stored = (row.chain, row.seq, row.verb, row.at, row.actor_id, row.action_key)
    at = datetime.fromisoformat(body["at"])
    return stored == (owner, body["seq"], body["verb"], at, body["actor_id"], body.get("action_key"))


def verify(session: Session, org_id: int | None = None, *, only: Sequence[str] = ()) -> Verification:
    """Check every chain, of one organization or of all, or `only` those named: links, numbers, columns, ends, cases.

    A case must be what its entries lead to: they are folded anew and compared with its row, field by field. Entries
    are streamed and cases read in pages, all as of one moment.
    """
    started = perf_counter()
    one_moment(session)
    owners = {chain: owner for chain, owner in _owners(session, org_id) if not only or chain in only}
    ends = dict.fromkeys(owners, (0, ""))
    read: set[str] = set()
    count = cases = 0
    breaks: list[Break] = []
    for page in batched(_chains(session, org_id, only), PAGE):
        stored = stored_cases(session, [_case_id(chain) for chain, _, _ in page if _case_id(chain)])
        for chain, reading, fault in page:
            read.add(chain)
            count += reading.entries
            cases += _case_id(chain) in stored
            ends[chain] = (reading.seq, reading.head)
            fault = fault or _fault_of_owner(reading, owners.get(chain), stored.get(_case_id(chain)))
            breaks.extend([Break(chain, fault[0], *fault[1])] if fault else [])
    breaks.extend(Break(chain, 1, *ALL_GONE) for chain in owners.keys() - read if owners[chain].seq)
    digest = sha256(
        "\n".join(f"{chain} {seq} {head}" for chain, (seq, head) in sorted(ends.items())).encode()
    )
    found = tuple(sorted(breaks, key=lambda one: one.chain))
    return Verification(len(ends), count, cases, found, digest.hexdigest(), perf_counter() - started)


def _case_id(chain: str) -> int:
    kind, _, id_ = chain.partition(":")
    return int(id_) if kind == "case" and id_.isdecimal() else 0


@dataclass(slots=True)
class _Reading(Chain):
    """A chain of the record, with how many entries were seen of it."""

    entries: int = 0


def _chains(
    session: Session, org_id: int | None, only: Sequence[str] = ()
) -> Iterator[tuple[str, _Reading, Fault | None]]:
    """Yield every chain that has entries, read to its end or to where it breaks."""
    query = core.select(TRAIL).order_by(TRAIL.c.chain, TRAIL.c.seq)
    query = query if org_id is None else query.where(TRAIL.c.org_id == org_id)
    query = query.where(TRAIL.c.chain.in_(only)) if only else query
    rows = session.connection().execution_options(yield_per=1000).execute(query)
    for chain, of_chain in groupby(rows, key=lambda row: str(row.chain)):
        reading, fault = _Reading(), None
        for row in of_chain:
            reading.entries += 1
            fault = fault or reading.take(
                row.seq,
                row.prev,
                row.body,
                row.hash,
                partial(_are_columns_true, row),
                of_case=row.case_id is not None,
            )
        yield chain, reading, fault


def _fault_of_owner(read: Chain, owner: _Owner | None, stored: Mapping[str, Any] | None) -> Fault | None:
    """Compare what a whole chain adds up to with the row that it belongs to."""
    if owner is None:
        return 1, NO_OWNER
    if (read.seq, read.head) != (owner.seq, owner.head):
        return read.seq + 1, TAIL
    what = differing(read.told, dict(stored)) if stored is not None else None
    return (read.seq, what) if what else None


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
