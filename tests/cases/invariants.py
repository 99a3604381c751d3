"""What holds of every case after every step, whatever the mode: the design's promises as named checks.

Each check takes what was seen of one case and asserts one promise; `INVARIANTS` holds them all. `look` reads the case
once for all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlmodel import col, select

from cases.db import cursor_of
from cases.loading import Loaded, load
from cases.tables import Case, CasePatent, Deadline, Outbox
from cases.trail import Entry, Verification, entries, verify
from contracts.terms import binding_hashes, check_terms
from states.decide import ROLES, Option, options
from states.modes import Mode
from tests.world import World

ACTING = ("officer", "approver", "finance")
Offered = dict[str, tuple[Option, ...]]


@dataclass(frozen=True)
class Seen:
    """One case as it stands on a day."""

    world: World
    today: date
    case: Case
    loaded: Loaded
    told: tuple[Entry, ...]
    dates: tuple[Deadline, ...]
    patents: tuple[int, ...]
    outbox: tuple[str, ...]
    verified: Verification
    offered: Offered

    @property
    def mode(self) -> Mode:
        return self.loaded.mode

    @property
    def open(self) -> tuple[Deadline, ...]:
        return tuple(row for row in self.dates if row.status == "open")

    @property
    def possible(self) -> list[tuple[str, str]]:
        """The steps that somebody can take, with the role."""
        return [(o.step.event, role) for role, found in self.offered.items() for o in found if o.possible]


def offers(world: World, case: Loaded, today: date, *, everywhere: str = "") -> Offered:
    """What its place offers to each role; to the role of `everywhere` also the steps of other places."""
    return {role: _offered(world, case, today, role, everywhere=role == everywhere) for role in ACTING}


def _offered(world: World, case: Loaded, today: date, role: str, *, everywhere: bool) -> tuple[Option, ...]:
    return options(
        case.mode,
        case.position,
        case.facts,
        today,
        book=case.book,
        actor=world.person(role).actor,
        everywhere=everywhere,
    )


def look(world: World, case_id: int, today: date) -> Seen:
    """Read a case and everything that hangs on it."""
    with world.db.read() as session:
        case = session.get_one(Case, case_id)
        loaded = load(cursor_of(session, world.db.postgres), case_id, world.org_id)
        dates = session.exec(
            select(Deadline).where(Deadline.case_id == case_id).order_by(col(Deadline.id))
        ).all()
        seen = Seen(
            world, today, case, loaded, entries(session, world.org_id, f"case:{case_id}"), tuple(dates),
            tuple(sorted(session.exec(select(CasePatent.patent_id).where(CasePatent.case_id == case_id)))),
            tuple(session.exec(select(Outbox.key).where(Outbox.case_id == case_id))),
            verify(session, world.org_id), offers(world, loaded, today, everywhere=ACTING[0]),
        )  # fmt: skip
        session.expunge_all()
    return seen


def check_every_change_has_its_entry(seen: Seen) -> None:
    """§3.1: one way to change a case, all or nothing: as many versions as entries, standing where the last one leads."""
    case, last = seen.case, seen.told[-1]
    assert [entry.seq for entry in seen.told] == list(range(1, len(seen.told) + 1))
    assert (case.version, case.trail_seq, case.trail_head) == (len(seen.told), len(seen.told), last.hash)
    assert case.state.split() == last.body["to"]


def check_stage_and_closing_follow_from_the_position(seen: Seen) -> None:
    """§3.1: what lists show of a case is what its chart says."""
    assert seen.case.stage == seen.mode.chart.stage(seen.loaded.position)
    assert (seen.case.closed_on is not None) == seen.mode.chart.is_final(seen.loaded.position)


def check_asking_again_answers_the_same(seen: Seen) -> None:
    """§3.2: decisions are pure."""
    role = ACTING[0]
    assert _offered(seen.world, seen.loaded, seen.today, role, everywhere=True) == seen.offered[role]


def check_refusals_explain_themselves(seen: Seen) -> None:
    """§3.3, §3.10: every unmet condition has both languages, a remedy, somebody who can; a rule its article and confidence."""
    for found in seen.offered.values():
        for option in found:
            assert option.possible or not option.permitted or option.unmet
            for unmet in option.unmet:
                assert all((unmet.code, unmet.what_zh, unmet.what_en, unmet.remedy_zh, unmet.remedy_en)), (
                    unmet
                )
                assert unmet.who in ROLES, unmet
                assert bool(unmet.rule_id) == bool(unmet.confidence), unmet
                assert not unmet.rule_id or unmet.article, unmet


def check_dates_explain_themselves(seen: Seen) -> None:
    """§3.4: base event and date, rule and version, result, and how it came about in both languages."""
    for row in seen.dates:
        told = orjson.loads(row.explanation)
        assert all((row.rule_id, row.rule_version, row.base_event, row.base_date, row.confidence)), row.key
        assert told["zh"] and told["en"] and told["tree"], row.key


def check_moved_dates_stay_on_record(seen: Seen) -> None:
    """§3.4: a moved date is closed by the entry that opened the next one; an open one is not closed, and stands once."""
    by_id = {row.id: row for row in seen.dates}
    for row in seen.dates:
        assert (row.closed_seq is None) == (row.status == "open"), row.key
        if row.replaces is not None:
            before = by_id[row.replaces]
            assert (before.status, before.key, before.closed_seq) == ("moved", row.key, row.opened_seq)
    assert max(Counter(row.key for row in seen.open).values(), default=1) == 1


def check_terms_are_what_their_hashes_say(seen: Seen) -> None:
    """§3.6, §3.7: the stored terms read anew give the hashes that approvals bind to."""
    stored = orjson.loads(seen.case.terms)
    if not stored:
        return
    checked = check_terms(seen.case.mode, stored)
    assert checked.terms is not None
    assert binding_hashes(seen.case.mode, checked.terms) == orjson.loads(seen.case.terms_facts)["hashes"]


def check_approvals_bind_to_the_terms(seen: Seen) -> None:
    """§3.7: what counts as granted was granted for these terms."""
    granted = seen.loaded.data.get("approval", {}).get("hash")
    if "approval_granted" in seen.loaded.position and granted is not None:
        assert granted == seen.loaded.facts.terms.hashes["approval"]


def check_trail_verifies_and_replays(seen: Seen) -> None:
    """§3.8: the chains hold, and every case is what its entries lead to."""
    assert seen.verified.breaks == ()


def check_money_is_exact(seen: Seen) -> None:
    """§3.9: no binary fraction anywhere, neither in terms nor in data nor in what people have typed."""
    values = (
        orjson.loads(seen.case.terms),
        dict(seen.loaded.data),
        *(dict(entry.body) for entry in seen.told),
    )
    assert [number for value in values for number in _floats(value)] == []


def _floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for one in inner:
        yield from _floats(one)


def check_the_officer_holds_case_and_dates(seen: Seen) -> None:
    """§3.1: a handover takes everything along."""
    handed = seen.loaded.data.get("officers", {}).get("list")
    assert seen.case.officer_id == (handed[-1]["to_id"] if handed else seen.world.person("officer").id)
    assert {row.owner_id for row in seen.open} <= {seen.case.officer_id}


def check_patents_are_those_on_record(seen: Seen) -> None:
    """§3.8: patents join and leave through entries only."""
    first = seen.told[0].body.get("patents", [])
    assert list(seen.patents) == sorted(seen.loaded.data.get("patents", {}).get("ids", first))


def check_work_is_handed_on_once(seen: Seen) -> None:
    """§3.5: each piece of work has a key of its own."""
    assert len(set(seen.outbox)) == len(seen.outbox)


def check_an_end_leaves_only_its_duties(seen: Seen) -> None:
    """A case that is ending has no open date but those its end left; one that has ended has none."""
    left = seen.loaded.data.get("end", {}).get("left")
    if left is not None:
        assert {row.key for row in seen.open} == set(left)
    if seen.mode.chart.is_final(seen.loaded.position):
        assert seen.open == ()


def check_someone_can_go_on(seen: Seen) -> None:
    """No sequence leaves a state without owner: until its end, somebody can take a step."""
    assert bool(seen.possible) is not seen.mode.chart.is_final(seen.loaded.position)


INVARIANTS: tuple[Callable[[Seen], None], ...] = (
    check_every_change_has_its_entry,
    check_stage_and_closing_follow_from_the_position,
    check_asking_again_answers_the_same,
    check_refusals_explain_themselves,
    check_dates_explain_themselves,
    check_moved_dates_stay_on_record,
    check_terms_are_what_their_hashes_say,
    check_approvals_bind_to_the_terms,
    check_trail_verifies_and_replays,
    check_money_is_exact,
    check_the_officer_holds_case_and_dates,
    check_patents_are_those_on_record,
    check_work_is_handed_on_once,
    check_an_end_leaves_only_its_duties,
    check_someone_can_go_on,
)
