"""What officers decide on the patents that fit a demand: taken or not, with the reason; pushed; made into a case.

A decision keeps the reasons that the list showed, so that it can be understood when the list has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.db import Cursor, Database, cursor_of, together_with
from cases.demand_tables import DECISION, Demand, DemandMatch
from cases.demands import LONGEST_REASON, DemandView, check_editor, existing_demand, get_demand, write_step
from cases.enterprises import Profile, get_profile
from cases.errors import Conflict, Invalid, NotFound
from cases.match_ranking import Reason
from cases.matching import DEFAULT_MODE, match_of
from cases.messages import keep_draft
from cases.opening import open_case
from cases.pushing import Push, Pushed, push_patents
from cases.scope import Person
from cases.tables import Case, Patent, User
from cases.trail import append_org, hold_org
from rules.text import normalize
from states.catalog import MODES

SMALL = frozenset({"medium", "small", "micro"})
# How the form of an ordinary license begins: 入门费加提成，入门费分期.
WAY_OF_PAYING = {
    "instalments.0.label": "合同生效后", "instalments.1.label": "首批产品销售后", "royalty.base": "net_sales",
    "royalty.period": "half",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as people see it."""

    patent_id: int
    application_no: str
    title: str
    decision: str
    reason: str
    score: float
    shown: tuple[Reason, ...]
    who: str
    at: datetime
    case_id: int | None
    case_no: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The conversion mode to begin with, and why."""

    mode: str
    zh: str
    en: str


def decide(
    db: Database,
    person: Person,
    demand_id: int,
    patent_id: int,
    decision: str,
    reason: str,
    *,
    today: date,
    now: datetime | None = None,
) -> None:
    """Take a patent for a demand, or not, with the reason; a later decision takes the place of this one.

    Raises: Forbidden, NotFound, Invalid with the fields, Conflict once the match has its case.
    Effects: writes demand_match and the trail; the first patent that is taken makes the demand matched.
    """
    check_editor(person)
    told, moment = normalize(reason), now or datetime.now(UTC)
    _check(decision, told)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = existing_demand(session, person.org_id, demand_id)
        _check_open(row)
        match = match_of(
            db, session, person.org_id, get_demand(session, person.org_id, demand_id), patent_id, today
        )
        if match is None:
            raise NotFound("没有找到该专利，请从匹配列表重新打开", "no such patent")
        known = _known(session, demand_id, patent_id) or DemandMatch(
            org_id=person.org_id, demand_id=demand_id, patent_id=patent_id, decision=decision, at=moment
        )
        if known.case_id is not None:
            raise Conflict("该匹配已转为案件，不再改变", "the match has its case")
        before = known.decision if known.id else ""
        known.decision, known.reason, known.user_id, known.at = decision, told, person.id, moment
        known.score = round(match.score * 10)
        known.shown = orjson.dumps([tuple(one) for one in (*match.reasons, *match.against)]).decode()
        session.add(known)
        session.flush()
        body = {
            "after": decision, "before": before, "demand_id": demand_id, "number": row.number, "patent_id": patent_id,
            "application_no": match.application_no, "reason": told, "score": match.score,
        }  # fmt: skip
        append_org(cur, person.org_id, person.author, "match_decided", body, moment)
        if decision == "accepted" and row.status in ("new", "answered"):
            write_step(session, cur, person, row, "matched", f"采纳{match.title}", moment)


def _check(decision: str, reason: str) -> None:
    fields = {} if decision in DECISION else {"decision": f"请选择：{'、'.join(DECISION)}"}
    if not 2 <= len(reason) <= LONGEST_REASON:
        fields["reason"] = f"请写明采纳或不采纳的理由，2至{LONGEST_REASON}个字"
    if fields:
        raise Invalid("没有登记，请补充后重新提交", fields, "the decision was not recorded")


def _check_open(row: Demand) -> None:
    if row.status == "closed":
        raise Conflict(f"需求{row.number}已关闭，请先重新打开", "the demand is closed")


def _known(session: Session, demand_id: int, patent_id: int) -> DemandMatch | None:
    query = select(DemandMatch).where(DemandMatch.demand_id == demand_id, DemandMatch.patent_id == patent_id)
    return session.exec(query).first()


def decided(session: Session, org_id: int, demand_id: int) -> tuple[Decided, ...]:
    """Return all decisions on a demand: those taken first, then by score."""
    query = _decisions(org_id).where(DemandMatch.demand_id == demand_id)
    found = query.order_by(DemandMatch.decision, col(DemandMatch.score).desc(), col(DemandMatch.id))
    return tuple(_decided(*row) for row in session.exec(found))


def demand_of_case(session: Session, org_id: int, case_id: int) -> tuple[int, str, str] | None:
    """Return id, number and title of the demand that a case came from, if it came from one."""
    query = (
        select(Demand.id, Demand.number, Demand.title)
        .join(DemandMatch, col(DemandMatch.demand_id) == col(Demand.id))
        .where(DemandMatch.org_id == org_id, DemandMatch.case_id == case_id)
    )
    found = session.exec(query).first()
    return (int(found[0] or 0), found[1], found[2]) if found else None


def _decisions(org_id: int) -> Any:
    return (
        select(DemandMatch, Patent.application_no, Patent.title, User.name)
        .add_columns(col(Case.number))
        .join(Patent, col(Patent.id) == col(DemandMatch.patent_id))
        .join(User, col(User.id) == col(DemandMatch.user_id), isouter=True)
        .join(Case, col(Case.id) == col(DemandMatch.case_id), isouter=True)
        .where(col(DemandMatch.org_id) == org_id)
    )


def _decided(row: DemandMatch, number: str, title: str, who: str | None, case_no: str | None) -> Decided:
    shown = tuple(Reason(*one) for one in orjson.loads(row.shown))
    return Decided(
        row.patent_id, number, title, row.decision, row.reason, row.score / 10, shown, who or "", row.at,
        row.case_id, case_no or "",
    )  # fmt: skip


def proposed_mode(session: Session, org_id: int, demand: DemandView) -> Proposal:
    """Return the mode to begin with: the one that the company wants, or for the smaller ones an ordinary license.

    Source: 福州市存量专利盘活工作文件 (倡导普通许可方式、入门费加提成或者分期付款的许可费支付方式)
    """
    for mode in demand.modes:
        if mode in MODES and MODES[mode].has_company:
            return Proposal(mode, f"企业意向：{MODES[mode].zh}", f"the company wants: {MODES[mode].en}")
    profile: Profile = get_profile(session, org_id, demand.company_id)
    if profile.size in SMALL:
        return Proposal(
            DEFAULT_MODE, "中小微企业，倡导普通许可，入门费加提成或者分期付款",
            "smaller enterprises: an ordinary license, entry fee with royalty or instalments",
        )  # fmt: skip
    return Proposal(
        DEFAULT_MODE, "企业未说明意向，先按普通许可办理", "no wish was stated: begin with an ordinary license"
    )


def open_from_demand(
    db: Database,
    person: Person,
    demand_id: int,
    patent_ids: Sequence[int],
    *,
    mode: str = "",
    today: date,
    now: datetime | None = None,
) -> int:
    """Open a case on patents that were taken for a demand and return its id; demand and case know each other.

    Without a `mode` the proposed one is taken.

    Raises: Forbidden, NotFound; Invalid if a patent was not taken; Conflict if one has its case; as `open_case`.
    Effects: as `open_case`; the matches name the case in the same transaction. The terms of an ordinary license begin
    with a draft: an entry fee in two instalments and a royalty, sums left open.
    """
    check_editor(person)
    moment, chosen = now or datetime.now(UTC), sorted(set(patent_ids))
    with db.read() as session:
        demand = get_demand(session, person.org_id, demand_id)
        wanted = mode or proposed_mode(session, person.org_id, demand).mode
        _check_taken(session, person.org_id, demand_id, chosen)
    named = MODES[wanted].zh if wanted in MODES else wanted

    def note(cur: Cursor) -> None:
        (case_id,) = cur.one("SELECT MAX(id) FROM conversion_case WHERE org_id = ?", person.org_id)
        for patent_id in chosen:
            cur.run(
                "UPDATE demand_match SET case_id = ? WHERE org_id = ? AND demand_id = ? AND patent_id = ? "
                "AND case_id IS NULL AND decision = 'accepted'",
                case_id, person.org_id, demand_id, patent_id,
            )  # fmt: skip
        linked = cur.one("SELECT count(*) FROM demand_match WHERE case_id = ?", case_id)[0]
        if linked != len(chosen):
            raise Conflict("所选匹配刚被他人改变，请刷新后重试", "the matches have changed")
        body = {"case_id": case_id, "demand_id": demand_id, "number": demand.number, "patents": chosen}
        append_org(cur, person.org_id, person.author, "demand_opened_case", body, moment)

    with together_with(note):
        case_id = open_case(
            db, person, mode=wanted, title=f"{demand.title}{named}"[:200], patent_ids=chosen,
            company_id=demand.company_id, today=today, now=moment,
        )  # fmt: skip
    if wanted == DEFAULT_MODE:
        keep_draft(
            db, person, f"case:{case_id}:terms", {**WAY_OF_PAYING, "purpose": demand.text or demand.title}
        )
    return case_id


def _check_taken(session: Session, org_id: int, demand_id: int, chosen: Sequence[int]) -> None:
    query = select(DemandMatch).where(DemandMatch.org_id == org_id, DemandMatch.demand_id == demand_id)
    rows = {row.patent_id: row for row in session.exec(query) if row.decision == "accepted"}
    if not chosen or any(one not in rows for one in chosen):
        reason = "请先采纳专利，再转为案件"
        raise Invalid(reason, {"patent_ids": reason}, "take the patent first")
    if any(rows[one].case_id is not None for one in chosen):
        raise Conflict("所选匹配已转为案件", "a match has its case")


def push_matches(
    db: Database,
    person: Person,
    demand_id: int,
    patent_ids: Sequence[int],
    *,
    mail: bool = False,
    now: datetime,
) -> Pushed:
    """Push patents that were taken for a demand to the company that stated it, with the reasons of the match.

    Raises: as `push_patents`; Invalid if a patent was not taken.
    Effects: as `push_patents`.
    """
    check_editor(person)
    with db.read() as session:
        demand = get_demand(session, person.org_id, demand_id)
        taken = {
            one.patent_id: one
            for one in decided(session, person.org_id, demand_id)
            if one.decision == "accepted"
        }
    chosen = sorted(set(patent_ids))
    if not chosen or any(one not in taken for one in chosen):
        reason = "请先采纳专利，再推送给企业"
        raise Invalid(reason, {"patent_ids": reason}, "take the patent first")
    reasons = {
        (demand.company_id, one): [("demand", f"{demand.number} {demand.title}"[:300])] for one in chosen
    }
    push = Push(chosen, [demand.company_id], "matching", mail=mail, reasons=reasons)
    return push_patents(db, person, push, now=now)


def matched_patents(session: Session, org_id: int) -> int:
    """Return how many patents were taken for at least one demand: the last step of the coverage 评价、筛选、登记、匹配."""
    query = select(DemandMatch.patent_id).where(
        DemandMatch.org_id == org_id, DemandMatch.decision == "accepted"
    )
    return len(set(session.exec(query)))
