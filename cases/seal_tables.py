"""The tables of sealed papers: the public keys of the institutions, and what each sealed paper vouches for."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables it refers to


class InstitutionKey(SQLModel, table=True):
    """A public key under which an institution seals its papers (raw Ed25519 in hex).

    The private part is a file of the installation and never stands here. `key_id` are the first 16 digits of the
    fingerprint. Old keys stay, because papers sealed with them stay.
    """

    __tablename__ = "institution_key"
    __table_args__ = (UniqueConstraint("key_id", name="uq_institution_key_id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    key_id: str
    public_key: str
    fingerprint: str
    created_at: datetime


class IssuedPaper(SQLModel, table=True):
    """What the QR code of a document vouches for; one row for each document that was sealed."""

    __tablename__ = "issued_paper"
    __table_args__ = (UniqueConstraint("document_id", name="uq_issued_paper_document"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    document_id: int = Field(foreign_key="document.id")
    key_id: str
    content_hash: str = Field(index=True)
    number: str
    day: date | None = None
