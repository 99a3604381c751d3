"""A stocktake to try things on: a campaign over the world's patents, and inventors with links."""

from datetime import date
from typing import Any

from cases.inventors import Contact, save_contacts
from cases.rating_links import Holder, holder_of, links_of, make_links, note_consent
from cases.stocktake_progress import Wish, items_of
from cases.stocktake_steps import take_step
from cases.stocktakes import checked_stocktake, fill_stocktake, open_stocktake
from cases.tables import Patent
from states.stocktaking import Asked
from tests.world import NOW, TODAY, World

FIRST, SECOND = "㛃䶮𬱖", "陈思远"
RATING: dict[str, object] = {
    "maturity": "pilot", "prospect": "high", "scenario": "动力电池；储能", "willingness": ["license", "open_license"],
    "implementation": "none", "funded": "no", "value": "4",
}  # fmt: skip
WANTED: dict[str, object] = {"title": "2026年存量专利盘点", "due_on": "2026-04-30"}


def stocktake(world: World, **more: object) -> int:
    """Open a campaign over all patents of the world."""
    wanted = checked_stocktake({**WANTED, **more}, TODAY)
    id_ = open_stocktake(world.db, world.person("officer"), wanted, NOW)
    fill_stocktake(world.db, world.org_id, id_, NOW)
    return id_


def items(world: World, stocktake_id: int, **wish: Any) -> list[int]:
    """Return the ids of a campaign's items."""
    with world.db.read() as session:
        rows, _ = items_of(session, world.org_id, stocktake_id, Wish(**wish))
    return [row.id for row in rows]


def change(world: World, index: int, **values: object) -> None:
    """Change a patent of the world as an import would."""
    with world.db.write() as session:
        row = session.get(Patent, world.patent_ids[index])
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def contact(world: World, name: str = FIRST, college: str = "", email: str = "first@example.invalid") -> None:
    """Put an inventor on the contact list."""
    save_contacts(world.db, world.person("officer"), [Contact(name, college, "", email)], NOW)


def secrets(world: World, stocktake_id: int) -> dict[str, str]:
    """Make links and return their secrets by name."""
    officer = world.person("officer")
    make_links(world.db, officer, stocktake_id, NOW, mail=False)
    found, _ = links_of(world.db, officer, stocktake_id, NOW, secrets=True)
    return {link.name: link.secret for link in found}


def holder(world: World, stocktake_id: int, name: str = FIRST) -> Holder:
    """Return an inventor who holds a link and has said that it is theirs."""
    found = holder_of(world.db, secrets(world, stocktake_id)[name], NOW)
    assert found is not None
    return note_consent(world.db, found, NOW)


def step(world: World, item_id: int, name: str, role: str = "officer", **more: Any) -> int:
    """Take a step as the person in a role."""
    plain = {"why": "盘点会议意见", "review_on": date(2026, 9, 1)}
    options = {key: more.pop(key) for key in ("rating", "score", "expected_version") if key in more}
    asked = Asked(name, role, **{**plain, **more})
    return take_step(world.db, world.person(role), item_id, asked, now=NOW, **options)
