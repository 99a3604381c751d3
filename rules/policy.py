"""The policy of one institution: what the law leaves to the house.

In: the `[house]` part of a rule pack, one table per version. Out: a frozen, checked `HousePolicy`. Limits that
the law sets (at least 15 days of publicity) are enforced here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.approval_routes import ApprovalBody, ApprovalRoute, Route, body_of, check_routes, rows_of
from rules.counting import Period
from rules.house_rows import (
    EVERY_MODE,
    ApprovalBand,
    Evaluating,
    FeePayer,
    Paper,
    Reminding,
    Rungs,
    bands_of,
)
from rules.pack_faults import refused
from rules.rule import FIRST_DAY, LawDay, check_span

__all__ = ["ApprovalBand", "Evaluating", "FeePayer", "HousePolicy", "Paper", "Reminding", "Rungs"]

SHORTEST_PUBLICITY = 15
CLEARANCES = (
    "title", "entry", "price", "publicity", "approval", "first_refusal", "export", "valuation", "award_agreement",
)  # fmt: skip
AmountBasis = Literal["contract_total", "appraised_value", "estimate"]
# What a house may promise a time for: the names are the keys of `service_levels`.
SERVICE_LEVELS: Mapping[str, tuple[str, str]] = {
    "demand_reply": ("答复企业需求", "reply to an enterprise's demand"),
    "evaluation_reply": ("答复企业评价", "reply to an enterprise's evaluation"),
    "objection_handling": ("处理公示异议", "handling of an objection"),
    "approval": ("审批", "decision on an approval"),
    "contract_review": ("合同审查", "review of a contract"),
    "inventor_reply": ("成果完成人答复优先受让", "inventors' answer on first refusal"),
    "filing_target": ("提交登记、备案", "submitting a filing"),
    "platform_feedback": ("盘活系统反馈", "platform feedback"),
    "reward_payment": ("到账后发放奖励", "paying rewards after a receipt"),
}


class HousePolicy(BaseModel):
    """The house's own rules.

    `order` names, per clearance, the clearances that must stand before it. `approval_routes` say which bodies
    decide in which stages; where no row of them fits, the bands by amount do (`route_for`). Unless
    `one_person_several_bodies`, nobody decides for two bodies of one route. `amount_basis` says which amount they
    look at. `feedback_days` is the house's limit for 及时 in the platform feedback duty.
    `reward_publicity_days` is the publicity of a reward, apart from that of a deal. `service_levels` maps a
    name of `SERVICE_LEVELS` to a period (`5wd`). `margins` maps a deadline rule to the days by which the
    internal date lies before the statutory one; `reminders` to the house's own ladder, used instead of the
    rule's (`RuleBook.deadline` applies it); a kind of deadline in the place of a rule gives that of all its rules
    without one of their own. `reminding` says how the house reminds, whatever the rule, `evaluating` how it works with
    enterprises. `shares_rule` is the rule on
    which the house's default shares rest; the shares themselves are rows of the pack. From `assessment_since` on, no
    application is filed without a passed assessment; None does not bind. `agency` is the patent agency
    that acts before the office, if one does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    valid_from: LawDay = FIRST_DAY
    valid_to: LawDay | None = None
    publicity_days: int
    publicity_unit: Literal["d", "wd"]
    reward_publicity_days: int = SHORTEST_PUBLICITY
    reward_publicity_unit: Literal["d", "wd"] = "wd"
    order: dict[str, tuple[str, ...]]
    approval_bands: tuple[ApprovalBand, ...] = ()
    approval_bodies: tuple[ApprovalBody, ...] = ()
    approval_routes: tuple[ApprovalRoute, ...] = ()
    one_person_several_bodies: bool = False
    amount_basis: AmountBasis
    amount_basis_zh: str
    feedback_days: int = Field(ge=1)
    register_check_max_age_days: int = Field(ge=0)
    service_levels: dict[str, str] = Field(default_factory=dict)
    reminders: dict[str, Rungs] = Field(default_factory=dict)
    reminding: Reminding = Reminding()
    evaluating: Evaluating = Evaluating()
    margins: dict[str, int] = Field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    fee_payers: tuple[FeePayer, ...] = ()
    shares_rule: str = ""
    assessment_since: LawDay | None = None
    agency: str = Field(default="", max_length=100)

    def is_valid(self, on: date) -> bool:
        """Whether this version of the policy holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def ladder_of(self, rule_id: str, kind: str) -> Rungs | None:
        """Return the house's own ladder of a deadline rule, or of its kind; None if the rule's own stands."""
        return self.reminders.get(rule_id) or self.reminders.get(kind)

    def body_for(self, mode: str, amount_fen: int) -> ApprovalBand:
        """Return the band that decides on an amount in a mode.

        Raises: ValueError if the amount is negative.
        """
        own = [band for band in self.approval_bands if band.mode == mode]
        bands = own or [band for band in self.approval_bands if band.mode == EVERY_MODE]
        for band in bands:
            if band.holds(amount_fen):
                return band
        raise ValueError(f"no approval band for {mode} and {amount_fen} fen")

    def route_for(self, mode: str, amount_fen: int, *, related: bool = False, secret: bool = False) -> Route:
        """Return the stages of bodies that decide: the first route that fits, or else the band as one stage.

        Raises: ValueError if the amount is negative.
        """
        for row in self.approval_routes:
            if amount_fen >= 0 and row.fits(mode, amount_fen, related=related, secret=secret):
                by_id = {body.id: body for body in self.approval_bodies}
                return tuple(tuple(by_id[name] for name in stage) for stage in row.stages)
        return ((body_of(self.body_for(mode, amount_fen)),),)

    def ordinary_routes(self, mode: str) -> tuple[Route, ...]:
        """Return the routes of a mode without related party and secrecy, each once, the smallest amounts first."""
        ends = {row.over_fen for row in self.approval_routes} | {row.max_fen for row in self.approval_routes}
        starts = {
            0,
            *(end + 1 for end in ends if end is not None),
            *(band.min_fen for band in self.approval_bands),
        }
        return tuple(dict.fromkeys(self.route_for(mode, amount) for amount in sorted(starts)))

    @property
    def bodies(self) -> tuple[ApprovalBody, ...]:
        """Every body that may be asked to decide, each once."""
        of_bands = (body_of(band) for band in self.approval_bands)
        return tuple({body.id: body for body in (*self.approval_bodies, *of_bands)}.values())

    def papers_for(self, mode: str, step: str = "") -> tuple[Paper, ...]:
        """Return the papers of a mode, or of one step of it, in the order of the pack."""
        return tuple(
            paper
            for paper in self.papers
            if paper.mode in (mode, EVERY_MODE) and (not step or paper.step == step)
        )

    def payer_of(self, patent_year: int) -> FeePayer | None:
        """Return who pays the annual fee of a patent year; None if the house has not said."""
        for row in self.fee_payers:
            if row.from_year <= patent_year and (row.to_year is None or patent_year <= row.to_year):
                return row
        return None

    def service_level(self, name: str) -> Period | None:
        """Return the time that the house has promised; None if it has not.

        Raises: KeyError if `SERVICE_LEVELS` does not know the name.
        """
        SERVICE_LEVELS[name]  # a wrong name must not look like a promise that was not given
        text = self.service_levels.get(name)
        return Period.parse(text) if text else None

    def needed_before(self, clearance: str) -> frozenset[str]:
        """Return every clearance that must stand before this one, directly or through others."""
        needed: set[str] = set()
        waiting = list(self.order.get(clearance, ()))
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting.extend(self.order.get(name, ()))
        return frozenset(needed)

    @field_validator("approval_bands", mode="before")
    @classmethod
    def _read_bands(cls, value: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return value
        return bands_of(value)

    @field_validator("approval_routes", mode="before")
    @classmethod
    def _read_routes(cls, value: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return value
        return rows_of(value)

    @field_validator("publicity_days", "reward_publicity_days")
    @classmethod
    def _check_publicity(cls, days: int) -> int:
        if days < SHORTEST_PUBLICITY:
            raise refused(
                f"{days}日短于法定的下限，公示不少于{SHORTEST_PUBLICITY}日（规则PR-04），请改正",
                f"a publicity runs for at least {SHORTEST_PUBLICITY} days (rule PR-04)",
            )
        return days

    @field_validator("service_levels")
    @classmethod
    def _check_service_levels(cls, levels: dict[str, str]) -> dict[str, str]:
        for name, period in levels.items():
            if name not in SERVICE_LEVELS:
                raise refused(
                    f"没有“{name}”这项服务时限，可填 {'、'.join(SERVICE_LEVELS)}", f"unknown: {name}", name
                )
            try:
                Period.parse(period)
            except ValueError as error:
                raise refused(f"“{period}”不是期限，请写成 5wd、15d、3m 或 1y", str(error), name) from error
        return levels

    @field_validator("margins")
    @classmethod
    def _check_margins(cls, margins: dict[str, int]) -> dict[str, int]:
        for rule_id, days in margins.items():
            if not 1 <= days <= 365:
                raise refused(
                    "须为法定期限之前的天数，1 至 365", "days before the due date, 1 to 365", rule_id
                )
        return margins

    @model_validator(mode="after")
    def _check_order(self) -> "HousePolicy":
        for clearance, before in self.order.items():
            for name in sorted({clearance, *before} - set(CLEARANCES)):
                raise refused(
                    f"没有“{name}”这项手续，可填 {'、'.join(CLEARANCES)}",
                    f"unknown clearance: {name}",
                    "order",
                    clearance,
                )
            if clearance in self.needed_before(clearance):
                raise refused(
                    f"手续 {clearance} 的先后次序成了循环，请删去其中一项",
                    f"{clearance} waits for itself",
                    "order",
                    clearance,
                )
        return self

    @model_validator(mode="after")
    def _check_approvals(self) -> "HousePolicy":
        check_routes(self.approval_bodies, self.approval_routes, self.approval_bands)
        return self

    @model_validator(mode="after")
    def _check_payers(self) -> "HousePolicy":
        following = 1
        for number, row in enumerate(self.fee_payers):
            is_last = number == len(self.fee_payers) - 1
            if row.from_year != following or (row.to_year is None) != is_last:
                raise refused(
                    f"专利年度须从第1年起逐行衔接，此行应从第{following}年起，且只有最后一行不写 to_year",
                    "the years must follow one another from year 1, and the last row must be open",
                    "fee_payers",
                    number,
                )
            if row.to_year is not None and row.to_year < row.from_year:
                raise refused(
                    "to_year 不能小于 from_year", "to_year is before from_year", "fee_payers", number
                )
            following = (row.to_year or 0) + 1
        return self

    @model_validator(mode="after")
    def _check_span(self) -> "HousePolicy":
        return check_span(self)
