"""Enterprises as the tests of the portal use them: companies with an account, and their browsers."""

import re
from dataclasses import dataclass

import httpx

from cases.companies import save_company
from cases.enterprise_accounts import Visitor, accept, invite, visitor_of
from cases.pushing import Push, push_patents
from desk.web.portal.portal_state import COOKIE
from tests.desk.conftest import Browser, Desk
from tests.world import World

PASSWORD = "隔膜涂覆2026-03"
TEXTS = {
    "prospect_text": "下游厂家有批量需求，可替代进口隔膜", "improvement_text": "涂层均匀性需要提高",
    "cooperation_text": "愿意共建中试线",
}  # fmt: skip
MARKS = {"prospect": "80", "improvement": "40", "cooperation": "60", "willing_to_talk": "yes", **TEXTS}
SECOND = "云麓智能装备有限公司"


@dataclass(frozen=True)
class Seat:
    """An account of an enterprise, and its browser."""

    browser: Browser
    visitor: Visitor
    token: str


def second_company(world: World, name: str = SECOND, uscc: str = "91440300708461136T") -> int:
    return save_company(world.db, world.person("officer"), {"name": name, "uscc": uscc})


def account(
    desk: Desk, login: str = "qiheng", company_id: int | None = None, world: World | None = None
) -> Seat:
    """Invite somebody of a company, let them accept, and return their browser."""
    of = world or desk.world
    values = {"login": login, "name": "方既白", "email": f"{login}@example.invalid"}
    _, secret = invite(of.db, of.person("officer"), company_id or of.company_id, values, now=desk.clock.now)
    entered = accept(of.db, secret, PASSWORD, now=desk.clock.now)
    with of.db.read() as session:
        found = visitor_of(session, entered.token, desk.clock.now)
    assert found is not None
    cookies = httpx.Cookies()
    cookies.set(COOKIE, entered.token, path="/enterprise")
    return Seat(Browser(desk.app, entered.csrf, None, cookies), found[0], entered.token)


def push(desk: Desk, *patents: int, company_id: int | None = None, world: World | None = None) -> None:
    """Push patents of the world, by their place, to a company."""
    of = world or desk.world
    ids = [of.patent_ids[place] for place in patents]
    push_patents(
        of.db,
        of.person("officer"),
        Push(ids, [company_id or of.company_id], "evaluation"),
        now=desk.clock.now,
    )


def form_of(html: str) -> str:
    """Return the name of the evaluation form on a page."""
    found = re.search(r'name="form" value="([^"]+)"', html)
    assert found
    return found[1]
