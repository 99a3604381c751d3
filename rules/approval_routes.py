"""The route of an approval: which bodies decide, one stage after another, several of a stage side by side.

In: the `approval_bodies` and `approval_routes` of a house's policy. Out: frozen, checked rows, and the route of a case
by mode, amount, related party and secrecy: the first row from the top that fits. Which of the bodies' members have
voted how is checked in `states.approvals`; here stands only what the house asks for.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.house_rows import EVERY_MODE, MODES, ApprovalBand, checked_mode, end_of
from rules.money import MoneyError, format_yuan, parse_yuan
from rules.pack_faults import refused

Kind = Literal["person", "committee"]
Majority = Literal["over_half", "two_thirds", "unanimous"]
MajorityOf = Literal["members", "present"]
# How well the source of a row is known, as for rules; `house` is the house's own or assumed.
Confidence = Literal["V", "V*", "V (draft)", "S", "M", "D", "house"]
MAJORITIES: Mapping[Majority, tuple[str, str]] = {
    "over_half": ("过半数", "more than half"),
    "two_thirds": ("三分之二以上", "two thirds"),
    "unanimous": ("全部", "all"),
}
MAJORITY_OF: Mapping[MajorityOf, tuple[str, str]] = {
    "members": ("全体成员", "of all members"),
    "present": ("到会成员", "of those present"),
}
_SHARES: Mapping[Majority, Fraction] = {"two_thirds": Fraction(2, 3), "unanimous": Fraction(1)}


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ApprovalBody(_Row):
    """Who decides: a person in charge, or a committee that meets, votes and keeps minutes.

    Of a committee: `members` it has, `quorum` how many must take part in the vote (members who recuse themselves
    do not count), `majority` of `majority_of` must be in favor.
    """

    id: str = Field(min_length=1, max_length=40)
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=80)
    kind: Kind = "person"
    members: int = Field(default=0, ge=0, le=200)
    quorum: int = Field(default=0, ge=0, le=200)
    majority: Majority = "over_half"
    majority_of: MajorityOf = "members"
    confidence: Confidence = "house"

    @property
    def is_committee(self) -> bool:
        """Whether the body meets and votes."""
        return self.kind == "committee"

    def needed(self, present: int) -> int:
        """Return the smallest number of votes in favor that carries, with so many taking part in the vote."""
        base = self.members if self.majority_of == "members" else present
        share = _SHARES.get(self.majority)
        return base // 2 + 1 if share is None else -int(-base * share // 1)

    @model_validator(mode="after")
    def _check_committee(self) -> "ApprovalBody":
        if not self.is_committee:
            for field in ("members", "quorum"):
                if getattr(self, field):
                    raise refused('只有会议机构（kind = "committee"）才填写', "only of a committee", field)
        elif self.members < 2:
            raise refused("会议机构须写明成员人数，至少2人", "a committee has two members or more", "members")
        elif not 1 <= self.quorum <= self.members:
            raise refused("法定到会人数须为1至成员人数", "the quorum is 1 to the number of members", "quorum")
        return self


class ApprovalRoute(_Row):
    """One row of the table: what it applies to, and the stages. `related` and `secret` left out: either.

    `over_fen` is the amount above which the row begins, `max_fen` the largest it holds, None if it has no end.
    """

    mode: str = EVERY_MODE
    over_fen: int | None = None
    max_fen: int | None = None
    related: bool | None = None
    secret: bool | None = None
    stages: tuple[tuple[str, ...], ...] = Field(min_length=1)
    basis: str = ""
    confidence: Confidence = "house"

    _mode = field_validator("mode")(checked_mode)

    def fits(self, mode: str, amount_fen: int, *, related: bool, secret: bool) -> bool:
        """Whether a case of this mode and amount goes this way."""
        return self.is_about(mode, related=related, secret=secret) and self.holds(amount_fen)

    def holds(self, amount_fen: int) -> bool:
        """Whether the amount falls into the row."""
        over = self.over_fen is None or amount_fen > self.over_fen
        return over and (self.max_fen is None or amount_fen <= self.max_fen)

    def is_about(self, mode: str, *, related: bool, secret: bool) -> bool:
        """Whether the row fits such a case for some amount."""
        return (
            self.mode in (mode, EVERY_MODE)
            and self.related in (None, related)
            and self.secret in (None, secret)
        )


Route = tuple[tuple[ApprovalBody, ...], ...]


def route_text(route: Route) -> tuple[str, str]:
    """Name the stages of a route in Chinese and in English: 院系 → 技术转移部门、法务 → 校长办公会."""
    zh = " → ".join("、".join(body.zh for body in stage) for stage in route)
    return zh, " → ".join(", ".join(body.en for body in stage) for stage in route)


def body_of(band: ApprovalBand) -> ApprovalBody:
    """Return the body of a band by amount: a person, known by its Chinese name."""
    return ApprovalBody(id=band.body_zh[:40], zh=band.body_zh[:60], en=band.body_en[:80])


def rows_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn amounts of yuan into fen: `up_to` is included, `below` and `over` are not.

    Raises: PydanticCustomError naming the row.
    """
    found = []
    for number, row in enumerate(rows):
        over, end = _over_of(number, row), end_of(number, row)
        if over is not None and end is not None and end <= over:
            raise refused("金额的上限须大于下限", "the upper end lies below the lower one", number, "over")
        rest = {key: value for key, value in row.items() if key not in ("over", "up_to", "below")}
        found.append({**rest, "over_fen": over, "max_fen": end})
    return found


def _over_of(number: int, row: Mapping[str, Any]) -> int | None:
    if "over" not in row:
        return None
    try:
        return parse_yuan(str(row["over"]))
    except MoneyError as error:
        raise refused(error.reason, str(error), number, "over") from error


def check_routes(
    bodies: Sequence[ApprovalBody], routes: Sequence[ApprovalRoute], bands: Sequence[ApprovalBand]
) -> None:
    """Hold bodies and routes to each other: known bodies, no body twice, every case has a way, every row a use.

    Raises: PydanticCustomError naming the first row at fault.
    """
    known: set[str] = set()
    for number, body in enumerate(bodies):
        if body.id in known:
            raise refused(f"机构 {body.id} 写了两次，请改名或删去一个", f"{body.id} stands twice",
                          "approval_bodies", number, "id")  # fmt: skip
        known.add(body.id)
    for number, route in enumerate(routes):
        _check_stages(number, route, known)
    if not routes and not bands:
        raise refused(
            "没有审批权限：请写 approval_bands（按金额）或 approval_routes（审批路线）",
            "neither bands nor routes of approval",
        )
    _check_cover(routes, is_open=bool(bands))


def _check_stages(number: int, route: ApprovalRoute, known: set[str]) -> None:
    seen: set[str] = set()
    for place, stage in enumerate(route.stages):
        at = ("approval_routes", number, "stages", place)
        if not stage:
            raise refused(f"第{place + 1}环节没有机构，请写上或删去该环节", "a stage without a body", *at)
        for name in stage:
            if name not in known:
                listed = "、".join(sorted(known)) or "（尚未写 approval_bodies）"
                raise refused(f"没有“{name}”这个审批机构，可填 {listed}", f"no body {name}", *at)
            if name in seen:
                raise refused(f"机构 {name} 在同一路线中出现两次，请删去一处", f"{name} stands twice", *at)
            seen.add(name)


def _check_cover(routes: Sequence[ApprovalRoute], *, is_open: bool) -> None:
    """Every case finds a row (or falls through to the bands), and no row stands behind one that takes it all."""
    used: set[int] = set()
    for mode, related, secret in product(MODES, (False, True), (False, True)):
        about = [
            (n, route)
            for n, route in enumerate(routes)
            if route.is_about(mode, related=related, secret=secret)
        ]
        used |= {n for n, _ in _first_fits(about)}
        if not is_open and (gap := _gap(route for _, route in about)) is not None:
            kind = f"{mode}、{'有' if related else '无'}关联关系、{'涉密' if secret else '不涉密'}"
            raise refused(
                f"{kind}、金额{gap}的案件没有审批路线，请在最后补一行不设条件的路线",
                f"no route for {mode}, related={related}, secret={secret}",
                "approval_routes",
            )
    for number in range(len(routes)):
        if number not in used:
            raise refused(
                "前面的路线已包括这一行的全部情形，这一行永远用不到，请调整次序或删去",
                "an earlier row takes everything that this one is about",
                "approval_routes", number,
            )  # fmt: skip


def _first_fits(about: Sequence[tuple[int, ApprovalRoute]]) -> Iterator[tuple[int, ApprovalRoute]]:
    """Yield the rows that are the first to fit some amount: amounts matter only just above the rows' ends."""
    for amount in _amounts(route for _, route in about):
        yield from [found for found in about if found[1].holds(amount)][:1]


def _gap(about: Iterator[ApprovalRoute]) -> str | None:
    rows = list(about)
    amount = next((a for a in _amounts(iter(rows)) if not any(row.holds(a) for row in rows)), None)
    return None if amount is None else f"{format_yuan(amount)}元起"


def _amounts(rows: Iterator[ApprovalRoute]) -> list[int]:
    ends = {0}
    for row in rows:
        ends |= {fen + 1 for fen in (row.over_fen, row.max_fen) if fen is not None}
    return sorted(ends)
