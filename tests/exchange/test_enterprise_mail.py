"""Letters to enterprises over a real mail server: once, with links to the portal, and a reason where they fail."""

import pytest

from cases.enterprise_letters import letters_of, queue_letter
from cases.outbox import claim
from cases.tables import Company
from exchange.delivering import Channels
from exchange.enterprise_mail import send_enterprise_letter
from exchange.mail import MailProblem
from tests.exchange.peers import Box, free_port
from tests.exchange.post_office import channels_at
from tests.world import NOW, World

LINE = {"title": "一种隔膜的制备方法", "note": "202010100001.9", "path": "/enterprise/patents/1"}


def queued(world: World, email: str = "ip@example.invalid") -> tuple[int, ...]:
    with world.db.write() as session:
        session.get_one(Company, world.company_id).email = email
    with world.db.cursor() as cur:
        return queue_letter(cur, world.org_id, world.company_id, "向贵企业推荐1件可转化专利", [LINE], NOW)


def stored(world: World) -> tuple[str, str]:
    with world.db.read() as session:
        (letter,) = letters_of(session, world.org_id, world.company_id)
    return letter.status, letter.proof


def test_a_letter_leads_to_the_portal_and_goes_out_once(world: World, channels: Channels, box: Box) -> None:
    (letter_id,) = queued(world)
    (work,) = claim(world.db, NOW)
    assert (work.topic, work.payload) == ("enterprise_letter", {"letter_id": letter_id})
    send_enterprise_letter(channels, letter_id)
    assert send_enterprise_letter(channels, letter_id) == "已送达或已不存在"
    (letter,) = box.letters
    text, html = (part.get_content() for part in letter.walk() if not part.is_multipart())
    assert (letter["To"], letter["Subject"]) == (
        "ip@example.invalid", "【沧澜理工大学】向贵企业推荐1件可转化专利",
    )  # fmt: skip
    assert "请登录办理：https://ph.example.invalid/enterprise\r" in text
    assert 'href="https://ph.example.invalid/enterprise/patents/1"' in html
    assert "/messages" not in text + html
    assert stored(world)[0] == "sent"


def test_a_company_without_an_address_gets_no_letter(world: World) -> None:
    assert queued(world, "") == ()


def test_a_server_that_is_away_is_told_and_tried_again(world: World, channels: Channels) -> None:
    (letter_id,) = queued(world)
    away = channels_at(world.db, channels.settings.home, free_port())
    with pytest.raises(MailProblem):
        send_enterprise_letter(away, letter_id)
    assert stored(world)[0] == "failed"
    send_enterprise_letter(channels, letter_id)
    assert stored(world)[0] == "sent"
