"""The first institution of a record and its administrator: how an empty record begins."""

from datetime import UTC, datetime

from sqlmodel import select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Invalid
from cases.people import add_user
from cases.scope import Person
from cases.tables import Organization
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
    institution, code = _checked(institution, uscc)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        if session.exec(select(Organization.id)).first() is not None:
            raise Conflict("系统中已有单位，请由管理员添加用户", "there is an institution already")
        org = Organization(name=institution, uscc=code, created_at=moment)
        session.add(org)
        session.flush()
        org_id = int(org.id or 0)
        body = {"name": institution, "uscc": code}
        append_org(cursor_of(session, db.postgres), org_id, (None, SETUP), "institution_founded", body, moment)
    founder = Person(0, org_id, "", SETUP, "administrator")
    try:
        return add_user(db, founder, login=login, name=name, role="administrator", email=email)
    except Invalid:
        _undo(db, org_id)
        raise


def _checked(institution: str, uscc: str) -> tuple[str, str]:
    name = normalize(institution)
    fields: dict[str, str] = {}
    if not 2 <= len(name) <= 100:
        fields["institution"] = "单位名称须为2至100个字，按法人证书填写"
    code = ""
    if uscc.strip():
        try:
            code = parse_uscc(uscc)
        except IdentifierError as error:
            fields["uscc"] = error.reason
    if fields:
        raise Invalid(f"单位信息有误：{'；'.join(fields.values())}", fields, "the institution is not valid")
    return name, code


