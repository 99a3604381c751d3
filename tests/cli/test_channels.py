"""`panhuo channels`, `panhuo bounces`, and the doctor's look at both: real mail servers, webhooks and a mailbox."""

from pathlib import Path
from typing import Any

import pytest

from cases.bouncing import PURPOSE
from cases.delivering import queue_deliveries
from cases.robots import RobotAddress, add_robot
from cases.sending import parcel_of, record_failure, record_sent
from cases.tokens import signed, token_key
from exchange.robots import masked
from tests.cases.dump import execute
from tests.cases.test_delivering import write_message
from tests.cli.conftest import Office
from tests.exchange.peers import Box, End, free_port, mail_server, web_end
from tests.exchange.test_bounces import Mailbox, imap_server, notice
from tests.world import NOW

AS = ("--as", "administrator")
PATH = "/cgi-bin/webhook/send?key=0123456789abcdef0123"


@pytest.fixture(autouse=True)
def _local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_ALLOW_LOCAL_WEBHOOKS", "yes")
    monkeypatch.setenv("PANHUO_SMTP_FROM", "panhuo@example.invalid")


def mail_at(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PANHUO_SMTP_PORT", str(port))


def mailbox_at(port: int, monkeypatch: pytest.MonkeyPatch, password: str = "right") -> None:  # noqa: S107  of nobody
    values = {"HOST": "127.0.0.1", "PORT": str(port), "USER": "bounces", "PASSWORD": password, "TLS": "no"}
    for name, value in values.items():
        monkeypatch.setenv(f"PANHUO_BOUNCE_IMAP_{name}", value)


def with_robot(office: Office, port: int) -> None:
    address = RobotAddress("wecom", f"http://127.0.0.1:{port}{PATH}")
    add_robot(
        office.world.db, office.world.person("administrator"), name="转化办群", address=address, shown=masked(address),
        kinds=["reminder"], now=NOW,
    )  # fmt: skip
    office.world.db.dispose()


def queue(office: Office, slot: str) -> Any:
    with office.world.db.cursor() as cur:
        queue_deliveries(cur, write_message(cur, office.world), NOW, mail=True)
    parcel = parcel_of(office.world.db, slot)
    assert parcel is not None
    return parcel


def test_list_shows_channels_without_their_secrets(office: Office) -> None:
    with_robot(office, 9)
    ran = office.run("channels", "list", *AS, "--json")
    assert [(row["channel"], row["active"]) for row in ran.json["rows"]] == [
        ("inbox", True), ("mail", False), ("robot:1", True),
    ]  # fmt: skip
    told = office.run("channels", "list", *AS).out
    assert ("转化办群" in told, "0123456789abcdef" in told, ran.out.count("0123456789abcdef")) == (
        True,
        False,
        0,
    )


def test_list_counts_what_was_sent_and_what_failed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_at(9, monkeypatch)
    record_sent(office.world.db, queue(office, "mail:1"), "250 ok", NOW)
    record_failure(office.world.db, queue(office, "mail:2"), "refused", "邮件内容被拒收（554）", NOW)
    execute(office.world.db, "UPDATE delivery SET queued_at = '2999-01-01 00:00:00.000000'")
    office.world.db.dispose()
    (mail,) = [
        r for r in office.run("channels", "list", *AS, "--json").json["rows"] if r["channel"] == "mail"
    ]
    assert (mail["where"], mail["sent"], mail["failed"]) == ("127.0.0.1:9", 1, 1)


def test_mail_is_tried_and_the_server_answers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box(refusals={"gone@example.invalid": "550 5.1.1 unknown"})
    with mail_server(box) as port:
        mail_at(port, monkeypatch)
        sent = office.run("channels", "test", "mail", "--to", "lin@example.invalid", *AS)
        refused = office.run("channels", "test", "mail", "--to", "gone@example.invalid", *AS, "--json")
    assert (sent.code, "250 2.0.0 queued" in sent.out) == (0, True)
    assert [letter["To"] for letter in box.letters] == ["lin@example.invalid"]
    assert (refused.code, refused.json["ok"]) == (1, False)
    assert refused.json["detail"] == "收件人gone@example.invalid被拒收（550 5.1.1 unknown）"


def test_robot_is_tried_and_an_error_inside_200_fails(office: Office) -> None:
    with web_end(End()) as end:
        with_robot(office, end.port)
        assert office.run("channels", "test", "robot:1", *AS).code == 0
        end.answer = b'{"errcode":93000,"errmsg":"invalid webhook url"}'
        refused = office.run("channels", "test", "robot:1", *AS)
    assert (refused.code, "errcode 93000" in refused.out, len(end.seen)) == (1, True, 2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("pigeon", *AS), "渠道写作mail或robot:编号"),
        (("robot:x", *AS), "渠道写作mail或robot:编号"),
        (("robot:7", *AS), "没有这个群机器人"),
        (("mail", "--as", "officer"), "只有管理员可以测试渠道"),
    ],
)
def test_channel_that_cannot_be_tried_says_why(office: Office, arguments: tuple[str, ...], told: str) -> None:
    ran = office.run("channels", "test", *arguments)
    assert (ran.code > 1, told in ran.err) == (True, True), ran


def letter_that_came_back(office: Office) -> bytes:
    queue(office, "mail:1")
    execute(
        office.world.db,
        "UPDATE delivery SET status = 'sent', recipient = 'x@example.invalid' WHERE channel = 'mail'",
    )
    token = signed(token_key(office.world.db, NOW), PURPOSE, 2)
    office.world.db.dispose()
    return notice(token)


def test_bounces_are_read_from_a_file(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "notice.eml"
    path.write_bytes(letter_that_came_back(office))
    assert office.run("bounces", str(path), "--json").json == {
        "read": 1,
        "bounced": 1,
        "delayed": 0,
        "ignored": 0,
    }
    assert "读取1封，退信0封，暂缓0封，无关1封" in office.run("bounces", str(path)).out


def test_bounces_are_read_from_the_mailbox(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox([letter_that_came_back(office)])
    with imap_server(box) as port:
        mailbox_at(port, monkeypatch)
        assert "退信1封" in office.run("bounces").out
    assert box.seen == {1}


def test_bounces_that_cannot_be_read_name_what_to_set(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = office.run("bounces")
    missing = office.run("bounces", "/nowhere.eml")
    mailbox_at(free_port(), monkeypatch)
    away = office.run("bounces")
    assert {unset.code, missing.code, away.code} == {unset.code} - {0}
    assert "尚未设置退信邮箱（PANHUO_BOUNCE_IMAP_HOST）" in unset.err
    assert "无法连接，请核对PANHUO_BOUNCE_IMAP_HOST" in away.err


def test_dispatch_calls_failed_what_no_worker_sends(office: Office) -> None:
    queue(office, "mail:1")
    execute(office.world.db, "UPDATE outbox SET status = 'dead', attempts = 6")
    office.world.db.dispose()
    assert office.run("dispatch").code == 0
    with office.world.db.cursor() as cur:
        assert cur.all("SELECT status FROM delivery WHERE channel = 'mail'") == [("failed",)]
    office.world.db.dispose()


def checked(office: Office) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in office.run("doctor", "--json").json["checks"]}


def test_doctor_tells_what_a_robot_last_answered(office: Office) -> None:
    with_robot(office, 9)
    unused = checked(office)["robots"]
    failing = queue(office, "robot:1:2026-03-02")
    record_failure(office.world.db, failing, "temporary", "企业微信群机器人拒绝：HTTP 503", NOW)
    office.world.db.dispose()
    waiting = checked(office)["robots"]
    record_sent(office.world.db, failing, "HTTP 200 errcode 0 ok", NOW)
    office.world.db.dispose()
    sent = checked(office)["robots"]
    assert (unused["ok"], unused["detail_zh"]) == (True, "1个在用，其中1个尚未发送过")
    assert (waiting["ok"], waiting["needed"], waiting["detail_zh"]) == (
        False, False, "转化办群：企业微信群机器人拒绝：HTTP 503",
    )  # fmt: skip
    assert "panhuo channels test" in waiting["remedy_zh"]
    assert (sent["ok"], sent["detail_zh"]) == (True, "1个在用")


def test_doctor_signs_in_to_the_mailbox_and_marks_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "bounces" not in checked(office)
    box = Mailbox([b"Subject: x\r\n\r\nx\r\n"])
    with imap_server(box) as port:
        mailbox_at(port, monkeypatch)
        fine = checked(office)["bounces"]
        mailbox_at(port, monkeypatch, "wrong")
        wrong = checked(office)["bounces"]
    assert (fine["ok"], fine["detail_zh"], box.seen) == (True, f"127.0.0.1:{port}", set())
    assert (wrong["ok"], "PANHUO_BOUNCE_IMAP_PASSWORD" in wrong["detail_zh"]) == (False, True)
