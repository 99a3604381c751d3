"""Finds what commands name: patents by number, companies by name or code, steps to suppose."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from cases.companies import list_companies, save_company
from cases.db import Database
from cases.errors import Invalid, NotFound
from cases.scope import Person
from cases.tables import Patent
from cases.whatif import Supposed
from desk.commands.console import UsageProblem, clean
from rules.dates import parse_date
from rules.identifiers import IdentifierError, parse_application_number


def patent_ids_of(session: Session, org_id: int, numbers: Sequence[str]) -> list[int]:
    """Return the ids of patents by their numbers, as people write them.

    Raises: Invalid for a number that cannot be right; NotFound naming the numbers that are not in the library.
    """
    wanted: dict[str, str] = {}
    for text in numbers:
        try:
            wanted[parse_application_number(clean(text)).digits] = text
        except IdentifierError as error:
            raise Invalid(
                f"专利号“{text}”有误：{error.reason}", {"patent": error.reason}, f"bad number {text}"
            ) from error
    query = select(Patent.application_no, Patent.id).where(
        Patent.org_id == org_id, col(Patent.application_no).in_(wanted)
    )
    known = dict(session.exec(query).all())
    missing = [text for digits, text in wanted.items() if digits not in known]
    if missing:
        listed = "、".join(missing[:10])
        raise NotFound(f"专利库中没有：{listed}，请先导入专利清单", f"not in the library: {listed}")
    return [int(known[digits] or 0) for digits in wanted]


def company_id_of(db: Database, person: Person, name: str, uscc: str) -> int:
    """Return the id of a company by name or code; with a code of its own a new one is registered.

    Raises: NotFound, Invalid.
    """
    with db.read() as session:
        found = list_companies(session, person.org_id, uscc or name, 200)
    wanted = {name.strip(), uscc.strip().upper()} - {""}
    exact = [one for one in found if one.name in wanted or one.uscc in wanted]
    if exact:
        return exact[0].id
    if uscc:
        return save_company(db, person, {"name": name, "uscc": uscc})
    text = f"没有登记企业“{name}”，请用 --uscc 提供统一社会信用代码一并登记"
    raise NotFound(text, f"no company {name}; give --uscc to register it")


def supposed_of(steps: Sequence[Any], today: date) -> tuple[Supposed, ...]:
    """Return the steps to suppose.

    Raises: UsageProblem, DateError.
    """
    if not steps:
        raise UsageProblem("请给出步骤，或用 --steps 给出多个步骤", "name a step, or give --steps")
    return tuple(_supposed(step, today) for step in steps)


def _supposed(step: Any, today: date) -> Supposed:
    if not isinstance(step, Mapping) or not isinstance(step.get("event"), str):
        raise UsageProblem("每个步骤须为含有event的JSON对象", "each step is an object with 'event'")
    payload, on = step.get("payload") or {}, step.get("on") or ""
    if not isinstance(payload, Mapping) or not isinstance(on, str):
        raise UsageProblem("步骤的payload须为JSON对象，on须为日期", "'payload' is an object, 'on' a date")
    return Supposed(step["event"], dict(payload), parse_date(on) if on else today)
