"""Sealing a paper: the text of its QR code, from the institution's private key and what the paper says.

In: a key and the facts of a paper. Out: text. The same paper under the same key has the same text (Ed25519 is
deterministic). Where the key lies is not known here.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.seal.paper_checker import SCHEME, Claim, fingerprint, signed_part, token_of


@dataclass(frozen=True)
class Seal:
    """The institution's key, the address under which its papers are checked (or none), and the version of the paper."""

    key: Ed25519PrivateKey
    address: str = ""
    version: int = 1

    @property
    def public_key(self) -> bytes:
        """The raw public key."""
        return self.key.public_key().public_bytes_raw()

    def text(self, *, data: bytes, kind: str, number: str, day: date | None, draft: bool) -> str:
        """Return what the QR code of a paper holds; `data` is what the paper says, for machines."""
        key_id = fingerprint(self.public_key)[:16]
        claim = Claim(key_id, sha256(data).hexdigest(), kind, number, self.version, day, draft)
        token = token_of(claim, self.key.sign(signed_part(claim)))
        return f"{self.address}/v/{token}" if self.address else f"{SCHEME}{token}"
