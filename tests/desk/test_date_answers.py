"""Questions about dates, as the command line, the API and the calculators ask them."""

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cases.errors import Invalid, NotFound
from desk.answers.dates import due, roll
from desk.commands import rule_dates

app = typer.Typer(rich_markup_mode=None)
app.command("roll")(rule_dates.roll)
app.command("due")(rule_dates.due)


def test_roll_gives_one_row_for_each_date() -> None:
    rows = roll(["2026-10-05", "20261008", "2027年10月4日"])
    assert [(row["input"], row["result"], row["provisional"], row["how"]) for row in rows] == [
        ("2026-10-05", "2026-10-08", False, "next_workday"),
        ("20261008", "2026-10-08", False, ""),
        ("2027年10月4日", "2027-10-04", True, ""),
    ]
    assert rows[0]["derivation"]["sentence"].startswith(
        "期限届满日为2026年10月5日（星期一）；届满日为节假日，顺延至"
    )


def test_roll_names_every_wrong_date() -> None:
    with pytest.raises(Invalid) as refused:
        roll(["2026-02-30", "2026-03-01", "1970-01-01"])
    assert list(refused.value.fields) == ["dates[1]", "dates[3]"]


@pytest.mark.parametrize("dates", [[], ["2026-01-01"] * 1001])
def test_roll_refuses_none_and_too_many(dates: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        roll(dates)
    assert list(refused.value.fields) == ["dates"]


def test_due_date_of_a_license_filing() -> None:
    found = due("T-01", "2026-01-15", on="2026-03-01")
    asked = {
        name: found[name] for name in ("rule", "base", "nominal", "due", "provisional", "source", "status")
    }
    assert asked == {
        "rule": "T-01",
        "base": "2026-01-15",
        "nominal": "2026-04-15",
        "due": "2026-04-15",
        "provisional": False,
        "source": "专利法实施细则第15条第2款；专利实施许可合同备案办法第5条（备案办法2011）",
        "status": "due_soon",
    }
    assert found["derivation"]["tree"]["rule"] == "T-01"


def test_base_is_the_dispatch_if_a_notice_was_served() -> None:
    found = due("T-11", "2008-06-06", service="post")
    assert (found["base"], found["served"], found["due"]) == ("2008-06-06", "2008-06-21", "2008-08-21")
    assert "推定收到，送达日为2008年6月21日" in found["derivation"]["sentence"]
    assert due("t-11", "2008-06-06", service="邮寄", received="2008-06-10")["due"] == "2008-08-11"


def test_other_name_of_a_timer() -> None:
    found = due("T-LICFILE", "2026-01-15")
    assert (found["rule"], found["id"]) == ("T-LICFILE", "T-01")
    assert "status" not in found


def test_forms_that_need_more() -> None:
    assert due("T-08", "1997-06-03", year="6")["due"] == "2002-06-03"
    assert due("T-26", "2026-04-01", amount="500万")["due"] == "2026-05-18"
    assert due("T-12", "2026-03-10", second="2025-01-10")["due"] == "2026-05-11"


def test_met_late_is_told() -> None:
    assert due("T-01", "2026-01-15", met_on="2026-04-16")["status_zh"] == "已逾期办理"


def test_unverified_rule_says_so() -> None:
    found = due("T-04", "2026-09-10")
    assert (found["due"], found["unverified"]) == ("2026-10-12", True)
    assert found["source"].endswith("待核实）")


def test_timers_of_a_province_need_its_pack() -> None:
    assert due("T-RWPAY", "2026-08-31", layers="national,zhejiang,house")["due"] == "2027-02-28"
    with pytest.raises(NotFound, match="没有规则“T-RWPAY”。可用的期限规则：.*T-01"):
        due("T-RWPAY", "2026-08-31")


def test_national_pack_alone_is_enough() -> None:
    assert due("T-01", "2026-01-15", layers="national")["internal"] is None


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"rule": "PAYMENT"}, "rule"),
        ({"rule": ""}, "rule"),
        ({"rule": "T-08"}, "year"),
        ({"rule": "T-12"}, "second"),
        ({"rule": "T-01", "year": "6"}, "year"),
        ({"rule": "T-01", "amount": "5万"}, "amount"),
        ({"rule": "T-01", "base": "2101-01-01"}, "base"),
        ({"rule": "T-01", "service": "pigeon"}, "service"),
        ({"rule": "T-11", "received": "2026-02-01"}, "received"),
        ({"rule": "T-11", "received": "2025-02-01", "service": "post"}, "received"),
        ({"rule": "T-01", "layers": "nowhere"}, "layers"),
    ],
)
def test_wrong_question_names_the_field(question: dict[str, str], field: str) -> None:
    asked: dict[str, Any] = {"base": "2026-01-15", **question}
    with pytest.raises(Invalid) as refused:
        due(**asked)
    assert list(refused.value.fields) == [field]
    assert refused.value.fields[field].endswith("。")


def test_rule_that_is_no_timer() -> None:
    with pytest.raises(NotFound, match="规则L-10（不予备案的情形）不是期限规则"):
        due("L-10", "2026-01-15")


def test_commands_print_the_answers() -> None:
    rolled = CliRunner().invoke(app, ["roll", "2026-10-05", "--json"])
    asked = CliRunner().invoke(app, ["due", "T-01", "--base", "2026-01-15", "--on", "2026-03-01", "--json"])
    assert (rolled.exit_code, json.loads(rolled.stdout)) == (0, roll(["2026-10-05"]))
    assert (asked.exit_code, json.loads(asked.stdout)) == (0, due("T-01", "2026-01-15", on="2026-03-01"))


def test_commands_speak_to_people() -> None:
    said = CliRunner().invoke(app, ["due", "T-27", "--base", "2026-09-20", "--on", "2026-09-21"])
    assert said.stdout.splitlines()[:3] == [
        "T-27 协议定价公示",
        "到期日：2026-10-05　未到期",
        "自2026-10-06起方可办理",
    ]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["roll", "2026-02-30"], 6, "不存在这一天"),
        (["due", "T-01", "--base", "1980-01-01"], 6, "不在 1985 至 2100 之间"),
        (["due", "T-99", "--base", "2026-01-15"], 3, "可用的期限规则"),
    ],
)
def test_commands_fail_with_reason_and_code(words: list[str], code: int, told: str) -> None:
    failed = CliRunner().invoke(app, words)
    assert failed.exit_code == code
    assert told in failed.stderr
