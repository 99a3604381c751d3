"""The night's look at grants: open cases on the same patents against each other.

The signature is guarded by itself (`cases.conflicts`). What the night finds beside that has come in by other ways: terms
that were changed, cases that were imported or stepped back, or two cases on their way to exclude each other. A pair
that collides becomes a review item, which only a person closes. Of two signed cases the earlier one counts as granted.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from cases.conflicts import counted_as
from cases.db import Cursor, Database, cursor_of
from cases.errors import NotFound
from cases.loading import Loaded
from cases.loading_many import load_many
from cases.nightly import MOST_LINES, Line, StepReport
from cases.reviews import Finding as Item
from cases.reviews import open_items
from rules.gates import Finding
from rules.grants import CLASHES, Grant, check_grants
from rules.packs import PackError

PAGE = 500
_OVER = " duties_due "
PAIRS = (
    "SELECT DISTINCT a.org_id, a.id, b.id FROM case_patent mine "
    "JOIN case_patent theirs ON theirs.patent_id = mine.patent_id AND theirs.case_id > mine.case_id "
    "JOIN conversion_case a ON a.id = mine.case_id JOIN conversion_case b ON b.id = theirs.case_id "
    "WHERE a.stage <> 'end' AND b.stage <> 'end' AND (a.id > ? OR (a.id = ? AND b.id > ?)) "
    "ORDER BY a.id, b.id LIMIT ?"
)


def check_conflicts(db: Database, now: datetime, on: date) -> StepReport:
    """Compare the grants of all open cases that share a patent; what collides becomes a review item.

    Effects: opens review items, one transaction a page.
    """
    pairs, opened = 0, 0
    items: list[Item] = []
    for rows in _pages(db):
        pairs += len(rows)
        with db.read() as session:
            found = tuple(_colliding(cursor_of(session, db.postgres), rows, on))
        if found:
            with db.cursor() as cur:
                opened += open_items(cur, found, now)
        items += found
    lines = tuple(
        Line(item.found["sentence"], item.found["sentence_en"], "/reviews", item.org_id)
        for item in items[:MOST_LINES]
    )
    zh = f"比对{pairs}对涉及同一专利的在办案件：{len(items)}对冲突，新增复核事项{opened}项"
    en = f"{pairs} pairs of open cases on the same patent: {len(items)} conflicts, {opened} new review items"
    return StepReport(
        zh, en, not items, lines, (("pairs", pairs), ("conflicts", len(items)), ("opened", opened))
    )


def _pages(db: Database) -> Iterator[list[tuple[int, int, int]]]:
    first = second = 0
    while True:
        with db.read() as session:
            rows = cursor_of(session, db.postgres).all(PAIRS, first, first, second, PAGE)
        if not rows:
            return
        yield rows
        _, first, second = rows[-1]


def _colliding(cur: Cursor, rows: Sequence[tuple[int, int, int]], on: date) -> Iterator[Item]:
    for org_id in sorted({org_id for org_id, _, _ in rows}):
        ours = [(one, other) for owner, one, other in rows if owner == org_id]
        cases = _loaded(cur, org_id, sorted({id_ for pair in ours for id_ in pair}))
        for one, other in ours:
            if one in cases and other in cases:
                yield from _of_pair(org_id, cases[one], cases[other], on)


def _loaded(cur: Cursor, org_id: int, ids: Sequence[int]) -> dict[int, Loaded]:
    """Load the cases; one whose packs are gone is told of elsewhere and left out here."""
    try:
        return load_many(cur, ids, org_id)
    except (PackError, NotFound):
        return {}


def _of_pair(org_id: int, one: Loaded, other: Loaded, on: date) -> Iterator[Item]:
    earlier, later = sorted((one, other), key=_order)
    first, new = _grant(earlier), _grant(later)
    if first is None or new is None or _is_past(first, on) or _is_past(new, on):
        return
    clash = CLASHES.get((first.mode, new.mode))
    if clash is None or clash.severity == "warn" or (not first.signed and clash.severity != "block"):
        return
    consents = frozenset(given["consent"] for given in later.facts.data.items("consents", "given"))
    for finding in check_grants(new, (first,), today=on, consents=consents):
        subject = f"conflict:{earlier.id}:{later.id}"
        yield Item(org_id, "conflict", subject, later.id, _told(finding, first, new))


def _order(case: Loaded) -> tuple[bool, date, int]:
    """Order by what was granted first: signed cases by their day, then the others as they were opened."""
    day = case.facts.data.day("contract", "signed_on")
    return not _is_signed(case), day or date.max, case.id


def _is_signed(case: Loaded) -> bool:
    return "signed" in case.position or case.mode.chart.stage(case.position) == "performance"


def _grant(case: Loaded) -> Grant | None:
    act = counted_as(case.mode.slug, " ".join(case.position))
    if act is None or _OVER.strip() in case.position:
        return None
    terms = case.facts.terms
    return Grant(act, terms.start, terms.end, terms.territory, case.facts.case_no, "", _is_signed(case))


def _is_past(grant: Grant, on: date) -> bool:
    return grant.end is not None and grant.end < on


def _told(finding: Finding, first: Grant, new: Grant) -> dict[str, object]:
    """Return the item's JSON; nothing of it changes from one day to the next."""
    pair_zh, pair_en = f"{first.number}与{new.number}", f"{first.number} and {new.number}"
    return {
        "title": f"授权冲突：{pair_zh}", "title_en": f"Conflicting grants: {pair_en}", "rule": finding.rule_id,
        "sentence": f"{pair_zh}涉及同一专利，{finding.what_zh}。{finding.remedy_zh}。",
        "sentence_en": f"{pair_en} are on the same patent: {finding.what_en}; {finding.remedy_en}.",
        "differs": [
            {"name": name, "zh": zh, "en": en, "first": ours, "second": theirs}
            for name, zh, en, ours, theirs in _rows(first, new)
        ],
        "first": {"zh": [finding.found_zh], "en": [finding.found_en], "tree": None},
        "second": {"zh": [finding.remedy_zh], "en": [finding.remedy_en], "tree": None},
    }  # fmt: skip


def _rows(first: Grant, new: Grant) -> Iterator[tuple[str, str, str, str, str]]:
    yield "case", "案件编号", "case", first.number, new.number
    yield "start", "许可开始日", "first day", _day(first.start), _day(new.start)
    yield "end", "许可终止日", "last day", _day(first.end), _day(new.end)
    yield "territory", "地域", "territory", first.territory or "—", new.territory or "—"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "—"
