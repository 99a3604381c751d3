"""The clauses of a contract as every door answers them."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from cases.clause_page import ClauseLine, ClausePage
from contracts.finding import LintFinding


class FindingShape(BaseModel):
    """What reading the contract found 审查意见. Without a rule it is a fault of drafting."""

    rule_id: str
    severity: str
    place: str
    what_zh: str
    remedy_zh: str
    clause: str

    @classmethod
    def of(cls, found: LintFinding) -> Self:
        """Return the shape of a finding."""
        return cls.model_validate(found, from_attributes=True)


class ChoiceShape(BaseModel):
    """A text of the library for this clause 备选文本."""

    variant: str
    zh: str
    en: str
    note: str
    basis: list[str]
    version: int
    chosen: bool
    text: str


class OwnShape(BaseModel):
    """Why a clause was written for this case 改写."""

    reason: str
    by: str
    on: str
    source_id: int | None = Field(description="编号 of the file that it was taken from")


class NewerShape(BaseModel):
    """A newer version in the library 条款库新版本."""

    version: int
    on: date
    reason: str


class ClauseShape(BaseModel):
    """One clause of the contract 合同条款."""

    id: str
    number: str
    title: str
    variant: str
    variant_zh: str
    variant_en: str
    version: int
    origin: str = Field(description="product, a house's folder, or own 来源")
    basis: list[str]
    own: OwnShape | None
    newer: NewerShape | None
    differs: bool = Field(description="reads otherwise than the library's newest text")
    variants: list[str]
    findings: list[FindingShape]

    @classmethod
    def of(cls, line: ClauseLine) -> Self:
        """Return the shape of a clause."""
        return cls(**_told(line))


class ClauseListShape(BaseModel):
    """The clauses of a contract, in order 合同条款列表."""

    pinned: str = Field(description="SHA-256 of the texts, empty before drafting 文本摘要")
    editable: bool
    rows: list[ClauseShape]
    findings: list[FindingShape] = Field(description="those of no single clause")

    @classmethod
    def of(cls, page: ClausePage) -> Self:
        """Return the shape of all clauses."""
        return cls(
            pinned=page.pinned,
            editable=page.editable,
            rows=[ClauseShape.of(line) for line in page.lines],
            findings=[FindingShape.of(found) for found in page.findings],
        )


class PieceShape(BaseModel):
    """A stretch of the comparison: same, out (the library's only), in (the contract's only)."""

    op: str
    text: str


class ClauseTextShape(ClauseShape):
    """One clause with its text, what else may be chosen, and how it differs from the library 条款全文."""

    text: str
    library_text: str
    choices: list[ChoiceShape]
    comparison: list[PieceShape]

    @classmethod
    def of(cls, line: ClauseLine) -> Self:
        """Return the shape of a clause with its texts."""
        return cls(
            **_told(line),
            text=line.text,
            library_text=line.library_text,
            choices=[
                ChoiceShape(
                    variant=c.name, zh=c.zh, en=c.en, note=c.note, basis=list(c.basis), version=c.version,
                    chosen=c.chosen, text=c.text,
                )
                for c in line.choices
            ],
            comparison=[PieceShape(op=piece.op, text=piece.text) for piece in line.comparison()],
        )  # fmt: skip


def _told(line: ClauseLine) -> dict[str, object]:
    variant, own, newer = line.variant, line.own, line.newer
    return {
        "id": line.id,
        "number": line.number,
        "title": line.title,
        "variant": variant.name if variant else "",
        "variant_zh": variant.zh if variant else "",
        "variant_en": variant.en if variant else "",
        "version": line.version,
        "origin": line.origin,
        "basis": list(line.basis),
        "own": OwnShape(reason=own.reason, by=own.by, on=own.on, source_id=own.source_id) if own else None,
        "newer": NewerShape(version=newer.version, on=newer.on, reason=newer.reason) if newer else None,
        "differs": line.differs,
        "variants": [choice.name for choice in line.choices],
        "findings": [FindingShape.of(found) for found in line.findings],
    }
