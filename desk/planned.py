"""JSON shapes of what would happen: supposed steps and the deadlines they would open."""

from datetime import date
from typing import Self

from pydantic import Field

from cases.whatif import Outcome
from desk.shapes import VERIFIED, Shape, UnmetShape
from rules.deadlines import Deadline


class PlannedDeadlineShape(Shape):
    """A deadline that a supposed step would open 将产生的期限."""

    key: str
    title: str
    title_en: str
    kind: str
    rule_id: str
    rule_version: str
    article: str
    confidence: str
    unverified: bool
    base_event: str
    base_date: date
    period: str
    nominal: date
    due: date
    roll: str
    provisional: bool
    explanation_zh: list[str]
    explanation_en: list[str]

    @classmethod
    def planned(cls, key: str, deadline: Deadline) -> Self:
        """Return the shape of a computed deadline."""
        own = {"key", "unverified"}
        values = {name: getattr(deadline, name) for name in cls.model_fields if name not in own}
        return cls.model_validate({**values, "key": key, "unverified": deadline.confidence not in VERIFIED})


class ApproverShape(Shape):
    """A body that is asked to approve 审批机构."""

    id: str
    zh: str
    en: str


class PlannedShareShape(Shape):
    """What one party would get of the contract's amount, costs not taken off 收益分配测算."""

    party: str
    party_zh: str
    party_en: str
    amount_fen: int
    bp: int
    basis_zh: str
    basis_en: str


class OutcomeShape(Shape):
    """What one supposed step would do 模拟结果, or every reason why it would be refused."""

    event: str
    zh: str
    en: str
    on: date
    possible: bool
    unmet: list[UnmetShape]
    position: list[str] = Field(description="active states afterwards 办理后所处环节")
    deadlines: list[PlannedDeadlineShape]
    documents: list[str]
    voids: list[str]
    roles: list[str] = Field(description="who could take the step 可由谁办理")
    approvers: list[ApproverShape] = Field(description="who is asked to approve next 接下来由谁审批")
    shares: list[PlannedShareShape] = Field(
        description="division of the amount if the step signs 收益分配测算"
    )

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Return the shape of an outcome."""
        step = outcome.step
        return cls(
            event=step.event, zh=step.zh, en=step.en, on=outcome.on, possible=outcome.possible,
            unmet=[UnmetShape.of(unmet) for unmet in outcome.unmet], position=list(outcome.leaves),
            deadlines=[PlannedDeadlineShape.planned(key, deadline) for key, deadline in outcome.deadlines],
            documents=list(outcome.documents), voids=list(outcome.voids), roles=list(outcome.roles),
            approvers=[ApproverShape.model_validate(body) for body in outcome.bodies],
            shares=[PlannedShareShape.model_validate(line) for line in outcome.shares.lines] if outcome.shares else [],
        )  # fmt: skip


class SimulationShape(Shape):
    """A chain of supposed steps 模拟; the first refusal ends it. Nothing was written."""

    case: str
    possible: bool
    steps: list[OutcomeShape]

    @classmethod
    def of(cls, case: str, outcomes: tuple[Outcome, ...]) -> Self:
        """Return the shape of a simulation."""
        return cls(
            case=case,
            possible=all(outcome.possible for outcome in outcomes),
            steps=[OutcomeShape.of(outcome) for outcome in outcomes],
        )
