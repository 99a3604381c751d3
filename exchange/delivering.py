"""Sends what a slot of the ledger holds by its channel, and writes down what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cases.db import Database
from cases.delivering import SKIPPED
from cases.mailing import letter_of, message_id_of
from cases.robots import RobotAddress, address_of, robot_of
from cases.sending import (
    FINAL,
    InHand,
    Parcel,
    hand_over,
    parcel_of,
    record_failure,
    record_sent,
    record_skipped,
    still_wanted,
)
from cases.settings import Settings
from cases.tokens import token_key
from exchange.mail import MailProblem, Postman
from exchange.robots import Post, RobotProblem, merged, send_post

NOTHING_LEFT = "已送达或已不存在"
NO_ADDRESS = "没有登记电子邮箱或账号已停用"


@dataclass(frozen=True, slots=True)
class Channels:
    """What sending needs: the record, the settings, a clock and connections to the mail server."""

    db: Database
    settings: Settings
    postman: Postman
    clock: Callable[[], datetime]


def deliver(channels: Channels, slot: str) -> str:
    """Send what is queued in a slot and return what happened; nothing is sent a second time.

    Raises: InHand, MailProblem or RobotProblem if it should be tried again; the reason stands in the ledger.
    """
    parcel = parcel_of(channels.db, slot)
    if parcel is None:
        return NOTHING_LEFT
    try:
        proof = _mail(channels, parcel) if parcel.channel == "mail" else _post(channels, parcel)
    except (MailProblem, RobotProblem) as problem:
        now = channels.clock()
        record_failure(channels.db, parcel, problem.fault, problem.message, now, doubtful=problem.doubtful)
        if problem.fault in FINAL:
            return problem.message
        raise
    return proof


def _mail(channels: Channels, parcel: Parcel) -> str:
    if not parcel.to:
        record_skipped(channels.db, parcel, NO_ADDRESS, channels.clock())
        return NO_ADDRESS
    parcel, declined = still_wanted(channels.db, parcel)
    if declined.ids:
        record_skipped(channels.db, declined, SKIPPED["chosen"], channels.clock())
    if not parcel.ids:
        return SKIPPED["chosen"]
    key = token_key(channels.db, channels.clock())
    message_id = message_id_of(key, parcel, channels.settings.smtp_from)
    letter = letter_of(channels.settings, key, parcel, message_id)
    handed: list[Parcel] = []
    proof = channels.postman.send(
        letter, lambda: handed.append(hand_over(channels.db, parcel, message_id, channels.clock()))
    )
    told = f"{proof}；Message-ID {message_id}"
    record_sent(channels.db, handed[0], told, channels.clock())
    return told


def _post(channels: Channels, parcel: Parcel) -> str:
    address = _address(channels.db, parcel)
    lines = merged(parcel.parts)
    content = Post(
        f"{_kinds(parcel)}：{len(lines)}项", lines, f"{channels.settings.base_url}/messages", parcel.slot
    )
    handed: list[Parcel] = []
    proof = send_post(
        address, content, channels.clock(), allow_local=channels.settings.allow_local_webhooks,
        hand=lambda: handed.append(hand_over(channels.db, parcel, parcel.slot, channels.clock())),
    )  # fmt: skip
    record_sent(channels.db, handed[0], proof, channels.clock())
    return proof


def _address(db: Database, parcel: Parcel) -> RobotAddress:
    robot_id = int(parcel.channel.removeprefix("robot:"))
    with db.read() as session:
        robot, address = robot_of(session, parcel.org_id, robot_id), address_of(session, robot_id)
    if not robot.active:
        raise RobotProblem("群机器人已停用", "refused")
    if address is None:
        raise RobotProblem("本机没有该群机器人的地址（可能由备份恢复），请重新添加", "refused")
    return address


def _kinds(parcel: Parcel) -> str:
    subjects = {part.subject.partition("：")[0] for part in parcel.parts}
    return subjects.pop() if len(subjects) == 1 else "消息汇总"


__all__ = ["Channels", "InHand", "deliver"]
