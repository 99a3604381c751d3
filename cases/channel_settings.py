"""The settings of the channels, read from the environment and checked one by one."""

import re
from collections.abc import Callable, Mapping
from typing import Any

MAILBOX = re.compile(
    r"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\Z"
)
IMPLICIT_TLS_PORT = 465
_HOST = re.compile(r"\A[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z|\A(?:[0-9A-Fa-f]*:){2,}[0-9A-Fa-f.]*\Z")
_TEXTS = {
    "smtp_host": "PANHUO_SMTP_HOST", "smtp_user": "PANHUO_SMTP_USER", "smtp_from": "PANHUO_SMTP_FROM",
    "smtp_ca": "PANHUO_SMTP_CA", "bounce_address": "PANHUO_BOUNCE_ADDRESS", "bounce_host": "PANHUO_BOUNCE_IMAP_HOST",
    "bounce_user": "PANHUO_BOUNCE_IMAP_USER", "bounce_folder": "PANHUO_BOUNCE_IMAP_FOLDER",
}  # fmt: skip
_SECRETS = {"smtp_password": "PANHUO_SMTP_PASSWORD", "bounce_password": "PANHUO_BOUNCE_IMAP_PASSWORD"}
_PORTS = {"smtp_port": ("PANHUO_SMTP_PORT", 25), "bounce_port": ("PANHUO_BOUNCE_IMAP_PORT", 993)}
_SWITCHES = {
    "smtp_starttls": "PANHUO_SMTP_STARTTLS", "smtp_tls": "PANHUO_SMTP_TLS", "bounce_tls": "PANHUO_BOUNCE_IMAP_TLS",
    "allow_local_webhooks": "PANHUO_ALLOW_LOCAL_WEBHOOKS",
}  # fmt: skip


def channel_settings(environment: Mapping[str, str], secret: Callable[[str], str]) -> dict[str, Any]:
    """Return the fields of `Settings` that concern channels; `secret` reads a variable that may lie in a file.

    Raises: ValueError naming the variable whose value is not usable, and what would be.
    """
    found: dict[str, Any] = {field: environment.get(name, "").strip() for field, name in _TEXTS.items()}
    found |= {field: secret(name) for field, name in _SECRETS.items()}
    found |= {field: _port(environment, *of) for field, of in _PORTS.items()}
    found |= {field: _yes(environment.get(name, "")) for field, name in _SWITCHES.items()}
    found["smtp_tls"] = found["smtp_tls"] or found["smtp_port"] == IMPLICIT_TLS_PORT
    found["bounce_tls"] = found["bounce_tls"] or "PANHUO_BOUNCE_IMAP_TLS" not in environment
    found["bounce_folder"] = found["bounce_folder"] or "INBOX"
    _check(found)
    return found


def _check(found: Mapping[str, Any]) -> None:
    for field in ("smtp_host", "bounce_host"):
        if found[field] and not _HOST.match(found[field]):
            raise ValueError(
                f"{_TEXTS[field]} must be a host name without protocol or port, not {found[field]!r}"
            )
    if found["smtp_from"] and not MAILBOX.match(found["smtp_from"]):
        raise ValueError(
            f"PANHUO_SMTP_FROM must be an address like tto@example.cn, not {found['smtp_from']!r}"
        )
    bounce = found["bounce_address"]
    if bounce and not MAILBOX.match(bounce.replace("*", "1", 1)):
        raise ValueError(
            f"PANHUO_BOUNCE_ADDRESS must be an address like bounces+*@example.cn (* stands for a mark), not {bounce!r}"
        )
    if found["smtp_tls"] and found["smtp_starttls"]:
        raise ValueError("PANHUO_SMTP_TLS (or port 465) and PANHUO_SMTP_STARTTLS exclude each other: set one")
    if found["smtp_user"] and not found["smtp_password"]:
        raise ValueError("PANHUO_SMTP_PASSWORD must be set beside PANHUO_SMTP_USER")


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise ValueError(f"{name} must be a number from 1 to 65535, not {value!r}")
    return int(value)


def _yes(value: str) -> bool:
    return value.strip().lower() in {"1", "true", "yes", "on"}
