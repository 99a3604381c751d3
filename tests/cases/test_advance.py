"""The one way to change a case: versions, keys, all or nothing, and every refusal in plain words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from cases.advance import Advanced, Refused, advance
from cases.errors import ActionError, Conflict, Invalid, NotFound, Stale
from cases.payloads import check_payload
from states.catalog import MODES
from tests.cases.dump import dump, execute, fail_on_insert
from tests.modes.acting import act, case_row
from tests.modes.story import STORY, TERMS, walk_to
from tests.world import NOW, TODAY, World, settle

TITLE = {"checked_on": TODAY.isoformat(), "evidence": "登记簿副本1号"}


def _clear(
    world: World, case_id: int, *, version: int | None = None, key: str | None = None, **changes: Any
) -> Advanced:
    return advance(
        world.db, case_id, "clear_title", world.person("officer"), {**TITLE, **changes},
        expected_version=version, today=TODAY, now=NOW, action_key=key,
    )  # fmt: skip


def test_step_returns_where_the_case_stands(any_world: World) -> None:
    case_id = any_world.case()
    assert _clear(any_world, case_id, version=1) == Advanced(
        case_id, "ZH2026-00001", "clear_title",
        ("approval_open", "contract_waiting", "price_open", "publicity_open", "title_cleared"), 2, 2,
    )  # fmt: skip


def test_stale_version_names_who_changed_what(any_world: World) -> None:
    case_id = any_world.case()
    act(any_world, case_id, "edit_terms", 0, role="administrator", terms=dict(TERMS))
    before = dump(any_world.db)
    with pytest.raises(Stale) as stale:
        _clear(any_world, case_id, version=1)
    assert (stale.value.kind, stale.value.message, stale.value.message_en) == (
        "conflict",
        "管理员刚刚修改了商务条款，您看到的页面已过时。请刷新页面，核对后再办理（您填写的内容已保留）",
        "管理员 has just edited the terms; reload the page",
    )
    assert dump(any_world.db) == before


def test_version_of_the_future_is_stale_too(world: World) -> None:
    with pytest.raises(Stale, match="林知远刚刚立案"):
        _clear(world, world.case(), version=5)


def test_repeated_key_returns_the_first_result_and_writes_nothing(any_world: World) -> None:
    case_id = any_world.case()
    first = _clear(any_world, case_id, version=1, key="k-1")
    act(any_world, case_id, "edit_terms", 0, terms=dict(TERMS))
    before = dump(any_world.db)
    again = _clear(any_world, case_id, version=1, key="k-1", evidence="另一份")
    assert (again.replayed, again.position, again.seq) == (True, first.position, first.seq)
    assert dump(any_world.db) == before


def test_repeated_key_tells_again_what_was_voided(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "agree_price")
    done = [
        advance(
            world.db, case_id, "edit_terms", world.person("officer"), {"terms": {**TERMS, "purpose": "储能电池"}},
            expected_version=4, today=TODAY, now=NOW, action_key="k-1",
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [(one.voids, one.replayed) for one in done] == [(("price",), False), (("price",), True)]


def test_key_of_another_step_is_a_conflict(world: World) -> None:
    case_id = world.case()
    _clear(world, case_id, key="k-1")
    with pytest.raises(Conflict, match="操作编号已用于另一步骤“权属核查”"):
        advance(
            world.db, case_id, "edit_terms", world.person("officer"), {"terms": dict(TERMS)},
            expected_version=None, today=TODAY, now=NOW, action_key="k-1",
        )  # fmt: skip


def test_same_key_on_another_case_is_another_action(world: World) -> None:
    assert [_clear(world, world.case(), key="k-1").replayed for _ in range(2)] == [False, False]


def test_same_key_pressed_at_the_same_moment_is_done_once(any_world: World) -> None:
    case_id = any_world.case()
    start = Barrier(4)

    def press(_: int) -> bool:
        start.wait()
        return _clear(any_world, case_id, key="k-1").replayed

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, True, True, True]
    assert case_row(any_world, case_id).version == 2


def test_two_pages_of_the_same_version_are_one_step_and_one_conflict(any_world: World) -> None:
    case_id = any_world.case()
    start = Barrier(2)

    def press(_: int) -> str:
        start.wait()
        try:
            return _clear(any_world, case_id, version=1).event
        except Stale as stale:
            return stale.message[:7]

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["clear_title", "林知远刚刚完成"]


# The last thing that each of these steps writes fails: nothing of the step may remain.
@pytest.mark.parametrize(
    ("until", "event", "table"),
    [
        ("agree_price", "post_publicity", "outbox"),
        ("agree_price", "post_publicity", "document"),
        ("agree_price", "post_publicity", "deadline"),
        ("agree_price", "post_publicity", "trail"),
        ("answer_correction", "record_filing", "label_event"),
        ("sign", "take_effect", "outbox"),
    ],
)
def test_failure_in_the_middle_leaves_nothing(any_world: World, until: str, event: str, table: str) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, until)
    before = dump(any_world.db)
    fail_on_insert(any_world.db, table)
    scene = next(scene for scene in STORY if scene.event == event)
    with pytest.raises(Exception, match="boom"):
        act(any_world, case_id, event, (scene.on - TODAY).days, **scene.payload)
    assert dump(any_world.db) == before


def test_failure_while_terms_are_stored_leaves_nothing(world: World) -> None:
    case_id = world.case()
    execute(
        world.db,
        "CREATE TRIGGER boom BEFORE UPDATE OF terms ON conversion_case BEGIN SELECT RAISE(ABORT, 'boom'); END",
    )
    before = dump(world.db)
    with pytest.raises(Exception, match="boom"):
        act(world, case_id, "edit_terms", 0, terms=dict(TERMS))
    assert dump(world.db) == before


def test_refusal_writes_nothing_and_tells_everything(any_world: World) -> None:
    case_id = any_world.case()
    before = dump(any_world.db)
    with pytest.raises(Refused) as refused:
        act(any_world, case_id, "agree_price", 0, agreed_on=TODAY, basis="谈判记录")
    assert refused.value.kind == "refused"
    assert refused.value.event == "agree_price"
    assert (
        refused.value.message
        == "不能办理“确认协议定价”：尚未完成权属与法律状态核查；商务条款不完整：尚未填写"
    )
    assert [unmet.code for unmet in refused.value.unmet] == ["needs_title", "terms_incomplete"]
    assert dump(any_world.db) == before


def test_readonly_person_is_forbidden(world: World) -> None:
    case_id = world.case()
    with pytest.raises(Refused) as refused:
        act(world, case_id, "clear_title", 0, role="readonly", **TITLE)
    assert refused.value.kind == "forbidden"


def test_case_of_another_organization_does_not_exist(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    case_id = any_world.case()
    with pytest.raises(NotFound):
        _clear(other, case_id)
    assert case_row(any_world, case_id).version == 1


def test_unknown_case_and_step_are_missing(world: World) -> None:
    case_id = world.case()
    with pytest.raises(NotFound):
        _clear(world, case_id + 1)
    for event in ("void_price", "no_such_step"):
        with pytest.raises(NotFound, match=f"没有名为“{event}”的步骤"):
            advance(
                world.db,
                case_id,
                event,
                world.person("officer"),
                {},
                expected_version=None,
                today=TODAY,
                now=NOW,
            )


@pytest.mark.parametrize(
    ("step", "raw", "fields"),
    [
        ("clear_title", {}, {"checked_on": "此项必填", "evidence": "此项必填"}),
        (
            "clear_title", {"checked_on": "昨天", "evidence": "1"},
            {"checked_on": "“昨天”不是可识别的日期。请写成 2019-07-09 这样的年月日。"},
        ),
        ("clear_title", {"checked_on": 20260301, "evidence": "1"}, {"checked_on": "应填写日期，例如2026-03-01"}),
        ("clear_title", {"checked_on": "2026-03-01", "evidence": " "}, {"evidence": "请填写，至少1个字"}),
        ("clear_title", {"checked_on": "2026-03-01", "evidence": "长" * 201}, {"evidence": "内容过长，最多200个字"}),
        ("clear_title", {"checked_on": "2026-03-01", "evidence": 7}, {"evidence": "应填写文字"}),
        ("clear_title", {**TITLE, "seal": "公章"}, {"seal": "没有这个填写项，请删除"}),
        ("withdraw", {"reason": "无"}, {"reason": "请填写，至少2个字"}),
        ("edit_terms", {"terms": "全部"}, {"terms": "格式不正确，应为各填写项的集合"}),
        (
            "resolve_objection", {"resolved_on": "2026-03-01", "outcome": "maybe", "reason": "理由"},
            {"outcome": "请选择：异议不成立，继续公示、异议成立，撤回公示"},
        ),
        (
            "record_receipt", {"received_on": "2026-03-01", "amount_fen": 0, "reference": "1"},
            {"amount_fen": "应大于0"},
        ),
        (
            "record_receipt", {"received_on": "2026-03-01", "amount_fen": 1.5, "reference": "1"},
            {"amount_fen": "应为整数"},
        ),
    ],
)  # fmt: skip
def test_wrong_input_is_named_field_by_field(step: str, raw: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as invalid:
        check_payload(MODES["exclusive_license"].steps[step].payload, raw)
    assert invalid.value.fields == fields
    assert all(reason.rstrip("。") in invalid.value.message for reason in fields.values())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"received_on": "２０２６年３月１日", "amount_fen": "１２０万元"}, (date(2026, 3, 1), 120_000_000)),
        ({"received_on": "2026.3.1", "amount_fen": "1,200,000.50"}, (date(2026, 3, 1), 120_000_050)),
        ({"received_on": "20260301", "amount_fen": 5}, (date(2026, 3, 1), 5)),
    ],
)
def test_input_is_read_as_people_type_it(typed: dict[str, Any], stored: tuple[date, int]) -> None:
    payload: Any = check_payload(
        MODES["exclusive_license"].steps["record_receipt"].payload, {**typed, "reference": "　回单 1 "}
    )
    assert (payload.received_on, payload.amount_fen, payload.reference) == (*stored, "回单 1")


def test_failures_bear_both_languages() -> None:
    assert (ActionError("中文").message_en, Invalid("中文", None, "English").fields) == ("中文", {})
