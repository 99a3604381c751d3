"""A year of days with outages, broken sweeps, double sweeps, moved and closed dates: no rung lost, none told twice."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from sqlite3 import IntegrityError

import orjson
import pytest

from cases.reminders import remind
from rules.calendar import official
from tests.cases.dump import execute
from tests.world import World

FIRST = date(2026, 1, 1)
LADDERS = (((60, 30, 7, 1, 0), (1, 7, 30)), ((15, 3), (2,)), ((1, 0), (3, 7)), ((30,), ()))
KINDS = ("statutory", "contract", "internal")
ROLES = ("officer", "finance")
BREAKING = ("officer", "finance", "approver")
BREAKS = (
    "CREATE TRIGGER breaks BEFORE INSERT ON delivery WHEN NEW.user_id IN (SELECT user_id FROM broken) "
    "BEGIN SELECT RAISE(ABORT, 'broken off'); END"
)
Row = tuple[int, int, int]  # deadline, rung, reader


@dataclass(frozen=True)
class Date:
    """A deadline as the simulation knows it, apart from the product."""

    id: int
    due: date
    ladder: tuple[tuple[int, ...], tuple[int, ...]]
    kind: str
    who: str

    def reached(self, on: date) -> list[int]:
        left = (self.due - on).days
        before, after = self.ladder
        return [rung for rung in before if rung >= left] + [-rung for rung in after if rung <= -left]

    def readers(self, rung: int, world: World) -> set[int]:
        roles = {"officer", self.who} | ({"approver"} if rung <= -7 else set())
        return {world.person(role).id for role in roles}

    def rows(self, on: date, world: World) -> set[Row]:
        if self.kind != "statutory" and not official().is_workday(on):
            return set()
        return {(self.id, rung, user) for rung in self.reached(on) for user in self.readers(rung, world)}


class Year:
    """The record and what a reader of the rules expects of it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, Random(seed)
        self.case_id = world.case()
        self.open: dict[int, Date] = {}
        self.due: set[Row] = set()  # what a sweep that came to its end owed
        self.allowed: set[Row] = set()  # what any sweep may have told
        execute(world.db, "CREATE TABLE broken (user_id INTEGER)", BREAKS)
        for _ in range(25):
            self.add(self.chance.randrange(380), FIRST)

    def add(self, days: int, today: date) -> None:
        before, after = ladder = self.chance.choice(LADDERS)
        kind, who = self.chance.choice(KINDS), self.chance.choice(ROLES)
        due = FIRST + timedelta(days=days)
        with self.world.db.cursor() as cur:
            number = cur.one("SELECT COUNT(*) FROM deadline")[0] + 1
            cur.run(
                "INSERT INTO deadline (org_id, case_id, key, title, title_en, kind, rule_id, rule_version, confidence, "
                "article, base_event, base_date, period, nominal, due, roll, provisional, explanation, rungs, "
                "overdue_rungs, who, owner_id, next_on, status, opened_seq, created_at) VALUES (?, ?, ?, ?, '', ?, ?, '1', "
                "'V', '', '', ?, '', ?, ?, 'none', ?, '{}', ?, ?, ?, ?, ?, 'open', 1, ?)",
                self.world.org_id, self.case_id, f"d{number}", f"期限{number}", kind, f"R{number}", cur.day(today),
                cur.day(due), cur.day(due), False, ",".join(map(str, before)), ",".join(map(str, after)), who,
                self.world.person("officer").id, cur.day(today), cur.moment(datetime.combine(today, time(), UTC)),
            )  # fmt: skip
            (id_,) = cur.one("SELECT MAX(id) FROM deadline")
        self.open[id_] = Date(id_, due, ladder, kind, who)

    def close(self, status: str) -> None:
        id_ = self.chance.choice(list(self.open))
        execute(self.world.db, f"UPDATE deadline SET status = '{status}' WHERE id = {id_}")
        del self.open[id_]

    def sweep(self, on: date, *, breaks_at: str = "") -> None:
        """Sweep; the database gives up at the message of the person in a role."""
        rows = {row for one in self.open.values() for row in one.rows(on, self.world)}
        self.allowed |= rows
        if breaks_at:
            execute(self.world.db, f"INSERT INTO broken VALUES ({self.world.person(breaks_at).id})")
        try:
            remind(self.world.db, on, datetime.combine(on, time(1), UTC), batch=3)
            self.due |= rows
        except IntegrityError:
            assert breaks_at
        execute(self.world.db, "DELETE FROM broken")

    def day(self, on: date) -> None:
        if self.open and self.chance.random() < 0.06:
            self.close(self.chance.choice(("met", "moved")))
        if self.chance.random() < 0.06:
            self.add((on - FIRST).days + self.chance.randrange(-20, 90), on)
        happens = self.chance.random()
        if happens < 0.25:
            return
        self.sweep(on, breaks_at=self.chance.choice(BREAKING) if happens < 0.45 else "")
        if happens > 0.85:
            self.sweep(on)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_of_sweeps_tells_every_rung_once(world: World, seed: int) -> None:
    year = Year(world, seed)
    for number in range(365):
        year.day(FIRST + timedelta(days=number))
    with world.db.cursor() as cur:
        ledger = cur.all(
            'SELECT r.deadline_id, r.rung, r.user_id, r.covered_by, r."on", d.title, d.due, r.message_id '
            "FROM reminder r JOIN deadline d ON d.id = r.deadline_id"
        )
        messages = cur.all("SELECT id, user_id, \"on\", lines FROM message WHERE kind = 'reminder'")
    rows = [(row[0], row[1], row[2]) for row in ledger]
    assert len(rows) == len(set(rows)) > 200
    assert year.due <= set(rows) <= year.allowed
    stands = Counter(
        (id_, user, line["title"], line["rung"])
        for id_, user, _, text in messages
        for line in orjson.loads(text)
    )
    told = Counter(
        (message_id, user, title, rung)
        for _, rung, user, covered, _, title, _, message_id in ledger
        if covered is None
    )
    assert stands == told
    assert any(covered is not None for *_, covered, _, _, _, _ in ledger)
    assert max(Counter((user, on) for _, user, on, _ in messages).values()) == 1
