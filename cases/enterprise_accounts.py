"""Accounts of enterprises on the portal: invited by an officer, with passwords and sessions of their own.

They are no users of the desk and share nothing with them but the way of hashing: another table, other sessions, another
cookie. Tokens are random and only their hashes are stored; failures slow down as at the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import delete
from sqlmodel import Session, col, select

from cases.addresses import flaw_of
from cases.companies import EDITORS, get_company
from cases.db import Database, cursor_of
from cases.enterprise_tables import EnterpriseAccount, EnterpriseSession
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.people import (
    HASHER,
    MAX_FAILURES,
    MIN_PASSWORD,
    REST,
    SESSION_LENGTH,
    WRONG,
    SignInFailed,
    is_right,
    nobody,
    token_hash,
)
from cases.scope import NOWHERE, Author, Origin, Person
from cases.tables import Company
from cases.trail import append_org, hold_org
from rules.text import normalize

INVITE_LENGTH = timedelta(days=7)
LOGIN = (3, 50)
BAD_INVITE = ("邀请链接无效、已使用或已过期，请联系学校重新发送", "the invitation is used or too old")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person of an enterprise. `org_id` and `company_id` limit everything they can see."""

    id: int
    org_id: int
    company_id: int
    company: str
    login: str
    name: str
    language: str
    origin: Origin = NOWHERE

    @property
    def author(self) -> Author:
        """The person as the trail names them; no id of the desk's."""
        return Author(None, f"{self.company} {self.name}", self.origin)


@dataclass(frozen=True, slots=True)
class Entered:
    """A session as the browser carries it."""

    token: str
    csrf: str
    language: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as an officer sees it. `invited` while the link waits to be used."""

    id: int
    company_id: int
    login: str
    name: str
    email: str
    active: bool
    invited: bool
    has_password: bool
    last_sign_in: datetime | None


def invite(
    db: Database, person: Person, company_id: int, values: Mapping[str, str], *, now: datetime
) -> tuple[int, str]:
    """Make an account for a person of a company, and return its id and the secret of its one-time link.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict if the login is taken.
    Effects: writes enterprise_account and one entry of the trail; the secret is stored as its hash.
    """
    _check_may(person)
    login, name, email = (normalize(values.get(field, "")) for field in ("login", "name", "email"))
    token = token_urlsafe(24)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        get_company(session, person.org_id, company_id)
        _check(login, name, email)
        if session.exec(select(EnterpriseAccount).where(EnterpriseAccount.login == login)).first():
            reason = f"用户名“{login}”已被使用，请换一个"
            raise Conflict(reason, "the login is taken")
        row = EnterpriseAccount(
            org_id=person.org_id, company_id=company_id, login=login, name=name, email=email,
            invite_hash=token_hash(token), invite_until=now + INVITE_LENGTH, created_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        _log(db, session, person, "enterprise_invited", row, now)
        return int(row.id or 0), token


def _check(login: str, name: str, email: str) -> None:
    faults = {}
    if not (
        login.isascii() and login.isprintable() and " " not in login and LOGIN[0] <= len(login) <= LOGIN[1]
    ):
        faults["login"] = f"用户名须为{LOGIN[0]}至{LOGIN[1]}个英文字母、数字或符号"
    if not 1 <= len(name) <= 50:
        faults["name"] = "姓名须为1至50个字"
    if email and (flaw := flaw_of(email)):
        faults["email"] = flaw
    if faults:
        raise Invalid("账号信息有误，请改正后重新提交", faults, "the account is not valid")


def invite_again(db: Database, person: Person, account_id: int, *, now: datetime) -> tuple[AccountView, str]:
    """Return an account and the secret of a new one-time link, by which its password is set anew; older links end.

    Raises: Forbidden; NotFound; Conflict for an account that is shut.
    """
    _check_may(person)
    token = token_urlsafe(24)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        row = _account(session, person.org_id, account_id)
        if not row.active:
            raise Conflict("该账号已停用，请先启用", "the account is shut")
        row.invite_hash, row.invite_until = token_hash(token), now + INVITE_LENGTH
        session.add(row)
        _log(db, session, person, "enterprise_invited", row, now)
        return _view(row), token


def set_account_active(db: Database, person: Person, account_id: int, active: bool, *, now: datetime) -> int:
    """Let an account in again, or shut it out at once; return its company.

    Raises: Forbidden; NotFound.
    """
    _check_may(person)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        row = _account(session, person.org_id, account_id)
        row.active = active
        if not active:
            row.invite_hash = ""
            _end_sessions(session, account_id)
        session.add(row)
        _log(
            db,
            session,
            person,
            "enterprise_account_enabled" if active else "enterprise_account_disabled",
            row,
            now,
        )
        return row.company_id


def _check_may(person: Person) -> None:
    if person.role not in EDITORS:
        raise Forbidden("企业账号须由转化专员维护", "only officers invite enterprises")


def _account(session: Session, org_id: int, account_id: int) -> EnterpriseAccount:
    row = session.get(EnterpriseAccount, account_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到该企业账号", "no such account")
    return row


def _end_sessions(session: Session, account_id: int) -> None:
    session.execute(delete(EnterpriseSession).where(col(EnterpriseSession.account_id) == account_id))


def _log(
    db: Database, session: Session, person: Person, verb: str, row: EnterpriseAccount, now: datetime
) -> None:
    body = {"login": row.login, "account_id": row.id, "company_id": row.company_id}
    append_org(cursor_of(session, db.postgres), person.org_id, person.author, verb, body, now)


def accounts_of(session: Session, org_id: int, company_id: int) -> tuple[AccountView, ...]:
    """Return the accounts of a company, by login."""
    query = select(EnterpriseAccount).where(
        EnterpriseAccount.org_id == org_id, EnterpriseAccount.company_id == company_id
    )
    return tuple(_view(row) for row in session.exec(query.order_by(col(EnterpriseAccount.login))))


def _view(row: EnterpriseAccount) -> AccountView:
    return AccountView(
        int(row.id or 0), row.company_id, row.login, row.name, row.email, row.active, bool(row.invite_hash),
        bool(row.password_hash), row.last_sign_in,
    )  # fmt: skip


def is_invited(session: Session, token: str, now: datetime) -> bool:
    """Say whether an invitation can be used."""
    return _invited(session, token, now) is not None


def _invited(session: Session, token: str, now: datetime) -> EnterpriseAccount | None:
    query = select(EnterpriseAccount).where(
        EnterpriseAccount.invite_hash == token_hash(token), col(EnterpriseAccount.active)
    )
    row = session.exec(query.with_for_update()).first()
    return row if row and row.invite_until and row.invite_until >= now else None


def accept(db: Database, token: str, password: str, *, now: datetime) -> Entered:
    """Use an invitation: set the password and sign in. All other sessions of the account end.

    Raises: SignInFailed if the link is unknown, used or too old; Invalid if the password is too short.
    """
    _check_password(password)
    with db.read() as session:
        if _invited(session, token, now) is None:
            raise SignInFailed(*BAD_INVITE)
    hashed = HASHER.hash(password)  # slow on purpose, so in no transaction that others wait for
    with db.write() as session:
        row = _invited(session, token, now)
        if row is None:
            raise SignInFailed(*BAD_INVITE)
        row.invite_hash, row.invite_until, row.password_hash = "", None, hashed
        row.failed_sign_ins, row.locked_until = 0, None
        _end_sessions(session, int(row.id or 0))
        return _start(session, row, now)


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        reason = f"密码至少{MIN_PASSWORD}位"
        raise Invalid(reason, {"password": reason}, f"a password has at least {MIN_PASSWORD} characters")


def enter(db: Database, login: str, password: str, *, now: datetime) -> Entered:
    """Sign in by password.

    Raises: SignInFailed; the failure is counted, and after five in a row the account rests.
    """
    named = select(EnterpriseAccount).where(EnterpriseAccount.login == normalize(login))
    with db.read() as session:
        row = session.exec(named).first()
        _check_rested(row, now)
        hashed = row.password_hash if row and row.active and row.password_hash else nobody()
    right = is_right(hashed, password)
    if row is None:
        raise SignInFailed(*WRONG)
    with db.write() as session:
        row = session.exec(named.with_for_update()).one()
        _check_rested(row, now)
        if right and row.active and row.password_hash == hashed:
            row.failed_sign_ins, row.locked_until = 0, None
            return _start(session, row, now)
        row.failed_sign_ins += 1
        if row.failed_sign_ins >= MAX_FAILURES:
            row.failed_sign_ins, row.locked_until = 0, now + REST
        session.add(row)
    raise SignInFailed(*WRONG)


def _check_rested(row: EnterpriseAccount | None, now: datetime) -> None:
    if row and row.locked_until and row.locked_until > now:
        minutes = -(-(row.locked_until - now) // timedelta(minutes=1))
        raise SignInFailed(f"登录失败次数过多，请{minutes}分钟后再试", "too many failures, try again later")


def _start(session: Session, row: EnterpriseAccount, now: datetime) -> Entered:
    token, csrf = token_urlsafe(32), token_urlsafe(24)
    row.last_sign_in = now
    session.add(row)
    session.execute(
        delete(EnterpriseSession).where(
            col(EnterpriseSession.account_id) == row.id, col(EnterpriseSession.expires_at) < now
        )
    )
    session.add(
        EnterpriseSession(
            token_hash=token_hash(token), org_id=row.org_id, account_id=int(row.id or 0), csrf=csrf, created_at=now,
            expires_at=now + SESSION_LENGTH,
        )
    )  # fmt: skip
    return Entered(token, csrf, row.language)


def visitor_of(session: Session, token: str, now: datetime | None = None) -> tuple[Visitor, str] | None:
    """Return who a session of the portal belongs to and its CSRF token, or None."""
    row = session.get(EnterpriseSession, token_hash(token))
    if row is None or row.expires_at < (now or datetime.now(UTC)):
        return None
    account = session.get(EnterpriseAccount, row.account_id)
    if account is None or not account.active:
        return None
    company = session.get(Company, account.company_id)
    if company is None or company.org_id != account.org_id:
        return None
    visitor = Visitor(
        int(account.id or 0), account.org_id, account.company_id, company.name, account.login, account.name,
        account.language,
    )  # fmt: skip
    return visitor, row.csrf


def leave(db: Database, token: str) -> None:
    """End a session of the portal."""
    with db.write() as session:
        if row := session.get(EnterpriseSession, token_hash(token)):
            session.delete(row)


def change_password(db: Database, visitor: Visitor, old: str, new: str) -> None:
    """Change one's own password; all sessions of the account end.

    Raises: Invalid if the old one is wrong or the new one too short.
    """
    _check_password(new)
    with db.read() as session:
        row = session.get(EnterpriseAccount, visitor.id)
        stored = row.password_hash if row else ""
    if not is_right(stored, old):
        raise Invalid("原密码不正确", {"old": "原密码不正确"}, "the old password is wrong")
    hashed = HASHER.hash(new)
    with db.write() as session:
        row = session.get(EnterpriseAccount, visitor.id, with_for_update=True)
        if row is None or row.password_hash != stored:
            raise Conflict("密码刚刚被修改，请重新登录", "the password was changed just now")
        row.password_hash = hashed
        session.add(row)
        _end_sessions(session, visitor.id)


def choose_language(db: Database, visitor: Visitor, language: str) -> None:
    """Choose the language of the portal: zh or en."""
    with db.write() as session:
        row = session.get(EnterpriseAccount, visitor.id)
        if row and language in ("zh", "en"):
            row.language = language
            session.add(row)
