"""One harmless step for many cases: asked beforehand, taken case by case, and a result for every row.

Each case is a transaction of its own through `advance`; what fails for one changes nothing for the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from cases.advance import Refused, advance
from cases.db import Database, cursor_of
from cases.errors import ActionError
from cases.loading import NO_CASE
from cases.loading_many import load_many
from cases.scope import Person
from states.catalog import MODES
from states.decide import why_not
from states.modes import Mode
from states.plan import Unmet
from states.steps import Step

MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """What a step would do, or did, to one case.

    `outcome` is 'possible', 'done', 'refused' or 'failed'; `unmet` is every condition that refused it,
    `reason_*` anything else that stood in the way. A case that is not there has no number.
    """

    case_id: int
    number: str
    title: str
    version: int
    outcome: str
    unmet: tuple[Unmet, ...] = ()
    reason_zh: str = ""
    reason_en: str = ""

    def seen_at(self, version: int | None) -> "Row":
        """Return the row as the person saw it; a step on an older version will be a conflict."""
        return self if version is None else replace(self, version=version)


def steps_for(role: str) -> dict[str, Step]:
    """Return the steps that a role may take for many cases at once, by event."""
    return {
        event: step
        for mode in MODES.values()
        for event, step in mode.steps.items()
        if role in step.roles and is_harmless(mode, step)
    }


def is_harmless(mode: Mode, step: Step) -> bool:
    """Say whether a step asks for nothing but a note and ends no case."""
    widgets = [_widget(step.payload.model_fields[name]) for name in shared_fields(step)]
    ends = any(
        mode.chart.nodes[leaf].final
        for arc in mode.chart.table.get(step.event, ())
        for leaf in arc.leaves_entered
    )
    return step.tone != "danger" and widgets in ([], ["textarea"]) and not ends


def shared_fields(step: Step) -> tuple[str, ...]:
    """Return the fields that are filled in once for all cases; what is declared case by case is left out."""
    fields = step.payload.model_fields.items()
    return tuple(name for name, info in fields if not _meta(info).get("case_by_case"))


def _meta(info: Any) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = info.json_schema_extra
    return meta


def _widget(info: Any) -> str:
    return str(_meta(info)["widget"])


def look(
    db: Database, session: Session, person: Person, event: str, titles: Mapping[int, str], today: date
) -> tuple[Row, ...]:
    """Return for every case whether the step is possible now, and all that stands against it. Writes nothing."""
    cases = load_many(cursor_of(session, db.postgres), list(titles), person.org_id)
    rows = []
    for id_, title in titles.items():
        case = cases.get(id_)
        if case is None:
            rows.append(Row(id_, "", title, 0, "failed", (), *NO_CASE))
            continue
        number, version = case.facts.case_no, case.version
        if (reason := _not_for_many(case.mode, event)) is not None:
            rows.append(Row(id_, number, title, version, "failed", (), *reason))
            continue
        found = why_not(
            case.mode, case.position, event, case.facts, today, book=case.book, actor=person.actor
        )
        outcome = "possible" if found.possible else "refused"
        rows.append(Row(id_, number, title, version, outcome, found.unmet))
    return tuple(rows)


def _not_for_many(mode: Mode, event: str) -> tuple[str, str] | None:
    """Return why cases of a mode cannot take a step with others, or None if they can."""
    step = mode.steps.get(event)
    if step is None:
        return f"“{mode.zh}”案件没有这个步骤", f"cases of the mode '{mode.en}' have no such step"
    if not is_harmless(mode, step):
        zh = f"“{mode.zh}”案件的“{step.zh}”须在案件页面逐件办理"
        return zh, f"'{step.en}' is taken one case at a time in the mode '{mode.en}'"
    return None


def take(
    db: Database,
    person: Person,
    event: str,
    rows: Sequence[Row],
    payload: Mapping[str, Any],
    *,
    today: date,
    now: datetime,
    key: str,
) -> tuple[Row, ...]:
    """Take the step for every row that `look` found possible, and return what came of each.

    `key` makes a repeated press find the first results.
    """
    return tuple(
        _taken(db, person, event, row, payload, today, now, f"{key}:{row.case_id}")
        if row.outcome == "possible"
        else row
        for row in rows
    )


def _taken(
    db: Database,
    person: Person,
    event: str,
    row: Row,
    payload: Mapping[str, Any],
    today: date,
    now: datetime,
    key: str,
) -> Row:
    try:
        advance(
            db, row.case_id, event, person, payload, expected_version=row.version, today=today, now=now,
            action_key=key,
        )  # fmt: skip
    except Refused as refused:
        return replace(row, outcome="refused", unmet=refused.unmet)
    except ActionError as error:
        return replace(row, outcome="failed", reason_zh=error.message, reason_en=error.message_en)
    return replace(row, outcome="done")
