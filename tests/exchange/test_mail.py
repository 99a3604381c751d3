"""Letters over a real SMTP server on this machine."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from exchange.mail import MailProblem, MailSettings, send


class Box:
    """Keeps what arrives; refuses one address."""

    def __init__(self) -> None:
        self.letters: list[Message] = []

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def settings(box: Box) -> Iterator[MailSettings]:
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield MailSettings("127.0.0.1", controller.port, sender="panhuo@example.invalid")
    controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_letter_arrives_whole(settings: MailSettings, box: Box) -> None:
    send(
        settings, "lin@example.invalid", "【盘活】期限提醒：2项", "<p>㛃䶮</p>", "㛃䶮", "<1@panhuo.invalid>"
    )
    (letter,) = box.letters
    assert isinstance(letter, EmailMessage)
    assert (letter["To"], letter["Subject"], letter["Message-ID"], letter["Auto-Submitted"]) == (
        "lin@example.invalid", "【盘活】期限提醒：2项", "<1@panhuo.invalid>", "auto-generated",
    )  # fmt: skip
    assert letter["From"].addresses[0].display_name == "盘活 Panhuo"
    assert letter["Date"].datetime.tzinfo is not None
    parts = [(part.get_content_type(), part.get_content().strip()) for part in letter.iter_parts()]
    assert parts == [("text/plain", "㛃䶮"), ("text/html", "<p>㛃䶮</p>")]


def test_header_cannot_be_slipped_in(settings: MailSettings, box: Box) -> None:
    send(
        settings,
        "lin@example.invalid",
        "提醒\r\nBcc: all@example.invalid",
        "<p>x</p>",
        "x",
        "<2@panhuo.invalid>",
    )
    (letter,) = box.letters
    assert (letter["Subject"], letter["Bcc"]) == ("提醒Bcc: all@example.invalid", None)


@pytest.mark.parametrize(
    "address", ["lin@example.invalid\r\nRCPT TO:<all@example.invalid>", "没有邮箱", "a b@c"]
)
def test_unusable_address_is_refused(settings: MailSettings, box: Box, address: str) -> None:
    with pytest.raises(MailProblem):
        send(settings, address, "提醒", "<p>x</p>", "x", "<3@panhuo.invalid>")
    assert box.letters == []


def test_refusal_of_the_server_is_told(settings: MailSettings) -> None:
    with pytest.raises(MailProblem) as caught:
        send(settings, "nobody@example.invalid", "提醒", "<p>x</p>", "x", "<4@panhuo.invalid>")
    assert str(caught.value) == "邮件服务器127.0.0.1拒绝或无法连接：SMTPRecipientsRefused"


def test_no_server_at_all_is_told() -> None:
    with pytest.raises(MailProblem) as caught:
        send(
            MailSettings("127.0.0.1", _free_port()),
            "lin@example.invalid",
            "提醒",
            "",
            "",
            "<5@panhuo.invalid>",
        )
    assert str(caught.value) == "邮件服务器127.0.0.1拒绝或无法连接：ConnectionRefusedError"


def test_starttls_is_asked_for_and_never_skipped(box: Box, settings: MailSettings) -> None:
    wanted = MailSettings(settings.host, settings.port, starttls=True, sender=settings.sender)
    with pytest.raises(MailProblem):
        send(wanted, "lin@example.invalid", "提醒", "<p>x</p>", "x", "<6@panhuo.invalid>")
    assert box.letters == []
