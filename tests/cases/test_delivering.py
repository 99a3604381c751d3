"""The delivery ledger: one row for each message, channel and recipient, queued with the message or not at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cases.db import Cursor
from cases.delivering import gathered_slot, queue_deliveries
from cases.errors import Invalid
from cases.outbox import claim, finish
from cases.subscriptions import DEFAULTS, KIND_OF, KINDS, MODES, choices, choose, kind_of, unsubscribe
from tests.cases.dump import execute
from tests.world import NOW, World

EARLY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
LATER = NOW + timedelta(hours=1)


def write_message(
    cur: Cursor, world: World, kind: str = "reminder", role: str = "officer", *, lines: str = "[]"
) -> int:
    """Write a message as the actions do, and return its id."""
    person = world.person(role)
    values = (
        world.org_id,
        person.id,
        cur.day(date(2026, 3, 2)),
        kind,
        "期限提醒：1项",
        lines,
        cur.moment(NOW),
    )
    sql = (
        'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
        "VALUES (?, ?, ?, ?, ?, ?, '', ?) RETURNING id"
    )
    return int(cur.one(sql, *values)[0])


def queue(
    world: World, kind: str = "reminder", *, mail: bool = True, owed: bool = False, now: datetime = NOW
) -> int:
    with world.db.cursor() as cur:
        message_id = write_message(cur, world, kind)
        queue_deliveries(cur, message_id, now, mail=mail, owed=owed)
    return message_id


def add_robot(world: World, kinds: str = "reminder", name: str = "转化办群") -> None:
    execute(
        world.db,
        "INSERT INTO robot (org_id, platform, name, shown, kinds, active, created_at) "
        f"VALUES ({world.org_id}, 'wecom', '{name}', '', '{kinds}', TRUE, '2026-03-01 00:00:00+00:00')",
    )


def ledger(world: World) -> list[Any]:
    with world.db.cursor() as cur:
        return [
            tuple(row) for row in cur.all("SELECT channel, status, slot, error FROM delivery ORDER BY id")
        ]


def outbox(world: World) -> list[Any]:
    with world.db.cursor() as cur:
        return [tuple(row) for row in cur.all("SELECT topic, key, payload FROM outbox ORDER BY id")]


def test_message_is_queued_on_every_channel_and_only_once(any_world: World) -> None:
    add_robot(any_world)
    message_id = queue(any_world)
    with any_world.db.cursor() as cur:
        queue_deliveries(cur, message_id, LATER, mail=True)
    assert ledger(any_world) == [
        ("inbox", "sent", "", ""), ("mail", "queued", "mail:1", ""), ("robot:1", "queued", "robot:1:2026-03-02", ""),
    ]  # fmt: skip
    assert outbox(any_world) == [
        ("mail", "mail:1", '{"message_id":1}'), ("deliver", "robot:1:2026-03-02", '{"delivery_id":3}'),
    ]  # fmt: skip


def test_transaction_that_fails_leaves_nothing(any_world: World) -> None:
    with pytest.raises(RuntimeError), any_world.db.cursor() as cur:
        queue_deliveries(cur, write_message(cur, any_world), NOW, mail=True)
        raise RuntimeError
    assert (ledger(any_world), outbox(any_world)) == ([], [])


def test_without_a_mail_server_there_is_the_inbox_alone(world: World) -> None:
    queue(world, mail=False)
    assert ledger(world) == [("inbox", "sent", "", "")]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("UPDATE app_user SET email = ''", "没有登记电子邮箱，仅发站内消息"),
        (
            "INSERT INTO mail_address (user_id, org_id, address, bounces, reason, bounced_at, unusable_since) SELECT id, "
            "org_id, email, 2, '', '2026-03-01 00:00:00', '2026-03-01 00:00:00' FROM app_user WHERE role = 'officer'",
            "电子邮箱多次退信，已停用，仅发站内消息",
        ),
        (
            "INSERT INTO subscription (org_id, user_id, kind, channel, mode, changed_at) SELECT org_id, id, 'reminder', "
            "'mail', 'off', '2026-03-01 00:00:00' FROM app_user",
            "本人已退订此类邮件",
        ),
    ],
)  # fmt: skip
def test_mail_that_is_not_sent_says_why(world: World, sql: str, reason: str) -> None:
    execute(world.db, sql)
    queue(world)
    assert ledger(world) == [("inbox", "sent", "", ""), ("mail", "skipped", "", reason)]
    assert outbox(world) == []


def test_another_address_starts_afresh(world: World) -> None:
    execute(
        world.db,
        "INSERT INTO mail_address (user_id, org_id, address, bounces, reason, bounced_at, unusable_since) SELECT id, "
        "org_id, 'old@example.invalid', 2, '', '2026-03-01 00:00:00', '2026-03-01 00:00:00' FROM app_user",
    )
    queue(world)
    assert ledger(world)[1] == ("mail", "queued", "mail:1", "")


def test_statutory_date_of_ones_own_is_mailed_whatever_was_chosen(world: World) -> None:
    choose(world.db, world.person("officer"), {"reminder": "off"}, NOW)
    queue(world)
    queue(world, owed=True)
    assert [row[:2] for row in ledger(world) if row[0] == "mail"] == [("mail", "skipped"), ("mail", "queued")]


def test_gathered_mail_of_a_day_is_one_letter(any_world: World) -> None:
    for _ in range(3):
        queue(any_world, "register:1", now=EARLY)
    officer = any_world.person("officer").id
    key = f"digest:{officer}:2026-03-02"
    assert [row[2] for row in ledger(any_world) if row[0] == "mail"] == [key] * 3
    assert outbox(any_world) == [("deliver", key, '{"delivery_id":2}')]
    assert claim(any_world.db, EARLY) == ()
    (work,) = claim(any_world.db, EARLY + timedelta(minutes=30))
    finish(any_world.db, work, EARLY)
    queue(any_world, "register:2", now=LATER)
    assert [key for _, key, _ in outbox(any_world)] == [key, f"digest:{officer}:2026-03-03"]


def test_slot_that_is_being_sent_takes_nothing_more(any_world: World) -> None:
    add_robot(any_world)
    queue(any_world)
    queue(any_world)
    claim(any_world.db, LATER)
    queue(any_world)
    assert [row[2] for row in ledger(any_world) if row[0] == "robot:1"] == [
        "robot:1:2026-03-02", "robot:1:2026-03-02", "robot:1:2026-03-03",
    ]  # fmt: skip


def test_robot_takes_its_kinds_and_its_organization_only(world: World) -> None:
    add_robot(world, "approval,system")
    queue(world)
    queue(world, "approval:3")
    execute(world.db, "UPDATE robot SET active = FALSE")
    queue(world, "approval:4")
    assert [row[0] for row in ledger(world)] == ["inbox", "mail", "inbox", "mail", "robot:1", "inbox", "mail"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (EARLY, "2026-03-02 00:30:00.000000"),
        (EARLY + timedelta(minutes=31), "2026-03-02 00:36:00.000000"),
        (datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "2026-03-02 00:30:00.000000"),
    ],
)
def test_gathered_letters_go_out_in_the_morning_or_soon(world: World, now: datetime, due: str) -> None:
    with world.db.cursor() as cur:
        slot, found = gathered_slot(cur, "digest:1", now)
        assert (slot, cur.moment(found)) == ("digest:1:2026-03-02", due)


def test_every_kind_has_a_default_and_messages_of_the_product_belong_to_one() -> None:
    assert set(DEFAULTS) == set(KINDS) == set(KIND_OF.values())
    assert set(DEFAULTS.values()) <= set(MODES)
    assert (kind_of("approval:17"), kind_of("register:2"), kind_of("noch nie gesehen")) == (
        "approval",
        "import",
        "system",
    )


def test_choices_are_kept_and_told_from_defaults(any_world: World) -> None:
    officer = any_world.person("officer")
    choose(any_world.db, officer, {"approval": "daily", "report": "off"}, NOW)
    unsubscribe(any_world.db, officer.org_id, officer.id, "approval", NOW)
    with any_world.db.read() as session:
        assert [(c.kind, c.mode, c.is_default) for c in choices(session, officer)] == [
            ("reminder", "now", True), ("approval", "off", False), ("import", "daily", True), ("report", "off", False),
            ("system", "now", True),
        ]  # fmt: skip
        assert all(choice.is_default for choice in choices(session, any_world.person("finance")))


def test_unknown_choice_keeps_nothing(world: World) -> None:
    officer = world.person("officer")
    with pytest.raises(Invalid) as caught:
        choose(world.db, officer, {"approval": "off", "gossip": "now", "report": "weekly"}, NOW)
    assert set(caught.value.fields) == {"gossip", "report"}
    with world.db.read() as session:
        assert all(choice.is_default for choice in choices(session, officer))
