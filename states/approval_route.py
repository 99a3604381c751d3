"""Where an approval stands: its route as it was when the case was handed up, and the decisions given so far.

In: a case's data and who may decide. Out: the bodies that are asked now, and the table of stages that the case page,
the inbox and the approval form show. Reads only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rules.approval_routes import ApprovalBody, Route
from states.approvers import Approvers
from states.facts import CaseData

Standing = Literal["approved", "waiting", "later"]
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    "approved": ("已批准", "approved"),
    "waiting": ("待审批", "waiting"),
    "later": ("未到此环节", "not yet"),
}
Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who may decide: by name, with the deputies in force; `active` is False for a closed account."""

    name: str
    deputies: tuple[str, ...] = ()
    active: bool = True

    @property
    def zh(self) -> str:
        """The person in Chinese."""
        name = self.name if self.active else f"{self.name}（已停用）"
        return f"{name}（代理人：{'、'.join(self.deputies)}）" if self.deputies else name

    @property
    def en(self) -> str:
        """The person in English."""
        name = self.name if self.active else f"{self.name} (closed)"
        return f"{name} (deputy: {', '.join(self.deputies)})" if self.deputies else name


@dataclass(frozen=True, slots=True)
class Row:
    """One body of the route: its stage (from 1), where it stands, who is asked since when, and what it decided."""

    stage: int
    body: ApprovalBody
    standing: Standing
    persons: tuple[Waiting, ...] = ()
    since: date | None = None
    decision: Decision | None = None

    @property
    def decided_on(self) -> date | None:
        """The day of the decision, or None."""
        return date.fromisoformat(self.decision["decided_on"]) if self.decision else None

    @property
    def told(self) -> tuple[str, str]:
        """The body with its persons, in Chinese and in English."""
        zh, en = "、".join(one.zh for one in self.persons), ", ".join(one.en for one in self.persons)
        return (f"{self.body.zh}：{zh}", f"{self.body.en}: {en}") if zh else (self.body.zh, self.body.en)


def stored(route: Route) -> list[list[dict[str, Any]]]:
    """Return a route as JSON values."""
    return [[body.model_dump(mode="json") for body in stage] for stage in route]


def route_in(data: CaseData) -> Route:
    """Return the route on which a case was handed up; one handed up before there were routes has a single body."""
    if not data.has("approval"):
        return ()
    if kept := data.items("approval", "route"):
        return tuple(tuple(ApprovalBody.model_validate(body) for body in stage) for stage in kept)
    zh, en = data.text("approval", "body_zh") or "审批机构", data.text("approval", "body_en") or "Approver"
    return ((ApprovalBody(id=zh[:40], zh=zh[:60], en=en[:80]),),)


def decisions_in(data: CaseData) -> Sequence[Decision]:
    """Return the decisions given so far, in their order."""
    return data.items("approval", "decisions")


def decided(data: CaseData) -> frozenset[str]:
    """Return the ids of the bodies that have decided."""
    return frozenset(decision["body"] for decision in decisions_in(data))


def open_bodies(data: CaseData) -> tuple[ApprovalBody, ...]:
    """Return the bodies that are asked now: what is left of the first stage with a body left."""
    done = decided(data)
    for stage in route_in(data):
        if left := tuple(body for body in stage if body.id not in done):
            return left
    return ()


def remaining(data: CaseData) -> frozenset[str]:
    """Return the ids of all bodies of the route that have not decided."""
    return frozenset(body.id for stage in route_in(data) for body in stage) - decided(data)


def rows(data: CaseData, approvers: Approvers, on: date) -> tuple[Row, ...]:
    """Return the table of stages as it stands on a day."""
    return tuple(_rows(data, approvers, on))


def _rows(data: CaseData, approvers: Approvers, on: date) -> Iterator[Row]:
    given = {decision["body"]: decision for decision in _corrected(data)} or _before_routes(data)
    asked = {body.id for body in open_bodies(data)}
    since = data.day("approval", "submitted_on")
    for number, stage in enumerate(route_in(data), 1):
        for body in stage:
            if body.id in given:
                yield Row(number, body, "approved", decision=given[body.id])
            elif body.id in asked:
                yield Row(number, body, "waiting", _persons(approvers, body.id, on), since)
            else:
                yield Row(number, body, "later", _persons(approvers, body.id, on))
        recorded = [given[body.id].get("recorded_on") for body in stage if body.id in given]
        since = max((date.fromisoformat(day) for day in recorded if day), default=since)


def _corrected(data: CaseData) -> Sequence[Decision]:
    """Return the decisions, the last one as it was corrected after the approval had been granted."""
    *earlier, last = decisions_in(data) or (None,)
    if last is None or not data.has("approval") or not data.text("approval", "approved_by_name"):
        return decisions_in(data)
    keys = ("minutes_no",) if earlier else ("minutes_no", "decided_on")
    return (*earlier, {**last, **{key: data.text("approval", key) for key in keys}})


def _before_routes(data: CaseData) -> dict[str, Decision]:
    """Return the single decision of a case that was approved before there were routes."""
    name = data.text("approval", "approved_by_name")
    if not name or data.items("approval", "route"):
        return {}
    ((body,),) = route_in(data)
    told = {key: data.text("approval", key) for key in ("decided_on", "minutes_no", "opinion")}
    return {body.id: {"body": body.id, "by_name": name, **told}}


def _persons(approvers: Approvers, body: str, on: date) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            seat.name,
            tuple(one.name for one in approvers.deputies_of(seat.person_id, on)),
            seat.active,
        )
        for seat in approvers.sitting(body)
    )
