"""The pages of declaration and use: lists, forms that keep what was typed, papers, and who may do what."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cases.night_use import bring_up_institution
from tests.cases.test_assessments import FILED, PASSED, PLANNED, PROJECT
from tests.cases.test_products import FILING, PRODUCT
from tests.cases.test_use import PROJECT as FUNDED
from tests.cases.test_use import UNUSED
from tests.cases.uploads import picture
from tests.desk.conftest import Browser, Desk, visible

LATE = datetime(2028, 1, 10, 2, tzinfo=UTC)
PAGES = ("/use", "/use/assessments", "/use/products", "/use/outcomes")


@pytest.mark.parametrize("path", PAGES)
def test_empty_pages_say_so(desk: Desk, path: str) -> None:
    assert "没有" in desk.browser("readonly").text(path)


def test_an_exposed_patent_is_declared_and_its_reason_recorded(desk: Desk) -> None:
    officer, patent = desk.browser(), f"/use/patents/{desk.world.patent_ids[0]}"
    answer = officer.post(f"{patent}/funding", {**FUNDED, "project_no": ""})
    assert answer.status_code == 422
    assert "隔膜涂覆机理研究" in answer.text  # what was typed is kept
    assert "财政资助的专利须填写" in visible(answer.text)
    assert officer.post(f"{patent}/funding", FUNDED).status_code == 303
    assert "尚未声明" in officer.text(patent)
    desk.clock.now = LATE
    bring_up_institution(desk.world.db, desk.world.org_id, LATE, LATE.date())
    officer = desk.browser()
    assert "有介入风险" in officer.text("/use?view=exposed")
    answer = officer.post(f"{patent}/statement", {**UNUSED, "year": "2027", "reason": "", "review_on": ""})
    assert (answer.status_code, "没有实施的，请选择理由" in visible(answer.text)) == (422, True)
    told = {**UNUSED, "year": "2027", "review_on": "2028-12-31"}
    assert officer.post(f"{patent}/statement", told).status_code == 303
    assert "有介入风险" not in officer.text("/use?view=exposed")
    assert "正在验证、中试或熟化" in officer.text("/use?view=all")
    assert "In validation or scale-up" in _english(desk).text("/use?view=all")


def _english(desk: Desk) -> Browser:
    officer = desk.browser()
    officer.post("/my/language", {"language": "en", "next": "/"})
    return officer


def test_evidence_is_handed_out_and_a_declaration_taken_back(desk: Desk) -> None:
    officer, patent = desk.browser(), f"/use/patents/{desk.world.patent_ids[0]}"
    assert officer.get(f"{patent}/declaration.pdf").status_code == 404
    officer.post(f"{patent}/funding", {**FUNDED, "declared_on": "2026-03-01"})
    answer = officer.send(
        "POST",
        "/use/fundings/1/evidence",
        data={"csrf": officer.csrf},
        files={"file": ("回执.png", picture(), "image/png")},
    )
    assert answer.status_code == 303
    assert officer.get("/use/fundings/1/evidence").content == picture()
    assert officer.post("/use/fundings/1/remove").status_code == 303
    assert "还没有说明是否由财政资助形成" in officer.text(patent)


def test_a_planned_application_goes_its_way(desk: Desk) -> None:
    officer = desk.browser()
    answer = officer.post("/use/assessments/new", {**PLANNED, **PROJECT, "project_no": "", "title": ""})
    assert (answer.status_code, "固态电池" in answer.text) == (422, True)
    assert officer.post("/use/assessments/new", {**PLANNED, **PROJECT, "project_no": ""}).status_code == 303
    refused = officer.get("/use/assessments/1/pack")
    assert (refused.status_code, "财政资助声明缺少项目编号" in visible(refused.text)) == (409, True)
    stopped = officer.post("/use/assessments/1/file", FILED)
    assert (stopped.status_code, "尚未进行申请前评估" in visible(stopped.text)) == (409, True)
    assert officer.post("/use/assessments/1/edit", {**PLANNED, **PROJECT}).status_code == 303
    assert desk.browser("approver").post("/use/assessments/1/assess", PASSED).status_code == 303
    assert officer.post("/use/assessments/1/file", {**FILED, "declared_on": "2026-03-02"}).status_code == 303
    page = officer.text("/use/assessments?view=filed")
    assert ("一种固态电解质膜及其制备方法" in page, "100.0%" in page) == (True, True)


def test_only_a_head_lets_an_application_pass(desk: Desk) -> None:
    officer = desk.browser()
    officer.post("/use/assessments/new", PLANNED)
    reason = {"override_reason": "先行提交以防公开"}
    assert officer.post("/use/assessments/1/override", reason).status_code == 403
    assert desk.browser("approver").post("/use/assessments/1/override", reason).status_code == 303
    assert "先行提交以防公开" not in officer.text("/use/assessments?view=open")
    assert officer.post("/use/assessments/1/file", FILED).status_code == 303


def test_a_product_is_registered_prompted_filed_and_withdrawn(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 7, 1, 2, tzinfo=UTC)
    officer = desk.browser()
    assert officer.post("/use/products/new", {**PRODUCT, "patents": "不是号码"}).status_code == 422
    assert officer.post("/use/products/new", PRODUCT).status_code == 303
    assert "尚未提示企业办理备案" in officer.text("/use/products/1")
    prompt = {"prompted_on": "2026-07-01", "prompt_note": "函告"}
    assert officer.post("/use/products/1/prompt", prompt).status_code == 303
    assert officer.post("/use/products/1/file", FILING).status_code == 303
    assert "ZLCP2026-001" in officer.text("/use/products?view=filed")
    assert officer.post("/use/products/1/edit", {**PRODUCT, "models": "GM-20"}).status_code == 303
    assert "GM-20" in officer.text("/use/products/1")
    gone: dict[str, Any] = {"withdrawn_on": "2026-07-01", "prompt_note": "退市"}
    assert officer.post("/use/products/1/withdraw", gone).status_code == 303
    assert officer.post("/use/products/1/file", FILING).status_code == 409


def test_outcomes_of_companies_are_kept(desk: Desk) -> None:
    officer = desk.browser()
    told = {
        "company": str(desk.world.company_id), "year": "2025", "industrialized": "yes", "output_fen": "1200万",
        "outcomes": ["little_giant"],
    }  # fmt: skip
    assert officer.post("/use/outcomes", {**told, "year": "2030"}).status_code == 422
    assert officer.post("/use/outcomes", told).status_code == 303
    assert "成为“小巨人”企业" in officer.text("/use/outcomes")


def test_cases_fill_the_year_by_a_click(desk: Desk) -> None:
    officer = desk.browser()
    answer = officer.post("/use/fill", {"year": "2025"})
    assert answer.headers["location"] == "/use?view=used&filled=0"
    assert officer.post("/use/refresh").headers["location"] == "/use?done"
    assert desk.browser("finance").post("/use/fill", {"year": "2025"}).status_code == 403
