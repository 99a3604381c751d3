"""Packs of an official act: the papers of its checklist in the order of printing, with a cover sheet and a manifest.

A pack leaves only if contract, forms and register agree. What the act asks for and people have not brought yet is
named on the cover and in the manifest, so that nobody takes the pack for complete.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Protocol

from sqlmodel import Session

from cases.case_view import register_patents
from cases.errors import Invalid, NotFound
from cases.official import gathered, signed_of, title_in
from cases.settings import Settings
from contracts.crosscheck import Compared, compare
from contracts.jobs import RenderedPdf, RenderJob
from contracts.kinds import UnknownDocument, pack_title, split_kind
from contracts.pack import PackItem, build_pack, safe_name
from contracts.papers.acts import act_of_pack
from contracts.papers.checklist import Checklist, Line, checklist
from contracts.papers.pack_cover import pack_cover
from contracts.view import CaseView

COVER = "00-材料目录.pdf"


class Renders(Protocol):
    """A renderer of jobs."""

    def render_job(self, job: RenderJob) -> RenderedPdf:
        """Return the PDF of a job."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack: its bytes, what it is called, and a hash over what went into it."""

    title: str
    data: bytes
    inputs: str


def make_pack(
    session: Session, settings: Settings, renderer: Renders, kind: str, org_id: int, case_id: int, view: CaseView,
    original: CaseView, today: date, terms_hash: str,
) -> Packed:  # fmt: skip
    """Build the pack of an act from the newest ready papers, after comparing them field by field.

    `original` is the case as its contract was signed, before any amendment.

    Raises: Invalid naming every difference; NotFound for a form that is not ready yet.
    """
    bare, number = split_kind(kind)
    act = act_of_pack(view.mode, bare)
    if act is None:
        raise UnknownDocument(kind)
    signed = signed_of(session, settings, org_id, case_id)
    compared = compare(view, register_patents(session, case_id), signed, original)
    check_agreed(compared)
    lines = checklist(act, view, today, gathered(session, org_id, case_id), number)
    _check_forms(view, lines)
    items = _items(settings, lines)
    names = [(line, item.name, sha256(item.data).hexdigest(), pages) for line, item, pages in items]
    cover = renderer.render_job(pack_cover(view, lines, names, len(compared)))
    files = [
        PackItem(COVER, cover.data, "材料目录", "目录和核对结果，供窗口和归档使用"),
        *(item for _, item, _ in items),
    ]
    meta = {
        "case_no": view.case_no, "contract_no": view.contract_no, "institution": view.institution, "terms_hash": terms_hash,
        "act": lines.zh,
    }  # fmt: skip
    data = build_pack(files, meta, _told(lines, compared))
    inputs = sha256("".join(digest for _, _, digest, _ in names).encode()).hexdigest()
    return Packed(pack_title(view.mode, kind)[0], data, inputs)


def check_agreed(compared: tuple[Compared, ...]) -> None:
    """Refuse what does not agree.

    Raises: Invalid naming every difference with its remedy.
    """
    differing = [found for found in compared if not found.agrees]
    if not differing:
        return
    named = "；".join(
        f"{d.field}：合同“{d.contract or ''}”，表格“{d.form or ''}”，登记“{d.register or ''}”（{d.remedy[0]}）"
        for d in differing
    )
    raise Invalid(f"材料核对不一致，未打包：{named}", {}, "the papers do not agree")


def _check_forms(view: CaseView, lines: Checklist) -> None:
    """Refuse a pack without a form that only the record can make."""
    for line in lines.lacking:
        if line.is_form:
            made = title_in(view.mode, line.kind)
            told = f"“{made}”尚未生成，暂不能打包；请先在“文书”中生成该文书，再生成材料包"
            raise NotFound(told, f"{line.kind} is not ready: make it first, then the pack")


def _items(settings: Settings, lines: Checklist) -> list[tuple[Line, PackItem, int]]:
    found: list[tuple[Line, PackItem, int]] = []
    for line in lines.lines:
        for paper in line.papers:
            suffix = paper.name[paper.name.rfind(".") :].lower() if "." in paper.name else ""
            name = safe_name(f"{len(found) + 1:02d}-{line.zh}"[:100]) + suffix
            item = PackItem(name, settings.files.fetch(paper.sha256), line.zh, line.why_zh)
            found.append((line, item, paper.pages))
    return found


def _told(lines: Checklist, compared: tuple[Compared, ...]) -> dict[str, Any]:
    """Return what the manifest tells beside its files: the checklist, and every field that was compared."""
    return {
        "checklist": [
            {
                "n": line.n, "paper": line.zh, "state": line.state, "note": line.note_zh, "form": line.form_zh,
                "who": line.who_zh, "rule": line.rule_id, "article": line.article, "confidence": line.confidence,
            }
            for line in lines.lines
        ],
        "compared": [
            {"field": c.field, "contract": c.contract, "form": c.form, "register": c.register} for c in compared
        ],
    }  # fmt: skip
