"""Rows of a house's policy: who decides on which amount, which papers, who pays, when to remind.

In: what the `[house]` part of a rule pack says. Out: frozen, checked rows; `rules.policy` holds them together.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.money import MoneyError, parse_yuan
from rules.pack_faults import refused

# Ways of conversion that a house may rule on; `*` stands for every way without rows of its own.
MODES = (
    "transfer", "open_license", "ordinary_license", "sole_license", "exclusive_license",
    "equity", "patent_pool", "development", "pledge",
)  # fmt: skip
EVERY_MODE = "*"
Step = Literal[
    "intake", "title", "price", "publicity", "approval", "contract", "filing", "tax", "payment", "report"
]
Payer = Literal["institution", "college", "project", "inventor", "licensee", "agency"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def checked_mode(mode: str) -> str:
    """Return a mode that is known, or `*`.

    Raises: PydanticCustomError naming the known ones.
    """
    if mode != EVERY_MODE and mode not in MODES:
        raise refused(
            f"没有“{mode}”这种转化方式，可填 * 或 {'、'.join(MODES)}", f"no conversion mode {mode!r}"
        )
    return mode


class ApprovalBand(_Row):
    """Which body decides on an amount: from `min_fen` to `max_fen`, both included; None is no upper end.

    `mode` is a mode slug, or `*` for every mode that has no bands of its own.
    """

    mode: str
    min_fen: int = Field(ge=0)
    max_fen: int | None
    body_zh: str = Field(min_length=1)
    body_en: str = Field(min_length=1)
    role: Literal["approver", "officer", "administrator"]

    _mode = field_validator("mode")(checked_mode)

    def holds(self, amount_fen: int) -> bool:
        """Whether the amount falls into this band."""
        return self.min_fen <= amount_fen and (self.max_fen is None or amount_fen <= self.max_fen)


class Paper(_Row):
    """A paper that a step of a case needs: who keeps it, how many copies, and whether it can be left out."""

    mode: str = EVERY_MODE
    step: Step
    paper_zh: str = Field(min_length=1)
    paper_en: str = Field(min_length=1)
    keeper_zh: str = Field(min_length=1)
    keeper_en: str = Field(min_length=1)
    copies: int = Field(default=1, ge=1, le=20)
    required: bool = True

    _mode = field_validator("mode")(checked_mode)


class FeePayer(_Row):
    """Who pays the annual fees of which patent years, both ends included; None is to the end of the term.

    `bears_surcharge` says whether this payer also bears the surcharge of a late payment.
    """

    from_year: int = Field(ge=1, le=25)
    to_year: int | None = Field(default=None, ge=1, le=25)
    payer: Payer
    payer_zh: str = Field(min_length=1)
    payer_en: str = Field(min_length=1)
    bears_surcharge: bool


class Rungs(_Row):
    """A house's own reminder ladder: days `before` the due date, falling, and days `after` it, rising."""

    before: tuple[int, ...]
    after: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _check_ladder(self) -> "Rungs":
        if list(self.before) != sorted(set(self.before), reverse=True) or min(self.before, default=0) < 0:
            raise refused(
                "须为到期前的天数，由大到小，不重复，例如 [30, 7, 1, 0]", "days before, falling", "before"
            )
        if list(self.after) != sorted(set(self.after)) or min(self.after, default=1) < 1:
            raise refused(
                "须为到期后的天数，由小到大，不重复，例如 [1, 7, 30]", "days after, rising", "after"
            )
        return self


class Escalation(_Row):
    """From which overdue day on whom else an overdue deadline is told: the head who approves, or the administrator."""

    overdue: int = Field(ge=1, le=3650)
    to: Literal["approver", "administrator"] = "approver"


class Reminding(_Row):
    """How a house reminds, whatever the rule.

    `quiet`: on days of rest only statutory dates are told, the others wait for the next working day. `repeat_every`:
    after the last rung an overdue deadline is told again every so many days, 0 is not at all. `escalation` adds
    people to an overdue deadline; nobody who was told before is left out.
    """

    quiet: bool = True
    repeat_every: int = Field(default=0, ge=0, le=365)
    escalation: tuple[Escalation, ...] = (Escalation(overdue=7),)

    def roles_at(self, rung: int) -> frozenset[str]:
        """Return the roles that a rung of the ladder is escalated to."""
        return frozenset(step.to for step in self.escalation if -rung >= step.overdue)

    @property
    def head(self) -> str:
        """The role that stands in where a matter's own officer cannot be told."""
        return min(self.escalation, key=lambda step: step.overdue).to if self.escalation else "approver"


class Evaluating(_Row):
    """How a house works with enterprises: when it may push again, what counts as high, and what it takes for careless.

    `push_again_days`: the same patent is not pushed to the same enterprise again before. `own_score` and
    `enterprise_score`: from there on both sides count as agreeing (rule ST-01). `shortest_seconds`: a form sent sooner
    was filled too fast; `shortest_text`: fewer letters under all heads together are none; `same_in_a_row`: so many
    evaluations with the same scores, one after another, are noticed.
    """

    push_again_days: int = Field(default=180, ge=1, le=3650)
    own_score: int = Field(default=70, ge=1, le=100)
    enterprise_score: int = Field(default=70, ge=1, le=100)
    shortest_seconds: int = Field(default=30, ge=0, le=3600)
    shortest_text: int = Field(default=6, ge=0, le=200)
    same_in_a_row: int = Field(default=5, ge=2, le=50)


def bands_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn rows with an upper end into contiguous bands.

    `up_to` is included, `below` is not; both are amounts of yuan. The last row of a mode has neither.

    Raises: PydanticCustomError naming the row.
    """
    open_modes: set[str] = set()
    lower: dict[str, int] = {}
    bands: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        mode = row.get("mode", EVERY_MODE)
        if not isinstance(mode, str):
            raise refused("须为文字，请加引号", "the mode is a text", number, "mode")
        end = end_of(number, row)
        start = lower.get(mode, 0)
        if mode in open_modes or (end is not None and end < start):
            end_field = (field for field in ("up_to", "below") if field in row)
            raise refused("金额须逐行递增，只有最后一行不设上限", "the amounts must rise", number, *end_field)
        if end is None:
            open_modes.add(mode)
        else:
            lower[mode] = end + 1
        rest = {key: value for key, value in row.items() if key not in ("up_to", "below")}
        bands.append({**rest, "mode": mode, "min_fen": start, "max_fen": end})
    if missing := ({EVERY_MODE} | set(lower)) - open_modes:
        raise refused(
            f"{'、'.join(sorted(missing))} 缺少不设上限的最后一行，请补上由哪个机构决定更大的金额",
            "the bands of each mode must end open, and mode '*' must be there",
        )
    return bands


def end_of(number: int, row: Mapping[str, Any]) -> int | None:
    """Return the largest amount of a row in fen, or None."""
    if "up_to" in row and "below" in row:
        raise refused(
            "up_to（含本数）和 below（不含本数）只能写一个",
            "up_to and below exclude each other",
            number,
            "below",
        )
    for field in ("up_to", "below"):
        if field in row:
            try:
                fen = parse_yuan(str(row[field]))
            except MoneyError as error:
                raise refused(error.reason, str(error), number, field) from error
            return fen - (field == "below")
    return None
