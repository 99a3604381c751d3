"""PDFs: pages, repeatability, rare characters, closed doors."""

import io
import os
import re
import subprocess
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint
from PIL import Image, ImageChops
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from contracts.documents import build_job
from contracts.glyphs import MissingGlyph, check_glyphs
from contracts.modes import MODES
from contracts.pdf import STYLES, RefusedResource, RenderedPdf, Renderer, RenderProblem, engine_status
from tests.contracts.samples import LICENSEE, PATENTS, terms, view

RARE = "㛃䶮𬱖𠅤𰻝"
CSS = "contract"
SVG = b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<image href="file:///etc/passwd" width="9" height="9"/></svg>'
).decode()


class Pictures(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no annotations.
    """Reads the pictures of the styles for bare WeasyPrint."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix("asset:")
        return URLFetcherResponse(url, (STYLES / name).read_bytes(), {"Content-Type": "image/svg+xml"})


def page_texts(made: RenderedPdf) -> list[str]:
    document = pypdfium2.PdfDocument(made.data)
    try:
        return [document[n].get_textpage().get_text_range().replace("\r\n", "") for n in range(len(document))]
    finally:
        document.close()


def picture(made: RenderedPdf) -> Image.Image:
    """Return the first page as a black and white picture, cut to its ink."""
    document = pypdfium2.PdfDocument(made.data)
    try:
        image: Image.Image = document[0].render(scale=4).to_pil().convert("L")
    finally:
        document.close()
    box = ImageChops.invert(image).getbbox()
    assert box is not None
    return image.crop(box)


def glyph(renderer: Renderer, character: str) -> Image.Image:
    html = f'<html><body style="font-size:40pt">{character}</body></html>'
    return picture(renderer.render(html, css_name="plain", title="字形"))


def test_contract_has_its_parts_on_the_right_pages(renderer: Renderer) -> None:
    made = renderer.render_job(build_job("contract", view(patents=PATENTS[:1])))
    texts = page_texts(made)
    assert made.pages == len(texts) == 17
    assert "专利实施许可合同" in texts[0]
    assert "目" in texts[1]
    assert [n for n, text in enumerate(texts) if f"第{n + 1}页共17页" not in re.sub(r"\s", "", text)] == [0]
    (signature,) = [n for n, text in enumerate(texts) if "以下无正文" in text]
    assert texts[signature].count("盖章处") == 2
    assert texts[signature].count("签署日期") == 2
    (annex,) = [
        n for n, text in enumerate(texts) if "附件一" in text and "有效期限" in text and n > signature
    ]
    contents = re.sub(r"[\s·]", "", texts[1])
    assert f"附件一许可专利清单{annex + 1}附件二" in contents
    assert f"签署页{signature + 1}附件一" in contents


def test_patent_annex_lies_on_a_landscape_page(renderer: Renderer) -> None:
    made = renderer.render_job(build_job("contract", view()))
    document = pypdfium2.PdfDocument(made.data)
    try:
        wide = [n for n in range(len(document)) if document[n].get_width() > document[n].get_height()]
    finally:
        document.close()
    assert [("许可专利清单" in text) for n, text in enumerate(page_texts(made)) if n in wide] == [True]


def test_same_input_gives_the_same_bytes_also_in_another_renderer(renderer: Renderer, fonts: Path) -> None:
    job = build_job("filing_form", view())
    first = renderer.render_job(job)
    assert renderer.render_job(job) == first
    assert Renderer(fonts).render_job(job) == first


def test_pages_look_as_the_release_itself_draws_them(renderer: Renderer, fonts: Path) -> None:
    """Tags, the lean sheet and what else is mended change nothing that is seen."""
    job = build_job("filing_form", view())
    style = (STYLES / "forms.css").read_text(encoding="utf-8")
    html = job.html.replace("</head>", f"<style>{style}</style></head>")
    page = weasyprint.HTML(string=html, url_fetcher=Pictures(), base_url="asset:/")
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts / "fonts.conf")
    try:
        theirs = page.write_pdf(font_config=FontConfiguration())
    finally:
        del os.environ["FONTCONFIG_FILE"]
        os.environ |= {"FONTCONFIG_FILE": before} if before else {}
    assert drawn(theirs) == drawn(renderer.render_job(job).data)


def drawn(data: bytes) -> list[bytes]:
    """Return the pages as pictures."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [document[n].render(scale=1).to_pil().convert("L").tobytes() for n in range(len(document))]
    finally:
        document.close()


def test_attachments_are_embedded_with_fixed_dates(renderer: Renderer) -> None:
    options: dict[str, Any] = {"css_name": CSS, "title": "x", "attachments": {"case.json": b'{"a":1}'}}
    made = renderer.render("<p>附件</p>", **options)
    assert renderer.render("<p>附件</p>", **options) == made
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert pdf.attachments["case.json"].get_file().read_bytes() == b'{"a":1}'


@pytest.mark.parametrize("kind", sorted(MODES["exclusive_license"].documents))
def test_every_document_prints_and_its_text_can_be_read_back(kind: str, renderer: Renderer) -> None:
    made = renderer.render_job(build_job(kind, view(draft=True)))
    text = re.sub(r"\s", "", "".join(page_texts(made)))
    assert LICENSEE.name in text
    assert "王䶮" in text or kind not in ("contract", "power_of_attorney")
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        fonts = {str(f.get("/BaseFont")) for page in pdf.pages for f in page.resources.Font.values()}
    assert {re.sub(r"^/[A-Z]{6}\+", "", name) for name in fonts} <= {
        "Panhuo-Serif-SC",
        "Panhuo-Serif-SC-Bold",
        "Panhuo-Sans-SC-Bold",
        "BabelStone-Han",
        "BabelStone-Han-Bold",
    }


def test_rare_characters_are_drawn_and_not_as_boxes(renderer: Renderer) -> None:
    pictures = {character: glyph(renderer, character) for character in RARE + "甲口"}
    assert len({(p.size, p.tobytes()) for p in pictures.values()}) == len(pictures)
    ink = {character: sum(value < 128 for value in p.tobytes()) for character, p in pictures.items()}
    assert [character for character in RARE if ink[character] <= ink["口"]] == []


def test_a_name_in_running_text_is_the_glyph_drawn_alone(renderer: Renderer) -> None:
    alone = glyph(renderer, "䶮")
    together = glyph(renderer, "䶮䶮")
    assert together.crop((0, 0, alone.width, alone.height)).tobytes() == alone.tobytes()


def test_rare_names_come_out_of_the_text_layer(renderer: Renderer) -> None:
    made = renderer.render(f"<p>发明人{RARE}签字</p>", css_name=CSS, title="x")
    assert f"发明人{RARE}签字" in page_texts(made)[0]


def test_a_missing_glyph_is_an_error_and_named(renderer: Renderer) -> None:
    with pytest.raises(MissingGlyph) as caught:
        renderer.render("<p>甲⌘乙</p>", css_name=CSS, title="合同")
    assert (caught.value.field, caught.value.codepoint) == ("合同", "U+2318")


def test_glyph_check_names_field_and_character(fonts: Path) -> None:
    check_glyphs({"许可人": f"{RARE}大学\n（甲方）"}, fonts)
    with pytest.raises(MissingGlyph, match="“联系人”中的字符“⌘”（U\\+2318）没有可用字形"):
        check_glyphs({"许可人": "大学", "联系人": "王⌘"}, fonts)


@pytest.mark.parametrize("mark", ["\u202e", "\u2067", "\u200f"])
def test_marks_that_turn_the_text_around_are_not_printed(mark: str, fonts: Path) -> None:
    with pytest.raises(MissingGlyph, match="“许可人”中的字符"):
        check_glyphs({"许可人": f"甲{mark}乙公司"}, fonts)


@pytest.mark.parametrize(
    "html",
    [
        "<img src='file:///etc/passwd'>",
        "<img src='http://127.0.0.1:9/x.png'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<link rel=stylesheet href='file:///etc/passwd'>",
        "<style>@import url(file:///etc/passwd);</style>",
        "<style>@font-face{font-family:x;src:url(file:///etc/passwd)}</style><p style='font-family:x'>x</p>",
        "<p style='background:url(file:///etc/passwd)'>x</p>",
        "<object data='file:///etc/passwd'></object>",
        "<img src='asset:unknown.png'>",
        "<base href='file:///etc/'><img src='passwd'>",
        f"<img src='data:image/svg+xml;base64,{SVG}'>",
    ],
)
def test_nothing_outside_the_document_is_read(html: str, renderer: Renderer) -> None:
    with pytest.raises(RefusedResource):
        renderer.render(html, css_name=CSS, title="x")


def test_a_reference_to_nowhere_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(RenderProblem, match="不存在"):
        renderer.render("<a href='#nowhere'>见第九十九条</a>", css_name=CSS, title="x")


def test_unknown_or_unsafe_style_names_are_refused(renderer: Renderer) -> None:
    with pytest.raises(RenderProblem, match="不正确"):
        renderer.render("<p>x</p>", css_name="../forms/x", title="x")


def test_draft_mark_lies_on_every_page_of_a_draft_only(renderer: Renderer) -> None:
    final, draft = (renderer.render_job(build_job("contract", view(draft=flag))) for flag in (False, True))

    def red_pages(made: RenderedPdf) -> int:
        document = pypdfium2.PdfDocument(made.data)
        try:
            pages = [document[n].render(scale=0.5).to_pil().convert("RGB") for n in range(len(document))]
        finally:
            document.close()
        return sum(
            any(r > g + 8 for r, g, _ in zip(*[iter(page.tobytes())] * 3, strict=True)) for page in pages
        )

    assert (red_pages(final), red_pages(draft)) == (0, draft.pages)


def test_long_contract_keeps_the_signature_block_whole(renderer: Renderer) -> None:
    for extra in (6, 14):
        lines = "\n".join(f"双方第{n}次会议另行商定" for n in range(extra))
        made = renderer.render_job(build_job("contract", view(terms=terms(special_clauses=lines))))
        (page,) = [text for text in page_texts(made) if "盖章处" in text]
        assert page.count("盖章处") == 2
        assert page.count("签署日期") == 2


def test_engine_is_as_required() -> None:
    assert [(name, fine) for name, fine, _ in engine_status()] == [
        ("weasyprint", True),
        ("harfbuzz-subset", True),
        ("linear-min-content", True),
    ]


def test_pdf_is_well_formed(renderer: Renderer, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(
        renderer.render_job(build_job("contract", view(theirs=replace(LICENSEE, name=RARE)))).data
    )
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert (
        subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode().count(RARE)
        > 0
    )
