"""Chinese lines with flush right edges (两端对齐) and spread labels (分散对齐), for the one WeasyPrint release checked.

The release stretches spaces alone, so that a Chinese paragraph is ragged by up to a character. Here the room that is
left on a line is shared out between its Chinese characters, after the lines were broken: breaks, pages and text are
those of the release. Words, numbers, doubled dashes and ellipses are not torn apart, and what is no text (the label
of a paragraph) keeps its place. Lines without Chinese are left to the release, and so are those that would become so
loose that readers of the text layer took every character for a word; a line spread on purpose is spread.
"""

from collections.abc import Iterator
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.ffi import ffi
from weasyprint.text.line_break import Layout

VERSION = "70.0"
_MARK = "_panhuo_original"
_UNITS = 1024  # of Pango in a CSS pixel
_STEPS = 1000  # of a PDF in the height of the font; the release cuts smaller parts off
_MARGIN = 0.3  # of a step, so that a step is not lost to rounding
_LOOSEST = 0.095  # of the height of the font: from a tenth on, programs see spaces
_PAIRS = frozenset({"——", "……", "··"})
# First and last characters of what is set in squares: radicals to unified ideographs, compatibility forms, full-width
# forms, and the planes of rare characters. Quotation marks, dashes and ellipses are Chinese in a Chinese line.
_SQUARES = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF01, 0xFF60), (0x20000, 0x3FFFF))
_MARKS = frozenset("“”‘’—…·")


def is_applicable(version: str) -> bool:
    """Say whether this release is the one that was checked."""
    return version == VERSION


def apply(version: str) -> bool:
    """Justify Chinese lines from now on; say whether it is in place."""
    if not is_applicable(version):
        return False
    if not hasattr(inline, _MARK):
        setattr(inline, _MARK, inline.justify_line)
        inline.justify_line = _justify_line
    return True


def revert() -> None:
    """Put the release's own function back."""
    if hasattr(inline, _MARK):
        inline.justify_line = getattr(inline, _MARK)
        delattr(inline, _MARK)


def gaps(text: str, following: str = "") -> tuple[int, ...]:
    """Return after which characters of a text room may be put; `following` is what comes next on the line."""
    found = []
    for place, pair in enumerate(zip(text, text[1:] + following[:1], strict=False)):
        left, right = pair
        if (left in " \u00a0" or _is_square(left) or _is_square(right)) and left + right not in _PAIRS:
            found.append(place)
    return tuple(found)


def _is_square(character: str) -> bool:
    code = ord(character)
    return code > 0xB6 and (character in _MARKS or any(first <= code <= last for first, last in _SQUARES))


def _justify_line(context: Any, line: Any, extra_width: float) -> None:
    leaves = list(_leaves(line))
    text = "".join(box.text for box in leaves if box is not None)
    if line.style["direction"] == "rtl" or not any(map(_is_square, text)):
        getattr(inline, _MARK)(context, line, extra_width)
        return
    places: dict[Any, tuple[int, ...]] = {}
    for n, box in enumerate(leaves):
        following = leaves[n + 1] if n + 1 < len(leaves) else None
        if box is not None:
            places[box] = gaps(box.text, following.text if following is not None else "")
    total = sum(map(len, places.values()))
    is_label = line.style["text_align_last"] == "justify"
    if total and (is_label or extra_width / total < _LOOSEST * line.style["font_size"]):
        _spread(line, places, extra_width / total, 0.0)


def _leaves(box: Any) -> Iterator[Any]:
    """Yield the texts of a line in order, and None for what is no text."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from _leaves(child)
        elif child.is_in_normal_flow():
            yield None


def _spread(box: Any, places: dict[Any, tuple[int, ...]], room: float, advance: float) -> float:
    """Widen the texts in a box and move what follows; return by how much."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        if places[box]:
            widening = room * len(places[box])
            _widen_when_drawn(box.pango_layout, places[box], room, box.style["font_size"])
            box.width += widening
            advance += widening
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        before = advance
        box.position_x += advance
        for child in box.children:
            if child.is_in_normal_flow():
                advance = _spread(child, places, room, advance)
        box.width += advance - before
    else:
        box.translate(advance, 0)
    return advance


def _widen_when_drawn(layout: Any, places: tuple[int, ...], room: float, size: float) -> None:
    """Let a text's layout give wider glyphs once it is drawn: it is shaped anew for that."""
    sizes = [len(character.encode()) for character in layout.text]
    starts = [0]
    for length in sizes:
        starts.append(starts[-1] + length)
    targets = frozenset(starts[place] for place in places)

    def get_first_line() -> tuple[Any, Any]:
        line, index = Layout.get_first_line(layout)
        _widen(line, targets, room * _STEPS / size, size * _UNITS / _STEPS)
        return line, index

    layout.get_first_line = get_first_line


def _widen(line: Any, targets: frozenset[int], steps: float, step: float) -> None:
    """Widen glyphs by whole steps that add up; `targets` are places in the bytes of the text."""
    done = given = 0
    run = line.runs[0]
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        run = run.next
        clusters, last = glyphs.log_clusters, glyphs.num_glyphs - 1
        for n in range(last + 1):
            start = clusters[n]
            end = item.length if n == last else clusters[n + 1]
            if any(item.offset + place in targets for place in range(start, end)):
                done += 1
                whole = round(done * steps) - given
                given += whole
                glyphs.glyphs[n].geometry.width += round((whole + _MARGIN) * step)
