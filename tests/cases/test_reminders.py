"""Reminders: each rung once, whatever reruns, outages and simultaneous sweeps."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any

from cases.messages import inbox, mark_read, unread
from cases.people import set_active
from cases.reminders import RemindReport, remind
from tests.cases.dump import execute
from tests.modes.acting import act, day
from tests.modes.story import walk_to
from tests.world import World, settle

FILING_DUE = date(2026, 7, 1)  # the story takes effect on 1 April


def _now(on: date) -> datetime:
    return datetime.combine(on, time(1, tzinfo=UTC))


def _remind(world: World, on: date, *, mail: bool = False) -> RemindReport:
    return remind(world.db, on, _now(on), mail=mail)


def _only(world: World, key: str) -> int:
    """A case whose one open deadline is the named one."""
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    execute(world.db, f"UPDATE deadline SET status = 'dropped' WHERE key <> '{key}'")
    return case_id


def _lines(world: World, role: str = "officer") -> list[tuple[str, int]]:
    """(day, rung) of every line a person ever got, the oldest first."""
    with world.db.read() as session:
        messages = inbox(session, world.person(role))[::-1]
    return [(message.on.isoformat(), line["rung"]) for message in messages for line in message.lines]


def test_rungs_come_once_each_on_their_days(any_world: World) -> None:
    _only(any_world, "license_filing")
    on = date(2026, 4, 1)
    while on <= FILING_DUE + timedelta(days=8):
        _remind(any_world, on)
        _remind(any_world, on)
        on += timedelta(days=1)
    assert _lines(any_world) == [
        ("2026-05-02", 60), ("2026-06-01", 30), ("2026-06-24", 7), ("2026-06-30", 1), ("2026-07-01", 0),
        ("2026-07-02", -1), ("2026-07-08", -7),
    ]  # fmt: skip


def test_overdue_ladder_reaches_the_approvers(any_world: World) -> None:
    _only(any_world, "license_filing")
    for days in (0, 1, 2, 7, 8, 30, 31):
        _remind(any_world, FILING_DUE + timedelta(days=days))
    assert _lines(any_world) == [
        ("2026-07-01", 0),
        ("2026-07-02", -1),
        ("2026-07-08", -7),
        ("2026-07-31", -30),
    ]
    assert _lines(any_world, "approver") == [("2026-07-08", -7), ("2026-07-31", -30)]
    assert _lines(any_world, "finance") == []


def test_outage_is_caught_up_by_one_line(any_world: World) -> None:
    """From 1 May to 29 June nothing ran: 60, 30 and 7 days were missed."""
    _only(any_world, "license_filing")
    assert _remind(any_world, date(2026, 6, 29)).reminders == 1
    assert _lines(any_world) == [("2026-06-29", 7)]
    assert _remind(any_world, date(2026, 6, 30)).reminders == 1
    assert _lines(any_world) == [("2026-06-29", 7), ("2026-06-30", 1)]


def test_outage_over_the_due_day_still_tells(world: World) -> None:
    _only(world, "license_filing")
    _remind(world, date(2026, 6, 30))
    _remind(world, date(2026, 7, 10))
    assert _lines(world) == [("2026-06-30", 1), ("2026-07-10", -7)]


def test_message_is_merged_and_ordered(any_world: World) -> None:
    first, second = any_world.case(title="甲公司许可"), any_world.case(title="乙公司许可")
    walk_to(any_world, first, "take_effect")
    walk_to(any_world, second, "finalize_contract")
    act(any_world, second, "withdraw", 30, reason="企业放弃")
    report = _remind(any_world, date(2026, 5, 6))
    with any_world.db.read() as session:
        (message,) = inbox(session, any_world.person("officer"))
    # stamp duty is 20 days late, registration is due today, the first payment in 9 days, the filing in 56
    assert [(line["title"], line["due"], line["days_left"], line["rung"]) for line in message.lines] == [
        ("印花税申报缴纳", "2026-04-16", -20, -7),
        ("技术合同认定登记申请", "2026-05-06", 0, 0),
        ("合同款到期：入门费首期款", "2026-05-15", 9, 30),
        ("许可合同备案", "2026-07-01", 56, 60),
    ]
    assert message.subject == "期限提醒：4项，其中1项已逾期"
    assert {line["case_no"] for line in message.lines} == {"ZH2026-00001"}
    with any_world.db.read() as session:
        (to_finance,) = inbox(session, any_world.person("finance"))
    assert [line["title"] for line in to_finance.lines] == ["印花税申报缴纳", "合同款到期：入门费首期款"]
    # four to the officer, two to finance, who must pay and collect, and the late one to the approver
    assert (report.reminders, report.messages, report.as_json()["on"]) == (7, 3, "2026-05-06")


def test_line_carries_article_and_confidence(world: World) -> None:
    _only(world, "technology_contract")
    _remind(world, date(2026, 5, 6))
    with world.db.read() as session:
        ((line,),) = [message.lines for message in inbox(session, world.person("officer"))]
    assert (line["confidence"], line["kind"], line["article"][:8]) == (
        "V (draft)",
        "internal",
        "技术合同认定登记",
    )


def test_two_sweepers_at_once_send_one_message(any_world: World) -> None:
    for number in range(3):
        walk_to(any_world, any_world.case(title=f"案件{number}"), "sign" if number == 0 else "post_publicity")
    for on in (date(2026, 4, 9), date(2026, 4, 13), date(2026, 4, 16)):
        start = Barrier(3)

        def sweep(_: int, on: date = on, start: Barrier = start) -> RemindReport:
            start.wait()
            return _remind(any_world, on, mail=True)

        with ThreadPoolExecutor(3) as pool:
            reports = list(pool.map(sweep, range(3)))
        assert sorted(report.messages > 0 for report in reports) == [False, False, True]
    days = [on for on, _ in _lines(any_world)]
    assert sorted(set(days)) == ["2026-04-09", "2026-04-13", "2026-04-16"]
    with any_world.db.cursor() as cur:
        doubles = cur.all(
            "SELECT deadline_id, rung, channel, user_id FROM reminder "
            "GROUP BY deadline_id, rung, channel, user_id HAVING COUNT(*) > 1"
        )
        unlinked = cur.all("SELECT id FROM reminder WHERE message_id IS NULL")
    assert (doubles, unlinked) == ([], [])


def test_moved_deadline_reminds_afresh(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "post_publicity")
    _remind(any_world, date(2026, 3, 20))
    act(any_world, case_id, "raise_objection", 19, received_on=day(18), objector="甲", content="价格偏低")
    _remind(any_world, date(2026, 3, 22))
    act(
        any_world,
        case_id,
        "resolve_objection",
        21,
        resolved_on=day(21),
        outcome="dismissed",
        reason="依据充分",
    )
    _remind(any_world, date(2026, 3, 23))
    _remind(any_world, date(2026, 3, 24))
    assert _lines(any_world) == [("2026-03-20", 1), ("2026-03-24", 1)]


def test_closed_deadlines_are_silent(world: World) -> None:
    case_id = _only(world, "license_filing")
    act(world, case_id, "submit_filing", 40, submitted_on=day(40), receipt_no="SL1")
    execute(world.db, "UPDATE deadline SET status = 'dropped' WHERE key = 'filing_decision'")
    assert _remind(world, FILING_DUE) == RemindReport(FILING_DUE)


def test_mail_goes_out_once_beside_the_inbox(any_world: World) -> None:
    _only(any_world, "license_filing")
    for _ in range(2):
        _remind(any_world, date(2026, 6, 1), mail=True)
    with any_world.db.cursor() as cur:
        assert cur.all("SELECT topic, key, payload FROM outbox WHERE topic = 'mail'") == [
            ("mail", "mail:1", '{"message_id":1}')
        ]
    with any_world.db.read() as session:
        (message,) = inbox(session, any_world.person("officer"))
    assert message.mail_status == "queued"


def test_person_without_an_address_gets_the_inbox_only(world: World) -> None:
    _only(world, "license_filing")
    execute(world.db, "UPDATE app_user SET email = ''")
    _remind(world, date(2026, 6, 1), mail=True)
    with world.db.read() as session:
        (message,) = inbox(session, world.person("officer"))
    assert message.mail_status == "skipped"


def test_case_of_somebody_who_left_goes_to_the_approvers(world: World) -> None:
    _only(world, "license_filing")
    set_active(world.db, world.person("administrator"), world.person("officer").id, False)
    _remind(world, date(2026, 6, 1))
    assert (_lines(world), _lines(world, "approver")) == ([], [("2026-06-01", 30)])


def test_organizations_are_reminded_apart(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    _only(world, "license_filing")
    _remind(world, FILING_DUE + timedelta(days=7))
    assert _lines(world, "approver") == [("2026-07-08", -7)]
    assert _lines(other, "approver") == _lines(other) == []


def test_sweep_reads_more_deadlines_than_one_batch(world: World) -> None:
    _only(world, "license_filing")
    with world.db.cursor() as cur:
        columns = [row[1] for row in cur.all("PRAGMA table_info(deadline)") if row[1] not in ("id", "key")]
        names = ", ".join(f'"{name}"' for name in columns)
        for number in range(12):
            cur.run(
                f"INSERT INTO deadline ({names}, key) SELECT {names}, key || ? || '-' || id FROM deadline "
                "WHERE status = 'open'",
                str(number),
            )
    report = _remind(world, date(2026, 6, 1))
    assert (report.examined, report.reminders, report.messages) == (4096, 4096, 1)


def test_reading_marks_one_message_or_all(world: World) -> None:
    _only(world, "license_filing")
    for on in (date(2026, 6, 1), date(2026, 6, 24), date(2026, 6, 30)):
        _remind(world, on)
    officer = world.person("officer")

    def count() -> int:
        with world.db.read() as session:
            return unread(session, officer)

    counts: list[Any] = [count()]
    mark_read(world.db, world.person("finance"))
    counts.append(count())
    mark_read(world.db, officer, 1)
    counts.append(count())
    mark_read(world.db, officer)
    counts.append(count())
    assert counts == [3, 3, 2, 0]
