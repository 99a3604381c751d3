"""The ledger of flow runs tells what is going on, what came of it, and what died on the way."""

from datetime import timedelta

import pytest

from cases.processes import this_process
from cases.runs import (
    ALIVE,
    KEPT,
    LOST,
    About,
    RunLine,
    begin_run,
    end_run,
    keep_alive,
    lose_silent,
    progress,
    prune_runs,
    runs,
    runs_of_case,
    runs_of_organization,
)
from tests.cases.dump import execute
from tests.world import NOW, World, settle

SOON = NOW + timedelta(seconds=1)
SILENT = NOW + ALIVE


def _all(world: World, at: timedelta = timedelta()) -> tuple[RunLine, ...]:
    with world.db.read() as session:
        return runs(session, NOW + at)


def _only(world: World, at: timedelta = timedelta()) -> RunLine:
    (found,) = _all(world, at)
    return found


def test_run_is_told_from_its_beginning_to_its_end(any_world: World) -> None:
    case_id = any_world.case()
    about = About("文书生成", "审批表", any_world.org_id, case_id, outbox_id=7, total=4)
    begin_run(any_world.db, "r1", about, NOW)
    begun = _only(any_world)
    assert (begun.flow, begun.subject, begun.case_no, begun.outbox_id) == (
        "文书生成",
        "审批表",
        "ZH2026-00001",
        7,
    )
    assert (begun.state, begun.done, begun.total, begun.percent) == ("running", 0, 4, 0)
    progress(any_world.db, "r1", 3, SOON)
    assert (_only(any_world).done, _only(any_world).percent) == (3, 75)
    end_run(any_world.db, "r1", SOON, result="4页")
    ended = _only(any_world)
    assert (ended.state, ended.done, ended.result, ended.finished_at) == ("done", 4, "4页", SOON)


def test_total_becomes_known_on_the_way(any_world: World) -> None:
    begin_run(any_world.db, "r1", About("出件（批量）"), NOW)
    assert _only(any_world).percent is None
    progress(any_world.db, "r1", 30, SOON, total=120)
    progress(any_world.db, "r1", 60, SOON)
    assert (_only(any_world).total, _only(any_world).percent) == (120, 50)


def test_failed_run_keeps_its_reason_and_the_raw_text_apart(any_world: World) -> None:
    begin_run(any_world.db, "r1", About("邮件发送"), NOW)
    end_run(any_world.db, "r1", SOON, error="邮件服务器无应答", detail="TimeoutError: 30 s")
    found = _only(any_world)
    assert (found.state, found.error, found.detail) == ("failed", "邮件服务器无应答", "TimeoutError: 30 s")
    end_run(any_world.db, "r1", SILENT, result="晚到的结果")
    assert _only(any_world) == found


def test_run_begun_again_goes_on_as_another_try(any_world: World) -> None:
    begin_run(any_world.db, "r1", About("邮件发送"), NOW)
    end_run(any_world.db, "r1", SOON, error="邮件服务器无应答")
    begin_run(any_world.db, "r1", About("邮件发送"), SOON)
    assert (_only(any_world).state, _only(any_world).attempts, _only(any_world).error) == ("running", 2, "")


def test_silent_run_is_lost_and_never_running_for_ever(any_world: World) -> None:
    begin_run(any_world.db, "r1", About("文书生成"), NOW)
    assert _only(any_world, ALIVE - timedelta(seconds=1)).state == "running"
    assert (_only(any_world, ALIVE).state, _only(any_world, ALIVE).error) == ("lost", LOST)
    keep_alive(any_world.db, ["r1"], SOON)
    assert _only(any_world, ALIVE).state == "running"
    assert lose_silent(any_world.db, SILENT) == ()
    assert lose_silent(any_world.db, SILENT + ALIVE) == ("r1",)
    assert (_only(any_world).state, _only(any_world).error) == ("lost", LOST)


def test_run_of_a_dead_process_is_lost_at_once(any_world: World) -> None:
    here = this_process().partition(":")[0]
    begin_run(any_world.db, "mine", About("文书生成"), NOW)
    begin_run(any_world.db, "dead", About("文书生成"), NOW)
    begin_run(any_world.db, "elsewhere", About("文书生成"), NOW)
    execute(
        any_world.db,
        f"UPDATE flow_run SET host = '{here}:1:never' WHERE id = 'dead'",
        "UPDATE flow_run SET host = 'other-machine:1:never' WHERE id = 'elsewhere'",
    )
    shown = {run.id: run.state for run in _all(any_world)}
    assert shown == {"mine": "running", "dead": "lost", "elsewhere": "running"}
    assert lose_silent(any_world.db, NOW) == ("dead",)


def test_lost_run_that_lives_after_all_is_believed(any_world: World) -> None:
    """A machine that was asleep for a while goes on where it was."""
    begin_run(any_world.db, "r1", About("出件（批量）", total=10), NOW)
    lose_silent(any_world.db, SILENT)
    progress(any_world.db, "r1", 5, SILENT)
    assert (_only(any_world, ALIVE).state, _only(any_world, ALIVE).error) == ("running", "")
    lose_silent(any_world.db, SILENT + ALIVE)
    end_run(any_world.db, "r1", SILENT + ALIVE, result="完成")
    assert _only(any_world).state == "done"


def test_readers_answer_for_a_case_an_organization_and_all(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    case_id = any_world.case()
    abouts = {
        "a": About("文书生成", org_id=any_world.org_id, case_id=case_id),
        "b": About("邮件发送", org_id=any_world.org_id),
        "c": About("邮件发送", org_id=other.org_id),
        "d": About("期限提醒"),
    }
    for number, (run_id, about) in enumerate(abouts.items()):
        begin_run(any_world.db, run_id, about, NOW + timedelta(seconds=number))
    end_run(any_world.db, "b", SOON, error="退信")
    with any_world.db.read() as session:
        of_case = runs_of_case(session, any_world.org_id, case_id, NOW)
        of_org = runs_of_organization(session, any_world.org_id, NOW)
        assert [run.id for run in of_case] == ["a"]
        assert [run.id for run in of_org] == ["b", "a"]
        assert runs_of_case(session, other.org_id, case_id, NOW) == ()
        assert [run.id for run in runs(session, NOW)] == ["d", "c", "b", "a"]
        assert [run.id for run in runs(session, NOW, limit=2, offset=1)] == ["c", "b"]
        assert [run.organization for run in runs(session, NOW)][:2] == ["", "另一所大学"]
        assert [run.id for run in runs(session, NOW, flow="邮件发送")] == ["c", "b"]
        assert [run.id for run in runs(session, NOW, state="failed")] == ["b"]
        assert [run.id for run in runs(session, NOW, state="running")] == ["d", "c", "a"]
        assert [run.id for run in runs(session, SILENT + ALIVE, state="lost")] == ["d", "c", "a"]


@pytest.mark.parametrize("most", [1, 2, 100])
def test_old_finished_runs_are_forgotten_a_bounded_number_at_a_time(any_world: World, most: int) -> None:
    for number, (error, end) in enumerate([("", True), ("", True), ("坏了", True), ("", False)]):
        begin_run(any_world.db, f"r{number}", About("邮件发送"), NOW)
        if end:
            end_run(any_world.db, f"r{number}", NOW, error=error)
    assert prune_runs(any_world.db, NOW + KEPT) == 0
    assert prune_runs(any_world.db, NOW + KEPT + timedelta(days=1), most=most) == min(most, 2)
    assert len(_all(any_world)) == 4 - min(most, 2)
    assert {run.id for run in _all(any_world)} >= {"r2", "r3"}
