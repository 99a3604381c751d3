"""JSON shapes of the trail, the reminders and the inbox."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import Field

from cases.reminders import RemindReport
from cases.stored_files import FilesChecked
from cases.trail import Entry, Verification
from desk.shapes import Shape


class EntryShape(Shape):
    """One entry of the trail 留痕记录."""

    chain: str
    seq: int
    at: datetime
    actor: str
    verb: str
    body: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the shape of an entry."""
        return cls(
            chain=entry.chain, seq=entry.seq, at=entry.at, actor=entry.actor_name, verb=entry.verb,
            body=dict(entry.body), hash=entry.hash,
        )  # fmt: skip


class BreakShape(Shape):
    """The first place where a chain does not hold 首个断点."""

    chain: str
    seq: int
    reason_zh: str
    reason_en: str


class SpoiledShape(Shape):
    """A stored file that is missing or altered 缺失或被改动的文件."""

    case_no: str
    filename: str
    sha256: str
    reason_zh: str
    reason_en: str


class VerifyShape(Shape):
    """What a verification of the trail found 留痕核验: `cases` were replayed from it. Keep `digest` elsewhere as an anchor."""

    ok: bool
    chains: int
    entries: int
    cases: int
    entries_per_second: int
    digest: str
    first_break: BreakShape | None
    breaks: list[BreakShape]
    files: int | None = Field(
        default=None, description="stored files that were hashed anew; null if not asked for"
    )
    spoiled: list[SpoiledShape] = []

    @classmethod
    def of(cls, found: Verification, files: FilesChecked | None = None) -> Self:
        """Return the shape of a verification, with that of the file store if it was made, too."""
        spoiled = [SpoiledShape.model_validate(one) for one in files.spoiled] if files else []
        breaks = [BreakShape.model_validate(one) for one in found.breaks]
        return cls(
            ok=not breaks and not spoiled, chains=found.chains, entries=found.entries, cases=found.cases,
            entries_per_second=found.per_second, digest=found.digest,
            first_break=breaks[0] if breaks else None, breaks=breaks,
            files=files.files if files else None, spoiled=spoiled,
        )  # fmt: skip


class RemindShape(Shape):
    """What a sweep of the deadlines did 提醒结果."""

    on: date
    examined: int
    reminders: int
    messages: int
    covered: int = Field(
        default=0, description="wider rungs that were passed while nothing ran 由较近一档涵盖"
    )
    waiting: int = Field(default=0, description="deadlines whose line waits for tomorrow's message 留待次日")
    untold: int = Field(default=0, description="deadlines of which nobody can be told 无人可通知")
    missed: int = Field(default=0, description="days without a sweep 停用天数")
    faults: list[str] = Field(default=[], description="rule packs that cannot be read 规则包错误")

    @classmethod
    def of(cls, report: RemindReport) -> Self:
        """Return the shape of a report."""
        return cls.model_validate(report)


class MessageShape(Shape):
    """A message of the inbox 站内消息."""

    id: int
    on: date
    kind: str
    subject: str
    lines: list[dict[str, Any]]
    mail_status: str
    unread: bool
    created_at: datetime
