"""Approvals in stages for tests of decisions: bodies, a route, who sits where, and a case handed up on it."""

from datetime import date
from typing import Any

from rules.approval_routes import ApprovalBody, Route
from states.approval_route import stored
from states.approvers import Approvers, Deputy, Seat
from tests.states.situation import Situation, deal

COLLEGE = ApprovalBody(id="college", zh="院系", en="College")
OFFICE = ApprovalBody(id="office", zh="技术转移部门", en="Transfer office")
LEGAL = ApprovalBody(id="legal", zh="法务", en="Legal office")
GROUP = ApprovalBody(id="group", zh="领导小组", en="Leading group", kind="committee", members=9, quorum=6)
ROUTE: Route = ((COLLEGE,), (OFFICE, LEGAL), (GROUP,))
# Who sits for each body: the person's id and name.
SEATED = {"college": (11, "院长"), "office": (12, "主任"), "legal": (13, "沈律"), "group": (14, "秘书")}
SEATS = tuple(Seat(body, *person) for body, person in SEATED.items())
VOTE: dict[str, Any] = {"present": 7, "in_favor": 5, "against": 1, "abstained": 1}
DEPUTY = Deputy(13, "沈律", 21, "代理人", date(2026, 6, 1), date(2026, 6, 3), "出差")
APPROVERS = Approvers(SEATS, (DEPUTY,))


def given(*bodies: ApprovalBody, on: str = "2026-05-27") -> list[dict[str, object]]:
    """Decisions of these bodies, each by who sits there."""
    return [
        {
            "body": body.id, "body_zh": body.zh, "by": SEATED[body.id][0], "by_name": SEATED[body.id][1],
            "decided_on": on, "recorded_on": on, "minutes_no": "1号", "opinion": "",
        }
        for body in bodies
    ]  # fmt: skip


def handed_up(now: Situation, *done: ApprovalBody, route: Route = ROUTE, related: str = "") -> Situation:
    """The case under approval on a route, with these bodies done."""
    return now.at(*deal(approval="approval_submitted")).data(
        "approval", route=stored(route), decisions=given(*done), related_names=related, submitted_on="2026-05-25",
        decided_on=None,
    )  # fmt: skip


def meeting(now: Situation) -> Situation:
    """The case before the committee, the last stage, with a vote that carries."""
    return handed_up(now, COLLEGE, OFFICE, LEGAL).giving("approve", **VOTE)
