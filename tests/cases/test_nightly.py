"""The night: steps apart from each other, each written down once, and what each of them finds."""

import threading
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import select

from cases.db import Database
from cases.messages import inbox
from cases.night_conflicts import check_conflicts
from cases.night_dates import check_again
from cases.night_holidays import check_holidays
from cases.night_indicators import count_indicators
from cases.night_trail import check_trail
from cases.night_use import bring_up_institution
from cases.nightly import Line, Step, StepReport, nights, run_night, run_step
from cases.nightly_steps import NAMES, STEPS
from cases.patent_dates import date_fees
from cases.reviews import list_reviews
from cases.tables import Message
from tests.cases.dump import dump, execute, unlock_trail
from tests.cases.test_conflicts import ready
from tests.modes.acting import act, day
from tests.modes.story import walk, walk_to
from tests.world import NOW, TODAY, World, settle

SIGNED: dict[str, Any] = {
    "signed_on": day(30),
    "licensor_signatory": "授权代表",
    "licensee_signatory": "冯立",
}


def clock() -> datetime:
    return NOW


def _works(db: Database, now: datetime, on: date) -> StepReport:
    return StepReport("做完了", "done", counts=(("n", 1),), lines=(Line("一处", "one", "/reviews", 7),))


def _fails(db: Database, now: datetime, on: date) -> StepReport:
    raise OSError("disk full")


WORKS, FAILS = Step("works", "甲", "A", _works), Step("fails", "乙", "B", _fails)


def test_step_that_fails_stops_no_other_and_says_why(any_world: World) -> None:
    results = run_night(any_world.db, (FAILS, WORKS), clock, TODAY)
    assert [(r.step, r.state, r.is_fine) for r in results] == [
        ("fails", "failed", False),
        ("works", "done", True),
    ]
    with any_world.db.read() as session:
        ((on, stored),) = nights(session)
    assert on == TODAY
    told = {result.step: result for result in stored}
    assert told["works"].report == results[1].report
    assert "OSError" in told["fails"].error
    assert "disk full" in told["fails"].detail


def test_night_that_runs_again_replaces_its_rows(any_world: World) -> None:
    run_night(any_world.db, (WORKS,), clock, TODAY)
    run_night(any_world.db, (WORKS,), clock, TODAY)
    with any_world.db.read() as session:
        assert [len(steps) for _, steps in nights(session)] == [1]


def test_two_processes_at_once_do_a_step_once(any_world: World) -> None:
    inside, go = threading.Event(), threading.Event()
    calls = count()

    def slow(db: Database, now: datetime, on: date) -> StepReport:
        next(calls)
        inside.set()
        go.wait(10)
        return StepReport("", "")

    step = Step("slow", "慢", "slow", slow)
    first = threading.Thread(target=run_step, args=(any_world.db, step, clock, TODAY))
    first.start()
    assert inside.wait(10)
    assert run_step(any_world.db, step, clock, TODAY).state == "running"
    go.set()
    first.join()
    assert next(calls) == 1


def test_step_of_a_process_that_is_gone_is_taken_over(any_world: World) -> None:
    run_step(any_world.db, WORKS, clock, TODAY)
    execute(
        any_world.db, "UPDATE nightly_step SET state = 'running', finished_at = NULL, host = 'elsewhere:1:1'"
    )
    assert run_step(any_world.db, WORKS, clock, TODAY).state == "running"
    late = NOW + timedelta(hours=7)
    assert run_step(any_world.db, WORKS, lambda: late, TODAY).state == "done"


def test_findings_of_others_are_not_shown(world: World) -> None:
    result = run_step(world.db, WORKS, clock, TODAY)
    assert (len(result.lines_for(7)), len(result.lines_for(8)), len(result.lines_for(None))) == (1, 0, 1)


def test_real_steps_find_nothing_in_a_sound_record_and_change_nothing(any_world: World) -> None:
    list(walk(any_world, any_world.case()))
    date_fees(any_world.db, any_world.org_id, NOW, TODAY)
    bring_up_institution(any_world.db, any_world.org_id, NOW, TODAY)
    count_indicators(any_world.db, NOW, TODAY)
    before = dump(any_world.db, "nightly_step")
    results = run_night(any_world.db, STEPS, clock, TODAY)
    assert {r.step: (r.state, r.is_fine, r.error) for r in results} == dict.fromkeys(
        NAMES, ("done", True, "")
    )
    assert dump(any_world.db, "nightly_step") == before


def test_broken_trail_is_named_and_told_once_to_those_who_watch(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "post_publicity")
    settle(any_world.db, "另一所大学", "other-")
    unlock_trail(any_world.db)
    execute(any_world.db, f"UPDATE trail SET body = body || ' ' WHERE case_id = {case_id} AND seq = 3")
    for night in range(2):
        report = check_trail(any_world.db, NOW, TODAY + timedelta(days=night))
    assert [(line.path, line.org_id) for line in report.lines] == [("/admin/audit", any_world.org_id)]
    assert report.lines[0].zh.startswith(f"案件记录{case_id}的留痕自第3条起断开：")
    with any_world.db.read() as session:
        told = session.exec(select(Message)).all()
    assert sorted(message.user_id for message in told) == sorted(
        any_world.person(role).id for role in ("administrator", "readonly")
    )


def test_trail_goes_on_next_night_where_the_time_was_up(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    ticks = count()
    first = run_step(
        world.db, Step("trail", "", "", lambda db, now, on: check_trail(db, now, on, seconds=0, ticks=lambda: next(ticks))),
        clock, TODAY,
    ).report  # fmt: skip
    assert first is not None
    assert (dict(first.counts)["left"], first.next) == (1, str(other.org_id))
    again = check_trail(world.db, NOW, TODAY + timedelta(days=1))
    assert (dict(again.counts)["left"], again.next) == (0, "")


@pytest.mark.parametrize(
    ("on", "missing"), [(date(2026, 10, 31), 0), (date(2026, 11, 1), 1), (date(2027, 2, 1), 1)]
)
def test_missing_days_off_are_told_from_november_on(any_world: World, on: date, missing: int) -> None:
    report = check_holidays(any_world.db, NOW, on)
    assert (dict(report.counts)["missing"], report.is_fine) == (missing, not missing)
    assert [line.zh[:5] for line in report.lines] == ["2027年"] * missing
    check_holidays(any_world.db, NOW, on)
    with any_world.db.read() as session:
        assert len(inbox(session, any_world.person("administrator"))) == missing


def test_days_off_that_were_added_are_told_with_what_they_move(world: World) -> None:
    step = next(step for step in STEPS if step.slug == "holidays")
    run_step(world.db, step, clock, TODAY)
    execute(world.db, """UPDATE nightly_step SET report = replace(report, ':2026', ':2025')""")
    report = check_holidays(world.db, NOW, TODAY + timedelta(days=1))
    assert [line.zh for line in report.lines] == ["2026年的放假安排已经录入，据此变动的期限有0项"]
    with world.db.read() as session:
        assert [m.subject for m in inbox(session, world.person("administrator"))] == ["2026年放假安排已录入"]


def test_signed_grants_that_collide_become_one_review_item(any_world: World) -> None:
    first = ready(any_world, "甲公司独占许可", territory="浙江省")
    second = ready(any_world, "乙公司独占许可", territory="江苏省")
    act(any_world, first, "sign", 30, **SIGNED)
    act(any_world, second, "sign", 30, **SIGNED)
    assert dict(check_conflicts(any_world.db, NOW, TODAY).counts) == {"pairs": 1, "conflicts": 0, "opened": 0}
    execute(
        any_world.db,
        f"UPDATE conversion_case SET terms_facts = replace(terms_facts, '江苏省', '浙江省') WHERE id = {second}",
    )
    counts = [
        dict(check_conflicts(any_world.db, NOW, TODAY + timedelta(days=n)).counts)["opened"] for n in range(2)
    ]
    assert counts == [1, 0]
    with any_world.db.read() as session:
        (item,) = list_reviews(session, any_world.org_id).rows
    assert (item.kind, item.subject, item.case_id) == ("conflict", f"conflict:{first}:{second}", second)
    assert "期内不得再作" in item.found["sentence"]


def test_two_cases_on_their_way_to_exclude_each_other_are_found(world: World) -> None:
    world.case(title="甲公司许可")
    world.case(title="乙公司许可")
    world.case(title="丙公司许可", mode="ordinary_license")
    counts = dict(check_conflicts(world.db, NOW, TODAY).counts)
    assert counts == {"pairs": 3, "conflicts": 3, "opened": 3}


def test_distribution_that_was_changed_is_found(any_world: World) -> None:
    case_id = any_world.case()
    list(walk(any_world, case_id))
    assert dict(check_again(any_world.db, NOW, TODAY).counts)["distributions"] == 1
    with any_world.db.cursor() as cur:
        (data,) = cur.one("SELECT data FROM conversion_case WHERE id = ?", case_id)
        wrong = data.replace('"net_fen":', '"net_fen":1')
        assert wrong != data
        cur.run("UPDATE conversion_case SET data = ? WHERE id = ?", wrong, case_id)
    assert dict(check_again(any_world.db, NOW, TODAY).counts)["differ"] == 1
    with any_world.db.read() as session:
        (item,) = list_reviews(session, any_world.org_id).rows
    assert (item.kind, item.case_id, item.found["title"]) == ("distribution", case_id, "收益分配（第1次）")
