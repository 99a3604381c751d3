"""Dated tables of shares, net-income formulas and caps.

In: rows of a pack; shares are basis points (5000 is 50 %), amounts quoted text in yuan (`"2000万"`). Out: frozen,
checked models; `rules.rewards`, `rules.net_income` and `rules.caps` compute with them. The tables of taxes stand in
`rules.tax_tables` and are registered here.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rules.money import percent
from rules.money_words import MODE_GROUPS, PARTY_LABELS, Binding, CostKind, Group, Party
from rules.pack_faults import refused
from rules.rule import Dated
from rules.tax_tables import (
    AmountText,
    Bp,
    CitRelief,
    EquityDeferral,
    IitRelief,
    StampDuty,
    VatExemption,
    read_amount,
    unknown_rules,
)

WHOLE = 10_000
EVERY_MODE = "*"
Measure = Literal["fixed_fee", "net_sales", "profit", "basis_text"]


class RewardScale(Dated):
    """The least that contributors get: of net income, of the shares formed, or of a year's operating profit.

    `binding`: `floor` is mandatory for units founded by the state, `default` is offered (可以). For implementation
    the years say how many years running.
    """

    group: Group
    min_bp: Bp
    binding: Binding
    years_min: int | None = Field(default=None, ge=1)
    years_max: int | None = Field(default=None, ge=1)
    note_zh: str = ""
    note_en: str = ""

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One scale per group."""
        return (self.group,)


class RewardPart(Dated):
    """The least that one party gets: of the reward total, or of the net income."""

    party: Party
    of: Literal["reward", "net"]
    groups: tuple[Group, ...] = ("license", "equity", "implementation")
    min_bp: Bp
    binding: Binding

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One least share per party and base."""
        return (self.party, self.of)


class TitleShareRule(Dated):
    """Contributors who were given a share of the title take no part in the unit's income, unless they ask for it."""

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One rule per pack."""
        return ()


class UnverifiedScale(Dated):
    """A province that has a scale of its own whose text in force was not read; the national floor is applied."""

    province: str = Field(min_length=1)
    paper: str = Field(min_length=1)
    note_zh: str = Field(min_length=1)
    note_en: str = Field(min_length=1)

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One note per province."""
        return (self.province,)


def _known_party(party: str) -> str:
    if party not in PARTY_LABELS:
        known = "、".join(PARTY_LABELS)
        raise refused(f"没有“{party}”这个分配对象，可填 {known}", f"no party {party!r}")
    return party


class Tier(BaseModel):
    """Shares for contract amounts from `min_fen` to `max_fen`, both included; None is no upper end.

    `shares` adds up to 10000 basis points, in the order in which the lines are printed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_fen: int = Field(ge=0)
    max_fen: int | None
    shares: dict[Annotated[str, BeforeValidator(_known_party)], Bp]

    @model_validator(mode="after")
    def _check_sum(self) -> "Tier":
        total = sum(self.shares.values())
        if total != WHOLE:
            raise refused(
                f"各方比例合计须为100%（10000基点），现为{percent(total)}，请改正",
                f"the shares must add up to 100%, these make {percent(total)}",
                "shares",
            )
        return self

    def holds(self, contract_fen: int) -> bool:
        """Whether a contract amount falls into this tier."""
        return self.min_fen <= contract_fen and (self.max_fen is None or contract_fen <= self.max_fen)


class HouseShares(Dated):
    """How a house divides net income. The tier is chosen by the CONTRACT amount and applied to the NET income.

    `modes` are mode slugs, or `*` for every mode without a row of its own. `method`: `whole` applies the one tier that
    the contract amount falls into; `progressive` applies each tier to its slice of the contract amount, and net
    income is taken to fall into the slices in proportion.
    """

    modes: tuple[str, ...] = Field(min_length=1)
    method: Literal["whole", "progressive"] = "whole"
    tiers: tuple[Tier, ...] = Field(min_length=1)
    note_zh: str = ""
    note_en: str = ""

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One row per set of modes."""
        return tuple(sorted(self.modes))

    @model_validator(mode="before")
    @classmethod
    def _read_tiers(cls, data: Any) -> Any:
        """Turn tiers with `up_to` (yuan, included; absent in the last tier) into contiguous ones."""
        rows = data.get("tiers") if isinstance(data, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return data
        tiers: list[dict[str, Any]] = []
        lower: int | None = 0
        for number, row in enumerate(rows):
            end = read_amount(row["up_to"]) if "up_to" in row else None
            if lower is None or (end is not None and end < lower):
                raise refused(
                    "各档的 up_to 须逐档增大，只有最后一档不写 up_to",
                    "the tiers must rise, and only the last goes without up_to",
                    "tiers", number,
                )  # fmt: skip
            rest = {key: value for key, value in row.items() if key != "up_to"}
            tiers.append({**rest, "min_fen": lower, "max_fen": end})
            lower = None if end is None else end + 1
        if rows and lower is not None:
            raise refused(
                "最后一档不能写 up_to", "the last tier must go without up_to", "tiers", len(rows) - 1
            )
        return {**data, "tiers": tiers}

    @model_validator(mode="after")
    def _check_modes(self) -> "HouseShares":
        strange = [mode for mode in self.modes if mode != EVERY_MODE and mode not in MODE_GROUPS]
        if strange:
            known = "、".join(MODE_GROUPS)
            raise refused(
                f"没有“{strange[0]}”这种转化方式，可填 * 或 {known}", f"no mode {strange[0]!r}", "modes"
            )
        return self

    def tier_for(self, contract_fen: int) -> Tier:
        """Return the tier that a contract amount falls into."""
        return next(tier for tier in self.tiers if tier.holds(contract_fen))

    def slices(self, contract_fen: int) -> Iterator[tuple[Tier, int]]:
        """Go through the tiers that a contract amount reaches, each with the fen of the contract that fall into it."""
        below = 0
        for tier in self.tiers:
            upper = contract_fen if tier.max_fen is None else min(contract_fen, tier.max_fen)
            if upper > below:
                yield tier, upper - below
                below = upper


class NetIncomeFormula(Dated):
    """What may be taken off a receipt before it is shared out.

    `assumed` marks a formula that no text lays down. `ruled_out` are cost kinds that the text itself refuses.
    """

    deductible: tuple[CostKind, ...]
    ruled_out: tuple[CostKind, ...] = ()
    assumed: bool = False
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One formula per pack."""
        return ()

    @model_validator(mode="after")
    def _check_kinds(self) -> "NetIncomeFormula":
        both = sorted(set(self.deductible) & set(self.ruled_out))
        if both:
            raise refused(
                f"“{both[0]}”不能既可扣除又不可扣除", f"{both[0]} is deductible and refused", "refused"
            )
        return self


class OpenLicenseCap(Dated):
    """What an open-license fee normally does not exceed: an amount, a share, or characters of the fee basis."""

    measure: Measure
    limit_fen: AmountText | None = Field(default=None, alias="limit")
    limit_bp: Bp | None = None
    limit_chars: int | None = Field(default=None, ge=1)

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One cap per measure."""
        return (self.measure,)

    @model_validator(mode="after")
    def _check_limit(self) -> "OpenLicenseCap":
        fitting = {"fixed_fee": self.limit_fen, "basis_text": self.limit_chars}.get(
            self.measure, self.limit_bp
        )
        given = [value for value in (self.limit_fen, self.limit_bp, self.limit_chars) if value is not None]
        if fitting is None or len(given) != 1:
            raise refused(
                "fixed_fee 只写 limit（金额），net_sales 和 profit 只写 limit_bp，basis_text 只写 limit_chars",
                "fixed_fee takes limit, net_sales and profit take limit_bp, basis_text takes limit_chars",
                "measure",
            )
        return self

    @property
    def limit(self) -> int:
        """The cap as a number, in the unit of its measure."""
        return next(v for v in (self.limit_fen, self.limit_bp, self.limit_chars) if v is not None)


SECTIONS: Mapping[str, type[Dated]] = {
    "reward_scales": RewardScale,
    "reward_parts": RewardPart,
    "title_share_rules": TitleShareRule,
    "unverified_scales": UnverifiedScale,
    "house_shares": HouseShares,
    "net_income": NetIncomeFormula,
    "open_license_caps": OpenLicenseCap,
    "stamp_duty": StampDuty,
    "vat_exemptions": VatExemption,
    "cit_reliefs": CitRelief,
    "iit_reliefs": IitRelief,
    "equity_deferrals": EquityDeferral,
}
CHECKS = (unknown_rules,)
