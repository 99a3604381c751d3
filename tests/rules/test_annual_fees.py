"""Annual fees, against the official table and the worked examples of the Guidelines."""

from datetime import date
from typing import Any

import pytest

from rules.annual_fees import FeeError, Payment, fee_due, last_year_of, year_of, year_start
from rules.fee_words import DAY
from tests.rules.fee_cases import BOOK, EXAMPLES, ask, codes, yuan


def _rows() -> list[tuple[str, int, dict[str, Any]]]:
    return [
        (kind, year, row)
        for row in EXAMPLES["table"]
        for kind in row["kinds"]
        for year in range(row["years"][0], row["years"][1] + 1)
    ]


def test_table_covers_every_year_of_every_term() -> None:
    asked = [(kind, year) for kind, year, _ in _rows()]
    assert sorted(asked) == sorted(
        (kind, year)
        for kind, last in (("invention", 20), ("utility", 10), ("design", 15))
        for year in range(1, last + 1)
    )


@pytest.mark.parametrize(("kind", "year", "row"), _rows())
def test_figures_of_the_official_table(kind: str, year: int, row: dict[str, Any]) -> None:
    """Source: 缴费服务指南 annex 2, 年费计算参考表."""
    filed = year_start(date(2045, 5, 6), 2 - year)
    due = filed if year == 1 else date(2045, 5, 6)
    for reduction, wanted in (("none", row["full"]), ("70", row["70"]), ("85", row["85"])):
        found = fee_due(kind, filed, year, due, book=BOOK, reduction=reduction)
        assert (found.fee_fen, found.full_fen, found.surcharge_fen) == (yuan(wanted), yuan(row["full"]), 0)
    if year == 1:
        return
    for month, wanted in enumerate(row["surcharges"], 2):
        late = date(2045, 5 + month, 6)
        found = fee_due(kind, filed, year, late, book=BOOK, reduction="85")
        assert (found.surcharge_fen, found.fee_fen) == (yuan(wanted), yuan(row["85"]))


def test_patent_years_of_the_guidelines() -> None:
    example = EXAMPLES["patent_years"]
    filed = date.fromisoformat(example["filed"])
    for year, (first, last) in example["years"].items():
        assert year_start(filed, int(year)).isoformat() == first
        assert (year_start(filed, int(year) + 1) - DAY).isoformat() == last
        assert {year_of(filed, date.fromisoformat(day)) for day in (first, last)} == {int(year)}


def test_grant_year_of_the_guidelines() -> None:
    example = EXAMPLES["grant_year"]
    filed, granted = example["filed"], example["granted"]
    paid = ask("invention", filed, example["paid_at_registration"], "2001-07-01", granted=granted)
    assert (paid.status, paid.surcharge_fen, paid.due) == ("registration", 0, date.fromisoformat(granted))
    assert codes(paid) >= {"registration"}
    following = ask("invention", filed, example["next_year"], "2002-06-03", granted=granted)
    assert (following.due.isoformat(), following.status) == (example["due"], "on_time")
    with pytest.raises(FeeError, match="no annual fee for year 4") as refused:
        ask("invention", filed, 4, "2002-06-03", granted=granted)
    assert refused.value.zh == (
        "2001-08-01授权，授权当年为第5年度，此前的第4年度不缴年费。请填5至20之间的年度"
    )


@pytest.mark.parametrize(("month", "bracket"), EXAMPLES["brackets"]["months"].items())
def test_brackets_of_the_guidelines(month: str, bracket: str) -> None:
    """Each bracket holds up to and including its whole month."""
    last = date(2026, 4 + int(month), 15)
    found = ask("invention", "2020-04-15", 7, last.isoformat())
    assert (found.bracket, found.window.last) == (bracket, last)
    after = ask("invention", "2020-04-15", 7, (last + DAY).isoformat())
    assert after.window.first == last + DAY
    assert after.surcharge_fen > found.surcharge_fen or after.status == "lapsed"


def test_top_up_of_the_guidelines() -> None:
    """A second payment is judged in the bracket of its own day: 5 % from 05-10 to 06-10, paid again on 06-15."""
    example = EXAMPLES["top_up"]
    first = Payment(date(2026, 5, 20), yuan(example["full"]) + yuan(example["paid"]))
    before = ask("utility", "2023-04-10", 4, "2026-05-20")
    assert (before.full_fen, before.surcharge_fen) == (yuan(example["full"]), yuan(example["surcharge"]))
    assert f"{before.window.last:%m-%d}" == example["window"][1]
    found = ask("utility", "2023-04-10", 4, "2026-06-15", payments=[first])
    assert (found.bracket, found.surcharge_fen) == (example["bracket"], yuan(example["surcharge_total"]))
    assert (found.still_due_fen, found.paid_fen) == (yuan(example["still_due"]), first.fen)
    assert found.derivation.value == found.still_due_fen
    assert "F-03" in [row.rule_id for row in found.derivation.rows()]


def test_first_day_of_the_5_percent_bracket_in_the_guidelines_is_taken_as_0_with_a_warning() -> None:
    """Both wordings meet on the day of exactly one month: 不含一整月, 一个月或以上."""
    day, following = (ask("utility", "2023-04-10", 4, text) for text in ("2026-05-10", "2026-05-11"))
    assert (day.bracket, "one_month_day" in codes(day)) == ("0%", True)
    assert (following.bracket, "one_month_day" in codes(following)) == ("5%", False)


def test_payments_that_reached_what_was_owed_settle_the_fee() -> None:
    paid = [Payment(date(2026, 5, 20), 94_500), Payment(date(2026, 6, 1), 500)]
    found = ask("utility", "2023-04-10", 4, "2026-12-24", payments=paid)
    assert (found.status, found.judged_on, found.bracket) == ("paid", date(2026, 5, 20), "5%")
    assert (found.still_due_fen, found.refundable_fen, found.total_fen) == (0, 500, 94_500)


def test_money_that_came_after_the_grace_saves_nothing() -> None:
    found = ask("utility", "2023-04-10", 4, "2026-12-24", payments=[Payment(date(2026, 10, 13), 200_000)])
    assert (found.status, found.bracket, found.still_due_fen) == ("lapsed", "lapsed", 0)


@pytest.mark.parametrize(
    ("paid_on", "status", "bracket", "window"),
    [
        ("2024-05-05", "not_open", "0%", ("2020-05-06", "2025-05-05")),
        ("2025-05-05", "not_open", "0%", ("2020-05-06", "2025-05-05")),
        ("2025-05-06", "on_time", "0%", ("2025-05-06", "2026-05-06")),
        ("2026-05-06", "on_time", "0%", ("2025-05-06", "2026-05-06")),
        ("2026-05-07", "grace", "0%", ("2026-05-07", "2026-06-06")),
        ("2026-06-07", "grace", "5%", ("2026-06-07", "2026-07-06")),
        ("2026-11-06", "grace", "25%", ("2026-10-07", "2026-11-06")),
        ("2026-11-07", "lapsed", "lapsed", ("2026-11-07", None)),
    ],
)
def test_windows(paid_on: str, status: str, bracket: str, window: tuple[str, str | None]) -> None:
    found = ask("invention", "2020-05-06", 7, paid_on)
    shown = (found.window.first.isoformat(), found.window.last and found.window.last.isoformat())
    assert (found.status, found.bracket, shown) == (status, bracket, window)


def test_due_date_moves_but_brackets_count_from_the_day_before_it_moved() -> None:
    """2026-10-01 is a holiday until the 7th; the months run to the first of each, which is the safe reading."""
    found = ask("invention", "2020-10-01", 7, "2026-10-08")
    assert (found.nominal, found.due, found.status) == (date(2026, 10, 1), date(2026, 10, 8), "on_time")
    assert ask("invention", "2020-10-01", 7, "2026-11-01").bracket == "0%"
    sunday = ask("invention", "2020-10-01", 7, "2026-11-02")
    assert (sunday.bracket, "bracket_end_rest_day" in codes(sunday)) == ("5%", True)
    assert "bracket_end_rest_day" not in codes(ask("invention", "2020-10-01", 7, "2026-11-03"))
    row = next(row for row in sunday.derivation.rows() if row.name == "bracket")
    assert (row.confidence, row.badge_zh) == ("D", "待核实")


def test_end_of_the_six_months_moves_for_rest_days() -> None:
    """2026-08-08 is a Saturday."""
    assert ask("utility", "2023-02-08", 4, "2026-08-10").status == "grace"
    assert ask("utility", "2023-02-08", 4, "2026-08-11").status == "lapsed"


def test_month_ends_are_counted_from_the_due_date_not_from_each_other() -> None:
    found = [ask("invention", "2019-08-31", 7, day) for day in ("2025-09-30", "2025-10-31", "2026-02-28")]
    assert [one.bracket for one in found] == ["0%", "5%", "25%"]


def test_lapse_costs_the_fee_and_25_percent_and_reaches_back_to_the_due_date() -> None:
    found = ask("invention", "2020-05-06", 7, "2027-01-01", reduction="85")
    assert (found.fee_fen, found.surcharge_fen) == (30_000, 50_000)
    assert "2026-05-06起终止" in next(note.zh for note in found.notes if note.code == "lapsed")


@pytest.mark.parametrize(
    ("kind", "filed", "last"),
    [
        ("invention", date(2020, 1, 1), 20),
        ("utility", date(2020, 1, 1), 10),
        ("design", date(2021, 5, 31), 10),
        ("design", date(2021, 6, 1), 15),
    ],
)
def test_last_year_of_the_term(kind: str, filed: date, last: int) -> None:
    assert last_year_of(kind, filed) == last
    assert fee_due(kind, filed, last, filed, book=BOOK).year == last
    for year in (0, -1, last + 1):
        with pytest.raises(FeeError) as refused:
            fee_due(kind, filed, year, filed, book=BOOK)
        assert (refused.value.field, f"1至{last}的整数" in refused.value.zh) == ("year", True)


def test_fee_filed_on_a_leap_day_is_due_on_the_last_of_february() -> None:
    found = ask("invention", "2024-02-29", 2, "2025-02-28")
    assert (found.nominal, found.due) == (date(2025, 2, 28), date(2025, 2, 28))
    assert ask("invention", "2024-02-29", 5, "2028-02-29").nominal == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"paid_on": date(2020, 5, 5)}, "paid_on"),
        ({"kind": "plant"}, "kind"),
        ({"reduction": "90"}, "reduction"),
        ({"grant_date": date(2020, 5, 5)}, "granted"),
        ({"payments": [Payment(date(2026, 5, 1), -1)]}, "payments"),
        ({"payments": [Payment(date(2026, 6, 1), 1)]}, "payments"),
        ({"payments": [Payment(date(2026, 5, 2), 1), Payment(date(2026, 5, 1), 1)]}, "payments"),
    ],
)
def test_question_without_an_answer_names_the_argument(change: dict[str, Any], field: str) -> None:
    asked: dict[str, Any] = {
        "kind": "invention",
        "filed": date(2020, 5, 6),
        "year": 7,
        "paid_on": date(2026, 5, 6),
    }
    asked |= change
    with pytest.raises(FeeError) as refused:
        fee_due(**asked, book=BOOK)
    assert refused.value.field == field


def test_payment_before_the_tariff_says_so() -> None:
    old, new = (
        ask("invention", "2012-05-06", 5, "2016-05-06"),
        ask("invention", "2020-05-06", 7, "2026-05-06"),
    )
    assert ("tariff_stand_in" in codes(old), "tariff_stand_in" in codes(new)) == (True, False)


def test_unpublished_year_is_provisional() -> None:
    found = ask("invention", "2020-05-06", 20, "2039-05-06")
    assert (found.provisional, "provisional" in codes(found)) == (True, True)


def test_every_step_cites_a_rule_of_the_pack() -> None:
    found = ask("invention", "2020-05-06", 7, "2026-08-01", reduction="85", granted="2022-08-09")
    told = {row.name: row.rule_id for row in found.derivation.rows()}
    assert told == {
        "total": "F-02", "due": "T-00", "nominal": "F-01", "fee": "F-09", "full_fee": "F-01",
        "surcharge": "F-02", "bracket": "F-02",
    }  # fmt: skip
    assert found.derivation.sentence_zh.endswith(
        "第7年度合计500元：年费300元，滞纳金200元"
        "（依据专利审查指南第五部分第九章第4.2.1.3节；专利法实施细则第115条，规则F-02）。"
    )
