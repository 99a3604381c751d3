"""The letter with a personal link, over a real mail server."""

import re
from datetime import timedelta

from cases.rating_by_link import own_items, submit
from cases.rating_links import holder_of, links_of, make_links
from cases.stocktakes import close_stocktake
from exchange.delivering import Channels
from exchange.rating_letters import GONE, NOTHING, deliver_link
from tests.cases.stocktaking import FIRST, RATING, contact, holder, stocktake
from tests.exchange.peers import Box
from tests.world import NOW, World


def linked(world: World) -> tuple[int, int]:
    """Return a campaign and the link of an inventor in it."""
    id_ = stocktake(world)
    contact(world)
    officer = world.person("officer")
    make_links(world.db, officer, id_, NOW, mail=True)
    return id_, links_of(world.db, officer, id_, NOW)[0][0].id


def test_letter_carries_the_link_and_nothing_of_others(world: World, channels: Channels, box: Box) -> None:
    id_, link_id = linked(world)
    deliver_link(channels, link_id)
    (letter,) = box.letters
    text = letter.get_body(("plain",))
    assert text is not None
    body = text.get_content()
    found = re.search(r"/rate/(\S+)", body)
    assert found is not None
    assert letter["To"] == "first@example.invalid"
    assert "请自评专利：2026年存量专利盘点（5件" in letter["Subject"]
    owner = holder_of(world.db, found[1], NOW)
    assert owner is not None
    assert (owner.name, body.count("一种锂离子电池隔膜")) == (FIRST, 5)
    link = links_of(world.db, world.person("officer"), id_, NOW)[0][0]
    assert (link.mailed, link.mail_error) == (True, "")


def test_nobody_is_written_to_who_is_through_or_whose_stocktake_is_over(
    world: World, channels: Channels, box: Box
) -> None:
    id_, link_id = linked(world)
    who = holder(world, id_)
    for item in own_items(world.db, who):
        submit(world.db, who, item.id, RATING, expected_version=1, now=NOW)
    assert deliver_link(channels, link_id) == NOTHING
    close_stocktake(world.db, world.person("officer"), id_, NOW + timedelta(days=1))
    assert deliver_link(channels, link_id) == GONE
    assert box.letters == []
