"""Papers of declaration and use: the declaration of public funding, and the opinion of the pre-filing assessment.

In: what is on record, as frozen values. Out: render jobs. Neither paper has an official form: the declaration itself is
entered with the office, the sheet is what the institution keeps and hands to its agency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from contracts.glyphs import check_glyphs
from contracts.jobs import Particulars, RenderJob
from contracts.papers.foot import OWN, basis
from contracts.phrases import BLANK, cell
from rules.dates import chinese_date
from rules.rule import Rule
from templates import environment

CSS = "forms"


@dataclass(frozen=True, slots=True)
class Project:
    """A publicly funded project as the declaration names it; all texts are Chinese."""

    program: str
    name: str
    number: str
    funder: str
    clause: str
    declared_on: date | None
    declared_by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DeclarationSheet:
    """The declaration of one patent or application: its projects, or none. `rules` are those that ask for it."""

    institution: str
    number: str
    title: str
    kind: str
    inventors: Sequence[str]
    filed_on: date | None
    projects: Sequence[Project]
    rules: Sequence[Rule]
    made_on: date


@dataclass(frozen=True, slots=True)
class OpinionSheet:
    """The opinion of an assessment. `scores` are pairs of head and score, `facts` of label and text."""

    institution: str
    number: str
    title: str
    facts: Sequence[tuple[str, str]]
    scores: Sequence[tuple[str, str]]
    decision: str
    opinion: str
    assessors: Sequence[str]
    override: str
    rules: Sequence[Rule]
    made_on: date


def declaration_job(sheet: DeclarationSheet, fonts: Path | None = None) -> RenderJob:
    """Return the render job of a declaration of funding.

    Raises: MissingGlyph naming the field.
    """
    return _job("forms/funding_declaration.html", "财政资助声明表", sheet.number, sheet, fonts)


def opinion_job(sheet: OpinionSheet, fonts: Path | None = None) -> RenderJob:
    """Return the render job of the opinion of an assessment.

    Raises: MissingGlyph naming the field.
    """
    return _job("forms/assessment_opinion.html", "专利申请前评估意见表", sheet.number, sheet, fonts)


def _job(
    template: str, title: str, number: str, sheet: DeclarationSheet | OpinionSheet, fonts: Path | None
) -> RenderJob:
    texts = dict(_texts(sheet))
    check_glyphs(texts, fonts)
    foot = f"来源：{'；'.join(map(basis, sheet.rules))}。{OWN}"
    digest = (
        sha256("\0".join((template, foot, *texts.values(), sheet.made_on.isoformat())).encode())
        .hexdigest()[:16]
        .upper()
    )
    check = "-".join(digest[at : at + 4] for at in range(0, 16, 4))
    document = {"title": title, "label": "编号", "number": number, "check": check, "foot": foot}
    words: Mapping[str, Any] = {"document": document, "sheet": sheet, "made_on": chinese_date(sheet.made_on)}
    html = environment(
        cell=cell, blank=lambda text: text or BLANK, day=lambda on: chinese_date(on) if on else "—"
    ).get_template(template).render(words)  # fmt: skip
    return RenderJob(html, CSS, title, particulars=Particulars(number, sheet.institution, sheet.made_on))


def _texts(sheet: DeclarationSheet | OpinionSheet) -> list[tuple[str, str]]:
    """Return every text that a paper prints, by a Chinese name of its place."""
    common = [("单位", sheet.institution), ("编号", sheet.number), ("名称", sheet.title)]
    if isinstance(sheet, OpinionSheet):
        own = [*sheet.facts, ("结论", sheet.decision), ("意见", sheet.opinion), ("放行理由", sheet.override)]
        return [*common, *own, *((f"评估人{n}", name) for n, name in enumerate(sheet.assessors, 1)),
                *((f"评分{head}", score) for head, score in sheet.scores)]  # fmt: skip
    projects = [
        (f"项目{n}{name}", text)
        for n, project in enumerate(sheet.projects, 1)
        for name, text in (("名称", project.name), ("编号", project.number), ("类型", project.program),
                           ("资助机构", project.funder), ("条款", project.clause), ("证明", project.evidence))
    ]  # fmt: skip
    return [*common, *projects, *((f"发明人{n}", name) for n, name in enumerate(sheet.inventors, 1))]
