"""E-mail by SMTP: one letter, HTML and text, to one person.

Nothing is sent unless a host is set. Header values lose every control character, so that no name or title can
add a header of its own.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from cases.settings import Settings

TIMEOUT_SECONDS = 30

_MAILBOX = re.compile(
    r"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\Z"
)


class MailProblem(Exception):
    """A letter that could not be sent; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How to reach the mail server."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    sender: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "MailSettings":
        """Return the mail part of the settings."""
        return cls(
            settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password,
            settings.smtp_starttls, settings.smtp_from,
        )  # fmt: skip


def send(settings: MailSettings, to: str, subject: str, html: str, text: str, message_id: str) -> None:
    """Send one letter.

    Raises: MailProblem if there is no host, the address is unusable, or the server refuses.
    """
    with Line(settings) as line:
        line.send(to, subject, html, text, message_id)


class Line:
    """A connection to the mail server over which letters go one after another; opened by the first of them."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def send(self, to: str, subject: str, html: str, text: str, message_id: str) -> None:
        """Send one letter.

        Raises: MailProblem if there is no host, the address is unusable, or the server refuses. The next letter then
            goes over a connection of its own.
        """
        if not self._settings.host:
            raise MailProblem("尚未设置邮件服务器（PANHUO_SMTP_HOST）")
        letter = _letter(self._settings, to, subject, html, text, message_id)
        try:
            self._server = self._server or self._dial()
            self._server.send_message(letter)
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise MailProblem(
                f"邮件服务器{self._settings.host}拒绝或无法连接：{type(error).__name__}"
            ) from error

    def _dial(self) -> smtplib.SMTP:
        server = smtplib.SMTP(self._settings.host, self._settings.port, timeout=TIMEOUT_SECONDS)
        try:
            if self._settings.starttls:
                server.starttls(context=ssl.create_default_context())
            if self._settings.user:
                server.login(self._settings.user, self._settings.password)
        except BaseException:
            server.close()
            raise
        return server

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


def _letter(
    settings: MailSettings, to: str, subject: str, html: str, text: str, message_id: str
) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = _address(settings.sender or "panhuo@localhost.localdomain", "盘活 Panhuo")
    letter["To"] = _address(to)
    letter["Subject"] = _header(subject)
    letter["Message-ID"] = _header(message_id)
    letter["Date"] = datetime.now(UTC)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    return letter


def _header(value: str) -> str:
    return "".join(char for char in value if char.isprintable())


def _address(address: str, name: str = "") -> Address:
    mailbox = address.strip()
    if not _MAILBOX.match(mailbox):
        raise MailProblem(f"电子邮箱“{_header(mailbox)}”格式不正确，应形如 name@example.cn")
    return Address(name, addr_spec=mailbox)
