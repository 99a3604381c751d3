"""The part of the PDF lint about tags: that everything on a page is content in the tree, or furniture.

In: an open PDF. Out: findings about the tree (roles, headings, pictures, tables, links), the pages' contents and the
table that leads from contents to the tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from contracts.pdf_lint import Check, PdfFinding

_ROLES = frozenset({
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct",
    "Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD",
    "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot",
    "Figure", "Formula", "Form",
})  # fmt: skip
# What may stand inside; roles that are not named hold anything.
_INSIDE: Mapping[str, frozenset[str]] = {
    "Table": frozenset({"TR", "THead", "TBody", "TFoot", "Caption"}),
    "THead": frozenset({"TR"}), "TBody": frozenset({"TR"}), "TFoot": frozenset({"TR"}), "TR": frozenset({"TH", "TD"}),
    "TOC": frozenset({"TOC", "TOCI", "Caption"}), "L": frozenset({"L", "LI", "Caption"}),
    "LI": frozenset({"Lbl", "LBody"}),
}  # fmt: skip
_PARENTS: Mapping[str, frozenset[str]] = {
    "TR": frozenset({"Table", "THead", "TBody", "TFoot"}), "TH": frozenset({"TR"}), "TD": frozenset({"TR"}),
    "TOCI": frozenset({"TOC"}), "LI": frozenset({"L"}),
}  # fmt: skip
_PAINTING = frozenset({
    "Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI", "INLINE", "IMAGE",
})  # fmt: skip


@dataclass
class _Element:
    """One element of the tree, as read."""

    role: str
    obj: Any
    parent: "_Element | None"
    kids: list["_Element"] = field(default_factory=list)
    contents: list[tuple[int, int]] = field(default_factory=list)  # page number from 0, content number
    objects: list[Any] = field(default_factory=list)


def _check_catalog(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    root: Any = pdf.Root
    marks, preferences = root.get("/MarkInfo", {}), root.get("/ViewerPreferences", {})
    facts = {
        "marked": (bool(marks.get("/Marked", False)), "未声明为带标签文件", "the file does not say that it is tagged"),
        "suspects": (not bool(marks.get("/Suspects", False)), "标签未经核实", "the tags are suspect"),
        "tree": ("/StructTreeRoot" in root, "缺少结构树", "there is no structure tree"),
        "language": (bool(str(root.get("/Lang", ""))), "未声明语言", "no language is declared"),
        "title": (bool(preferences.get("/DisplayDocTitle", False)), "窗口不显示标题", "the title is not displayed"),
        "title-text": ("/Title" in pdf.trailer.get("/Info", {}), "缺少标题", "there is no title"),
    }  # fmt: skip
    for rule, (fine, zh, en) in facts.items():
        if not fine:
            yield PdfFinding(rule, zh, en)
    for number, page in enumerate(pdf.pages, 1):
        if "/Annots" in page and page.get("/Tabs") != pikepdf.Name.S:
            yield PdfFinding(
                "tab-order", "批注未按结构顺序", "annotations do not follow the structure", number
            )


def _read(pdf: pikepdf.Pdf) -> _Element | None:
    top: Any = pdf.Root.get("/StructTreeRoot")
    if top is None:
        return None
    pages: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages)}
    root = _Element("StructTreeRoot", top, None)
    waiting: list[tuple[_Element, Any, Any]] = [(root, top, None)]
    while waiting:
        element, obj, inherited = waiting.pop()
        page = obj.get("/Pg", inherited)
        kids = obj.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                element.contents.append((pages.get(page.objgen, -1) if page is not None else -1, kid))
            elif str(kid.get("/Type", "")) == "/MCR":
                place = kid.get("/Pg", page)
                element.contents.append((pages.get(place.objgen, -1), int(kid["/MCID"])))
            elif str(kid.get("/Type", "")) == "/OBJR":
                element.objects.append(kid["/Obj"])
            else:
                made = _Element(str(kid.get("/S", "")).lstrip("/"), kid, element)
                element.kids.append(made)
                waiting.append((made, kid, page))
    return root


def _walk(element: _Element) -> Iterator[_Element]:
    for kid in element.kids:
        yield kid
        yield from _walk(kid)


def _check_tree(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    root = _read(pdf)
    if root is None:
        return
    level = 0
    for element in _walk(root):
        page = element.contents[0][0] + 1 if element.contents else 0
        yield from _check_element(element, page)
        if element.role[:1] == "H" and element.role[1:].isdigit():
            deep = int(element.role[1:])
            if deep > level + 1:
                yield PdfFinding(
                    "headings", f"标题级别从{level}跳到{deep}", f"heading {level} to {deep}", page
                )
            level = deep


def _check_element(element: _Element, page: int) -> Iterator[PdfFinding]:
    role, parent = element.role, element.parent
    above = parent.role if parent is not None else ""
    if role not in _ROLES:
        yield PdfFinding("role", f"未知的结构类型 {role}", f"unknown role {role}", page)
    if (
        parent is not None
        and element.obj.get("/P") is not None
        and element.obj["/P"].objgen != parent.obj.objgen
    ):
        yield PdfFinding("tree", f"{role} 的上级不一致", f"{role} names another parent", page)
    if role in _PARENTS and above not in _PARENTS[role]:
        yield PdfFinding("nesting", f"{role} 位于 {above} 中", f"{role} inside {above}", page)
    allowed = _INSIDE.get(role)
    if allowed is not None:
        wrong = sorted({kid.role for kid in element.kids} - allowed)
        if wrong or (element.contents and role != "LI"):
            yield PdfFinding("nesting", f"{role} 中含有 {wrong or '文字'}", f"{role} holds {wrong}", page)
    if role == "Figure" and not str(element.obj.get("/Alt", "")):
        yield PdfFinding("alternative", "图片缺少替代文字", "a picture has no alternative text", page)
    if role == "Link" and not element.objects:
        yield PdfFinding("link", "链接没有批注", "a link has no annotation", page)
    if role == "TH" and str(_attribute(element, "/Scope", "")) not in ("/Row", "/Column", "/Both"):
        yield PdfFinding("table", "表头单元格未说明范围", "a header cell has no scope", page)
    if role == "Table":
        yield from _check_table(element, page)


def _check_table(table: _Element, page: int) -> Iterator[PdfFinding]:
    """Check that all rows are of one width, spans counted, and that there are header cells."""
    rows = [row for row in _walk(table) if row.role == "TR" and _table_of(row) is table]
    if not any(cell.role == "TH" for row in rows for cell in row.kids):
        yield PdfFinding("table", "表格没有表头", "a table has no header cells", page)
    widths: list[int] = [0] * len(rows)
    for number, row in enumerate(rows):
        for cell in row.kids:
            wide, tall = int(_attribute(cell, "/ColSpan", 1)), int(_attribute(cell, "/RowSpan", 1))
            for below in range(number, min(number + tall, len(rows))):
                widths[below] += wide
    if len(set(widths)) > 1:
        yield PdfFinding("table", f"表格各行列数不同：{sorted(set(widths))}", "rows differ in width", page)


def _attribute(element: _Element, name: str, default: Any) -> Any:
    """Return an attribute of an element, whose attributes are one dictionary or a list of them."""
    held: Any = element.obj.get("/A", pikepdf.Dictionary())
    for found in held if isinstance(held, pikepdf.Array) else [held]:
        if isinstance(found, pikepdf.Dictionary) and name in found:
            return found[name]
    return default


def _table_of(element: _Element) -> _Element | None:
    above = element.parent
    while above is not None and above.role != "Table":
        above = above.parent
    return above


def _check_contents(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    """Check that all that is painted is marked, and that content numbers and the tree agree."""
    root = _read(pdf)
    told: dict[int, dict[int, Any]] = {}
    for element in _walk(root) if root is not None else ():
        for place, number in element.contents:
            told.setdefault(place, {})[number] = element.obj.objgen
    parents = _parents(pdf)
    for index, page in enumerate(pdf.pages):
        numbers, faults = _marks(page)
        yield from (PdfFinding("content", zh, en, index + 1) for zh, en in sorted(faults))
        expected = told.get(index, {})
        if set(expected) != numbers:
            zh = f"内容与结构树不符：{sorted(set(expected) ^ numbers)[:5]}"
            yield PdfFinding("content", zh, "contents and tree differ", index + 1)
        row = parents.get(int(page.get("/StructParents", -1)), [])
        held = {number: item.objgen for number, item in enumerate(row) if item is not None}
        if {number: held.get(number) for number in numbers} != expected:
            yield PdfFinding("parent-tree", "内容索引与结构树不符", "the parent tree differs", index + 1)


def _parents(pdf: pikepdf.Pdf) -> dict[int, Any]:
    """Return the parent tree as a mapping, from one level or several."""
    found: dict[int, Any] = {}
    top: Any = pdf.Root.get("/StructTreeRoot")
    waiting: list[Any] = [top["/ParentTree"]] if top is not None and "/ParentTree" in top else []
    while waiting:
        node = waiting.pop()
        numbers: Any = node.get("/Nums", [])
        found |= {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
        waiting += list(node.get("/Kids", []))
    return found


def _marks(page: Any) -> tuple[set[int], set[tuple[str, str]]]:
    """Return the content numbers of a page, and what is wrong with its marks."""
    numbers: set[int] = set()
    faults: set[tuple[str, str]] = set()
    stack: list[str] = []
    for found in pikepdf.parse_content_stream(page):
        operands: Any = found.operands
        name = str(found.operator)
        if name in ("BMC", "BDC"):
            properties = operands[1] if name == "BDC" else {}
            kind = "artifact" if str(operands[0]) == "/Artifact" else "other"
            if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
                kind = "content"
                if int(properties["/MCID"]) in numbers:
                    faults.add(("内容编号重复", "a content number is used twice"))
                numbers.add(int(properties["/MCID"]))
            if kind != "other" and {"artifact", "content"} - {kind} & set(stack):
                faults.add(("正文与页面装饰互相嵌套", "content and artifacts are nested"))
            stack.append(kind)
        elif name == "EMC" and stack:
            stack.pop()
        elif name in _PAINTING and not {"artifact", "content"} & set(stack):
            faults.add((f"有内容既未标注也非装饰（{name}）", f"something painted is not marked ({name})"))
    return numbers, faults


def _check_links(pdf: pikepdf.Pdf) -> Iterator[PdfFinding]:
    """Check that annotations have words, and lead to the tree and back."""
    root = _read(pdf)
    owners = {obj.objgen: e for e in (_walk(root) if root is not None else ()) for obj in e.objects}
    parents = _parents(pdf)
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.get("/Annots", []):
            if annotation.get("/Subtype") in (pikepdf.Name.Popup, pikepdf.Name.Widget):
                continue
            if not str(annotation.get("/Contents", "")):
                yield PdfFinding("annotation-words", "批注没有说明文字", "an annotation has no words", number)
            owner = owners.get(annotation.objgen)
            back = parents.get(int(annotation.get("/StructParent", -1)))
            if owner is None or back is None or back.objgen != owner.obj.objgen:
                yield PdfFinding(
                    "annotation-tree", "批注未接入结构树", "an annotation is not in the tree", number
                )


TAG_CHECKS: tuple[Check, ...] = (_check_catalog, _check_tree, _check_contents, _check_links)
