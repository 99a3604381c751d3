"""What was done long ago is forgotten, a bounded number at a time; what nobody has looked at stays."""

from datetime import timedelta

import pytest

from cases.backlog import backlog_by_topic
from cases.db import Database
from cases.outbox import Failure, claim, fail, finish, put
from cases.pruning import KEPT, Pruned, clear_away, prune
from tests.world import NOW, TODAY, World, settle

LATER = NOW + KEPT + timedelta(days=1)


def _put(world: World, *keys: str) -> None:
    with world.db.cursor() as cur:
        for key in keys:
            put(cur, world.org_id, "mail", key, {"message_id": 1}, NOW)


def _keys(db: Database) -> list[str]:
    with db.cursor() as cur:
        return [str(row[0]) for row in cur.all("SELECT key FROM outbox ORDER BY id")]


@pytest.mark.parametrize(("most", "left"), [(2, 4), (100, 3)])
def test_done_jobs_go_and_dead_and_waiting_ones_stay(any_world: World, most: int, left: int) -> None:
    _put(any_world, "a", "b", "c", "dead", "waiting", "newest")
    rows = {work.id: work for work in claim(any_world.db, NOW)}
    for number in (1, 2, 3, 6):
        finish(any_world.db, rows[number], NOW)
    fail(any_world.db, rows[4], Failure("退信", final=True), NOW)
    assert prune(any_world.db, NOW + KEPT) == Pruned(0, 0)
    assert prune(any_world.db, LATER, most=most).jobs == min(most, 3)
    assert len(_keys(any_world.db)) == left
    assert _keys(any_world.db)[-3:] == ["dead", "waiting", "newest"]


def test_number_of_a_forgotten_job_is_not_given_again(any_world: World) -> None:
    _put(any_world, "a", "b")
    for work in claim(any_world.db, NOW):
        finish(any_world.db, work, NOW)
    assert clear_away(any_world.db, LATER, TODAY).counts == (("jobs", 1), ("runs", 0))
    _put(any_world, "c")
    assert [work.id for work in claim(any_world.db, NOW)] == [3]


def test_backlog_tells_age_and_rate_of_each_kind(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    _put(any_world, "a", "b", "c")
    first, second, _ = claim(any_world.db, NOW)
    finish(any_world.db, first, NOW)
    fail(any_world.db, second, Failure("退信", final=True), NOW)
    soon = NOW + timedelta(seconds=30)
    with any_world.db.read() as session:
        (line,) = backlog_by_topic(session, soon)
        assert (line.topic, line.pending, line.running, line.dead, line.per_minute) == ("mail", 0, 1, 1, 1)
        assert (line.oldest, line.age(soon)) == (NOW, timedelta(seconds=30))
        assert backlog_by_topic(session, soon, other.org_id) == ()
        (later,) = backlog_by_topic(session, NOW + timedelta(minutes=5), any_world.org_id)
        assert later.per_minute == 0
