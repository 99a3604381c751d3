"""The papers of declaration and use: what they print, on which rules they rest, and what stops the filing package."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from cases.assessment_queries import AssessmentView
from cases.errors import Refused
from contracts.jobs import RenderedPdf, RenderJob
from contracts.pack import verify_pack
from contracts.pdf import Renderer
from contracts.use_papers import DeclarationSheet, Project, declaration_job
from desk.answers.use_papers import filing_pack
from rules.packs import load

BOOK = load()
TODAY = date(2026, 3, 2)
PLANNED = AssessmentView(
    7,
    "一种固态电解质膜及其制备方法",
    "invention",
    "材料学院",
    ("陈思远", "㛃䶮𬱖"),
    True,
    "key_program",
    "科技部",
    "2025YFB1",
    "固态电池",
    "未见相同技术方案",
    "两家企业有意向",
    "沧澜专利代理事务所",
    "priority",
    {"prospect": 85, "potential": 80, "value": 70, "upkeep": 60},
    ("周审言",),
    "pass",
    "同意申请",
    TODAY,
    None,
    "",
    None,
    "",
    "",
)


class Paper:
    """A renderer that keeps the job and makes a file of its text."""

    def __init__(self) -> None:
        self.jobs: list[RenderJob] = []

    def render_job(self, job: RenderJob) -> RenderedPdf:
        self.jobs.append(job)
        return RenderedPdf(job.title.encode(), 1, "")


def pack(found: AssessmentView) -> tuple[list[str], list[str]]:
    paper = Paper()
    data = filing_pack(found, "沧澜理工大学", BOOK, TODAY, paper, None)
    assert verify_pack(data).problems == ()
    return zipfile.ZipFile(io.BytesIO(data)).namelist()[2:], [job.html for job in paper.jobs]


def test_the_package_of_a_funded_application_holds_its_declaration() -> None:
    names, pages = pack(PLANNED)
    assert names == ["01-申请前评估意见表.pdf", "02-财政资助声明表.pdf"]
    for text in ("产业化前景（0至100分）", "<td>85</td>", "优先审查", "周审言", "（ST-05，待核实）"):
        assert text in pages[0]
    for text in ("国家重点研发计划重点专项", "2025YFB1", "国知发运字〔2024〕3号", "SQ-00007"):
        assert text in pages[1]


def test_an_application_that_nobody_funded_needs_no_declaration() -> None:
    assert pack(replace(PLANNED, funded=False))[0] == ["01-申请前评估意见表.pdf"]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (replace(PLANNED, funded=None), "funding_unsaid"),
        (replace(PLANNED, project_no=""), "project_incomplete"),
    ],
)
def test_without_a_declaration_there_is_no_package(found: AssessmentView, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pack(found)
    assert [one.code for one in refused.value.unmet] == [code]


def test_the_sheet_becomes_one_page(renderer: Renderer) -> None:
    project = Project(
        "国家自然科学基金", "隔膜机理", "52000001", "国家自然科学基金委员会", "", TODAY, "本单位", "回执.pdf"
    )
    rules = tuple(BOOK.rule(rule, TODAY) for rule in ("RP-05", "DC-02"))
    sheet = DeclarationSheet(
        "沧澜理工大学", "202010100001.9", "一种隔膜", "发明", ("㛃䶮𬱖",), TODAY, (project,), rules, TODAY
    )
    made = renderer.render_job(declaration_job(sheet))
    assert (made.pages, made.data[:5]) == (1, b"%PDF-")
