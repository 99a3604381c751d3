"""Chinese lines: flush right edges, the same breaks and text as the release's, nothing torn apart."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pytest
import weasyprint

from contracts.documents import build_job
from contracts.pdf import RenderedPdf, Renderer, RenderJob
from contracts.typesetting import justification
from tests.contracts.samples import PATENTS, view

SCALE = 4
PARTS = ("国", "国国", "国国国", "H2国", "MH国国", "国H")  # lines end in ink that nearly fills its square


@contextmanager
def unjustified() -> Iterator[None]:
    justification.revert()
    try:
        yield
    finally:
        justification.apply(weasyprint.__version__)


def edges(made: RenderedPdf) -> list[int]:
    """Return the right edge of each line of ink of the first page, in quarters of a point."""
    document = pypdfium2.PdfDocument(made.data)
    try:
        image = document[0].render(scale=SCALE).to_pil().convert("L")
    finally:
        document.close()
    width, height = image.size
    raw = image.tobytes()
    found, band = [], 0
    for row in range(height + 1):
        line = raw[row * width : (row + 1) * width] if row < height else b""
        dark = [place for place, value in enumerate(line) if value < 128]
        if dark:
            band = max(band, dark[-1])
        elif band:
            found.append(band)
            band = 0
    return found


def lines(made: RenderedPdf, tmp_path: Path, *options: str) -> str:
    path = tmp_path / "x.pdf"
    path.write_bytes(made.data)
    return subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True).stdout.decode()


def page(seed: int) -> RenderJob:
    """Return a page of a made-up passage whose lines end in characters that fill their squares."""
    source = random.Random(seed)
    text = "".join(source.choices(PARTS, k=500))
    return RenderJob(f"<p style='font-size:11pt;line-height:2;text-align:justify'>{text}</p>", "plain", "x")


@pytest.mark.parametrize("seed", range(3))
def test_right_edges_are_flush(seed: int, renderer: Renderer) -> None:
    flush = edges(renderer.render_job(page(seed)))[:-1]
    with unjustified():
        ragged = edges(renderer.render_job(page(seed)))[:-1]
    assert len(flush) == len(ragged) > 15
    assert max(ragged) - min(ragged) > 5 * SCALE
    assert max(flush) - min(flush) <= SCALE


def test_breaks_pages_and_text_are_those_of_the_release(renderer: Renderer, tmp_path: Path) -> None:
    """The cover is left out: its labels are spread on purpose."""
    contract, notice = build_job("contract", view(patents=PATENTS)), build_job("publicity_notice", view())
    for job, first in ((contract, "2"), (notice, "1"), (page(9), "1")):
        ours = renderer.render_job(job)
        with unjustified():
            theirs = renderer.render_job(job)
        assert ours.data != theirs.data
        assert ours.pages == theirs.pages
        for options in (("-f", first), ("-f", first, "-raw")):
            assert lines(ours, tmp_path, *options) == lines(theirs, tmp_path, *options)


@pytest.mark.parametrize(
    ("text", "following", "found"),
    [
        ("许可人", "", (0, 1)),
        ("许可人", "甲", (0, 1, 2)),
        ("2026年3月", "", (3, 4, 5)),
        ("A-1 号", "", (3,)),
        ("License No. 1", "", (7, 11)),
        ("——甲……乙", "", (1, 2, 4)),
        ("“甲”，", "", (0, 1, 2)),
        ("㛃𬱖𰻝", "", (0, 1)),
        ("", "甲", ()),
    ],
)
def test_room_is_put_between_squares_and_never_into_words(
    text: str, following: str, found: tuple[int, ...]
) -> None:
    assert justification.gaps(text, following) == found


def test_a_label_is_spread_over_its_width(renderer: Renderer) -> None:
    html = "<p style='width:60pt;font-size:10pt;text-align-last:justify'>{}</p>"
    wide, narrow = (
        edges(renderer.render(html.format(text), css_name="plain", title="x"))[0]
        for text in ("国国国国", "国国")
    )
    assert abs(wide - narrow) <= 1


def test_a_line_that_would_become_too_loose_is_left_alone(renderer: Renderer) -> None:
    html = f"<p style='text-align:justify'>国国国国国国{'x' * 80}</p><p>国国国国国国</p>"
    short, *_, plain = edges(renderer.render(html, css_name="plain", title="x"))
    assert short == plain


def test_another_release_is_left_alone() -> None:
    assert not justification.is_applicable("70.1")
    assert justification.apply("70.1") is False
