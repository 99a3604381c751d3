"""What a long list of patents costs: the product's two engines against WeasyPrint alone, in one process.

Run: python -m bench.annex [ROUNDS [ROWS …]]

Both make the same contract, tagged PDF/A-3a with its data attached; only who sets the list differs. CPU seconds are
medians, taken in turns, of everything from the job to the bytes.
"""

import statistics
import sys
from dataclasses import replace

from bench.pdf import timed
from contracts.annex.table import LONG_FROM
from contracts.documents import build_html, build_job
from contracts.pdf import Renderer, RenderJob
from contracts.view import PatentItem
from tests.contracts.samples import PATENTS, view

ROWS = (50, 500, 2000)
GOAL_SECONDS, GOAL_RATIO = 1.5, 12.0


def main(rounds: int, sizes: tuple[int, ...]) -> None:
    """Print the cost by number of patents, and the ratios."""
    renderer = Renderer()
    renderer.render_job(jobs(max(sizes[0], LONG_FROM))[0])
    found = {}
    print(f"contract with its list of patents, {rounds} rounds, median CPU seconds")
    for rows in sizes:
        ours, alone, pages, size = compare(renderer, rows, rounds if rows <= sizes[0] * 10 else 1)
        found[rows] = ours
        print(
            f"  {rows:5} patents  {pages:3} pages  {size // 1024:5} KB  ours {ours:6.2f}  WeasyPrint alone {alone:6.2f}"
            f"  {alone / ours:5.2f} times ours"
        )
    for rows in sizes[1:]:
        print(f"  {rows} patents cost {found[rows] / found[sizes[0]]:.2f} times {sizes[0]}")
    if 500 in found and 50 in found:
        held = found[500] <= GOAL_SECONDS and found[500] / found[50] <= GOAL_RATIO
        print(f"  goal for 500: {GOAL_SECONDS} s and {GOAL_RATIO:g} times 50: {'held' if held else 'missed'}")


def compare(renderer: Renderer, rows: int, rounds: int) -> tuple[float, float, int, int]:
    """Return median CPU seconds of ours and of WeasyPrint alone, the pages and the size of ours."""
    ours, alone = jobs(rows)
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        taken[0].append(timed(lambda: renderer.render_job(ours)))
        taken[1].append(timed(lambda: renderer.render_job(alone)))
    made = renderer.render_job(ours)
    return statistics.median(taken[0]), statistics.median(taken[1]), made.pages, len(made.data)


def jobs(rows: int) -> tuple[RenderJob, RenderJob]:
    """Return the contract as the product makes it, and all by one engine."""
    seen = view(patents=patents(rows), draft=False)
    ours = build_job("contract", seen)
    return ours, replace(ours, html=build_html("contract", seen), tables=())


def patents(rows: int) -> tuple[PatentItem, ...]:
    """Return as many different patents."""
    return tuple(
        replace(PATENTS[n % len(PATENTS)], title=f"{PATENTS[n % len(PATENTS)].title}（{n + 1}）")
        for n in range(rows)
    )


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(numbers[0] if numbers else 3, tuple(numbers[1:]) or ROWS)
