"""The PDF lint: silent about every document we make, and loud about each thing taken away from one."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from contracts.documents import build_job
from contracts.pdf import Renderer
from contracts.pdf_lint import lint_pdf
from tests.contracts.every_mode import kinds, sample
from tests.contracts.samples import PATENTS, view

Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def contract(renderer: Renderer) -> bytes:
    return renderer.render_job(build_job("contract", view(patents=PATENTS, draft=True))).data


def changed(data: bytes, change: Change) -> bytes:
    """Return a PDF with something changed in it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode"), kinds())
def test_every_document_passes(kind: str, mode: str, renderer: Renderer) -> None:
    made = renderer.render_job(build_job(kind, sample(mode)))
    assert [(found.rule, found.page, found.zh) for found in lint_pdf(made.data)] == []


def elements(pdf: Any, role: str) -> list[Any]:
    """Return the elements of the tree that have a role."""
    waiting, found = [pdf.Root.StructTreeRoot], []
    while waiting:
        item = waiting.pop()
        kids = item.get("/K", [])
        inner = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        waiting += inner
        found += [kid for kid in inner if kid["/S"] == f"/{role}"]
    return found


def first(pdf: Any, role: str) -> Any:
    return elements(pdf, role)[0]


def rewrite_metadata(pdf: Any, old: bytes, new: bytes) -> None:
    text = pdf.Root.Metadata.read_bytes()
    assert old in text
    pdf.Root.Metadata.write(text.replace(old, new))


def rewrite_page(pdf: Any, change: Callable[[bytes], bytes]) -> None:
    contents = pdf.pages[2].Contents
    contents.write(change(contents.read_bytes()))


def font(pdf: Any) -> Any:
    return next(iter(pdf.pages[2].resources.Font.values()))


def drop(item: Any, key: str) -> None:
    del item[key]


def unlock_print(pdf: Any) -> None:
    pdf.pages[1].Annots[0].F = 0


CHANGES: list[tuple[str, Change]] = [
    ("identifier", lambda pdf: rewrite_metadata(pdf, b'pdfaid:conformance="A"', b'pdfaid:conformance="B"')),
    ("identifier", lambda pdf: rewrite_metadata(pdf, b"<pdfuaid:part>1", b"<pdfuaid:part>2")),
    ("extension-schema", lambda pdf: rewrite_metadata(pdf, b"namespaceURI>http", b"namespaceURI>x")),
    ("xmp", lambda pdf: rewrite_metadata(pdf, b"</rdf:RDF>", b"")),
    ("xmp", lambda pdf: drop(pdf.Root, "/Metadata")),
    ("info", lambda pdf: pdf.trailer.Info.update({"/Title": pikepdf.String("别的合同")})),
    ("info", lambda pdf: pdf.trailer.Info.update({"/ModDate": pikepdf.String("D:20260121000000+08'00")})),
    ("output-intent", lambda pdf: drop(pdf.Root, "/OutputIntents")),
    ("font-embedded", lambda pdf: drop(font(pdf).DescendantFonts[0].FontDescriptor, "/FontFile2")),
    ("font-unicode", lambda pdf: drop(font(pdf), "/ToUnicode")),
    ("javascript", lambda pdf: pdf.Root.Names.update({"/JavaScript": pikepdf.Dictionary()})),
    ("actions", lambda pdf: pdf.Root.update({"/OpenAction": pikepdf.Dictionary(S=pikepdf.Name.JavaScript)})),
    ("annotation-flags", unlock_print),
    ("annotation-words", lambda pdf: drop(pdf.pages[1].Annots[0], "/Contents")),
    ("annotation-tree", lambda pdf: drop(pdf.pages[1].Annots[0], "/StructParent")),
    ("associated-files", lambda pdf: pdf.Root.AF.append(pdf.Root.AF[0])),
    ("associated-files", lambda pdf: drop(pdf.Root.AF[0], "/AFRelationship")),
    ("marked", lambda pdf: drop(pdf.Root, "/MarkInfo")),
    ("language", lambda pdf: drop(pdf.Root, "/Lang")),
    ("title", lambda pdf: drop(pdf.Root, "/ViewerPreferences")),
    ("tab-order", lambda pdf: drop(pdf.pages[1].obj, "/Tabs")),
    ("tree", lambda pdf: drop(pdf.Root, "/StructTreeRoot")),
    ("alternative", lambda pdf: drop(first(pdf, "Figure"), "/Alt")),
    ("headings", lambda pdf: first(pdf, "H2").update({"/S": pikepdf.Name.H4})),
    ("role", lambda pdf: first(pdf, "H2").update({"/S": pikepdf.Name.Headline})),
    ("nesting", lambda pdf: first(pdf, "TR").update({"/S": pikepdf.Name.P})),
    ("table", lambda pdf: drop(first(pdf, "TH"), "/A")),
    ("table", lambda pdf: first(pdf, "TR").K.append(pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.TD)))),
    ("link", lambda pdf: setattr(first(pdf, "Link"), "K", pikepdf.Array())),
    ("content", lambda pdf: rewrite_page(pdf, lambda text: text.replace(b"/Artifact\nBMC", b"/Other\nBMC"))),
    ("content", lambda pdf: rewrite_page(pdf, lambda text: text.replace(b"/MCID 1>>", b"/MCID 0>>"))),
    ("parent-tree", lambda pdf: pdf.Root.StructTreeRoot.ParentTree.Nums[1].__delitem__(0)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change"), CHANGES)
def test_what_is_taken_away_is_found(rule: str, change: Change, contract: bytes) -> None:
    assert rule in {found.rule for found in lint_pdf(changed(contract, change))}


def test_nothing_is_found_in_a_copy_with_nothing_changed(contract: bytes) -> None:
    assert lint_pdf(changed(contract, lambda pdf: None)) == ()


def test_an_encrypted_or_broken_file_is_one_finding(contract: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(contract)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert [found.rule for found in lint_pdf(out.getvalue())] == ["encryption"]
    assert [found.rule for found in lint_pdf(b"%PDF-1.7 nothing")] == ["syntax"]
