"""How a batch of checked patents meets the stored ones: fixed statements and the merge between the two.

In: patents that were checked one by one. Out: the rows to write. The merge never replaces a value by a blank,
and a status that was only inferred never replaces one that somebody stated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson

from cases.db import Cursor, as_date

IMPORT_LOCK = 0x70_61_74

CONTENT = (
    "kind", "title", "owners", "inventors", "filing_date", "grant_date", "publication_no", "ipc", "address",
    "college", "status", "fee_paid_year", "fee_reduction",
)  # fmt: skip
_DATES = frozenset({"filing_date", "grant_date"})
_STATUS = CONTENT.index("status")

_COLUMNS = (
    "org_id", "application_no", *CONTENT, "content_hash", "import_id", "updated_at", "created_at", "flags",
)  # fmt: skip
UPSERT = (
    f"INSERT INTO patent ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' for _ in _COLUMNS)}) "  # noqa: S608
    "ON CONFLICT (org_id, application_no) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*CONTENT, "content_hash", "import_id", "updated_at"))
    + " WHERE patent.content_hash <> excluded.content_hash"
)


@dataclass(frozen=True, slots=True)
class CheckedPatent:
    """A patent whose every field was checked. Blank text, empty tuples and None mean "not said".

    `line` is where it stands in the file. `is_status_stated` tells a status that the file names from one that
    was inferred from the publication.
    """

    line: int
    application_no: str
    kind: str
    title: str
    owners: tuple[str, ...] = ()
    inventors: tuple[str, ...] = ()
    filing_date: date | None = None
    grant_date: date | None = None
    publication_no: str = ""
    ipc: str = ""
    address: str = ""
    college: str = ""
    status: str = "unknown"
    is_status_stated: bool = False
    fee_paid_year: int | None = None
    fee_reduction: str = ""


Content = tuple[object, ...]


def content_of(patent: CheckedPatent) -> Content:
    """Return the stored form of what a patent says, in the order of `CONTENT`."""
    return (
        patent.kind, patent.title, _listed(patent.owners), _listed(patent.inventors), patent.filing_date,
        patent.grant_date, patent.publication_no, patent.ipc, patent.address, patent.college, patent.status,
        patent.fee_paid_year, patent.fee_reduction,
    )  # fmt: skip


def hash_of(patent: CheckedPatent, content: Content) -> str:
    """Return the hash of what a file said about a patent."""
    said = orjson.dumps([patent.application_no, patent.is_status_stated, *content])
    return sha256(said).hexdigest()


def merged(new: Content, stored: Content, is_status_stated: bool) -> Content:
    """Return the content after an import: new values win, blanks and mere inferences do not."""
    values = [fresh if _is_said(fresh) else old for fresh, old in zip(new, stored, strict=True)]
    values[_STATUS] = _status(str(new[_STATUS]), str(stored[_STATUS]), is_status_stated)
    return tuple(values)


def _status(new: str, stored: str, is_stated: bool) -> str:
    if new == "unknown":
        return stored
    if is_stated or stored in ("unknown", "pending"):
        return new
    return new if (new, stored) == ("expired", "in_force") else stored


def _is_said(value: object) -> bool:
    return value is not None and value not in ("", "[]")


def _listed(names: tuple[str, ...]) -> str:
    return orjson.dumps(names).decode() if names else "[]"


def stored_rows(cur: Cursor, org_id: int, numbers: Sequence[str]) -> dict[str, tuple[str, Content]]:
    """Return content hash and content of the patents that the record has, by application number."""
    marks = ", ".join("?" for _ in numbers)
    found = cur.all(
        f"SELECT application_no, content_hash, {', '.join(CONTENT)} FROM patent "  # noqa: S608
        f"WHERE org_id = ? AND application_no IN ({marks})",
        org_id,
        *numbers,
    )
    return {row[0]: (row[1], tuple(_values(row[2:]))) for row in found}


def ids_of(cur: Cursor, org_id: int, numbers: Sequence[str]) -> list[int]:
    """Return the ids of the patents with these application numbers that the record has."""
    if not numbers:
        return []
    marks = ", ".join("?" for _ in numbers)
    sql = f"SELECT id FROM patent WHERE org_id = ? AND application_no IN ({marks})"  # noqa: S608
    return [row[0] for row in cur.all(sql, org_id, *numbers)]


def _values(row: Sequence[Any]) -> Iterator[object]:
    for name, value in zip(CONTENT, row, strict=True):
        yield as_date(value) if name in _DATES else value


def parameters(
    cur: Cursor, org_id: int, number: str, content: Content, digest: str, import_id: int | None, now: datetime
) -> tuple[object, ...]:
    """Return the parameters of `UPSERT` for one patent."""
    moment = cur.moment(now)
    stored = (cur.day(value) if isinstance(value, date) else value for value in content)
    return (org_id, number, *stored, digest, import_id, moment, moment, "[]")


def lock_imports(cur: Cursor, org_id: int) -> None:
    """Make two imports of one organization take turns, batch by batch. SQLite has one writer anyway."""
    if cur.postgres:
        cur.run("SELECT pg_advisory_xact_lock(?::int, ?::int)", IMPORT_LOCK, org_id)
