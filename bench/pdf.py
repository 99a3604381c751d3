"""How fast contracts become PDF: the warm renderer against bare WeasyPrint, and two processes.

Run: python -m bench.pdf [ROUNDS]

The comparison runs interleaved in one process on the same HTML and styles. Bare WeasyPrint parses the styles,
reads the fonts and measures as released, with the interpreter's own garbage collection: once with the fonts of
the machine, as it comes, and once with the product's fonts, so that only the renderer differs.
"""

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import weasyprint
from weasyprint.layout import preferred

from contracts import mincontent
from contracts.documents import build_job
from contracts.pdf import STYLES, RenderedPdf, Renderer, RenderJob, tune_collector
from contracts.pool import RenderPool
from tests.contracts.samples import PATENTS, view

PROCESSES = 2
_RELEASE_THRESHOLD = (700, 10, 10)


def main(rounds: int) -> None:
    """Print both measurements."""
    renderer = Renderer()
    job = build_job("contract", view(patents=PATENTS[:1]))
    renderer.render_job(job)
    ours, machine, same = compare(renderer, job, rounds)
    pages = renderer.render_job(job).pages
    print(f"contract of {pages} pages, {rounds} rounds, median CPU seconds")
    print(f"  contracts.pdf                          {ours:.3f}")
    print(f"  bare weasyprint, fonts of the machine  {machine:.3f}  {machine / ours:.2f} times ours")
    print(f"  bare weasyprint, fonts of the product  {same:.3f}  {same / ours:.2f} times ours")
    long = long_cell()
    print(f"one table cell of 4,000 Chinese characters, widths by content: {cost(renderer, long):.3f} s")
    count = 8 * rounds
    print(
        f"{PROCESSES} processes: {per_minute(renderer.fonts, count):.0f} contracts a minute ({count} different ones)"
    )


def compare(renderer: Renderer, job: RenderJob, rounds: int) -> tuple[float, float, float]:
    """Return median CPU seconds, interleaved: the renderer, bare with the machine's and the product's fonts."""
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    render_bare(job)
    for _ in range(rounds):
        tune_collector()
        taken[0].append(timed(lambda: renderer.render_job(job)))
        gc.unfreeze()
        gc.set_threshold(*_RELEASE_THRESHOLD)
        mincontent.revert(preferred)
        taken[1].append(timed(lambda: render_bare(job)))
        os.environ["FONTCONFIG_FILE"] = str(renderer.fonts / "fonts.conf")
        taken[2].append(timed(lambda: render_bare(job)))
        del os.environ["FONTCONFIG_FILE"]
        mincontent.apply(weasyprint.__version__, preferred)
    ours, machine, same = map(statistics.median, taken)
    return ours, machine, same


def render_bare(job: RenderJob) -> bytes:
    """Render as anybody would: `HTML(string=…).write_pdf()`, the styles in the page."""
    style = "\n".join(
        (STYLES / f"{name}.css").read_text(encoding="utf-8") for name in job.css_name.split("+")
    )
    html = job.html.replace("</head>", f"<style>{style}</style></head>", 1)
    data: bytes = weasyprint.HTML(string=html).write_pdf()
    return data


def timed(action: Callable[[], object]) -> float:
    """Return the CPU seconds of an action."""
    start = time.process_time()
    action()
    return time.process_time() - start


def long_cell() -> RenderJob:
    """Return a page that the release lays out in quadratic time."""
    text = "许可人与被许可人签订专利实施许可合同" * 223
    return RenderJob(
        f"<table style='table-layout:auto'><tr><td>{text[:4000]}</td></tr></table>", "plain", "长单元格"
    )


def cost(renderer: Renderer, job: RenderJob) -> float:
    """Return the CPU seconds of one job."""
    return timed(lambda: renderer.render_job(job))


def per_minute(fonts: Path, count: int) -> float:
    """Return how many different contracts a warm pool makes in a minute of wall time."""
    jobs = [build_job("contract", replace(view(), contract_no=f"JZUT-ZL-2026-{n:03d}")) for n in range(count)]
    with RenderPool(fonts, processes=PROCESSES, timeout=120.0) as pool:
        pool.render(jobs[:PROCESSES])
        start = time.monotonic()
        results = pool.render(jobs)
        taken = time.monotonic() - start
    failed = [result for result in results if not isinstance(result, RenderedPdf)]
    if failed:
        raise SystemExit(f"{len(failed)} contracts failed: {failed[0]}")
    return 60 * count / taken


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
