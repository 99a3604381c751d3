"""Many documents on several processes: order, failures, time limits."""

from pathlib import Path

from contracts.documents import build_job
from contracts.pdf import RenderedPdf, Renderer, RenderJob
from contracts.pool import RenderFailure, RenderPool, render_many
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
