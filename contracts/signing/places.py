"""Where the parties sign: the seal cells of the signature page, found by their words."""

from dataclasses import dataclass

import pypdfium2

from contracts.seal.paper_checker import PDFIUM

ANCHOR = "（盖章处）"
WIDTH, HEIGHT = 150, 60


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page (from 0), in points from the lower left: left, bottom, right, top."""

    page: int
    box: tuple[int, int, int, int]


def seal_cells(pdf: bytes) -> tuple[Place, ...]:
    """Return the seal cells in reading order: page by page, from above, from the left. Nothing if there are none."""
    with PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            found = [place for number in range(len(document)) for place in _on_page(document[number], number)]
        finally:
            document.close()
    return tuple(sorted(found, key=lambda place: (place.page, -place.box[3], place.box[0])))


def _on_page(page: pypdfium2.PdfPage, number: int) -> list[Place]:
    text = page.get_textpage()
    searcher, found = text.search(ANCHOR), []
    while match := searcher.get_next():
        index, count = match
        boxes = [text.get_charbox(at) for at in range(index, index + count)]
        x = (min(box[0] for box in boxes) + max(box[2] for box in boxes)) / 2
        y = (min(box[1] for box in boxes) + max(box[3] for box in boxes)) / 2
        left, bottom = round(x - WIDTH / 2), round(y - HEIGHT / 2)
        found.append(Place(number, (left, bottom, left + WIDTH, bottom + HEIGHT)))
    return found
