"""The Word file of a contract: valid, the same words as the PDF, the same bytes, opened by others."""

import io
import re
import shutil
import subprocess
import time
from dataclasses import replace
from html import unescape
from pathlib import Path

import docx
import pytest
from openxml_audit import OpenXmlValidator

from contracts.articles import articles
from contracts.documents import build_html
from contracts.word.markup import bookmark_name
from contracts.word.matching import plain
from contracts.word.package import build_docx, identity_of, zipped
from contracts.word.reading import read_docx
from contracts.word.sheet import passages, passages_from, passages_json, sheet_of
from tests.contracts.samples import LICENSEE, PATENTS, view
from tests.contracts.word.files import KINDS, VIEWS, parts_of, sent

SOFFICE = shutil.which("soffice")
EVERY_MODE = pytest.mark.parametrize("mode", sorted(VIEWS))


@EVERY_MODE
def test_file_is_valid_open_xml(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "contract.docx"
    path.write_bytes(sent(VIEWS[mode](), KINDS.get(mode, "contract"))[0])
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


@EVERY_MODE
def test_reading_back_gives_what_was_sent(mode: str) -> None:
    data, told = sent(VIEWS[mode](), KINDS.get(mode, "contract"))
    found = read_docx(data)
    shown = [plain(f"{passage.number}{passage.text}") for passage in told]
    assert [plain(one.text) for one in found.accepted] == shown
    assert [one.names for one in found.accepted] == [(bookmark_name(passage.mark),) for passage in told]
    assert found.accepted == found.rejected
    assert (found.revisions, found.comments, found.remarks) == ((), (), ())


@EVERY_MODE
def test_words_are_those_of_the_pdf(mode: str) -> None:
    """Every piece of text on the PDF stands in the Word file, apart from the check code and the contents."""
    made, kind = VIEWS[mode](), KINDS.get(mode, "contract")
    html = re.sub(
        r"<svg.*?</svg>|<title>.*?</title>|<p>文书校验码.*?</p>", "", build_html(kind, made), flags=re.S
    )
    pieces = {plain(unescape(piece)) for piece in re.split(r"<[^>]+>", html)} - {"", "目录"}
    words = plain("".join(passage.number + passage.text for passage in sent(made, kind)[1]))
    assert sorted(piece for piece in pieces if piece not in words) == []


def test_same_contract_gives_the_same_bytes() -> None:
    assert sent()[0] == sent()[0]


def test_passages_go_through_json_and_back() -> None:
    told = sent()[1]
    assert passages_from(passages_json(told)) == told


def test_file_tells_what_it_is() -> None:
    sheet = sheet_of(view())
    assert read_docx(build_docx(sheet, 4)).identity == identity_of(sheet, 4)


def test_identity_survives_the_loss_of_its_part() -> None:
    sheet = sheet_of(view())
    kept = {
        name: data
        for name, data in parts_of(build_docx(sheet, 4)).items()
        if not name.startswith("customXml")
    }
    assert read_docx(zipped(kept)).identity == identity_of(sheet, 4)


def test_word_sees_styles_outline_head_foot_and_repeated_rows() -> None:
    document = docx.Document(io.BytesIO(sent(view(draft=True, patents=PATENTS))[0]))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style is not None}
    assert {"条", "款", "项", "Title", "正文首行缩进", "附件标题", "toc 1"} <= styles
    pages = [(section.page_width, section.page_height) for section in document.sections]
    assert [width > height for width, height in pages if width and height] == [False, True, False]
    head = document.sections[0].header.paragraphs[0].text
    assert head == "专利实施许可合同　【草案，供磋商使用】\tJZUT-ZL-2026-001"
    assert "NUMPAGES" in document.sections[0].footer._element.xml
    assert document.sections[0].different_first_page_header_footer
    patents = next(table for table in document.tables if "序号" in table.rows[0].cells[0].text)
    assert "w:tblHeader" in patents.rows[0]._tr.xml
    assert len(patents.rows) == 1 + len(PATENTS)


def test_hostile_names_stay_text() -> None:
    party = replace(LICENSEE, name="<w:p>&\"'{{7*7}}\x07某公司")
    found = read_docx(sent(view(theirs=party))[0])
    assert "<w:p>&\"'{{7*7}}某公司" in "".join(one.text for one in found.accepted)


def test_long_annex_costs_little() -> None:
    made = view(patents=PATENTS * 25)
    sent(made)
    start = time.process_time()
    sent(made)
    assert time.process_time() - start < 0.2


@pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is missing: python3 -m desk.provision system --tests"
)
def test_libreoffice_shows_every_article(tmp_path: Path) -> None:
    made = view()
    (tmp_path / "contract.docx").write_bytes(sent(made)[0])
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "pdf", "--outdir", str(tmp_path), str(tmp_path / "contract.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shown = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "contract.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    furniture = rf"专利实施许可合同\s*{made.contract_no}\n|第 \d+ 页\s*共 \d+ 页\n"
    words = plain(re.sub(furniture, "", shown.replace("\f", "")))
    texts = [
        (f"{paragraph.number}{paragraph.text}", *(f"{item.number}{item.text}" for item in paragraph.items))
        for article in articles(made) for paragraph in article.paragraphs if not paragraph.table
    ]  # fmt: skip
    assert [text for found in texts for text in found if plain(text) not in words] == []
    assert passages(sheet_of(made))[-1].text[:10] in shown.replace("\n", "")
