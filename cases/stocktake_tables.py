"""The tables of stocktaking 盘点: campaigns, their items, the inventors and their links, scores, samples, history."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

import cases.tables  # noqa: F401  the tables they refer to

ITEM_STATES = "('waiting', 'returned', 'rated', 'passed', 'reviewed', 'pooled', 'disposed', 'left_out')"


class Inventor(SQLModel, table=True):
    """A person of the contact list, known by name and college; `user_id` if they have an account as well."""

    __tablename__ = "inventor"
    __table_args__ = (
        UniqueConstraint("org_id", "name", "college", "staff_no", name="uq_inventor_person"),
        Index("ix_inventor_org_name", "org_id", "name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    name: str
    college: str = ""
    staff_no: str = ""
    email: str = ""
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    active: bool = True
    updated_at: datetime


class CollegeReviewer(SQLModel, table=True):
    """Somebody who looks at the patents of a college before the institution does."""

    __tablename__ = "college_reviewer"
    __table_args__ = (UniqueConstraint("org_id", "college", "user_id", name="uq_college_reviewer"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    college: str
    user_id: int = Field(foreign_key="app_user.id")


class Stocktake(SQLModel, table=True):
    """One campaign. `scope` and `focus` are JSON; `cursor` is how far its patents have been taken in.

    `status` is filling while the patents of the scope are being taken in, batch by batch, then open, then closed.
    `looked_until` is when patents were last looked through for new grants, of a rolling campaign.
    """

    __tablename__ = "stocktake"
    __table_args__ = (
        CheckConstraint("status IN ('filling', 'open', 'closed')", name="ck_stocktake_status"),
        Index("ix_stocktake_org_status", "org_id", "status", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    title: str
    scope: str = Field(default="{}", sa_type=Text)
    focus: str = Field(default="{}", sa_type=Text)
    due_on: date
    scores_wanted: int = 0
    rolling: bool = False
    status: str = "filling"
    expected: int = 0
    cursor: int = 0
    looked_until: datetime | None = None
    created_by: int = Field(foreign_key="app_user.id")
    created_at: datetime
    closed_at: datetime | None = None


class StocktakeItem(SQLModel, table=True):
    """One patent of a campaign. `answers` is the self-rating, `draft` one that is half filled in.

    `inventor` is the first name of the patent's record; `inventor_id` is empty while nobody in the contact list fits.
    """

    __tablename__ = "stocktake_item"
    __table_args__ = (
        CheckConstraint(f"state IN {ITEM_STATES}", name="ck_stocktake_item_state"),
        UniqueConstraint("stocktake_id", "patent_id", name="uq_stocktake_item_once"),
        Index("ix_stocktake_item_list", "stocktake_id", "state", "priority", "id"),
        Index("ix_stocktake_item_order", "stocktake_id", "priority", "id"),
        Index("ix_stocktake_item_college", "stocktake_id", "college", "state", "id"),
        Index("ix_stocktake_item_inventor", "stocktake_id", "inventor_id", "state"),
        Index("ix_stocktake_item_patent", "org_id", "patent_id", "rated_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    stocktake_id: int = Field(foreign_key="stocktake.id")
    patent_id: int = Field(foreign_key="patent.id", index=True)
    college: str = ""
    inventor: str = ""
    inventor_id: int | None = Field(default=None, foreign_key="inventor.id")
    priority: int = 0
    state: str = "waiting"
    version: int = 1
    answers: str = Field(default="{}", sa_type=Text)
    draft: str = Field(default="{}", sa_type=Text)
    central_score: int | None = None
    disposal: str = ""
    note: str = Field(default="", sa_type=Text)
    rated_at: datetime | None = None
    decided_at: datetime | None = None
    updated_at: datetime


class StocktakeEvent(SQLModel, table=True):
    """What happened to an item: who, which step, from where to where, why and when."""

    __tablename__ = "stocktake_event"
    __table_args__ = (Index("ix_stocktake_event_item", "item_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    item_id: int = Field(foreign_key="stocktake_item.id")
    step: str
    before: str
    after: str
    why: str = Field(default="", sa_type=Text)
    told: str = Field(default="{}", sa_type=Text)
    who: str
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    at: datetime


class PanelScore(SQLModel, table=True):
    """The score of one rater of the panel, 0 to 100."""

    __tablename__ = "panel_score"
    __table_args__ = (UniqueConstraint("item_id", "rater_id", name="uq_panel_score_once"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    item_id: int = Field(foreign_key="stocktake_item.id")
    rater_id: int = Field(foreign_key="app_user.id")
    score: int
    comment: str = Field(default="", sa_type=Text)
    at: datetime


class RatingLink(SQLModel, table=True):
    """The personal link of one inventor to one campaign. Only the hash of its secret is stored.

    The secret itself is a mark of this installation over `id` and `nonce`: it can be made again for a letter, never
    from the record alone. `rung` is the last reminder that went out.
    """

    __tablename__ = "rating_link"
    __table_args__ = (
        UniqueConstraint("secret_hash", name="uq_rating_link_secret"),
        Index(
            "uq_rating_link_current", "stocktake_id", "inventor_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    stocktake_id: int = Field(foreign_key="stocktake.id")
    inventor_id: int = Field(foreign_key="inventor.id")
    nonce: str
    secret_hash: str
    expires_on: date
    made_at: datetime
    mailed_at: datetime | None = None
    mail_error: str = Field(default="", sa_type=Text)
    opened_at: datetime | None = None
    consented_at: datetime | None = None
    rung: str = ""
    ended_at: datetime | None = None


class QualitySample(SQLModel, table=True):
    """A random sample of rated items, drawn by a recorded seed so that anybody can draw it again."""

    __tablename__ = "quality_sample"

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    stocktake_id: int = Field(foreign_key="stocktake.id", index=True)
    seed: int
    drawn_from: int
    size: int
    drawn_by: int = Field(foreign_key="app_user.id")
    drawn_at: datetime


class SampleItem(SQLModel, table=True):
    """One item of a sample: the rating as it was when drawn, and the second one."""

    __tablename__ = "sample_item"
    __table_args__ = (UniqueConstraint("sample_id", "item_id", name="uq_sample_item_once"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    sample_id: int = Field(foreign_key="quality_sample.id")
    item_id: int = Field(foreign_key="stocktake_item.id")
    first: str = Field(default="{}", sa_type=Text)
    second: str = Field(default="", sa_type=Text)
    rated_by: int | None = Field(default=None, foreign_key="app_user.id")
    rated_at: datetime | None = None
