"""Lays open deadlines out anew when the ladders of their rule packs have changed.

Only reminders to come follow the new ladder: a rung that the new ladder would have had in the past is not made up for,
and what is still to be told today stays so.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from cases.db import Database, as_date
from rules.deadline_rule import DeadlineRule
from rules.ladder import Ladder
from rules.packs import RuleBook, UnknownRule

PAGE = 2000
ROWS = (
    "SELECT id, rule_id, base_date, due, rungs, overdue_rungs, next_on FROM deadline "
    "WHERE org_id = ? AND status = 'open' AND id > ? ORDER BY id LIMIT ?"
)
LAY_OUT = (
    "UPDATE deadline SET rungs = ?, overdue_rungs = ?, next_on = ? WHERE id = ? AND status = 'open' "
    "AND rungs = ? AND overdue_rungs = ?"
)


def follow(db: Database, org_id: int, book: RuleBook, on: date) -> int:
    """Give the open deadlines of an organization the ladders of its rulebook, and return how many have another one.

    Effects: writes rungs and next day of deadlines, page by page; repeating it changes nothing more.
    """
    changed = 0
    last = 0
    while True:
        with db.cursor() as cur:
            rows = cur.all(ROWS, org_id, last, PAGE)
            new = list(_laid_out(rows, book, on))
            cur.many(LAY_OUT, [(before, after, cur.day(day), *rest) for before, after, day, *rest in new])
        changed += len(new)
        if len(rows) < PAGE:
            return changed
        last = rows[-1][0]


def _laid_out(rows: list[Any], book: RuleBook, on: date) -> Iterator[tuple[Any, ...]]:
    for id_, rule_id, base, due, before, after, next_on in rows:
        rule = _rule(book, rule_id, as_date(base) or on)
        if rule is None:
            continue
        held = as_date(next_on)
        every = book.house(on).reminding.repeat_every
        ladder = Ladder(rule.rungs, rule.overdue_rungs, every)
        waits = held is not None and held <= on
        day = held if waits else ladder.next_after(as_date(due) or on, on - timedelta(days=1))
        stored = joined(rule.rungs), joined(rule.overdue_rungs)
        if (*stored, day) != (before, after, held):
            yield *stored, day, id_, before, after


def _rule(book: RuleBook, rule_id: str, base: date) -> DeadlineRule | None:
    try:
        return book.deadline(rule_id, base)
    except UnknownRule:
        return None


def joined(rungs: tuple[int, ...]) -> str:
    """Return rungs as a deadline keeps them."""
    return ",".join(map(str, rungs))
