"""All that the page of indicators shows, read at once; the snapshot of a year is made of the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cases.db import Cursor, Database
from cases.indicators.catalog import PAPERS
from cases.indicators.choices import choices
from cases.indicators.counting import Counted, counted_beside
from cases.indicators.facts import catch_up
from cases.indicators.scope import Scope
from cases.indicators.series import (
    Deals,
    Group,
    Leg,
    by_college,
    by_district,
    by_mode,
    by_month,
    by_year,
    colleges_of,
    group_parts,
    groups,
    legs,
    years_of,
)

# From the whole stock to what has come of it; each step is a share of the same valid patents, none need hold the next.
FUNNEL = ("evaluated", "screened", "registered", "matched", "implementation_rate", "industrialization_rate")


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Figures in the order of the catalog, and the same taken apart. `recounted` cases had changed since the last time."""

    scope: Scope
    figures: tuple[Counted, ...]
    years: tuple[Deals, ...]
    months: tuple[Deals, ...]
    colleges: tuple[Deals, ...]
    modes: tuple[Deals, ...]
    legs: tuple[Leg, ...]
    groups: Mapping[str, tuple[Group, ...] | None]
    districts: tuple[Group, ...] = ()
    recounted: int = 0

    def figure(self, key: str) -> Counted:
        """Return a figure by the id of its indicator."""
        return next(one for one in self.figures if one.indicator.id == key)

    @property
    def funnel(self) -> tuple[Counted, ...]:
        """The coverage of the four steps and what came of them."""
        return tuple(self.figure(key) for key in FUNNEL)


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen from."""

    years: tuple[int, ...]
    colleges: tuple[str, ...]


def dashboard(db: Database, scope: Scope, now: datetime) -> Dashboard:
    """Return the indicators of an institution, after counting the cases that have changed.

    Effects: those of `catch_up`.
    """
    recounted = catch_up(db, scope.org_id, now) if scope.org_id is not None else 0
    with db.looking() as cur:
        chosen = choices(cur, scope.org_id) if scope.org_id is not None else {}
        return read(cur, scope, chosen, recounted)


def read(cur: Cursor, scope: Scope, chosen: Mapping[str, str], recounted: int = 0) -> Dashboard:
    """Return what is counted already."""
    figures, sums = counted_beside(cur, scope, chosen, group_parts())
    return Dashboard(
        scope, figures, by_year(cur, scope), by_month(cur, scope), by_college(cur, scope),
        by_mode(cur, scope), legs(cur, scope), groups(cur, scope, sums), by_district(cur, scope), recounted,
    )  # fmt: skip


def filters(cur: Cursor, org_id: int, today: date) -> Filters:
    """Return the years and colleges of an institution."""
    return Filters(years_of(cur, org_id, today), colleges_of(cur, org_id))


def source_names(sources: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return the phrases that ask for an indicator: id and paper, in both languages."""
    return tuple((one, *PAPERS[one[:2]]) for one in sources)
