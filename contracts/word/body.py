"""The text of a contract as the main part of its Word file: cover, contents, clauses, signatures, annexes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from contracts.word.markup import (
    Bookmarks,
    alignment,
    bookmark_name,
    field,
    paragraph,
    run,
    table,
    twips,
)
from contracts.word.sheet import Line, Passage, Section, Sheet, marked
from contracts.word.tables import Cell, Grid

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
UPRIGHT_MM, ACROSS_MM = 157.0, 257.0
_STYLES = {
    "para": "Clause", "item": "ClauseItem", "free": "FreeText", "note": "Note", "lead": "SignLead",
    "number": "CoverNumber", "title": "Title", "kind": "CoverKind",
}  # fmt: skip
_KEPT = "<w:keepNext/>"
# Inside clauses a table stands under the text of its clause.
_IN_CLAUSE_MM = 146.0
_RULED = '<w:tblBorders><w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tblBorders>'


@dataclass(frozen=True, slots=True)
class Look:
    """How the tables of a kind of section are set; without `borders` every cell has its frame."""

    style: str
    width_mm: float
    borders: str = ""


_LOOKS = {
    "cover": Look("CoverRow", 138.0, _RULED),
    "parties": Look("TableText", UPRIGHT_MM),
    "article": Look("TableText", _IN_CLAUSE_MM),
    "signature": Look("SignText", UPRIGHT_MM),
    "annex": Look("TableSmall", UPRIGHT_MM),
}


def document_xml(sheet: Sheet) -> str:
    """Return the main part of the Word file of a contract."""
    names = Bookmarks()
    body: list[str] = []
    parts = [
        (wide, list(group))
        for wide, group in groupby(sheet.sections, key=lambda s: (s.kind == "annex", s.wide))
    ]
    for n, ((is_annex, wide), sections) in enumerate(parts, 1):
        for section in sections:
            body.extend(_section(sheet, section, names))
        page = page_setup(wide=wide, has_cover=not is_annex)
        body.append(page if n == len(parts) else _break(page))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {NAMESPACES}><w:body>'
        f"{''.join(body)}</w:body></w:document>"
    )


def page_setup(*, wide: bool, has_cover: bool) -> str:
    """Return the paper, margins, head and foot of a part; a cover bears neither head nor foot."""
    tall, broad = twips(297), twips(210)
    if wide:
        size = f'<w:pgSz w:w="{tall}" w:h="{broad}" w:orient="landscape"/>'
        margins = (24, 20, 20, 20)
    else:
        size = f'<w:pgSz w:w="{broad}" w:h="{tall}"/>'
        margins = (28, 25, 24, 28)
    top, right, bottom, left = map(twips, margins)
    suffix = "Wide" if wide else "Tall"
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader{suffix}"/><w:footerReference '
        f'w:type="default" r:id="rIdFooter"/><w:type w:val="nextPage"/>{size}<w:pgMar w:top="{top}" '
        f'w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="{twips(14)}" w:footer="{twips(12)}" '
        f'w:gutter="0"/>{"<w:titlePg/>" if has_cover else ""}</w:sectPr>'
    )


def _break(page: str) -> str:
    """Return the smallest paragraph that can end a part, so that it never takes a page of its own."""
    return f'<w:p><w:pPr><w:pStyle w:val="PartEnd"/>{page}</w:pPr></w:p>'


def _section(sheet: Sheet, section: Section, names: Bookmarks) -> Iterator[str]:
    for block, rows in groupby(marked(section), key=lambda pair: pair[0]):
        found = [passage for _, passage in rows]
        if isinstance(block, Line):
            yield _line(section, block, found[0], names)
        elif isinstance(block, Grid):
            yield _table(section, block, found, names)
        else:
            yield _heading(section, names)
    if section.kind == "cover":
        yield from _contents(sheet)
    elif section.kind == "parties":
        yield paragraph("PartEnd", "")


def _heading(section: Section, names: Bookmarks) -> str:
    text = f"{section.number}　{section.title}" if section.number else section.title
    style = "Annex" if section.kind == "annex" else "Article" if section.number else "Preamble"
    return paragraph(
        style, names.before(f"_Toc_{section.id}", names.before(bookmark_name(f"{section.id}.0"), run(text)))
    )


def _line(section: Section, line: Line, passage: Passage, names: Bookmarks) -> str:
    text = f"{line.number}\t{line.text}" if line.number else line.text
    inner = names.before(bookmark_name(passage.mark), run(text))
    is_signature = line.style == "lead"
    if is_signature:
        inner = names.before(f"_Toc_{section.id}", inner)
    properties = _KEPT if is_signature or _leads(section, line) else ""
    return paragraph(_STYLES[line.style], inner, properties)


def _leads(section: Section, line: Line) -> bool:
    """Whether items or a table follow, from which no page may part a line."""
    place = next(n for n, block in enumerate(section.blocks) if block is line)
    after = section.blocks[place + 1 : place + 2]
    return line.style != "item" and any(isinstance(b, Grid) or b.style == "item" for b in after)


def _table(section: Section, grid: Grid, rows: list[Passage], names: Bookmarks) -> str:
    look = _LOOKS[section.kind]
    kept = _KEPT if section.kind in ("article", "signature") else ""
    made = _signature if section.kind == "signature" else _cell
    filled = [
        [made(cell, look.style, kept, passage.mark if n == 0 else "", names) for n, cell in enumerate(cells)]
        for cells, passage in zip((*grid.head, *grid.rows), rows, strict=True)
    ]
    width = ACROSS_MM if section.wide else look.width_mm
    after = paragraph("PartEnd", "") if section.kind == "article" else ""
    return table(grid, width, filled, look=look.borders, small=section.kind == "annex") + after


def _cell(cell: Cell, style: str, kept: str, mark: str, names: Bookmarks) -> str:
    inner = run(cell.text, "<w:b/>" if cell.is_head else "")
    if mark:
        inner = names.before(bookmark_name(mark), inner)
    return paragraph(style, inner, kept + alignment(cell))


def _signature(cell: Cell, style: str, kept: str, mark: str, names: Bookmarks) -> str:
    """Return the cell of one side: one paragraph a line, all kept with the next."""
    first, *rest = cell.text.split("\n")
    head = run(first, "<w:b/>")
    lines = [paragraph(style, names.before(bookmark_name(mark), head) if mark else head, kept)]
    lines.extend(paragraph(style, run(text), kept + _seal(text)) for text in rest)
    return "".join(lines)


def _seal(text: str) -> str:
    return '<w:spacing w:before="700" w:after="700"/><w:jc w:val="center"/>' if "盖章" in text else ""


def _contents(sheet: Sheet) -> Iterator[str]:
    """Yield the contents as a field with its entries filled in; no page numbers, which only Word can count."""
    yield paragraph("ContentsHead", run("目　录"))
    shown = [s for s in sheet.sections if s.number or s.kind == "signature"]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
        'TOC \\n \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    for n, section in enumerate(shown):
        text = f"{section.number}　{section.title}" if section.number else section.title
        link = f'<w:hyperlink w:anchor="_Toc_{section.id}" w:history="1">{run(text)}</w:hyperlink>'
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if n == len(shown) - 1 else ""
        yield paragraph("TOC1", (begin if n == 0 else "") + link + end)
    yield paragraph("PartEnd", '<w:r><w:br w:type="page"/></w:r>')


def header_xml(sheet: Sheet, *, wide: bool) -> str:
    """Return the head of a page: the contract's name, whether it is a draft, and its number."""
    place = twips(ACROSS_MM if wide else UPRIGHT_MM)
    draft = "　【草案，供磋商使用】" if sheet.draft else ""
    stop = f'<w:tabs><w:tab w:val="right" w:pos="{place}"/></w:tabs>'
    inner = run(f"{sheet.title}{draft}\t{sheet.number}")
    return _part("hdr", paragraph("Header", inner, stop))


def footer_xml() -> str:
    """Return the foot of a page: 第 X 页　共 Y 页, counted by Word."""
    inner = run("第 ") + field("PAGE", "1") + run(" 页　共 ") + field("NUMPAGES", "1") + run(" 页")
    return _part("ftr", paragraph("Footer", inner))


def _part(name: str, inner: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:{name} {NAMESPACES}>{inner}</w:{name}>"
