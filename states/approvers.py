"""Who may decide on an approval: who sits for which body, and who deputizes for whom from day to day.

Plain values that the record puts together for the steps of an approval. Where an institution has assigned no seat at
all, every approver may decide for every body.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Seat:
    """A person who sits for a body; one who is not `active` can decide through a deputy only."""

    body: str
    person_id: int
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who deputizes for whom, from the first to the last day, both included, and why."""

    for_id: int
    for_name: str
    person_id: int
    name: str
    first: date
    last: date
    reason: str
    active: bool = True

    def is_in_force(self, on: date) -> bool:
        """Say whether the deputy may act on a day."""
        return self.active and self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class Chair:
    """In what capacity somebody decides: for themselves (`deputy` None), or as somebody's deputy."""

    deputy: Deputy | None = None


@dataclass(frozen=True, slots=True)
class Approvers:
    """The seats and deputies of the institution, and the inventors of the case's patents by name."""

    seats: tuple[Seat, ...] = ()
    deputies: tuple[Deputy, ...] = ()
    inventors: frozenset[str] = frozenset()

    def sitting(self, body: str) -> tuple[Seat, ...]:
        """Return who sits for a body."""
        return tuple(seat for seat in self.seats if seat.body == body)

    def deputies_of(self, person_id: int, on: date) -> tuple[Deputy, ...]:
        """Return who may act for a person on a day."""
        return tuple(one for one in self.deputies if one.for_id == person_id and one.is_in_force(on))

    def is_manned(self, body: str, on: date) -> bool:
        """Say whether somebody can decide for a body on a day."""
        return not self.seats or any(
            seat.active or self.deputies_of(seat.person_id, on) for seat in self.sitting(body)
        )

    def chairs(self, body: str, person_id: int, on: date) -> tuple[Chair, ...]:
        """Return the capacities in which a person may decide for a body on a day, their own seat first."""
        if not self.seats:
            return (Chair(),)
        sitting = self.sitting(body)
        own = (Chair(),) if any(seat.person_id == person_id for seat in sitting) else ()
        stands_in = (one for seat in sitting for one in self.deputies_of(seat.person_id, on))
        return (*own, *(Chair(one) for one in stands_in if one.person_id == person_id))
