"""Declaration and use as the API and the command line print them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict

from desk.shapes import UnmetShape
from states.plan import Unmet


class _Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MadeShape(BaseModel):
    """The id of what was recorded 编号."""

    id: int


class FiledShape(BaseModel):
    """A filed application 已提交申请, with what was unmet and only told."""

    id: int
    unmet: list[str]


class StandingShape(_Shape):
    """How a patent is used 实施情况; `exposed_on` is the end of the five years of a funded, unused one."""

    patent_id: int
    number: str
    title: str
    college: str
    granted: date | None
    funded: bool | None
    declared: bool
    use: str
    used_on: date | None
    stated_year: int | None
    reason: str
    review_on: date | None
    exposed_on: date | None


class StandingListShape(BaseModel):
    """A page of patents 实施跟踪, with the counts of every view."""

    rows: list[StandingShape]
    total: int
    page: int
    size: int
    counts: dict[str, int]


class FundingShape(_Shape):
    """A declared project 财政资助项目, or the statement that there is none."""

    id: int
    patent_id: int
    funded: bool
    program: str
    funder: str
    project_no: str
    project_name: str
    ip_clause: str
    declared_on: date | None
    declared_by: str
    evidence: str
    evidence_sha256: str


class FundingListShape(BaseModel):
    """The declarations of a patent 财政资助声明."""

    rows: list[FundingShape]


class StatementShape(_Shape):
    """How a patent was used in a year 年度实施情况."""

    id: int
    year: int
    use: str
    product: str
    income_fen: int | None
    evidence: str
    reason: str
    reason_text: str
    review_on: date | None
    source: str
    stated_on: date


class StatementListShape(BaseModel):
    """The statements of a patent 实施情况, the newest year first."""

    rows: list[StatementShape]


class AssessmentShape(_Shape):
    """A planned application 拟申请专利 with its assessment."""

    id: int
    title: str
    kind: str
    college: str
    inventors: tuple[str, ...]
    funded: bool | None
    program: str
    project_no: str
    project_name: str
    agency: str
    examination: str
    scores: Mapping[str, int]
    assessors: tuple[str, ...]
    decision: str
    opinion: str
    decided_on: date | None
    declared_on: date | None
    application_no: str
    filed_on: date | None
    overridden_by: str
    override_reason: str


class AssessmentListShape(BaseModel):
    """A page of planned applications, and how many of this year's filings were assessed 覆盖率."""

    rows: list[AssessmentShape]
    total: int
    page: int
    size: int
    assessed: int
    filed: int


class UnmetListShape(BaseModel):
    """What stands against filing 提交申请的条件; nothing if it may be filed."""

    unmet: list[UnmetShape]

    @classmethod
    def of(cls, found: Sequence[Unmet]) -> Self:
        """Return the shape of what is unmet."""
        return cls(unmet=[UnmetShape.of(one) for one in found])


class ProductYearShape(_Shape):
    """The figures of a year 年度数据, in fen."""

    year: int
    sales_fen: int | None
    export_fen: int | None
    profit_fen: int | None
    ip_cost_fen: int | None


class ProductPatentShape(_Shape):
    """A patent that a product uses 所用专利."""

    id: int
    number: str
    title: str
    status: str


class ProductShape(_Shape):
    """A patent product 专利产品; `gaps` name what its record lacks, `due` its filing or next update."""

    id: int
    name: str
    models: str
    producer: str
    basis: str
    since: date
    filing_no: str
    filed_on: date | None
    updated_on: date | None
    withdrawn_on: date | None
    prompted_on: date | None
    case_no: str
    patents: tuple[ProductPatentShape, ...]
    years: tuple[ProductYearShape, ...]
    due: date | None
    gaps: tuple[str, ...]


class ProductListShape(BaseModel):
    """A page of products, with the two figures of product filing."""

    rows: list[ProductShape]
    total: int
    page: int
    size: int
    newly_filed: int
    covered_patents: int
    valid_patents: int


class OutcomeShape(_Shape):
    """What became of a company in a year 企业年度成效."""

    id: int
    company_id: int
    company: str
    year: int
    industrialized: bool
    financing_fen: int | None
    output_fen: int | None
    outcomes: tuple[str, ...]
    evidence: str


class OutcomeListShape(BaseModel):
    """What became of companies 企业成效."""

    rows: list[OutcomeShape]
