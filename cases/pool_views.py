"""Reads the base library and the conversion pool for people: rows with profiles, standings, history, overdue reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import orjson
from sqlmodel import Session, col, func, select

from cases.patents import PatentView, get_patent, patent_views
from cases.profile_fields import EMPTY
from cases.profile_tables import PatentProfile, PoolEntry, ProfileChange
from cases.tables import User

HISTORY_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Profile:
    """What an institution thinks of a patent."""

    patent_id: int
    grade: str = ""
    patent_class: str = ""
    industry: tuple[str, ...] = ()
    maturity: str = ""
    prospect: str = ""
    scenario: str = ""
    willingness: tuple[str, ...] = ()
    implementation: str = ""
    self_score: int | None = None
    central_score: int | None = None
    enterprise_score: int | None = None
    in_pool: bool = False
    key_project: bool = False
    funded: bool | None = None
    review_on: date | None = None
    disposal: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a patent stands in one pool, or stood once. `user` is who noted it."""

    pool: str
    status: str
    on: date
    reason: str
    current: bool
    user: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that changed; `before` and `after` as the history keeps them."""

    field: str
    before: str
    after: str
    why: str
    source: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A patent as the two libraries list it. `standings` are its present ones, by pool."""

    patent: PatentView
    profile: Profile
    standings: Mapping[str, Standing]


def pool_rows(session: Session, org_id: int, patent_ids: Sequence[int]) -> tuple[PoolRow, ...]:
    """Return patents with profile and standings, in the order of the ids; unknown ids are left out."""
    patents = {view.id: view for view in patent_views(session, org_id, patent_ids)}
    profiles = profiles_of(session, org_id, patent_ids)
    standings = _current(session, org_id, patent_ids)
    return tuple(
        PoolRow(patents[one], profiles.get(one, Profile(one)), standings.get(one, {}))
        for one in patent_ids
        if one in patents
    )


def profiles_of(session: Session, org_id: int, patent_ids: Sequence[int]) -> dict[int, Profile]:
    """Return the profiles that patents have, by patent id."""
    query = select(PatentProfile).where(
        PatentProfile.org_id == org_id, col(PatentProfile.patent_id).in_(patent_ids)
    )
    return {row.patent_id: _profile(row) for row in session.exec(query)}


def profile_of(session: Session, org_id: int, patent_id: int) -> Profile:
    """Return the profile of one patent, empty if it has none yet.

    Raises: NotFound.
    """
    get_patent(session, org_id, patent_id)
    return profiles_of(session, org_id, (patent_id,)).get(patent_id, Profile(patent_id))


def _profile(row: PatentProfile) -> Profile:
    values = {name: getattr(row, name) for name in EMPTY}
    lists = {name: tuple(orjson.loads(values[name])) for name in ("industry", "willingness")}
    return Profile(patent_id=row.patent_id, in_pool=row.in_pool, **{**values, **lists})


def _current(session: Session, org_id: int, patent_ids: Sequence[int]) -> dict[int, dict[str, Standing]]:
    query = select(PoolEntry).where(
        PoolEntry.org_id == org_id, col(PoolEntry.patent_id).in_(patent_ids), col(PoolEntry.current)
    )
    found: dict[int, dict[str, Standing]] = {}
    for row in session.exec(query):
        found.setdefault(row.patent_id, {})[row.pool] = _standing(row, "")
    return found


def standings_of(session: Session, org_id: int, patent_id: int) -> tuple[Standing, ...]:
    """Return what became of a patent in every pool, the newest first."""
    query = select(PoolEntry, User.name).join(User, col(User.id) == col(PoolEntry.user_id), isouter=True)
    query = query.where(PoolEntry.org_id == org_id, PoolEntry.patent_id == patent_id)
    rows = session.exec(query.order_by(col(PoolEntry.id).desc()).limit(HISTORY_SHOWN))
    return tuple(_standing(row, user or "") for row, user in rows)


def _standing(row: PoolEntry, user: str) -> Standing:
    return Standing(row.pool, row.status, row.on, row.reason, row.current, user)


def history_of(session: Session, org_id: int, patent_id: int) -> tuple[Changed, ...]:
    """Return what changed in a patent's profile, the newest first."""
    query = select(ProfileChange, User.name).join(
        User, col(User.id) == col(ProfileChange.user_id), isouter=True
    )
    query = query.where(ProfileChange.org_id == org_id, ProfileChange.patent_id == patent_id)
    rows = session.exec(query.order_by(col(ProfileChange.id).desc()).limit(HISTORY_SHOWN))
    return tuple(
        Changed(row.field, row.before, row.after, row.why, row.source, user or "", row.at)
        for row, user in rows
    )


def overdue_reviews(session: Session, org_id: int, today: date) -> int:
    """Return how many patents are to be looked at again since a day before today."""
    query = select(func.count(col(PatentProfile.patent_id)))
    due = (PatentProfile.org_id == org_id, col(PatentProfile.review_on) < today)
    return session.exec(query.where(*due)).one()


def pool_counts(session: Session, org_id: int) -> dict[tuple[str, str], int]:
    """Return how many patents stand where, by pool and status."""
    query = select(PoolEntry.pool, PoolEntry.status, func.count(col(PoolEntry.id)))
    query = query.where(PoolEntry.org_id == org_id, col(PoolEntry.current)).group_by(
        PoolEntry.pool, PoolEntry.status
    )
    return {(pool, status): count for pool, status, count in session.exec(query)}
