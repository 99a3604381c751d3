"""The case page of every mode in a real browser, while it is prepared and while it is performed."""

import re

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from cases.tables import Case
from states.catalog import MODES
from tests.browser.conftest import Visit, shot
from tests.flows.conftest import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("engine")]

# What only the program says: its own names, empty values, data not put into words, errors.
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\bpayment:\d|\bNone\b|[{}]|Traceback|Internal Server Error")
PAGES = ("", "?tab=terms", "?tab=deadlines", "?tab=documents", "?tab=timeline", "/what-if")


def _stages(site: Product, mode: str) -> dict[str, int]:
    """A sample case of a mode before its contract is in force, and one after."""
    with site.db.read() as session:
        rows = session.exec(select(Case).where(Case.mode == mode)).all()
        before = [int(row.id or 0) for row in rows if row.stage in ("preparation", "contract")]
        after = [int(row.id or 0) for row in rows if row.stage == "performance"]
    return {"before": before[0], "after": after[0]}


def _faults(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open, on a wide screen and on a narrow one."""
    found = sorted(set(RAW.findall(page.locator("body").inner_text())))
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        shot(page, f"{name}-{width}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found.extend([f"{wide} pixels wide on {width}"] if wide > width else [])
    return found


@pytest.mark.parametrize("mode", MODES)
def test_case_pages_fit_and_speak_of_nothing_internal(site: Product, visit: Visit, mode: str) -> None:
    page = visit("officer")
    found = {}
    for stage, case_id in _stages(site, mode).items():
        for path in PAGES:
            answer = page.goto(f"/cases/{case_id}{path}")
            assert answer is not None
            assert answer.status == 200
            found[stage + path] = _faults(page, f"{mode}-{stage}-{re.sub(r'[^a-z]', '', path) or 'case'}")
    assert {path: faults for path, faults in found.items() if faults} == {}
