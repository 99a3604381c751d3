"""Letters and posts of a small world on their way: what writes them, and what the ledger says of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from cases.db import Database
from cases.delivering import queue_deliveries
from cases.settings import Settings
from exchange.delivering import Channels
from exchange.mail import MailSettings, Postman
from tests.cases.test_delivering import write_message
from tests.world import NOW, World

LINE = {
    "case_id": 1, "case_no": "ZH2026-00001", "case_title": "隔膜许可", "title": "许可合同备案", "due": "2026-07-01",
    "days_left": 30, "rung": 30, "kind": "internal", "confidence": "V",
}  # fmt: skip

OWED = {**LINE, "title": "缴纳年费", "kind": "statutory", "owed": True}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def channels_at(db: Database, home: Path, port: int) -> Channels:
    settings = Settings(
        home=home, database_url=str(db.url), smtp_host="127.0.0.1", smtp_port=port, public_url="https://ph.example.invalid",
        smtp_from="panhuo@example.invalid", bounce_address="bounces+*@example.invalid", allow_local_webhooks=True,
    )  # fmt: skip
    postman = Postman(replace(MailSettings.of(settings), timeout=5))
    return Channels(db, settings, postman, Clock())


def later(channels: Channels, **by: int) -> None:
    assert isinstance(channels.clock, Clock)
    channels.clock.now += timedelta(**by)


def told(world: World, kind: str = "reminder", role: str = "officer", **line: Any) -> int:
    with world.db.cursor() as cur:
        kind_ = line.pop("kind_", LINE["kind"])
        lines = orjson.dumps([{**LINE, "kind": kind_, **line}]).decode()
        message_id = write_message(cur, world, kind, role, lines=lines)
        queue_deliveries(cur, message_id, NOW, mail=True)
    return message_id


def tell_lines(world: World, lines: list[dict[str, Any]], *, owed: bool) -> None:
    with world.db.cursor() as cur:
        message_id = write_message(cur, world, lines=orjson.dumps(lines).decode())
        queue_deliveries(cur, message_id, NOW, mail=True, owed=owed)


def row(world: World, channel: str = "mail") -> dict[str, Any]:
    """Return the newest row of a channel, but for what administrators were told about it."""
    names = "status, attempts, fault, proof, error, mail_id, doubtful, handed_at"
    own = "message_id NOT IN (SELECT id FROM message WHERE kind LIKE 'system:%')"
    with world.db.cursor() as cur:
        found = cur.one(f"SELECT {names} FROM delivery WHERE channel = ? AND {own} ORDER BY id DESC", channel)  # noqa: S608
    return dict(zip(names.split(", "), found, strict=True))
