"""Turns what goes out in one slot of the ledger into a letter: texts, headers, and the links that only we can sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from cases.bouncing import PURPOSE as BOUNCE
from cases.reminder_lines import is_owed
from cases.sending import Parcel
from cases.settings import Settings
from cases.subscriptions import KINDS, OWED_ZH, kind_of
from cases.tokens import parts_of, signed
from templates import Environment, environment

UNSUBSCRIBE = "unsubscribe"
MOST_LINES = 200
UNVERIFIED = ("V", "V*")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent. `unsubscribe` is the address that ends such letters; empty where none may be ended."""

    to: str
    subject: str
    html: str
    text: str
    message_id: str
    envelope_from: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One message inside a letter; `more` counts the lines that are left out."""

    subject: str
    on: str
    lines: tuple[Mapping[str, Any], ...]
    more: int


def letter_of(settings: Settings, key: bytes, parcel: Parcel, message_id: str) -> Letter:
    """Return the letter of a parcel. `key` signs its links."""
    kinds = {kind_of(part.kind) for part in parcel.parts}
    owed = [is_owed(line) for part in parcel.parts for line in part.lines]
    kind = kinds.pop() if len(kinds) == 1 and not (owed and all(owed)) else ""
    link = unsubscribe_link(settings, key, parcel.org_id, parcel.user_id or 0, kind) if kind else ""
    sections = tuple(
        Section(p.subject, p.on.isoformat(), p.lines[:MOST_LINES], max(0, len(p.lines) - MOST_LINES))
        for p in parcel.parts
    )
    subject = sections[0].subject if len(sections) == 1 else f"每日汇总：{len(sections)}条消息"
    reason = OWED_ZH if any(owed) else ""
    html, text = render_letter(settings, parcel.name, subject, sections, link, kind, reason)
    token = message_id.removeprefix("<panhuo.").split("@")[0]
    sender = settings.bounce_address.replace("*", token) or settings.smtp_from
    return Letter(parcel.to, f"【盘活】{subject}", html, text, message_id, sender, link)


def render_letter(
    settings: Settings, name: str, subject: str, sections: tuple[Section, ...], link: str, kind: str, reason: str, *,
    landing: str = "/messages",
) -> tuple[str, str]:  # fmt: skip
    """Return a letter's HTML and text; `landing` is the page that it asks its reader to."""
    values = {
        "name": name, "subject": subject, "sections": sections, "base_url": settings.base_url, "unsubscribe": link,
        "kind": KINDS[kind][0] if kind else "", "reason": reason, "verified": UNVERIFIED,
        "landing": landing,
    }  # fmt: skip
    html = _letters().get_template("mail/letter.html").render(**values)
    text = _letters().get_template("mail/letter.txt").render(**values)
    return html, text


def message_id_of(key: bytes, parcel: Parcel, sender: str) -> str:
    """Return the message id of a parcel: the one it had, or one that a bounce can be recognized by."""
    domain = sender.rpartition("@")[2] or "panhuo.invalid"
    return parcel.mail_id or f"<panhuo.{signed(key, BOUNCE, parcel.ids[0])}@{domain}>"


def unsubscribe_link(settings: Settings, key: bytes, org_id: int, user_id: int, kind: str) -> str:
    """Return the address that ends one kind of letter for one person, without signing in."""
    return f"{settings.base_url}/unsubscribe/{signed(key, UNSUBSCRIBE, org_id, user_id, kind)}"


def unsubscribing(key: bytes, token: str) -> tuple[int, int, str] | None:
    """Return organization, person and kind of a signed token, or None."""
    parts = parts_of(key, UNSUBSCRIBE, token)
    if parts is None or len(parts) != 3 or parts[2] not in KINDS:
        return None
    return int(parts[0]), int(parts[1]), parts[2]


def sample_sections(on: date) -> tuple[Section, ...]:
    """Return what a test letter says."""
    line = {"title": "这是一封测试邮件", "note": "收到即表示邮件渠道可用，无需回复"}
    return (Section("测试邮件", on.isoformat(), (line,), 0),)


@cache
def _letters() -> Environment:
    """Return the letters' templates, compiled once a process."""
    return environment()
