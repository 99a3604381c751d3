"""Who gets which kind of message by which channel: what people chose, and what cannot be chosen away.

The inbox keeps every message. Mail can be had at once, gathered once a day, or not at all; reminders of statutory
dates go to the owner of the matter by mail whatever was chosen, because a date that is missed there cannot be made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from cases.channel_tables import Subscription
from cases.db import Cursor, Database
from cases.errors import Invalid
from cases.scope import Person

KINDS = {
    "reminder": ("期限提醒", "Deadline reminders"),
    "approval": ("审批", "Approvals"),
    "import": ("导入结果", "Import results"),
    "report": ("报告", "Reports"),
    "system": ("系统", "System"),
}
# The first word of a message's own kind tells which of these it belongs to.
KIND_OF = {
    "reminder": "reminder", "recomputed": "reminder", "followup": "reminder",
    "approval": "approval", "register": "import", "import": "import",
    "report": "report", "system": "system",
}  # fmt: skip
MODES = {
    "now": ("即时发送", "At once"),
    "daily": ("每日汇总", "Once a day"),
    "off": ("不发送", "Off"),
}
CHANNELS = {"inbox": ("站内消息", "Inbox"), "mail": ("电子邮件", "E-mail")}
DEFAULTS = {"reminder": "now", "approval": "now", "import": "daily", "report": "daily", "system": "now"}
OWED_ZH = "您是案件承办人的法定期限提醒不能退订：错过法定期限的后果不能补救"
OWED_EN = (
    "Statutory reminders of your own cases cannot be switched off: a statutory date that is missed is lost"
)
CHOSEN = "SELECT mode FROM subscription WHERE user_id = ? AND kind = ? AND channel = ?"
CHOOSE = (
    "INSERT INTO subscription (org_id, user_id, kind, channel, mode, changed_at) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (user_id, kind, channel) DO UPDATE SET mode = excluded.mode, changed_at = excluded.changed_at"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the settings: a kind of message and how a person gets it by mail."""

    kind: str
    mode: str
    is_default: bool


def kind_of(message_kind: str) -> str:
    """Return the kind a message belongs to; what no table knows is of the system."""
    return KIND_OF.get(message_kind.split(":", 1)[0], "system")


def mode_of(cur: Cursor, user_id: int, kind: str, channel: str = "mail") -> str:
    """Return how a person wants a kind of message on a channel: now, daily or off."""
    row = cur.one(CHOSEN, user_id, kind, channel)
    return str(row[0]) if row else DEFAULTS[kind]


def choices(session: Session, person: Person) -> tuple[Choice, ...]:
    """Return every kind with the person's choice for mail."""
    query = select(Subscription).where(Subscription.user_id == person.id, Subscription.channel == "mail")
    chosen = {row.kind: row.mode for row in session.exec(query)}
    return tuple(Choice(kind, chosen.get(kind, DEFAULTS[kind]), kind not in chosen) for kind in KINDS)


def choose(db: Database, person: Person, wanted: Mapping[str, str], now: datetime) -> None:
    """Keep how a person wants kinds of message by mail.

    Raises: Invalid for a kind or mode that does not exist; nothing is kept then.
    Effects: writes subscription.
    """
    wrong = {kind: "没有这种选择" for kind, mode in wanted.items() if kind not in KINDS or mode not in MODES}
    if wrong:
        raise Invalid("通知设置有误，请重新选择", wrong, "no such choice")
    with db.cursor() as cur:
        for kind, mode in wanted.items():
            cur.run(CHOOSE, person.org_id, person.id, kind, "mail", mode, cur.moment(now))


def unsubscribe(db: Database, org_id: int, user_id: int, kind: str, now: datetime) -> None:
    """Send a person no more mail of a kind, as a signed link asked for.

    Effects: writes subscription.
    """
    with db.cursor() as cur:
        cur.run(CHOOSE, org_id, user_id, kind, "mail", "off", cur.moment(now))
