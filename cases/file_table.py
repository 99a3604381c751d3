"""The table of files that people have added to a case; the bytes lie in the file store under `sha256`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables it refers to


class CaseFile(SQLModel, table=True):
    """A file of a case, as it was uploaded; never changed, never overwritten.

    `kind` is one of `cases.file_kinds.KINDS`. The same bytes of one kind stand once in a case.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "sha256", name="uq_case_file_once"),
        CheckConstraint("size > 0", name="ck_case_file_size"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    case_id: int = Field(foreign_key="conversion_case.id")
    kind: str
    filename: str
    media_type: str
    sha256: str = Field(index=True)
    size: int
    uploaded_by: int = Field(foreign_key="app_user.id")
    uploaded_at: datetime
    note: str = ""
