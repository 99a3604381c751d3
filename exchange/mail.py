"""E-mail by SMTP: letters, HTML and text, over connections that are kept for the next one.

Nothing is sent unless a host is set. Header values lose every control character, so that no name or title can
add a header of its own. What goes wrong is told in Chinese, with the setting to look at, and says whether it is the
recipient, the moment or the channel that is at fault.
"""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from threading import Lock
from typing import Any, NoReturn

from cases.channel_settings import MAILBOX
from cases.mailing import Letter
from cases.sending import Fault
from cases.settings import Settings

TIMEOUT_SECONDS = 30.0
IDLE_SECONDS = 20.0
MOST_LETTERS = 100  # many servers end a session after about as many
DEFAULT_SENDER = "panhuo@localhost.localdomain"
# Headers that must stand on one line as they are: the library would encode a long address as if it were text.
VERBATIM = frozenset({"list-unsubscribe", "list-unsubscribe-post"})


class _Policy(EmailPolicy):
    """Letters for the wire."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in VERBATIM:
            return f"{name}: {value}\r\n".encode("ascii", "replace")
        return super().fold_binary(name, value)


# Eight-bit bodies need an extension that not every server on the way has.
POLICY = _Policy(linesep="\r\n", cte_type="7bit")


class MailProblem(Exception):
    """A letter that could not be sent; the Chinese text says why. `doubtful`: the server may have taken it."""

    def __init__(self, message: str, fault: Fault = "channel", *, doubtful: bool = False) -> None:
        super().__init__(message)
        self.message, self.fault, self.doubtful = message, fault, doubtful


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How to reach the mail server."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    sender: str = ""
    tls: bool = False
    ca: str = ""
    timeout: float = TIMEOUT_SECONDS

    @classmethod
    def of(cls, settings: Settings) -> "MailSettings":
        """Return the mail part of the settings."""
        return cls(
            settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password,
            settings.smtp_starttls, settings.smtp_from, settings.smtp_tls, settings.smtp_ca,
        )  # fmt: skip


@dataclass(slots=True)
class _Line:
    """An open connection."""

    server: smtplib.SMTP
    letters: int = 0
    used: float = 0.0


class Postman:
    """Sends letters; threads may share one. Connections are kept a little while for the next letter."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._idle: list[_Line] = []
        self._lock = Lock()

    def send(self, letter: Letter, hand: Callable[[], None] = lambda: None) -> str:
        """Send one letter and return the server's own words of acceptance.

        Args:
            hand: called just before the server is given the letter; what it raises stops the letter.

        Raises: MailProblem if there is no host, the address is unusable, or the server refuses.
        """
        content = _message(self.settings, letter).as_bytes()
        line = self._line()
        try:
            proof = self._transact(line.server, letter, content, hand)
        except BaseException:
            _end(line.server)
            raise
        self._keep(line)
        return proof

    def look(self) -> None:
        """Connect and sign in, and send nothing.

        Raises: MailProblem.
        """
        self._keep(self._line())

    def close(self) -> None:
        """End the connections that are kept."""
        with self._lock:
            lines, self._idle = self._idle, []
        for line in lines:
            _end(line.server)

    def _line(self) -> _Line:
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return _Line(_connected(self.settings))
            fresh = time.monotonic() - line.used < IDLE_SECONDS and line.letters < MOST_LETTERS
            if fresh and _answers(line.server):
                return line
            _end(line.server)

    def _keep(self, line: _Line) -> None:
        line.letters, line.used = line.letters + 1, time.monotonic()
        with self._lock:
            self._idle.append(line)

    def _transact(
        self, server: smtplib.SMTP, letter: Letter, content: bytes, hand: Callable[[], None]
    ) -> str:
        sender = letter.envelope_from or self.settings.sender or DEFAULT_SENDER
        handed = False
        try:
            _expect(
                server.mail(sender), f"发件人{sender}不被邮件服务器接受，请核对PANHUO_SMTP_FROM", "channel"
            )
            _expect(server.rcpt(letter.to), f"收件人{letter.to}被拒收", "recipient")
            hand()
            handed = True
            return _expect(server.data(content), "邮件内容被拒收", "refused")
        except smtplib.SMTPDataError as error:
            _refuse(int(error.smtp_code), error.smtp_error, "邮件内容被拒收", "refused")
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            what = "邮件服务器在答复前断开连接" if handed else "邮件服务器断开连接"
            told = f"{what}（{_where(self.settings)}，{type(error).__name__}）"
            raise MailProblem(told, "temporary" if handed else "channel", doubtful=handed) from error


def send(settings: MailSettings, letter: Letter) -> str:
    """Send one letter over a connection of its own and return the server's words of acceptance.

    Raises: MailProblem.
    """
    postman = Postman(settings)
    try:
        return postman.send(letter)
    finally:
        postman.close()


def _connected(settings: MailSettings) -> smtplib.SMTP:
    """Return a connection that is encrypted and signed in as the settings ask."""
    if not settings.host:
        raise MailProblem("尚未设置邮件服务器（PANHUO_SMTP_HOST）")
    where, server = _where(settings), None
    try:
        server = _opened(settings)
        if settings.starttls:
            server.starttls(context=_context(settings))
        server.ehlo_or_helo_if_needed()
        if settings.user:
            server.login(settings.user, settings.password)
    except smtplib.SMTPAuthenticationError as error:
        reply = _told(error.smtp_code, error.smtp_error)
        message = (
            f"邮件服务器{where}不接受用户名或密码（{reply}），请核对PANHUO_SMTP_USER和PANHUO_SMTP_PASSWORD"
        )
        _broken(server, message, error)
    except (OSError, smtplib.SMTPException) as error:
        _broken(server, _reason(error, where), error)
    return server


def _opened(settings: MailSettings) -> smtplib.SMTP:
    where = (settings.host, settings.port)
    if settings.tls:
        return smtplib.SMTP_SSL(*where, timeout=settings.timeout, context=_context(settings))
    return smtplib.SMTP(*where, timeout=settings.timeout)


def _context(settings: MailSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca or None)


def _broken(server: smtplib.SMTP | None, message: str, error: Exception) -> NoReturn:
    if server is not None:
        _end(server)
    raise MailProblem(message) from error


def _reason(error: Exception, where: str) -> str:
    """Return in Chinese why a server could not be reached, and which setting to look at."""
    look = "请核对PANHUO_SMTP_HOST和PANHUO_SMTP_PORT"
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        error = error.__context__
    match error:
        case socket.gaierror():
            return f"找不到邮件服务器{where}（域名解析失败），请核对PANHUO_SMTP_HOST"
        case ConnectionRefusedError():
            return f"邮件服务器{where}拒绝连接，{look}"
        case TimeoutError():
            return f"连接邮件服务器{where}超时，{look}，以及防火墙是否放行"
        case ssl.SSLCertVerificationError():
            return (
                f"邮件服务器{where}的证书不可信（{error.verify_message}）；"
                "自建邮件系统请用PANHUO_SMTP_CA指定本单位的CA证书文件"
            )
        case ssl.SSLError():
            return f"与邮件服务器{where}的加密方式不符，请核对PANHUO_SMTP_TLS、PANHUO_SMTP_STARTTLS与端口"
        case FileNotFoundError():
            return "找不到PANHUO_SMTP_CA指定的证书文件"
        case smtplib.SMTPNotSupportedError():
            return (
                f"邮件服务器{where}不支持所要求的加密或登录方式，请核对PANHUO_SMTP_STARTTLS和PANHUO_SMTP_USER"
            )
        case smtplib.SMTPServerDisconnected():
            return f"邮件服务器{where}连接后即断开；该端口可能要求加密，请核对PANHUO_SMTP_TLS和PANHUO_SMTP_STARTTLS"
        case smtplib.SMTPResponseException():
            return f"邮件服务器{where}拒绝服务（{_told(error.smtp_code, error.smtp_error)}）"
        case _:
            return f"邮件服务器{where}无法连接（{type(error).__name__}），{look}"


def _expect(answer: tuple[int, bytes], what: str, fault: Fault) -> str:
    code, reply = answer
    if not 200 <= code < 300:
        _refuse(code, reply, what, fault)
    return _told(code, reply)


def _refuse(code: int, reply: bytes | str, what: str, fault: Fault) -> NoReturn:
    """Raise what a refusal means: 5xx is for good, 4xx for now; 5.7 is the server's policy, not a dead address."""
    told = _told(code, reply)
    if fault != "channel" and not 500 <= code < 600:
        fault = "temporary"
    elif fault == "recipient" and told[4:].startswith("5.7."):
        fault = "refused"
    raise MailProblem(f"{what}（{told}）", fault)


def _told(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return f"{code} {_header(' '.join(text.split()))}"[:300]


def _where(settings: MailSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _end(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _message(settings: MailSettings, letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(settings.sender or DEFAULT_SENDER, "盘活 Panhuo", "channel")
    message["To"] = _address(letter.to)
    message["Subject"] = _header(letter.subject)
    message["Message-ID"] = _header(letter.message_id)
    message["Date"] = datetime.now(UTC)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{_header(letter.unsubscribe)}>"
        if letter.unsubscribe.startswith("https://"):  # RFC 8058 asks for it
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _header(value: str) -> str:
    return "".join(char for char in value if char.isprintable())


def _address(address: str, name: str = "", fault: Fault = "recipient") -> Address:
    mailbox = address.strip()
    if not MAILBOX.match(mailbox):
        raise MailProblem(f"电子邮箱“{_header(mailbox)}”格式不正确，应形如 name@example.cn", fault)
    return Address(name, addr_spec=mailbox)
