"""Brings running cases under the newest chart and house policy: told case by case first, done on demand, undone by run.

Each case is one transaction with one entry in its trail. Running it again changes nothing more. A case whose place
the new chart does not have stays where it is, and says why. What a run has done is undone for the cases that have
not moved since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cases.db import Cursor, Database, cursor_of
from cases.errors import Forbidden, NotFound
from cases.loading import Loaded, load
from cases.process import SECTION, policy_kept, process_of
from cases.recomputing import Change, under_new_rules
from cases.scope import Person
from cases.trail import append_org
from cases.writing import Stamp, carry_out
from rules.deadlines import Deadline
from states.catalog import UnknownMode
from states.chart import Position
from states.decide import options
from states.facts import Actor, CaseData
from states.modes import Mode
from states.places import Stuck
from states.plan import Plan, Unmet
from states.versions import SHIPPED, Versions

VERB, UNDONE, RUN = "case_migrated", "migration_undone", "cases_migrated"
PAGE = 500
RUNNING = (
    "SELECT id FROM conversion_case WHERE org_id = ? AND closed_on IS NULL AND id > ? "
    "AND (? = '' OR mode = ?) AND (? = '' OR number = ?) ORDER BY id LIMIT ?"
)
LAYERS = "SELECT rule_layers FROM organization WHERE id = ?"
TITLE = "SELECT number, title, mode, chart_version FROM conversion_case WHERE id = ?"
NEXT_RUN = "SELECT trail_seq + 1 FROM organization WHERE id = ?"
ASKER = Actor(0, "", "administrator")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a chart by its event, with its names."""

    event: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Migration:
    """What the newest version would change about one case, or why it cannot go there.

    `offered` and `gone` are the steps that its place would offer newly or no longer, `unmet` the conditions that
    would newly stand in the way of a step, `moved` the deadlines with their dates before and after, `packs` the
    versions of the rule packs before and after, where they differ.
    """

    case_id: int
    number: str
    title: str
    mode: str
    versions: tuple[int, int]
    places: tuple[Position, Position]
    leaves: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
    policies: tuple[str, str]
    packs: tuple[tuple[str, str, str], ...] = ()
    offered: tuple[Step, ...] = ()
    gone: tuple[Step, ...] = ()
    unmet: tuple[tuple[Step, tuple[Unmet, ...]], ...] = ()
    moved: tuple[Change, ...] = ()
    stuck: tuple[str, str] | None = None

    @property
    def is_possible(self) -> bool:
        """Say whether the case can go there."""
        return self.stuck is None


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a run did, or would do. `run` names it; it is empty for a dry run, and if nothing was to be done."""

    run: str
    examined: int
    cases: tuple[Migration, ...]


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What undoing a run did: the cases that are back, and those that have moved since and stay."""

    run: str
    back: tuple[str, ...]
    moved_since: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Looked:
    """A case with what would become of it."""

    case: Loaded
    told: Migration
    after: Loaded
    process: Mapping[str, Any] | None
    renewed: tuple[tuple[Change, Deadline, int], ...]


def plan_migration(
    db: Database,
    person: Person,
    today: date,
    *,
    mode: str = "",
    number: str = "",
    versions: Versions = SHIPPED,
) -> MigrationReport:
    """Return what the newest versions would change, case by case. Writes nothing.

    Raises: NotFound for a case or mode that is not there.
    """
    _check_asked(db, person, mode, number, versions)
    found: list[Migration] = []
    examined = 0
    for case_id in _running(db, person.org_id, mode, number):
        examined += 1
        with db.read() as session:
            looked = _look(cursor_of(session, db.postgres), case_id, person.org_id, today, versions)
        found += [looked.told] if looked else []
    return MigrationReport("", examined, tuple(found))


def migrate(
    db: Database,
    person: Person,
    today: date,
    now: datetime,
    *,
    mode: str = "",
    number: str = "",
    versions: Versions = SHIPPED,
) -> MigrationReport:
    """Bring the cases under the newest versions; those that cannot go stay, and are told with their reason.

    Raises: Forbidden for anybody but an administrator; NotFound.
    Effects: one entry in the organization's trail for the run; per case one transaction: case, deadlines, one entry.
    """
    check_may(person)
    planned = plan_migration(db, person, today, mode=mode, number=number, versions=versions)
    movable = [told.case_id for told in planned.cases if told.is_possible]
    if not movable:
        return planned
    run = _open_run(db, person, movable, now)
    done: dict[int, Migration] = {}
    for case_id in movable:
        with db.cursor() as cur:
            looked = _look(cur, case_id, person.org_id, today, versions, lock=True)
            if looked and looked.told.is_possible:
                _carry_over(cur, looked, run, Stamp(person.actor, today, now, origin=person.origin))
                done[case_id] = looked.told
    told = tuple(
        done.get(one.case_id, one) for one in planned.cases if one.case_id in done or not one.is_possible
    )
    return MigrationReport(run, planned.examined, told)


def check_may(person: Person) -> None:
    """Refuse anybody but an administrator.

    Raises: Forbidden.
    """
    if person.role != "administrator":
        raise Forbidden("案件迁移须由管理员办理", "only administrators migrate cases")


def _check_asked(db: Database, person: Person, mode: str, number: str, versions: Versions) -> None:
    if mode and mode not in versions.newest:
        known = "、".join(versions.newest)
        raise NotFound(f"没有名为“{mode}”的转化方式，可填：{known}", f"no mode '{mode}'")
    if number:
        with db.read() as session:
            cur = cursor_of(session, db.postgres)
            asked = "SELECT 1 FROM conversion_case WHERE org_id = ? AND number = ?"
            if cur.one(asked, person.org_id, number) is None:
                raise NotFound(f"没有编号为“{number}”的案件", f"no case {number}")


def _running(db: Database, org_id: int, mode: str, number: str) -> Iterator[int]:
    last = 0
    while True:
        with db.read() as session:
            rows = cursor_of(session, db.postgres).all(
                RUNNING, org_id, last, mode, mode, number, number, PAGE
            )
        yield from (case_id for (case_id,) in rows)
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def _open_run(db: Database, person: Person, case_ids: list[int], now: datetime) -> str:
    with db.cursor() as cur:
        if cur.postgres:
            cur.one("SELECT id FROM organization WHERE id = ? FOR NO KEY UPDATE", person.org_id)
        (seq,) = cur.one(NEXT_RUN, person.org_id)
        run = f"M{seq}"
        append_org(cur, person.org_id, person.author, RUN, {"run": run, "cases": case_ids}, now)
    return run


def _look(
    cur: Cursor, case_id: int, org_id: int, today: date, versions: Versions, *, lock: bool = False
) -> _Looked | None:
    """Return what would become of a case; None if nothing would change."""
    number, title, slug, version = cur.one(TITLE, case_id)
    try:
        case = load(cur, case_id, org_id, lock=lock, versions=versions)
    except UnknownMode:
        return None
    newest = versions.newest_of(slug)
    process = _process_after(cur, case, today)
    renewed = tuple(under_new_rules(cur, case))
    if newest.chart.version == version and process is None and not renewed:
        return None
    told = Migration(
        case_id, number, title, slug, (version, newest.chart.version), (case.position, case.position),
        (_named(case.mode, case.position), ()), _policies(case, process), _packs(case, process),
        moved=tuple(change for change, _, _ in renewed),
    )  # fmt: skip
    try:
        position = versions.carried(slug, version, case.position)
    except Stuck as stuck:
        return _Looked(case, replace(told, stuck=(stuck.zh, stuck.en)), case, process, renewed)
    after = _under(case, newest, position, process)
    return _Looked(case, _compared(told, case, after, today), after, process, renewed)


def _process_after(cur: Cursor, case: Loaded, today: date) -> Mapping[str, Any] | None:
    """Return what the case would keep of the packs; None if it keeps that already, or keeps nothing."""
    kept = case.data.get(SECTION)
    if kept is None:
        return None
    (layers,) = cur.one(LAYERS, case.org_id)
    fresh = process_of(case.book, layers, today)
    is_same = (kept["layers"], kept["packs"]) == (fresh["layers"], fresh["packs"])
    return None if is_same and policy_kept(case.data) == case.book.house(today) else fresh


def _under(case: Loaded, mode: Mode, position: Position, process: Mapping[str, Any] | None) -> Loaded:
    data = {**case.data, SECTION: dict(process)} if process else case.data
    facts = replace(case.facts, data=CaseData(data), policy=policy_kept(data))
    return replace(
        case, mode=mode, position=position, data=data, facts=facts, chart_version=mode.chart.version
    )


def _policies(case: Loaded, process: Mapping[str, Any] | None) -> tuple[str, str]:
    kept = case.data.get(SECTION)
    before = str(kept["policy_on"]) if kept else ""
    return before, str(process["policy_on"]) if process else before


def _packs(case: Loaded, process: Mapping[str, Any] | None) -> tuple[tuple[str, str, str], ...]:
    if process is None:
        return ()
    before, after = case.data[SECTION]["packs"], process["packs"]
    names = dict.fromkeys([*before, *after])
    return tuple(
        (name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    )


def _named(mode: Mode, position: Position) -> tuple[tuple[str, str], ...]:
    nodes = mode.chart.nodes
    return tuple((nodes[leaf].zh, nodes[leaf].en) for leaf in position)


def _compared(told: Migration, before: Loaded, after: Loaded, today: date) -> Migration:
    old, new = _options(before, today), _options(after, today)
    return replace(
        told,
        places=(before.position, after.position),
        leaves=(_named(before.mode, before.position), _named(after.mode, after.position)),
        offered=tuple(_step(after.mode, event) for event in new if event not in old),
        gone=tuple(_step(before.mode, event) for event in old if event not in new),
        unmet=tuple(
            (_step(after.mode, event), added)
            for event, unmet in new.items()
            if event in old and (added := _added(old[event], unmet))
        ),
    )


def _options(case: Loaded, today: date) -> dict[str, tuple[Unmet, ...]]:
    found = options(case.mode, case.position, case.facts, today, book=case.book, actor=ASKER)
    return {option.step.event: option.unmet for option in found}


def _added(before: tuple[Unmet, ...], after: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    known = {unmet.code for unmet in before}
    return tuple(unmet for unmet in after if unmet.code not in known)


def _step(mode: Mode, event: str) -> Step:
    return Step(event, mode.steps[event].zh, mode.steps[event].en)


def _carry_over(cur: Cursor, looked: _Looked, run: str, stamp: Stamp) -> None:
    case, after = looked.case, looked.after
    plan = plan_at(
        VERB, after.mode, after.position, after.chart_version,
        facts={SECTION: looked.process} if looked.process else {},
        moves=tuple((change.key, deadline) for change, deadline, _ in looked.renewed),
    )  # fmt: skip
    payload = {
        "run": run,
        "from_version": case.chart_version,
        "to_version": after.chart_version,
        "process_before": case.data.get(SECTION),
        "deadlines": [change.as_json() for change, _, _ in looked.renewed],
    }
    carry_out(cur, case, plan, stamp, payload)


def plan_at(verb: str, mode: Mode, position: Position, version: int, **changes: Any) -> Plan:
    """Return a plan that puts a case at a place of a chart's version and changes nothing else but `changes`."""
    plan = Plan(
        event=verb, position=position, stage=mode.chart.stage(position), final=mode.chart.is_final(position),
        facts={}, deadlines=(), moves=(), closes=(), documents=(), outbox=(), label=None, raised=(), voids=(),
        mode=mode.slug, chart_version=version,
    )  # fmt: skip
    return replace(plan, **changes)
