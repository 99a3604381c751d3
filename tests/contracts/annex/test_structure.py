"""Tags of a document whose table was laid in: every marked content belongs to one element, in reading order."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from contracts.annex.engine import render_with_tables
from contracts.annex.table import PATENT_COLUMNS, long_table, placeholder
from contracts.patent_rows import patent_rows
from contracts.pdf import Renderer
from tests.contracts.annex.test_annex import patents
from tests.contracts.samples import view

ROWS = 24
PAGE = """<html lang="zh-CN"><head><title>表</title><style>
@page {{ size: A4 landscape; margin: 24mm 20mm 20mm 20mm; @bottom-center {{ content: counter(page) "/" counter(pages) }} }}
body {{ margin: 0 }} h2 {{ bookmark-level: 1 }}
</style></head><body><section><h2 id="one">附件一</h2>{}<p>注：后文。</p><h2>附件二</h2><p>又一段。</p></section></body></html>"""


@pytest.fixture(scope="module")
def merged(fonts: Path, renderer: Renderer) -> Iterator[pikepdf.Pdf]:
    table = long_table("表", PATENT_COLUMNS, patent_rows(view(patents=patents(ROWS))))

    def body(html: str) -> bytes:
        return renderer.render(html, css_name="plain", title="表").data

    data, _ = render_with_tables(PAGE.format(placeholder("表")), [table], fonts, body)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf


def kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def entries(pdf: pikepdf.Pdf) -> dict[int, Any]:
    numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(key): found for key, found in zip(numbers[::2], numbers[1::2], strict=True)}


def below(element: Any) -> Iterator[Any]:
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from below(kid)


def test_every_marked_content_is_that_of_its_element(merged: pikepdf.Pdf) -> None:
    parents = entries(merged)
    for page in merged.pages:
        named = [
            int(found.operands[-1].MCID)
            for found in pikepdf.parse_content_stream(page)
            if str(found.operator) == "BDC"
            and isinstance(found.operands[-1], pikepdf.Dictionary)
            and "/MCID" in found.operands[-1]
        ]
        owners = parents[int(page.obj.StructParents)]
        assert sorted(named) == list(range(len(owners)))
        for number, owner in enumerate(owners):
            assert number in kids(owner)
            assert owner.Pg.objgen == page.obj.objgen


def test_the_table_stands_once_between_heading_and_note(merged: pikepdf.Pdf) -> None:
    (document,) = kids(merged.Root.StructTreeRoot)
    blocks = [element for element in below(document) if element.S in ("/H2", "/Table", "/P")]
    assert [str(element.S) for element in blocks if element.P.S == "/Sect"] == [
        "/H2",
        "/Table",
        "/P",
        "/H2",
        "/P",
    ]
    (table,) = [element for element in blocks if element.S == "/Table"]
    assert sum(1 for element in below(table) if element.S == "/TR") == ROWS + 1
    heads = [element for element in below(table) if element.S == "/TH"]
    assert len(heads) == len(PATENT_COLUMNS)
    assert all(element.P is not None for element in below(document))


def test_a_higher_heading_moves_the_table_down(fonts: Path, renderer: Renderer) -> None:
    table = long_table("表", PATENT_COLUMNS, patent_rows(view(patents=patents(2))))
    html = PAGE.format(placeholder("表")).replace("附件一", "附件一" * 40)
    tried: list[str] = []

    def render(given: str) -> bytes:
        tried.append(given)
        return renderer.render(given, css_name="plain", title="表").data

    _, pages = render_with_tables(html, [table], fonts, render)
    heights = [float(found) for given in tried for found in re.findall(r"height:([\d.]+)pt", given)]
    assert (pages, len(heights)) == (1, 2)
    assert heights[0] == heights[1]


def test_no_empty_block_or_name_is_left(merged: pikepdf.Pdf) -> None:
    assert [e for e in below(merged.Root.StructTreeRoot) if e.S in ("/Div", "/Sect") and not kids(e)] == []
    assert [str(name) for name in list(merged.Root.Names.Dests.Names)[::2]] == ["one"]


def test_headers_can_be_found_by_their_names(merged: pikepdf.Pdf) -> None:
    root = merged.Root.StructTreeRoot
    (leaf,) = root.IDTree.Kids
    ids = {str(name) for name in list(leaf.Names)[::2]}
    heads = {str(element.ID) for element in below(root) if element.S == "/TH"}
    assert heads == ids


def test_file_is_well_formed_and_still_says_that_it_is_tagged(merged: pikepdf.Pdf) -> None:
    assert merged.check_pdf_syntax() == []
    assert bool(merged.Root.MarkInfo.Marked)
    with merged.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
