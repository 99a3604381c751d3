"""A long table set by typst: PDF pages without margins, tagged, and where the table ends.

In: a table and how far down its first page it starts. Out: the same bytes for the same input. Only the product's own
fonts and the two files of its own folder are read; texts are data, so that `#`, `*` or `$` print as they are.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.annex.table import LongTable
from contracts.glyphs import check_glyphs

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "contracts" / "annexes"
_MAIN = TEMPLATES / "table.typ"
_NOTHING = TEMPLATES / "nothing.typ"
_FORGET_AFTER = 11  # What the engine did not use for ten documents leaves its memory.
# Longer runs of Latin letters may be broken anywhere, as the style sheet has it; the engine breaks at the mark alone.
_LONG_RUN = re.compile("[!-~]{17,}")
_MAY_BREAK = "\u200b"


class AnnexProblem(Exception):
    """A table that could not be set; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table's pages as PDF, how many there are, and where on the last it ends, in points from its top."""

    pdf: bytes
    pages: int
    end: float


def set_table(table: LongTable, skip: float, fonts: Path) -> SetTable:
    """Set a table that starts `skip` points below the top of its first page.

    Raises: MissingGlyph, AnnexProblem.
    """
    check_glyphs(_texts(table), fonts)
    compiler = _compiler(str(fonts))
    try:
        data = compiler.compile(
            input=str(_MAIN), root=str(TEMPLATES), format="pdf", sys_inputs={"table": _data(table, skip)},
            pdf_standards=["a-3a"], timestamp=0,
        )  # fmt: skip
        end = json.loads(compiler.eval("query(<end>).first().location().position()", root=str(TEMPLATES)))
        for _ in range(_FORGET_AFTER):
            compiler.compile(input=str(_NOTHING), root=str(TEMPLATES), format="svg", sys_inputs=None)
    except RuntimeError as error:
        raise AnnexProblem(f"附件表格“{table.name}”排版失败：{str(error)[:200]}。请联系管理员。") from error
    return SetTable(data, int(end["page"]), float(str(end["y"]).removesuffix("pt")))


@lru_cache(maxsize=2)
def _compiler(fonts: str) -> Any:
    import typst  # noqa: PLC0415  Most processes set no table; the engine takes memory.

    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    nowhere = str(TEMPLATES)
    return typst.Compiler(
        str(_MAIN), root=nowhere, font_paths=own, ignore_system_fonts=True, package_path=nowhere,
        package_cache_path=nowhere,
    )  # fmt: skip


def _data(table: LongTable, skip: float) -> str:
    given = {
        "skip": skip,
        "width": table.area.width,
        "height": table.area.height,
        "widths": [column.width for column in table.columns],
        "centered": [column.centered for column in table.columns],
        "head": [column.head_lines for column in table.columns],
        "rows": [[_text(table, n, cell) for n, cell in enumerate(row)] for row in table.rows],
    }
    return json.dumps(given, ensure_ascii=False)


def _texts(table: LongTable) -> dict[str, str]:
    heads = [column.head.replace("\n", "") for column in table.columns]
    return {
        f"{table.name} 第{n}行 {head}": "".join(cell)
        for n, row in enumerate(table.rows, 1)
        for head, cell in zip(heads, row, strict=True)
    }


def _text(table: LongTable, column: int, cell: tuple[str, ...]) -> str:
    text = "\n".join(cell)
    if table.columns[column].centered:
        return text
    return _LONG_RUN.sub(lambda run: _MAY_BREAK.join(run[0]), text)
