"""Turns an inbox message into an e-mail and notes what became of it."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import orjson

from cases.db import Database
from cases.settings import Settings
from cases.tables import Message, User
from templates import Environment, environment

Send = Callable[[str, str, str, str, str], None]


def deliver_message(db: Database, settings: Settings, message_id: int, send: Send) -> str:
    """Send one message by e-mail, unless it was sent already, and return what happened.

    Args:
        send: takes recipient, subject, HTML, text and message id.

    Raises: whatever `send` raises; the message stays queued.
    Effects: marks the message as sent. A crash between the two sends the same message id again.
    """
    with db.read() as session:
        message = session.get(Message, message_id)
        user = session.get(User, message.user_id) if message else None
        if message is None or user is None or message.mail_status == "sent":
            return "已发送或已不存在"
        lines = orjson.loads(message.lines)
        subject, on, to, name = message.subject, message.on, user.email, user.name
    if not to:
        return _mark(db, message_id, "no address")
    html, text = render_letter(settings, name, subject, on, lines)
    send(to, f"【盘活】{subject}", html, text, f"<panhuo-message-{message_id}@panhuo.invalid>")
    return _mark(db, message_id, "sent")


def render_letter(
    settings: Settings, name: str, subject: str, on: date, lines: list[dict[str, Any]]
) -> tuple[str, str]:
    """Return a message's HTML and text."""
    values = {
        "name": name,
        "subject": subject,
        "on": on.isoformat(),
        "lines": lines,
        "base_url": settings.base_url,
    }
    html = _letters().get_template("mail/reminder.html").render(**values)
    text = _letters().get_template("mail/reminder.txt").render(**values)
    return html, text


@cache
def _letters() -> Environment:
    """Return the letters' templates, compiled once a process."""
    return environment()


def _mark(db: Database, message_id: int, status: str) -> str:
    with db.write() as session:
        message = session.get(Message, message_id)
        if message:
            message.mail_status = status
    return status
