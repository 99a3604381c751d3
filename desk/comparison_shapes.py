"""The JSON shapes of the comparison of modes for chosen patents, shared by the REST API and the command line."""

from datetime import date
from typing import Any, Self

from pydantic import Field

from cases.comparison import Comparison
from desk.shapes import VERIFIED, Shape, UnmetShape
from rules.derivation import Derivation
from rules.gates import PatentFacts
from rules.identifiers import display_number
from states.comparing import Duty, Span, Suited


class ComparedPatentShape(Shape):
    """A patent that is compared for 参与比较的专利."""

    id: int
    application_no: str
    title: str

    @classmethod
    def of(cls, patent: PatentFacts) -> Self:
        """Return the shape of a patent."""
        return cls(id=patent.id, application_no=display_number(patent.application_no), title=patent.title)


class DutyShape(Shape):
    """One thing to do in a mode 须办理的事项, by which rule, and the time it takes if one is known."""

    key: str
    zh: str
    en: str
    rule_id: str
    article: str
    unverified: bool = Field(description="the source of the rule was not read 待核实")
    length_zh: str
    length_en: str

    @classmethod
    def of(cls, duty: Duty) -> Self:
        """Return the shape of a duty."""
        values = {name: getattr(duty, name) for name in cls.model_fields if name != "unverified"}
        return cls.model_validate({**values, "unverified": duty.confidence not in VERIFIED})


class SpanShape(Shape):
    """How long a mode takes 大致用时: if nothing promised is used up, and if all is."""

    at_least: date
    at_most: date
    days_least: int
    days_most: int
    zh: str
    en: str
    unverified: bool
    derivation: dict[str, Any]

    @classmethod
    def of(cls, span: Span) -> Self:
        """Return the shape of a span."""
        return cls(
            at_least=span.at_least, at_most=span.at_most, days_least=span.days_least, days_most=span.days_most,
            zh=span.derivation.zh, en=span.derivation.en, unverified=not span.is_verified,
            derivation=span.derivation.answer(),
        )  # fmt: skip


class SuitedShape(Shape):
    """A mode for these patents 一种转化方式的比较结果."""

    mode: str
    mode_zh: str
    mode_en: str
    platform_label: str
    verdict: str = Field(
        description="clear, conditions (to be met before signing), or blocked 可以办理、签约前须满足条件、不能办理"
    )
    never: list[UnmetShape] = Field(description="what nothing can meet 无法满足的条件")
    before_signing: list[UnmetShape] = Field(description="to be met before the signature 签约前须满足")
    warnings: list[UnmetShape]
    duties: list[DutyShape]
    span: SpanShape
    reward: dict[str, Any] | None = Field(description="least share of the inventors 奖励下限")
    taxes: list[dict[str, Any]]

    @classmethod
    def of(cls, one: Suited) -> Self:
        """Return the shape of a mode's answer."""
        return cls(
            mode=one.mode.slug, mode_zh=one.mode.zh, mode_en=one.mode.en, platform_label=one.mode.label,
            verdict=one.verdict, never=[UnmetShape.of(unmet) for unmet in one.never],
            before_signing=[UnmetShape.of(unmet) for unmet in one.before_signing],
            warnings=[UnmetShape.of(unmet) for unmet in one.warnings],
            duties=[DutyShape.of(duty) for duty in one.duties], span=SpanShape.of(one.span),
            reward=_told(one.reward) if one.reward else None, taxes=[_told(tax) for tax in one.taxes],
        )  # fmt: skip


class ComparisonShape(Shape):
    """The modes compared for chosen patents 转化方式比较."""

    on: date
    foreign_party: bool
    patents: list[ComparedPatentShape]
    modes: list[SuitedShape]

    @classmethod
    def of(cls, found: Comparison) -> Self:
        """Return the shape of a comparison."""
        return cls(
            on=found.on, foreign_party=found.foreign_party,
            patents=[ComparedPatentShape.of(patent) for patent in found.patents],
            modes=[SuitedShape.of(one) for one in found.modes],
        )  # fmt: skip


def _told(derivation: Derivation) -> dict[str, Any]:
    return {
        "zh": derivation.zh,
        "en": derivation.en,
        "value": derivation.value,
        "unit": derivation.unit,
        "rule_id": derivation.rule_id,
        "article": derivation.article,
        "unverified": derivation.confidence not in VERIFIED,
    }
