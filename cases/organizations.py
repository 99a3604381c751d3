"""The institution as contracts and filing papers name it: shown to everyone in it, changed by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from cases.companies import LABELS as PARTY_LABELS
from cases.companies import TEXTS, check_party
from cases.db import Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.pack_choices import fault_of
from cases.rulebooks import book_of
from cases.scope import Person
from cases.tables import Organization
from cases.trail import append_org, hold_org
from rules.packs import PackError

FIELDS = ("name", "uscc", *TEXTS[1:])
LABELS = {**PARTY_LABELS, "name": "机构名称"}
# Fields that contracts and filing papers print.
PRINTED = ("uscc", "address", "legal_representative")


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """The organization as documents name it. `trail_*` is the end of its own chain."""

    name: str
    uscc: str
    address: str
    legal_representative: str
    contact: str
    phone: str
    email: str
    bank: str
    account: str
    trail_seq: int
    trail_head: str
    name_en: str = ""
    address_en: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the printed fields that are empty."""
        return tuple(name for name in PRINTED if not getattr(self, name))


def organization_of(session: Session, org_id: int) -> OrganizationView:
    """Return the organization.

    Raises: NotFound.
    """
    return _view(_existing(session, org_id))


def save_organization(
    db: Database, person: Person, values: Mapping[str, object], now: datetime | None = None
) -> OrganizationView:
    """Change the person's organization and return it; a field that is not in `values` stays as it is.

    Raises: Forbidden; Invalid with the fields, also for a name that is not in FIELDS.
    Effects: writes the organization and, if anything has changed, one trail entry with before and after.
    """
    if person.role != "administrator":
        raise Forbidden("机构信息须由管理员维护", "only administrators change the institution")
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = _existing(session, person.org_id)
        before = {name: str(getattr(row, name)) for name in FIELDS}
        checked = _checked({**before, **values})
        after = {name: value for name, value in checked.items() if value != before[name]}
        if after:
            for name, value in after.items():
                setattr(row, name, value)
            session.add(row)
            session.flush()
            body = {"before": {name: before[name] for name in after}, "after": after}
            append_org(cur, person.org_id, person.author, "organization_saved", body, moment)
            session.refresh(row)
        return _view(row)


def rule_layers_of(session: Session, org_id: int) -> tuple[str, ...]:
    """Return the names of the rule packs the institution works under, the general ones first.

    Raises: NotFound.
    """
    return tuple(_existing(session, org_id).rule_layers.split(","))


def save_rule_layers(
    db: Database, person: Person, layers: Sequence[str], now: datetime | None = None
) -> tuple[str, ...]:
    """Choose the rule packs of the person's institution and return their names.

    The packs are read anew from their files. Dates that are on record stay as they were computed.

    Raises: Forbidden; Invalid with the field `layers` if the packs cannot be loaded together.
    Effects: writes the organization and, if the packs are others, one trail entry with before and after.
    """
    if person.role != "administrator":
        raise Forbidden("规则包须由管理员选择", "only administrators choose the rule packs")
    names = _loadable(layers)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = _existing(session, person.org_id)
        before, after = row.rule_layers, ",".join(names)
        if after != before:
            row.rule_layers = after
            session.add(row)
            session.flush()
            body = {"before": {"rule_layers": before}, "after": {"rule_layers": after}}
            append_org(cur, person.org_id, person.author, "rule_layers_saved", body, moment)
    return names


def _loadable(layers: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in layers if name.strip())
    fault = fault_of(names)
    if not fault:
        try:
            book_of(",".join(names))
        except PackError as error:
            fault = str(error)
    if fault:
        raise Invalid("规则包不能使用，请改正后重新选择", {"layers": fault}, "the rule packs cannot be used")
    return names


def _checked(values: Mapping[str, object]) -> dict[str, str]:
    texts, uscc, fields = check_party(values, ("机构名称", "法人证书"), needs_code=False)
    fields |= {name: "须为一段文字" for name, value in values.items() if not isinstance(value, str)}
    fields |= {name: f"没有这个字段，可填：{'、'.join(FIELDS)}" for name in values if name not in FIELDS}
    if fields:
        raise Invalid("机构信息有误，请改正后重新提交", fields, "the institution is not valid")
    return {**texts, "uscc": uscc}


def _existing(session: Session, org_id: int) -> Organization:
    row = session.get(Organization, org_id)
    if row is None:
        raise NotFound("没有找到该单位", "no such organization")
    return row


def _view(o: Organization) -> OrganizationView:
    return OrganizationView(
        o.name, o.uscc, o.address, o.legal_representative, o.contact, o.phone, o.email, o.bank, o.account,
        o.trail_seq, o.trail_head, o.name_en, o.address_en,
    )  # fmt: skip
