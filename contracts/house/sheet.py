"""The style sheet that a house's look comes to, laid over the product's own.

In: a checked `Look`, the kind of paper, the name of the institution. Out: CSS text. Every value in it has been
checked or is escaped here; a house writes no CSS of its own, so that nothing it says can break a page.
"""

from collections.abc import Iterator

from contracts.house.look import Letterhead, Look, Styles

LOGO = "house-logo"  # What the style sheet calls the logo among the assets of a render job.
_FALLBACK = '"BabelStone Han"'
_FONTS = {
    "song": f'"Panhuo Serif SC", {_FALLBACK}',
    "fangsong": f'"Panhuo FangSong", "Panhuo Serif SC", {_FALLBACK}',
    "hei": f'"Panhuo Sans SC", {_FALLBACK}',
}
_HEADINGS = "h1, h2, h3, th"


def house_css(look: Look, *, kind: str, is_contract: bool, institution: str) -> str:
    """Return the style sheet for one kind of paper; empty where the house changes nothing.

    A contract takes type, margins and the logo on its cover; a paper that `letterhead.papers` names takes the head.
    """
    rules = [*_contract(look)] if is_contract else []
    if not is_contract and kind in look.letterhead.papers:
        rules += _head(look.letterhead, look.styles.accent, institution)
    return "\n".join(rules)


def _contract(look: Look) -> Iterator[str]:
    styles, usual = look.styles, Styles()
    if (styles.size_tenth_pt, styles.line_percent, styles.body) != (
        usual.size_tenth_pt, usual.line_percent, usual.body,
    ):  # fmt: skip
        size, height = styles.size_tenth_pt / 10, styles.line_percent / 100
        yield f"html {{ font: {size:g}pt/{height:g} {_FONTS[styles.body]}; }}"
    if styles.headings != usual.headings:
        yield f"{_HEADINGS} {{ font-family: {_FONTS[styles.headings]}; }}"
    if styles.margins != usual.margins:
        edge = styles.margins
        yield f"@page {{ margin: {edge.top}mm {edge.right}mm {edge.bottom}mm {edge.left}mm; }}"
    if styles.accent != usual.accent:
        yield f".cover-title, article h2 .no {{ color: {styles.accent}; }}"
    if look.letterhead.logo:
        yield (f".cover {{ background: url(asset:{LOGO}) left 0 top 0 / auto 16mm no-repeat; }}")


def _head(head: Letterhead, accent: str, institution: str) -> Iterator[str]:
    """Yield the head of the first page: logo to the left, names and lines beside it, a rule below."""
    names = [head.name or institution, head.name_en, *head.lines]
    text = " ".join([f'"{_escaped(line)}" "\\a"' for line in names if line]).removesuffix(' "\\a"')
    room = 22 + 5 * sum(1 for line in names[1:] if line)
    yield f"@page :first {{ margin-top: {room + 8}mm; }}"
    frame = (
        f"border-bottom: 1pt solid {accent}; padding-bottom: 2mm; margin-bottom: 4mm; vertical-align: bottom;"
    )
    yield (
        f"@page :first {{ @top-center {{ content: {text}; white-space: pre; width: 100%; text-align: center; "
        f"font: 11pt/1.5 {_FONTS['song']}; color: {accent}; {frame}{_logo(head)} }} }}"
    )


def _logo(head: Letterhead) -> str:
    return f" background: url(asset:{LOGO}) left center / auto 14mm no-repeat;" if head.logo else ""


def _escaped(text: str) -> str:
    """Write a text inside a CSS string: everything but letters, digits and Han characters by its code."""
    return "".join(c if c.isalnum() or c in " 　，。：；（）、" else f"\\{ord(c):x} " for c in text)
