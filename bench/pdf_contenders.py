"""Programs that make a contract's PDF, each in a process of its own: `python -m bench.pdf_contenders NAME INPUT`.

A line on standard input asks for one more contract; the answer is its CPU seconds (children counted), pages and bytes.
`INPUT` is what `bench.pdf` prepared: the job, the HTML with its styles, and the same text as lines and rows.
"""

import os
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pypdfium2

from contracts.pdf import RenderJob

PER_CALL = 8


@dataclass(frozen=True)
class Text:
    """One contract for all contenders: ours as a job, others' as HTML, or as headings, paragraphs and rows."""

    job: RenderJob
    html: str
    title: str
    paragraphs: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    fonts: str


Make = Callable[[], list[bytes]]


def ours(text: Text) -> Make:
    """Return the product's own renderer."""
    from contracts.pdf import Renderer  # noqa: PLC0415  Each contender loads its own tools alone.

    renderer = Renderer(Path(text.fonts))
    return lambda: [renderer.render_job(text.job).data]


def bare(text: Text) -> Make:
    """Return `HTML(...).write_pdf()` as anybody would call it."""
    import weasyprint  # noqa: PLC0415  Each contender loads its own tools alone.

    return lambda: [weasyprint.HTML(string=text.html).write_pdf()]


def bare_same_fonts(text: Text) -> Make:
    """Return the same with the product's fonts."""
    os.environ["FONTCONFIG_FILE"] = f"{text.fonts}/fonts.conf"
    return bare(text)


def chromium(text: Text) -> Make:
    """Return the print of a Chromium whose page stays open."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  Each contender loads its own tools alone.

    launched = (
        sync_playwright()
        .start()
        .chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    )
    page = launched.new_page()

    def make() -> list[bytes]:
        page.set_content(text.html)
        return [page.pdf(prefer_css_page_size=True)]

    return make


def typst(text: Text) -> Make:
    """Return a Typst document of the same text."""
    import typst as engine  # noqa: PLC0415  Each contender loads its own tools alone.

    head = (
        '#set page(paper: "a4", margin: 25mm, numbering: "1 / 1")\n#set text(font: ("Panhuo Serif SC", "BabelStone Han"), '
        'size: 11pt, lang: "zh")\n#set par(justify: true)\n#outline()\n'
    )
    parts = [f"= {_quoted(words)}" if kind == "h" else _quoted(words) for kind, words in text.paragraphs]
    cells = ", ".join(f"[{_quoted(cell)}]" for row in text.rows for cell in row)
    source = (
        head + "\n\n".join(parts) + f"\n#set text(size: 9pt)\n#table(columns: {len(text.rows[0])}, {cells})\n"
    )
    path, numbers = Path(mkdtemp()) / "main.typ", count()

    def make() -> list[bytes]:
        # Another header each time: an unchanged document would come from the compiler's own memory.
        path.write_text(f"#set page(header: [{next(numbers)}])\n{source}", encoding="utf-8")
        options: Any = {"font_paths": [text.fonts], "ignore_system_fonts": True, "pdf_standards": ["a-3b"]}
        return [engine.compile(str(path), **options)]

    return make


def _quoted(words: str) -> str:
    return "#" + '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _docx(text: Text, path: Path) -> None:
    from docx import Document  # noqa: PLC0415  Each contender loads its own tools alone.

    made = Document()
    for kind, words in text.paragraphs:
        made.add_heading(words, 1) if kind == "h" else made.add_paragraph(words)
    table = made.add_table(rows=0, cols=len(text.rows[0]))
    for row in text.rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    made.save(str(path))


def office(text: Text, files: int = 1) -> Make:
    """Return a Word file of the same text that LibreOffice converts, some files per call."""
    folder = Path(mkdtemp())

    def make() -> list[bytes]:
        names = [folder / f"{n}.docx" for n in range(files)]
        for name in names:
            _docx(text, name)
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        subprocess.run([*command, "--outdir", folder, *names], check=True, capture_output=True)
        return [name.with_suffix(".pdf").read_bytes() for name in names]

    return make


CONTENDERS: dict[str, Callable[[Text], Make]] = {
    "ours": ours,
    "bare": bare,
    "bare, product's fonts": bare_same_fonts,
    "office": office,
    "office, 8 per call": lambda text: office(text, PER_CALL),
    "chromium": chromium,
    "typst": typst,
}


def spent() -> float:
    """Return the CPU seconds of this process, its ended children, and the living below it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(found.ru_utime + found.ru_stime for found in used) + _living()


def _living() -> float:
    """Return the CPU seconds of the living processes below this one."""
    parents: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks = int(fields[11]) + int(fields[12])
        parents[int(stat.parent.name)] = (int(fields[1]), ticks / os.sysconf("SC_CLK_TCK"))
    below = {os.getpid()}
    for _ in range(6):
        below |= {pid for pid, (parent, _) in parents.items() if parent in below}
    return sum(parents[pid][1] for pid in below - {os.getpid()} if pid in parents)


def main(name: str, path: str) -> None:
    """Answer requests until standard input ends."""
    text: Any = pickle.loads(Path(path).read_bytes())
    make = CONTENDERS[name](text)
    for _ in sys.stdin:
        before, start = spent(), time.monotonic()
        made = make()
        taken = (spent() - before) / len(made)
        pages = len(pypdfium2.PdfDocument(made[0]))
        print(f"{taken:.4f} {pages} {len(made[0])} {(time.monotonic() - start) / len(made):.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
