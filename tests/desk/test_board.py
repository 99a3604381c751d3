"""The board by stage, who holds what in the lists, and one step for several cases."""

import re
from datetime import timedelta
from typing import Any

from tests.desk.conftest import Browser, Desk, visible
from tests.modes.acting import act
from tests.modes.story import walk_to
from tests.world import NOW, World


def columns(browser: Browser, address: str = "/board") -> dict[str, list[str]]:
    """The numbers of the cases in each column."""
    page = browser.get(address).text
    parts = re.split(r'id="column-(\w+)"', page)[1:]
    return {
        stage: re.findall(r"ZH\d+-\d+", text) for stage, text in zip(parts[::2], parts[1::2], strict=True)
    }


def test_cases_stand_in_the_column_of_their_stage(desk: Desk) -> None:
    cases = [desk.world.case() for _ in range(4)]
    walk_to(desk.world, cases[1], "start_drafting")
    walk_to(desk.world, cases[2], "take_effect")
    act(desk.world, cases[3], "withdraw", 0, reason="企业放弃")
    assert columns(desk.browser()) == {
        "preparation": ["ZH2026-00001"],
        "contract": ["ZH2026-00002"],
        "performance": ["ZH2026-00003"],
        "end": ["ZH2026-00004"],
    }


def test_card_tells_who_holds_it_and_what_is_due(desk: Desk) -> None:
    walk_to(desk.world, desk.world.case(), "submit_approval")
    walk_to(desk.world, desk.world.case(), "post_publicity")
    page = desk.browser("readonly").text("/board")
    assert re.search(r"启衡新材料股份有限公司 审批人（[^）]+） 今天起", page)
    assert re.search(r"启衡新材料股份有限公司 等待期限届满 今天起 公示期满 剩\d+天", page)


def test_ended_case_tells_how(desk: Desk) -> None:
    act(desk.world, desk.world.case(), "withdraw", 0, reason="企业放弃")
    assert "启衡新材料股份有限公司 已撤回 2026-03-02" in desk.browser().text("/board")


def test_a_full_column_says_how_many_more(desk: Desk) -> None:
    for _ in range(32):
        desk.world.case()
    page = desk.browser().get("/board?mode=exclusive_license").text
    assert "还有2件，到列表查看" in page
    assert 'href="/cases?stage=preparation&amp;mode=exclusive_license"' in page


def test_board_is_filtered_by_mode_and_officer(desk: Desk) -> None:
    desk.world.case()
    officer, reader = desk.world.person("officer").id, desk.world.person("readonly").id
    assert columns(desk.browser(), f"/board?officer={officer}")["preparation"] == ["ZH2026-00001"]
    assert columns(desk.browser(), f"/board?officer={reader}")["preparation"] == []


def test_list_tells_who_holds_each_case(desk: Desk) -> None:
    walk_to(desk.world, desk.world.case(), "submit_approval")
    act(desk.world, desk.world.case(), "withdraw", 0, reason="企业放弃")
    page = desk.browser("readonly").text("/cases")
    assert re.search(r"审批人（[^）]+） 今天起", page)
    assert "已结案" in page
    assert "批量办理" not in page


def bulk(browser: Browser, *cases: int, **more: Any) -> str:
    """Post the chosen cases and return the visible page."""
    form = {
        "event": "submit_approval",
        "cases": [str(id_) for id_ in cases],
        "back": "/cases?stage=preparation",
    }
    answer = browser.post("/cases/bulk", {**form, **more})
    assert answer.status_code == 200
    return visible(answer.text)


def test_bulk_looks_first_and_writes_nothing(desk: Desk) -> None:
    ready, early = desk.world.case(title="甲案"), desk.world.case(title="乙案")
    walk_to(desk.world, ready, "close_publicity")
    page = bulk(desk.browser(), ready, early)
    assert re.search(r"可以办理 1件 甲案 ZH2026-00001", page)
    assert re.search(r"现在不能办理，将略过 1件 乙案 ZH2026-00002 尚未完成公示期满", page)
    assert "报批说明" in page
    assert "等我办理 1 " not in desk.browser("approver").text("/inbox")


def test_bulk_gives_a_result_for_every_case(desk: Desk) -> None:
    ready, early = desk.world.case(title="甲案"), desk.world.case(title="乙案")
    walk_to(desk.world, ready, "close_publicity")
    page = bulk(desk.browser(), ready, early, 999, do="take", note="一并提请", action_key="k")
    assert re.search(
        r"办理1件 未办理2件 甲案 ZH2026-00001 已办理 乙案 ZH2026-00002 条件不满足 尚未完成公示期满", page
    )
    assert re.search(r"未找到的案件 未办理 没有找到该案件", page)
    assert "一并提请" in desk.browser().text(f"/cases/{ready}?tab=timeline")
    again = bulk(desk.browser(), ready, do="take", action_key="k")
    assert "未办理1件" in again


def test_bulk_on_a_case_changed_meanwhile_names_who_changed_what(desk: Desk) -> None:
    ready = desk.world.case()
    walk_to(desk.world, ready, "close_publicity")
    page = bulk(desk.browser(), ready, do="take", **{f"version.{ready}": "1"})
    assert "林知远刚刚确认公示期满" in page


def test_bulk_asks_for_the_note_that_a_step_needs(desk: Desk) -> None:
    case_id = desk.world.case()
    walk_to(desk.world, case_id, "finalize_contract")
    form = {"event": "return_to_drafting", "cases": [str(case_id)], "do": "take", "reason": ""}
    answer = desk.browser().post("/cases/bulk", form)
    assert (answer.status_code, "请填写，至少2个字" in answer.text) == (422, True)


def test_bulk_takes_harmless_steps_only(desk: Desk) -> None:
    case_id = desk.world.case()
    for event in ("withdraw", "sign", "approve", "fly"):
        answer = desk.browser().post("/cases/bulk", {"event": event, "cases": [str(case_id)], "do": "take"})
        assert answer.status_code == 403


def test_bulk_without_a_choice_goes_back(desk: Desk) -> None:
    answer = desk.browser().post("/cases/bulk", {"event": "submit_approval", "back": "/cases?q=x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?q=x")


def test_bulk_reaches_no_strangers_case(desk: Desk, strangers: World) -> None:
    ready = desk.world.case(title="甲案")
    walk_to(desk.world, ready, "close_publicity")
    desk.clock.now = NOW.replace(month=4)
    page = bulk(desk.browser(world=strangers), ready, do="take")
    assert ("甲案" in page, "没有找到该案件" in page) == (False, True)
    assert "等我办理 1" in desk.browser().text("/inbox")


def test_only_overdue_cases_are_left_on_board_and_list(desk: Desk) -> None:
    desk.world.case()
    walk_to(desk.world, desk.world.case(), "sign")
    desk.clock.now = NOW + timedelta(days=400)
    officer = desk.browser()
    assert columns(officer, "/board?overdue=yes") == {
        "preparation": [], "contract": ["ZH2026-00002"], "performance": [], "end": [],
    }  # fmt: skip
    listed = officer.get("/cases?overdue=yes").text
    assert re.findall(r"ZH\d+-\d+", visible(listed)) == ["ZH2026-00002"]
    assert 'href="/cases?stage=contract&amp;overdue=yes"' in listed
    assert re.findall(r"(准备|合同|履行|结案) (\d+) ", visible(listed))[:4] == [
        ("准备", "0"), ("合同", "1"), ("履行", "0"), ("结案", "0"),
    ]  # fmt: skip


def test_stages_of_the_list_are_counted_as_it_is_narrowed(desk: Desk) -> None:
    desk.world.case(mode="ordinary_license")
    desk.world.case(mode="sole_license", title="隔膜排他许可")
    for narrowed in ("mode=sole_license", "q=排他"):
        page = desk.browser().text(f"/cases?{narrowed}")
        assert "全部 1 准备 1 合同 0 履行 0 结案 0" in page


def test_list_tells_where_a_case_stands_in_the_order_of_its_chart(desk: Desk) -> None:
    desk.world.case()
    assert "权属与法律状态 待核查 定价 待定价 公示 未公示 审批 未报批 合同 待起草" in desk.browser().text(
        "/cases"
    )


def test_case_without_a_company_is_counted_as_it_is_listed(desk: Desk) -> None:
    desk.world.case(mode="open_license", title="隔膜专利开放许可")
    assert "全部 1 准备 1 合同 0 履行 0 结案 0" in desk.browser().text("/cases?mode=open_license")
