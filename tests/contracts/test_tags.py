"""Tagged PDFs: reading order, one element over several pages, furniture, headers, links, particulars."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from typing import Any

import pikepdf
import pytest

from contracts.attachment import NAME
from contracts.documents import build_job, content_hash, document_day
from contracts.jobs import Particulars
from contracts.pdf import RefusedResource, RenderedPdf, Renderer
from tests.contracts.samples import LICENSEE, PATENTS, terms, view

LONG = "许可人保证其为许可专利的专利权人。" * 150


def tree(made: RenderedPdf) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the elements with text in reading order: role, and per page what is read."""
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        texts = [_texts(page) for page in pdf.pages]
        pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        found: list[tuple[str, list[tuple[int, str]]]] = []

        def read(element: Any) -> None:
            said: list[tuple[int, str]] = []
            found.append((str(element.S)[1:], said))
            for kid in element.K:
                if isinstance(kid, int):
                    said.append((pages[element.Pg.objgen], texts[pages[element.Pg.objgen]][kid]))
                elif kid.get("/Type") == "/MCR":
                    said.append((pages[kid.Pg.objgen], texts[pages[kid.Pg.objgen]][int(kid.MCID)]))
                elif "/S" in kid:
                    read(kid)

        for element in pdf.Root.StructTreeRoot.K:
            read(element)
        return found


def _texts(page: Any) -> dict[int, str]:
    """Return the text of each numbered content of a page, in glyph codes turned back by the fonts' maps."""
    found: dict[int, str] = {}
    maps = {name: _unicode(font.ToUnicode.read_bytes()) for name, font in page.resources.Font.items()}
    number, current = -1, {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        name = str(instruction.operator)
        if name == "BDC" and "/MCID" in operands[1]:
            number = int(operands[1]["/MCID"])
            found[number] = ""
        elif name == "EMC":
            number = -1
        elif name == "Tf":
            current = maps[str(operands[0])]
        elif name == "TJ" and number >= 0:
            for part in operands[0]:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    codes = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
                    found[number] += "".join(current[code] for code in codes)
    return found


def _unicode(stream: bytes) -> dict[int, str]:
    pairs = [
        line.split()
        for line in stream.decode().splitlines()
        if line.count("<") == 2 and len(line.split()) == 2
    ]
    return {
        int(code.strip("<>"), 16): bytes.fromhex(text.strip("<>")).decode("utf-16-be") for code, text in pairs
    }


def test_a_paragraph_over_two_pages_is_one_element(renderer: Renderer) -> None:
    made = renderer.render(f"<h1>合同</h1><p>{LONG}</p>", css_name="contract", title="x")
    paragraphs = [said for role, said in tree(made) if role == "P"]
    assert made.pages > 1
    assert len(paragraphs) == 1
    assert "".join(text for _, text in paragraphs[0]) == LONG
    assert {page for page, _ in paragraphs[0]} == set(range(made.pages))


def test_a_table_head_is_read_once_and_its_cells_know_their_scope(renderer: Renderer) -> None:
    rows = "".join(f"<tr><td>第{n}行</td><td>乙</td></tr>" for n in range(90))
    html = (
        f"<h1>表</h1><table><thead><tr><th>序号</th><th>名称</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    made = renderer.render(html, css_name="contract", title="x")
    said = tree(made)
    assert made.pages > 2
    assert [role for role, _ in said].count("Table") == 1
    assert ["".join(text for _, text in texts) for role, texts in said if role == "TH"] == ["序号", "名称"]
    assert [role for role, _ in said].count("TD") == 180


def test_a_cell_before_values_heads_its_row_and_a_table_without_headers_is_none(renderer: Renderer) -> None:
    html = "<h1>表</h1><table><tr><th>名称</th><td>甲</td></tr></table><table><tr><td>盖章</td><td>签字</td></tr></table>"
    made = renderer.render(html, css_name="contract", title="x")
    assert [(role, "".join(text for _, text in said)) for role, said in tree(made)][2:] == [
        ("Table", ""), ("TBody", ""), ("TR", ""), ("TH", "名称"), ("TD", "甲"),
        ("Div", ""), ("P", "盖章"), ("Div", ""), ("P", "签字"),
    ]  # fmt: skip
    assert b"/Row" in _plain(made)


def _plain(made: RenderedPdf) -> bytes:
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
        return out.getvalue()


def test_running_heads_page_numbers_and_leaders_are_not_read(renderer: Renderer) -> None:
    said = "".join(
        text for _, texts in tree(renderer.render_job(build_job("contract", view()))) for _, text in texts
    )
    assert "页　共" not in said
    assert "···" not in said
    assert said.count("专利实施许可合同") < 12


def test_every_link_of_the_contents_says_where_it_leads(renderer: Renderer) -> None:
    made = renderer.render_job(build_job("contract", view()))
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        links = [str(item.Contents) for item in pdf.pages[1].Annots]
    assert links[0] == "第一条名词和术语的解释"
    assert links[-4:] == ["签署页", "附件一许可专利清单", "附件二技术资料清单", "附件三付款计划表"]


def test_bookmarks_are_articles_signature_page_and_annexes(renderer: Renderer) -> None:
    made = renderer.render_job(build_job("contract", view()))
    with pikepdf.open(io.BytesIO(made.data)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[:3] == ["专利实施许可合同", "目　录", "第一条名词和术语的解释"]
    assert titles[-4:-2] == ["签署页", "附件一　许可专利清单"]


def test_a_picture_without_words_is_furniture_only_if_it_says_so(renderer: Renderer) -> None:
    picture = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' {}>{}<path d='M0 0h9v9z'/></svg>"
    html = (
        "<h1>图</h1>" + picture.format("", "<title>徽标</title>") + picture.format("aria-hidden='true'", "")
    )
    made = renderer.render(html, css_name="contract", title="x")
    assert [role for role, _ in tree(made)].count("Figure") == 1
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert [
            str(item["/Alt"])
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ] == ["徽标"]


def test_a_passage_in_another_language_is_marked(renderer: Renderer) -> None:
    made = renderer.render(
        "<html lang='zh-CN'><h1>甲</h1><p lang='en'>License</p></html>", css_name="contract", title="x"
    )
    assert b"/Lang (en)" in _plain(made)


def test_metadata_tells_number_maker_and_the_documents_own_day(renderer: Renderer) -> None:
    made = renderer.render_job(build_job("contract", view(dates={"signed_on": date(2026, 3, 1)})))
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
    assert info == {
        "/Title": "专利实施许可合同（独占许可）JZUT-ZL-2026-001", "/Author": "江州理工大学", "/Keywords": "JZUT-ZL-2026-001",
        "/Creator": "Panhuo 盘活", "/Producer": "WeasyPrint 70.0", "/CreationDate": "D:20260301000000+08'00",
        "/ModDate": "D:20260301000000+08'00",
    }  # fmt: skip


def test_a_paper_bears_the_day_of_the_last_event_and_a_contract_that_of_its_signing() -> None:
    dates = {"opened_on": date(2026, 1, 5), "signed_on": date(2026, 3, 1), "effective_on": date(2026, 4, 1)}
    assert document_day("contract", view(dates=dates)) == date(2026, 3, 1)
    assert document_day("filing_form", view(dates=dates)) == date(2026, 4, 1)
    assert document_day("filing_form", view(dates={})) is None


def test_contract_carries_its_data_and_a_public_paper_only_what_it_is() -> None:
    case = view(patents=PATENTS)
    full = json.loads((build_job("contract", case).attachments or {})[NAME])
    assert full["content_hash"] == content_hash("contract", case)
    assert (full["schema"], full["kind"], full["number"], full["mode"]) == (
        1,
        "contract",
        "JZUT-ZL-2026-001",
        case.mode,
    )
    assert [party["side"] for party in full["parties"]] == ["许可人", "被许可人"]
    assert [patent["title"] for patent in full["patents"]] == [patent.title for patent in PATENTS]
    assert full["terms"] == case.terms.model_dump(mode="json")
    assert full["articles"][1]["number"] == "第一条"
    assert full["articles"][1]["text"][0].startswith("1.1 ")
    notice = json.loads((build_job("publicity_notice", case).attachments or {})[NAME])
    assert set(notice) == {
        "schema", "kind", "title", "number", "case_no", "mode", "draft", "institution", "content_hash",
    }  # fmt: skip
    assert LICENSEE.account not in json.dumps(notice)


def test_an_agreement_on_a_contract_carries_its_own_articles_and_a_secrecy_agreement_no_terms() -> None:
    case = view()
    ends, secrecy = (
        json.loads((build_job(kind, case).attachments or {})[NAME])
        for kind in ("termination_agreement", "confidentiality_agreement")
    )
    assert [article["title"] for article in ends["articles"]][1] == "原合同的解除"
    assert (ends["number"], "terms" in ends) == ("JZUT-ZL-2026-001-J", True)
    assert (secrecy["number"], "terms" in secrecy) == ("JZUT-ZL-2026-001-M", False)


def test_pages_may_not_attach_files(renderer: Renderer) -> None:
    with pytest.raises(RefusedResource, match="附件"):
        renderer.render("<link rel=attachment href='data:text/plain,x'><p>x</p>", css_name="plain", title="x")


PROGRAM = """
import sys
from contracts.documents import build_job
from contracts.pdf import Renderer
from tests.contracts.samples import view
sys.stdout.write(Renderer().render_job(build_job("contract", view())).sha256)
"""


def test_bytes_do_not_depend_on_process_or_hash_seed(renderer: Renderer) -> None:
    others = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "4242")
    ]
    found = {other.communicate()[0].decode() for other in others}
    assert [other.returncode for other in others] == [0, 0]
    assert found == {renderer.render_job(build_job("contract", view())).sha256}


def test_particulars_are_part_of_the_bytes(renderer: Renderer) -> None:
    made = {
        renderer.render("<h1>甲</h1>", css_name="plain", title="x", particulars=of).sha256
        for of in (
            Particulars(),
            Particulars("A-1"),
            Particulars("A-1", "校"),
            Particulars("A-1", "校", date(2026, 1, 2)),
        )
    }
    assert len(made) == 4


def test_a_contract_of_other_terms_has_another_attachment() -> None:
    one, other = (build_job("contract", view(terms=terms(copies=copies))) for copies in ("6", "8"))
    assert one.attachments != other.attachments
