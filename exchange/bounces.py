"""Reads delivery notices (RFC 3464): from a file, a pipe or a mailbox, and marks the letters that came back.

A notice is believed only if it names a letter by the mark that this installation put into its Message-ID or its
envelope sender. Whatever else lies in the mailbox is left as it is.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from cases.bouncing import record_bounce
from cases.db import Database
from cases.settings import Settings
from cases.tokens import MARK_LENGTH

TIMEOUT_SECONDS = 30.0
MOST_NOTICES = 500  # of one look into the mailbox
MOST_BYTES = 2 * 1024 * 1024
TOKEN = re.compile(rf"(?<![0-9])([0-9]{{1,18}}\.[0-9a-f]{{{MARK_LENGTH}}})(?![0-9a-f])")


class BounceProblem(Exception):
    """A mailbox that could not be read; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a delivery notice says: the marks it may be about, its reason, and whether it is for good."""

    tokens: tuple[str, ...]
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a look at notices came to. `ignored` are no notices, or about no letter of ours."""

    read: int
    bounced: int
    delayed: int
    ignored: int

    @property
    def zh(self) -> str:
        """The numbers in words."""
        return f"读取{self.read}封，退信{self.bounced}封，暂缓{self.delayed}封，无关{self.ignored}封"

    def as_json(self) -> dict[str, int]:
        """Return the JSON form for the command line."""
        return {"read": self.read, "bounced": self.bounced, "delayed": self.delayed, "ignored": self.ignored}


def notice_in(data: bytes) -> Notice | None:
    """Return the notice that a raw message is, or None. Never raises, whatever the bytes are."""
    try:
        return _notice(message_from_bytes(data[:MOST_BYTES], policy=default))
    except Exception:  # a parser of strangers' mail may stumble over anything
        return None


def take_notices(db: Database, messages: Iterable[bytes], now: datetime) -> BounceReport:
    """Mark the letters that raw messages say came back.

    Effects: as `cases.bouncing.record_bounce`.
    """
    done = [_taken(db, data, now) for data in messages]
    return BounceReport(len(done), done.count("bounced"), done.count("delayed"), done.count(""))


def read_mailbox(db: Database, settings: Settings, now: datetime) -> BounceReport:
    """Take the unread notices of the mailbox that is set; those that were ours are marked as read.

    Raises: BounceProblem if it cannot be read.
    """
    if not settings.bounce_host:
        raise BounceProblem("尚未设置退信邮箱（PANHUO_BOUNCE_IMAP_HOST）")
    outcomes: list[str] = []
    with _mailbox(settings) as box:
        for message in box.fetch("UNSEEN", mark_seen=False, limit=MOST_NOTICES, bulk=50):
            outcome = _taken(db, message.obj.as_bytes(), now)
            outcomes.append(outcome)
            if outcome and message.uid:
                box.flag([message.uid], [MailMessageFlags.SEEN], True)
    return BounceReport(
        len(outcomes), outcomes.count("bounced"), outcomes.count("delayed"), outcomes.count("")
    )


def look_into_mailbox(settings: Settings, seconds: float) -> None:
    """Sign in to the mailbox and open its folder; read and mark nothing.

    Raises: BounceProblem if that is not possible.
    """
    with _mailbox(settings, seconds):
        pass


@contextmanager
def _mailbox(settings: Settings, seconds: float = TIMEOUT_SECONDS) -> Iterator[BaseMailBox]:
    where = f"{settings.bounce_host}:{settings.bounce_port}"
    kind = MailBox if settings.bounce_tls else MailBoxUnencrypted
    try:
        box = kind(settings.bounce_host, settings.bounce_port, timeout=seconds)
        try:
            yield box.login(settings.bounce_user, settings.bounce_password, settings.bounce_folder)
        finally:
            box.client.shutdown()
    except ImapToolsError as error:
        names = "PANHUO_BOUNCE_IMAP_USER、PANHUO_BOUNCE_IMAP_PASSWORD和PANHUO_BOUNCE_IMAP_FOLDER"
        raise BounceProblem(
            f"退信邮箱{where}拒绝登录或操作，请核对{names}（{type(error).__name__}）"
        ) from error
    except OSError as error:
        names = "PANHUO_BOUNCE_IMAP_HOST、PANHUO_BOUNCE_IMAP_PORT和PANHUO_BOUNCE_IMAP_TLS"
        raise BounceProblem(f"退信邮箱{where}无法连接，请核对{names}（{type(error).__name__}）") from error


def _taken(db: Database, data: bytes, now: datetime) -> str:
    notice = notice_in(data)
    if notice is None:
        return ""
    for token in notice.tokens:
        outcome = record_bounce(db, token, notice.reason, permanent=notice.permanent, now=now)
        if outcome:
            return outcome
    return ""


def _notice(message: EmailMessage) -> Notice | None:
    report = next((p for p in message.walk() if p.get_content_type() == "message/delivery-status"), None)
    if report is None:
        return None
    fields = [block for block in report.walk() if block is not report and block.get("Action")]
    failed = next((b for b in fields if str(b["Action"]).strip().lower() == "failed"), None)
    chosen = failed or next((b for b in fields if str(b["Action"]).strip().lower() == "delayed"), None)
    if chosen is None:
        return None
    status = str(chosen.get("Status", "")).strip()
    told = str(chosen.get("Diagnostic-Code", "")).partition(";")[2].strip()
    reason = "".join(c for c in " ".join(f"{status} {told}".split()) if c.isprintable())[:500]
    return Notice(
        _tokens(message), reason or "对方邮件系统退信", failed is not None and not status.startswith("4")
    )


def _tokens(message: EmailMessage) -> tuple[str, ...]:
    """Return the marks in the address it came to and in the headers of the letter it gives back."""
    places = [
        str(message.get(name, ""))
        for name in ("To", "Delivered-To", "X-Original-To", "In-Reply-To", "References")
    ]
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            places += [str(inner.get("Message-ID", "")) for inner in part.iter_parts()]
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_content()
            places.append(content if isinstance(content, str) else content.decode("utf-8", "replace"))
    return tuple(dict.fromkeys(found for place in places for found in TOKEN.findall(place)))[:5]
