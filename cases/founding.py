"""The first institution of a record and its administrator: how an empty record begins."""

from datetime import UTC, datetime

from sqlmodel import select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Invalid
from cases.scope import Author, Origin
from cases.tables import Organization, User
from cases.trail import append_org
from rules.identifiers import IdentifierError, parse_uscc
from rules.text import normalize

SETUP = "初始设置"


def found(
    db: Database,
    *,
    institution: str,
    uscc: str = "",
    login: str,
    name: str,
    email: str = "",
    now: datetime | None = None,
) -> int:
    """Write the institution with its administrator, and return the administrator's id.

    Raises: Conflict if the record holds an institution already; Invalid with the fields.
    Effects: writes organization, user and the first entries of the organization's trail.
    """
    moment = now or datetime.now(UTC)
    institution, login, name = normalize(institution), normalize(login), normalize(name)
    code = _checked(institution, uscc, login, name)
    with db.write() as session:
        if session.exec(select(Organization.id)).first() is not None:
            raise Conflict("系统中已有单位，请由管理员添加用户", "there is an institution already")
        org = Organization(name=institution, uscc=code, created_at=moment)
        session.add(org)
        session.flush()
        org_id = int(org.id or 0)
        user = User(
            org_id=org_id,
            login=login,
            name=name,
            role="administrator",
            email=normalize(email),
            created_at=moment,
        )
        session.add(user)
        session.flush()
        cur, by = cursor_of(session, db.postgres), Author(None, SETUP, Origin("setup"))
        append_org(cur, org_id, by, "institution_founded", {"name": institution, "uscc": code}, moment)
        body = {"login": login, "role": "administrator", "user_id": user.id}
        append_org(cur, org_id, by, "user_added", body, moment)
        return int(user.id or 0)


def _checked(institution: str, uscc: str, login: str, name: str) -> str:
    """Return the institution's code, or the empty text.

    Raises: Invalid with one reason per field.
    """
    fields: dict[str, str] = {}
    if not 2 <= len(institution) <= 100:
        fields["institution"] = "单位名称须为2至100个字，按法人证书填写"
    if not login.isascii() or not 2 <= len(login) <= 50:
        fields["login"] = "用户名须为2至50个英文字母、数字或符号"
    if not 1 <= len(name) <= 50:
        fields["name"] = "姓名须为1至50个字"
    code = ""
    if uscc.strip():
        try:
            code = parse_uscc(uscc)
        except IdentifierError as error:
            fields["uscc"] = error.reason
    if fields:
        raise Invalid(f"单位信息有误：{'；'.join(fields.values())}", fields, "the institution is not valid")
    return code
