"""The JSON shapes of enterprises, evaluations and messages, shared by the REST API and `panhuo enterprise … --json`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field

from cases.enterprise_codes import CLASSES
from cases.enterprise_messages import MessageView
from cases.enterprises import EnterprisePage, EnterpriseRow
from cases.evaluation_views import EvaluationView
from desk.shapes import Shape


class EnterpriseShape(Shape):
    """An enterprise 企业: its profile, and how many patents were pushed to it and evaluated by it."""

    id: int
    name: str
    uscc: str
    classes: tuple[str, ...] = Field(description="企业类别 codes, such as high_tech")
    classes_zh: tuple[str, ...]
    region: str
    industries: tuple[str, ...]
    size: str
    cultivation: str = Field(description="样板企业培育: reserve, entered, added, left")
    confirmed_on: date | None
    pushed: int
    evaluated: int
    accounts: int

    @classmethod
    def of(cls, row: EnterpriseRow) -> Self:
        """Return the shape of a row."""
        held = row.profile
        return cls(
            id=row.id, name=row.name, uscc=row.uscc, classes=held.classes, region=held.region, size=held.size,
            classes_zh=tuple(CLASSES[code][0] for code in held.classes), industries=held.industries,
            cultivation=held.cultivation, confirmed_on=held.confirmed_on, pushed=row.pushed, evaluated=row.evaluated,
            accounts=row.accounts,
        )  # fmt: skip


class EnterpriseListShape(Shape):
    """One page of enterprises 企业列表."""

    rows: list[EnterpriseShape]
    total: int

    @classmethod
    def of(cls, page: EnterprisePage) -> Self:
        """Return the shape of a page."""
        return cls(rows=[EnterpriseShape.of(row) for row in page.rows], total=page.total)


class HeadShape(Shape):
    """One head of an evaluation 评价的一项."""

    key: str
    zh: str
    en: str
    score: int
    text: str


class EvaluationShape(Shape):
    """An evaluation 评价 under the three heads of the papers."""

    id: int
    patent_id: int
    title: str
    number: str
    evaluator: str = Field(description="enterprise 企业自评 or expert 入库专家")
    by: str
    heads: tuple[HeadShape, ...]
    score: int
    willing_to_talk: bool
    contact_consent: bool
    on: date
    flags: tuple[str, ...] = Field(description="质量检查: empty, copied, too_fast, same_scores, conflict")
    status: str = Field(description="counted 计入 or set_aside 不计入")
    source: str


class EvaluationListShape(Shape):
    """One page of evaluations 评价列表."""

    rows: list[EvaluationShape]
    total: int

    @classmethod
    def of(cls, rows: Sequence[EvaluationView], total: int) -> Self:
        """Return the shape of a page."""
        return cls(rows=[EvaluationShape.model_validate(row) for row in rows], total=total)


class MessageShape(Shape):
    """What an enterprise wants answered 企业消息: evaluation, improvement or cooperation."""

    id: int
    kind: str
    company_id: int
    company: str
    patent_id: int
    title: str
    body: str
    owner: str
    received_at: datetime
    due: date | None
    days_left: int | None
    status: str
    answer: str
    answered_at: datetime | None
    case_id: int | None


class MessageListShape(Shape):
    """One page of messages 消息列表."""

    rows: list[MessageShape]
    total: int

    @classmethod
    def of(cls, rows: Sequence[MessageView], total: int) -> Self:
        """Return the shape of a page."""
        return cls(rows=[MessageShape.model_validate(row) for row in rows], total=total)
