"""What its reader did not want is not mailed, but for the statutory dates of their own."""

import orjson

from cases.subscriptions import choose
from exchange.delivering import Channels, deliver
from tests.exchange.peers import Box
from tests.exchange.post_office import LINE, OWED, row, tell_lines, told
from tests.world import NOW, World


def test_statutory_letter_offers_no_end_and_says_why(world: World, channels: Channels, box: Box) -> None:
    told(world, kind="reminder", role="officer")
    with world.db.cursor() as cur:
        cur.run("UPDATE message SET lines = ?", orjson.dumps([{**LINE, "kind": "statutory"}]).decode())
    deliver(channels, "mail:1")
    (letter,) = box.letters
    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["List-Unsubscribe"] is None
    assert "法定期限提醒不能退订" in body.get_content()


def test_statutory_date_of_somebody_elses_case_can_be_ended(
    world: World, channels: Channels, box: Box
) -> None:
    told(world, role="approver", kind_="statutory", owed=False)
    deliver(channels, "mail:1")
    (letter,) = box.letters
    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["List-Unsubscribe"].startswith("<https://ph.example.invalid/unsubscribe/")
    assert ("法定期限提醒不能退订" in body.get_content(), "退订“期限提醒”邮件" in body.get_content()) == (
        False,
        True,
    )


def test_letter_with_more_than_what_is_owed_can_be_ended_and_says_what_stays(
    world: World, channels: Channels, box: Box
) -> None:
    tell_lines(world, [OWED, {**LINE, "owed": False}], owed=True)
    deliver(channels, "mail:1")
    body = box.letters[0].get_body(("plain",))
    assert body is not None
    assert ("法定期限提醒不能退订" in body.get_content(), box.letters[0]["List-Unsubscribe"] is None) == (
        True,
        False,
    )


def test_letter_that_was_declined_holds_only_what_is_owed(world: World, channels: Channels, box: Box) -> None:
    choose(world.db, world.person("officer"), {"reminder": "off"}, NOW)
    tell_lines(world, [OWED, {**LINE, "title": "内部事项", "owed": False}], owed=True)
    deliver(channels, "mail:1")
    (letter,) = box.letters
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None and html is not None
    for body in (text.get_content(), html.get_content()):
        assert ("缴纳年费" in body, "内部事项" in body) == (True, False)
    assert letter["Subject"] == "【盘活】期限提醒：1项"
    assert letter["List-Unsubscribe"] is None


def test_letter_declined_while_it_waited_is_not_sent(world: World, channels: Channels, box: Box) -> None:
    told(world)
    choose(world.db, world.person("officer"), {"reminder": "off"}, NOW)
    assert deliver(channels, "mail:1") == "本人已退订此类邮件"
    assert (box.letters, row(world)["status"], row(world)["error"]) == ([], "skipped", "本人已退订此类邮件")


def test_gathered_letter_leaves_out_what_was_declined_meanwhile(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    officer = any_world.person("officer")
    choose(any_world.db, officer, {"reminder": "daily"}, NOW)
    told(any_world, kind="import:1", title="导入结果")
    told(any_world, title="内部事项")
    choose(any_world.db, officer, {"reminder": "off"}, NOW)
    deliver(any_channels, f"digest:{officer.id}:2026-03-02")
    (letter,) = box.letters
    body = letter.get_body(("plain",))
    assert body is not None
    assert ("导入结果" in body.get_content(), "内部事项" in body.get_content()) == (True, False)
    with any_world.db.cursor() as cur:
        assert cur.all("SELECT status FROM delivery WHERE channel = 'mail' ORDER BY id") == [
            ("sent",),
            ("skipped",),
        ]
