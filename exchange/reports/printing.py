"""A report on paper: the same frozen content as its workbook, as a tagged PDF with charts.

The paper is made of the content alone and bears its hash: the same version gives the same bytes at any time.
"""

from functools import lru_cache

from jinja2 import Environment

from cases.periods import KINDS
from cases.report_content import Content, headed, shown_cell
from cases.reports import ReportView
from contracts.jobs import Particulars, RenderJob
from exchange.reports.chapters import MOST_ROWS, chapters
from templates import environment

VERIFIED = ("", "V", "V*")


def paper_of(view: ReportView, content: Content, institution: str) -> RenderJob:
    """Return the job that prints a version of a report."""
    title = KINDS[view.kind][0]
    html = (
        _environment()
        .get_template("reports/paper.html")
        .render(
            title=title, institution=institution, view=view, content=content, chapters=chapters(view.kind, content),
            most=MOST_ROWS, verified=VERIFIED,
        )
    )  # fmt: skip
    told = Particulars(number=view.content_hash[:16], author=institution)
    return RenderJob(html, "report", f"{institution}{title}{view.period_zh}", particulars=told)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment(cell=shown_cell, headed=lambda thing: headed(thing)[0])
