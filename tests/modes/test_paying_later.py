"""Paying by result, through the real actions: free use, its conversion or return, statements, milestones, a transfer."""

from typing import Any

import pytest

from desk.story import terms_of
from states.royalty_payloads import StatementError, read_products
from tests.modes.acting import act, case_data, day, open_deadlines, refusal
from tests.modes.story import STORY
from tests.world import TODAY, World

# The license runs from 1 April 2026 (day 30) on.
FREE: dict[str, Any] = {
    "entry_fee_fen": "0", "instalments": [], "trial.start": "2026-04-01", "trial.end": "2026-09-30",
    "trial.purpose": "仅限样品试制和小批量验证", "trial.decide_by": "2026-09-15", "trial.extend_until": "2026-12-31",
    "trial.trigger": "event", "trial.trigger_event": "首批产品通过客户认证", "trial.trigger_evidence": "认证证书",
    "trial.fee_fen": "20万元", "royalty.base": "net_sales", "royalty.rate_bp": "3%",
    "royalty.minimum_per_year_fen": "10万元", "royalty.cap_fen": "80万元",
}  # fmt: skip
# Royalties from the first day, an entry fee, a milestone.
FROM_DAY_ONE: dict[str, Any] = {
    "royalty.base": "net_sales", "royalty.rate_bp": "3%", "royalty.minimum_per_year_fen": "10万元",
    "milestones": [
        {"label": "中试", "evidence": "验收报告", "amount_fen": "5万元", "due_on": "2026-06-30"},
        {"label": "量产", "evidence": "销售合同", "amount_fen": "6万元", "due_on": "2026-12-31"},
    ],
}  # fmt: skip
STATEMENT: dict[str, Any] = {"evidence": "报表1号", "reported_on": day(220)}


def in_force(world: World, terms: dict[str, Any], mode: str = "ordinary_license") -> int:
    """A license on these terms, walked to its effect; other scenes are those of the story."""
    case_id = world.case(mode=mode)
    for scene in STORY:
        payload = dict(scene.payload)
        if scene.event == "edit_terms":
            payload = {"terms": {**terms_of(TODAY, mode=mode), **terms}}
        number = (scene.on - TODAY).days
        act(world, case_id, scene.event, number, scene.role, **payload)
        if scene.event == "take_effect":
            return case_id
    raise AssertionError("the story has no effect")


def royalties(world: World, case_id: int) -> dict[str, str]:
    """The open deadlines of payments and statements."""
    found = open_deadlines(world, case_id).items()
    return {key: due for key, due in found if key.startswith(("payment", "royalty", "trial"))}


def test_free_use_converts_by_its_trigger_and_statements_follow(any_world: World) -> None:
    case_id = in_force(any_world, FREE)
    before = royalties(any_world, case_id)
    # Day of decision 15 September and 15 days to pay, the 30th; royalties are reckoned from 1 October on.
    assert (before["trial_decision"], before["trial_end"], before["payment:1"]) == (
        "2026-09-15", "2026-09-30", "2026-09-30",
    )  # fmt: skip
    assert "royalty_statement:1" not in before
    act(any_world, case_id, "start_trial", 32, started_on=day(31), evidence="交接单1号")
    assert refusal(any_world, case_id, "report_royalty", 40, period=1, products="无", **STATEMENT | {"reported_on": day(40)}) == [
        "trial_running", "period_running",
    ]  # fmt: skip
    act(any_world, case_id, "trigger_trial", 100, triggered_on=day(99), evidence="认证证书1号")
    after = royalties(any_world, case_id)
    # Day 99 is 9 June 2026; 15 days later is the 24th. The first half-year ends on 31 March 2027.
    assert (after["payment:1"], after["royalty_statement:1"]) == ("2026-06-24", "2027-04-30")
    assert "trial_decision" not in after
    assert refusal(
        any_world, case_id, "choose_option", 101, option="convert", chosen_on=day(101), evidence="1"
    ) == ["trial_converted"]


def test_free_use_goes_on_once_and_converts_by_choice(world: World) -> None:
    case_id = in_force(world, FREE)
    act(world, case_id, "choose_option", 150, option="extend", chosen_on=day(150), evidence="通知1号")
    put_off = royalties(world, case_id)
    # 31 December 2026 and 15 days are 15 January 2027.
    assert (put_off["trial_decision"], put_off["trial_end"], put_off["payment:1"]) == (
        "2026-12-31", "2026-12-31", "2027-01-15",
    )  # fmt: skip
    again = {"option": "extend", "chosen_on": day(160), "evidence": "通知2号"}
    assert refusal(world, case_id, "choose_option", 160, **again) == ["no_extension"]
    act(world, case_id, "choose_option", 170, option="convert", chosen_on=day(170), evidence="通知3号")
    assert royalties(world, case_id)["payment:1"] == "2026-09-03"  # day 170 is 19 August; 15 days later


def test_what_is_given_back_ends_the_license_and_leaves_its_duties(world: World) -> None:
    case_id = in_force(world, FREE)
    act(world, case_id, "submit_filing", 40, submitted_on=day(40), receipt_no="SL1")
    act(world, case_id, "record_filing", 50, recorded_on=day(50), record_no="X1")
    done = act(
        world, case_id, "return_trial", 120, returned_on=day(120), evidence="通知1号", reason="指标未达到"
    )
    assert done.position == ("cancellation_due",)
    # Nothing is owed for the free use; the filing is cancelled in 30 days, stamp duty and feedback stay.
    assert set(open_deadlines(world, case_id)) == {"filing_cancellation", "stamp_duty", "feedback"}
    assert case_data(world, case_id)["end"]["returned"] is True


def test_statement_gives_payment_and_minimum_their_amounts(any_world: World) -> None:
    case_id = in_force(any_world, FROM_DAY_ONE)
    # Payments by day: 80万 and the milestone, 40万, then royalties. Period 1 ends on 30 September 2026.
    act(any_world, case_id, "report_royalty", 220, period=1, products="隔膜 100万元 退货 2万元", **STATEMENT)
    told = case_data(any_world, case_id)
    (first,) = told["payments"].values()
    assert first == {"amount_fen": 2_940_000}  # 980,000.00 × 3 %
    open_now = royalties(any_world, case_id)
    key = next(iter(told["payments"]))
    assert open_now[key] == "2026-11-16"  # 30 + 15 days after the period: Saturday 14 November, so Monday
    assert "royalty_statement:2" in open_now
    act(
        any_world, case_id, "record_receipt", 230, received_on=day(230), amount_fen="29400", payment=key, reference="1",
    )  # fmt: skip
    assert key not in royalties(any_world, case_id)
    second = {**STATEMENT, "reported_on": day(400), "evidence": "报表2号"}
    act(any_world, case_id, "report_royalty", 400, period=2, products="隔膜 50万元", **second)
    amounts = [paid["amount_fen"] for paid in case_data(any_world, case_id)["payments"].values()]
    # 500,000 × 3 % = 15,000; 100,000 - 29,400 - 15,000 = 55,600 make the minimum up.
    assert sorted(amounts) == [1_500_000, 2_940_000, 5_560_000]


def test_correction_of_a_paid_statement_opens_what_is_missing(world: World) -> None:
    case_id = in_force(world, FROM_DAY_ONE)
    act(world, case_id, "report_royalty", 220, period=1, products="隔膜 100万元", **STATEMENT)
    key = next(iter(case_data(world, case_id)["payments"]))
    paid: dict[str, Any] = {"received_on": day(230), "payment": key, "reference": "1"}
    act(world, case_id, "record_receipt", 230, amount_fen="3万元", **paid)
    more = {**STATEMENT, "reported_on": day(240), "note": "漏报一种产品"}
    act(world, case_id, "report_royalty", 240, period=1, products="隔膜 100万元\n涂层 20万元", **more)
    assert key in royalties(world, case_id)
    assert case_data(world, case_id)["payments"][key] == {"amount_fen": 3_600_000}
    act(world, case_id, "record_receipt", 245, amount_fen="6000", **{**paid, "received_on": day(245)})
    assert key not in royalties(world, case_id)


def test_no_sales_make_no_payment_due(world: World) -> None:
    case_id = in_force(world, FROM_DAY_ONE)
    act(world, case_id, "report_royalty", 220, period=1, products="无", **STATEMENT)
    key = next(iter(case_data(world, case_id)["payments"]))
    assert case_data(world, case_id)["payments"][key] == {"amount_fen": 0}
    assert key not in royalties(world, case_id)


def test_milestones_are_reached_in_time_late_or_not_at_all(world: World) -> None:
    case_id = in_force(world, FROM_DAY_ONE)
    keys = {due: key for key, due in royalties(world, case_id).items()}
    pilot, series = keys["2026-06-30"], keys["2026-12-31"]
    act(world, case_id, "reach_milestone", 140, milestone=pilot, reached_on=day(130), evidence="验收报告1号")
    # Day 130 is 10 July, later than agreed: 15 days on is Saturday 25 July, so Monday.
    assert royalties(world, case_id)[pilot] == "2026-07-27"
    act(
        world,
        case_id,
        "drop_milestone",
        141,
        milestone=series,
        decided_on=day(141),
        reason="不再量产，双方确认",
    )
    assert series not in royalties(world, case_id)
    assert refusal(
        world, case_id, "reach_milestone", 142, milestone=series, reached_on=day(142), evidence="1"
    ) == ["no_milestone"]


@pytest.mark.parametrize(
    ("products", "reason"),
    [
        ("隔膜", "第1行“隔膜”读不懂。写作“产品 销售额”，有扣除的接着写“退货 金额”等。"),
        ("隔膜 1万元\n涂层 -5", "第2行：金额“-5”为负数。金额不能小于零，请核对后修改。"),
        (
            "隔膜 99999999999999元",
            "第1行：金额“99999999999999元”超过 9999 亿元的上限，请核对单位是元还是万元。",
        ),
        ("隔膜 1.234元", "第1行：金额“1.234元”不足一分。金额最多精确到分（两位小数），请修改。"),
    ],
)
def test_bad_line_of_a_statement_is_named(products: str, reason: str) -> None:
    with pytest.raises(StatementError) as found:
        read_products(products)
    assert found.value.reason == reason
