"""How the channels of an organization fare: what a person was sent, and what an administrator must see to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from cases.channel_tables import Delivery, MailAddress, Robot
from cases.db import Database
from cases.errors import Conflict, NotFound
from cases.scope import Person
from cases.sending import queue_again
from cases.tables import Message, User

STATUS = {
    "queued": ("等待发送", "Waiting"),
    "sent": ("已送出", "Sent"),
    "failed": ("发送失败", "Failed"),
    "bounced": ("被拒收或退信", "Refused or bounced"),
    "skipped": ("未发送", "Not sent"),
}
COLOR = {"queued": "blue", "sent": "green", "failed": "red", "bounced": "red", "skipped": "secondary"}
TROUBLE = ("failed", "bounced")
RECENT = timedelta(days=30)
LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One row of the ledger as people see it."""

    id: int
    channel: str
    status: str
    subject: str
    person: str
    recipient: str
    attempts: int
    proof: str
    error: str
    queued_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How one channel fares; `late` counts what has waited for long."""

    channel: str
    sent: int
    failed: int
    late: int
    last_sent: datetime | None
    last_failed: datetime | None


@dataclass(frozen=True, slots=True)
class UnusableAddress:
    """A person whose address is used no more, or has bounced once."""

    user_id: int
    name: str
    address: str
    bounces: int
    reason: str
    bounced_at: datetime
    unusable: bool


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What a robot's platform last answered; no error if it took the post, or was not sent any."""

    robot_id: int
    name: str
    error: str
    was_used: bool


def deliveries_of(session: Session, person: Person, limit: int = 100) -> tuple[DeliveryView, ...]:
    """Return how a person's messages were delivered, the newest first."""
    query = _rows().where(Delivery.user_id == person.id, Delivery.org_id == person.org_id)
    return _views(session, query.order_by(col(Delivery.id).desc()).limit(limit))


def troubles_of(session: Session, org_id: int, now: datetime, limit: int = 50) -> tuple[DeliveryView, ...]:
    """Return what failed or came back in an organization lately, the newest first."""
    query = _rows().where(Delivery.org_id == org_id, col(Delivery.status).in_(TROUBLE))
    query = query.where(col(Delivery.queued_at) > now - RECENT)
    return _views(session, query.order_by(col(Delivery.id).desc()).limit(limit))


def health_of(session: Session, org_id: int, now: datetime) -> dict[str, ChannelHealth]:
    """Return how each channel of an organization has fared lately."""
    recent = select(Delivery.channel, Delivery.status, func.count(), func.max(Delivery.ended_at)).where(
        Delivery.org_id == org_id, col(Delivery.queued_at) > now - RECENT
    )
    late = select(Delivery.channel, func.count()).where(
        Delivery.org_id == org_id, Delivery.status == "queued", col(Delivery.queued_at) < now - LATE
    )
    waiting = dict(session.exec(late.group_by(Delivery.channel)).all())
    counted: dict[str, dict[str, tuple[int, datetime | None]]] = {}
    for channel, status, count, last in session.exec(recent.group_by(Delivery.channel, Delivery.status)):
        counted.setdefault(channel, {})[status] = (count, last)
    return {
        channel: _health(channel, counted.get(channel, {}), waiting.get(channel, 0))
        for channel in {*counted, *waiting}
    }


def addresses_of(session: Session, org_id: int) -> tuple[UnusableAddress, ...]:
    """Return the people whose present address has bounced."""
    query = (
        select(MailAddress, User.name)
        .join(User, col(User.id) == MailAddress.user_id)
        .where(MailAddress.org_id == org_id, MailAddress.address == User.email)
        .order_by(col(MailAddress.bounced_at).desc())
    )
    return tuple(_address(row, name) for row, name in session.exec(query))


def last_answers(session: Session) -> tuple[LastAnswer, ...]:
    """Return what each group robot in use, of all organizations, came to when it was last sent something."""
    return tuple(
        _answer(robot, _last_tried(session, robot))
        for robot in session.exec(select(Robot).where(col(Robot.active)).order_by(col(Robot.id)))
    )


def _last_tried(session: Session, robot: Robot) -> Delivery | None:
    """Return the delivery that the platform last answered to: one that waits for its next try comes before ended ones."""
    tried = select(Delivery).where(
        Delivery.org_id == robot.org_id, Delivery.channel == f"robot:{robot.id}", Delivery.attempts > 0
    )
    newest = (col(Delivery.ended_at).is_not(None), col(Delivery.ended_at).desc(), col(Delivery.id).desc())
    return session.exec(tried.order_by(*newest).limit(1)).first()


def _answer(robot: Robot, row: Delivery | None) -> LastAnswer:
    return LastAnswer(int(robot.id or 0), robot.name, row.error if row else "", row is not None)


def address_of_person(session: Session, person: Person) -> UnusableAddress | None:
    """Return what became of letters to a person's present address; None if nothing bounced."""
    return next((a for a in addresses_of(session, person.org_id) if a.user_id == person.id), None)


def send_again(db: Database, by: Person, delivery_id: int, now: datetime) -> None:
    """Queue a failed or bounced delivery of the organization once more.

    Raises: NotFound; Conflict if it was sent or is waiting.
    Effects: writes delivery and outbox.
    """
    with db.read() as session:
        row = session.get(Delivery, delivery_id)
        if row is None or row.org_id != by.org_id:
            raise NotFound("没有这条发送记录", "no such delivery")
    with db.cursor() as cur:
        if not queue_again(cur, delivery_id, by.org_id, now):
            raise Conflict("该消息已送出或正在等待发送，不会重复发送", "it was sent or is waiting already")


def _rows() -> Any:
    return (
        select(Delivery, Message.subject, User.name)
        .join(Message, col(Message.id) == Delivery.message_id)
        .outerjoin(User, col(User.id) == Delivery.user_id)
    )


def _views(session: Session, query: Any) -> tuple[DeliveryView, ...]:
    return tuple(
        DeliveryView(
            int(row.id or 0), row.channel, row.status, subject, name or "", row.recipient, row.attempts, row.proof,
            row.error, row.queued_at, row.ended_at,
        )
        for row, subject, name in session.exec(query)
    )  # fmt: skip


def _health(channel: str, counted: dict[str, tuple[int, datetime | None]], late: int) -> ChannelHealth:
    sent, last_sent = counted.get("sent", (0, None))
    failed = [counted[status] for status in TROUBLE if status in counted]
    ended = [last for _, last in failed if last]
    return ChannelHealth(
        channel, sent, sum(count for count, _ in failed), late, last_sent, max(ended, default=None)
    )


def _address(row: MailAddress, name: str) -> UnusableAddress:
    return UnusableAddress(
        row.user_id,
        name,
        row.address,
        row.bounces,
        row.reason,
        row.bounced_at,
        row.unusable_since is not None,
    )
