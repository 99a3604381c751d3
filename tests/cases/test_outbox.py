"""The outbox hands work on in order, at least once, and gives up aloud."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from cases import outbox
from cases.db import Database
from cases.outbox import BACK_OFF, LEASE, MAX_ATTEMPTS, Work
from tests.modes.story import walk_to
from tests.world import NOW, World, settle

LATER = NOW + LEASE
# What a case has made by the time it asks for approval: publicity notice and procedure, statement of interest, form and others.
PAPERS = 6


def _put(world: World, *keys: str, org: int | None = None) -> None:
    with world.db.cursor() as cur:
        for key in keys:
            outbox.put(cur, org or world.org_id, "mail", key, {"message_id": 1}, NOW)


def _stored(db: Database) -> list[tuple[str, str, int, str]]:
    with db.cursor() as cur:
        return [tuple(row) for row in cur.all("SELECT key, status, attempts, error FROM outbox ORDER BY id")]


def _one(db: Database, late: timedelta = timedelta()) -> Work:
    (work,) = outbox.claim(db, NOW + late)
    return work


def test_claimed_row_carries_its_work(world: World) -> None:
    _put(world, "mail:1")
    assert outbox.claim(world.db, NOW) == (Work(1, world.org_id, None, "mail", {"message_id": 1}, 1),)
    assert outbox.claim(world.db, NOW) == ()


def test_same_key_is_put_once(world: World) -> None:
    _put(world, "mail:1", "mail:1")
    assert len(outbox.claim(world.db, NOW)) == 1


def test_rows_of_a_case_are_handed_on_one_by_one_in_order(any_world: World) -> None:
    first, second = any_world.case(title="甲案件"), any_world.case(title="乙案件")
    for case_id in (first, second):
        walk_to(any_world, case_id, "submit_approval")
    late = NOW + timedelta(days=60)
    handed: list[tuple[int | None, str]] = []
    while works := outbox.claim(any_world.db, late):
        assert len({work.case_id for work in works}) == len(works)
        handed.extend((work.case_id, work.topic) for work in works)
        for work in works:
            outbox.finish(any_world.db, work, late)
    for case_id in (first, second):
        assert [topic for of, topic in handed if of == case_id] == [*["render"] * PAPERS, "notify_approvers"]


def test_rows_without_a_case_wait_for_nobody(world: World) -> None:
    _put(world, "mail:1", "mail:2", "mail:3")
    assert [work.id for work in outbox.claim(world.db, NOW, 2)] == [2, 3]
    assert [work.id for work in outbox.claim(world.db, NOW, 2)] == [1]


def test_what_was_asked_for_last_does_not_wait_behind_bulk_work(any_world: World) -> None:
    bulk = [any_world.case(title=f"案件{number}") for number in range(3)]
    for case_id in (*bulk, asked := any_world.case(title="刚刚办理的案件")):
        walk_to(any_world, case_id, "submit_approval")
    (work,) = outbox.claim(any_world.db, NOW + timedelta(days=60), 1)
    assert work.case_id == asked


def test_limit_holds(any_world: World) -> None:
    _put(any_world, *[f"mail:{number}" for number in range(50)])
    assert [len(outbox.claim(any_world.db, NOW, 7)) for _ in range(8)] == [7, 7, 7, 7, 7, 7, 7, 1]


def test_lease_of_a_dead_worker_runs_out(any_world: World) -> None:
    _put(any_world, "mail:1")
    assert _one(any_world.db).attempts == 1
    assert outbox.claim(any_world.db, LATER - timedelta(seconds=1)) == ()
    assert _one(any_world.db, LEASE).attempts == 2


def test_living_worker_holds_its_rows(world: World) -> None:
    _put(world, "mail:1")
    work = _one(world.db)
    outbox.extend(world.db, [work], NOW + LEASE / 2)
    assert outbox.claim(world.db, LATER) == ()
    assert _one(world.db, 1.5 * LEASE).id == work.id


def test_released_row_comes_back_without_counting_the_try(world: World) -> None:
    _put(world, "mail:1")
    outbox.release(world.db, _one(world.db), NOW)
    assert _one(world.db).attempts == 1


def test_failed_row_pauses_longer_each_time_and_dies_after_the_last_try(any_world: World) -> None:
    _put(any_world, "mail:1")
    moment = NOW
    pauses = []
    for _ in range(MAX_ATTEMPTS - 1):
        (work,) = outbox.claim(any_world.db, moment)
        outbox.fail(any_world.db, work, "邮件服务器无应答", moment)
        pause = BACK_OFF * 4 ** (work.attempts - 1)
        assert outbox.claim(any_world.db, moment + pause - timedelta(seconds=1)) == ()
        moment += pause
        pauses.append(pause)
    assert [int(pause.total_seconds()) for pause in pauses] == [5, 20, 80, 320, 1280]
    (work,) = outbox.claim(any_world.db, moment)
    outbox.fail(any_world.db, work, "邮件服务器无应答", moment)
    assert _stored(any_world.db) == [("mail:1", "dead", MAX_ATTEMPTS, "邮件服务器无应答")]
    assert outbox.claim(any_world.db, moment + timedelta(days=30)) == ()


def test_row_whose_workers_all_died_is_given_up_too(any_world: World) -> None:
    """A row that brings its worker down is not tried for ever."""
    _put(any_world, "mail:1")
    for number in range(MAX_ATTEMPTS):
        assert _one(any_world.db, number * LEASE).attempts == number + 1
    assert outbox.claim(any_world.db, NOW + MAX_ATTEMPTS * LEASE) == ()
    assert _stored(any_world.db) == [("mail:1", "dead", MAX_ATTEMPTS, "处理程序多次中断，未能完成")]


def test_dead_row_holds_nothing_up_and_can_be_revived(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "submit_approval")
    late = NOW + timedelta(days=60)
    for _ in range(MAX_ATTEMPTS):
        (work,) = outbox.claim(any_world.db, late)
        outbox.fail(any_world.db, work, "字体缺字", late)
        late += timedelta(days=1)
    (following,) = outbox.claim(any_world.db, late)
    assert following.id == work.id + 1
    outbox.finish(any_world.db, following, late)
    outbox.revive(any_world.db, any_world.org_id, work.id, late)
    (again, *_) = outbox.claim(any_world.db, late)
    assert (again.id, again.attempts) == (work.id, 1)


def test_only_its_own_organization_revives_a_row(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    _put(world, "mail:1")
    for _ in range(MAX_ATTEMPTS):
        outbox.fail(world.db, _one(world.db, timedelta(days=_)), "x", NOW)
    outbox.revive(world.db, other.org_id, 1, NOW)
    assert _stored(world.db)[0][1] == "dead"


@pytest.mark.parametrize("verb", ["fail", "finish", "release", "extend"])
def test_worker_that_lost_its_lease_changes_nothing(any_world: World, verb: str) -> None:
    """Somebody else has the row by now, or has finished it."""
    _put(any_world, "mail:1")
    slow = _one(any_world.db)
    quick = _one(any_world.db, LEASE)
    late = LATER + timedelta(seconds=1)

    def come_late() -> None:
        if verb == "fail":
            outbox.fail(any_world.db, slow, "太慢", late)
        elif verb == "finish":
            outbox.finish(any_world.db, slow, late)
        elif verb == "release":
            outbox.release(any_world.db, slow, late)
        else:
            outbox.extend(any_world.db, [slow], late + timedelta(days=1))

    come_late()
    assert _stored(any_world.db) == [("mail:1", "running", 2, "")]
    assert [work.id for work in outbox.claim(any_world.db, LATER + LEASE)] == [quick.id]
    outbox.finish(any_world.db, _stored_work(quick, 3), late)
    come_late()
    assert _stored(any_world.db) == [("mail:1", "done", 3, "")]


def _stored_work(work: Work, attempts: int) -> Work:
    return Work(work.id, work.org_id, work.case_id, work.topic, work.payload, attempts)


def test_concurrent_claimers_never_share_a_row(any_world: World) -> None:
    _put(any_world, *[f"mail:{number}" for number in range(60)])
    for number in range(3):
        walk_to(any_world, any_world.case(title=f"案件{number}"), "submit_approval")
    start = Barrier(4)
    late = NOW + timedelta(days=60)

    def work(_: int) -> list[int]:
        start.wait()
        mine: list[int] = []
        while works := outbox.claim(any_world.db, late, 5):
            mine.extend(one.id for one in works)
            for one in works:
                outbox.finish(any_world.db, one, late)
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [id_ for mine in pool.map(work, range(4)) for id_ in mine]
    assert len(taken) == len(set(taken))
    left = [row for row in _stored(any_world.db) if row[1] != "done"]
    assert {row[2] for row in _stored(any_world.db) if row[1] == "done"} == {1}
    for one in outbox.claim(any_world.db, late):
        outbox.finish(any_world.db, one, late)
    assert len(taken) + len(left) == 60 + 3 * (PAPERS + 1)


def test_backlog_counts_by_status_and_organization(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    _put(other, "mail:3")
    _put(world, "mail:1", "mail:2")
    outbox.finish(world.db, outbox.claim(world.db, NOW, 1)[0], NOW)
    with world.db.read() as session:
        assert outbox.backlog(session) == {"pending": 2, "done": 1}
        assert outbox.backlog(session, world.org_id) == {"pending": 1, "done": 1}
        assert outbox.backlog(session, other.org_id) == {"pending": 1}


def test_case_shows_its_own_work_only(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    with world.db.read() as session:
        shown = outbox.of_case(session, world.org_id, case_id)
        assert [(row.topic, row.status) for row in shown] == [
            ("notify_approvers", "pending"),
            *[("render", "pending")] * PAPERS,
        ]
        assert outbox.of_case(session, other.org_id, case_id) == ()
