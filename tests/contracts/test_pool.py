"""Many documents on several processes: order, failures, time limits."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contracts.documents import build_job
from contracts.jobs import RenderFailure
from contracts.pdf import RenderedPdf, Renderer, RenderJob
from contracts.pool import RendererLost, RenderPool, RenderStopped, render_many
from tests.contracts.samples import view


def job(html: str) -> RenderJob:
    return RenderJob(html, "plain", "测试")


def test_results_come_in_order_and_equal_those_of_one_process(fonts: Path, renderer: Renderer) -> None:
    jobs = [
        job("<p>甲</p>"),
        job("<img src='file:///etc/passwd'>"),
        job("<p>王⌘</p>"),
        build_job("filing_form", view()),
        job("<p>乙</p>"),
    ]
    first, refused, missing, form, last = render_many(jobs, fonts=fonts)
    assert (first, form, last) == tuple(renderer.render_job(jobs[n]) for n in (0, 3, 4))
    assert isinstance(refused, RenderFailure)
    assert refused.reason.startswith("文书引用了外部资源 file:///etc/passwd")
    assert isinstance(missing, RenderFailure)
    assert "“⌘”（U+2318）没有可用字形" in missing.reason


def test_a_document_that_hangs_is_stopped_and_the_others_are_made(fonts: Path) -> None:
    hanging = "<div style='display:flex'>" * 13 + "x" + "</div>" * 13
    with RenderPool(fonts, processes=1, timeout=5.0) as pool:
        stopped, made = pool.render([job(hanging), job("<p>甲</p>")])
        again = pool.render([job("<p>乙</p>")])
    assert stopped == RenderFailure("文书生成超过 5 秒，已停止。请减少附件行数或分册后重试。")
    assert isinstance(made, RenderedPdf)
    assert isinstance(again[0], RenderedPdf)


def test_no_jobs_start_no_process(fonts: Path) -> None:
    assert render_many([], fonts=fonts) == ()


def test_a_document_that_grows_without_end_is_stopped_within_its_memory(fonts: Path) -> None:
    growing = "<table>" + "<tr><td colspan=65534>x</td></tr>" * 400 + "</table>"
    with RenderPool(fonts, processes=1, memory=500 * 1024**2) as pool:
        with pytest.raises(RenderStopped, match="上限"):
            pool.render_job(job(growing))
        assert pool.render_job(job("<p>甲</p>")).pages == 1


def test_threads_share_the_processes_and_rested_ones_end(fonts: Path) -> None:
    with RenderPool(fonts, processes=2) as pool, ThreadPoolExecutor(4) as threads:
        assert pool.memory_used() == ()
        made = list(threads.map(lambda n: pool.render_job(job(f"<p>{n}</p>")), range(8)))
        assert [result.pages for result in made] == [1] * 8
        used = pool.memory_used()
        assert 1 <= len(used) <= 2
        assert max(used) < 350 * 1024**2
        pool.rest(3600)
        assert len(pool.memory_used()) == len(used)
        pool.rest(0)
        assert pool.memory_used() == ()


def test_who_waits_for_a_person_goes_first(fonts: Path) -> None:
    order: list[str] = []

    def make(name: str, *, urgent: bool) -> None:
        pool.render_job(job(f"<p>{name}</p>"), urgent=urgent)
        order.append(name)

    with RenderPool(fonts, processes=1) as pool, ThreadPoolExecutor(6) as threads:
        first = threads.submit(make, "first", urgent=False)  # its process has to start; the others queue up
        bulk = [threads.submit(make, f"bulk{n}", urgent=False) for n in range(4)]
        person = threads.submit(make, "person", urgent=True)
        for future in (first, *bulk, person):
            future.result()
    assert order.index("person") <= 1


def test_processes_that_are_killed_cost_one_document_which_may_be_made_later(fonts: Path) -> None:
    hanging = "<div style='display:flex'>" * 13 + "x" + "</div>" * 13
    killed: set[int] = set()
    with RenderPool(fonts, processes=1, timeout=120.0) as pool, ThreadPoolExecutor(1) as thread:
        pool.render_job(job("<p>甲</p>"))
        lost = thread.submit(pool.render_job, job(hanging))
        while pool._hands.idle:
            pass
        while not lost.done():
            for worker in list(pool._hands.all):
                if worker.process.pid not in killed:
                    killed.add(worker.process.pid)
                    os.kill(worker.process.pid, signal.SIGKILL)
        with pytest.raises(RendererLost, match="文书生成进程意外终止"):
            lost.result()
        assert len(killed) == 3
        assert pool.render_job(job("<p>乙</p>")).pages == 1
        (after,) = [worker.process.pid for worker in pool._hands.all]
    assert after not in killed
