"""Group robots and webhooks of an organization: their addresses are secrets, people see them masked."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlmodel import Session, col, select

from cases.channel_tables import Robot, Secret
from cases.db import Database, cursor_of
from cases.errors import Invalid, NotFound
from cases.scope import Person
from cases.subscriptions import KINDS
from cases.trail import append_org
from rules.text import normalize

PLATFORMS = {
    "wecom": ("企业微信群机器人", "WeCom group robot"),
    "dingtalk": ("钉钉群机器人", "DingTalk group robot"),
    "feishu": ("飞书群机器人", "Feishu group robot"),
    "webhook": ("通用Webhook", "Generic webhook"),
}
MOST = 20


@dataclass(frozen=True, slots=True)
class RobotView:
    """A robot as people see it: never with its whole address."""

    id: int
    org_id: int
    platform: str
    name: str
    shown: str
    kinds: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class RobotAddress:
    """Where a robot listens, and the secret that signs what it is sent. Never shown, logged or exported."""

    platform: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


def robots_of(session: Session, org_id: int) -> tuple[RobotView, ...]:
    """Return an organization's robots."""
    rows = session.exec(select(Robot).where(Robot.org_id == org_id).order_by(col(Robot.id)))
    return tuple(_view(row) for row in rows)


def robot_of(session: Session, org_id: int, robot_id: int) -> RobotView:
    """Return one robot.

    Raises: NotFound.
    """
    row = session.get(Robot, robot_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有这个群机器人", "no such robot")
    return _view(row)


def address_of(session: Session, robot_id: int) -> RobotAddress | None:
    """Return where a robot listens; None where this installation does not have its secret."""
    row, body = session.get(Robot, robot_id), session.get(Secret, f"robot:{robot_id}")
    if row is None or body is None:
        return None
    kept = orjson.loads(body.body)
    return RobotAddress(row.platform, kept["url"], kept["secret"])


def add_robot(
    db: Database, by: Person, *, name: str, address: RobotAddress, shown: str, kinds: Iterable[str], now: datetime
) -> int:  # fmt: skip
    """Add a robot and return its id. A webhook without a secret is given one.

    Raises: Invalid for a name or kinds that cannot be used.
    Effects: writes robot, secret and the organization's trail, which holds the masked address only.
    """
    name, chosen = normalize(name), [kind for kind in KINDS if kind in set(kinds)]
    with db.write() as session:
        reasons = _wrong(session, by.org_id, name, chosen, address)
        if reasons:
            raise Invalid(
                "群机器人没有添加：" + "；".join(reasons.values()), reasons, "the robot was not added"
            )
        row = Robot(
            org_id=by.org_id, platform=address.platform, name=name, shown=shown, kinds=",".join(chosen), created_at=now
        )  # fmt: skip
        session.add(row)
        session.flush()
        secret = address.secret or (secrets.token_urlsafe(24) if address.platform == "webhook" else "")
        body = orjson.dumps({"url": address.url, "secret": secret}).decode()
        session.add(Secret(name=f"robot:{row.id}", body=body, created_at=now))
        _log(
            session,
            db,
            by,
            "robot_added",
            {"name": name, "platform": address.platform, "address": shown},
            now,
        )
        return int(row.id or 0)


def set_robot_active(db: Database, by: Person, robot_id: int, active: bool, now: datetime) -> None:
    """Let a robot be sent to again, or stop it; what is queued for a stopped one fails.

    Raises: NotFound.
    Effects: writes robot and the organization's trail.
    """
    with db.write() as session:
        row = session.get(Robot, robot_id)
        if row is None or row.org_id != by.org_id:
            raise NotFound("没有这个群机器人", "no such robot")
        row.active = active
        _log(session, db, by, "robot_enabled" if active else "robot_disabled", {"name": row.name}, now)


def _wrong(
    session: Session, org_id: int, name: str, kinds: list[str], address: RobotAddress
) -> dict[str, str]:
    reasons = {}
    taken = [row.name for row in session.exec(select(Robot).where(Robot.org_id == org_id))]
    if not 1 <= len(name) <= 50:
        reasons["name"] = "名称须为1至50个字"
    elif name in taken:
        reasons["name"] = "已有同名的群机器人"
    elif len(taken) >= MOST:
        reasons["name"] = f"最多{MOST}个群机器人"
    if not kinds:
        reasons["kinds"] = "至少选择一类消息"
    if address.platform not in PLATFORMS:
        reasons["platform"] = "没有这种平台"
    return reasons


def _log(
    session: Session, db: Database, by: Person, verb: str, told: dict[str, object], now: datetime
) -> None:
    append_org(cursor_of(session, db.postgres), by.org_id, by.author, verb, told, now)


def _view(row: Robot) -> RobotView:
    kinds = tuple(row.kinds.split(","))
    return RobotView(int(row.id or 0), row.org_id, row.platform, row.name, row.shown, kinds, row.active)
