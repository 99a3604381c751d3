"""Every live mode in the browser: offered when a case is opened, and its own terms on its form."""

import re

import pytest

from states.catalog import MODES
from tests.desk.conftest import Browser, Desk, visible

CHOICE = re.compile(r'name="mode" value="(\w+)"( checked)?')
# What each mode asks that the others do not.
OWN_FIELDS = {
    "ordinary_license": "equal_terms",
    "sole_license": "own_working",
    "exclusive_license": "",
    "open_license": "fee_form",
    "transfer": "price_fen",
    "equity": "company_name",
    "patent_pool": "pool_rules",
    "development": "leader",
}


def test_new_case_offers_every_mode(officer: Browser) -> None:
    offered = CHOICE.findall(officer.get("/cases/new").text)
    assert [slug for slug, _ in offered] == list(MODES)
    assert [slug for slug, checked in offered if checked] == ["exclusive_license"]


@pytest.mark.parametrize("mode", MODES)
def test_case_is_opened_in_the_mode_that_was_chosen(desk: Desk, officer: Browser, mode: str) -> None:
    form = {
        "title": "隔膜专利许可", "mode": mode, "patents": [str(desk.world.patent_ids[0])],
        "company": str(desk.world.company_id), "do": "open",
    }  # fmt: skip
    answer = officer.post("/cases/new", form)
    assert answer.status_code == 303
    path = answer.headers["location"].partition("?")[0]
    assert MODES[mode].zh in officer.text(path)
    terms = officer.get(f"{path}/terms").text
    assert [name for name in OWN_FIELDS.values() if name and f'name="{name}"' in terms] == list(
        filter(None, [OWN_FIELDS[mode]])
    )


def test_unknown_mode_is_told_with_the_modes_there_are(desk: Desk, officer: Browser) -> None:
    form = {
        "title": "隔膜专利许可", "mode": "barter", "patents": [str(desk.world.patent_ids[0])],
        "company": str(desk.world.company_id), "do": "open",
    }  # fmt: skip
    answer = officer.post("/cases/new", form)
    assert answer.status_code == 422
    assert f"可选：{'、'.join(mode.zh for mode in MODES.values())}" in visible(answer.text)
