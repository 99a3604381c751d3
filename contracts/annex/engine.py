"""Documents with long tables: body by the slow engine, tables by the fast one, merged into one PDF.

The table is set first, so that it is known how many pages it takes. The body then leaves those pages empty but for
their heads, page numbers and marks; last the table is laid onto them. Page numbers, the list of contents, bookmarks
and what follows the table are the body's own and need no mending.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from contracts.annex.merge import Body
from contracts.annex.setting import AnnexProblem, SetTable, set_table
from contracts.annex.table import LongTable, placeholder

_TRIES = 3
_HEADING = 34.02  # Points: a heading of one line above the table. Another height is found by trying.
_SAME = 0.05


def render_with_tables(
    html: str, tables: Sequence[LongTable], fonts: Path, render: Callable[[str], bytes]
) -> tuple[bytes, int]:
    """Return the PDF of a document whose placeholders are filled with tables, and its number of pages.

    `render` makes PDF bytes of HTML.

    Raises: MissingGlyph, AnnexProblem, whatever `render` raises.
    """
    skips = {table.name: _HEADING for table in tables}
    for _ in range(_TRIES):
        done = {table.name: set_table(table, skips[table.name], fonts) for table in tables}
        body = Body.read(render(_with_slots(html, tables, done, skips)))
        found = {table.name: body.depth(slot_name(table.name, 0), table.area) for table in tables}
        if all(abs(found[name] - skips[name]) < _SAME for name in skips):
            for table in tables:
                slots = [slot_name(table.name, n) for n in range(done[table.name].pages)]
                body.lay(slots, done[table.name].pdf, table.area)
            return body.finished()
        skips = found
    raise AnnexProblem("附件表格的位置无法确定。请联系管理员。")


def slot_name(table: str, n: int) -> str:
    """Return the name of the place that a page of a table is laid onto."""
    return f"slot-{table}-{n}"


def _with_slots(
    html: str, tables: Sequence[LongTable], done: dict[str, SetTable], skips: dict[str, float]
) -> str:
    for table in tables:
        html = html.replace(placeholder(table.name), _slots(table.name, done[table.name], skips[table.name]))
    return html


def _slots(name: str, table: SetTable, skip: float) -> str:
    """Return one empty block per page: all but the last end their page, the last is as high as what lies there."""
    last = table.pages - 1
    height = table.end - (skip if last == 0 else 0)
    full = "".join(
        f'<div id="{slot_name(name, n)}" style="height:1pt;break-after:page"></div>' for n in range(last)
    )
    return f'{full}<div id="{slot_name(name, last)}" style="height:{height:.2f}pt"></div>'
