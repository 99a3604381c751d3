"""The institution's key: made on first use, its private part a file of this installation, its public part in the record.

The private part lies under `keys` of the home, or of the folder that several hosts share, readable by its owner alone. Where
the file is gone (a record restored elsewhere), a new key is made; papers that were sealed before stay checkable by the old
public key.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlmodel import Session, col, select

from cases.db import Database
from cases.errors import Conflict
from cases.scope import Author, Origin
from cases.seal_tables import InstitutionKey
from cases.settings import Settings
from cases.trail import append_org, hold_org
from contracts.seal.paper_checker import fingerprint
from contracts.seal.sealing import Seal

ID_LENGTH = 16
VERB = "institution_key_made"
INSERT = (
    "INSERT INTO institution_key (org_id, key_id, public_key, fingerprint, created_at) VALUES (?, ?, ?, ?, ?)"
)
KEYS_OF = "SELECT key_id FROM institution_key WHERE org_id = ? ORDER BY id DESC"


@dataclass(frozen=True, slots=True)
class KeyView:
    """A public key of an institution as people see it."""

    org_id: int
    key_id: str
    public_key: str
    fingerprint: str
    created_at: datetime

    @property
    def raw(self) -> bytes:
        """The public key as bytes."""
        return bytes.fromhex(self.public_key)


def seal_of(
    db: Database, settings: Settings, org_id: int, version: int = 1, now: datetime | None = None
) -> Seal:
    """Return the seal of an institution for one version of a paper; its key is made if there is none here.

    Raises: Conflict if the key file cannot be read.
    Effects: at first use writes the key file, institution_key and the trail.
    """
    with db.read() as session:
        known = [key.key_id for key in keys_of(session, org_id)]
    key = next((_read(path) for name in known if (path := _path(settings, name)).exists()), None)
    return Seal(key or _made(db, settings, org_id, now or datetime.now(UTC)), settings.public_url, version)


def keys_of(session: Session, org_id: int) -> tuple[KeyView, ...]:
    """Return the public keys of an institution, the newest first."""
    query = (
        select(InstitutionKey).where(InstitutionKey.org_id == org_id).order_by(col(InstitutionKey.id).desc())
    )
    return tuple(_view(row) for row in session.exec(query))


def key_named(session: Session, key_id: str) -> KeyView | None:
    """Return the key of an id, whoever's it is; None for one that this record does not know."""
    row = session.exec(select(InstitutionKey).where(InstitutionKey.key_id == key_id)).first()
    return None if row is None else _view(row)


def public_pem(key: KeyView) -> str:
    """Return a public key as PEM text, as people hand it on."""
    loaded = Ed25519PublicKey.from_public_bytes(key.raw)
    return loaded.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _made(db: Database, settings: Settings, org_id: int, now: datetime) -> Ed25519PrivateKey:
    """Make a key, unless somebody has made one while this waited."""
    with db.cursor() as cur:
        hold_org(cur, org_id)
        for (name,) in cur.all(KEYS_OF, org_id):
            if (path := _path(settings, name)).exists():
                return _read(path)
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        whole = fingerprint(public)
        _write(_path(settings, whole[:ID_LENGTH]), key)
        cur.run(INSERT, org_id, whole[:ID_LENGTH], public.hex(), whole, cur.moment(now))
        append_org(cur, org_id, Author(None, "系统", Origin("setup")), VERB, {"fingerprint": whole}, now)
    return key


def _path(settings: Settings, key_id: str) -> Path:
    return settings.own / "keys" / f"{key_id}.pem"


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Conflict(
            f"单位签章密钥文件无法读取：{path.name}，请检查文件及其权限",
            "the institution's key cannot be read",
        ) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise Conflict(f"单位签章密钥文件不正确：{path.name}", "the institution's key is of another kind")
    return found


def _view(row: InstitutionKey) -> KeyView:
    return KeyView(row.org_id, row.key_id, row.public_key, row.fingerprint, row.created_at)
