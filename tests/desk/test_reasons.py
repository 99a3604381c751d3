"""Why a field was refused is told in the reader's language."""

import re
from collections.abc import Callable

import pytest

from cases.errors import Invalid
from cases.payloads import MESSAGES, check_payload
from desk.web.i18n import Words
from desk.web.reasons import REASONS, reason
from rules.dates import DateError, parse_date
from rules.money import MoneyError, parse_yuan
from states.catalog import MODES
from tests.desk.conftest import Desk

EN, ZH = Words("en"), Words("zh")
CHINESE = re.compile("[\u4e00-\u9fff]")


def refused(read: Callable[[str], object], text: str) -> str:
    with pytest.raises((DateError, MoneyError)) as error:
        read(text)
    return str(error.value)


@pytest.mark.parametrize("text", ["", "45000", "19-07-09", "bald", "1200-01-01", "2026-02-30"])
def test_faults_of_dates_are_told_in_english(text: str) -> None:
    assert not CHINESE.search(reason(EN, refused(parse_date, text)))


@pytest.mark.parametrize("text", ["", "-5", "1.2E+06", "viel", "9" * 21, "0.125", "9999999999999"])
def test_faults_of_amounts_are_told_in_english(text: str) -> None:
    assert not CHINESE.search(reason(EN, refused(parse_yuan, text)))


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_fault_of_a_field_is_told_in_english(kind: str) -> None:
    chinese = MESSAGES[kind].format(min_length=2, max_length=9, gt=0, ge=1, le=99)
    assert not CHINESE.search(reason(EN, chinese))


@pytest.mark.parametrize("typed", ["", "x" * 3000])
def test_faults_of_a_step_s_fields_are_told_in_english(typed: str) -> None:
    for step in MODES["exclusive_license"].steps.values():
        try:
            check_payload(step.payload, dict.fromkeys(step.payload.model_fields, typed))
        except Invalid as invalid:
            assert [zh for zh in invalid.fields.values() if CHINESE.search(reason(EN, zh))] == []


def test_what_was_typed_stays_and_what_is_unknown_too() -> None:
    assert reason(EN, refused(parse_date, "三月一日")).startswith("'三月一日' is no date.")
    assert reason(EN, "从未见过的原因") == "从未见过的原因"
    assert reason(ZH, "请填写，至少2个字") == "请填写，至少2个字"
    assert not any(CHINESE.search(english) for _, english in REASONS)


def test_step_form_tells_the_fault_in_english(desk: Desk) -> None:
    case_id = desk.world.case()
    officer = desk.browser()
    officer.post("/my/language", {"language": "en", "next": "/"})
    page = officer.post(f"/cases/{case_id}/steps/clear_title", {"version": "1"}).text
    assert "No date. Write it like 2019-07-09." in page
    assert "enter at least 1 characters" in page
