"""The royalty account on the desk, over the API's answer: lines, a supposed statement, and what was typed wrongly."""

from typing import Any

import pytest

from cases.errors import Invalid
from desk.answers.royalty import royalty
from tests.desk.conftest import Desk, visible
from tests.modes.acting import act, case_row, day
from tests.modes.test_paying_later import FROM_DAY_ONE, STATEMENT, in_force
from tests.world import World


@pytest.fixture
def case_id(world: World) -> int:
    made = in_force(world, FROM_DAY_ONE)
    act(world, made, "report_royalty", 220, period=1, products="隔膜 100万元 退货 2万元", **STATEMENT)
    return made


def asked(world: World, case_id: int, **given: Any) -> dict[str, Any]:
    with world.db.read() as session:
        return royalty(world.db, session, world.person("readonly"), case_id, on=day(270), **given)


def test_account_tells_what_is_due_and_late(world: World, case_id: int) -> None:
    answer = asked(world, case_id)
    (line,) = answer["lines"]
    # Due on Monday 16 November 2026; day 270 is 27 November: 11 days × 0.05 % of 29,400.00 = 161.70.
    assert (line["due"], line["asked_fen"], line["open_fen"], line["late_interest_fen"]) == (
        "2026-11-16", 2_940_000, 2_940_000, 16_170,
    )  # fmt: skip
    assert answer["article"] == "合同第七条"
    assert line["derivation"]["sentence"].endswith(
        "依合同第七条，第1期提成费应付 29,400.00 元，2026年11月14日前支付。"
    )
    assert (answer["next"]["period"], answer["supposed"]) == (2, False)


def test_supposed_statement_writes_nothing(world: World, case_id: int) -> None:
    before = case_row(world, case_id).version
    answer = asked(world, case_id, products="隔膜 50万元")
    assert [(line["ref"], line["asked_fen"]) for line in answer["lines"]] == [
        ("royalty:1", 2_940_000), ("royalty:2", 1_500_000), ("minimum:1", 5_560_000),
    ]  # fmt: skip
    assert case_row(world, case_id).version == before


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"products": "隔膜"}, {"products"}),
        ({"products": "隔膜 1万元 包装费 5"}, {"products"}),
        ({"products": "隔膜 1万元", "period": 9}, {"period"}),
        ({"products": "隔膜", "period": 9}, {"period", "products"}),
    ],
)
def test_wrong_statement_is_told_field_by_field(
    world: World, case_id: int, given: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as found:
        asked(world, case_id, **given)
    assert set(found.value.fields) == fields


def test_page_shows_the_account_and_tries_a_statement(desk: Desk, case_id: int) -> None:
    browser = desk.browser()
    assert "第1期提成费" in visible(browser.text(f"/cases/{case_id}/royalty"))
    tried = visible(browser.text(f"/cases/{case_id}/royalty?period=2&products=隔膜 50万元"))
    assert "第1合同年度最低提成费差额" in tried
    wrong = browser.get(f"/cases/{case_id}/royalty?period=2&products=隔膜")
    assert wrong.status_code == 422
    assert "第1行“隔膜”读不懂" in wrong.text


def test_form_of_the_statement_offers_its_periods(desk: Desk, case_id: int) -> None:
    shown = visible(desk.browser().text(f"/cases/{case_id}/steps/report_royalty"))
    assert "第2期 · 2026-10-01 – 2027-03-31" in shown
    assert "第1期 · 2026-04-01 – 2026-09-30 · 更正" in shown


def test_timeline_tells_the_period_of_a_statement(desk: Desk, case_id: int) -> None:
    """The periods stand in no table of options: what was chosen is shown as it is."""
    assert "计费周期 1" in visible(desk.browser().text(f"/cases/{case_id}?tab=timeline"))
