"""How a house reminds: its ladders, escalation, days of rest, outages, one message a day, and who stands in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.messages import MessageView, inbox, mark_read
from cases.outbox import claim, finish
from cases.people import set_active
from cases.reminders import RemindReport, preview, remind
from cases.schema import TABLES
from cases.subscriptions import choose
from cases.tables import Organization, User
from rules.packs import FOLDER
from tests.cases.dump import execute
from tests.modes.acting import act
from tests.modes.story import walk_to
from tests.world import NOW, World

HOUSE = (FOLDER / "house.toml").read_text(encoding="utf-8")
FILING_DUE = date(2026, 7, 1)  # a Wednesday
Own = Callable[[World, str], None]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Own:
    """Let the institution work under a house pack with other words about reminders."""
    (tmp_path / "packs").mkdir()
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))

    def use(world: World, words: str) -> None:
        name = f"own-{tmp_path.name}"  # an edit is followed by the process that read the pack before
        start, end = HOUSE.index("[house.reminding]"), HOUSE.index("# 每项手续之前")
        (tmp_path / "packs" / f"{name}.toml").write_text(
            HOUSE[:start] + words + "\n\n" + HOUSE[end:], encoding="utf-8"
        )
        with world.db.write() as session:
            row = session.get(Organization, world.org_id)
            assert row is not None
            row.rule_layers = f"national,{name}"

    return use


def only(world: World, key: str, kind: str = "") -> int:
    """A case whose one open deadline is the named one."""
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    execute(world.db, f"UPDATE deadline SET status = 'dropped' WHERE key <> '{key}'")
    if kind:
        execute(world.db, f"UPDATE deadline SET kind = '{kind}' WHERE key = '{key}'")
    return case_id


def sweep(world: World, on: date, *, mail: bool = False, hour: int = 1) -> RemindReport:
    return remind(world.db, on, datetime.combine(on, time(hour, tzinfo=UTC)), mail=mail)


def messages(world: World, role: str = "officer") -> list[MessageView]:
    """What a person got, the oldest first."""
    with world.db.read() as session:
        return list(inbox(session, world.person(role)))[::-1]


def told(world: World, role: str = "officer") -> list[tuple[str, int]]:
    return [(m.on.isoformat()[5:], line["rung"]) for m in messages(world, role) for line in m.lines]


def every_day(world: World, first: date, last: date) -> None:
    for number in range((last - first).days + 1):
        sweep(world, first + timedelta(days=number))


def ledger(world: World) -> list[Any]:
    with world.db.cursor() as cur:
        return cur.all("SELECT rung, covered_by FROM reminder ORDER BY rung DESC, user_id")


def test_house_gives_a_rule_a_ladder_of_its_own(world: World, own: Own) -> None:
    own(world, "[house.reminders]\nT-01 = { before = [20, 2], after = [3] }")
    only(world, "license_filing")
    every_day(world, date(2026, 6, 1), FILING_DUE + timedelta(days=31))
    assert told(world) == [("06-11", 20), ("06-29", 2), ("07-04", -3)]


def test_house_gives_a_kind_a_ladder_and_a_rule_comes_first(world: World, own: Own) -> None:
    own(
        world,
        "[house.reminders]\nstatutory = { before = [9] }\nT-01 = { before = [5], after = [2] }",
    )
    walk_to(world, world.case(), "take_effect")
    with world.db.cursor() as cur:
        found = cur.all(
            "SELECT rule_id, rungs, overdue_rungs FROM deadline WHERE kind = 'statutory' AND status = 'open'"
        )
    ladders = {rule_id: (before, after) for rule_id, before, after in found}
    assert ladders.pop("T-01") == ("5", "2")
    assert set(ladders.values()) == {("9", "")}


def test_edited_ladder_changes_only_reminders_to_come(any_world: World, own: Own) -> None:
    own(any_world, "[house.reminding]")
    only(any_world, "license_filing")
    every_day(any_world, date(2026, 5, 2), date(2026, 5, 20))
    own(any_world, "[house.reminders]\nT-01 = { before = [50, 20, 3], after = [2] }")
    every_day(any_world, date(2026, 5, 21), FILING_DUE + timedelta(days=8))
    # 50 days before had gone by when the ladder was edited, and is not made up for
    assert told(any_world) == [("05-02", 60), ("06-11", 20), ("06-28", 3), ("07-03", -2)]


def test_escalation_names_from_when_and_to_whom(world: World, own: Own) -> None:
    own(
        world,
        '[house.reminding]\nescalation = [{ overdue = 1, to = "approver" }, { overdue = 30, to = "administrator" }]',
    )
    only(world, "license_filing")
    every_day(world, FILING_DUE, FILING_DUE + timedelta(days=31))
    assert told(world, "approver") == [("07-02", -1), ("07-08", -7), ("07-31", -30)]
    assert told(world, "administrator") == [("07-31", -30)]


def test_without_escalation_nobody_else_is_told(world: World, own: Own) -> None:
    own(world, "[house.reminding]\nescalation = []")
    only(world, "license_filing")
    every_day(world, FILING_DUE, FILING_DUE + timedelta(days=31))
    assert (told(world, "approver"), len(told(world))) == ([], 4)


def test_overdue_deadline_is_told_again_and_again_if_the_house_says_so(any_world: World, own: Own) -> None:
    own(any_world, "[house.reminding]\nrepeat_every = 10")
    only(any_world, "license_filing")
    every_day(any_world, FILING_DUE + timedelta(days=7), FILING_DUE + timedelta(days=51))
    assert told(any_world) == [("07-08", -7), ("07-31", -30), ("08-10", -40), ("08-20", -50)]
    assert told(any_world, "approver") == told(any_world)


def test_on_days_of_rest_only_statutory_dates_are_told(any_world: World) -> None:
    """5 and 6 April 2026 are a holiday; the first working day after it is the 7th."""
    only(any_world, "license_filing", "contract")
    execute(
        any_world.db, "UPDATE deadline SET due = '2026-05-05', next_on = '2026-04-05' WHERE status = 'open'"
    )
    for day in (4, 5, 6, 7, 8):
        sweep(any_world, date(2026, 4, day))
    assert told(any_world) == [("04-07", 30)]
    execute(
        any_world.db, "UPDATE deadline SET kind = 'statutory', due = '2026-04-18', next_on = '2026-04-11'"
    )
    sweep(any_world, date(2026, 4, 11))
    assert told(any_world) == [("04-07", 30), ("04-11", 7)]


def test_house_can_speak_on_days_of_rest(world: World, own: Own) -> None:
    own(world, "[house.reminding]\nquiet = false")
    only(world, "license_filing", "contract")
    execute(world.db, "UPDATE deadline SET due = '2026-05-05', next_on = '2026-04-05' WHERE status = 'open'")
    sweep(world, date(2026, 4, 5))
    assert told(world) == [("04-05", 30)]


def test_rung_of_a_quiet_day_that_a_tighter_one_overtakes_is_covered(world: World) -> None:
    """The rungs 1 and 0 fall on the holiday; on the working day after it the date is overdue."""
    only(world, "license_filing", "contract")
    execute(world.db, "UPDATE deadline SET due = '2026-04-06', next_on = '2026-04-05' WHERE status = 'open'")
    execute(world.db, "UPDATE deadline SET rungs = '1,0'")
    for day in (5, 6, 7):
        sweep(world, date(2026, 4, day))
    assert (told(world), ledger(world)) == ([("04-07", -1)], [(1, -1), (0, -1), (-1, None)])


def test_outage_is_named_and_every_rung_passed_is_accounted_for(any_world: World) -> None:
    only(any_world, "license_filing")
    sweep(any_world, date(2026, 5, 2))
    report = sweep(any_world, date(2026, 6, 29))
    assert (report.reminders, report.covered, report.missed) == (1, 1, 57)
    last = messages(any_world)[-1]
    assert last.subject == "期限提醒：1项（系统停用57天，含停用期间应发的提醒）"
    assert ledger(any_world) == [(60, None), (30, 7), (7, None)]
    assert sweep(any_world, date(2026, 6, 30)).missed == 0
    assert messages(any_world)[-1].subject == "期限提醒：1项"


def test_outage_without_anything_missed_is_not_named(world: World) -> None:
    only(world, "license_filing")
    sweep(world, date(2026, 5, 2))
    sweep(world, date(2026, 6, 1) - timedelta(days=3))
    sweep(world, date(2026, 6, 1))
    assert messages(world)[-1].subject == "期限提醒：1项"


def test_later_sweep_of_the_day_adds_to_a_message_that_has_not_gone_out(any_world: World) -> None:
    only(any_world, "license_filing")
    sweep(any_world, date(2026, 6, 1), mail=True)
    mark_read(any_world.db, any_world.person("officer"))
    _second_deadline(any_world, date(2026, 6, 8))
    report = sweep(any_world, date(2026, 6, 1), mail=True, hour=6)
    (message,) = messages(any_world)
    assert (report.reminders, report.messages, message.subject) == (1, 0, "期限提醒：2项")
    assert ([line["rung"] for line in message.lines], message.unread) == ([30, 7], True)
    with any_world.db.cursor() as cur:
        assert cur.one("SELECT COUNT(*) FROM outbox WHERE topic = 'mail'")[0] == 1


@pytest.mark.parametrize(
    ("left", "when"),
    [(7, [("06-01", 30), ("06-02", 7)]), (1, [("06-01", 30), ("06-01", 1), ("06-02", 0)])],
)
def test_line_found_after_the_letter_waits_for_tomorrow_unless_it_presses(
    any_world: World, left: int, when: list[tuple[str, int]]
) -> None:
    only(any_world, "license_filing")
    sweep(any_world, date(2026, 6, 1), mail=True)
    moment = datetime(2026, 6, 1, 2, tzinfo=UTC)
    for work in claim(any_world.db, moment):
        finish(any_world.db, work, moment)
    _second_deadline(any_world, date(2026, 6, 1) + timedelta(days=left))
    first = sweep(any_world, date(2026, 6, 1), mail=True, hour=6)
    sweep(any_world, date(2026, 6, 2), mail=True)
    assert first.waiting == (0 if left == 1 else 1)
    assert told(any_world) == when
    assert len(messages(any_world)) == len(when)


def _second_deadline(world: World, due: date) -> None:
    with world.db.cursor() as cur:
        columns = [name for name in _columns(world) if name not in ("id", "key", "due", "next_on")]
        names = ", ".join(f'"{name}"' for name in columns)
        cur.run(
            f"INSERT INTO deadline ({names}, key, due, next_on) SELECT {names}, 'second', ?, ? FROM deadline "
            "WHERE status = 'open'",
            cur.day(due), cur.day(date(2026, 5, 1)),
        )  # fmt: skip


def _columns(world: World) -> list[str]:
    return list(TABLES.tables["deadline"].columns.keys())


def test_mail_of_a_statutory_date_of_ones_own_cannot_be_switched_off(any_world: World) -> None:
    only(any_world, "license_filing")
    for role in ("officer", "approver"):
        choose(any_world.db, any_world.person(role), {"reminder": "off"}, NOW)
    sweep(any_world, FILING_DUE + timedelta(days=7), mail=True)
    with any_world.db.cursor() as cur:
        rows = cur.all("SELECT user_id, status FROM delivery WHERE channel = 'mail' ORDER BY user_id")
    wanted = [(any_world.person("officer").id, "queued"), (any_world.person("approver").id, "skipped")]
    assert [tuple(row) for row in rows] == wanted


def test_new_officer_is_told_at_the_next_sweep(any_world: World) -> None:
    case_id = only(any_world, "license_filing")
    with any_world.db.write() as session:
        user = User(org_id=any_world.org_id, login="new", name="张明", role="officer", created_at=NOW)
        session.add(user)
    sweep(any_world, date(2026, 6, 1))
    act(any_world, case_id, "reassign", 95, officer="new", reason="岗位调整")
    sweep(any_world, date(2026, 6, 5))
    sweep(any_world, date(2026, 6, 24))
    with any_world.db.cursor() as cur:
        rows = cur.all('SELECT "on", rung, covered_by FROM reminder WHERE user_id = ? ORDER BY id', user.id)
    assert [(str(on)[5:], rung, covered) for on, rung, covered in rows] == [
        ("06-05", 30, None), ("06-05", 60, 30), ("06-24", 7, None),
    ]  # fmt: skip
    assert told(any_world) == [("06-01", 30)]


def test_head_stands_in_at_once_for_an_officer_who_leaves(world: World) -> None:
    only(world, "license_filing")
    sweep(world, date(2026, 6, 1))
    set_active(world.db, world.person("administrator"), world.person("officer").id, False)
    sweep(world, date(2026, 6, 2))
    assert (told(world), told(world, "approver")) == ([("06-01", 30)], [("06-02", 30)])


def test_deadline_nobody_can_be_told_of_goes_to_the_administrators(world: World) -> None:
    only(world, "license_filing")
    execute(world.db, "UPDATE app_user SET active = FALSE WHERE role IN ('officer', 'approver')")
    sweep(world, date(2026, 6, 1))
    assert told(world, "administrator") == [("06-01", 30)]


def test_without_anybody_at_all_it_stays_to_be_told(world: World) -> None:
    only(world, "license_filing")
    execute(world.db, "UPDATE app_user SET active = FALSE")
    assert sweep(world, date(2026, 6, 1)).untold == 1
    execute(world.db, "UPDATE app_user SET active = TRUE")
    assert sweep(world, date(2026, 6, 2)).untold == 0
    assert told(world) == [("06-02", 30)]


def test_preview_names_who_would_be_told_and_writes_nothing(world: World) -> None:
    only(world, "license_filing")
    ((_, found),) = preview(world.db, FILING_DUE + timedelta(days=7))
    assert [(name, [line["rung"] for line in lines]) for name, lines in found.by_person()] == [
        ("周审言", [-7]),
        ("林知远", [-7]),
    ]
    assert ledger(world) == []


def test_broken_rule_pack_is_told_and_the_reminders_go_out(world: World) -> None:
    only(world, "license_filing")
    with world.db.write() as session:
        row = session.get(Organization, world.org_id)
        assert row is not None
        row.rule_layers = "national,nowhere"
    report = sweep(world, date(2026, 6, 1))
    assert (report.reminders, len(report.faults)) == (1, 1)
