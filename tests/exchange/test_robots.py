"""Group robots over a real HTTP server: payloads, signatures, limits, answers, and where posts may not go.

None of the three platforms was called, and their own documents were not read for this.
From Apprise 1.12's source (`plugins/feishu.py`, `plugins/dingtalk.py`): what Feishu's answers look like (`code`, `msg`; 0 is
success, 9499 a bad request), that it takes some 20,000 characters, and over which text DingTalk's signature is computed.
From general knowledge, 待核实: `errcode` and `errmsg` of WeCom and DingTalk; every other error code and what it means (93000,
45009; 310000, 300001, 400101, 130101; 19001, 19021, 19024, 11232); WeCom's 2,048 and DingTalk's 20,000 bytes; how Feishu
signs. These tests show that the code does what is written here, not that the platforms do.
"""

import base64
import hmac
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from cases.robots import RobotAddress
from exchange.robots import LIMITS, Post, RobotProblem, address_from, masked, send_post, text_of
from exchange.webhooks import PostProblem, post
from tests.exchange.peers import End, free_port, web_end

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LINES = tuple(
    {"case_no": f"ZH2026-{n:05}", "title": "许可合同备案", "due": "2026-07-01"} for n in range(1, 4)
)
CONTENT = Post("期限提醒：3项", LINES, "https://ph.example.invalid/messages", "robot:1:2026-03-02")
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=abcdef0123456789",
    "dingtalk": "/robot/send?access_token=abcdef0123456789",
    "feishu": "/open-apis/bot/v2/hook/abcdef0123456789",
    "webhook": "/panhuo",
}
SECRET = "SEC0123456789"  # noqa: S105  of nobody


def send(end: End, platform: str, secret: str = "", *, allow_local: bool = True) -> str:
    address = RobotAddress(platform, f"http://127.0.0.1:{end.port}{PATHS[platform]}", secret)
    return send_post(address, CONTENT, NOW, allow_local=allow_local, hand=lambda: None)


def refused(end: End, platform: str) -> RobotProblem:
    with pytest.raises(RobotProblem) as caught:
        send(end, platform)
    return caught.value


def test_wecom_gets_text() -> None:
    with web_end(End()) as end:
        assert send(end, "wecom") == "HTTP 200 errcode 0 ok"
    ((path, headers, body),) = end.seen
    told = orjson.loads(body)
    assert (path, headers["content-type"]) == (PATHS["wecom"], "application/json; charset=utf-8")
    assert (told["msgtype"], told["text"]["content"].splitlines()[0]) == ("text", "【盘活】期限提醒：3项")


def test_dingtalk_is_signed_as_it_says() -> None:
    """timestamp in ms and the secret, joined by a new line, under HMAC-SHA256 with the secret, in base64, encoded once."""
    with web_end(End()) as end:
        send(end, "dingtalk", SECRET)
    ((path, _, body),) = end.seen
    query = parse_qs(urlsplit(path).query)
    stamp = query["timestamp"][0]
    expected = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), sha256).digest()
    assert stamp == "1772416800000"
    assert base64.b64decode(query["sign"][0]) == expected
    assert orjson.loads(body)["msgtype"] == "text"


def test_feishu_is_signed_as_it_says() -> None:
    """The key is the timestamp in seconds and the secret, joined by a new line; the text is empty."""
    with web_end(End(answer=b'{"code":0,"data":{},"msg":"success"}')) as end:
        assert send(end, "feishu", SECRET) == "HTTP 200 code 0 success"
    told = orjson.loads(end.seen[0][2])
    expected = hmac.new(f"{told['timestamp']}\n{SECRET}".encode(), b"", sha256).digest()
    assert (told["timestamp"], base64.b64decode(told["sign"])) == ("1772416800", expected)
    assert told["msg_type"] == "text"


def test_webhook_gets_data_that_it_can_check() -> None:
    with web_end(End(status=204, answer=b"")) as end:
        assert send(end, "webhook", SECRET) == "HTTP 204"
    ((_, headers, body),) = end.seen
    stamp = headers["x-panhuo-timestamp"]
    mark = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    assert headers["x-panhuo-signature"] == f"sha256={mark}"
    assert headers["idempotency-key"] == CONTENT.key
    assert (orjson.loads(body)["lines"], orjson.loads(body)["id"]) == (list(LINES), CONTENT.key)


@pytest.mark.parametrize(
    ("platform", "answer", "fault", "said"),
    [
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}', "refused", "Webhook地址无效"),
        ("wecom", b'{"errcode":45009,"errmsg":"api freq out of limit"}', "temporary", "发送过于频繁"),
        ("dingtalk", b'{"errcode":310000,"errmsg":"sign not match"}', "refused", "核对加签密钥"),
        ("feishu", b'{"code":19021,"msg":"sign match fail"}', "refused", "签名不符"),
        ("feishu", b'{"code":9499,"msg":"Bad Request","data":{}}', "refused", "9499 Bad Request"),
        ("wecom", b"<html>login please</html>", "channel", "未确认收到"),
        ("wecom", b"[]", "channel", "未确认收到"),
        ("feishu", b"{}", "channel", "未确认收到"),
    ],
)
def test_200_is_not_yet_sent(platform: str, answer: bytes, fault: str, said: str) -> None:
    with web_end(End(answer=answer)) as end:
        found = refused(end, platform)
    assert (found.fault, said in found.message, "abcdef0123456789" in found.message) == (fault, True, False)


@pytest.mark.parametrize(
    ("status", "fault"),
    [(400, "refused"), (404, "refused"), (429, "temporary"), (500, "temporary"), (503, "temporary")],
)
def test_status_tells_whether_to_try_again(status: int, fault: str) -> None:
    with web_end(End(status=status)) as end:
        assert refused(end, "webhook").fault == fault


def test_redirect_is_not_followed() -> None:
    with web_end(End()) as goal, web_end(End(status=302, answer=b"")) as end:
        end.headers = {"Location": f"http://127.0.0.1:{goal.port}/"}
        assert refused(end, "webhook").message == "通用Webhook拒绝：HTTP 302"
    assert goal.seen == []


def test_server_that_hangs_up_leaves_a_doubt() -> None:
    with web_end(End(hang_up=True)) as end:
        assert refused(end, "webhook").doubtful
    with pytest.raises(RobotProblem) as caught:
        send(End(port=free_port()), "webhook")
    assert (caught.value.doubtful, caught.value.fault) == (False, "channel")


def test_this_machine_is_called_only_where_it_is_allowed() -> None:
    with web_end(End()) as end:
        with pytest.raises(RobotProblem) as caught:
            send(end, "webhook", allow_local=False)
        assert end.seen == []
    assert "PANHUO_ALLOW_LOCAL_WEBHOOKS" in caught.value.message


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "[fe80::1]", "100.100.100.200", "0.0.0.0", "[::]", "224.0.0.1", "255.255.255.255",
        "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "2852039166", "0xA9FEA9FE",
    ],
)  # fmt: skip
def test_reserved_addresses_are_never_called(host: str) -> None:
    with pytest.raises(PostProblem) as caught:
        post(f"http://{host}/latest/meta-data", b"{}", {}, allow_local=True, timeout=2)
    assert "保留地址" in caught.value.message


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_known_by_all_its_names(host: str) -> None:
    with pytest.raises(PostProblem) as caught:
        post(f"http://{host}:9/", b"{}", {}, allow_local=False, timeout=2)
    assert "网址指向本机" in caught.value.message


@pytest.mark.parametrize("platform", LIMITS)
@pytest.mark.parametrize("count", [0, 1, 30, 2000])
def test_text_fits_and_counts_what_it_leaves_out(platform: str, count: int) -> None:
    lines = tuple(
        {"case_no": f"ZH2026-{n:05}", "title": "㛃" * 20, "due": "2026-07-01", "days_left": n}
        for n in range(count)
    )
    limit = min(LIMITS[platform], 20_000)
    text = text_of(Post("期限提醒", lines, CONTENT.link, "k"), limit)
    shown = sum(line[0].isdigit() for line in text.splitlines())
    assert len(text.encode()) <= limit
    assert text.splitlines()[-1] == CONTENT.link
    assert (f"余{count - shown}项，请登录查看" in text) == (shown < count)


@pytest.mark.parametrize(
    ("platform", "typed", "url", "secret"),
    [
        (
            "wecom",
            "wecombot://abc-DEF_1",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-DEF_1",
            "",
        ),
        (
            "dingtalk",
            "dingtalk://SEC1@tok2",
            "https://oapi.dingtalk.com/robot/send?access_token=tok2",
            "SEC1",
        ),
        ("feishu", "feishu://a-b-c", "https://open.feishu.cn/open-apis/bot/v2/hook/a-b-c", ""),
        (
            "wecom",
            " https://wecom.example.invalid/send?key=1 ",
            "https://wecom.example.invalid/send?key=1",
            "",
        ),
    ],
)
def test_addresses_are_read_in_both_forms(platform: str, typed: str, url: str, secret: str) -> None:
    found = address_from(platform, typed)
    assert (found.url, found.secret) == (url, secret)
    assert "key=" not in repr(found)


def test_masked_address_opens_nothing() -> None:
    address = RobotAddress(
        "wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    )
    assert masked(address) == "https://qyapi.weixin.qq.com/…5aaa"
    assert masked(RobotAddress("webhook", "https://h.example.invalid/abc")) == "https://h.example.invalid/…"
