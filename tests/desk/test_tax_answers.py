"""Taxes and caps as questions: what is answered, and what is refused with every wrong field at once."""

from datetime import date

import pytest

from cases.errors import Invalid
from desk.answers import caps, taxes

TODAY = date(2026, 11, 23)


def test_stamp_duty_of_a_license() -> None:
    found = taxes.stamp("独占许可", "120万", today=TODAY)
    assert (found["duty_fen"], found["rate_bp"], found["deed"]) == (36_000, 3, "技术合同")
    assert taxes.stamp("transfer", "", today=TODAY)["duty_fen"] is None


def test_vat_after_the_sunset() -> None:
    found = taxes.vat("transfer", met=("tx-03", "TX-04"), on="2028-01-01", today=TODAY)
    assert (found["state"], found["last_day"]) == ("no_rule", "2027-12-31")
    assert taxes.vat("transfer", met=("tx-03", "TX-04"), today=TODAY)["state"] == "exempt"


def test_yearly_counter() -> None:
    found = taxes.cit("2026", ["transfer=800万", "普通许可=80万:4年", "ordinary_license=1元:5"])
    assert {key: found[key] for key in ("counted_fen", "exempt_fen", "above_fen", "taxed_fen", "left_fen")} == {
        "counted_fen": 800_000_100, "exempt_fen": 500_000_000, "above_fen": 300_000_100, "taxed_fen": 150_000_050,
        "left_fen": 0,
    }  # fmt: skip
    assert [one["reason"] for one in found["excluded"]] == ["普通许可期限4年，不满5年，不能享受"]


def test_reward_out_of_two_receipts() -> None:
    found = taxes.iit(
        "transfer", "2026-11-23", ["2023-11-22=10万", "2024-01-01=10万"], met=("TX-09", "TX-10", "TX-12")
    )
    assert [(one["last_day"], one["within"], one["taxed_fen"]) for one in found["parts"]] == [
        ("2026-11-22", False, 10_000_000), ("2027-01-01", True, 5_000_000),
    ]  # fmt: skip
    assert found["file_by"] == "2026-12-15"


def test_deferral_dates() -> None:
    found = taxes.deferral("2026-11-01", "2026-12-01")
    assert (found["allowed"], found["file_by"], found["report_by"]) == (True, "2027-01-15", "2027-01-30")


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        taxes.iit("gift", "2026-02-30", ["x", "2026-01-01=-1"], met=("TX-99",))
    assert sorted(caught.value.fields) == ["met[1]", "mode", "paid_on", "receipts[1]", "receipts[2]"]


@pytest.mark.parametrize(("receipts", "field"), [([], "receipts"), (["2026-11-24=1万"], "receipts[1]")])
def test_receipts_are_needed_and_lie_before_the_payment(receipts: list[str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        taxes.iit("transfer", "2026-11-23", receipts)
    assert list(caught.value.fields) == [field]


def test_days_without_a_rule_are_refused() -> None:
    with pytest.raises(Invalid, match="没有已录入"):
        taxes.cit("2014", ["transfer=1元"])
    with pytest.raises(Invalid, match="没有已录入"):
        taxes.stamp("own_use", "1元", today=TODAY)
    with pytest.raises(Invalid, match="没有已录入"):
        taxes.deferral("2015-01-01", "2015-01-01")


def test_caps_warn_above_and_only_above() -> None:
    found = caps.caps(fixed="3000万", sales="25%", profit="40%", basis_chars="2000", today=TODAY)
    assert [(one["measure"], one["rule"]) for one in found["warnings"]] == [
        ("fixed_fee", "OP-05"), ("net_sales", "OP-05"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "field"),
    [({}, "fixed"), ({"sales": "0.25"}, "sales"), ({"profit": "12.345%"}, "profit"), ({"basis_chars": "-1"}, "basis_chars")],
)  # fmt: skip
def test_wrong_caps_are_refused(asked: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        caps.caps(**asked, today=TODAY)
    assert list(caught.value.fields) == [field]
