"""People and how they prove who they are: passwords (argon2), sessions, one-time links, API tokens, feed links.

Tokens are random and only their hashes are stored. Failed sign-ins slow down: after five in a row the account
rests for a while. A message never says whether the login or the password was wrong.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session as Db
from sqlmodel import col, select

from cases.addresses import flaw_of
from cases.db import Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.oversight import SUPERVISOR, flaw_of_role
from cases.reminder_tables import AT_ONCE
from cases.scope import Person
from cases.tables import ROLES, ApiToken, Session, SignInLink, User
from cases.trail import append_org, hold_org
from rules.text import normalize

HASHER = PasswordHasher()
SESSION_LENGTH = timedelta(hours=12)
LINK_LENGTH = timedelta(days=1)
MAX_FAILURES = 5
REST = timedelta(minutes=10)
MIN_PASSWORD = 10
LOOK_AGAIN = "UPDATE deadline SET next_on = ? WHERE owner_id = ? AND status = 'open'"
WRONG = ("用户名或密码不正确", "wrong login or password")
_NOBODY = HASHER.hash("nobody has this password")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as the browser carries it."""

    token: str
    csrf: str
    person: Person


class SignInFailed(Forbidden):
    """Wrong login or password, or the account rests."""


def nobody() -> str:
    """Return a hash to check against where there is no account, so that it takes as long."""
    return _NOBODY


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return sha256(token.encode()).hexdigest()


def sign_in(db: Database, login: str, password: str, *, now: datetime | None = None) -> SignedIn:
    """Sign a person in by password.

    Raises: SignInFailed; the failure is counted.
    """
    moment = now or datetime.now(UTC)
    named = select(User).where(User.login == normalize(login))
    with db.read() as session:
        user = session.exec(named).first()
        _check_rested(user, moment)
        hashed = user.password_hash if user and user.active else _NOBODY
    right = is_right(hashed, password)  # slow on purpose, so in no transaction that others wait for
    if user is None:
        raise SignInFailed(*WRONG)
    with db.write() as session:
        user = session.exec(named.with_for_update()).one()
        _check_rested(user, moment)
        if right and user.active and user.password_hash == hashed:
            user.failed_sign_ins, user.locked_until = 0, None
            return _start_session(session, user, moment)
        user.failed_sign_ins += 1
        if user.failed_sign_ins >= MAX_FAILURES:
            user.failed_sign_ins, user.locked_until = 0, moment + REST
    raise SignInFailed(*WRONG)


def _check_rested(user: User | None, now: datetime) -> None:
    if user and user.locked_until and user.locked_until > now:
        minutes = -(-(user.locked_until - now) // timedelta(minutes=1))
        raise SignInFailed(f"登录失败次数过多，请{minutes}分钟后再试", "too many failures, try again later")


def sign_in_by_link(db: Database, token: str, *, now: datetime | None = None) -> SignedIn:
    """Sign a person in by a one-time link.

    Raises: SignInFailed if the link is unknown, used or too old.
    """
    moment = now or datetime.now(UTC)
    with db.write() as session:
        link = session.get(SignInLink, token_hash(token), with_for_update=True)
        user = session.get(User, link.user_id) if link else None
        if link is None or user is None or link.used_at or link.expires_at < moment or not user.active:
            raise SignInFailed("登录链接无效、已使用或已过期，请重新获取", "the link is used or too old")
        link.used_at = moment
        return _start_session(session, user, moment)


def make_sign_in_link(db: Database, user_id: int, *, now: datetime | None = None) -> str:
    """Return a token that signs a user in once within a day."""
    moment = now or datetime.now(UTC)
    token = token_urlsafe(24)
    with db.write() as session:
        session.add(
            SignInLink(token_hash=token_hash(token), user_id=user_id, expires_at=moment + LINK_LENGTH)
        )
    return token


def person_of_session(session: Db, token: str, *, now: datetime | None = None) -> tuple[Person, str] | None:
    """Return who a session belongs to and its CSRF token, or None."""
    row = session.get(Session, token_hash(token))
    if row is None or row.expires_at < (now or datetime.now(UTC)):
        return None
    user = session.get(User, row.user_id)
    return (_person(user), row.csrf) if user and user.active else None


def sign_out(db: Database, token: str) -> None:
    """End a session."""
    with db.write() as session:
        if row := session.get(Session, token_hash(token)):
            session.delete(row)


def make_api_token(db: Database, person: Person, name: str, *, now: datetime | None = None) -> str:
    """Return a new bearer token that acts as this person; it is shown once."""
    token = "ph_" + token_urlsafe(32)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        row = ApiToken(
            org_id=person.org_id, user_id=person.id, name=normalize(name)[:100] or "API",
            token_hash=token_hash(token), created_at=moment,
        )  # fmt: skip
        session.add(row)
        _log(session, db, person, "api_token_made", {"name": row.name}, moment)
    return token


def person_of_api_token(session: Db, token: str) -> Person | None:
    """Return who an API token acts as, or None."""
    row = session.exec(select(ApiToken).where(ApiToken.token_hash == token_hash(token))).first()
    if row is None or row.revoked_at:
        return None
    user = session.get(User, row.user_id)
    return _person(user) if user and user.active else None


def revoke_api_token(db: Database, person: Person, token_id: int, now: datetime | None = None) -> None:
    """End an API token: one's own, or as administrator any of the organization; an ended one stays as it is.

    Raises: NotFound, also for a token that is somebody else's.
    """
    moment = now or datetime.now(UTC)
    with db.write() as session:
        row = session.get(ApiToken, token_id, with_for_update=True)
        mine = row is not None and (row.user_id == person.id or person.role == "administrator")
        if row is None or row.org_id != person.org_id or not mine:
            raise NotFound("没有找到该接口令牌", "no such API token")
        if row.revoked_at is None:
            row.revoked_at = moment
            body = {"name": row.name, "token_id": token_id, "user_id": row.user_id}
            _log(session, db, person, "api_token_revoked", body, moment)


def renew_feed(db: Database, person: Person) -> str:
    """Return a new secret for the person's calendar feed; the old link stops working."""
    token = token_urlsafe(24)
    with db.write() as session:
        user = session.get(User, person.id)
        if user is None:
            raise NotFound("没有找到该用户", "no such user")
        user.feed_hash = token_hash(token)
        _log(session, db, person, "feed_renewed", {}, datetime.now(UTC))
    return token


def end_feed(db: Database, person: Person) -> None:
    """End the link of the person's calendar feed."""
    with db.write() as session:
        user = session.get(User, person.id)
        if user is not None and user.feed_hash:
            user.feed_hash = ""
            _log(session, db, person, "feed_ended", {}, datetime.now(UTC))


def person_of_feed(session: Db, token: str) -> Person | None:
    """Return whose calendar feed a secret opens, or None."""
    user = session.exec(select(User).where(User.feed_hash == token_hash(token))).first()
    return _person(user) if user and user.active else None


def add_user(
    db: Database, by: Person, *, login: str, name: str, role: str, email: str = "", password: str = ""
) -> int:
    """Add a user to the organization and return the id.

    Raises: Forbidden, Invalid, Conflict.
    """
    if by.role != "administrator":
        raise Forbidden("用户须由管理员维护", "only administrators manage users")
    login, name, email = normalize(login), normalize(name), normalize(email)
    fields = {}
    if not login.isascii() or not 2 <= len(login) <= 50:
        fields["login"] = "用户名须为2至50个英文字母、数字或符号"
    if not 1 <= len(name) <= 50:
        fields["name"] = "姓名须为1至50个字"
    if role not in ROLES:
        fields["role"] = "请选择角色"
    if email and (flaw := flaw_of(email)):
        fields["email"] = flaw
    if password and len(password) < MIN_PASSWORD:
        fields["password"] = f"密码至少{MIN_PASSWORD}位"
    if fields:
        raise Invalid("用户信息有误，请改正后重新提交", fields, "the user is not valid")
    now = datetime.now(UTC)
    hashed = HASHER.hash(password) if password else ""
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), by.org_id)
        if flaw := flaw_of_role(session, by.org_id, role):
            raise Invalid("用户信息有误，请改正后重新提交", {"role": flaw}, "the user is not valid")
        if session.exec(select(User).where(User.login == login)).first():
            raise Conflict(f"用户名“{login}”已被使用，请换一个", "the login is taken")
        user = User(
            org_id=by.org_id, login=login, name=name, role=role, email=email, password_hash=hashed,
            created_at=now,
        )  # fmt: skip
        session.add(user)
        session.flush()
        _log(session, db, by, "user_added", {"login": login, "role": role, "user_id": user.id}, now)
        return int(user.id or 0)


def set_password(db: Database, person: Person, old: str, new: str) -> None:
    """Change one's own password; all other sessions end.

    Raises: Invalid if the old one is wrong (an account without one accepts any) or the new one is too short.
    """
    if len(new) < MIN_PASSWORD:
        message = f"新密码至少{MIN_PASSWORD}位"
        raise Invalid(message, {"new": message}, "the password is too short")
    with db.write() as session:
        user = session.get(User, person.id)
        if user is None:
            raise NotFound("没有找到该用户", "no such user")
        if user.password_hash and not is_right(user.password_hash, old):
            raise Invalid("原密码不正确", {"old": "原密码不正确"}, "the old password is wrong")
        user.password_hash = HASHER.hash(new)
        for row in session.exec(select(Session).where(Session.user_id == person.id)):
            session.delete(row)
        _log(session, db, person, "password_changed", {}, datetime.now(UTC))


def set_language(db: Database, person: Person, language: str) -> None:
    """Choose the language of the screens: 'zh' or 'en'."""
    with db.write() as session:
        user = session.get(User, person.id)
        if user and language in ("zh", "en"):
            user.language = language


def set_active(db: Database, by: Person, user_id: int, active: bool) -> None:
    """Let a user in again, or shut them out; their sessions end.

    Raises: Forbidden, NotFound, Conflict for one's own account.
    """
    if by.role != "administrator":
        raise Forbidden("用户须由管理员维护", "only administrators manage users")
    if user_id == by.id:
        raise Conflict("不能停用自己的账号", "not one's own account")
    with db.write() as session:
        user = session.get(User, user_id)
        if user is None or user.org_id != by.org_id:
            raise NotFound("没有找到该用户", "no such user")
        user.active = active
        # Whoever stands in for them, or they themselves again, are told at the next sweep how their dates stand.
        cur = cursor_of(session, db.postgres)
        cur.run(LOOK_AGAIN, cur.day(AT_ONCE), user_id)
        for row in session.exec(select(Session).where(Session.user_id == user_id)):
            session.delete(row)
        verb = "user_enabled" if active else "user_disabled"
        _log(session, db, by, verb, {"user_id": user_id, "login": user.login}, datetime.now(UTC))


def people_of(session: Db, org_id: int, *, active_only: bool = True) -> tuple[Person, ...]:
    """Return the people of an organization, by name."""
    query = select(User).where(User.org_id == org_id)
    if active_only:
        query = query.where(col(User.active))
    return tuple(_person(row) for row in session.exec(query.order_by(col(User.role), col(User.name))))


def supervisors(session: Db) -> tuple[Person, ...]:
    """Return the active supervisors of all bureaus, for whoever sets the product up."""
    query = select(User).where(User.role == SUPERVISOR, User.active).order_by(User.login)
    return tuple(_person(user) for user in session.exec(query))


def person_by_login(session: Db, login: str) -> Person:
    """Return an active user by login.

    Raises: NotFound.
    """
    user = session.exec(select(User).where(User.login == normalize(login))).first()
    if user is None or not user.active:
        raise NotFound(f"没有名为“{login}”的用户", f"no user named {login}")
    return _person(user)


def _person(user: User) -> Person:
    return Person(int(user.id or 0), user.org_id, user.login, user.name, user.role, user.email, user.language)


def _start_session(session: Db, user: User, now: datetime) -> SignedIn:
    token, csrf = token_urlsafe(32), token_urlsafe(24)
    session.add(
        Session(
            token_hash=token_hash(token), user_id=int(user.id or 0), csrf=csrf, created_at=now,
            expires_at=now + SESSION_LENGTH,
        )
    )  # fmt: skip
    return SignedIn(token, csrf, _person(user))


def is_right(hashed: str, password: str) -> bool:
    """Say whether a password is the one that was hashed; an empty or broken hash fits none."""
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _log(session: Db, db: Database, by: Person, verb: str, body: dict[str, object], now: datetime) -> None:
    append_org(cursor_of(session, db.postgres), by.org_id, by.author, verb, body, now)
