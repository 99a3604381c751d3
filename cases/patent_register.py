"""What a look at the patent register showed: the legal status and the burdens that the gates ask about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlmodel import Session

from cases.db import Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.patent_index import index_patents
from cases.scope import Person
from cases.tables import Patent
from cases.trail import append_org, hold_org
from rules.dates import DateError, parse_date
from rules.gates import FLAGS
from rules.text import normalize

FIELDS = ("status", "flags", "register_checked_on", "evidence")
LABELS = {
    "status": "法律状态", "flags": "登记事项", "register_checked_on": "登记簿核查日期", "evidence": "核查依据",
}  # fmt: skip
STATUSES = ("pending", "in_force", "in_grace", "lapsed", "expired", "void", "unknown")
KEEPERS = ("officer", "administrator")
LONGEST_EVIDENCE = 200


@dataclass(frozen=True, slots=True)
class RegisterData:
    """What is recorded of a patent's place in the register. `flags` are those of `rules.gates.FLAGS`, in order."""

    patent_id: int
    application_no: str
    status: str
    flags: tuple[str, ...]
    checked_on: date | None


def record_register(
    db: Database,
    person: Person,
    patent_id: int,
    values: Mapping[str, object],
    *,
    today: date,
    now: datetime | None = None,
) -> RegisterData:
    """Record what the register shows of a patent on a day; a field that is not in `values` stays as it is.

    `flags` is the whole list; `register_checked_on` and `evidence` (what was looked at) are always needed.

    Raises: Forbidden; NotFound; Invalid with the fields, also for a name that is not in FIELDS.
    Effects: writes the patent and one entry of the organization's trail, with before and after.
    """
    if person.role not in KEEPERS:
        raise Forbidden(
            "登记簿核查须由转化专员或管理员登记", "officers and administrators record the register"
        )
    checked = _checked(values, today)
    evidence = checked.pop("evidence")
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = _existing(session, person.org_id, patent_id)
        before = {name: getattr(row, name) for name in checked}
        after = {name: value for name, value in checked.items() if value != before[name]}
        for name, value in after.items():
            setattr(row, name, value)
        row.updated_at = moment
        session.add(row)
        session.flush()
        body = {
            "patent_id": patent_id, "application_no": row.application_no, "evidence": evidence,
            "before": {name: _told(before[name]) for name in after},
            "after": {name: _told(value) for name, value in after.items()},
        }  # fmt: skip
        append_org(cur, person.org_id, person.author, "register_checked", body, moment)
        index_patents(cur, [patent_id])
        return _view(row)


def _checked(values: Mapping[str, object], today: date) -> dict[str, Any]:
    faults = {name: f"没有这个字段，可填：{'、'.join(FIELDS)}" for name in values if name not in FIELDS}
    checked: dict[str, Any] = {}
    for name, check in _CHECKS.items():
        if name not in values and name in ("status", "flags"):
            continue
        try:
            checked[name] = check(values.get(name), today)
        except (DateError, _Fault) as fault:
            faults[name] = fault.reason
    if faults:
        raise Invalid("登记簿核查信息有误，请改正后重新提交", faults, "what the register shows is not valid")
    return checked


class _Fault(ValueError):
    """A value that cannot be kept; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _status(value: object, _today: date) -> str:
    if value in STATUSES:
        return str(value)
    raise _Fault(f"请从以下各项中选择：{'、'.join(STATUSES)}")


def _flags(value: object, _today: date) -> str:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)) or not set(given) <= FLAGS:
        raise _Fault(f"可填以下各项：{'、'.join(sorted(FLAGS))}")
    return orjson.dumps(sorted(set(given))).decode()


def _checked_on(value: object, today: date) -> date:
    day = value if isinstance(value, date) else parse_date(value if isinstance(value, str) else "")
    if day > today:
        raise _Fault(f"{day.isoformat()}晚于今日{today.isoformat()}，请填写实际查询的日期")
    return day


def _evidence(value: object, _today: date) -> str:
    text = normalize(value) if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_EVIDENCE:
        raise _Fault(f"请写明查的是什么，例如“登记簿副本2026-0311”，不超过{LONGEST_EVIDENCE}个字")
    return text


_CHECKS = {"status": _status, "flags": _flags, "register_checked_on": _checked_on, "evidence": _evidence}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _existing(session: Session, org_id: int, patent_id: int) -> Patent:
    row = session.get(Patent, patent_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到该专利，请从专利库重新打开", "no such patent")
    return row


def _view(row: Patent) -> RegisterData:
    if row.id is None:
        raise ValueError("a patent without an id")
    return RegisterData(
        row.id, row.application_no, row.status, tuple(orjson.loads(row.flags)), row.register_checked_on
    )
