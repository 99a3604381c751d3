"""Well-formed pages read by the parser of the standard library, a tenth of the work; others by WeasyPrint's own.

The documents' templates are well formed but for the elements that HTML leaves open. What the fast parser reads is
the same tree: a test compares.
"""

import re
from xml.etree import ElementTree

_VOID = re.compile(
    r"<(area|base|br|col|hr|img|input|link|meta|source|wbr)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)/?>"
)
_SVG = "{http://www.w3.org/2000/svg}"
_ODD = (
    "<!ENTITY",
    "<!--",
    "<![CDATA[",
    "<?",
)  # what the parsers read differently, or what nobody should write


def parse(html: str) -> ElementTree.Element | None:
    """Return the tree of a well-formed page, or None if it is not one."""
    if any(mark in html for mark in _ODD) or "<html" not in html[:200]:
        return None
    try:
        root = ElementTree.fromstring(_VOID.sub(r"<\1\2/>", html.replace("&nbsp;", "\u00a0")))  # noqa: S314  Entities are refused above.
    except ElementTree.ParseError:
        return None
    if [child.tag for child in root] != ["head", "body"] or _is_nested_wrongly(root):
        return None
    for table in root.iter("table"):
        _group_rows(table)
    for picture in list(root.iter("svg")):
        for element in picture.iter():
            element.tag = element.tag if element.tag.startswith("{") else f"{_SVG}{element.tag}"
    return root


def _is_nested_wrongly(root: ElementTree.Element) -> bool:
    """Say whether a paragraph holds blocks, before which the parser of HTML would close it."""
    blocks = ("p", "div", "table", "section", "article", "h1", "h2", "h3", "ul", "ol", "nav")
    return any(
        inner.tag in blocks for found in root.iter("p") for inner in found.iter() if inner is not found
    )


def _group_rows(table: ElementTree.Element) -> None:
    """Put rows that stand directly in a table, and bare columns, into the groups that HTML gives them."""
    groups = {"tr": "tbody", "col": "colgroup"}
    kept: list[ElementTree.Element] = []
    for child in list(table):
        group = groups.get(str(child.tag))
        if group is None:
            kept.append(child)
            continue
        if not (kept and kept[-1].tag == group and kept[-1].get("data-implied")):
            kept.append(ElementTree.Element(group, {"data-implied": "1"}))
        kept[-1].append(child)
    for child in list(table):
        table.remove(child)
    table.extend(kept)
    for child in kept:
        child.attrib.pop("data-implied", None)
