"""Keeps the dates of declaration and use: march-in exposure, reviews of reasons, filing and update of products.

They are deadlines of patents, so that reminders, calendar and inbox carry them like annual fees. Beside them stands
`use_standing`, one row a patent, for lists and counts. Doing it again, or twice at once, changes nothing more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.db import Cursor, Database, cursor_of
from cases.patent_dates import (
    SYSTEM,
    Dated,
    OpenDate,
    book_in_use,
    last_seqs,
    officers_of,
    open_dates,
    pages_of,
    write_dates,
)
from cases.profiles import change_profiles
from cases.scope import Author
from cases.trail import append_org
from cases.use_facts import Known, known_of, products_of
from rules.deadlines import Deadline, compute, fixed
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook
from rules.patent_clock import ALIVE, idle_clocks
from rules.product_update import after_update
from rules.use_codes import USES

AHEAD = timedelta(days=366)
MARCH_IN, REVIEW, FILING, UPDATE = "march_in", "nonuse_review", "product_filing", "product_update"
KINDS = frozenset({MARCH_IN, REVIEW, FILING, UPDATE})
VERB = "use_dated"
SOURCE = "use"
COLUMNS = (
    "org_id", "funded", "declared", "use", "used_on", "stated_year", "reason", "review_on", "unused_since", "exposed_on",
)  # fmt: skip
_NAMED = ", ".join(f'"{name}"' for name in COLUMNS)
STANDINGS = f"SELECT patent_id, {_NAMED} FROM use_standing WHERE patent_id IN :ids"  # noqa: S608
UPSERT = (
    f"INSERT INTO use_standing (patent_id, {_NAMED}) VALUES (?{', ?' * len(COLUMNS)}) "  # noqa: S608
    "ON CONFLICT (patent_id) DO UPDATE SET " + ", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS)
)
PROFILES = "SELECT patent_id, implementation, funded FROM patent_profile WHERE patent_id IN :ids"
Watched = tuple[int, date, date | None, date | None]  # a product: since when, filed, last updated
Standing = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Patent:
    """A patent as its dates of use see it."""

    known: Known
    open: tuple[OpenDate, ...]
    officer_id: int | None
    products: tuple[Watched, ...] = ()

    @property
    def id(self) -> int:
        """The patent."""
        return self.known.id

    def end_of(self, row: OpenDate) -> str:
        """Say why a date is watched no more: what it asked for was done, or it is without object."""
        kind, _, number = row.key.partition(":")
        if kind in (FILING, UPDATE):
            return "met" if any(str(product) == number for product, *_ in self.products) else "dropped"
        answered = self.known.worked_on is not None or self.known.reason or self.known.is_licensed
        return "met" if answered and self.known.status in ALIVE else "dropped"


def date_use(
    db: Database, org_id: int, now: datetime, on: date, patent_ids: Sequence[int] | None = None
) -> Dated:
    """Bring standing and dates of use up to the day, of all patents of an organization or of some.

    Effects: writes use_standing, deadlines, profiles; one entry in the organization's trail for a page that changed.
    """
    with db.read() as session:
        book = book_in_use(cursor_of(session, db.postgres), org_id)
    total = Dated()
    for ids in pages_of(db, org_id, patent_ids):
        with db.read() as session:
            waiting = _waiting(cursor_of(session, db.postgres), org_id, ids, book, on)
        total += Dated(patents=len(ids))
        if waiting:
            with db.cursor() as cur:
                total += bring_up_use(cur, org_id, waiting, book, now, on)
    return total


def bring_up_use(
    cur: Cursor, org_id: int, patent_ids: Sequence[int], book: RuleBook, now: datetime, on: date, *,
    actor: Author = SYSTEM, entry: bool = True,
) -> Dated:  # fmt: skip
    """Bring standing, dates and profile of some patents up to the day, in the caller's transaction.

    Effects: as `date_use`; without `entry` the caller tells the trail.
    """
    total, patents = Dated(), _read(cur, patent_ids)
    seqs, held = last_seqs(cur, patent_ids), _standings(cur, patent_ids)
    for patent in patents:
        total += write_dates(cur, org_id, patent, _wanted(patent, book, on), seqs, now, on)
    rows = {patent.id: _standing(org_id, patent.known, book, on) for patent in patents}
    changed = [(id_, *row) for id_, row in rows.items() if held.get(id_) != row]
    cur.many(UPSERT, [_stored(cur, row) for row in changed])
    _tell_profiles(cur, org_id, [patent.known for patent in patents], actor, now)
    if entry and total.changed:
        counts = {name: count for name, count in total.as_json().items() if count}
        append_org(cur, org_id, actor, VERB, {"on": on.isoformat(), **counts}, now)
    return total


def _waiting(cur: Cursor, org_id: int, ids: Sequence[int], book: RuleBook, on: date) -> list[int]:
    """Return the patents whose dates, standing or profile are not what they should be."""
    held = _standings(cur, ids)
    patents = _read(cur, ids)
    untold = set(_untold(cur, [patent.known for patent in patents]))
    return [
        patent.id for patent in patents
        if patent.id in untold or held.get(patent.id) != _standing(org_id, patent.known, book, on)
        or _differs(patent, book, on)
    ]  # fmt: skip


def _differs(patent: _Patent, book: RuleBook, on: date) -> bool:
    wanted = {
        (key, found.due, found.base_date, patent.officer_id)
        for key, found in _wanted(patent, book, on).items()
    }
    return wanted != {(row.key, row.due, row.base, row.owner_id) for row in patent.open}


def _read(cur: Cursor, ids: Sequence[int]) -> list[_Patent]:
    held, officers = open_dates(cur, ids, KINDS), officers_of(cur, ids)
    products: dict[int, tuple[Watched, ...]] = {}
    for product, patent, since, filed, updated in products_of(cur, ids):
        products[patent] = (*products.get(patent, ()), (product, since, filed, updated))
    return [
        _Patent(known, held.get(known.id, ()), officers.get(known.id), products.get(known.id, ()))
        for known in known_of(cur, ids)
    ]


def _wanted(patent: _Patent, book: RuleBook, on: date) -> dict[str, Deadline]:
    return {**dict(_of_non_use(patent.known, book, on)), **dict(_of_products(patent, book))}


def _of_non_use(known: Known, book: RuleBook, on: date) -> Iterator[tuple[str, Deadline]]:
    """Yield the end of the five years while nobody has given a reason, or the day on which the reason is reviewed."""
    exposed = exposure(known, book, on)
    if exposed is None:
        return
    if known.reason and known.review_on is not None and not known.is_licensed:
        rule = book.deadline("T-REASON", known.review_on)
        zh = "登记未实施理由时确定的复核日期，到期再核对理由是否仍成立。"
        en = "The day set when the reason was stated; it is looked at again then."
        yield REVIEW, fixed(
            rule, known.review_on, base_date=known.reason_on, because_zh=(zh,), because_en=(en,), calendar=calendar_of(book)
        )  # fmt: skip
    if not known.has_reason(on) and exposed.due <= on + AHEAD:
        yield MARCH_IN, exposed


def exposure(known: Known, book: RuleBook, on: date) -> Deadline | None:
    """Return the end of the five years of a funded patent that nobody works, whatever reason was given; else None."""
    if known.worked_on is not None:
        return None
    clocks = idle_clocks(known.clock, book, on)
    return next((clock.deadline for clock in clocks if clock.deadline.rule_id == "T-IDLE5"), None)


def _of_products(patent: _Patent, book: RuleBook) -> Iterator[tuple[str, Deadline]]:
    for product, since, filed, updated in patent.products:
        if filed is None:
            rule = book.deadline("T-ZLCPNEW", since)
            yield f"{FILING}:{product}", compute(rule, since, calendar=calendar_of(book))
            continue
        last = max(filed, updated or filed)
        rule, shifted = book.deadline("T-ZLCP", last), after_update(updated) if updated else None
        if shifted is None:
            yield f"{UPDATE}:{product}", compute(rule, last, calendar=calendar_of(book))
            continue
        due, (zh, en) = shifted
        yield (
            f"{UPDATE}:{product}",
            fixed(rule, due, base_date=last, because_zh=zh, because_en=en, calendar=calendar_of(book)),
        )


def _standing(org_id: int, known: Known, book: RuleBook, on: date) -> Standing:
    """Return the row of a patent in `use_standing`, in the order of COLUMNS."""
    exposed = exposure(known, book, on)
    is_unused = known.use == "none" and known.status in ALIVE
    reason = "licensed" if known.is_licensed else known.reason
    return (
        org_id, known.funded, known.declared, known.use, known.used_on, known.stated_year, reason,
        None if known.is_licensed else known.review_on, known.grant_date if is_unused else None,
        exposed.due if exposed else None,
    )  # fmt: skip


def _standings(cur: Cursor, ids: Sequence[int]) -> dict[int, Standing]:
    dated = {COLUMNS.index(name) for name in ("used_on", "review_on", "unused_since", "exposed_on")}
    truths = {COLUMNS.index(name) for name in ("funded", "declared")}

    def read(row: Sequence[object]) -> Standing:
        return tuple(
            _day(value) if at in dated else (bool(value) if at in truths and value is not None else value)
            for at, value in enumerate(row)
        )

    return {row[0]: read(row[1:]) for row in cur.of_many(STANDINGS, ids)}


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, date) else None


def _stored(cur: Cursor, row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(cur.day(value) if isinstance(value, date) else value for value in row)


def _untold(cur: Cursor, patents: Sequence[Known]) -> dict[int, dict[str, object]]:
    """Return what the profiles do not say yet: a stronger use than theirs, and public funding."""
    held = {row[0]: (row[1], row[2]) for row in cur.of_many(PROFILES, [known.id for known in patents])}
    found: dict[int, dict[str, object]] = {}
    for known in patents:
        use, funded = held.get(known.id, ("", None))
        changes: dict[str, object] = {}
        if known.use != "none" and _rank(known.use) > _rank(use):
            changes["implementation"] = known.use
        if known.funded is not None and (funded is None or bool(funded) != known.funded):
            changes["funded"] = known.funded
        if changes:
            found[known.id] = changes
    return found


def _rank(use: str) -> int:
    return list(USES).index(use) if use in USES else -1


def _tell_profiles(cur: Cursor, org_id: int, patents: Sequence[Known], actor: Author, now: datetime) -> None:
    if changes := _untold(cur, patents):
        why = "由财政资助声明、实施情况和案件记录得出"
        change_profiles(cur, org_id, changes, source=SOURCE, why=why, actor=actor, now=now)
