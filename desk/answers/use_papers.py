"""The papers of declaration and use as the doors hand them out: the declaration sheet, and the package for filing."""

from datetime import date
from pathlib import Path
from typing import Protocol

from sqlmodel import Session

from cases.assessment_queries import AssessmentView
from cases.errors import NotFound, Refused
from cases.funding import FundingView, fundings_of
from cases.patents import get_patent
from cases.tables import Organization
from contracts.jobs import RenderedPdf, RenderJob
from contracts.pack import PackItem, build_pack
from contracts.use_papers import DeclarationSheet, OpinionSheet, Project, declaration_job, opinion_job
from rules.identifiers import KIND_ZH
from rules.packs import RuleBook
from rules.patent_numbers import display_number
from rules.use_codes import DECISIONS, DECLARERS, EXAMINATION, HEADS, PROGRAMS
from states.plan import Refusal
from states.pre_filing import unmet_for_pack


class Renders(Protocol):
    """A renderer of jobs."""

    def render_job(self, job: RenderJob) -> RenderedPdf:
        """Make one document."""


def declaration_of(
    session: Session, org_id: int, patent_id: int, book: RuleBook, on: date
) -> DeclarationSheet:
    """Return the declaration of a patent as its sheet has it.

    Raises: NotFound, also where nothing is declared.
    """
    patent = get_patent(session, org_id, patent_id)
    told = fundings_of(session, org_id, patent_id)
    if not told:
        raise NotFound("该专利还没有财政资助声明，请先登记", "nothing is declared of this patent")
    organization = session.get_one(Organization, org_id)
    return DeclarationSheet(
        organization.name, display_number(patent.application_no), patent.title, KIND_ZH.get(patent.kind, patent.kind),
        patent.inventors, patent.filing_date, tuple(_project(one) for one in told if one.funded),
        tuple(book.rule(rule, on) for rule in ("RP-05", "DC-02", "DC-03")), on,
    )  # fmt: skip


def filing_pack(
    found: AssessmentView, institution: str, book: RuleBook, on: date, renderer: Renders, fonts: Path | None
) -> bytes:
    """Return the filing package of a planned application: the opinion, and the declaration of its funding.

    Raises: Refused while nobody has said whether it was funded, or the project is incomplete (S3-28).
    """
    check_pack(found, book, on)
    number = f"SQ-{found.id:05d}"
    opinion = renderer.render_job(opinion_job(_opinion(found, number, institution, book, on), fonts))
    items = [PackItem("01-申请前评估意见表.pdf", opinion.data, "申请前评估意见表", "申请前评估（ST-05）")]
    if found.funded:
        sheet = renderer.render_job(declaration_job(_planned(found, number, institution, book, on), fonts))
        items.append(
            PackItem("02-财政资助声明表.pdf", sheet.data, "财政资助声明表", "提交申请时声明项目信息（RP-05）")
        )
    return build_pack(items, {"拟申请发明创造": found.title, "编号": number, "单位": institution})


def check_pack(found: AssessmentView, book: RuleBook, on: date) -> None:
    """Make sure that the filing package may be made.

    Raises: Refused with every condition that is not met (S3-28).
    """
    if unmet := unmet_for_pack(found.plan, book, on):
        raise Refused(Refusal("filing_pack", unmet), ("生成申请材料包", "make the filing package"))


def _project(one: FundingView) -> Project:
    evidence = f"{one.evidence}（SHA-256 {one.evidence_sha256}）" if one.evidence_sha256 else one.evidence
    return Project(
        PROGRAMS[one.program][0], one.project_name, one.project_no, one.funder, one.ip_clause, one.declared_on,
        DECLARERS[one.declared_by][0] if one.declared_by else "", evidence,
    )  # fmt: skip


def _planned(
    found: AssessmentView, number: str, institution: str, book: RuleBook, on: date
) -> DeclarationSheet:
    project = Project(
        PROGRAMS[found.program][0], found.project_name, found.project_no, found.funder, "", found.declared_on, "", ""
    )  # fmt: skip
    shown = display_number(found.application_no) if found.application_no else number
    return DeclarationSheet(
        institution, shown, found.title, KIND_ZH.get(found.kind, found.kind), found.inventors, found.filed_on, (project,),
        tuple(book.rule(rule, on) for rule in ("RP-05", "DC-02", "DC-03")), on,
    )  # fmt: skip


def _opinion(found: AssessmentView, number: str, institution: str, book: RuleBook, on: date) -> OpinionSheet:
    facts = (
        ("专利类型", KIND_ZH.get(found.kind, found.kind)), ("发明人", "、".join(found.inventors)), ("院系", found.college),
        ("代理机构", found.agency), ("审查方式", EXAMINATION[found.examination][0]),
        ("财政资助", "是" if found.funded else "否"), ("新颖性检索情况", found.search_note),
        ("产业化前景说明", found.prospect_note),
    )  # fmt: skip
    scores = tuple((zh, str(found.scores.get(head, ""))) for head, (zh, _) in HEADS.items())
    decision = DECISIONS[found.decision][0] if found.decision else ""
    override = f"{found.overridden_by}：{found.override_reason}" if found.overridden_by else ""
    return OpinionSheet(
        institution, number, found.title, facts, scores, decision, found.opinion, found.assessors, override,
        (book.rule("ST-05", on),), on,
    )  # fmt: skip
