"""How a campaign stands: by state and college, the four coverages, lists of items and the history of one. Reads only.

Coverage, as the papers ask for it (评价、筛选、登记、匹配): evaluated = a self-rating was submitted; screened = decided, for
the pool or for disposal; registered = in the conversion pool by this decision; matched = in a conversion case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, case, col, exists, func, or_, select

from cases.errors import NotFound
from cases.stocktake_answers import loaded
from cases.stocktake_facts import NO_ITEM
from cases.stocktake_tables import Inventor, PanelScore, Stocktake, StocktakeEvent, StocktakeItem
from cases.stocktakes import Scope, focus_of, stocktake_row
from cases.tables import CasePatent, Patent, User
from rules.panel import PanelResult, panel_result
from rules.text import fold, normalize
from states.stocktaking import EVALUATED, SCREENED, STATES

COVERAGES: Mapping[str, tuple[str, str]] = {
    "evaluated": ("已评价", "Evaluated"),
    "screened": ("已筛选", "Screened"),
    "registered": ("已登记", "Registered"),
    "matched": ("已匹配", "Matched"),
}
PAGE_SIZE = 50
LISTED = 100


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in the list, with its counts by state."""

    id: int
    title: str
    status: str
    due_on: date
    rolling: bool
    expected: int
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many patents it has taken in."""
        return sum(self.counts.values())

    @property
    def evaluated(self) -> int:
        """How many have been rated."""
        return sum(self.counts.get(state, 0) for state in EVALUATED)

    @property
    def screened(self) -> int:
        """How many have been decided on."""
        return sum(self.counts.get(state, 0) for state in SCREENED)


@dataclass(frozen=True, slots=True)
class CollegeLine:
    """One college of a campaign: its patents by state, and how many are covered in each sense."""

    college: str
    counts: Mapping[str, int]
    covered: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many patents it has in the campaign."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Progress:
    """How a campaign stands. `unassigned` counts items that wait for the inventor and have none."""

    id: int
    title: str
    status: str
    due_on: date
    rolling: bool
    scores_wanted: int
    expected: int
    seen: int
    scope: Scope
    key_ipc: tuple[str, ...]
    strong_colleges: tuple[str, ...]
    created_by: str
    created_at: datetime
    lines: tuple[CollegeLine, ...]
    unassigned: int

    @property
    def counts(self) -> Mapping[str, int]:
        """The patents by state."""
        return {state: sum(line.counts.get(state, 0) for line in self.lines) for state in STATES}

    @property
    def covered(self) -> Mapping[str, int]:
        """The patents covered in each sense."""
        return {name: sum(line.covered[name] for line in self.lines) for name in COVERAGES}

    @property
    def total(self) -> int:
        """How many patents it has taken in."""
        return sum(line.total for line in self.lines)

    @property
    def base(self) -> int:
        """What coverage is a share of: all but those left out."""
        return self.total - self.counts["left_out"]


def campaigns(session: Session, org_id: int) -> tuple[CampaignLine, ...]:
    """Return the campaigns of an organization, open ones first, then the newest; the last 100."""
    query = select(Stocktake).where(Stocktake.org_id == org_id)
    rows = session.exec(
        query.order_by(case((col(Stocktake.status) == "closed", 1), else_=0), col(Stocktake.id).desc()).limit(
            LISTED
        )
    ).all()
    found: dict[int, dict[str, int]] = {int(row.id or 0): {} for row in rows}
    counted = (
        select(StocktakeItem.stocktake_id, StocktakeItem.state, func.count())
        .where(col(StocktakeItem.stocktake_id).in_(list(found)))
        .group_by(col(StocktakeItem.stocktake_id), col(StocktakeItem.state))
    )
    for id_, state, count in session.exec(counted):
        found[id_][state] = int(count)
    return tuple(
        CampaignLine(
            int(row.id or 0),
            row.title,
            row.status,
            row.due_on,
            row.rolling,
            row.expected,
            found[int(row.id or 0)],
        )
        for row in rows
    )


def progress_of(session: Session, org_id: int, stocktake_id: int) -> Progress:
    """Return how a campaign stands.

    Raises: NotFound.
    """
    row = stocktake_row(session, org_id, stocktake_id)
    by_state: dict[str, dict[str, int]] = {}
    counted = (
        select(StocktakeItem.college, StocktakeItem.state, func.count())
        .where(StocktakeItem.stocktake_id == stocktake_id)
        .group_by(col(StocktakeItem.college), col(StocktakeItem.state))
    )
    for college, state, count in session.exec(counted):
        by_state.setdefault(college, {})[state] = int(count)
    matched = dict(
        session.exec(
            select(StocktakeItem.college, func.count())
            .where(StocktakeItem.stocktake_id == stocktake_id, _covered("matched"))
            .group_by(col(StocktakeItem.college))
        ).all()
    )
    lines = tuple(
        CollegeLine(college, counts, _covered_in(counts, int(matched.get(college, 0))))
        for college, counts in sorted(by_state.items())
    )
    waiting = select(func.count()).select_from(StocktakeItem).where(*_filters(stocktake_id, unassigned=True))
    author = session.get(User, row.created_by)
    focus = focus_of(row.focus)
    return Progress(
        int(row.id or 0), row.title, row.status, row.due_on, row.rolling, row.scores_wanted, row.expected, row.cursor,
        Scope.of_json(row.scope), focus.key_ipc, focus.strong_colleges, author.name if author else "", row.created_at,
        lines, int(session.exec(waiting).one()),
    )  # fmt: skip


def _covered_in(counts: Mapping[str, int], matched: int) -> dict[str, int]:
    return {
        "evaluated": sum(counts.get(state, 0) for state in EVALUATED),
        "screened": sum(counts.get(state, 0) for state in SCREENED),
        "registered": counts.get("pooled", 0),
        "matched": matched,
    }


def _covered(name: str) -> Any:
    """Return the condition on items that a coverage means."""
    state = col(StocktakeItem.state)
    match name:
        case "evaluated":
            return state.in_(EVALUATED)
        case "screened":
            return state.in_(SCREENED)
        case "registered":
            return state == "pooled"
        case _:
            in_case = exists().where(col(CasePatent.patent_id) == col(StocktakeItem.patent_id))
            return in_case & (state != "left_out")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in a list."""

    id: int
    patent_id: int
    title: str
    application_no: str
    kind: str
    college: str
    inventor: str
    assigned: bool
    state: str
    version: int
    answers: Mapping[str, Any]
    central_score: int | None
    disposal: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """Which items of a campaign somebody wants to see; whatever is empty limits nothing."""

    state: str = ""
    college: str | None = None
    covered: str = ""
    unassigned: bool = False
    kind: str = ""
    q: str = ""


def items_of(
    session: Session, org_id: int, stocktake_id: int, wish: Wish, page: int = 1, size: int = PAGE_SIZE
) -> tuple[tuple[ItemLine, ...], int]:  # fmt: skip
    """Return one page of a campaign's items, the most important first, and how many there are.

    Raises: NotFound.
    """
    stocktake_row(session, org_id, stocktake_id)
    conditions = _filters(stocktake_id, wish.state, wish.college, wish.covered, wish.unassigned)
    count = select(func.count()).select_from(StocktakeItem)
    query = select(StocktakeItem, Patent).join(Patent, col(Patent.id) == col(StocktakeItem.patent_id))
    if wish.kind or wish.q:
        conditions += _of_patent(wish)
        count = count.join(Patent, col(Patent.id) == col(StocktakeItem.patent_id))
    total = int(session.exec(count.where(*conditions)).one())
    query = query.where(*conditions).order_by(col(StocktakeItem.priority), col(StocktakeItem.id))
    rows = session.exec(query.offset((page - 1) * size).limit(size)).all()
    return tuple(_line(item, patent) for item, patent in rows), total


def _filters(
    stocktake_id: int,
    state: str = "",
    college: str | None = None,
    covered: str = "",
    unassigned: bool = False,
) -> list[Any]:
    found: list[Any] = [StocktakeItem.stocktake_id == stocktake_id]
    if state:
        found.append(StocktakeItem.state == state)
    if college is not None:
        found.append(StocktakeItem.college == college)
    if covered:
        found.append(_covered(covered))
    if unassigned:
        found += [
            col(StocktakeItem.inventor_id).is_(None),
            col(StocktakeItem.state).in_(("waiting", "returned")),
        ]
    return found


def _of_patent(wish: Wish) -> list[Any]:
    found: list[Any] = [Patent.kind == wish.kind] if wish.kind else []
    if q := normalize(wish.q):
        words = [
            col(Patent.title).contains(q, autoescape=True), col(StocktakeItem.inventor).contains(q, autoescape=True),
        ]  # fmt: skip
        digits = fold(q).removeprefix("ZL").removeprefix("CN").replace(".", "")
        if digits[:1].isdigit():
            words.append(col(Patent.application_no).contains(digits, autoescape=True))
        found.append(or_(*words))
    return found


def _line(item: StocktakeItem, patent: Patent) -> ItemLine:
    return ItemLine(
        int(item.id or 0), item.patent_id, patent.title, patent.application_no, patent.kind, item.college, item.inventor,
        item.inventor_id is not None, item.state, item.version, loaded(item.answers), item.central_score, item.disposal,
        item.updated_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to an item."""

    step: str
    before: str
    after: str
    why: str
    told: Mapping[str, Any]
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The score of one rater."""

    rater: str
    rater_id: int
    score: int
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Everything that is known of an item: the line, who is meant, scores with their result, history newest first."""

    line: ItemLine
    stocktake_id: int
    stocktake: str
    note: str
    contact: str
    scores: tuple[ScoreLine, ...]
    panel: PanelResult
    events: tuple[EventLine, ...]


def item_page(session: Session, org_id: int, item_id: int) -> ItemPage:
    """Return everything that is known of an item.

    Raises: NotFound.
    """
    item = session.get(StocktakeItem, item_id)
    if item is None or item.org_id != org_id:
        raise NotFound(*NO_ITEM)
    patent = session.exec(select(Patent).where(Patent.id == item.patent_id)).one()
    inventor = session.get(Inventor, item.inventor_id) if item.inventor_id else None
    scores = tuple(
        ScoreLine(name, one.rater_id, one.score, one.comment, one.at)
        for one, name in session.exec(
            select(PanelScore, User.name)
            .join(User, col(User.id) == col(PanelScore.rater_id))
            .where(PanelScore.item_id == item_id)
            .order_by(col(PanelScore.id))
        )
    )
    contact = "，".join(filter(None, (inventor.name, inventor.college, inventor.email))) if inventor else ""
    return ItemPage(
        _line(item, patent), item.stocktake_id, stocktake_row(session, org_id, item.stocktake_id).title, item.note,
        contact, scores, panel_result([one.score for one in scores]), _events(session, item_id),
    )  # fmt: skip


def _events(session: Session, item_id: int) -> tuple[EventLine, ...]:
    query = select(StocktakeEvent).where(StocktakeEvent.item_id == item_id)
    rows: Sequence[StocktakeEvent] = session.exec(query.order_by(col(StocktakeEvent.id).desc())).all()
    return tuple(
        EventLine(row.step, row.before, row.after, row.why, loaded(row.told), row.who, row.at) for row in rows
    )


def of_patent(session: Session, org_id: int, patent_id: int) -> tuple[tuple[ItemLine, int, str], ...]:
    """Return the items of a patent with campaign and its title, the newest first."""
    query = (
        select(StocktakeItem, Patent, Stocktake)
        .join(Patent, col(Patent.id) == col(StocktakeItem.patent_id))
        .join(Stocktake, col(Stocktake.id) == col(StocktakeItem.stocktake_id))
        .where(StocktakeItem.org_id == org_id, StocktakeItem.patent_id == patent_id)
        .order_by(col(StocktakeItem.id).desc())
    )
    return tuple(
        (_line(item, patent), int(campaign.id or 0), campaign.title)
        for item, patent, campaign in session.exec(query)
    )
