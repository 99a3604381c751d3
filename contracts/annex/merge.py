"""Tables laid onto the empty pages of a PDF, with their tags.

Page contents are set one after the other, resources joined, and the table's structure is put where the body has an
empty block for it. Marked contents of the body's page are numbered after those of the table.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pikepdf

from contracts.annex.setting import AnnexProblem
from contracts.annex.structure import Structure
from contracts.annex.table import Area

_POINTS = 72 / 25.4
_SAME = 0.1


@dataclass
class Body:
    """A PDF under work. `places` tells where each named destination lies: page number and coordinates."""

    pdf: pikepdf.Pdf
    places: dict[str, tuple[int, float, float]]

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Open a PDF."""
        pdf = pikepdf.open(io.BytesIO(data))
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        places = {
            name: (numbers[target[0].objgen], float(target[2]), float(target[3]))
            for name, target in _destinations(pdf)
        }
        return cls(pdf, places)

    def depth(self, name: str, area: Area) -> float:
        """Return how far below the top margin a place lies, in points."""
        _, _, y = self.places[name]
        return (area.page_height - area.top) * _POINTS - y

    def lay(self, slots: Sequence[str], data: bytes, area: Area) -> None:
        """Lay each page of a table onto its slot, and its structure into the body's.

        Raises: AnnexProblem if a slot is not where the table was set for.
        """
        with pikepdf.open(io.BytesIO(data)) as table:
            pages = [self._page_of(slot, area, first=n == 0) for n, slot in enumerate(slots)]
            counts = _marked(table)
            for page, own, count in zip(pages, table.pages, counts, strict=True):
                self._overlay(page, own, count, area)
            if "/StructTreeRoot" in self.pdf.Root:
                Structure(self.pdf).adopt(table, [page.obj for page in pages])
        self._forget(slots)

    def finished(self) -> tuple[bytes, int]:
        """Return the merged PDF and its number of pages."""
        out = io.BytesIO()
        self.pdf.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate,
            min_version=self.pdf.pdf_version,
        )  # fmt: skip
        return out.getvalue(), len(self.pdf.pages)

    def _page_of(self, slot: str, area: Area, *, first: bool) -> pikepdf.Page:
        number, x, _ = self.places[slot]
        page = self.pdf.pages[number]
        _, _, width, height = (float(value) for value in page.mediabox)
        is_fit = (
            abs(width - area.page_width * _POINTS) < _SAME
            and abs(height - area.page_height * _POINTS) < _SAME
            and abs(x - area.left * _POINTS) < _SAME
            and (first or abs(self.depth(slot, area)) < _SAME)
        )
        if not is_fit:
            raise AnnexProblem("附件表格与页面样式（contract.css 的 @page wide）不一致。请联系管理员。")
        return page

    def _overlay(self, page: pikepdf.Page, own: pikepdf.Page, count: int, area: Area) -> None:
        pdf = self.pdf
        page.obj.Resources = _joined(page.obj.Resources, pdf.copy_foreign(own.obj.Resources))
        x, y = area.left * _POINTS, area.bottom * _POINTS
        before = b"q\n" + _renumbered(page, count)
        between = f"\nQ q 1 0 0 1 {x:.4f} {y:.4f} cm\n".encode()
        page.obj.Contents = pikepdf.Array(
            [
                pdf.make_stream(before),
                pdf.make_stream(between),
                pdf.copy_foreign(own.obj.Contents),
                pdf.make_stream(b"\nQ"),
            ]
        )

    def _forget(self, slots: Iterable[str]) -> None:
        """Take the slots' names out of the destinations: nothing points to them any more."""
        gone = set(slots)
        for leaf in _leaves(self.pdf.Root.Names.Dests):
            names = list(leaf.get("/Names", []))
            kept = [value for n, value in enumerate(names) if str(names[n - n % 2]) not in gone]
            leaf.Names = pikepdf.Array(kept)


def _leaves(node: Any) -> Iterator[Any]:
    if "/Names" in node:
        yield node
    for kid in node.get("/Kids", []):
        yield from _leaves(kid)


def _destinations(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    for leaf in _leaves(pdf.Root.Names.Dests):
        names = list(leaf.get("/Names", []))
        for name, target in zip(names[::2], names[1::2], strict=True):
            yield str(name), target.D if isinstance(target, pikepdf.Dictionary) else target


def _marked(table: pikepdf.Pdf) -> list[int]:
    """Return how many marked contents each page of a table has."""
    numbers = list(table.Root.StructTreeRoot.ParentTree.Nums)
    by_key = {int(key): len(found) for key, found in zip(numbers[::2], numbers[1::2], strict=True)}
    return [by_key.get(int(page.obj.get("/StructParents", -1)), 0) for page in table.pages]


def _joined(ours: Any, theirs: Any) -> pikepdf.Dictionary:
    """Return the resources of both, which use no name twice.

    Raises: AnnexProblem if they do.
    """
    made = pikepdf.Dictionary({key: value for key, value in ours.items() if key != "/ProcSet"})
    for kind, named in theirs.items():
        if kind == "/ProcSet":
            continue
        present = dict(made[kind].items()) if kind in made else {}
        if clash := present.keys() & dict(named.items()).keys():
            raise AnnexProblem(f"附件表格与正文的资源重名：{'、'.join(sorted(clash))}。请联系管理员。")
        made[kind] = pikepdf.Dictionary({**present, **dict(named.items())})
    return made


def _renumbered(page: pikepdf.Page, count: int) -> bytes:
    """Return a page's contents with its marked contents numbered from `count` on."""
    instructions: list[Any] = []
    for found in pikepdf.parse_content_stream(page):
        last = found.operands[-1] if len(found.operands) else None
        if str(found.operator) == "BDC" and isinstance(last, pikepdf.Dictionary) and "/MCID" in last:
            moved = pikepdf.Dictionary({**dict(last.items()), "/MCID": int(last.MCID) + count})
            instructions.append(([*list(found.operands)[:-1], moved], found.operator))
        else:
            instructions.append(found)
    return pikepdf.unparse_content_stream(instructions)
