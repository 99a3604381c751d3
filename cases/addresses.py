"""A person's e-mail address: what may be one, and changing it, by an administrator or by the person."""

from datetime import datetime

from cases.bouncing import FORGET
from cases.channel_settings import MAILBOX
from cases.db import Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.scope import Person
from cases.tables import User
from cases.trail import append_org, hold_org
from rules.text import normalize

LONGEST, LONGEST_NAME = 254, 64  # RFC 5321 4.5.3.1, with the angle brackets of a path taken off
NEEDED = "请填写电子邮箱；不再使用邮箱的，请联系管理员清除"
WRONG = "电子邮箱格式不正确，应形如 name@example.cn"
TOO_LONG = "电子邮箱过长，请核对"


def flaw_of(address: str) -> str:
    """Return in Chinese what is wrong with an e-mail address; empty if letters can be sent to it."""
    if len(address) > LONGEST or len(address.rpartition("@")[0]) > LONGEST_NAME:
        return TOO_LONG
    return "" if MAILBOX.match(address) else WRONG


def set_email(db: Database, by: Person, user_id: int, typed: str, now: datetime) -> str:
    """Change where a person's letters go, and return the address; only an administrator may leave it empty.

    Letters that wait go to the new address. An address given again is used again, although letters came back.

    Raises: NotFound, Forbidden; Invalid for what is no address.
    Effects: writes app_user, mail_address and the organization's trail, which does not hold the address.
    """
    address = normalize(typed)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, by.org_id)
        user = session.get(User, user_id)
        if user is None or user.org_id != by.org_id:
            raise NotFound("没有找到该用户", "no such user")
        _check(by, user_id, address)
        user.email = address
        cur.run(FORGET, user_id, by.org_id)
        append_org(cur, by.org_id, by.author, "email_changed", {"user_id": user_id, "login": user.login}, now)
    return address


def _check(by: Person, user_id: int, address: str) -> None:
    if by.role != "administrator" and by.id != user_id:
        raise Forbidden("他人的电子邮箱须由管理员更正", "only administrators change the address of others")
    if not address and by.role == "administrator":
        return
    if flaw := flaw_of(address) if address else NEEDED:
        raise Invalid(flaw, {"email": flaw}, "this is no e-mail address")
