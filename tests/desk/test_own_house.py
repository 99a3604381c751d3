"""The institution's page and one's own tokens: who may change them, and what a mistake keeps."""

import re

import pytest

from cases.organizations import organization_of, save_organization
from cases.people import make_api_token, person_of_api_token
from tests.desk.conftest import Desk, visible
from tests.world import NOW

PAGE = "/admin/organization"
WHOLE = {
    "name": "沧澜理工大学", "uscc": "12100000400000624D", "address": "沧澜市学府路2号", "legal_representative": "江景行",
    "contact": "林知远", "phone": "010-1234", "email": "tto@example.invalid", "bank": "沧澜银行", "account": "62280001",
}  # fmt: skip


def _stored(desk: Desk) -> dict[str, str]:
    with desk.world.db.read() as session:
        found = organization_of(session, desk.world.org_id)
    return {name: getattr(found, name) for name in WHOLE}


def _shown(html: str) -> dict[str, str]:
    return {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', html) if name in WHOLE}


def test_administrator_changes_the_institution(desk: Desk) -> None:
    admin = desk.browser("administrator")
    answer = admin.post(PAGE, WHOLE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?saved")
    assert _stored(desk) == WHOLE
    page = admin.get(f"{PAGE}?saved").text
    assert _shown(page) == WHOLE
    assert ("机构信息已保存" in page, "尚未填写" in page) == (True, False)
    audit = admin.text("/admin/audit")
    assert ("修改了机构信息" in audit, "沧澜市学府路1号 → 沧澜市学府路2号" in audit) == (True, True)


def test_mistake_keeps_what_was_typed(desk: Desk) -> None:
    before = _stored(desk)
    typed = {**WHOLE, "name": "某", "uscc": "12100000400000624X", "email": "no address"}
    answer = desk.browser("administrator").post(PAGE, typed)
    assert (answer.status_code, _shown(answer.text)) == (422, typed)
    said = visible(answer.text)
    reasons = (
        "机构名称须为2至200个字，按法人证书填写",
        "电子邮箱格式不正确",
        "机构信息有误，请改正后重新提交",
    )
    assert [reason in said for reason in reasons] == [True] * 3
    assert _stored(desk) == before


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_others_read_the_institution(desk: Desk, role: str) -> None:
    browser = desk.browser(role)
    page = browser.get(PAGE).text
    assert ("沧澜市学府路1号" in page, f'action="{PAGE}"' in page) == (True, False)
    before = _stored(desk)
    assert browser.post(PAGE, WHOLE).status_code == 403
    assert _stored(desk) == before


def test_empty_fields_that_contracts_print_are_named(desk: Desk) -> None:
    admin = desk.world.person("administrator")
    assert "以下信息尚未填写：法定代表人" in desk.browser("officer").text(PAGE)
    save_organization(desk.world.db, admin, {"uscc": "", "address": ""}, NOW)
    assert "以下信息尚未填写：统一社会信用代码、住所、法定代表人" in desk.browser("officer").text(PAGE)
    desk.browser("administrator").post("/my/language", {"language": "en", "next": "/"})
    assert "Not filled in yet: Company code (USCC), " in desk.browser("administrator").text(PAGE)


def test_own_token_is_revoked_on_the_settings_page(desk: Desk) -> None:
    token = make_api_token(desk.world.db, desk.world.person("officer"), "夜间导入", now=NOW)
    officer = desk.browser()
    (path,) = re.findall(r'action="(/my/tokens/\d+/revoke)"', officer.get("/my").text)
    assert desk.browser("finance").post(path).status_code == 404
    assert officer.post(path).headers["location"] == "/my#tokens"
    page = officer.get("/my").text
    assert ("已停用" in page, path in page) == (True, False)
    with desk.world.db.read() as session:
        assert person_of_api_token(session, token) is None
