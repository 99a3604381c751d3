"""JSON shapes of who sits for which body and who deputizes for whom."""

from datetime import date
from typing import Self

from cases.seating import Deputizing, Office, Seating
from desk.shapes import Shape


class SeatShape(Shape):
    """A person with a seat 审批席位."""

    id: int
    login: str
    name: str
    active: bool


class OfficeShape(Shape):
    """A body and who sits for it 审批机构. `known` is false if the house pack no longer names it."""

    body: str
    zh: str
    en: str
    kind: str
    members: int
    quorum: int
    known: bool
    seats: list[SeatShape]

    @classmethod
    def of(cls, office: Office) -> Self:
        """Return the shape of a body."""
        body = office.body
        return cls(
            body=body.id, zh=body.zh, en=body.en, kind=body.kind, members=body.members, quorum=body.quorum,
            known=office.known, seats=[SeatShape.model_validate(seat) for seat in office.seats],
        )  # fmt: skip


class DeputyShape(Shape):
    """Who deputizes for whom 审批代理. `standing` is now, coming or over."""

    id: int
    login: str
    name: str
    deputy_login: str
    deputy: str
    first_day: date
    last_day: date
    reason: str
    standing: str

    @classmethod
    def of(cls, one: Deputizing) -> Self:
        """Return the shape of a deputy."""
        return cls.model_validate(one)


class SeatingShape(Shape):
    """Seats and deputies of the institution 审批席位与代理. Nothing assigned: any approver decides for any body."""

    assigned: bool
    offices: list[OfficeShape]
    deputies: list[DeputyShape]

    @classmethod
    def of(cls, found: Seating) -> Self:
        """Return the shape of a seating."""
        return cls(
            assigned=found.is_assigned, offices=[OfficeShape.of(office) for office in found.offices],
            deputies=[DeputyShape.of(one) for one in found.deputies],
        )  # fmt: skip
