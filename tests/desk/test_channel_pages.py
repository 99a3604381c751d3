"""通知渠道 and 通知设置 over real peers, and the link in a letter that ends its kind."""

import re
from dataclasses import replace
from typing import Any

import pytest

from cases.delivering import queue_deliveries
from cases.mailing import unsubscribe_link
from cases.subscriptions import choices
from cases.tokens import signed, token_key
from desk.web.desk_state import Desk as RunningDesk
from exchange.delivering import Channels, deliver
from exchange.mail import MailSettings, Postman
from tests.cases.test_delivering import write_message
from tests.desk.conftest import Desk
from tests.exchange.peers import Box, End, mail_server, web_end
from tests.world import NOW

KEY = "0123456789abcdef0123"


def set_up(desk: Desk, **settings: Any) -> None:
    """Let the desk run with other settings."""
    state: RunningDesk = desk.app.state.desk
    changed = replace(
        state.settings, smtp_from="panhuo@example.invalid", allow_local_webhooks=True, **settings
    )
    desk.app.state.desk = replace(state, settings=changed)


def test_administrator_adds_and_tries_a_robot_whose_address_is_never_shown(desk: Desk) -> None:
    set_up(desk)
    browser = desk.browser("administrator")
    with web_end(End()) as end:
        url = f"http://127.0.0.1:{end.port}/cgi-bin/webhook/send?key={KEY}"
        fields = {"platform": "wecom", "name": "转化办群", "url": url, "kind": "reminder"}
        assert browser.post("/admin/channels/robots", fields).status_code == 303
        answer = browser.post("/admin/channels/robots/1/test")
        end.answer = b'{"errcode":93000,"errmsg":"invalid webhook url"}'
        refused = browser.post("/admin/channels/robots/1/test")
    assert "测试消息已被对方接受" in answer.text and "HTTP 200 errcode 0 ok" in answer.text
    assert "测试消息没有发出" in refused.text and "Webhook地址无效或机器人已被移除" in refused.text
    assert len(end.seen) == 2
    for page in (
        answer.text,
        refused.text,
        browser.get("/admin/channels").text,
        browser.get("/admin/audit").text,
    ):
        assert KEY not in page
    assert f"http://127.0.0.1:{end.port}/…0123" in answer.text


@pytest.mark.parametrize(
    ("platform", "url", "reason"),
    [
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "应含有key="),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?token=1", "应含有access_token="),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/", "应含有/hook/"),
        ("webhook", "ftp://example.invalid/x", "网址须以http://或https://开头"),
        ("webhook", "https://user:pass@example.invalid/", "不能带用户名或密码"),
        ("wecom", "dingtalk://abc", "不是企业微信群机器人的地址"),
        ("wecom", "wecombot://bad key!", "地址不完整或有误"),
        ("gossip", "https://example.invalid/", "没有这种平台"),
    ],
)
def test_address_that_cannot_be_right_is_refused_with_the_reason(
    desk: Desk, platform: str, url: str, reason: str
) -> None:
    browser = desk.browser("administrator")
    answer = browser.post(
        "/admin/channels/robots", {"platform": platform, "name": "群", "url": url, "kind": "reminder"}
    )
    assert (answer.status_code, reason in answer.text, "robots" in answer.text) == (422, True, True)


def test_test_letter_says_what_the_server_said(desk: Desk) -> None:
    browser = desk.browser("administrator")
    box = Box()
    with mail_server(box) as port:
        set_up(desk, smtp_host="127.0.0.1", smtp_port=port)
        sent = browser.post("/admin/channels/mail/test", {"to": "someone@example.invalid"})
        box.refusals["someone@example.invalid"] = "550 5.1.1 unknown"
        refused = browser.post("/admin/channels/mail/test", {"to": "someone@example.invalid"})
    assert [letter["To"] for letter in box.letters] == ["someone@example.invalid"]
    assert "250 2.0.0 queued as 4cT9Xk1" in sent.text
    assert "收件人someone@example.invalid被拒收（550 5.1.1 unknown）" in refused.text
    away = browser.post("/admin/channels/mail/test", {"to": "someone@example.invalid"})
    assert "拒绝连接，请核对PANHUO_SMTP_HOST和PANHUO_SMTP_PORT" in away.text


def refused_letter(desk: Desk) -> None:
    """Queue a letter and have it refused."""
    with desk.world.db.cursor() as cur:
        queue_deliveries(cur, write_message(cur, desk.world), NOW, mail=True)
    box = Box(refusals={"officer@example.invalid": "550 5.1.1 unknown"})
    with mail_server(box) as port:
        set_up(desk, smtp_host="127.0.0.1", smtp_port=port)
        settings = desk.app.state.desk.settings
        deliver(Channels(desk.world.db, settings, Postman(MailSettings.of(settings)), lambda: NOW), "mail:1")


def test_failure_is_shown_to_both_and_sent_again_by_hand_once(desk: Desk) -> None:
    refused_letter(desk)
    browser = desk.browser("administrator")
    page = browser.get("/admin/channels").text
    assert "收件人officer@example.invalid被拒收（550 5.1.1 unknown）" in page
    assert "退信1次" in page
    own = desk.browser("officer").get("/my/notifications").text
    assert "被拒收或退信" in own and "发往您邮箱的邮件曾被退回" in own
    assert browser.post("/admin/channels/deliveries/2/again").status_code == 303
    assert browser.post("/admin/channels/deliveries/2/again").status_code == 409
    assert browser.post("/admin/channels/deliveries/999/again").status_code == 404
    browser.post(f"/admin/channels/addresses/{desk.world.person('officer').id}/usable")
    assert "退信1次" not in browser.get("/admin/channels").text


def test_deliveries_of_others_are_not_shown(desk: Desk) -> None:
    refused_letter(desk)
    assert "被拒收" not in desk.browser("finance").get("/my/notifications").text
    assert desk.browser("officer").get("/admin/channels").status_code == 403


def test_choice_is_kept(desk: Desk) -> None:
    browser = desk.browser("officer")
    assert browser.post("/my/notifications", {"approval": "off", "reminder": "daily"}).status_code == 303
    assert browser.post("/my/notifications", {"approval": "weekly"}).status_code == 422
    with desk.world.db.read() as session:
        found = {c.kind: c.mode for c in choices(session, desk.world.person("officer")) if not c.is_default}
    assert found == {"approval": "off", "reminder": "daily"}


def test_link_of_a_letter_asks_first_and_ends_its_kind_only(desk: Desk) -> None:
    officer = desk.world.person("officer")
    key = token_key(desk.world.db, NOW)
    link = unsubscribe_link(desk.app.state.desk.settings, key, officer.org_id, officer.id, "approval")
    path = "/" + link.split("/", 3)[3]
    guest = desk.guest()

    def off() -> list[str]:
        with desk.world.db.read() as session:
            return [c.kind for c in choices(session, officer) if c.mode == "off"]

    assert "确认退订" in guest.get(path).text
    assert off() == []
    answer = guest.post(path, {"List-Unsubscribe": "One-Click"})
    assert ("已退订“审批”邮件" in answer.text, off()) == (True, ["approval"])


def test_link_that_was_not_signed_for_this_is_unknown(desk: Desk) -> None:
    officer, key = desk.world.person("officer"), token_key(desk.world.db, NOW)
    good = signed(key, "unsubscribe", officer.org_id, officer.id, "approval")
    wrong = [
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.replace("approval", "reminder"),
        re.sub(r"^\d+\.\d+", f"{officer.org_id}.{officer.id + 1}", good),
        signed(key, "bounce", officer.org_id, officer.id, "approval"),
        signed(key, "unsubscribe", officer.org_id, officer.id, "gossip"),
        "x", "%00", "1.2",
    ]  # fmt: skip
    guest = desk.guest()
    assert {guest.post(f"/unsubscribe/{token}").status_code for token in wrong} == {404}
    with desk.world.db.read() as session:
        assert all(choice.is_default for choice in choices(session, officer))


def feed_path(desk: Desk) -> str:
    page = desk.browser("officer").post("/my/feed").text
    return str(re.findall(r"/feed/[^\"]+\.ics", page)[0])


def test_calendar_that_did_not_change_is_not_sent_again(desk: Desk) -> None:
    path, guest = feed_path(desk), desk.guest()
    first = guest.get(path)
    again = guest.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "no-store"
    assert (again.status_code, again.content) == (304, b"")


def test_calendar_link_that_ended_is_as_unknown_as_one_that_never_was(desk: Desk) -> None:
    path, guest = feed_path(desk), desk.guest()
    assert guest.get(path).status_code == 200
    desk.browser("officer").post("/my/feed/end")
    ended, never = guest.get(path), guest.get(f"/feed/{'x' * 32}.ics")
    assert (ended.status_code, never.status_code, ended.text == never.text) == (404, 404, True)


def test_whoever_guesses_calendar_links_is_slowed_down(desk: Desk) -> None:
    path, guest = feed_path(desk), desk.guest()
    answers = [guest.get(f"/feed/{number:032}.ics").status_code for number in range(40)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert guest.get(path).status_code == 200
