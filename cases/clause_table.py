"""The table of clause texts: sets of them under their SHA-256, written once, never changed."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class ClauseSetRow(SQLModel, table=True):
    """The texts of a contract as canonical JSON (`contracts.library.texts`); a case's data name the digest."""

    __tablename__ = "clause_set"

    org_id: int = Field(foreign_key="organization.id", primary_key=True)
    sha256: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    created_at: datetime
