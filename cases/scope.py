"""Who asks, and for which organization: every query and action of the record takes one."""

from dataclasses import dataclass

from states.facts import Actor


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

    @property
    def actor(self) -> Actor:
        """The person as the charts know them."""
        return Actor(self.id, self.name, self.role)
