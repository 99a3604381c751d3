"""What makes rendering faster changes no byte: each function put back, the parser, the packing."""

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from xml.etree import ElementTree

import pikepdf
import pytest
import tinyhtml5  # type: ignore[import-untyped]  # It has no annotations.
import weasyprint

from contracts.documents import build_job
from contracts.pdf import Renderer, RenderJob
from contracts.typesetting import faster, parsing, writing
from tests.contracts.every_mode import kinds, sample
from tests.contracts.samples import PATENTS, view
from tests.contracts.test_mincontent import passage


@contextmanager
def released() -> Iterator[None]:
    """Let the release's own functions work."""
    faster.revert()
    try:
        yield
    finally:
        faster.apply(weasyprint.__version__)


def mixed(seed: int) -> RenderJob:
    """Return a made-up page of paragraphs, tables, floats, boxes, decoration and percentages."""
    source = random.Random(seed)
    text = passage(seed, 300)
    pieces = [
        f"<p style='text-align:justify'>{text}</p>",
        f"<p style='text-decoration:underline;word-spacing:3pt;letter-spacing:1pt'>{text[:80]}</p>",
        f"<div style='width:60%;padding:3%;border:1pt solid;border-radius:4pt;box-sizing:border-box'>{text[:90]}</div>",
        f"<table style='border-collapse:collapse'><tr><th>甲</th><td style='width:30%'>{text[:60]}</td></tr></table>",
        f"<div style='float:left;width:40mm'>{text[:50]}</div><p>{text[:120]}</p>",
        f"<pre>{text[:90]}</pre><p style='font-feature-settings:\"palt\"'>{text[:40]}</p>",
        "<h2 style='position:relative;left:4%'>标题</h2><span style='display:inline-block;width:9%'>乙</span>",
        f"<div style='display:flex'><p>{text[:20]}</p><p style='max-width:20%'>{text[:30]}</p></div>",
    ]
    return RenderJob(
        "".join(source.sample(pieces, len(pieces))), source.choice(("plain", "contract", "forms")), "x"
    )


@pytest.mark.parametrize("seed", range(8))
def test_bytes_of_mixed_pages_are_those_of_the_release(seed: int, renderer: Renderer) -> None:
    ours = renderer.render_job(mixed(seed))
    with released():
        assert renderer.render_job(mixed(seed)) == ours


@pytest.mark.parametrize("kind", ["contract", "approval_form", "filing_form"])
def test_bytes_of_documents_are_those_of_the_release(kind: str, renderer: Renderer) -> None:
    job = build_job(kind, view(patents=PATENTS, draft=True))
    ours = renderer.render_job(job)
    unparsed = replace(job, html=job.html.replace("<body>", "<body><!-- left to the parser of HTML -->"))
    with released():
        assert renderer.render_job(unparsed) == ours


def test_other_functions_are_in_place_and_go_away() -> None:
    before = [getattr(owner, name) for owner, name, _ in faster._REPLACEMENTS]
    assert before == [replacement for _, _, replacement in faster._REPLACEMENTS]
    with released():
        now = [getattr(owner, name) for owner, name, _ in faster._REPLACEMENTS]
    assert not set(now) & set(before)
    assert not faster.is_applicable("70.1")
    assert faster.apply("70.1") is False


def flat(element: ElementTree.Element) -> list[tuple[str, dict[str, str], str]]:
    return [(str(e.tag), dict(e.attrib), f"{e.text or ''}".strip()) for e in element.iter()]


@pytest.mark.parametrize(("kind", "mode"), kinds())
def test_a_document_is_read_as_the_parser_of_html_reads_it(kind: str, mode: str) -> None:
    html = build_job(kind, sample(mode)).html
    ours = parsing.parse(html)
    assert ours is not None
    assert flat(ours) == flat(tinyhtml5.parse(html, namespace_html_elements=False))


@pytest.mark.parametrize(
    "html",
    [
        "<p>没有头</p>",
        "<html><head></head><body><p>未闭合</body></html>",
        "<html><head></head><body><p><table><tr><td>x</td></tr></table></p></body></html>",
        "<html><head></head><body>&copy;</body></html>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><html><head></head><body>&a;</body></html>",
        "<html><head></head><body><!-- x --></body></html>",
    ],
)
def test_what_is_not_well_formed_is_left_to_the_parser_of_html(html: str) -> None:
    assert parsing.parse(html) is None


def test_packing_changes_no_content(renderer: Renderer) -> None:
    job = build_job("contract", view())
    ours = renderer.render_job(job).data
    writing.revert()
    try:
        theirs = renderer.render_job(job).data
    finally:
        writing.apply()
    assert unpacked(ours) == unpacked(theirs)
    assert len(ours) < 1.03 * len(theirs)


def unpacked(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            out,
            static_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return out.getvalue().split(b"/ID [")[0]
