"""Checklists and comparison on the desk: every paper with its reason, every field with its sources."""

from cases.tables import Patent
from tests.desk.conftest import Browser, Desk
from tests.world import World


def test_page_lists_papers_with_reasons_and_every_field_compared(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    page = officer.text(f"/cases/{case_id}/official")
    assert "专利实施许可合同备案" in page and "技术合同认定登记" in page and "许可合同备案注销" in page
    assert "专利实施许可合同备案办法第8条 L-05" in page
    assert "共有人同意书" in page and "专利没有其他共有人" in page
    assert "还缺： 合同编号" in page or "还缺：合同编号" in page or "合同编号、合同生效日期" in page
    assert "项全部一致，可以打包" in page
    assert "被许可人统一社会信用代码（备案申请表）" in page


def test_patent_that_the_record_has_changed_stops_the_pack(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    with desk.world.db.write() as session:
        patent = session.get(Patent, desk.world.patent_ids[0])
        assert patent is not None
        patent.owners = '["别的单位"]'
    page = officer.text(f"/cases/{case_id}/official")
    assert "项不一致，不能打包" in page
    assert "核对专利登记簿" in page or "在“企业”或者“单位信息”中更正" in page


def test_case_without_terms_says_what_is_missing(desk: Desk, officer: Browser) -> None:
    page = officer.text(f"/cases/{desk.world.case()}/official")
    assert "还不能列出材料" in page and "商务条款尚未填写完整" in page


def test_page_of_another_institution_is_not_found(desk: Desk, strangers: World) -> None:
    case_id = desk.case_with_terms()
    assert desk.browser(world=strangers).get(f"/cases/{case_id}/official").status_code == 404


def test_what_a_form_still_lacks_stands_beside_it_before_it_is_made(desk: Desk, officer: Browser) -> None:
    case_id = desk.case_with_terms()
    page = officer.text(f"/cases/{case_id}?tab=documents")
    assert "还缺：" in page and "合同生效日期" in page
    assert "英文名称" in page and "英文对照：“" in page
    assert "还缺：" in officer.text(f"/cases/{case_id}/documents")
    bare = desk.world.case(title="没有条款")
    assert "还缺：" not in officer.text(f"/cases/{bare}?tab=documents")
