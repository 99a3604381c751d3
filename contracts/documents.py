"""The documents of a case: the HTML of each.

In: a kind and a `CaseView`. Out: one self-contained HTML page (no outside resource), and a hash of everything
that goes into it: values, templates and styles. Pure up to reading this product's own template files.
"""

import json
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment
from markupsafe import Markup

from contracts.annex.table import PATENT_COLUMNS, in_both, is_for_fast_engine, long_table, placeholder
from contracts.articles import articles, plain_text
from contracts.attachment import NAME, attachment
from contracts.bilingual.paper import BILINGUAL_CONTRACT
from contracts.glyphs import check_glyphs
from contracts.house.sheet import LOGO, house_css
from contracts.input_problems import check_lengths, explained
from contracts.jobs import Particulars, RenderJob
from contracts.kinds import document_of, split_kind
from contracts.library.choosing import clauses_of
from contracts.modes import MODES
from contracts.papers.foot import foot_of
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, cell
from contracts.seal.paper_checker import SEAL
from contracts.seal.sealing import Seal
from contracts.view import CaseView
from contracts.wording import document_words
from templates import environment

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_FOLDERS = ("contracts", "forms")
_CLAUSES = (".txt", ".toml")


def house_style(kind: str, view: CaseView) -> str:
    """Return the style element that the institution's own look comes to for a kind of document, or nothing."""
    if view.house is None:
        return ""
    is_contract = document_of(kind, view.mode).css == "contract"
    css = house_css(
        view.house.look, kind=split_kind(kind)[0], is_contract=is_contract, institution=view.institution
    )
    return f"<style>{css}</style>" if css else ""


def build_html(kind: str, view: CaseView) -> str:
    """Return the HTML of a document, whole.

    Raises: UnknownDocument.
    """
    return _html(kind, view, "", _unsealed(kind, view))


@explained()
def _html(kind: str, view: CaseView, instead_of_patents: str, code: str) -> str:
    """Return the HTML of a document; unless empty, `instead_of_patents` stands for the list of patents in an annex.

    `code` is what its QR code holds.
    """
    document = document_of(kind, view.mode)
    digest = content_hash(kind, view)
    number = view.contract_no or view.case_no
    words = {
        **document_words(view),
        **document.words(view, MODES[view.mode].named_by(view.terms)),
        "document": {
            "title": document.title_zh,
            "label": "合同编号" if view.contract_no else "案件编号",
            "number": number,
            "check": _check_code(digest),
            "foot": foot_of(document, view),
        },
        "patent_columns": PATENT_COLUMNS,
        "instead_of_patents": Markup(instead_of_patents),  # noqa: S704 - Made here.
        "qr": Markup(_qr(code)),  # noqa: S704 - Made here from plain text.
    }
    return _environment().get_template(document.template).render(words)


def build_job(kind: str, view: CaseView, fonts: Path | None = None, seal: Seal | None = None) -> RenderJob:
    """Return the render job of a document, after checking that every character can be printed.

    With a seal, the QR code holds its text for what the document says of itself, which goes along as a file, too.

    Raises: UnknownDocument, TextTooLong or MissingGlyph naming the field, TemplateProblem naming file and line.
    """
    document = document_of(kind, view.mode)
    texts = printed_texts(view)
    check_lengths(texts)
    check_glyphs(texts, fonts)
    css = f"{document.css}+draft" if view.draft and document.has_draft else document.css
    columns = in_both(PATENT_COLUMNS) if document.kind == BILINGUAL_CONTRACT.kind else PATENT_COLUMNS
    table = long_table("专利清单", columns, patent_rows(view))
    style = house_style(kind, view)  # The fast engine draws the product's own look alone.
    place = placeholder(table.name) if not style and is_for_fast_engine(table) else ""
    told = attachment(kind, view, content_hash(kind, view))
    day = document_day(kind, view)
    number = view.contract_no or view.case_no
    code = seal.text(data=told, kind=kind, number=number, day=day, draft=view.draft) if seal else ""
    html = _html(kind, view, place, code or _unsealed(kind, view))
    return RenderJob(
        html.replace("</head>", f"{style}</head>", 1),
        css,
        document.title_zh,
        attachments={NAME: told, **({SEAL: code.encode("ascii")} if code else {})},
        assets={LOGO: view.house.logo} if view.house and view.house.logo else None,
        tables=(table,) if place and place in html else (),
        particulars=Particulars(number, view.institution, day),
    )


def _unsealed(kind: str, view: CaseView) -> str:
    """Return what a QR code holds where nobody vouches for the paper: number and check code."""
    return f"{view.contract_no or view.case_no} {_check_code(content_hash(kind, view))}"


def document_day(kind: str, view: CaseView) -> date | None:
    """Return the day that a document bears: of a contract that of its signing, else that of the case's last event."""
    signed = view.day("signed_on") or view.terms.outline().signing_date
    if split_kind(kind)[0] in ("contract", BILINGUAL_CONTRACT.kind) and signed is not None:
        return signed
    return max((day for day in view.dates.values() if day is not None), default=None)


def printed_texts(view: CaseView) -> dict[str, str]:
    """Return every text that a document may print, by a Chinese name of its place."""
    named = view.texts(MODES[view.mode].sides_of(view.terms))
    rest = {f"案件资料 {place}": text for place, text in _flat(view.as_json()) if text not in named.values()}
    return {**named, **rest}


def contract_text(view: CaseView) -> str:
    """Return the contract's articles as plain text, for comparison of versions."""
    return plain_text(articles(view))


def content_hash(kind: str, view: CaseView) -> str:
    """Return a SHA-256 over everything that goes into a document: kind, values, clause texts, templates, styles, rules."""
    document = document_of(kind, view.mode)
    values = view.as_json()
    told = values["told"].pop("papers", {})
    parts = {
        "kind": kind, "view": values, "templates": template_digest(), "foot": foot_of(document, view),
        "told": {name: told.get(name) for name in document.told},
        "clauses": (view.clauses or clauses_of(MODES[view.mode])).digest,
    }  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("utf-8")).hexdigest()


def _is_beside(path: Path) -> bool:
    """Say whether a text is of an agreement, or a clause's English: neither is pinned with the contract."""
    return path.name.endswith(".en.txt") or "agreements" in path.parts


@lru_cache(maxsize=1)
def template_digest() -> str:
    """Return a SHA-256 over all contract and form templates, styles and pictures; clause texts are hashed by contract."""
    digest = sha256()
    for folder in _FOLDERS:
        for path in sorted((_TEMPLATES / folder).rglob("*")):
            if path.is_file() and (path.suffix not in _CLAUSES or _is_beside(path)):
                digest.update(path.relative_to(_TEMPLATES).as_posix().encode() + b"\0")
                digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment(cell=cell, blank=lambda text: text or BLANK)


def _check_code(digest: str) -> str:
    """Return the first 16 hex digits in groups of four: what a reader compares by eye."""
    return "-".join(digest[start : start + 4].upper() for start in range(0, 16, 4))


def _qr(text: str) -> str:
    code: str = segno.make(text, error="m", micro=False).svg_inline(
        border=0, omitsize=True, title=f"二维码：{text}"
    )
    return code


def _flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in _flat(inner, f"{name}.{key}".strip("."))]
    if isinstance(value, list):
        return [pair for n, inner in enumerate(value, 1) for pair in _flat(inner, f"{name}.{n}")]
    return [(name, value)] if isinstance(value, str) else []
