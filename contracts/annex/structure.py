"""The logical structure of a PDF, and how it takes in that of a table made elsewhere."""

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from contracts.annex.setting import AnnexProblem

_MERGED = ("/RoleMap", "/ClassMap")


class Structure:
    """The structure tree of a PDF."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._root = pdf.Root.StructTreeRoot

    def adopt(self, table: pikepdf.Pdf, pages: Sequence[Any]) -> None:
        """Put a table's structure where the empty blocks of its pages are.

        Raises: AnnexProblem if there is no such block.
        """
        theirs = self._pdf.copy_foreign(table.Root.StructTreeRoot)
        keys = [int(page.obj.StructParents) for page in table.pages]
        parents, own = dict(_pairs(theirs.ParentTree)), dict(_pairs(self._root.ParentTree))
        for page, key in zip(pages, keys, strict=True):
            if int(page.StructParents) not in own:
                raise AnnexProblem("文书的标签结构缺少附件页。请联系管理员。")
            _adopt_page(page, own[int(page.StructParents)], parents.get(key, pikepdf.Array()))
        self._replace_slots(list(_tops(theirs)), {page.objgen for page in pages})
        self._adopt_names(theirs)

    def _replace_slots(self, tops: list[Any], pages: set[tuple[int, int]]) -> None:
        """Put the table where the first empty block is, and take the others out."""
        slots = [element for element in _elements(self._root) if _is_empty_block(element, pages)]
        if not slots:
            raise AnnexProblem("文书的标签结构中没有附件表格的位置。请联系管理员。")
        gone, first = {slot.objgen for slot in slots}, slots[0].objgen
        for top in tops:
            top.P = slots[0].P
        for parent in {slot.P.objgen: slot.P for slot in slots}.values():
            kids = []
            for kid in _kids(parent):
                place = kid.objgen if isinstance(kid, pikepdf.Dictionary) else None
                kids.extend(tops if place == first else [] if place in gone else [kid])
            parent.K = pikepdf.Array(kids)
            _drop_if_empty(parent)

    def _adopt_names(self, theirs: Any) -> None:
        for kind in _MERGED:
            if kind in theirs:
                present = dict(self._root[kind].items()) if kind in self._root else {}
                self._root[kind] = pikepdf.Dictionary({**dict(theirs[kind].items()), **present})
        if "/IDTree" in theirs:
            own = _named(self._root.IDTree) if "/IDTree" in self._root else {}
            merged = sorted({**_named(theirs.IDTree), **own}.items())
            limits = [pikepdf.String(merged[0][0]), pikepdf.String(merged[-1][0])] if merged else []
            leaf = pikepdf.Dictionary(
                Names=pikepdf.Array(
                    [part for name, value in merged for part in (pikepdf.String(name), value)]
                ),
                Limits=pikepdf.Array(limits),
            )
            self._root.IDTree = pikepdf.Dictionary(Kids=pikepdf.Array([self._pdf.make_indirect(leaf)]))


def _adopt_page(page: Any, own: Any, added: Any) -> None:
    """Number what the body's page holds after what the table's page holds, in elements and parent tree."""
    for element in {element.objgen: element for element in own if element is not None}.values():
        _shift(element, page, len(added))
    for element in added:
        element.Pg = page
    merged = [*added, *own]
    del own[:]
    own.extend(merged)


def _pairs(tree: Any) -> Iterator[tuple[int, Any]]:
    """Yield the entries of a number tree."""
    numbers = tree.get("/Nums", [])
    for place in range(0, len(numbers), 2):
        yield int(numbers[place]), numbers[place + 1]
    for kid in tree.get("/Kids", []):
        yield from _pairs(kid)


def _named(tree: Any) -> dict[bytes, Any]:
    """Return the entries of a name tree."""
    names = tree.get("/Names", [])
    found = {bytes(names[place]): names[place + 1] for place in range(0, len(names), 2)}
    for kid in tree.get("/Kids", []):
        found |= _named(kid)
    return found


def _kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def _tops(root: Any) -> Iterator[Any]:
    """Yield what lies right below the document element of a tree."""
    for kid in _kids(root):
        yield from _kids(kid) if kid.S == "/Document" else [kid]


def _elements(root: Any) -> Iterator[Any]:
    waiting = [kid for kid in _kids(root) if isinstance(kid, pikepdf.Dictionary)]
    while waiting:
        element = waiting.pop(0)
        yield element
        kids = [kid for kid in _kids(element) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        waiting[:0] = kids


def _is_empty_block(element: Any, pages: set[tuple[int, int]]) -> bool:
    return (
        element.S in ("/Div", "/NonStruct")
        and not _kids(element)
        and "/Pg" in element
        and element.Pg.objgen in pages
    )


def _drop_if_empty(element: Any) -> None:
    """Take an element without content out of the tree, and what becomes empty by it."""
    while element.get("/S") not in (None, "/Document") and not _kids(element):
        parent = element.P
        kept = [
            k for k in _kids(parent) if not (isinstance(k, pikepdf.Dictionary) and k.objgen == element.objgen)
        ]
        parent.K = pikepdf.Array(kept)
        element = parent


def _shift(element: Any, page: Any, by: int) -> None:
    """Number an element's marked contents on a page anew."""
    kids = []
    is_own = "/Pg" in element and element.Pg.objgen == page.objgen
    for kid in _kids(element):
        if isinstance(kid, int):
            kids.append(kid + by if is_own else kid)
        else:
            if "/MCID" in kid and (kid.Pg.objgen == page.objgen if "/Pg" in kid else is_own):
                kid.MCID = int(kid.MCID) + by
            kids.append(kid)
    element.K = pikepdf.Array(kids)
