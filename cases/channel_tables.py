"""The tables of the channels: what was sent to whom and how, who wants what, and the robots of an organization."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to


class Delivery(SQLModel, table=True):
    """One message on its way to one person, or to one group robot, by one channel.

    `channel` is `inbox`, `mail` or `robot:<id>`. `slot` is the key of the outbox row that sends it; rows of one slot go
    out as one letter or one post. `handed_at` is set just before the other side is given the message and cleared when
    its answer is known: a row that is found handed on was broken off there, and `doubtful` says that it may have
    arrived twice. `fault` of a failure is `recipient`, `temporary` or `channel` (see `cases.delivering`).
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'sent', 'failed', 'bounced', 'skipped')", name="ck_delivery_status"),
        UniqueConstraint("message_id", "channel", "user_id", name="uq_delivery_person"),
        Index(
            "uq_delivery_group",
            "message_id",
            "channel",
            unique=True,
            sqlite_where=text("user_id IS NULL"),
            postgresql_where=text("user_id IS NULL"),
        ),
        Index("ix_delivery_slot", "slot"),
        Index("ix_delivery_user", "user_id", "id"),
        Index("ix_delivery_org_channel", "org_id", "channel", "status", "id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    message_id: int = Field(foreign_key="message.id")
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    channel: str
    status: str
    slot: str = ""
    recipient: str = ""
    attempts: int = 0
    fault: str = ""
    proof: str = Field(default="", sa_type=Text)
    error: str = Field(default="", sa_type=Text)
    mail_id: str = ""
    doubtful: bool = False
    queued_at: datetime
    handed_at: datetime | None = None
    sent_at: datetime | None = None
    ended_at: datetime | None = None


class Subscription(SQLModel, table=True):
    """How a person wants one kind of message on one channel, where it differs from `cases.subscriptions.DEFAULTS`."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "channel", name="uq_subscription_once"),
        CheckConstraint("mode IN ('now', 'daily', 'off')", name="ck_subscription_mode"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    user_id: int = Field(foreign_key="app_user.id")
    kind: str
    channel: str
    mode: str
    changed_at: datetime


class Robot(SQLModel, table=True):
    """A group robot or webhook of an organization; one merged post a day.

    `kinds` are the kinds of message that it takes, joined by commas; `shown` is its address as people may see it. The
    whole address lies in `secret` under `robot:<id>`.
    """

    __tablename__ = "robot"
    __table_args__ = (
        CheckConstraint("platform IN ('wecom', 'dingtalk', 'feishu', 'webhook')", name="ck_robot_platform"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    platform: str
    name: str
    shown: str
    kinds: str
    active: bool = True
    created_at: datetime


class MailAddress(SQLModel, table=True):
    """What became of letters to a person's address. It counts for that address only: another one starts afresh."""

    __tablename__ = "mail_address"

    user_id: int = Field(primary_key=True, foreign_key="app_user.id")
    org_id: int = Field(foreign_key="organization.id", index=True)
    address: str
    bounces: int = 0
    reason: str = Field(default="", sa_type=Text)
    bounced_at: datetime
    unusable_since: datetime | None = None


class Secret(SQLModel, table=True):
    """What must not leave the installation: the key of signed links, and the addresses of robots. Never exported."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    created_at: datetime
