"""Dated tables of taxes and reliefs: stamp duty, VAT, enterprise and individual income tax, deferral for equity.

In: rows of a pack; rates are basis points (3 is 0.03 %), amounts quoted text in yuan. Out: frozen, checked models;
`rules.taxes` computes with them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from rules.counting import Period
from rules.money import MoneyError, parse_yuan
from rules.money_words import MODE_GROUPS
from rules.pack_faults import refused
from rules.rule import Dated

if TYPE_CHECKING:
    from rules.packs import RuleBook


def read_amount(value: Any) -> Any:
    """Read an amount of a pack, text such as `"2000万"`, and return it in fen."""
    if not isinstance(value, str):
        raise refused(f'金额“{value}”须加引号，例如 "2000万"', f"write the amount {value!r} as text")
    try:
        return parse_yuan(value)
    except MoneyError as error:
        raise refused(error.reason.rstrip("。"), str(error)) from error


def _known_mode(mode: str) -> str:
    if mode not in MODE_GROUPS:
        raise refused(
            f"没有“{mode}”这种转化方式，可填 {'、'.join(MODE_GROUPS)}", f"no conversion mode {mode!r}"
        )
    return mode


def _known_length(text: str) -> str:
    try:
        Period.parse(text)
    except ValueError as error:
        raise refused(f"“{text}”不是期限，请写成 36m、15d 或 5y", str(error)) from error
    return text


AmountText = Annotated[int, BeforeValidator(read_amount)]
Bp = Annotated[int, Field(ge=1, le=10_000)]
KnownMode = Annotated[str, BeforeValidator(_known_mode)]
Length = Annotated[str, BeforeValidator(_known_length)]
Modes = Annotated[tuple[KnownMode, ...], Field(min_length=1)]


class StampDuty(Dated):
    """The rate of stamp duty on a technology contract or a transfer deed; each party pays it."""

    modes: Modes
    rate_bp: Bp
    deed_zh: str = Field(min_length=1)
    deed_en: str = Field(min_length=1)

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One rate per set of modes."""
        return self.modes


class VatExemption(Dated):
    """Technology deals that are exempt from VAT. `valid_to` is the sunset; `conditions` are rules to be met."""

    modes: Modes
    conditions: tuple[str, ...] = ()


class CitRelief(Dated):
    """Income of technology transfers in one year: exempt up to `allowance`, above it only `taxed_above_bp` is taxed.

    Modes in `licenses` count only if the license runs for at least `license_years`. `conditions` are rules to be
    met.
    """

    modes: Modes
    licenses: tuple[KnownMode, ...] = ()
    license_years: int = Field(ge=1)
    allowance_fen: AmountText = Field(alias="allowance")
    taxed_above_bp: Bp
    conditions: tuple[str, ...] = ()


class IitRelief(Dated):
    """Cash rewards of which only `taxed_bp` is taxed, if they are paid within `window` of each receipt.

    `mode_rule` limits the modes; `conditions` are further rules to be met. The payment is filed with the tax office by
    day `filing_day` of the next month.
    """

    modes: Modes
    mode_rule: str = Field(min_length=1)
    filing_day: int = Field(ge=1, le=28)
    taxed_bp: Bp
    window: Length
    conditions: tuple[str, ...] = ()


class EquityDeferral(Dated):
    """Deferral of income tax on technology given for shares.

    The investee files by day `filing_day` of the month after the technology is obtained and the shares are paid
    (`filing_rule`); the withholding agent reports within `yearly_days` days after each year (`yearly_rule`).
    """

    filing_day: int = Field(ge=1, le=28)
    filing_rule: str = Field(min_length=1)
    yearly_days: int = Field(ge=1, le=365)
    yearly_rule: str = Field(min_length=1)


def unknown_rules(book: "RuleBook") -> Iterator[tuple[Dated, str, str, str]]:
    """Go through the rules that rows name beside their own and that the book does not hold.

    Shape: row, field, reason in Chinese and in English.
    """
    named: list[tuple[Dated, str, str]] = []
    for vat in book.all_rows(VatExemption):
        named += [(vat, "conditions", rule_id) for rule_id in vat.conditions]
    for cit in book.all_rows(CitRelief):
        named += [(cit, "conditions", rule_id) for rule_id in cit.conditions]
    for iit in book.all_rows(IitRelief):
        named += [(iit, "conditions", rule_id) for rule_id in iit.conditions]
        named.append((iit, "mode_rule", iit.mode_rule))
    for deferral in book.all_rows(EquityDeferral):
        named.append((deferral, "filing_rule", deferral.filing_rule))
        named.append((deferral, "yearly_rule", deferral.yearly_rule))
    for row, field, rule_id in named:
        if not book.versions_of(rule_id):
            yield row, field, f"{field} 中的规则 {rule_id} 不存在，请改正编号。", f"no rule {rule_id}"
