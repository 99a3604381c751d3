"""Posts JSON to an address that an administrator set, and to no other place that it might lead to.

The name is resolved once, every address of it is checked, and the connection goes to what was checked: a name that
answers differently a moment later changes nothing. Redirects are not followed. Link-local addresses, where clouds keep
their credentials, are never called; this machine itself only where a setting allows it.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 15.0
MOST_ANSWER = 20_000
# Where clouds that do not use link-local addresses keep their credentials.
METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254", "192.0.0.192")))


class PostProblem(Exception):
    """A post that was not accepted; the Chinese text says why and shows no address whole."""

    def __init__(self, message: str, *, doubtful: bool = False) -> None:
        super().__init__(message)
        self.message, self.doubtful = message, doubtful


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    body: bytes


def check_url(url: str) -> None:
    """Check that an address can be posted to, as far as it can be told without resolving its name.

    Raises: PostProblem.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise PostProblem("网址格式不正确") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PostProblem("网址须以http://或https://开头并含主机名")
    if parts.username or parts.password:
        raise PostProblem("网址中不能带用户名或密码")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise PostProblem("网址中有空格或不能识别的字符")


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allow_local: bool, timeout: float = TIMEOUT_SECONDS
) -> Answer:
    """Post JSON and return the answer, whatever its status.

    Raises: PostProblem if the address is not allowed, or nothing answers.
    """
    check_url(url)
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = _resolved(host, port, allow_local)
    connection = (_Tls if secure else _Plain)(host, port, address, timeout)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    handed = False
    try:
        connection.connect()
        handed = True
        told = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Panhuo", **headers}
        connection.request("POST", target, body, told)
        response = connection.getresponse()
        return Answer(response.status, response.read(MOST_ANSWER))
    except ssl.SSLCertVerificationError as error:
        raise PostProblem(f"{host}的证书不可信（{error.verify_message}）") from error
    except TimeoutError as error:
        raise PostProblem(f"{host}超过{timeout:g}秒没有应答", doubtful=handed) from error
    except (OSError, http.client.HTTPException) as error:
        what = "没有给出完整应答" if handed else "无法连接"
        raise PostProblem(f"{host}{what}（{type(error).__name__}）", doubtful=handed) from error
    finally:
        connection.close()


def _resolved(host: str, port: int, allow_local: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise PostProblem(f"找不到主机{host}（域名解析失败）") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        _check_address(address, allow_local)
    return addresses[0]


def _check_address(address: str, allow_local: bool) -> None:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        if not allow_local:
            raise PostProblem("网址指向本机，未经PANHUO_ALLOW_LOCAL_WEBHOOKS允许不会访问")
    elif ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved or ip in METADATA:
        raise PostProblem("网址指向链路本地、云主机元数据等保留地址，不允许访问")


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was checked."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Tls(_Plain):
    """The same, encrypted; the certificate must be that of the name."""

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
