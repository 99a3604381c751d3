"""What a demand says, checked field by field: from forms, the API, the command line and sheets alike."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import orjson

from cases.industries import INDUSTRIES
from rules.dates import DateError, parse_date
from rules.money import MoneyError, parse_yuan
from rules.text import normalize
from states.catalog import MODES

FIELDS = (
    "company_id", "title", "text", "industries", "region", "budget_fen", "cooperation", "modes", "received_on",
    "due_on", "owner_id", "source",
)  # fmt: skip
LABELS = {
    "company_id": "企业", "title": "需求名称", "text": "需求内容", "industries": "产业领域", "region": "所在地区",
    "budget_fen": "预算", "cooperation": "合作意愿", "modes": "意向转化方式", "received_on": "提出日期",
    "due_on": "答复期限", "owner_id": "负责人", "source": "来源",
}  # fmt: skip
# The papers ask for an answer in good time (及时反馈) and name no number of days: this one is the house's to change.
ANSWER_DAYS = 10
_LENGTHS = {
    "title": (4, 200),
    "text": (0, 4000),
    "region": (0, 100),
    "cooperation": (0, 500),
    "source": (0, 200),
}


def checked_demand(
    values: Mapping[str, object], today: date, owner_id: int
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields as they are stored, and one reason per wrong field.

    What is not said: received today, to be answered in ten days, owned by the person who writes it down.
    """
    faults = {name: f"没有这个字段，可填：{'、'.join(FIELDS)}" for name in values if name not in FIELDS}
    found: dict[str, Any] = {}
    for name, (least, most) in _LENGTHS.items():
        found[name] = normalize(str(values.get(name) or ""))
        if not least <= len(found[name]) <= most:
            faults[name] = (
                f"{LABELS[name]}须为{least}至{most}个字" if least else f"{LABELS[name]}不能超过{most}个字"
            )
    checks: Mapping[str, Callable[[object], Any]] = {
        "company_id": _company, "industries": lambda v: _codes(v, INDUSTRIES, LABELS["industries"]),
        "modes": lambda v: _codes(v, MODES, LABELS["modes"]), "budget_fen": _budget,
        "received_on": lambda v: _day(v) or today,
        "due_on": _day, "owner_id": lambda v: int(str(v)) if v else owner_id,
    }  # fmt: skip
    for name, check in checks.items():
        try:
            found[name] = check(values.get(name))
        except (DateError, MoneyError, _Fault) as fault:
            faults[name] = fault.reason
        except ValueError:
            faults[name] = f"{LABELS[name]}不正确，请重新选择"
    _check_days(found, faults, today)
    return found, faults


def _check_days(found: dict[str, Any], faults: dict[str, str], today: date) -> None:
    received = found.get("received_on")
    if received is None or "due_on" in faults:
        return
    if received > today:
        faults["received_on"] = f"提出日期不能晚于今日{today.isoformat()}"
    if found["due_on"] is None:
        found["due_on"] = received + timedelta(days=ANSWER_DAYS)
    elif found["due_on"] < received:
        faults["due_on"] = "答复期限不能早于提出日期"


class _Fault(ValueError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _company(value: object) -> int:
    if not value:
        raise _Fault("请选择提出需求的企业；没有登记的，请先登记企业")
    return int(str(value))


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return parse_date(str(value)) if str(value).strip() else None


def _budget(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise _Fault("预算不能小于零")
        return value
    text = str(value or "").strip()
    return parse_yuan(text) if text else None


def _codes(value: object, known: Mapping[str, Any], label: str) -> str:
    given = _listed(value)
    if strange := [code for code in given if code not in known]:
        raise _Fault(f"{label}没有“{'、'.join(strange)}”这一项，可填：{'、'.join(known)}")
    return orjson.dumps(sorted(set(given))).decode()


def _listed(value: object) -> Sequence[str]:
    if isinstance(value, str):
        parts = value.replace("，", ",").replace("、", ",").replace("；", ",").replace(";", ",").split(",")
        return [part.strip() for part in parts if part.strip()]
    return [str(part) for part in value] if isinstance(value, (list, tuple)) else []
