"""Reminders of patents, and of so many dates that one line must stand for them."""

from datetime import UTC, date, datetime, time, timedelta

import orjson
import pytest

from cases.messages import inbox
from cases.reminder_proof import proofs
from cases.reminders import remind
from cases.tables import Deadline, Patent
from cases.views import deadlines
from exchange.calendar_feed import person_feed
from tests.world import NOW, World

ON = date(2026, 6, 1)  # a Monday


def fee(world: World, patent_id: int, due: date, *, owner_id: int | None = None, rule: str = "T-08") -> None:
    """A stored annual fee of a patent."""
    with world.db.write() as session:
        session.add(
            Deadline(
                org_id=world.org_id, patent_id=patent_id, key="annual_fee:7", title="年费：第7年度", title_en="Annual fee",
                kind="statutory", rule_id=rule, rule_version="1", confidence="V", article="专利法第四十三条",
                base_event="filing", base_date=ON, period="", nominal=due, due=due, roll="none", provisional=False,
                explanation='{"zh":[],"en":[],"internal":null}', rungs="30,7,1,0", overdue_rungs="1,7,30",
                who="finance", owner_id=owner_id, next_on=ON, opened_seq=0, created_at=NOW,
            )
        )  # fmt: skip


def patents(world: World, count: int) -> list[int]:
    with world.db.write() as session:
        rows = [
            Patent(
                org_id=world.org_id, application_no=f"20201020{number:05}", kind="invention", title=f"方法{number}",
                content_hash=str(number), created_at=NOW, updated_at=NOW,
            )
            for number in range(count)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [int(row.id or 0) for row in rows]


def test_patent_without_an_owner_is_told_to_the_role_and_names_its_number(any_world: World) -> None:
    fee(any_world, any_world.patent_ids[0], ON + timedelta(days=7))
    report = remind(any_world.db, ON, datetime.combine(ON, time(1), UTC))
    with any_world.db.read() as session:
        ((line,),) = [message.lines for message in inbox(session, any_world.person("finance"))]
    assert (line["case_no"], line["title"], line["path"]) == (
        "202010100001.9", "年费：第7年度", f"/patents/{any_world.patent_ids[0]}#deadline-1",
    )  # fmt: skip
    assert (report.reminders, report.covered, line["rung"]) == (1, 1, 7)


def test_views_and_feed_hold_deadlines_of_patents(any_world: World) -> None:
    fee(any_world, any_world.patent_ids[0], ON, owner_id=any_world.person("officer").id)
    any_world.case()
    with any_world.db.read() as session:
        (view,) = deadlines(session, any_world.org_id, ON, of="patents", rule_id="T-08")
        calendar = person_feed(session, any_world.person("officer"), "https://x.invalid", NOW).decode()
        assert deadlines(session, any_world.org_id, ON, of="cases") == ()
    assert (view.case_id, view.case_no, view.path) == (
        None, "202010100001.9", f"/patents/{any_world.patent_ids[0]}",
    )  # fmt: skip
    assert f"UID:patent-{any_world.patent_ids[0]}-annual_fee-7@panhuo" in calendar


def test_many_patents_stand_in_one_line_that_leads_to_them(world: World) -> None:
    for number, patent_id in enumerate(patents(world, 37)):
        fee(world, patent_id, ON + timedelta(days=8 + number % 22))
    fee(world, world.patent_ids[0], ON - timedelta(days=2))
    report = remind(world.db, ON, datetime.combine(ON, time(1), UTC))
    with world.db.read() as session:
        (message,) = inbox(session, world.person("finance"))
    late, many = message.lines
    assert (report.reminders, message.subject) == (38, "期限提醒：38项，其中1项已逾期")
    assert (late["days_left"], many["title"], many["note"]) == (-2, "年费：37件专利", "29日内到期")
    assert many["path"] == "/deadlines?rule=T-08&of=patents&until=2026-06-30"


def test_message_of_hundreds_stays_short(world: World) -> None:
    for patent_id in patents(world, 300):
        fee(world, patent_id, ON + timedelta(days=30))
    remind(world.db, ON, datetime.combine(ON, time(1), UTC))
    with world.db.cursor() as cur:
        (text,) = cur.one("SELECT lines FROM message")
        assert cur.one("SELECT COUNT(*) FROM reminder")[0] == 300
    assert [line["count"] for line in orjson.loads(text)] == [300]


@pytest.mark.parametrize("mail", [True, False])
def test_proof_names_day_person_and_channels(any_world: World, mail: bool) -> None:
    fee(any_world, any_world.patent_ids[0], ON + timedelta(days=7))
    remind(any_world.db, ON, datetime.combine(ON, time(1), UTC), mail=mail)
    with any_world.db.cursor() as cur:
        (told,) = proofs(cur, any_world.org_id, [1]).values()
        assert proofs(cur, any_world.org_id + 1, [1]) == {}
    assert [(one.on, one.rung, one.covered_by, one.name) for one in told] == [
        (ON, 7, None, "钱汇川"), (ON, 30, 7, "钱汇川"),
    ]  # fmt: skip
    ways = [("inbox", "sent"), ("mail", "queued")] if mail else [("inbox", "sent")]
    assert [(way.channel, way.status) for way in told[0].ways] == ways
