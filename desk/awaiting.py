"""JSON shapes of the inbox: what waits for a person, who holds it and since when."""

from datetime import date
from typing import Self

from pydantic import Field

from cases.inbox import Inbox, Item
from cases.standing import Due, Holder
from desk.shapes import ApprovalRowShape, Shape
from states.catalog import MODES
from states.modes import STAGES

LISTS = ("needs", "waiting", "overdue")
LIST_NAMES = {
    "needs": ("等我办理", "needs me"),
    "waiting": ("等他人办理", "waiting for others"),
    "overdue": ("已逾期", "overdue"),
}


class HolderShape(Shape):
    """Whose turn it is, and since when 现由谁办理. No roles: only a date is awaited."""

    roles: list[str]
    who_zh: str
    who_en: str
    since: date = Field(
        description="the day of the last entry of the trail, or since the approvers are asked"
    )
    days: int
    asked: list[ApprovalRowShape] = Field(
        description="bodies of the approval that are asked now 等待审批的机构"
    )

    @classmethod
    def of(cls, holder: Holder) -> Self:
        """Return the shape of a holder."""
        return cls(
            roles=list(holder.roles),
            who_zh=holder.who_zh,
            who_en=holder.who_en,
            since=holder.since,
            days=holder.days,
            asked=[ApprovalRowShape.of(row) for row in holder.asked],
        )


class NextStepShape(Shape):
    """A step that the person can take now 可办理的下一步."""

    event: str
    zh: str
    en: str


class NextDueShape(Shape):
    """The deadline that counts for the item 期限. `days_left` is negative when overdue."""

    id: int
    title: str
    title_en: str
    due: date
    days_left: int
    kind: str
    confidence: str

    @classmethod
    def of(cls, due: Due) -> Self:
        """Return the shape of a deadline."""
        return cls(**{name: getattr(due, name) for name in cls.model_fields})


class WaitingCaseShape(Shape):
    """A case in the inbox 待办事项."""

    case_id: int
    number: str
    title: str
    mode: str
    mode_zh: str
    stage: str
    stage_zh: str
    company: str
    officer: str
    holder: HolderShape
    steps: list[NextStepShape]
    due: NextDueShape | None

    @classmethod
    def of(cls, item: Item) -> Self:
        """Return the shape of an item."""
        return cls(
            case_id=item.case_id, number=item.number, title=item.title, mode=item.mode, mode_zh=MODES[item.mode].zh,
            stage=item.stage, stage_zh=STAGES[item.stage][0], company=item.company, officer=item.officer,
            holder=HolderShape.of(item.holder),
            steps=[NextStepShape(event=step.event, zh=step.zh, en=step.en) for step in item.steps],
            due=NextDueShape.of(item.due) if item.due else None,
        )  # fmt: skip


class InboxListShape(Shape):
    """One page of one list of the inbox 待办列表; `counts` are of all three lists."""

    counts: dict[str, int]
    rows: list[WaitingCaseShape]
    page: int
    size: int

    @classmethod
    def of(cls, found: Inbox, which: str, page: int, size: int) -> Self:
        """Return the shape of a page."""
        rows = found.items(which)[(page - 1) * size : page * size]
        return cls(
            counts={name: len(found.items(name)) for name in LISTS},
            rows=[WaitingCaseShape.of(item) for item in rows], page=page, size=size,
        )  # fmt: skip
