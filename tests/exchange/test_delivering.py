"""The ledger over real mail servers and webhooks: what was sent has its proof, what failed its reason, nothing twice."""

import threading
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from cases.bouncing import record_bounce
from cases.outbox import PATIENT_ATTEMPTS, claim, finish
from cases.robots import RobotAddress, add_robot, set_robot_active
from cases.sending import InHand, hand_over, parcel_of, queue_again
from cases.subscriptions import choose
from cases.tokens import token_key
from contracts.pool import RenderPool
from exchange.delivering import Channels, deliver
from exchange.mail import MailProblem
from exchange.robots import RobotProblem, masked
from flows.work import TOPICS, Workshop
from tests.cases.dump import execute
from tests.cases.test_delivering import write_message
from tests.exchange.peers import Box, End, free_port, mail_server, web_end
from tests.exchange.post_office import channels_at, later, row, told
from tests.world import NOW, World


def robot(
    world: World,
    end: End,
    platform: str = "wecom",
    secret: str = "",
    path: str = "/send?key=0123456789abcdef",
) -> int:
    address = RobotAddress(platform, f"http://127.0.0.1:{end.port}{path}", secret)
    return add_robot(
        world.db, world.person("administrator"), name=f"转化办{platform}群", address=address, shown=masked(address),
        kinds=["reminder"], now=NOW,
    )  # fmt: skip


def test_sent_letter_has_its_proof_and_is_not_sent_again(world: World, channels: Channels, box: Box) -> None:
    told(world)
    deliver(channels, "mail:1")
    assert deliver(channels, "mail:1") == "已送达或已不存在"
    found = row(world)
    (letter,) = box.letters
    assert found["mail_id"] == letter["Message-ID"]
    assert (found["status"], found["attempts"], found["handed_at"]) == ("sent", 1, None)
    assert found["proof"] == f"250 2.0.0 queued as 4cT9Xk1；Message-ID {letter['Message-ID']}"
    token = letter["Message-ID"].removeprefix("<panhuo.").partition("@")[0]
    assert box.envelopes == [(f"bounces+{token}@example.invalid", ["officer@example.invalid"])]
    assert letter["List-Unsubscribe"].startswith("<https://ph.example.invalid/unsubscribe/")


def test_gathered_letter_holds_all_messages_of_the_day(world: World, channels: Channels, box: Box) -> None:
    choose(world.db, world.person("officer"), {"reminder": "daily"}, NOW)
    told(world, title="第一项")
    told(world, title="第二项")
    slot = f"digest:{world.person('officer').id}:2026-03-02"
    deliver(channels, slot)
    (letter,) = box.letters
    html = letter.get_body(("html",))
    assert html is not None
    assert (letter["Subject"], "第一项" in html.get_content(), "第二项" in html.get_content()) == (
        "【盘活】每日汇总：2条消息", True, True,
    )  # fmt: skip
    with world.db.cursor() as cur:
        assert cur.all("SELECT DISTINCT status, proof <> '' FROM delivery WHERE channel = 'mail'") == [
            ("sent", 1)
        ]


def test_refused_recipient_is_not_tried_again_and_counts_against_the_address(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    box.refusals["officer@example.invalid"] = "550 5.1.1 no such mailbox"
    for number in (1, 2):
        told(any_world)
        deliver(any_channels, f"mail:{number}")
    found = row(any_world)
    assert (found["status"], found["fault"], found["attempts"]) == ("bounced", "recipient", 1)
    assert found["error"] == "收件人officer@example.invalid被拒收（550 5.1.1 no such mailbox）"
    told(any_world)
    assert row(any_world)["error"] == "电子邮箱多次退信，已停用，仅发站内消息"
    with any_world.db.cursor() as cur:
        ((subject, lines),) = cur.all("SELECT subject, lines FROM message WHERE kind LIKE 'system:%'")
    assert subject == "林知远的电子邮箱多次退信，已停用"
    assert "550 5.1.1" in lines and "请核对邮箱" in lines and "officer@" not in lines
    with any_world.db.cursor() as cur:
        channels_told = cur.all(
            "SELECT d.channel, d.status FROM delivery d JOIN message m ON m.id = d.message_id "
            "WHERE m.kind LIKE 'system:unusable:%' ORDER BY d.id"
        )
    assert channels_told == [("inbox", "sent"), ("mail", "queued")]


def test_administrator_whose_own_address_is_dead_is_told_without_it(
    world: World, channels: Channels, box: Box
) -> None:
    box.refusals["administrator@example.invalid"] = "550 5.1.1 no such mailbox"
    for number in (1, 2):
        told(world, role="administrator")
        deliver(channels, f"mail:{number}")
    with world.db.cursor() as cur:
        channels_told = cur.all(
            "SELECT d.channel, d.status FROM delivery d JOIN message m ON m.id = d.message_id "
            "WHERE m.kind LIKE 'system:unusable:%' ORDER BY d.id"
        )
    assert channels_told == [("inbox", "sent"), ("mail", "skipped")]


def test_temporary_refusal_is_tried_again_with_the_same_message_id(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    told(any_world)
    box.refusals["data"] = "451 4.3.0 try again"
    with pytest.raises(MailProblem):
        deliver(any_channels, "mail:1")
    first = row(any_world)
    del box.refusals["data"]
    deliver(any_channels, "mail:1")
    second = row(any_world)
    assert (first["status"], first["fault"], first["error"]) == (
        "queued", "temporary", "邮件内容被拒收（451 4.3.0 try again）",
    )  # fmt: skip
    assert (second["status"], second["attempts"], second["mail_id"], second["error"]) == (
        "sent",
        2,
        first["mail_id"],
        "",
    )
    assert "可能收到两份" not in second["proof"]


def test_answer_that_got_lost_repeats_the_same_letter_and_says_so(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    told(any_world)
    box.drop_after_data = 1
    with pytest.raises(MailProblem):
        deliver(any_channels, "mail:1")
    deliver(any_channels, "mail:1")
    assert len({letter["Message-ID"] for letter in box.letters}) == 1
    assert (len(box.letters), "收件方可能收到两份" in row(any_world)["proof"]) == (2, True)


def test_worker_that_died_between_acceptance_and_record_is_the_one_window(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    """What a killed process leaves behind: the rows say that they were handed over, and not what came of it."""
    told(any_world)
    parcel = parcel_of(any_world.db, "mail:1")
    assert parcel is not None
    hand_over(any_world.db, parcel, "<panhuo.2.aa@example.invalid>", NOW)
    with pytest.raises(InHand):
        deliver(any_channels, "mail:1")
    assert box.letters == []
    later(any_channels, minutes=4)
    deliver(any_channels, "mail:1")
    (letter,) = box.letters
    assert letter["Message-ID"] == "<panhuo.2.aa@example.invalid>"
    assert "收件方可能收到两份编号相同的消息" in row(any_world)["proof"]


def test_worker_that_died_before_handing_over_leaves_no_doubt(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    told(any_world)
    parcel_of(any_world.db, "mail:1")
    deliver(any_channels, "mail:1")
    assert (len(box.letters), row(any_world)["doubtful"]) == (1, 0)


def test_two_workers_at_once_send_one_letter(any_world: World, any_channels: Channels, box: Box) -> None:
    told(any_world)
    start, outcomes = threading.Barrier(4), []

    def work() -> None:
        start.wait()
        try:
            outcomes.append(deliver(any_channels, "mail:1"))
        except InHand:
            outcomes.append("in hand")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(box.letters), len(outcomes), row(any_world)["status"]) == (1, 4, "sent")


def test_server_that_is_away_fails_with_reason_and_recovers_by_itself(
    any_world: World, tmp_path: Path, box: Box
) -> None:
    told(any_world)
    away = channels_at(any_world.db, tmp_path, free_port())
    for _ in range(PATIENT_ATTEMPTS):
        with pytest.raises(MailProblem):
            deliver(away, "mail:1")
    found = row(any_world)
    assert (found["status"], found["fault"], found["attempts"]) == ("failed", "channel", PATIENT_ATTEMPTS)
    assert "拒绝连接，请核对PANHUO_SMTP_HOST" in found["error"]
    told(any_world, role="finance")
    with mail_server(box) as port:
        any_channels = channels_at(any_world.db, tmp_path, port)
        deliver(any_channels, "mail:2")
        with any_world.db.cursor() as cur:
            (slot,) = cur.one("SELECT slot FROM delivery WHERE id = 2")
        deliver(any_channels, slot)
        any_channels.postman.close()
    assert sorted(letter["To"] for letter in box.letters) == [
        "finance@example.invalid",
        "officer@example.invalid",
    ]


def test_failed_delivery_is_sent_again_by_hand_a_sent_one_never(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    told(any_world)
    box.refusals["officer@example.invalid"] = "550 5.1.1 no such mailbox"
    deliver(any_channels, "mail:1")
    box.refusals.clear()
    with any_world.db.cursor() as cur:
        assert queue_again(cur, 2, any_world.org_id, NOW)
    (work,) = [work for work in claim(any_world.db, NOW) if work.topic == "deliver"]
    with any_world.db.cursor() as cur:
        (slot,) = cur.one("SELECT slot FROM delivery WHERE id = ?", work.payload["delivery_id"])
    deliver(any_channels, slot)
    with any_world.db.cursor() as cur:
        assert not queue_again(cur, 2, any_world.org_id, NOW)
    assert (len(box.letters), row(any_world)["status"]) == (1, "sent")


def test_person_who_left_is_written_to_no_more(world: World, channels: Channels, box: Box) -> None:
    told(world)
    execute(world.db, "UPDATE app_user SET active = FALSE WHERE role = 'officer'")
    deliver(channels, "mail:1")
    assert (box.letters, row(world)["status"], row(world)["error"]) == (
        [],
        "skipped",
        "没有登记电子邮箱或账号已停用",
    )


def test_letter_queued_before_there_was_a_ledger_is_sent(
    world: World, channels: Channels, box: Box, tmp_path: Path
) -> None:
    with world.db.cursor() as cur:
        message_id = write_message(cur, world)
        cur.run("UPDATE message SET mail_status = 'queued'")
    shop = Workshop(world.db, channels.settings, RenderPool(tmp_path, processes=1), clock=lambda: NOW)
    for _ in range(2):
        TOPICS["mail"](shop, {"message_id": message_id}, "")
    shop.close()
    assert (len(box.letters), row(world)["status"]) == (1, "sent")


def test_group_gets_one_merged_post_a_day(world: World, channels: Channels) -> None:
    with web_end(End()) as end:
        robot(world, end)
        told(world)
        told(world, role="approver")
        told(world, title="缴纳年费", due="2026-06-01")
        (work,) = [work for work in claim(world.db, NOW + timedelta(hours=1)) if work.topic == "deliver"]
        deliver(channels, "robot:1:2026-03-02")
        assert deliver(channels, "robot:1:2026-03-02") == "已送达或已不存在"
        finish(world.db, work, NOW)
    ((path, _, body),) = end.seen
    assert path == "/send?key=0123456789abcdef"
    assert orjson.loads(body)["text"]["content"].splitlines() == [
        "【盘活】期限提醒：2项",
        "1. ZH2026-00001 缴纳年费，期限2026-06-01（还有30天）",
        "2. ZH2026-00001 许可合同备案，期限2026-07-01（还有30天）",
        "https://ph.example.invalid/messages",
    ]
    with world.db.cursor() as cur:
        assert (
            cur.all("SELECT status, proof FROM delivery WHERE channel = 'robot:1'")
            == [("sent", "HTTP 200 errcode 0 ok")] * 3
        )


def test_200_with_an_error_inside_is_a_failure_that_shows(world: World, channels: Channels) -> None:
    with web_end(
        End(answer=b'{"errcode":93000,"errmsg":"invalid webhook url, hint: [0123456789abcdef]"}')
    ) as end:
        robot(world, end)
        told(world)
        deliver(channels, "robot:1:2026-03-02")
    found = row(world, "robot:1")
    assert (found["status"], found["attempts"], len(end.seen)) == ("bounced", 1, 1)
    assert found["error"] == (
        "企业微信群机器人拒绝：errcode 93000 invalid webhook url, hint: […]（可能原因，待核实：Webhook地址无效或机器人已被移除）"
    )


def test_answer_of_a_robot_that_got_lost_is_posted_again_and_marked(
    any_world: World, any_channels: Channels
) -> None:
    with web_end(End(hang_up=True)) as end:
        robot(any_world, end, "webhook", path="/hook")
        told(any_world)
        with pytest.raises(RobotProblem):
            deliver(any_channels, "robot:1:2026-03-02")
        end.hang_up = False
        deliver(any_channels, "robot:1:2026-03-02")
    assert [headers["idempotency-key"] for _, headers, _ in end.seen] == ["robot:1:2026-03-02"] * 2
    assert "收件方可能收到两份" in row(any_world, "robot:1")["proof"]


def test_stopped_robot_is_not_called(world: World, channels: Channels) -> None:
    with web_end(End()) as end:
        robot_id = robot(world, end)
        told(world)
        set_robot_active(world.db, world.person("administrator"), robot_id, False, NOW)
        deliver(channels, "robot:1:2026-03-02")
    assert (end.seen, row(world, "robot:1")["error"]) == ([], "群机器人已停用")


def test_robot_restored_without_its_secret_says_so(world: World, channels: Channels) -> None:
    with web_end(End()) as end:
        robot(world, end)
        execute(world.db, "DELETE FROM secret WHERE name LIKE 'robot:%'")
        told(world)
        deliver(channels, "robot:1:2026-03-02")
    assert "没有该群机器人的地址" in row(world, "robot:1")["error"]


def test_bounce_is_believed_by_its_mark_only(world: World, channels: Channels, box: Box) -> None:
    told(world)
    deliver(channels, "mail:1")
    token = box.letters[0]["Message-ID"].removeprefix("<panhuo.").partition("@")[0]
    forged = f"2.{'0' * 32}"
    assert [
        record_bounce(world.db, mark, "5.1.1 mailbox unknown", permanent=True, now=NOW)
        for mark in (forged, token.replace("2.", "1.", 1), "", "2", token, token)
    ] == ["", "", "", "", "bounced", ""]
    assert (row(world)["status"], row(world)["error"]) == ("bounced", "5.1.1 mailbox unknown")


def test_delay_is_shown_and_counts_for_nothing(world: World, channels: Channels, box: Box) -> None:
    told(world)
    deliver(channels, "mail:1")
    token = box.letters[0]["Message-ID"].removeprefix("<panhuo.").partition("@")[0]
    assert record_bounce(world.db, token, "4.4.1 no answer", permanent=False, now=NOW) == "delayed"
    assert (row(world)["status"], row(world)["error"]) == ("sent", "对方邮件系统暂缓投递：4.4.1 no answer")


def test_key_of_the_installation_is_one(any_world: World) -> None:
    keys = {token_key(any_world.db, NOW) for _ in range(3)}
    assert len(keys) == 1
