"""Changes of a case in a real browser: a step back with its preview, a simulation, a migration; wide and narrow."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from cases.tables import Case
from tests.browser.conftest import Visit, shot
from tests.flows.conftest import Product


def _drafting(site: Product) -> int:
    """The id of a sample case that can be stepped back from its approval."""
    with site.db.read() as session:
        rows = session.exec(select(Case).where(Case.stage.in_(("preparation", "contract"))))  # type: ignore[attr-defined]
        return next(
            int(row.id or 0) for row in rows if " price_agreed " in row.state and " signed " not in row.state
        )


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [1440, 390])
def test_step_back_shows_what_becomes_void(site: Product, visit: Visit, width: int) -> None:
    case_id = _drafting(site)
    page = visit("officer", width)
    page.goto(f"/cases/{case_id}/steps/step_back")
    page.get_by_label("退回哪一项").select_option("price")
    page.get_by_label("退回原因").fill("重新谈判价格")
    page.get_by_role("button", name="确认办理").click()
    expect(page.get_by_text("办理后，以下内容将失效")).to_be_visible()
    shot(page, f"step-back-{width}")
    assert _fits(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_simulation_and_forms_fit(site: Product, visit: Visit, width: int) -> None:
    case_id = _drafting(site)
    page = visit("officer", width)
    for name, path in (
        ("switch", f"/cases/{case_id}/steps/switch_mode"),
        ("split", f"/cases/{case_id}/steps/split_off"),
        ("correct", f"/cases/{case_id}/steps/correct_entry"),
        (
            "what-if",
            f"/cases/{case_id}/what-if?event=submit_approval&on=2026-12-01&event=approve&on=2026-12-08",
        ),
    ):
        page.goto(path)
        shot(page, f"{name}-{width}")
        assert _fits(page), name


@pytest.mark.parametrize("width", [1440, 390])
def test_migration_page_fits(site: Product, visit: Visit, width: int) -> None:
    with site.db.cursor() as cur:
        for id_, data in cur.all("SELECT id, data FROM conversion_case WHERE closed_on IS NULL"):
            cur.run(
                "UPDATE conversion_case SET data = ? WHERE id = ?", data.replace('"2026.1"', '"2025.1"'), id_
            )
    page = visit("admin", width)
    page.goto("/admin/migration")
    expect(page.get_by_role("heading", name="案件迁移")).to_be_visible()
    shot(page, f"migration-{width}")
    assert _fits(page)
