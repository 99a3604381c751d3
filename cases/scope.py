"""Who asks, through which door, and for which organization: every query and action of the record takes one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from cases.errors import Forbidden
from states.facts import Actor

# The doors through which the record is changed.
DOORS = {
    "web": ("网页", "web"),
    "api": ("接口", "API"),
    "command": ("命令行", "command line"),
    "flow": ("后台流程", "flow"),
    "portal": ("企业门户", "enterprise portal"),
    "setup": ("初始设置", "setup"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action came in: a door of `DOORS`, and the client's network address where there is one."""

    door: str = ""
    address: str = ""

    def told(self) -> Mapping[str, Any]:
        """Return what an entry of the trail says of it; nothing where the door is not known."""
        return {"origin": {"address": self.address, "door": self.door}} if self.door else {}


# Who may read the whole trail, verify it and take it along.
AUDITORS = ("administrator", "readonly")
NOWHERE = Origin()
# Whoever supervises institutions has business on these pages and addresses of the API, and on nothing else.
SUPERVISED = (
    "/supervision",
    "/my",
    "/messages",
    "/sign-out",
    "/api/v1/supervision",
    "/api/v1/me",
    "/api/v1/openapi.json",
)
HOME = "/"


def check_reach(role: str, path: str) -> None:
    """Refuse a supervisor everything but the pages of supervision.

    Raises: Forbidden.
    """
    reached = path == HOME or any(path == open_ or path.startswith(f"{open_}/") for open_ in SUPERVISED)
    if role == "supervisor" and not reached:
        raise Forbidden(
            "监管人员只能查看“全市情况”，不能进入单位的业务页面",
            "supervisors see the overview of the city only",
        )


@dataclass(frozen=True, slots=True)
class Author:
    """Who an entry of the trail names, and where the action came in."""

    id: int | None
    name: str
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person. `org_id` limits everything they can see."""

    id: int
    org_id: int
    login: str
    name: str
    role: str
    email: str = ""
    language: str = "zh"
    origin: Origin = NOWHERE

    @property
    def actor(self) -> Actor:
        """The person as the charts know them."""
        return Actor(self.id, self.name, self.role)

    @property
    def author(self) -> Author:
        """The person as the trail names them."""
        return Author(self.id, self.name, self.origin)

    def through(self, door: str, address: str = "") -> Self:
        """Return the person as they come in by a door."""
        return replace(self, origin=Origin(door, address))
