"""Group robots of WeCom, DingTalk and Feishu, and generic webhooks: addresses, payloads, signatures, answers.

Addresses are read by Apprise (its own forms, such as `wecombot://KEY`) or taken as the platform shows them. The posts
are our own: Apprise 1.12 calls a post sent when the platform answers 200 with an error code inside, encodes DingTalk's
signature twice, cannot sign for Feishu and follows redirects (`docs/adr/0035-delivery-ledger.md`).
"""

import base64
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import orjson

from cases.robots import PLATFORMS, RobotAddress
from cases.sending import Fault, Part
from exchange.webhooks import Answer, PostProblem, check_url, post

# What one text may hold, in bytes of UTF-8. Feishu's follows Apprise 1.12 (`plugins/feishu.py`: 19,985 characters), with
# some room left. WeCom's and DingTalk's stand in no source that this code was checked against: 待核实.
LIMITS = {"wecom": 2048, "dingtalk": 18_000, "feishu": 18_000, "webhook": 200_000}
NATIVE = {
    "wecombot": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token={token}",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
    "lark": "https://open.larksuite.com/open-apis/bot/v2/hook/{token}",
}
SERVICES = {
    "wecombot": "NotifyWeComBot",
    "dingtalk": "NotifyDingTalk",
    "feishu": "NotifyFeishu",
    "lark": "NotifyLark",
}
PLATFORM_OF = {"wecombot": "wecom", "dingtalk": "dingtalk", "feishu": "feishu", "lark": "feishu"}
# Where each platform's error code stands, and what its better known ones mean. From Apprise 1.12's source comes only what
# Feishu's answers look like (`code`, `msg`, with 9499 for a bad request); all else is general knowledge, tried with no
# platform: 待核实. A wrong meaning would only explain badly; that a code other than 0 is a refusal rests on none of them.
CODE = {"wecom": ("errcode", "errmsg"), "dingtalk": ("errcode", "errmsg"), "feishu": ("code", "msg")}
MEANING = {
    ("wecom", 93000): "Webhook地址无效或机器人已被移除",
    ("wecom", 45009): "发送过于频繁",
    ("dingtalk", 310000): "安全设置不符：核对加签密钥、关键词或IP白名单",
    ("dingtalk", 300001): "access_token无效或机器人已停用",
    ("dingtalk", 400101): "access_token无效或机器人已停用",
    ("dingtalk", 130101): "发送过于频繁",
    ("feishu", 19001): "Webhook地址无效或机器人已被移除",
    ("feishu", 19021): "签名不符或本机时间偏差超过1小时",
    ("feishu", 19024): "消息中没有机器人要求的关键词",
    ("feishu", 9499): "请求格式或地址无效",
    ("feishu", 11232): "发送过于频繁",
}
BUSY = frozenset({("wecom", 45009), ("dingtalk", 130101), ("feishu", 11232)})


class RobotProblem(Exception):
    """A post that a robot did not take; the Chinese text says why and shows no address whole."""

    def __init__(self, message: str, fault: Fault = "channel", *, doubtful: bool = False) -> None:
        super().__init__(message)
        self.message, self.fault, self.doubtful = message, fault, doubtful


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted: a text, and the same as data for a webhook. `key` is the same when it is posted again."""

    title: str
    lines: tuple[Mapping[str, Any], ...]
    link: str
    key: str


def address_from(platform: str, typed: str, secret: str = "") -> RobotAddress:
    """Return a robot's address from what an administrator typed: the platform's own or Apprise's form.

    Raises: RobotProblem telling what is wrong, without repeating it.
    """
    typed, secret = typed.strip(), secret.strip()
    if platform not in PLATFORMS:
        raise RobotProblem("没有这种平台")
    scheme = typed.partition("://")[0].lower()
    if scheme in NATIVE:
        return _from_apprise(platform, scheme, typed, secret)
    try:
        check_url(typed)
    except PostProblem as problem:
        raise RobotProblem(problem.message) from problem
    parts = urlsplit(typed)
    key = {"wecom": "key", "dingtalk": "access_token"}.get(platform)
    if key and not parse_qs(parts.query).get(key):
        raise RobotProblem(f"{PLATFORMS[platform][0]}的地址应含有{key}=，请从群设置中完整复制")
    if platform == "feishu" and "/hook/" not in parts.path:
        raise RobotProblem("飞书群机器人的地址应含有/hook/，请从群设置中完整复制")
    return RobotAddress(platform, typed, secret)


def _from_apprise(platform: str, scheme: str, typed: str, secret: str) -> RobotAddress:
    if PLATFORM_OF[scheme] != platform:
        raise RobotProblem(f"{scheme}://不是{PLATFORMS[platform][0]}的地址")
    # Its own look-up would import every service that it knows.
    service = getattr(import_module(f"apprise.plugins.{scheme}"), SERVICES[scheme])
    try:
        found = service(**(service.parse_url(typed) or {}))
    except TypeError as error:
        raise RobotProblem("地址不完整或有误，请从群设置中完整复制") from error
    token = getattr(found, "key", None) or getattr(found, "token", None)
    own = secret or str(getattr(found, "secret", None) or "")
    return RobotAddress(platform, NATIVE[scheme].format(token=quote(str(token), safe="")), own)


def masked(address: RobotAddress) -> str:
    """Return an address as people may see it: where it leads, and the last characters of what opens it."""
    parts = urlsplit(address.url)
    tail = address.url[-4:] if len(address.url) - len(parts.netloc) > 24 else ""
    return f"{parts.scheme}://{parts.netloc}/…{tail}"


def send_post(
    address: RobotAddress, content: Post, now: datetime, *, allow_local: bool, hand: Callable[[], None]
) -> str:
    """Post to a robot and return the platform's own words of acceptance.

    Args:
        hand: called just before the platform is given the post.

    Raises: RobotProblem, also when the platform answers 200 and says in the body that it did not take the post.
    """
    url, body, headers = PAYLOADS[address.platform](address, content, now)
    hand()
    try:
        answer = post(url, body, headers, allow_local=allow_local)
    except PostProblem as problem:
        raise RobotProblem(_without(problem.message, address), doubtful=problem.doubtful) from problem
    return _accepted(address, answer)


def merged(parts: Iterable[Part]) -> tuple[Mapping[str, Any], ...]:
    """Return the lines of several messages, each once: the same deadline was told to several people."""
    found: dict[tuple[object, ...], Mapping[str, Any]] = {}
    for part in parts:
        for line in part.lines:
            found.setdefault(
                (line.get("case_no"), line.get("title"), line.get("due"), line.get("note")), line
            )
    return tuple(sorted(found.values(), key=lambda line: str(line.get("due") or "9999")))


def text_of(content: Post, limit: int) -> str:
    """Return a post as text of at most `limit` bytes; what does not fit is counted, and the link is always there."""
    lines = [_line(number, line) for number, line in enumerate(content.lines, 1)]
    for shown in range(len(lines), -1, -1):
        more = [f"余{len(lines) - shown}项，请登录查看"] if shown < len(lines) else []
        text = "\n".join([f"【盘活】{content.title}", *lines[:shown], *more, content.link])
        if len(text.encode()) <= limit:
            return text
    return content.link


def _line(number: int, line: Mapping[str, Any]) -> str:
    head = " ".join(str(line[name]) for name in ("case_no", "title") if line.get(name))
    due = f"，期限{line['due']}{_left(line.get('days_left'))}" if line.get("due") else ""
    note = f"：{line['note']}" if line.get("note") else ""
    return f"{number}. {head}{due}{note}"


def _left(days: object) -> str:
    if not isinstance(days, int):
        return ""
    return f"（已逾期{-days}天）" if days < 0 else "（今日到期）" if days == 0 else f"（还有{days}天）"


def _wecom(address: RobotAddress, content: Post, _: datetime) -> tuple[str, bytes, dict[str, str]]:
    text = text_of(content, LIMITS["wecom"])
    return address.url, orjson.dumps({"msgtype": "text", "text": {"content": text}}), {}


def _dingtalk(address: RobotAddress, content: Post, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    text, url = text_of(content, LIMITS["dingtalk"]), address.url
    if address.secret:
        stamp = str(int(now.timestamp() * 1000))
        mark = _mac(address.secret, f"{stamp}\n{address.secret}")
        url += f"&timestamp={stamp}&sign={quote(base64.b64encode(mark), safe='')}"
    return url, orjson.dumps({"msgtype": "text", "text": {"content": text}}), {}


def _feishu(address: RobotAddress, content: Post, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text_of(content, LIMITS["feishu"])}}
    if address.secret:
        stamp = str(int(now.timestamp()))
        body |= {
            "timestamp": stamp,
            "sign": base64.b64encode(_mac(f"{stamp}\n{address.secret}", "")).decode(),
        }
    return address.url, orjson.dumps(body), {}


def _webhook(address: RobotAddress, content: Post, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    body = orjson.dumps(
        {
            "version": 1, "id": content.key, "title": content.title, "lines": list(content.lines[:500]),
            "more": max(0, len(content.lines) - 500), "link": content.link,
        }
    )  # fmt: skip
    stamp = str(int(now.timestamp()))
    mark = hmac.new(address.secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    headers = {
        "Idempotency-Key": content.key,
        "X-Panhuo-Timestamp": stamp,
        "X-Panhuo-Signature": f"sha256={mark}",
    }
    return address.url, body, headers


PAYLOADS = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu, "webhook": _webhook}


def _mac(key: str, text: str) -> bytes:
    return hmac.new(key.encode(), text.encode(), sha256).digest()


def _accepted(address: RobotAddress, answer: Answer) -> str:
    platform, name = address.platform, PLATFORMS[address.platform][0]
    if not 200 <= answer.status < 300:
        fault: Fault = "temporary" if answer.status in (408, 425, 429) or answer.status >= 500 else "refused"
        raise RobotProblem(f"{name}拒绝：HTTP {answer.status}", fault)
    if platform == "webhook":
        return f"HTTP {answer.status}"
    code_name, text_name = CODE[platform]
    told = _json(answer.body)
    code = told.get(code_name)
    text = _without("".join(c for c in str(told.get(text_name, "")) if c.isprintable())[:200], address)
    if code is None:
        raise RobotProblem(
            f"{name}的应答不能识别，未确认收到；请核对地址是否为群机器人的Webhook", doubtful=True
        )
    if code != 0:
        meaning = MEANING.get((platform, code), "") if isinstance(code, int) else ""
        busy = isinstance(code, int) and (platform, code) in BUSY
        raise RobotProblem(
            f"{name}拒绝：{code_name} {code} {text}"
            + (f"（可能原因，待核实：{meaning}）" if meaning else ""),
            "temporary" if busy else "refused",
        )
    return f"HTTP {answer.status} {code_name} 0 {text}".strip()


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _without(text: str, address: RobotAddress) -> str:
    """Return a text in which neither the address nor its secret stands whole."""
    parts = urlsplit(address.url)
    secrets = [
        address.url,
        address.secret,
        parts.path,
        *(v for vs in parse_qs(parts.query).values() for v in vs),
    ]
    for secret in secrets:
        if len(secret) > 6:
            text = text.replace(secret, "…")
    return text
