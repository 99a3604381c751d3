"""The rulebook on the desk: finding a rule, reading its versions, and choosing the packs of the institution."""

from pathlib import Path

import pytest

from cases.organizations import rule_layers_of
from cases.trail import verify
from desk.web import labels
from desk.web.rule_values import OWN_COLUMNS
from rules.pack_files import SECTIONS
from rules.packs import FOLDER
from tests.desk.conftest import Browser, Desk, visible

PAGE = "/admin/organization"


def test_rules_are_found_by_words_of_title_article_and_text(officer: Browser) -> None:
    page = officer.text("/rules?q=备案 生效 3个月")
    assert ("许可合同备案" in page, "质押" in page.split("筛选")[1]) == (True, False)
    assert "没有符合条件的规则" in officer.text("/rules?q=没有这样的规则")


def test_rules_are_narrowed_by_subject_confidence_and_pack(officer: Browser) -> None:
    timers = visible(officer.get("/rules?subject=timer").text).split("筛选")[1]
    assert ("T-01" in timers, "L-01" in timers) == (True, False)
    unverified = visible(officer.get("/rules?confidence=unverified&subject=timer").text).split("筛选")[1]
    assert ("T-02" in unverified, "T-01 " in unverified) == (True, False)
    house = visible(officer.get("/rules?layer=house").text).split("筛选")[1]
    assert ("PUB" in house, "T-01" in house) == (True, False)


def test_list_is_paged_and_keeps_its_filters(officer: Browser) -> None:
    assert 'href="/rules?confidence=verified&amp;page=2"' in officer.get("/rules?confidence=verified").text
    beyond = officer.get("/rules?confidence=verified&page=99")
    assert beyond.status_code == 303
    assert beyond.headers["location"].startswith("/rules?confidence=verified&page=")


def test_rule_shows_source_counting_and_calculator(officer: Browser) -> None:
    page = officer.get("/rules/T-01")
    text = visible(page.text)
    for told in ("专利法实施细则第15条第2款", "合同生效", "3个月", "已查阅原文", "独占许可"):
        assert told in text
    assert "/tools/deadlines?rule=T-01" in page.text


def test_unverified_rule_is_marked(officer: Browser) -> None:
    assert "原文尚未核对" in officer.text("/rules/T-02")
    assert "原文尚未核对" not in officer.text("/rules/T-01")


@pytest.mark.parametrize("path", ["/rules/X-99", "/rules/%3Cscript%3E", "/rules/..%2Fsecret"])
def test_unknown_rule_is_not_there(officer: Browser, path: str) -> None:
    answer = officer.get(path)
    assert (answer.status_code, "<script>alert" in answer.text) == (404, False)


def test_case_lists_the_rules_it_can_meet(desk: Desk, officer: Browser) -> None:
    page = officer.get(f"/cases/{desk.world.case()}?tab=rules").text
    assert ('href="/rules/T-01"' in page, "许可合同备案" in page) == (True, True)


def _layers(desk: Desk) -> tuple[str, ...]:
    with desk.world.db.read() as session:
        return rule_layers_of(session, desk.world.org_id)


@pytest.fixture
def own_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house pack of the installation, a copy of the shipped one under a title of its own."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    folder = tmp_path / "packs"
    folder.mkdir()
    text = (FOLDER / "house.toml").read_text(encoding="utf-8")
    path = folder / "canglan.toml"
    path.write_text(
        text.replace('name = "house"', 'name = "canglan"', 1).replace(
            "江澜大学转化规则（示例）", "沧澜理工大学规则"
        ),
        encoding="utf-8",
    )
    return path


def test_administrator_chooses_an_own_pack(desk: Desk, own_pack: Path) -> None:
    admin = desk.browser("administrator")
    assert "沧澜理工大学规则（本单位文件）" in admin.text(PAGE)
    answer = admin.post(f"{PAGE}/rule-packs", {"province": "none", "house": "canglan"})
    assert (answer.status_code, _layers(desk)) == (303, ("national", "canglan"))
    page = admin.text("/admin/organization?packs")
    assert "规则包已更换" in page
    assert "更换了规则包" in admin.text("/admin/audit")
    assert "national,house → national,canglan" in admin.text("/admin/audit")
    with desk.world.db.read() as session:
        assert verify(session, desk.world.org_id).breaks == ()


def test_faulty_pack_is_refused_with_file_and_reason(desk: Desk, own_pack: Path) -> None:
    own_pack.write_text(
        own_pack.read_text(encoding="utf-8").replace("publicity_days = 15", "publicity_days = 3")
    )
    answer = desk.browser("administrator").post(f"{PAGE}/rule-packs", {"house": "canglan"})
    said = visible(answer.text)
    assert (answer.status_code, "canglan.toml:" in said) == (422, True)
    assert _layers(desk) == ("national", "house")


def test_unreadable_pack_is_told_and_not_offered(desk: Desk, own_pack: Path) -> None:
    (own_pack.parent / "broken.toml").write_text("[pack\n", encoding="utf-8")
    page = desk.browser("administrator").get(PAGE).text
    assert "规则包broken.toml不是有效的TOML文件" in visible(page)
    assert 'value="broken"' not in page


@pytest.mark.parametrize("house", ["../house", "national", "没有", "", "canglan,house"])
def test_packs_that_make_no_rulebook_are_refused(desk: Desk, house: str) -> None:
    answer = desk.browser("administrator").post(f"{PAGE}/rule-packs", {"house": house})
    assert (answer.status_code, _layers(desk)) == (422, ("national", "house"))


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_others_see_the_packs_and_cannot_change_them(desk: Desk, role: str) -> None:
    browser = desk.browser(role)
    page = browser.get(PAGE).text
    assert ("适用的规则包" in page, "/admin/organization/rule-packs" in page) == (True, False)
    assert browser.post(f"{PAGE}/rule-packs", {"house": "house"}).status_code == 403


def test_same_packs_again_leave_no_trace(desk: Desk) -> None:
    admin = desk.browser("administrator")
    admin.post(f"{PAGE}/rule-packs", {"province": "none", "house": "house"})
    assert "更换了规则包" not in admin.text("/admin/audit")


def test_values_of_a_rule_are_told_in_words(desk: Desk, officer: Browser) -> None:
    text = officer.text("/rules/F-01")
    assert ("数值：年费" in text, "发明 7 9 2,000.00 元" in text) == (True, True)
    other = officer.text("/rules/RW-H1")  # of a pack that the institution has not chosen
    assert ("本单位没有选用" in other, "主要贡献人员 55%" in other) == (True, True)
    officer.post("/my/language", {"language": "en", "next": "/"})
    assert "Values: annual fees" in desk.browser().text("/rules/F-01")


def test_every_table_and_column_of_values_has_a_name() -> None:
    columns = {name for model in SECTIONS.values() for name in model.model_fields} - OWN_COLUMNS
    bare = {name.removesuffix("_zh").removesuffix("_en") for name in columns}
    assert (sorted(bare - set(labels.COLUMN)), sorted(set(SECTIONS) - set(labels.SECTION))) == ([], [])
