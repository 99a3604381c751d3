"""The JSON shapes that the REST API and `panhuo … --json` share.

They only grow: a field never changes its meaning. Money is integer fen, rates are basis points, dates are ISO
days in Asia/Shanghai, moments are ISO with offset.
Texts for people come in pairs: `…_zh` and `…_en`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticUndefined

from cases.advance import Advanced
from cases.views import CasePage, CaseRow, DeadlineView, DocumentView, Page
from states.approval_route import STANDINGS, Row
from states.catalog import MODES
from states.decide import ROLES, Option
from states.modes import STAGES, Mode
from states.payload_fields import Payload
from states.plan import Unmet
from states.steps import Step

VERIFIED = frozenset({"", "V", "V*"})
VOTES = ("present", "in_favor", "against", "abstained")


class Shape(BaseModel):
    """Base of every shape: read from the attributes of a view."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class UnmetShape(Shape):
    """A condition that is not met 未满足的条件: what, by which rule, what would meet it, and who can."""

    code: str
    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str
    who: str = Field(description="role that can meet it 由谁办理; 'outside' for another body")
    who_zh: str
    rule_id: str
    article: str = Field(description="article behind the condition 法律依据")
    confidence: str
    unverified: bool = Field(description="the source of the rule was not read 待核实")
    patent_id: int | None

    @classmethod
    def of(cls, unmet: Unmet) -> Self:
        """Return the shape of an unmet condition."""
        return cls(
            code=unmet.code, what_zh=unmet.what_zh, what_en=unmet.what_en, remedy_zh=unmet.remedy_zh,
            remedy_en=unmet.remedy_en, who=unmet.who, who_zh=ROLES.get(unmet.who, (unmet.who, ""))[0],
            rule_id=unmet.rule_id, article=unmet.article, confidence=unmet.confidence,
            unverified=unmet.confidence not in VERIFIED, patent_id=unmet.patent_id,
        )  # fmt: skip


class Problem(Shape):
    """Why a request failed 错误说明 (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="what is wrong and what to do, in Chinese 原因与办法")
    detail_en: str
    fields: dict[str, str] | None = Field(default=None, description="wrong fields and why 有误的字段")
    unmet: list[UnmetShape] | None = Field(default=None, description="every unmet condition 全部未满足的条件")


class FieldShape(Shape):
    """One field that a step asks for 办理时填写的字段."""

    name: str
    label_zh: str
    label_en: str
    widget: str = Field(description="text, textarea, date, money, select, checkbox or terms")
    help_zh: str
    required: bool
    options_zh: dict[str, str]
    options_en: dict[str, str]


class StepShape(Shape):
    """A step as seen from where the case stands 步骤: possible, or every reason why not."""

    event: str
    zh: str
    en: str
    possible: bool = Field(description="this person can take the step now 现在可以办理")
    here: bool = Field(description="the step starts from where the case stands 当前环节可办理")
    permitted: bool = Field(description="this person's role may take it 角色允许")
    roles: list[str]
    unmet: list[UnmetShape]
    fields: list[FieldShape]

    @classmethod
    def of(cls, option: Option) -> Self:
        """Return the shape of an option."""
        step = option.step
        unmet = option.unmet if option.permitted else (_not_permitted(step), *option.unmet)
        return cls(
            event=step.event, zh=step.zh, en=step.en, possible=option.possible, here=option.here,
            permitted=option.permitted, roles=sorted(step.roles), unmet=[UnmetShape.of(one) for one in unmet],
            fields=fields_of(step.payload),
        )  # fmt: skip


def _not_permitted(step: Step) -> Unmet:
    names_zh = "、".join(ROLES[role][0] for role in sorted(step.roles))
    names_en = ", ".join(ROLES[role][1] for role in sorted(step.roles))
    return Unmet(
        code="role", what_zh=f"“{step.zh}”须由{names_zh}办理", what_en=f"this step is for: {names_en}",
        remedy_zh=f"请{names_zh}办理", remedy_en=f"ask: {names_en}", who=sorted(step.roles)[0],
    )  # fmt: skip


def fields_of(model: type[Payload]) -> list[FieldShape]:
    """Return the fields of a payload model, in their order."""
    shapes = []
    for name, field in model.model_fields.items():
        known = field.json_schema_extra
        extra: Mapping[str, Any] = known if isinstance(known, dict) else {}
        shapes.append(
            FieldShape(
                name=name, label_zh=extra.get("label_zh", name), label_en=extra.get("label_en", name),
                widget=extra.get("widget", "text"), help_zh=extra.get("help_zh", ""),
                required=field.default is PydanticUndefined, options_zh=dict(extra.get("options_zh", {})),
                options_en=dict(extra.get("options_en", {})),
            )
        )  # fmt: skip
    return shapes


class DeadlineShape(Shape):
    """A deadline and how it came about 期限及其由来. `days_left` is negative when overdue."""

    id: int
    case_no: str
    case_title: str
    key: str
    title: str
    title_en: str
    kind: str = Field(description="statutory, internal, expected or contract")
    rule_id: str
    rule_version: str
    article: str
    confidence: str
    base_event: str
    base_date: date
    period: str
    nominal: date
    due: date
    roll: str
    provisional: bool
    explanation_zh: list[str]
    explanation_en: list[str]
    status: str = Field(description="open, met, moved or dropped")
    replaces: int | None
    closed_on: date | None
    owner: str
    days_left: int
    unverified: bool

    @classmethod
    def of(cls, view: DeadlineView) -> Self:
        """Return the shape of a deadline."""
        values = {name: getattr(view, name) for name in cls.model_fields if name != "unverified"}
        return cls.model_validate({**values, "unverified": view.confidence not in VERIFIED})


class DocumentShape(Shape):
    """A document made or being made 文档. `sha256` binds approvals and signatures to its bytes."""

    id: int
    kind: str
    version: int
    title: str
    filename: str
    draft: bool
    status: str = Field(description="queued, ready or failed")
    error: str
    sha256: str
    size: int
    pages: int
    terms_hash: str
    requested_at: datetime
    superseded: bool = Field(default=False, description="what it was made for has become void since 已作废")

    @classmethod
    def of(cls, view: DocumentView) -> Self:
        """Return the shape of a document."""
        return cls.model_validate(view)


class CaseRowShape(Shape):
    """A case in a list 案件列表行."""

    id: int
    number: str
    title: str
    mode: str
    mode_zh: str
    stage: str
    stage_zh: str
    position: list[str]
    company: str
    officer: str
    patents: int
    next_due: date | None
    opened_on: date
    updated_at: datetime

    @classmethod
    def of(cls, row: CaseRow) -> Self:
        """Return the shape of a row."""
        return cls(
            id=row.id, number=row.number, title=row.title, mode=row.mode, mode_zh=MODES[row.mode].zh,
            stage=row.stage, stage_zh=STAGES[row.stage][0], position=list(row.leaves), company=row.company,
            officer=row.officer, patents=row.patents, next_due=row.next_due, opened_on=row.opened_on,
            updated_at=row.updated_at,
        )  # fmt: skip


class CaseListShape(Shape):
    """One page of cases 案件列表. `total` counts all that match."""

    rows: list[CaseRowShape]
    total: int
    page: int
    size: int

    @classmethod
    def of(cls, page: Page) -> Self:
        """Return the shape of a page."""
        rows = [CaseRowShape.of(row) for row in page.rows]
        return cls(rows=rows, total=page.total, page=page.page, size=page.size)


class CompanyShape(Shape):
    """A counterparty 企业."""

    id: int
    name: str
    uscc: str
    address: str
    legal_representative: str
    contact: str
    phone: str
    email: str
    bank: str
    account: str
    is_foreign: bool
    name_en: str
    address_en: str


class OrganizationShape(Shape):
    """The institution as contracts name it 机构信息."""

    name: str
    uscc: str
    address: str
    legal_representative: str
    contact: str
    phone: str
    email: str
    bank: str
    account: str
    name_en: str
    address_en: str


class PlaceShape(Shape):
    """An active state of the chart 当前所处环节."""

    id: str
    region_zh: str
    zh: str
    en: str


def places(mode: Mode, position: Iterable[str]) -> list[PlaceShape]:
    """Return the active states with their names."""
    shapes = []
    for leaf in position:
        parent = mode.chart.parents[leaf]
        node = mode.chart.nodes[leaf]
        region = mode.chart.nodes[parent].zh if parent else ""
        shapes.append(PlaceShape(id=leaf, region_zh=region, zh=node.zh, en=node.en))
    return shapes


class CasePatentShape(Shape):
    """A patent of a case 案件所涉专利."""

    id: int
    application_no: str
    title: str
    kind: str
    status: str


class LabelShape(Shape):
    """A platform label that the case has earned 盘活系统标签."""

    label: str
    on: date
    evidence: str


class AskedPersonShape(Shape):
    """Somebody who may decide for a body 可以审批的人员, with the deputies in force 代理人."""

    name: str
    deputies: list[str]
    active: bool


class ApprovalRowShape(Shape):
    """One body of the route 审批路线中的一个机构. `persons` is empty if no seats are assigned: any approver."""

    stage: int = Field(description="from 1; bodies of one stage decide in any order 环节")
    body: str
    body_zh: str
    body_en: str
    kind: str = Field(description="person or committee")
    status: str = Field(description="approved, waiting or later")
    status_zh: str
    persons: list[AskedPersonShape]
    since: date | None = Field(description="asked since 等待起始日")
    decided_by: str
    decided_for: str = Field(description="whom the deputy stood in for 被代理人")
    decided_on: date | None
    minutes_no: str
    opinion: str
    vote: dict[str, int] | None
    recused: list[list[str]]

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return the shape of a row."""
        told: dict[str, Any] = dict(row.decision or {})
        day = told.get("decided_on")
        return cls(
            stage=row.stage, body=row.body.id, body_zh=row.body.zh, body_en=row.body.en, kind=row.body.kind,
            status=row.standing, status_zh=STANDINGS[row.standing][0],
            persons=[
                AskedPersonShape(name=one.name, deputies=list(one.deputies), active=one.active)
                for one in row.persons
            ],
            since=row.since, decided_by=told.get("by_name", ""), decided_for=told.get("for_name", ""),
            decided_on=date.fromisoformat(day) if day else None, minutes_no=told.get("minutes_no", ""),
            opinion=told.get("opinion", ""),
            vote={name: told[name] for name in VOTES} if row.body.is_committee and "present" in told else None,
            recused=told.get("recused") or [],
        )  # fmt: skip


class CaseShape(Shape):
    """Where a case stands 案件. `version` goes back with every step."""

    id: int
    number: str
    title: str
    mode: str
    mode_zh: str
    stage: str
    stage_zh: str
    position: list[PlaceShape]
    version: int
    officer: str
    opened_on: date
    company: CompanyShape | None = Field(
        description="none in a mode that is offered to everybody 面向社会的方式没有"
    )
    patents: list[CasePatentShape]
    terms: dict[str, Any]
    terms_complete: bool
    terms_problems: list[str]
    steps: list[StepShape]
    deadlines: list[DeadlineShape]
    documents: list[DocumentShape]
    labels: list[LabelShape]
    approval: list[ApprovalRowShape] = Field(description="the route of the approval, once handed up 审批进度")
    cautions: list[UnmetShape] = Field(description="what to mind although it stops nothing 注意事项")
    warnings: list[str] = Field(
        description="other cases on the same patents when it was opened 立案时的冲突提示"
    )
    warnings_en: list[str]

    @classmethod
    def of(cls, page: CasePage) -> Self:
        """Return the shape of a case page."""
        facts = page.loaded.facts
        return cls(
            id=page.id, number=page.number, title=page.title, mode=page.mode.slug, mode_zh=page.mode.zh,
            stage=page.stage, stage_zh=STAGES[page.stage][0], position=places(page.mode, page.position),
            version=page.version, officer=page.officer, opened_on=page.opened_on,
            company=CompanyShape.model_validate(page.company) if page.company else None,
            patents=[CasePatentShape.model_validate(patent) for patent in facts.patents],
            terms=dict(page.terms), terms_complete=facts.terms.complete,
            terms_problems=list(facts.terms.problems),
            steps=[StepShape.of(option) for option in page.options],
            deadlines=[DeadlineShape.of(view) for view in page.deadlines],
            documents=[DocumentShape.of(view) for view in page.documents],
            labels=[LabelShape(label=label, on=on, evidence=evidence) for label, on, evidence in page.labels],
            approval=[ApprovalRowShape.of(row) for row in page.approval],
            cautions=[UnmetShape.of(caution) for caution in page.cautions],
            warnings=[zh for zh, _ in page.opening_warnings],
            warnings_en=[en for _, en in page.opening_warnings],
        )  # fmt: skip


class AdvancedShape(Shape):
    """What came of a step 办理结果. `voids` names what the change of terms has voided."""

    case_id: int
    number: str
    event: str
    position: list[str]
    version: int
    seq: int = Field(description="number of the trail entry 留痕序号")
    voids: list[str]
    replayed: bool

    @classmethod
    def of(cls, done: Advanced) -> Self:
        """Return the shape of a result."""
        return cls.model_validate(done)
