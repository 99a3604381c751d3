"""Pages look as they were judged to look: golden pictures of contracts and forms."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ImageChops

from contracts.documents import build_job
from contracts.pdf import RenderedPdf, Renderer
from tests.contracts.every_mode import sample
from tests.contracts.golden_pictures import FOLDER, matches_picture, page_picture
from tests.contracts.test_pdf import page_texts

# Mode, kind, and what the page says that is shown; the name of the picture.
PAGES = [
    ("exclusive_license", "contract", "文书校验码", "cover"),
    ("exclusive_license", "contract", "目录", "contents"),
    ("exclusive_license", "contract", "鉴于", "first_page"),
    ("exclusive_license", "contract", "以下无正文", "signature"),
    ("exclusive_license", "contract", "有效期限届满日", "patents"),
    ("transfer", "contract", "违约责任14.", "transfer_page"),
    ("development", "contract", "鉴于", "development_page"),
    ("equity", "contract", "股权结构表序号", "shareholders"),
    ("exclusive_license", "filing_form", "备案申请表", "filing_form"),
    ("exclusive_license", "publicity_notice", "公示期限", "publicity_notice"),
    ("exclusive_license", "approval_form", "审批表", "approval_form"),
    ("transfer", "change_form", "著录项目变更", "change_form"),
]


def steady(kind: str, mode: str, renderer: Renderer) -> RenderedPdf:
    """Render a sample whose check code and QR code do not follow from every letter of every template."""
    job = build_job(kind, sample(mode))
    html = re.sub(r"(?:[0-9A-F]{4}-){3}[0-9A-F]{4}", "0000-0000-0000-0000", job.html)
    square = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>码</title><path d="M1 1h7v7H1z"/></svg>'
    return renderer.render_job(replace(job, html=re.sub(r"<svg.*?</svg>", square, html, flags=re.DOTALL)))


@pytest.mark.parametrize(("mode", "kind", "says", "name"), PAGES)
def test_page_looks_as_its_golden_picture(
    mode: str, kind: str, says: str, name: str, renderer: Renderer
) -> None:
    made = steady(kind, mode, renderer)
    texts = [re.sub(r"\s", "", text) for text in page_texts(made)]
    page = next(number for number, text in enumerate(texts) if says in text)
    assert matches_picture(f"{name}.png", page_picture(made.data, page))


def test_no_golden_picture_is_unused_or_large() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.glob("*.png")}
    assert set(sizes) == {f"{name}.png" for *_, name in PAGES}
    assert {name: size for name, size in sizes.items() if size > 40_000} == {}


def test_a_moved_line_is_noticed(renderer: Renderer, tmp_path: Path) -> None:
    made = renderer.render("<p style='margin-top:20mm'>第一条　许可范围</p>", css_name="plain", title="x")
    picture = page_picture(made.data, 0)
    picture.save(tmp_path / "line.png")
    moved = ImageChops.offset(picture.convert("L"), 0, 6)
    assert matches_picture("line.png", picture, tmp_path)
    with pytest.raises(AssertionError, match="worst"):
        matches_picture("line.png", moved, tmp_path)
