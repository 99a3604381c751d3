"""Fills in what documents are made from: the case as its papers show it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.agreements import agreement_told, terms_of_paper
from cases.clauses import texts_of
from cases.companies import CompanyView, get_company
from cases.contributions import (
    appraisal_of,
    award_publicity_of,
    contribution_dates,
    deferral_by,
    new_owner_of,
)
from cases.db import Database, cursor_of
from cases.errors import Invalid, NotFound
from cases.houses import house_of
from cases.loading import Loaded, load
from cases.paper_facts import co_owners, paper_facts
from cases.tables import Case, CasePatent, Organization, Patent, User
from contracts.agreements.papers import AGREEMENT_KINDS, EACH_CHANGE
from contracts.agreements.unagreed import UnagreedTerms
from contracts.kinds import split_kind
from contracts.papers.acts import ACTS_OF
from contracts.terms import check_terms
from contracts.view import ApprovalLine, CaseView, Party, PatentItem, Publicity
from rules.identifiers import parse_application_number
from rules.patent_term import term_of
from states.approval_route import Row, rows
from states.approvers import Approvers
from states.facts import CaseData
from states.recorded import publicity_in

BURDENS = {
    "pledged": "已质押", "preserved": "财产保全中", "suspended": "权属纠纷中止程序中", "under_invalidation": "无效宣告程序中",
    "open_license": "开放许可实施期间", "exclusive_license": "在先独占许可", "sole_license": "在先排他许可",
    "ordinary_license": "在先普通许可",
}  # fmt: skip


def case_view(
    db: Database, session: Session, org_id: int, case_id: int, *, draft: bool, kind: str = ""
) -> CaseView:
    """Return what the documents of a case are made from; `kind` names the paper, where that makes a difference.

    Raises: NotFound, also for a licensee that the case does not have; Invalid while the terms are not complete.
    """
    bare, number = split_kind(kind)
    loaded = load(cursor_of(session, db.postgres), case_id, org_id)
    case, officer, org = session.exec(
        select(Case, User, Organization)
        .join(User, Case.officer_id == User.id)  # type: ignore[arg-type]
        .join(Organization, Case.org_id == Organization.id)  # type: ignore[arg-type]
        .where(Case.id == case_id)
    ).one()
    data = loaded.facts.data
    agreed = agreement_told(bare, number, data, loaded.facts.terms)
    terms = check_terms(case.mode, terms_of_paper(bare, agreed, data, orjson.loads(case.terms))).terms
    if terms is None and bare == "confidentiality_agreement":
        terms = UnagreedTerms(project_name=case.title[:200])
    if terms is None:
        raise Invalid("商务条款尚未填写完整，不能生成文书", {}, "the terms are not complete")
    accepted = _acceptance(data, None if bare in EACH_CHANGE else number)
    company_id = accepted["company_id"] if accepted else case.company_id
    signed = {patent["id"]: patent for patent in data.items("contract", "patents")}
    return CaseView(
        case_no=case.number,
        contract_no=data.text("contract", "contract_no"),
        mode=case.mode,
        ours=_ours(org),
        theirs=_theirs(get_company(session, org_id, company_id)) if company_id else None,
        patents=tuple(_as_signed(item, signed.get(id_)) for id_, item in _patents(session, case_id)),
        terms=terms,
        draft=draft,
        institution=org.name,
        officer=officer.name,
        department="技术转移办公室",
        dates={**_dates(case, loaded), **({"signed_on": None} if accepted else {})},
        term=(date.fromisoformat(accepted["start"]), date.fromisoformat(accepted["end"]))
        if accepted
        else None,
        publicity=_publicity(loaded, org, case.opened_on),
        approvals=_approvals(data, case.opened_on),
        approval_body=data.text("approval", "body_zh"),
        agent=loaded.book.house(data.day("contract", "signed_on") or case.opened_on).agency,
        price_basis=data.text("price", "basis"),
        existing_burdens=tuple(
            f"{patent.title}：{BURDENS[flag]}"
            for patent in loaded.facts.patents
            for flag in sorted(patent.flags)
            if flag in BURDENS
        ),
        told=_agreed(agreed, data)
        if bare in AGREEMENT_KINDS
        else {**_told(data, accepted), "papers": paper_facts(loaded)},
        co_owners=co_owners(session, org, loaded),
        appraisal=appraisal_of(data),
        award_publicity=award_publicity_of(loaded, _publicity(loaded, org, case.opened_on)),
        new_owner=new_owner_of(data),
        clauses=texts_of(cursor_of(session, db.postgres), org_id, case.mode, data),
        house=house_of(cursor_of(session, db.postgres), org_id),
    )


def _agreed(agreed: Mapping[str, Any], data: CaseData) -> Mapping[str, Any]:
    """Return what agreements say of themselves and of what the contract was recorded as."""
    recorded = {name: data.text("filing", name) for name in ("record_no", "recorded_on")}
    is_registered = bool(data.get("registration", "registered_on"))
    return {"agreement": dict(agreed), "filing": recorded, "is_registered": is_registered}


def _acceptance(data: CaseData, licensee: int | None) -> Mapping[str, Any] | None:
    if licensee is None:
        return None
    for found in data.items("acceptances", "list"):
        if found["no"] == licensee:
            return dict(found)
    raise NotFound(f"本案没有第{licensee}号接受", f"no acceptance {licensee}")


def _told(data: CaseData, accepted: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return what the papers of an open license say of its gazette and of one licensee; nothing in other modes."""
    if not data.has("acceptances") and not data.has("declaration"):
        return {}
    reason = data.sections.get("declaration", {}).get("withdrawal") or {}
    gazette = {name: data.text("filing", name) for name in ("record_no", "recorded_on")}
    return {
        "declaration": {**gazette, "reason": reason.get("reason", "")},
        "acceptance": dict(accepted or {}),
    }


def register_patents(session: Session, case_id: int) -> tuple[PatentItem, ...]:
    """Return a case's patents as the record knows them today.

    Once the change of owner that the case was for is recorded, the owners are those before it: its papers name them.
    """
    mode, stored = session.exec(select(Case.mode, Case.data).where(Case.id == case_id)).one()
    data = CaseData(orjson.loads(stored))
    has_moved = "owner_change" in ACTS_OF[mode] and bool(data.text("filing", "recorded_on"))
    signed = {found["id"]: found for found in data.items("contract", "patents")} if has_moved else {}
    return tuple(
        replace(item, owners=tuple(signed[id_]["owners"])) if id_ in signed else item
        for id_, item in _patents(session, case_id)
    )


def _patents(session: Session, case_id: int) -> list[tuple[int, PatentItem]]:
    query = select(Patent).join(CasePatent).where(CasePatent.case_id == case_id)
    return [
        (int(row.id or 0), _patent(row)) for row in session.exec(query.order_by(col(Patent.application_no)))
    ]


def _as_signed(item: PatentItem, signed: Mapping[str, Any] | None) -> PatentItem:
    """Return a patent as the signed contract names it, or as it is while nothing is signed."""
    if signed is None:
        return item
    filed = date.fromisoformat(signed["filing_date"]) if signed["filing_date"] else None
    return replace(
        item,
        title=signed["title"],
        owners=tuple(signed["owners"]),
        filing_date=filed,
        grant_date=date.fromisoformat(signed["grant_date"]) if signed["grant_date"] else None,
        term_end=term_of(item.kind, filed).last_day if filed else None,
    )


def _ours(org: Organization) -> Party:
    return Party(
        name=org.name, uscc=org.uscc, address=org.address, legal_representative=org.legal_representative,
        contact=org.contact, phone=org.phone, email=org.email, bank=org.bank, account=org.account,
        name_en=org.name_en, address_en=org.address_en,
    )  # fmt: skip


def _theirs(company: CompanyView) -> Party:
    return Party(
        name=company.name, uscc=company.uscc, address=company.address,
        legal_representative=company.legal_representative, contact=company.contact, phone=company.phone,
        email=company.email, bank=company.bank, account=company.account, is_foreign=company.is_foreign,
        name_en=company.name_en, address_en=company.address_en,
    )  # fmt: skip


def _patent(row: Patent) -> PatentItem:
    number = parse_application_number(row.application_no)
    return PatentItem(
        application_no=number.display,
        patent_no=number.patent_no if row.grant_date or row.status != "pending" else "",
        title=row.title,
        kind=row.kind,
        filing_date=row.filing_date,
        grant_date=row.grant_date,
        term_end=term_of(row.kind, row.filing_date).last_day if row.filing_date else None,
        owners=tuple(orjson.loads(row.owners)),
        inventors=tuple(orjson.loads(row.inventors)),
        publication_no=row.publication_no,
        ipc=row.ipc,
    )


def _dates(case: Case, loaded: Loaded) -> Mapping[str, date | None]:
    data = loaded.facts.data
    return {
        "opened_on": case.opened_on,
        "checked_on": data.day("title", "checked_on"),
        "agreed_on": data.day("price", "agreed_on"),
        "submitted_on": data.day("approval", "submitted_on"),
        "signed_on": data.day("contract", "signed_on"),
        "effective_on": data.day("contract", "effective_on"),
        **contribution_dates(data),
        "deferral_by": deferral_by(data, loaded.book),
    }


def _publicity(loaded: Loaded, org: Organization, opened_on: date) -> Publicity:
    data = loaded.facts.data
    posted = data.day("publicity", "posted_on")
    policy = loaded.book.house(posted or opened_on)
    ends = publicity_in(loaded.book, data)
    return Publicity(
        posted_on=posted,
        ends_on=ends.last_day if ends and not ends.paused else None,
        days=policy.publicity_days,
        unit_zh="个工作日" if policy.publicity_unit == "wd" else "日",
        place=data.text("publicity", "place"),
        exchange=data.text("publicity", "exchange"),
        related_party=bool(data.get("publicity", "related_party")),
        result=data.text("publicity", "result"),
        contact=org.contact,
        phone=org.phone,
        email=org.email,
    )


def _approvals(data: CaseData, on: date) -> tuple[ApprovalLine, ...]:
    """Return the decisions on the route; a route of one body has no stages."""
    found = rows(data, Approvers(), on)
    return tuple(_approval(row, row.stage if len(found) > 1 else 0) for row in found)


def _approval(row: Row, stage: int) -> ApprovalLine:
    told = row.decision or {}
    standing = "批准" if row.decision else "审批中" if row.standing == "waiting" else ""
    return ApprovalLine(
        body=row.body.zh, decision=standing, decided_by=told.get("by_name", ""), decided_on=row.decided_on,
        minutes_no=told.get("minutes_no", ""), opinion=told.get("opinion", ""), stage=stage,
        decided_for=told.get("for_name", ""), vote=_vote(told),
    )  # fmt: skip


def _vote(told: Mapping[str, Any]) -> str:
    if told.get("present") is None:
        return ""
    names = "；".join(f"{name}（{why}）" for name, why in told.get("recused") or ())
    counted = (
        f"参加表决{told['present']}人，赞成{told['in_favor']}，反对{told['against']}，弃权{told['abstained']}"
    )
    return f"{counted}；回避：{names}" if names else counted
