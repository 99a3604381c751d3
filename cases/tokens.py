"""Marks that only this installation can make: in links of letters, and in letters so that a bounce can be believed."""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

from cases.db import Database

KEY = "token-key"
MARK_LENGTH = 32  # hex digits: 128 bits
READ = "SELECT body FROM secret WHERE name = ?"
ADD = "INSERT INTO secret (name, body, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"


def token_key(db: Database, now: datetime) -> bytes:
    """Return the installation's key; made on first use, the same for every process."""
    with db.cursor() as cur:
        row = cur.one(READ, KEY)
        if row is None:
            cur.run(ADD, KEY, secrets.token_hex(32), cur.moment(now))
            row = cur.one(READ, KEY)
    return bytes.fromhex(row[0])


def signed(key: bytes, purpose: str, *parts: str | int) -> str:
    """Return the parts with their mark, joined by dots; a mark of one purpose does not hold for another."""
    text = ".".join(map(str, parts))
    return f"{text}.{_mark(key, purpose, text)}"


def parts_of(key: bytes, purpose: str, token: str) -> tuple[str, ...] | None:
    """Return the parts of a token if its mark holds, or None. Takes the same time for every wrong mark."""
    text, _, mark = token.rpartition(".")
    if not text or not mark.isascii() or not hmac.compare_digest(_mark(key, purpose, text), mark.lower()):
        return None
    return tuple(text.split("."))


def _mark(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(key, f"{purpose}\0{text}".encode(), sha256).hexdigest()[:MARK_LENGTH]
