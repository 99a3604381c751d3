"""The policy of one institution: what the law leaves to the house.

In: the `[house]` table of a rule pack. Out: a frozen, checked `HousePolicy`. Limits that the law sets (at
least 15 days of publicity) are enforced here.
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.money import parse_yuan

SHORTEST_PUBLICITY = 15
CLEARANCES = ("title", "price", "publicity", "approval")
AmountBasis = Literal["contract_total", "appraised_value", "estimate"]


class ApprovalBand(BaseModel):
    """Which body decides on an amount: from `min_fen` to `max_fen`, both included; None is no upper end.

    `mode` is a mode slug, or `*` for every mode that has no bands of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: str
    min_fen: int = Field(ge=0)
    max_fen: int | None
    body_zh: str = Field(min_length=1)
    body_en: str = Field(min_length=1)
    role: Literal["approver", "officer", "administrator"]

    def holds(self, amount_fen: int) -> bool:
        """Whether the amount falls into this band."""
        return self.min_fen <= amount_fen and (self.max_fen is None or amount_fen <= self.max_fen)


class HousePolicy(BaseModel):
    """The house's own rules.

    `order` names, per clearance, the clearances that must stand before it. `amount_basis` says which amount
    the approval bands look at. `feedback_days` is the house's limit for 及时 in the platform feedback duty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    valid_from: date = date(1985, 4, 1)
    valid_to: date | None = None
    publicity_days: int = Field(ge=SHORTEST_PUBLICITY)
    publicity_unit: Literal["d", "wd"]
    order: dict[str, tuple[str, ...]]
    approval_bands: tuple[ApprovalBand, ...]
    amount_basis: AmountBasis
    amount_basis_zh: str
    feedback_days: int = Field(ge=1)
    register_check_max_age_days: int = Field(ge=0)

    def is_valid(self, on: date) -> bool:
        """Whether this version of the policy holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def body_for(self, mode: str, amount_fen: int) -> ApprovalBand:
        """Return the band that decides on an amount in a mode.

        Raises: ValueError if the amount is negative.
        """
        own = [band for band in self.approval_bands if band.mode == mode]
        bands = own or [band for band in self.approval_bands if band.mode == "*"]
        for band in bands:
            if band.holds(amount_fen):
                return band
        raise ValueError(f"no approval band for {mode} and {amount_fen} fen")

    @field_validator("approval_bands", mode="before")
    @classmethod
    def _read_bands(cls, value: Any) -> Any:
        """Turn rows with `up_to` (yuan, included; absent in a mode's last row) into contiguous bands."""
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return value
        lower: dict[str, int | None] = {}
        bands: list[dict[str, Any]] = []
        for row in value:
            mode = row.get("mode", "*")
            start = lower.get(mode, 0)
            end = parse_yuan(str(row["up_to"])) if "up_to" in row else None
            if start is None or (end is not None and end < start):
                raise ValueError(f"bands of mode {mode!r} must rise, and only the last may be open")
            lower[mode] = None if end is None else end + 1
            rest = {key: field for key, field in row.items() if key != "up_to"}
            bands.append({**rest, "mode": mode, "min_fen": start, "max_fen": end})
        if "*" not in lower or any(end is not None for end in lower.values()):
            raise ValueError("the bands of each mode must end open, and mode '*' must be there")
        return bands

    @model_validator(mode="after")
    def _check_order(self) -> "HousePolicy":
        for clearance, before in self.order.items():
            strange = {clearance, *before} - set(CLEARANCES)
            if strange:
                raise ValueError(f"unknown clearances: {', '.join(sorted(strange))}")
            if clearance in self.needed_before(clearance):
                raise ValueError(f"clearance {clearance!r} waits for itself")
        return self

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
