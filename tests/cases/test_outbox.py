"""The outbox hands work on in order, at least once, and gives up aloud."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from cases import outbox
from cases.backlog import backlog, of_case
from cases.db import Database
from cases.outbox import BACK_OFF, JITTER, LEASE, LONGEST_PAUSE, MAX_ATTEMPTS, PATIENT_ATTEMPTS, Failure, Work
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
    assert [work.id for work in outbox.claim(world.db, NOW, 2)] == [1, 3]
    assert [work.id for work in outbox.claim(world.db, NOW, 2)] == [2]


def test_what_was_asked_for_last_does_not_wait_behind_bulk_work(any_world: World) -> None:
    bulk = [any_world.case(title=f"案件{number}") for number in range(3)]
    for case_id in (*bulk, asked := any_world.case(title="刚刚办理的案件")):
        walk_to(any_world, case_id, "submit_approval")
    works = outbox.claim(any_world.db, NOW + timedelta(days=60), 2)
    assert {work.case_id for work in works} == {bulk[0], asked}


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
        assert outbox.pause_after(work) <= pause * (1 + JITTER)
        assert outbox.claim(any_world.db, moment + pause - timedelta(seconds=1)) == ()
        pause = outbox.pause_after(work)
        moment += pause
        pauses.append(pause)
    shortest = [timedelta(seconds=seconds) for seconds in (5, 20, 80, 320, 1280)]
    assert all(least <= pause for least, pause in zip(shortest, pauses, strict=True))
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


def test_backlog_counts_by_status_and_organization(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    _put(other, "mail:3")
    _put(any_world, "mail:1", "mail:2", "mail:4")
    first, second, *_ = outbox.claim(any_world.db, NOW, 4)
    outbox.finish(any_world.db, first, NOW)
    outbox.fail(any_world.db, second, Failure("没有这封信", final=True), NOW)
    with any_world.db.read() as session:
        assert backlog(session) == {"running": 2, "dead": 1}
        assert backlog(session, other.org_id) == {}
        assert backlog(session, any_world.org_id) == {"running": 2, "dead": 1}


def test_case_shows_its_own_work_only(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    with world.db.read() as session:
        shown = of_case(session, world.org_id, case_id)
        assert [(row.topic, row.status) for row in shown] == [
            ("notify_approvers", "pending"),
            *[("render", "pending")] * PAPERS,
        ]
        assert of_case(session, other.org_id, case_id) == ()


def test_no_organization_waits_behind_another_that_floods(any_world: World) -> None:
    others = [settle(any_world.db, f"第{number}所大学", f"o{number}-") for number in range(3)]
    _put(any_world, *[f"mail:{number}" for number in range(200)])
    for number, other in enumerate(others):
        _put(other, f"other:{number}")
    taken = outbox.claim(any_world.db, NOW, 8)
    assert {work.org_id for work in taken} == {any_world.org_id, *(other.org_id for other in others)}


def test_old_rows_are_taken_while_new_ones_keep_coming(any_world: World) -> None:
    _put(any_world, "old:1", "old:2")
    old = {1, 2}
    for number in range(10):
        _put(any_world, *[f"new:{number}:{each}" for each in range(4)])
        for work in outbox.claim(any_world.db, NOW, 2):
            old.discard(work.id)
            outbox.finish(any_world.db, work, NOW)
    assert old == set()


def test_rows_of_a_newer_release_are_left_to_its_workers(any_world: World) -> None:
    with any_world.db.cursor() as cur:
        outbox.put(cur, any_world.org_id, "fax", "fax:1", {"fax_id": 1}, NOW)
    _put(any_world, "mail:1")
    assert [work.topic for work in outbox.claim(any_world.db, NOW, topics=("mail", "render"))] == ["mail"]
    assert _stored(any_world.db)[0] == ("fax:1", "pending", 0, "")


def test_failure_that_no_try_can_help_is_dead_at_once(any_world: World) -> None:
    _put(any_world, "mail:1")
    outbox.fail(any_world.db, _one(any_world.db), Failure("没有找到要处理的消息（编号1）", final=True), NOW)
    assert _stored(any_world.db) == [("mail:1", "dead", 1, "没有找到要处理的消息（编号1）")]


def test_what_others_must_mend_is_tried_for_most_of_a_day(any_world: World) -> None:
    _put(any_world, "mail:1")
    moment = NOW
    while works := outbox.claim(any_world.db, moment):
        outbox.fail(any_world.db, works[0], Failure("邮件服务器无应答", outer=True), moment)
        assert outbox.pause_after(works[0]) <= LONGEST_PAUSE * (1 + JITTER)
        moment += outbox.pause_after(works[0])
    assert _stored(any_world.db) == [("mail:1", "dead", PATIENT_ATTEMPTS, "邮件服务器无应答")]
    assert timedelta(hours=18) < moment - NOW < timedelta(hours=26)


def test_rows_that_failed_together_do_not_come_back_together(any_world: World) -> None:
    _put(any_world, *[f"mail:{number}" for number in range(20)])
    works = outbox.claim(any_world.db, NOW)
    assert len({outbox.pause_after(work) for work in works}) > 10


def test_revived_twice_is_revived_once(any_world: World) -> None:
    _put(any_world, "mail:1")
    outbox.fail(any_world.db, _one(any_world.db), Failure("坏了", final=True), NOW)
    assert [outbox.revive(any_world.db, any_world.org_id, 1, NOW) for _ in range(2)] == [True, False]
    assert _one(any_world.db).attempts == 1
    assert not outbox.revive(any_world.db, any_world.org_id, 1, NOW)


def test_revived_row_waits_for_the_one_of_its_case_that_is_worked_on(any_world: World) -> None:
    walk_to(any_world, any_world.case(), "submit_approval")
    late = NOW + timedelta(days=60)
    (first,) = outbox.claim(any_world.db, late)
    outbox.fail(any_world.db, first, Failure("字体缺字", final=True), late)
    (second,) = outbox.claim(any_world.db, late)
    outbox.revive(any_world.db, any_world.org_id, first.id, late)
    assert outbox.claim(any_world.db, late) == ()
    outbox.finish(any_world.db, second, late)
    assert [work.id for work in outbox.claim(any_world.db, late)] == [first.id]


def test_crowd_is_seen_from_its_size_on(any_world: World) -> None:
    _put(any_world, *[f"mail:{number}" for number in range(5)])
    assert [outbox.crowded(any_world.db, "mail", least, NOW) for least in (5, 6)] == [True, False]
    assert not outbox.crowded(any_world.db, "render", 1, NOW)
    assert outbox.anything_due(any_world.db, NOW)
    outbox.claim(any_world.db, NOW)
    assert not outbox.anything_due(any_world.db, NOW)


@pytest.mark.postgres
def test_two_workers_share_a_batch_without_waiting_for_each_other(postgres: Database) -> None:
    """The second skips what the first has locked and not committed yet, also the rows of its cases."""
    world = settle(postgres)
    _put(world, *[f"mail:{number}" for number in range(6)])
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    late = NOW + timedelta(days=60)
    with postgres.cursor() as cur:
        held = cur.all("SELECT id FROM outbox WHERE id IN (1, 3, 7) FOR UPDATE")
        taken = outbox.claim(postgres, late, 20)
    assert len(held) == 3
    assert [work.id for work in taken] == [2, 4, 5, 6]
