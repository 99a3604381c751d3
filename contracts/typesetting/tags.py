"""The structure tree of a tagged PDF: what is read aloud, in which order, and what is mere furniture.

WeasyPrint 70.0 tags a tree of boxes, so that a paragraph over two pages becomes two, a table without headers a
table, each dot of a leader a text, and running heads are read on every page. Here one HTML element is one element
of the tree over all its pages; running heads, leaders and repeated table heads are artifacts; header cells know
their scope. In: a rendered document. Out: its PDF's tree, in the order of the HTML.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]  # It has no annotations.
from weasyprint import pdf as generator
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import stream as streams

_POINTS = 0.75  # of a CSS pixel
_SVG = "{http://www.w3.org/2000/svg}svg"
_ROLES: Mapping[str, str] = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    "p": "P", "a": "Link", "section": "Sect", "article": "Art", "nav": "TOC", "div": "Div", "caption": "Caption",
    "table": "Table", "thead": "THead", "tbody": "TBody", "tfoot": "TFoot", "tr": "TR", "th": "TH", "td": "TD",
    "ul": "L", "ol": "L", "li": "LI", "img": "Figure", _SVG: "Figure",
}  # fmt: skip
_LAID_OUT = {"table": "", "thead": "", "tbody": "", "tfoot": "", "tr": "", "td": "Div"}
_INSIDE: Mapping[str, tuple[str, ...]] = {
    "thead": ("Table",), "tbody": ("Table",), "tfoot": ("Table",), "tr": ("Table", "THead", "TBody", "TFoot"), "td": ("TR",),
}  # fmt: skip
_GROUPS = frozenset({"Document", "Sect", "Art", "Div"})  # hold no text themselves: it stands in a paragraph
_ARTIFACT = "is_artifact"


def apply() -> None:
    """Let WeasyPrint build its structure trees here, and draw what `set_apart` marked as artifacts."""
    generator.add_tags = _add_tags
    streams.Stream.marked = _marked


def set_apart(document: Any) -> None:
    """Mark what is not content (running heads, leaders, repeated table heads), and leave one link per line."""
    heads: set[Any] = set()
    for page in document.pages:
        for box in _walk(page._page_box):
            repeated = box.element_tag == "thead" and isinstance(box, boxes.TableRowGroupBox)
            if (
                isinstance(box, boxes.MarginBox)
                or box.is_leader
                or _is_hidden(box)
                or repeated
                and box.element in heads
            ):
                _mark(box)
            elif repeated:
                heads.add(box.element)
        page.links = [link for link in page.links if link[3].element_tag == "a"]


def _walk(box: Any) -> Iterator[Any]:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    yield box
    for child in getattr(box, "children", ()):
        yield from _walk(child)


def _mark(box: Any) -> None:
    for inner in _walk(box):
        setattr(inner, _ARTIFACT, True)


def _is_hidden(box: Any) -> bool:
    element = box.element
    if element is None or not isinstance(box, boxes.ReplacedBox):
        return False
    return bool(element.get("alt") == "" or element.get("aria-hidden") == "true")


@contextmanager
def _marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """Mark content of a box with its number on the page, or as an artifact."""
    tags = stream._tags
    if tags is None:
        yield
        return
    properties = None
    if getattr(box, _ARTIFACT, False):
        tag = "Artifact"
    else:
        properties = pydyf.Dictionary({"MCID": len(tags)})
        tags[box] = len(tags)
    pydyf.Stream.begin_marked_content(stream, tag, properties)
    try:
        yield
    finally:
        pydyf.Stream.end_marked_content(stream)


class _Node:
    """One element of the tree. `kids` are nodes, or pairs of a page and a content number or an annotation."""

    __slots__ = ("attributes", "element", "entries", "kids", "page", "parent", "role", "written")

    def __init__(self, role: str, parent: "_Node | None", element: Any, page: int | None = None) -> None:
        self.role = role
        self.page = page
        self.parent = parent
        self.element = element
        self.kids: list[_Node | tuple[int, Any]] = []
        self.attributes: dict[str, Any] = {}
        self.entries: dict[str, Any] = {}
        self.written = pydyf.Dictionary()

    def child(self, role: str, element: Any, page: int | None = None) -> "_Node":
        """Add an element below this one."""
        made = _Node(role, self, element, page)
        self.kids.append(made)
        return made

    def text_node(self) -> "_Node":
        """Return where text directly in this element stands."""
        if self.role not in _GROUPS:
            return self
        last = self.kids[-1] if self.kids else None
        if isinstance(last, _Node) and last.role == "P" and last.element is None:
            return last
        return self.child("P", None)


class _Tree:
    """Reads the boxes of all pages into nodes, and writes the nodes."""

    def __init__(self, pdf: Any, document: Any) -> None:
        self.pdf = pdf
        self.lang = document.metadata.lang or ""
        self.root = _Node("Document", None, None)
        self.nodes: dict[Any, _Node] = {}
        self.by_page: list[dict[int, _Node]] = []
        self.annotations: list[tuple[Any, _Node]] = []
        self._height = 0.0

    def read(self, page: Any, tags: dict[Any, int]) -> None:
        """Read one page; `tags` are the numbers of its marked contents, by box."""
        self.by_page.append({})
        self._height = page.height
        self._read(page._page_box, self.root, tags)
        if tags:
            raise ValueError("content outside the tree")

    def _read(self, box: Any, node: _Node, tags: dict[Any, int]) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.MarginBox):
            for inner in _walk(box):
                tags.pop(inner, None)
            return
        page = len(self.by_page) - 1
        node = self._node(box, node)
        if box.link_annotation:
            self._annotate(box, node, page)
        number = tags.pop(box, None)
        if number is not None:
            holder = node.text_node()
            holder.kids.append((page, number))
            self.by_page[page][number] = holder
        for child in getattr(box, "children", ()):
            self._read(child, node, tags)

    def _node(self, box: Any, parent: _Node) -> _Node:
        element = box.element
        if element is None or getattr(box, _ARTIFACT, False):
            return parent
        known = self.nodes.get(element)
        if known is not None:
            return known
        role = self._role(box, element, parent)
        if not role:
            return parent
        node = self.nodes[element] = parent.child(role, element, len(self.by_page) - 1)
        self._describe(node, box)
        return node

    def _role(self, box: Any, element: Any, parent: _Node) -> str:
        tag = element.tag
        if tag in _LAID_OUT and not _is_data(element, tag, parent):
            return _LAID_OUT[tag]
        if tag == "p" and parent.role == "TOC":
            return "TOCI"
        if tag == "div" and parent.role not in _GROUPS:
            return ""
        language = element.get("lang")
        if tag == "span" and language and language != self.lang:
            return "Span"
        return _ROLES.get(tag, "")

    def _describe(self, node: _Node, box: Any) -> None:
        """Add what an element needs besides its role: scope and spans, the text for a picture, the language."""
        element = node.element
        language = element.get("lang")
        if language and language != self.lang:
            node.entries["Lang"] = pydyf.String(language)
        if node.role == "Figure":
            node.attributes |= {"O": "/Layout", "BBox": self._place(box)}
            words = _picture_words(element)
            if words:
                node.entries["Alt"] = pydyf.String(words)
        elif node.role in ("TH", "TD"):
            spans = {"ColSpan": box.colspan, "RowSpan": box.rowspan}
            node.attributes |= {name: number for name, number in spans.items() if number != 1}
            if node.role == "TH":
                node.attributes["Scope"] = "/Row" if _heads_row(node) else "/Column"
            if node.attributes:
                node.attributes["O"] = "/Table"

    def _place(self, box: Any) -> Any:
        left, top = box.content_box_x(), box.content_box_y()
        edges = (left, self._height - top - box.height, left + box.width, self._height - top)
        return pydyf.Array([round(edge * _POINTS, 3) for edge in edges])

    def _annotate(self, box: Any, node: _Node, page: int) -> None:
        box.link_annotation["Contents"] = pydyf.String("".join(box.element.itertext()).strip())
        node.kids.append((page, box.link_annotation))
        self.annotations.append((box.link_annotation, node))

    def write(self) -> None:
        """Add the tree and what belongs to it to the PDF."""
        parents = pydyf.Dictionary()
        self.pdf.add_object(parents)
        top = pydyf.Dictionary({"Type": "/StructTreeRoot", "ParentTree": parents.reference})
        self.pdf.add_object(top)
        top["K"] = pydyf.Array([self._write(self.root, top.reference)])
        numbers = pydyf.Array()
        for page, found in enumerate(self.by_page):
            held = (found.get(number) for number in range(max(found, default=-1) + 1))
            references = ["null" if node is None else node.written.reference for node in held]
            numbers.extend((page, pydyf.Array(references)))
        for place, (annotation, node) in enumerate(self.annotations, len(self.by_page)):
            annotation["StructParent"] = place
            numbers.extend((place, node.written.reference))
        parents["Nums"] = numbers
        top["ParentTreeNextKey"] = len(self.by_page) + len(self.annotations)
        self.pdf.catalog["StructTreeRoot"] = top.reference
        self.pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        self.pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})

    def _write(self, node: _Node, parent: Any) -> Any:
        made = node.written
        self.pdf.add_object(made)
        made.update({"Type": "/StructElem", "S": f"/{node.role}", "P": parent, **node.entries})
        if node.attributes:
            made["A"] = pydyf.Dictionary(node.attributes)
        pages = self.pdf.page_references
        first = next(
            (kid[0] for kid in node.kids if isinstance(kid, tuple)), None if node.kids else node.page
        )
        if first is not None:
            made["Pg"] = pages[first]
        made["K"] = pydyf.Array([self._kid(kid, made.reference, first) for kid in node.kids])
        return made.reference

    def _kid(self, kid: _Node | tuple[int, Any], parent: Any, first: int | None) -> Any:
        if isinstance(kid, _Node):
            return self._write(kid, parent)
        page, content = kid
        if not isinstance(content, int):
            place = {"Type": "/OBJR", "Obj": content.reference, "Pg": self.pdf.page_references[page]}
            return pydyf.Dictionary(place)
        if page == first:
            return content
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self.pdf.page_references[page], "MCID": content})


def _is_data(element: Any, tag: str, parent: _Node) -> bool:
    """Say whether an element is of a table of data: one with header cells. Others only lay things out."""
    if tag == "table":
        return bool(element.find(".//th") is not None)
    return parent.role in _INSIDE[tag]


def _heads_row(node: _Node) -> bool:
    """Say whether a header cell heads its row: there are other cells in it, and it is no row of the table's head."""
    scope = node.element.get("scope")
    if scope:
        return bool(scope == "row")
    row = node.parent
    if row is None or row.element is None or (row.parent is not None and row.parent.role == "THead"):
        return False
    return any(cell.tag == "td" for cell in row.element)


def _picture_words(element: Any) -> str:
    if element.tag == _SVG:
        title = element.find("{http://www.w3.org/2000/svg}title")
        return (title.text or "") if title is not None else (element.get("aria-label") or "")
    return element.get("alt") or ""


def _add_tags(pdf: Any, document: Any, pdf_version: Any, page_streams: list[Any]) -> None:
    tree = _Tree(pdf, document)
    for page, stream in zip(document.pages, page_streams, strict=True):
        tree.read(page, stream._tags)
    tree.write()
