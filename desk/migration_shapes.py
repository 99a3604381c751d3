"""JSON shapes of migrations: what a new version would change case by case, what a run did, what undoing it did."""

from typing import Self

from cases.impact import Impact
from cases.migrating import Migration, MigrationReport, UndoReport
from desk.shapes import DocumentShape, Shape, UnmetShape


class NamedStep(Shape):
    """A step by its event 步骤."""

    event: str
    zh: str
    en: str


class NewlyUnmet(Shape):
    """A step with the conditions that newly stand in its way 新增条件."""

    step: NamedStep
    unmet: list[UnmetShape]


class PackChange(Shape):
    """A rule pack with its versions before and after 规则包版本变化; empty if it is not among them."""

    pack: str
    before: str
    after: str


class MovedDate(Shape):
    """A deadline with its dates before and after 期限变化."""

    key: str
    title: str
    before: str
    after: str


class MigrationShape(Shape):
    """What the newest version changes about one case 案件迁移, or why it cannot go there (`stuck_*`)."""

    case_id: int
    number: str
    title: str
    mode: str
    from_version: int
    to_version: int
    position_before: list[str]
    position_after: list[str]
    policy_before: str
    policy_after: str
    packs: list[PackChange]
    offered: list[NamedStep]
    gone: list[NamedStep]
    newly_unmet: list[NewlyUnmet]
    moved: list[MovedDate]
    possible: bool
    stuck_zh: str
    stuck_en: str

    @classmethod
    def of(cls, told: Migration) -> Self:
        """Return the shape of one case's migration."""
        stuck = told.stuck or ("", "")
        return cls(
            case_id=told.case_id, number=told.number, title=told.title, mode=told.mode,
            from_version=told.versions[0], to_version=told.versions[1],
            position_before=list(told.places[0]), position_after=list(told.places[1] if told.is_possible else ()),
            policy_before=told.policies[0], policy_after=told.policies[1],
            packs=[PackChange(pack=name, before=before, after=after) for name, before, after in told.packs],
            offered=[NamedStep.model_validate(step) for step in told.offered],
            gone=[NamedStep.model_validate(step) for step in told.gone],
            newly_unmet=[
                NewlyUnmet(step=NamedStep.model_validate(step), unmet=[UnmetShape.of(one) for one in unmet])
                for step, unmet in told.unmet
            ],
            moved=[
                MovedDate(key=m.key, title=m.title, before=m.before.isoformat(), after=m.after.isoformat())
                for m in told.moved
            ],
            possible=told.is_possible, stuck_zh=stuck[0], stuck_en=stuck[1],
        )  # fmt: skip


class MigrationReportShape(Shape):
    """A migration run 迁移批次; `run` is empty for a dry run, and if there was nothing to do."""

    run: str
    examined: int
    cases: list[MigrationShape]

    @classmethod
    def of(cls, report: MigrationReport) -> Self:
        """Return the shape of a report."""
        cases = [MigrationShape.of(told) for told in report.cases]
        return cls(run=report.run, examined=report.examined, cases=cases)


class UndoShape(Shape):
    """What undoing a run did 撤销迁移: the cases that are back, and those that have moved since and stay."""

    run: str
    back: list[str]
    moved_since: list[str]

    @classmethod
    def of(cls, report: UndoReport) -> Self:
        """Return the shape of a report."""
        return cls(run=report.run, back=list(report.back), moved_since=list(report.moved_since))


class LostDeadline(Shape):
    """A deadline that a step drops or lets run again 受影响的期限."""

    key: str
    title: str
    due: str


class ImpactShape(Shape):
    """What a step would take away 办理影响: clearances, papers, deadlines, terms. Nothing was written."""

    voids: list[str]
    papers: list[DocumentShape]
    dropped: list[LostDeadline]
    reopened: list[LostDeadline]
    lost_terms: list[str]

    @classmethod
    def of(cls, impact: Impact) -> Self:
        """Return the shape of an impact."""
        return cls(
            voids=list(impact.voids), papers=[DocumentShape.of(paper) for paper in impact.papers],
            dropped=[LostDeadline(key=d.key, title=d.title, due=d.due.isoformat()) for d in impact.dropped],
            reopened=[LostDeadline(key=d.key, title=d.title, due=d.due.isoformat()) for d in impact.reopened],
            lost_terms=list(impact.lost),
        )  # fmt: skip
