"""Long annexes: set by another engine, laid into the document, and not told apart from the rest."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pypdfium2
import pytest
from PIL import Image, ImageChops

from contracts.annex.setting import AnnexProblem, set_table
from contracts.annex.table import (
    LONG_FROM,
    LONGEST_CELL,
    PATENT_COLUMNS,
    Area,
    is_for_fast_engine,
    long_table,
)
from contracts.documents import build_html, build_job
from contracts.glyphs import MissingGlyph
from contracts.patent_rows import patent_rows
from contracts.pdf import STYLES, RenderedPdf, Renderer, RenderJob
from contracts.pdf_lint import lint_pdf
from contracts.view import CaseView, PatentItem
from tests.contracts.samples import PATENTS, view

T = TypeVar("T")
# Read as markup, each of these would print something else; the last must be broken inside a word.
TITLES = (
    "#set *加粗* $x$ _下_ [括] @ref <b> // \\u{41}",
    "\\#panic() ${} `原样` ~ -- --- ... \"引\" 'x' = 标题",
    "含𬱖䶮㛃的装置及“固态”（半固态）电池中的应用、其方法，以及用途",
    "一种" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 2 + "装置",
)


def patents(count: int) -> tuple[PatentItem, ...]:
    return tuple(replace(PATENTS[n % len(PATENTS)], title=f"{PATENTS[n % 2].title}{n}") for n in range(count))


def both(count: int, **changes: object) -> tuple[RenderJob, RenderJob]:
    """Return the job of a contract as it is made, and all by one engine."""
    seen = view(patents=patents(count), **changes)
    job = build_job("contract", seen)
    return job, replace(job, html=build_html("contract", seen), tables=())


def on_pages(made: RenderedPdf, look: Callable[[pypdfium2.PdfPage], T]) -> list[T]:
    document = pypdfium2.PdfDocument(made.data)
    try:
        return [look(page) for page in document]
    finally:
        document.close()


def characters(page: pypdfium2.PdfPage) -> str:
    """Return what is written on a page, in no order."""
    return "".join(sorted(re.sub(r"\s", "", page.get_textpage().get_text_range())))


def picture(page: pypdfium2.PdfPage) -> Image.Image:
    found: Image.Image = page.render(scale=0.5, grayscale=True).to_pil()
    return found


@pytest.fixture(scope="module")
def pair(renderer: Renderer) -> tuple[RenderedPdf, RenderedPdf]:
    fast, slow = both(LONG_FROM)
    assert len(fast.tables) == 1
    return renderer.render_job(fast), renderer.render_job(slow)


def test_every_page_says_what_one_engine_alone_writes(pair: tuple[RenderedPdf, RenderedPdf]) -> None:
    fast, slow = (on_pages(made, characters) for made in pair)
    assert fast == slow


def test_every_page_looks_as_one_engine_alone_draws_it(pair: tuple[RenderedPdf, RenderedPdf]) -> None:
    fast, slow = (on_pages(made, picture) for made in pair)
    for ours, theirs in zip(fast, slow, strict=True):
        differing = ImageChops.difference(ours, theirs).histogram()[96:]
        assert sum(differing) < 0.005 * ours.width * ours.height


def test_texts_print_as_they_are_typed(fonts: Path) -> None:
    typed = tuple(replace(PATENTS[0], title=title) for title in TITLES)
    made = set_table(long_table("表", PATENT_COLUMNS, patent_rows(view(patents=typed))), 0, fonts)
    (text,) = on_pages(RenderedPdf(made.pdf, 1, ""), lambda page: page.get_textpage().get_text_range())
    printed = re.sub(r"\s", "", text)
    assert [title for title in TITLES if re.sub(r"\s", "", title) not in printed] == []


def test_bookmarks_contents_and_what_follows_stay(pair: tuple[RenderedPdf, RenderedPdf]) -> None:
    def marks(made: RenderedPdf) -> list[tuple[str, int | None, list[float]]]:
        document = pypdfium2.PdfDocument(made.data)
        try:
            found = [(mark.get_title(), mark.get_dest()) for mark in document.get_toc()]
            return [(title, dest.get_index(), dest.get_view()[1]) for title, dest in found if dest]
        finally:
            document.close()

    fast, slow = map(marks, pair)
    assert [mark[:2] for mark in fast] == [mark[:2] for mark in slow]
    assert any(title.startswith("附件三") for title, _, _ in fast)
    assert all(a == pytest.approx(b, abs=0.2) for (*_, a), (*_, b) in zip(fast, slow, strict=True))


def test_merged_file_is_as_archival_and_accessible_as_the_body_alone(
    pair: tuple[RenderedPdf, RenderedPdf],
) -> None:
    assert [lint_pdf(made.data) for made in pair] == [(), ()]


def test_same_input_gives_the_same_bytes(pair: tuple[RenderedPdf, RenderedPdf], renderer: Renderer) -> None:
    assert renderer.render_job(both(LONG_FROM)[0]) == pair[0]


def test_a_table_of_one_page_is_followed_by_its_note(renderer: Renderer, fonts: Path) -> None:
    table = long_table("表", PATENT_COLUMNS, patent_rows(view(patents=PATENTS[:2])))
    made = set_table(table, 100.0, fonts)
    assert (made.pages, 100 < made.end < 300) == (1, True)


@pytest.mark.parametrize(
    ("seen", "fast"),
    [
        (view(patents=patents(LONG_FROM)), True),
        (view(patents=patents(LONG_FROM - 1)), False),
        (view(patents=(*patents(LONG_FROM), replace(PATENTS[0], title="长" * (LONGEST_CELL + 1)))), False),
    ],
)
def test_short_tables_and_huge_rows_stay_with_the_body(seen: CaseView, fast: bool) -> None:
    assert is_for_fast_engine(long_table("表", PATENT_COLUMNS, patent_rows(seen))) is fast
    assert bool(build_job("contract", seen).tables) is fast


def test_papers_without_the_list_have_no_tables() -> None:
    assert build_job("approval_form", view(patents=patents(LONG_FROM))).tables == ()


def test_a_missing_glyph_is_an_error_that_names_its_row(fonts: Path) -> None:
    rows = patent_rows(view(patents=(PATENTS[0], replace(PATENTS[1], title="⌘"))))
    with pytest.raises(MissingGlyph, match="专利清单 第2行 发明创造名称"):
        set_table(long_table("专利清单", PATENT_COLUMNS, rows), 0, fonts)


def test_a_page_style_that_changed_is_an_error_and_not_a_wrong_page(renderer: Renderer) -> None:
    job = both(LONG_FROM)[0]
    wider = replace(job.tables[0], area=Area(page_width=300))
    with pytest.raises(Exception, match="与页面样式"):
        renderer.render_job(replace(job, tables=(wider,)))


def test_a_table_the_engine_refuses_is_named(fonts: Path) -> None:
    table = long_table("专利清单", PATENT_COLUMNS, ())
    with pytest.raises(AnnexProblem, match="附件表格“专利清单”排版失败"):
        set_table(replace(table, area=Area(page_width=float("nan"))), 0, fonts)


def test_columns_and_margins_are_those_of_the_style_sheet() -> None:
    css = (STYLES / "contract.css").read_text(encoding="utf-8")
    widths: dict[int, float] = {}
    for names, width in re.findall(r"((?:\.patents \.p\d,? ?)+)\{ width: (\d+)mm; \}", css):
        widths |= {int(n): float(width) for n in re.findall(r"\.p(\d)", names)}
    assert widths == {n: c.width for n, c in enumerate(PATENT_COLUMNS) if c.width is not None}
    area = Area()
    margins = f"margin: {area.top}mm {area.right}mm {area.bottom}mm {area.left}mm;"
    assert f"@page wide {{ size: A4 landscape; {margins} }}" in css
    assert ".patents th, .patents td { font-size: 9pt; padding: 1.2mm 1mm; }" in css
