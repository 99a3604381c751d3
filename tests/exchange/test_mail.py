"""Letters over real SMTP servers on this machine: whole, encrypted, refused, broken off."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cases.mailing import Letter
from exchange.mail import MailProblem, MailSettings, Postman, send
from tests.exchange.peers import Box, certificate, free_port, mail_server, sign_in

LETTER = Letter(
    "lin@example.invalid", "【盘活】期限提醒：2项", "<p>㛃䶮</p>", "㛃䶮", "<panhuo.1.ab@example.invalid>"
)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def settings(box: Box) -> Iterator[MailSettings]:
    with mail_server(box) as port:
        yield MailSettings("127.0.0.1", port, sender="panhuo@example.invalid", timeout=5)


def problem_of(settings: MailSettings, letter: Letter = LETTER) -> MailProblem:
    with pytest.raises(MailProblem) as caught:
        send(settings, letter)
    return caught.value


def test_letter_arrives_whole_and_the_words_of_the_server_are_proof(settings: MailSettings, box: Box) -> None:
    assert send(settings, LETTER) == "250 2.0.0 queued as 4cT9Xk1"
    (letter,) = box.letters
    assert (letter["To"], letter["Subject"], letter["Message-ID"], letter["Auto-Submitted"]) == (
        "lin@example.invalid", "【盘活】期限提醒：2项", LETTER.message_id, "auto-generated",
    )  # fmt: skip
    assert letter["From"].addresses[0].display_name == "盘活 Panhuo"
    assert letter["Date"].datetime.tzinfo is not None
    parts = [(part.get_content_type(), part.get_content().strip()) for part in letter.iter_parts()]
    assert parts == [("text/plain", "㛃䶮"), ("text/html", "<p>㛃䶮</p>")]
    assert box.envelopes == [("panhuo@example.invalid", ["lin@example.invalid"])]
    assert box.raw[0].isascii()
    assert max(map(len, box.raw[0].split(b"\r\n"))) <= 998


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_what_may_be_unsubscribed_says_how_in_one_click_where_the_standard_allows_it(
    settings: MailSettings, box: Box, scheme: str
) -> None:
    """RFC 2369; RFC 8058 section 3.1 asks for https."""
    link = f"{scheme}://panhuo.example.invalid/unsubscribe/1.2.reminder.{'0123456789abcdef' * 4}"
    send(settings, replace(LETTER, unsubscribe=link))
    send(settings, LETTER)
    marked, plain = box.letters
    assert marked["List-Unsubscribe"] == f"<{link}>"
    assert marked["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if scheme == "https" else None)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in box.raw[0]
    assert (plain["List-Unsubscribe"], plain["List-Unsubscribe-Post"]) == (None, None)


def test_bounces_go_to_the_address_that_is_set(settings: MailSettings, box: Box) -> None:
    send(settings, replace(LETTER, envelope_from="bounces+1.ab@example.invalid"))
    assert box.envelopes[0][0] == "bounces+1.ab@example.invalid"
    assert box.letters[0]["From"].addresses[0].addr_spec == "panhuo@example.invalid"


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, subject="提醒\r\nBcc: all@example.invalid"),
        replace(LETTER, message_id="<1@x>\r\nBcc: all@example.invalid"),
        replace(LETTER, unsubscribe="https://x/\r\nBcc: all@example.invalid"),
    ],
)
def test_header_cannot_be_slipped_in(settings: MailSettings, box: Box, letter: Letter) -> None:
    send(settings, letter)
    (found,) = box.letters
    assert (found["Bcc"], box.envelopes[0][1]) == (None, ["lin@example.invalid"])


@pytest.mark.parametrize(
    "address",
    ["lin@example.invalid\r\nRCPT TO:<all@example.invalid>", "没有邮箱", "a b@c", "", "<>", "a@b\x00"],
)
def test_unusable_address_is_refused_before_anything_is_sent(
    settings: MailSettings, box: Box, address: str
) -> None:
    found = problem_of(settings, replace(LETTER, to=address))
    assert (found.fault, box.letters, box.connections) == ("recipient", [], 0)


@pytest.mark.parametrize(
    ("at", "reply", "fault"),
    [
        ("lin@example.invalid", "550 5.1.1 no such mailbox", "recipient"),
        ("lin@example.invalid", "550 no such mailbox", "recipient"),
        ("lin@example.invalid", "554 5.7.1 relay access denied", "refused"),
        ("lin@example.invalid", "451 4.7.1 greylisted, come back later", "temporary"),
        ("lin@example.invalid", "452 mailbox full", "temporary"),
        ("data", "552 5.3.4 too big", "refused"),
        ("data", "554 5.7.1 looks like spam", "refused"),
        ("data", "451 try again", "temporary"),
        ("panhuo@example.invalid", "550 5.7.1 sender not allowed", "channel"),
    ],
)
def test_refusal_says_who_is_at_fault_in_the_words_of_the_server(
    settings: MailSettings, box: Box, at: str, reply: str, fault: str
) -> None:
    box.refusals[at] = reply
    found = problem_of(settings)
    assert (found.fault, reply in found.message, found.doubtful, box.letters) == (fault, True, False, [])


def test_sender_that_is_refused_names_the_setting(settings: MailSettings, box: Box) -> None:
    box.refusals["panhuo@example.invalid"] = "550 sender not allowed"
    assert problem_of(settings).message == (
        "发件人panhuo@example.invalid不被邮件服务器接受，请核对PANHUO_SMTP_FROM（550 sender not allowed）"
    )


def test_connection_dropped_after_the_letter_is_in_doubt(settings: MailSettings, box: Box) -> None:
    box.drop_after_data = 1
    found = problem_of(settings)
    assert (found.fault, found.doubtful, len(box.letters)) == ("temporary", True, 1)
    assert found.message.startswith("邮件服务器在答复前断开连接")


def test_no_host_and_no_server_are_told_with_the_setting() -> None:
    assert problem_of(MailSettings("")).message == "尚未设置邮件服务器（PANHUO_SMTP_HOST）"
    port = free_port()
    assert problem_of(MailSettings("127.0.0.1", port)).message == (
        f"邮件服务器127.0.0.1:{port}拒绝连接，请核对PANHUO_SMTP_HOST和PANHUO_SMTP_PORT"
    )
    assert problem_of(MailSettings("mail.example.invalid", 25, timeout=5)).message == (
        "找不到邮件服务器mail.example.invalid:25（域名解析失败），请核对PANHUO_SMTP_HOST"
    )


def test_server_that_is_silent_is_not_waited_for_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        found = problem_of(MailSettings("127.0.0.1", port, timeout=0.2))
    assert (found.fault, "超时" in found.message) == ("channel", True)


def test_starttls_is_asked_for_and_never_skipped(box: Box, settings: MailSettings) -> None:
    found = problem_of(replace(settings, starttls=True))
    assert ("不支持" in found.message, "PANHUO_SMTP_STARTTLS" in found.message, box.letters) == (
        True,
        True,
        [],
    )


def test_signed_in_over_starttls_with_a_certificate_of_the_house(box: Box, tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path)
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": sign_in,
        "auth_required": True,
    }
    with mail_server(box, **options) as port:
        settings = MailSettings(
            "localhost", port, "panhuo", "right-password", starttls=True, sender="panhuo@example.invalid",
            ca=str(trusted), timeout=5,
        )  # fmt: skip
        send(settings, LETTER)
        wrong = problem_of(replace(settings, password="wrong"))
        untrusted = problem_of(replace(settings, ca=""))
        missing = problem_of(replace(settings, ca=str(tmp_path / "nowhere.pem")))
    assert len(box.letters) == 1
    assert "不接受用户名或密码（535" in wrong.message
    assert "PANHUO_SMTP_PASSWORD" in wrong.message and "wrong" not in wrong.message
    assert "证书不可信" in untrusted.message and "PANHUO_SMTP_CA" in untrusted.message
    assert missing.message == "找不到PANHUO_SMTP_CA指定的证书文件"


def test_encrypted_from_the_start(box: Box, tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path)
    with mail_server(box, ssl_context=context) as port:
        settings = MailSettings(
            "localhost", port, tls=True, sender="panhuo@example.invalid", ca=str(trusted), timeout=2
        )
        send(settings, LETTER)
        plain = problem_of(replace(settings, tls=False, timeout=0.3))
    assert len(box.letters) == 1
    assert "PANHUO_SMTP" in plain.message


def test_expired_certificate_is_refused(box: Box, tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path, days=-1)
    with mail_server(box, ssl_context=context) as port:
        found = problem_of(MailSettings("localhost", port, tls=True, ca=str(trusted), timeout=2))
    assert ("certificate has expired" in found.message, box.letters) == (True, [])


def test_encryption_asked_of_a_plain_server_is_told(settings: MailSettings) -> None:
    assert "加密方式不符" in problem_of(replace(settings, tls=True)).message


def test_batch_goes_over_one_connection(settings: MailSettings, box: Box) -> None:
    postman = Postman(settings)
    for number in range(5):
        postman.send(replace(LETTER, message_id=f"<{number}@example.invalid>"))
    postman.close()
    assert (len(box.letters), box.connections) == (5, 1)


def test_connection_that_broke_is_replaced(settings: MailSettings, box: Box) -> None:
    postman = Postman(settings)
    postman.send(LETTER)
    box.drop_after_data = 1
    with pytest.raises(MailProblem):
        postman.send(LETTER)
    assert postman.send(LETTER) == "250 2.0.0 queued as 4cT9Xk1"
    postman.close()
    assert box.connections == 2


def test_what_stops_the_handing_over_stops_the_letter(settings: MailSettings, box: Box) -> None:
    def stop() -> None:
        raise RuntimeError

    postman = Postman(settings)
    with pytest.raises(RuntimeError):
        postman.send(LETTER, stop)
    postman.close()
    assert box.letters == []
