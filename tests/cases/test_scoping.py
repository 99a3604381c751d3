"""A second organization in the same record sees nothing of the first: every reader, every action."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from cases import backlog, messages, trail, views, whatif
from cases.errors import NotFound
from cases.periods import period_of
from cases.reminders import remind
from cases.reports import Workbook, keep_report, reports
from cases.runs import About, begin_run, runs_of_case, runs_of_organization
from tests.modes.story import TERMS, walk
from tests.world import NOW, TODAY, World, settle

LATE = date(2026, 11, 20)


@pytest.fixture
def two(any_world: World) -> tuple[World, World, int]:
    """An organization with a full case and messages, and another with nothing."""
    other = settle(any_world.db, "另一所大学", "other-")
    case_id = any_world.case()
    list(walk(any_world, case_id))
    remind(any_world.db, LATE, NOW)
    keep_report(
        any_world.db, any_world.org_id, period_of("monthly", "2026-02", TODAY), Workbook(b"{}", "", 0, "", 0, 1), None,
        any_world.person("officer").author, NOW,
    )  # fmt: skip
    begin_run(any_world.db, "run-1", About("文书生成", org_id=any_world.org_id, case_id=case_id), NOW)
    return any_world, other, case_id


LISTS: dict[str, Callable[[Session, World, int], Any]] = {
    "cases": lambda session, of, _: views.list_cases(session, of.org_id).rows,
    "search": lambda session, of, _: views.list_cases(session, of.org_id, q="ZH2026").rows,
    "total": lambda session, of, _: views.list_cases(session, of.org_id).total,
    "stages": lambda session, of, _: views.stage_counts(session, of.org_id),
    "deadlines": lambda session, of, _: views.deadlines(session, of.org_id, TODAY),
    "deadlines of the case": lambda session, of, case: views.deadlines(
        session, of.org_id, TODAY, case_id=case
    ),
    "closed deadlines": lambda session, of, _: views.deadlines(session, of.org_id, TODAY, open_only=False),
    "documents": lambda session, of, case: views.documents(session, of.org_id, case),
    "outbox": lambda session, of, case: backlog.of_case(session, of.org_id, case),
    "backlog": lambda session, of, _: backlog.backlog(session, of.org_id),
    "runs": lambda session, of, _: runs_of_organization(session, of.org_id, NOW),
    "runs of the case": lambda session, of, case: runs_of_case(session, of.org_id, case, NOW),
    "entries": lambda session, of, case: trail.entries(session, of.org_id, f"case:{case}"),
    "reports": lambda session, of, _: reports(session, of.org_id),
    "verification": lambda session, of, _: trail.verify(session, of.org_id).entries,
    "inbox": lambda session, of, _: messages.inbox(session, of.person("officer")),
    "unread": lambda session, of, _: messages.unread(session, of.person("officer")),
}


def test_lists_hold_the_own_organization_only(two: tuple[World, World, int]) -> None:
    owner, other, case_id = two
    with owner.db.read() as session:
        assert [what for what, read in LISTS.items() if not read(session, owner, case_id)] == []
        assert [what for what, read in LISTS.items() if read(session, other, case_id)] == []


def test_single_things_of_others_do_not_exist(two: tuple[World, World, int]) -> None:
    owner, other, case_id = two
    stranger = other.person("officer")
    with owner.db.read() as session:
        for read in (
            lambda: views.case_page(owner.db, session, stranger, case_id, TODAY),
            lambda: views.explain(owner.db, session, stranger, case_id, "sign", TODAY),
            lambda: views.case_id_of(session, other.org_id, "ZH2026-00001"),
            lambda: whatif.preview_terms(owner.db, session, stranger, case_id, TERMS, TODAY),
            lambda: whatif.simulate(
                owner.db, session, stranger, case_id, [whatif.Supposed("record_consent", {}, TODAY)]
            ),
        ):
            with pytest.raises(NotFound):
                read()
        assert views.case_id_of(session, owner.org_id, " zh2026-00001 ") == case_id


def test_waiting_approvals_are_the_own_ones(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    case_id = world.case()
    list(walk(world, case_id, until="submit_approval"))
    with world.db.read() as session:
        waiting = views.awaiting_approval(session, world.org_id)
        assert waiting == ((case_id, "ZH2026-00001", "锂电池隔膜独占许可"),)
        assert views.awaiting_approval(session, other.org_id) == ()


def test_messages_of_another_person_stay_unread(two: tuple[World, World, int]) -> None:
    owner, other, _ = two
    messages.mark_read(owner.db, other.person("officer"), 1)
    with owner.db.read() as session:
        assert messages.unread(session, owner.person("officer")) == 1


def test_drafts_belong_to_one_person(any_world: World) -> None:
    officer, finance = any_world.person("officer"), any_world.person("finance")
    messages.keep_draft(any_world.db, officer, "terms:1", {"purpose": "写到一半"})
    messages.keep_draft(any_world.db, officer, "terms:1", {"purpose": "写到一半了"})
    with any_world.db.read() as session:
        assert messages.draft_of(session, officer, "terms:1") == {"purpose": "写到一半了"}
        assert messages.draft_of(session, finance, "terms:1") is None
        assert messages.draft_of(session, officer, "terms:2") is None
    messages.drop_draft(any_world.db, finance, "terms:1")
    with any_world.db.read() as session:
        assert messages.draft_of(session, officer, "terms:1") == {"purpose": "写到一半了"}
    messages.drop_draft(any_world.db, officer, "terms:1")
    with any_world.db.read() as session:
        assert messages.draft_of(session, officer, "terms:1") is None
