"""Tables of the record: what the database keeps, and nothing about how it changes.

Every row belongs to one organization (`org_id`), and every query is scoped by it. Money is integer fen,
legal dates are plain dates in Asia/Shanghai, timestamps are aware and stored in UTC. JSON is kept as
canonical text, because hashes run over the stored bytes.

Rows never leave `cases/`: readers convert them into the frozen views of `cases.views`.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

WAITING = "status IN ('pending', 'running')"
ROLES = ("officer", "approver", "finance", "administrator", "readonly", "supervisor")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{column}_known")


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Organization(SQLModel, table=True):
    """A university, institute or hospital. `trail_*` is the head of its own chain of events.

    `rule_layers` names the rule packs it works under, the general ones first (see `cases.rulebooks`); `house` the folder
    of its own templates, if it has one (see `cases.houses`).
    """

    __tablename__ = "organization"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    uscc: str = Field(default="")
    address: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    account: str = ""
    name_en: str = ""
    address_en: str = ""
    rule_layers: str = Field(default="national,house", sa_type=Text)
    house: str = ""
    trail_seq: int = 0
    trail_head: str = ""
    created_at: datetime


class User(SQLModel, table=True):
    """A person who signs in. The login is unique in the installation."""

    __tablename__ = "app_user"
    __table_args__ = (_one_of("role", ROLES),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    login: str = Field(unique=True)
    name: str
    email: str = ""
    role: str
    password_hash: str = ""
    language: str = "zh"
    active: bool = True
    feed_hash: str = Field(default="", index=True)
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    created_at: datetime


class Session(SQLModel, table=True):
    """A signed-in browser; only the hash of its token is stored."""

    __tablename__ = "session"

    token_hash: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    csrf: str
    created_at: datetime
    expires_at: datetime


class SignInLink(SQLModel, table=True):
    """A link that signs one user in once."""

    __tablename__ = "sign_in_link"

    token_hash: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    expires_at: datetime
    used_at: datetime | None = None


class ApiToken(SQLModel, table=True):
    """A bearer token of the REST API, acting as its user; only its hash is stored."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    user_id: int = Field(foreign_key="app_user.id")
    name: str
    token_hash: str = Field(unique=True)
    created_at: datetime
    revoked_at: datetime | None = None


class IdempotencyKey(SQLModel, table=True):
    """The stored answer of a write that carried an Idempotency-Key."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("user_id", "key", name="uq_idempotency_user_key"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    user_id: int = Field(foreign_key="app_user.id")
    key: str
    request_hash: str
    status: int = 0
    body: str = Field(default="", sa_type=Text)
    created_at: datetime


class Company(SQLModel, table=True):
    """A counterparty. `uscc` is checked; a foreign party has none."""

    __tablename__ = "company"
    __table_args__ = (
        Index(
            "uq_company_org_uscc",
            "org_id",
            "uscc",
            unique=True,
            sqlite_where=text("uscc <> ''"),
            postgresql_where=text("uscc <> ''"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    name: str
    uscc: str = ""
    address: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    account: str = ""
    name_en: str = ""
    address_en: str = ""
    is_foreign: bool = False
    created_at: datetime


class Patent(SQLModel, table=True):
    """One patent or application of the base library.

    `application_no` is canonical (digits and check digit, no prefix, no dot). `fee_paid_year` is the last
    patent year whose annual fee is known to be paid, `fee_reduction` none, 70 or 85 (empty: derived from the
    owners), `fee_payer` who pays (empty: as the house pack says). `owners`, `inventors` and
    `flags` are JSON lists of text; the flags are those of `rules.gates.PatentFacts`.
    """

    __tablename__ = "patent"
    __table_args__ = (
        UniqueConstraint("org_id", "application_no", name="uq_patent_org_application_no"),
        _one_of("kind", ("invention", "utility", "design")),
        _one_of("status", ("pending", "in_force", "in_grace", "lapsed", "expired", "void", "unknown")),
        Index("ix_patent_org_status", "org_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    application_no: str
    kind: str
    title: str
    owners: str = Field(default="[]", sa_type=Text)
    inventors: str = Field(default="[]", sa_type=Text)
    filing_date: date | None = None
    grant_date: date | None = None
    publication_no: str = ""
    ipc: str = ""
    address: str = ""
    college: str = ""
    status: str = "unknown"
    flags: str = Field(default="[]", sa_type=Text)
    register_checked_on: date | None = None
    fee_reduction: str = ""
    fee_paid_year: int | None = None
    fee_payer: str = ""
    content_hash: str
    import_id: int | None = Field(default=None, index=True)
    created_at: datetime
    updated_at: datetime


class ImportRun(SQLModel, table=True):
    """One import of a patent list, or of a sheet of another kind: its mapping, its progress and what came of it."""

    __tablename__ = "import_run"
    __table_args__ = (
        _one_of("status", ("uploaded", "running", "done", "failed")),
        Index("ix_import_run_kind", "org_id", "kind", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    user_id: int = Field(foreign_key="app_user.id")
    filename: str
    sha256: str
    size: int
    status: str = "uploaded"
    mapping: str = Field(default="{}", sa_type=Text)
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: str = Field(default="[]", sa_type=Text)
    rejects_file: str = ""
    message: str = ""
    holder: str = ""
    kind: str = "patents"
    created_at: datetime
    finished_at: datetime | None = None


class Case(SQLModel, table=True):
    """A conversion case. Only `cases.advance` and `cases.opening` write it.

    `state` is the active leaf states of the chart, sorted and joined by a blank; `data` is what the events
    have established so far (the fold of the trail); `terms` the commercial terms and `terms_facts` what
    the charts may know of them. `company_id` is empty in a mode that is offered to everybody.
    """

    __tablename__ = "conversion_case"
    __table_args__ = (
        UniqueConstraint("org_id", "number", name="uq_case_org_number"),
        Index("ix_case_org_stage", "org_id", "stage", "updated_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    number: str
    mode: str
    title: str
    officer_id: int = Field(foreign_key="app_user.id", index=True)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    chart_version: int
    state: str
    stage: str
    data: str = Field(default="{}", sa_type=Text)
    terms: str = Field(default="{}", sa_type=Text)
    terms_facts: str = Field(default="{}", sa_type=Text)
    version: int = 1
    trail_seq: int = 0
    trail_head: str = ""
    opened_on: date
    closed_on: date | None = None
    created_at: datetime
    updated_at: datetime


class CasePatent(SQLModel, table=True):
    """A patent that a case is about."""

    __tablename__ = "case_patent"

    case_id: int = Field(foreign_key="conversion_case.id", primary_key=True)
    patent_id: int = Field(foreign_key="patent.id", primary_key=True, index=True)
    org_id: int = Field(foreign_key="organization.id")


class TrailEntry(SQLModel, table=True):
    """One link of a chain: `hash = sha256(prev + body)`. Triggers refuse any change or deletion.

    `chain` is `case:<id>` or `org:<id>`; `action_key` makes a repeated action find its first result.
    """

    __tablename__ = "trail"
    __table_args__ = (
        UniqueConstraint("chain", "seq", name="uq_trail_chain_seq"),
        UniqueConstraint("chain", "action_key", name="uq_trail_chain_action_key"),
        Index("ix_trail_org_at", "org_id", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    chain: str
    seq: int
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")
    at: datetime
    actor_id: int | None = None
    verb: str
    action_key: str | None = None
    body: str = Field(sa_type=Text)
    prev: str
    hash: str


class Deadline(SQLModel, table=True):
    """A date by which something must be done, with how it came about.

    A moved deadline is closed as `moved` and followed by a new row (`replaces`), so that the old value
    stays on record. `key` names the deadline inside its case, for instance `license_filing` or `payment:2`.
    It belongs to a case or to a patent. `next_on` is the day on which the next rung of its ladder is to be told;
    empty once the ladder is at its end. `owner_id` may be empty for a patent, whose dates go to the role `who`.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        _one_of("status", ("open", "met", "moved", "dropped")),
        _one_of("kind", ("statutory", "internal", "expected", "contract", "warning")),
        Index(
            "ix_deadline_open_due",
            "due",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "uq_deadline_open_key",
            "case_id",
            "key",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "uq_deadline_open_patent_key",
            "patent_id",
            "key",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_deadline_open_next",
            "org_id",
            "next_on",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_deadline_org_status_due", "org_id", "status", "due"),
        CheckConstraint("(case_id IS NULL) <> (patent_id IS NULL)", name="ck_deadline_subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id", index=True)
    patent_id: int | None = Field(default=None, foreign_key="patent.id", index=True)
    key: str
    title: str
    title_en: str
    kind: str
    rule_id: str
    rule_version: str
    confidence: str
    article: str
    base_event: str
    base_date: date
    period: str
    nominal: date
    due: date
    roll: str
    provisional: bool
    explanation: str = Field(sa_type=Text)
    rungs: str
    overdue_rungs: str
    who: str
    owner_id: int | None = Field(default=None, foreign_key="app_user.id")
    next_on: date | None = None
    status: str = "open"
    replaces: int | None = None
    opened_seq: int
    closed_seq: int | None = None
    closed_on: date | None = None
    created_at: datetime


class Document(SQLModel, table=True):
    """A document made or to be made for a case; the bytes lie in the file store under `sha256`.

    `input_hash` covers everything that went into the text; `terms_hash` is what approvals bind to.
    """

    __tablename__ = "document"
    __table_args__ = (
        _one_of("status", ("queued", "ready", "failed")),
        Index("ix_document_case", "case_id", "kind", "version"),
        UniqueConstraint("case_id", "kind", "version", name="uq_document_case_kind_version"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    case_id: int = Field(foreign_key="conversion_case.id")
    kind: str
    version: int
    title: str
    filename: str
    draft: bool
    status: str = "queued"
    error: str = ""
    terms_hash: str = ""
    input_hash: str = ""
    sha256: str = ""
    size: int = 0
    pages: int = 0
    flow_run_id: str = ""
    requested_seq: int
    requested_at: datetime
    ready_at: datetime | None = None


class Outbox(SQLModel, table=True):
    """Work to be handed on after commit: delivered at least once, applied once by its `key`."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key", name="uq_outbox_key"),
        _one_of("status", ("pending", "running", "done", "dead")),
        _partial("ix_outbox_pending", "available_at", where=WAITING),
        _partial("ix_outbox_waiting", "org_id", "id", where=WAITING),
        _partial("ix_outbox_topic", "topic", "available_at", where=WAITING),
        _partial("ix_outbox_dead", "org_id", "id", where="status = 'dead'"),
        _partial("ix_outbox_done", "finished_at", where="status = 'done'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id", index=True)
    topic: str
    key: str
    payload: str = Field(default="{}", sa_type=Text)
    status: str = "pending"
    attempts: int = 0
    error: str = ""
    flow_run_id: str = ""
    created_at: datetime
    available_at: datetime
    finished_at: datetime | None = None


class Message(SQLModel, table=True):
    """A merged message to one person on one day: the desk's inbox, and the text of the e-mail."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_user", "user_id", "read_at", "created_at"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    user_id: int = Field(foreign_key="app_user.id")
    case_id: int | None = Field(default=None, foreign_key="conversion_case.id")
    on: date
    kind: str
    subject: str
    lines: str = Field(default="[]", sa_type=Text)
    mail_status: str = ""
    read_at: datetime | None = None
    created_at: datetime


class Draft(SQLModel, table=True):
    """A half-filled form exactly as typed, kept until it is sent."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "form", name="uq_draft_user_form"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id")
    user_id: int = Field(foreign_key="app_user.id")
    form: str
    content: str = Field(default="{}", sa_type=Text)
    updated_at: datetime


class LabelEvent(SQLModel, table=True):
    """A platform label that a patent earned: dated, with its evidence; a patent can carry several."""

    __tablename__ = "label_event"
    __table_args__ = (UniqueConstraint("case_id", "patent_id", "label", name="uq_label_once"),)

    id: int | None = Field(default=None, primary_key=True)
    org_id: int = Field(foreign_key="organization.id", index=True)
    case_id: int = Field(foreign_key="conversion_case.id")
    patent_id: int = Field(foreign_key="patent.id", index=True)
    label: str
    on: date
    evidence: str
    created_at: datetime
