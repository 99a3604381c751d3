"""How fast contracts become PDF, against what else makes them, and where the time goes.

Run: python -m bench.pdf [ROUNDS]

Each contender has a process of its own that stays warm; they take turns within a round, so that a noisy machine is
noisy for all. "bare" is `HTML(string=…).write_pdf()` on the same HTML and styles, with the fonts of the machine (named
below) or the product's. The others make the same text by their own means and do less: no list of contents with page
numbers (Chromium), no archive (Chromium, LibreOffice), no tags of tables, no attachment.
"""

import cProfile
import pickle
import pstats
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.pdf_contenders import CONTENDERS, Text
from contracts.articles import articles
from contracts.documents import build_html, build_job
from contracts.patent_rows import patent_rows
from contracts.pdf import STYLES, RenderedPdf, Renderer, RenderJob
from contracts.pool import RenderPool
from contracts.view import CaseView
from tests.contracts.every_mode import sample
from tests.contracts.samples import PATENTS, view

PROCESSES = 2
PATENT_COUNT = 50
LONG = "许可人与被许可人签订专利实施许可合同" * 500
HOLDERS = {
    "table cell": "<table style='table-layout:auto'><tr><td>{}</td></tr></table>",
    "float": "<div style='float:left'>{}</div>",
    "inline block": "<div style='display:inline-block'>{}</div>",
    "flex item": "<div style='display:flex'><div>{}</div></div>",
    "grid item": "<div style='display:grid'><div>{}</div></div>",
}
# Where a function's file lies, and what its time counts as; the first that fits.
SHARES = (
    ("text/", "text shaping"), ("_cffi", "text shaping"), ("pdf/fonts", "fonts"), ("fontTools", "fonts"),
    ("draw/", "drawing"), ("stacking", "drawing"), ("pdf/", "drawing"), ("css", "cascade"), ("tinycss", "cascade"),
    ("layout/", "layout"), ("formatting_structure/", "layout"), ("document", "layout"), ("anchors", "layout"),
    ("pydyf", "writing"), ("zlib", "writing"), ("pikepdf", "merging the annex"), ("annex", "merging the annex"),
    ("typst", "setting the annex"), ("typesetting/tags", "tags"), ("typesetting", "layout"), ("xml", "parsing"),
)  # fmt: skip


def contract() -> CaseView:
    """Return the contract that is measured: a transfer of fifty patents."""
    patents = tuple(
        replace(PATENTS[n % 2], title=f"{PATENTS[n % 2].title}（{n + 1}）") for n in range(PATENT_COUNT)
    )
    return replace(sample("transfer"), patents=patents)


def prepared(case: CaseView, fonts: Path) -> Text:
    """Return the contract as each contender takes it."""
    job = build_job("contract", case)
    style = "\n".join(
        (STYLES / f"{name}.css").read_text(encoding="utf-8") for name in job.css_name.split("+")
    )
    html = build_html("contract", case).replace("</head>", f"<style>{style}</style></head>", 1)
    paragraphs = []
    for article in articles(case):
        paragraphs.append(("h", f"{article.number}　{article.title}"))
        for paragraph in article.paragraphs:
            paragraphs.append(("p", f"{paragraph.number} {paragraph.text}".strip()))
            paragraphs += [("p", f"{item.number}{item.text}") for item in paragraph.items]
    columns = (
        "n",
        "patent_no",
        "title",
        "kind",
        "owners",
        "inventors",
        "filing_date",
        "grant_date",
        "term_end",
    )
    rows = tuple(tuple(str(row[name]) for name in columns) for row in patent_rows(case))
    return Text(job, html, job.title, tuple(paragraphs), rows, str(fonts))


def race(text: Text, rounds: int) -> None:
    """Let the contenders take turns and print the medians."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        path.write_bytes(pickle.dumps(text))
        running = {name: _start(name, path) for name in CONTENDERS}
        found: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for turn in range(rounds + 1):
            for name, process in list(running.items()):
                answer = _ask(process)
                if answer is None:
                    print(f"  {name:24} not measured: {_why(running.pop(name))}")
                elif turn:
                    found[name].append(answer)
        for process in running.values():
            process.communicate()
    medians = {
        name: [statistics.median(values) for values in zip(*taken, strict=True)]
        for name, taken in found.items()
    }
    for name, (seconds, pages, size, wall) in medians.items():
        ratio = seconds / medians["bare"][0]
        print(
            f"  {name:24}{seconds:7.3f} s  {ratio:5.2f} of bare  {wall:6.2f} s wall  {pages:3.0f} pages {size / 1024:5.0f} KB"
        )


def _start(name: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.pdf_contenders", name, str(path)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _ask(process: subprocess.Popen[str]) -> tuple[float, ...] | None:
    if process.stdin is None or process.stdout is None or process.poll() is not None:
        return None
    try:
        process.stdin.write("\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    line = process.stdout.readline()
    return tuple(map(float, line.split())) if line else None


def _why(process: subprocess.Popen[str]) -> str:
    _, said = process.communicate()
    return next((line for line in said.splitlines() if "Error" in line), "no answer")[:100]


def shares(renderer: Renderer, job: RenderJob) -> None:
    """Print what a rendering's time is made of."""
    profile = cProfile.Profile()
    profile.enable()
    renderer.render_job(job)
    profile.disable()
    spent: dict[str, float] = defaultdict(float)
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        place = f"{file}:{function}"
        spent[next((share for mark, share in SHARES if mark in place), "Python's own")] += own
    total = sum(spent.values())
    for share, own in sorted(spent.items(), key=lambda found: -found[1]):
        print(f"  {share:24}{own / total:6.0%}")


def timed(action: Callable[[], object]) -> float:
    """Return the CPU seconds of an action."""
    start = time.process_time()
    action()
    return time.process_time() - start


def pool(fonts: Path, count: int) -> None:
    """Print how many different contracts a warm pool makes in a minute, and what memory it takes."""
    jobs = [build_job("contract", replace(view(), contract_no=f"JZUT-ZL-2026-{n:03d}")) for n in range(count)]
    with RenderPool(fonts, processes=PROCESSES, timeout=120.0) as workers:
        workers.render(jobs[:PROCESSES])
        start = time.monotonic()
        results = workers.render(jobs)
        taken = time.monotonic() - start
        memory = max(workers.memory_used(), default=0) / 1024**2
    failed = [result for result in results if not isinstance(result, RenderedPdf)]
    if failed:
        raise SystemExit(f"{len(failed)} contracts failed: {failed[0]}")
    print(
        f"{PROCESSES} processes: {60 * count / taken:.0f} contracts a minute, {memory:.0f} MB in the largest process"
    )


def main(rounds: int) -> None:
    """Print all measurements."""
    named = subprocess.run(
        ["fc-match", "serif:lang=zh-cn", "family", "file"], capture_output=True, text=True, check=False
    )
    print(f"font of the machine: {named.stdout.strip()}")
    renderer = Renderer()
    text = prepared(contract(), renderer.fonts)
    print(f"contract with {PATENT_COUNT} patents, median CPU seconds of {rounds} rounds")
    race(text, rounds)
    renderer.render_job(text.job)
    print("what our time is made of (profiled, which weighs Python heavier)")
    shares(renderer, text.job)
    print("8,000 Chinese characters whose width decides")
    for name, holder in HOLDERS.items():
        page = RenderJob(holder.format(LONG[:8000]), "plain", name)
        print(f"  {name:24}{timed(partial(renderer.render_job, page)):7.3f} s")
    pool(renderer.fonts, 8 * rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
