"""Pre-filing assessments (申请前评估): planned applications, what was found of them, and the hard stop before filing.

House policy says since when it binds (`HousePolicy.assessment_since`); where it does not, what is unmet is told and filed
nevertheless. A head may let an application pass with a reason. What was filed elsewhere shows up as unassessed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import orjson

from cases.db import Cursor, Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from cases.funding import write_funding
from cases.payloads import check_payload
from cases.scope import Person
from cases.use_forms import Assess, FileApplication, Override, PlanApplication
from cases.use_rows import Act, Outcome, acting, change, check_not_after, insert, put_row
from rules.identifiers import IdentifierError, parse_application_number
from rules.packs import RuleBook
from rules.use_codes import HEADS
from states.plan import Refusal, Unmet
from states.pre_filing import HEADS_OF_OFFICE, Plan, unmet_for_filing

ADDED: Outcome = "added"
PLANNED = "SELECT id FROM assessment WHERE org_id = ? AND title = ? AND inventors = ? AND filed_on IS NULL ORDER BY id"
STEP = ("登记提交申请", "record the filing")
READ = (
    "SELECT decision, decided_on, scores, funded, program, project_name, project_no, declared_on, search_note, filed_on, "
    "application_no, overridden_by, title, funder FROM assessment WHERE id = ? AND org_id = ?"
)
TWIN = "SELECT id FROM assessment WHERE org_id = ? AND application_no = ? AND id <> ?"
PATENT = "SELECT id, filing_date FROM patent WHERE org_id = ? AND application_no = ?"
WAITING = (
    "SELECT a.id, p.id FROM assessment a JOIN patent p ON p.org_id = a.org_id AND p.application_no = a.application_no "
    "WHERE a.org_id = ? AND a.filed_on IS NOT NULL AND a.funded IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM funding f WHERE f.patent_id = p.id) ORDER BY a.id"
)


def plan_application(
    db: Database,
    person: Person,
    values: Mapping[str, Any],
    *,
    now: datetime,
    assessment_id: int | None = None,
) -> int:
    """Register a planned application, or change one before it is filed, and return its id.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict once it is filed.
    Effects: writes assessment and the organization's trail.
    """
    with acting(db, person, now) as act:
        return write_plan(act, values, assessment_id)[0]


def write_plan(act: Act, values: Mapping[str, Any], assessment_id: int | None = None) -> tuple[int, Outcome]:
    """Do the same in the caller's transaction, and say what came of it."""
    act.only()
    checked = cast(PlanApplication, check_payload(PlanApplication, values))
    columns = {
        **checked.model_dump(exclude={"inventors", "funded"}), "inventors": _list(checked.inventors),
        "funded": {"yes": True, "no": False}.get(checked.funded),
    }  # fmt: skip
    if assessment_id is None:
        born = {"org_id": act.org_id, "user_id": act.user_id, "created_at": act.now, "updated_at": act.now}
        unsaid = dict.fromkeys(("decision", "opinion", "application_no", "override_reason"), "")
        made, outcome = (
            insert(act, "assessment", {**columns, **born, **unsaid, "scores": "{}", "assessors": "[]"}),
            ADDED,
        )
    else:
        _open(act, assessment_id)
        put = put_row(act, "assessment", {"id": assessment_id, "org_id": act.org_id}, columns)
        made, outcome = assessment_id, put.outcome
    if outcome != "same":
        act.tell("application_planned", {"assessment_id": made, **checked.model_dump()})
    return made, outcome


def planned_before(act: Act, title: str, inventors: str) -> int | None:
    """Return the planned application of a title and inventors that is not filed yet, if there is one."""
    row = act.cur.one(PLANNED, act.org_id, title, _list(inventors))
    return int(row[0]) if row else None


def assess(
    db: Database, person: Person, assessment_id: int, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Record scores, assessors, decision and opinion; doing it again replaces them until the application is filed.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict once it is filed.
    Effects: as `plan_application`.
    """
    with acting(db, person, now) as act:
        write_assessment(act, assessment_id, values)


def write_assessment(act: Act, assessment_id: int, values: Mapping[str, Any]) -> Outcome:
    """Do the same in the caller's transaction, and say what came of it."""
    act.only("officer", "administrator", "approver")
    _open(act, assessment_id)
    checked = cast(Assess, check_payload(Assess, values))
    check_not_after(act, decided_on=checked.decided_on)
    scores = {head: score for head in HEADS if (score := getattr(checked, head)) is not None}
    if checked.decision == "pass" and len(scores) < len(HEADS):
        missing = {head: "通过的评估须有评分，0至100分" for head in HEADS if head not in scores}
        raise Invalid("评估通过的，各项均须评分", missing, "a passed assessment needs every score")
    columns = {
        "scores": orjson.dumps(scores).decode(), "assessors": _list(checked.assessors), "decision": checked.decision,
        "opinion": checked.opinion, "decided_on": checked.decided_on,
    }  # fmt: skip
    made = put_row(act, "assessment", {"id": assessment_id, "org_id": act.org_id}, columns)
    if made.outcome != "same":
        change(act, "assessment", assessment_id, {"overridden_by": None, "override_reason": ""})
        act.tell("application_assessed", {"assessment_id": assessment_id, **checked.model_dump(mode="json")})
    return made.outcome


def let_pass(
    db: Database, person: Person, assessment_id: int, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Let an application be filed against its assessment; only a head does, and says why.

    Raises: Forbidden, NotFound, Invalid; Conflict once it is filed.
    Effects: as `plan_application`.
    """
    with acting(db, person, now) as act:
        plan, _ = _open(act, assessment_id)
        if person.role not in HEADS_OF_OFFICE:
            raise Forbidden("只有审批人或管理员可以放行未通过评估的申请", "only a head may let it pass")
        checked = cast(Override, check_payload(Override, values))
        change(
            act, "assessment", assessment_id, {"overridden_by": person.id, "override_reason": checked.override_reason}
        )  # fmt: skip
        unmet = [one.code for one in unmet_for_filing(plan, act.book, act.today)]
        body = {"assessment_id": assessment_id, "reason": checked.override_reason, "unmet": unmet}
        act.tell("assessment_overridden", body)


def file_application(
    db: Database, person: Person, assessment_id: int, values: Mapping[str, Any], *, now: datetime
) -> tuple[Unmet, ...]:
    """Record that a planned application was filed; return what was unmet where the house's policy does not bind.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict if it or the number was filed before; Refused with
    every condition that is not met, unless a head has let it pass: the declaration of funding is never waived.
    Effects: writes assessment, the declaration of a patent that is on record, and the organization's trail.
    """
    with acting(db, person, now) as act:
        return write_filing(act, assessment_id, values)


def write_filing(act: Act, assessment_id: int, values: Mapping[str, Any]) -> tuple[Unmet, ...]:
    """Do the same in the caller's transaction."""
    act.only()
    plan, row = _open(act, assessment_id)
    checked = cast(FileApplication, check_payload(FileApplication, values))
    check_not_after(act, filed_on=checked.filed_on, declared_on=checked.declared_on)
    number = _number(checked.application_no)
    if act.cur.one(TWIN, act.org_id, number, assessment_id):
        raise Conflict(f"申请号{number}已登记在另一项申请前评估", "the number belongs to another assessment")
    declared = checked.declared_on or plan.declared_on
    unmet = standing_against(
        _declared(plan, declared), act.book, checked.filed_on, is_let_pass=row["overridden_by"] is not None
    )
    binding = tuple(one for one in unmet if is_binding(act.book, checked.filed_on) or one.rule_id in DECLARED)
    if binding:
        raise Refused(Refusal("file_application", binding), STEP)
    columns = {"application_no": number, "filed_on": checked.filed_on, "declared_on": declared}
    change(act, "assessment", assessment_id, columns)
    told = {
        "application_no": number,
        "filed_on": checked.filed_on.isoformat(),
        "unmet": [one.code for one in unmet],
    }
    act.tell("application_filed", {"assessment_id": assessment_id, **told})
    patent = act.cur.one(PATENT, act.org_id, number)
    if patent is not None:
        hand_declaration(act, assessment_id, int(patent[0]))
    return unmet


# What the declaration rests on: no head waives it, no house turns it off.
DECLARED = frozenset({"RP-05", "DC-02"})


def standing_against(plan: Plan, book: RuleBook, on: date, *, is_let_pass: bool = False) -> tuple[Unmet, ...]:
    """Return what stands against filing, without what a head has let pass."""
    found = unmet_for_filing(plan, book, on)
    return tuple(one for one in found if one.rule_id in DECLARED) if is_let_pass else found


def is_binding(book: RuleBook, filed_on: date) -> bool:
    """Say whether the house's policy stops an application of that day without a passed assessment."""
    since = book.house(filed_on).assessment_since if book.policies else None
    return since is not None and filed_on >= since


def hand_declaration(act: Act, assessment_id: int, patent_id: int) -> None:
    """Record on a patent what its assessment says of its funding; nothing if it says nothing."""
    _, row = _read(act.cur, act.org_id, assessment_id)
    if row["funded"] is None:
        return
    values = {"funded": "yes" if row["funded"] else "no"}
    if row["funded"]:
        values |= {name: row[name] for name in ("program", "funder", "project_name", "project_no")}
        values |= {
            "declared_on": row["declared_on"],
            "declared_by": "self",
            "evidence": f"申请前评估{assessment_id}号",
        }
    write_funding(act, patent_id, values)


def waiting_declarations(act: Act) -> list[tuple[int, int]]:
    """Return assessments and the patents on record by now that do not bear what was said of their funding."""
    return [(int(a), int(p)) for a, p in act.cur.all(WAITING, act.org_id)]


def _list(names: str) -> str:
    return orjson.dumps(names_in(names)).decode()


def names_in(text: str) -> list[str]:
    """Return the names of a list as people type it."""
    for mark in "，,;；/\n":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(filter(None, (name.strip() for name in text.split("、")))))


def plan_of(row: Mapping[str, Any]) -> Plan:
    """Return a stored assessment as the conditions of filing see it."""
    funded = row["funded"]
    return Plan(
        row["decision"], _day(row["decided_on"]), orjson.loads(row["scores"]), None if funded is None else bool(funded),
        (row["program"], row["project_name"], row["project_no"]), _day(row["declared_on"]), bool(row["search_note"]),
    )  # fmt: skip


_NAMES: Sequence[str] = (
    "decision", "decided_on", "scores", "funded", "program", "project_name", "project_no", "declared_on", "search_note",
    "filed_on", "application_no", "overridden_by", "title", "funder",
)  # fmt: skip


def _read(cur: Cursor, org_id: int, assessment_id: int) -> tuple[Plan, dict[str, Any]]:
    found = cur.one(READ, assessment_id, org_id)
    if found is None:
        raise NotFound("没有找到这项申请前评估，请从列表重新打开", "no such assessment")
    row = dict(zip(_NAMES, found, strict=True))
    return plan_of(row), row


def _open(act: Act, assessment_id: int) -> tuple[Plan, dict[str, Any]]:
    plan, row = _read(act.cur, act.org_id, assessment_id)
    if row["filed_on"] is not None:
        raise Conflict(
            f"该申请已于{_day(row['filed_on'])}提交（{row['application_no']}），评估不能再修改", "it has been filed already"
        )  # fmt: skip
    return plan, row


def _declared(plan: Plan, declared_on: date | None) -> Plan:
    return Plan(
        plan.decision, plan.decided_on, plan.scores, plan.funded, plan.project, declared_on, plan.has_search
    )  # fmt: skip


def _number(text: str) -> str:
    try:
        return parse_application_number(text).digits
    except IdentifierError as error:
        raise Invalid(
            "申请号有误，请改正后重新提交", {"application_no": error.reason}, "not a number"
        ) from error


def _day(value: object) -> date | None:
    return (
        date.fromisoformat(value)
        if isinstance(value, str) and value
        else value
        if isinstance(value, date)
        else None
    )
