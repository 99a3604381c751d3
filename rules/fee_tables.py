"""Dated tables of official fees: annual fees, surcharges, reductions and who may have them, other fees.

In: rows of a pack; amounts are text in yuan ("900"), kept in fen; rates are basis points (500 is 5 %). Out:
frozen, checked models, and `FeeTables`, which answers what held on a day. `rules.annual_fees` computes with them.

Source: 缴费服务指南 annex 2; 专利法实施细则 (2023) art 115; 专利收费减缴办法; 国家知识产权局公告第594号
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, Literal, Protocol, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from rules.holiday_notices import calendar_of
from rules.money import MoneyError, parse_yuan
from rules.pack_faults import refused
from rules.rule import Dated

Kind = Literal["invention", "utility", "design"]
KINDS: tuple[Kind, ...] = ("invention", "utility", "design")
LONGEST = 20
Bp = Annotated[int, Field(ge=0, le=10_000)]


def _yuan(value: Any) -> int:
    """Read an amount of a pack, text in yuan, and return it in fen."""
    if not isinstance(value, str):
        raise refused(
            f'金额“{value}”须写成带引号的元，例如 fee = "900"，最多两位小数',
            f'write the amount {value!r} as text in yuan, such as "900"',
        )
    try:
        return parse_yuan(value)
    except MoneyError as error:
        raise refused(error.reason.rstrip("。"), str(error)) from error


YuanText = Annotated[int, BeforeValidator(_yuan)]


class AnnualFee(Dated):
    """The full annual fee of a kind of patent for the patent years `first_year` to `last_year`, both included."""

    kind: Kind
    first_year: int = Field(ge=1, le=LONGEST)
    last_year: int = Field(ge=1, le=LONGEST)
    fee_fen: YuanText = Field(alias="fee")

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """Two bands of one kind begin in different years."""
        return (self.kind, self.first_year)

    @model_validator(mode="after")
    def _check_years(self) -> Self:
        if self.last_year < self.first_year:
            raise refused("last_year 不能早于 first_year", "last_year lies before first_year", "last_year")
        return self


class SurchargeStep(Dated):
    """The surcharge of a payment up to so many whole months late, as a share of the full annual fee."""

    months: int = Field(ge=1, le=6)
    rate_bp: Bp

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One rate per month."""
        return (self.months,)


class FeeReduction(Dated):
    """A reduction of the annual fee: which part of it is not paid, and for how long.

    `years` counts patent years from the grant year, that year included; None is without such a limit. `owners`
    says how many there must be.
    """

    code: Literal["70", "85", "open_license"]
    rate_bp: Bp
    years: int | None = Field(default=None, ge=1, le=LONGEST)
    owners: Literal["one", "several", "any"]

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One rate per reduction."""
        return (self.code,)


class ReductionOwner(Dated):
    """A kind of owner that may ask for a reduction; `limit_fen` is what it may not earn, None without a test.

    Persons: yearly income; enterprises: taxable income of the year before.
    """

    owner: Literal["person", "enterprise", "public_institution", "association", "nonprofit_research"]
    owner_zh: str = Field(min_length=1)
    owner_en: str = Field(min_length=1)
    limit_fen: YuanText | None = Field(default=None, alias="limit")

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One test per kind of owner."""
        return (self.owner,)


class OtherFee(Dated):
    """A fee that is no annual fee. `timer` is the deadline rule within which it is paid, empty if none is known."""

    key: str = Field(min_length=1)
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    kinds: tuple[Kind, ...] = KINDS
    fee_fen: YuanText = Field(alias="fee")
    per_zh: str = "每件"
    per_en: str = "per patent"
    timer: str = ""
    reducible: bool = False

    @property
    def overlap_key(self) -> tuple[object, ...]:
        """One amount per fee and kinds."""
        return (self.key, self.kinds)


SECTIONS: Mapping[str, type[Dated]] = {
    "annual_fees": AnnualFee,
    "surcharges": SurchargeStep,
    "fee_reductions": FeeReduction,
    "reduction_owners": ReductionOwner,
    "other_fees": OtherFee,
}

R = TypeVar("R", bound=Dated)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """A row that answers for a day. `held` is False if the first known version stands in for an earlier day."""

    row: R
    held: bool


class Rows(Generic[R]):
    """The versions of rows by what they are about; a later pack goes before an earlier one."""

    def __init__(self, rows: Iterable[tuple[object, R]]) -> None:
        self._rows: dict[object, list[R]] = {}
        for key, row in rows:
            self._rows.setdefault(key, []).append(row)

    def find(self, key: object, on: date) -> Found[R] | None:
        """Return the row that holds on a day; before the first version, the first one stands in."""
        versions = self._rows.get(key, [])
        for row in reversed(versions):
            if row.is_valid(on):
                return Found(row, True)
        first = min(versions, key=lambda row: row.valid_from, default=None)
        return Found(first, False) if first is not None and on < first.valid_from else None

    def held(self, on: date) -> tuple[R, ...]:
        """Return every row that answers for a day, in the order of the pack."""
        found = (self.find(key, on) for key in self._rows)
        return tuple(one.row for one in found if one is not None)


class Book(Protocol):
    """What the tables are read from: a rulebook."""

    @property
    def tables(self) -> Mapping[str, tuple[Dated, ...]]:
        """The rows of each section."""

    def all_rows(self, section: type[R], /) -> tuple[R, ...]:
        """Return every row of a table, in the order of the layers."""


class FeeTables:
    """The fee tables of a rulebook and its calendar, ready to be asked by day; build it once for many questions."""

    def __init__(self, book: Book) -> None:
        self.calendar = calendar_of(book)
        self.annual = Rows(
            ((row.kind, year), row)
            for row in book.all_rows(AnnualFee)
            for year in range(row.first_year, row.last_year + 1)
        )
        self.surcharges = Rows((row.months, row) for row in book.all_rows(SurchargeStep))
        self.reductions = Rows((row.code, row) for row in book.all_rows(FeeReduction))
        self.owners = Rows((row.owner, row) for row in book.all_rows(ReductionOwner))
        self.others = Rows(((row.key, kind), row) for row in book.all_rows(OtherFee) for kind in row.kinds)


def meeting_bands(book: Book) -> Iterator[tuple[Dated, str, str, str]]:
    """Find bands of annual fees of one pack that cover the same year of the same kind on the same day."""
    seen: dict[tuple[str, str, int], list[AnnualFee]] = {}
    for row in book.all_rows(AnnualFee):
        for year in range(row.first_year, row.last_year + 1):
            others = seen.setdefault((row.layer, row.kind, year), [])
            for other in others:
                if _meet(row, other):
                    day = max(row.valid_from, other.valid_from)
                    zh = (
                        f"规则{row.rule}：{row.kind} 第{year}年度在{day}有两个年费标准，"
                        "请改正 first_year、last_year 或 valid_to，使年度和有效期不重叠"
                    )
                    yield row, "first_year", zh, f"two annual fees for {row.kind} year {year} on {day}"
            others.append(row)


def _meet(one: Dated, other: Dated) -> bool:
    first, second = sorted((one, other), key=lambda row: row.valid_from)
    return first.valid_to is None or second.valid_from <= first.valid_to


CHECKS = (meeting_bands,)
