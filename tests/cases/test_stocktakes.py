"""Campaigns, links and steps of a stocktake in the record, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from cases import rating_by_link
from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from cases.inventors import Contact, save_contacts
from cases.night_stocktakes import remind_inventors, rung_of, take_in_grants
from cases.profile_tables import PatentProfile, PoolEntry, ProfileChange
from cases.rating_links import holder_of, links_of, make_links, note_mailed
from cases.stocktake_answers import read_answers
from cases.stocktake_progress import campaigns, item_page, progress_of
from cases.stocktake_samples import draw_sample, drawn, rate_again, samples_of
from cases.stocktake_steps import take_steps
from cases.stocktake_tables import RatingLink, StocktakeItem
from cases.stocktakes import (
    Focus,
    Scope,
    checked_stocktake,
    close_stocktake,
    fill_stocktake,
    open_stocktake,
    preview_stocktake,
)
from cases.tables import Outbox
from cases.trail import verify
from states.stocktaking import Asked
from tests.cases.stocktaking import (
    FIRST,
    RATING,
    SECOND,
    WANTED,
    change,
    contact,
    holder,
    items,
    secrets,
    step,
    stocktake,
)
from tests.world import NOW, TODAY, World, settle

RATED = read_answers(RATING)


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        (Scope(), 4),
        (Scope(granted_to=date(2022, 8, 8)), 0),
        (Scope(granted_from=date(2022, 8, 9), granted_to=date(2022, 8, 9)), 4),
        (Scope(kinds=("utility",)), 1),
        (Scope(colleges=("材料学院",)), 1),
        (Scope(statuses=("in_grace",)), 0),
    ],
)
def test_preview_counts_what_opening_takes_in(world: World, scope: Scope, count: int) -> None:
    change(world, 0, status="lapsed")
    change(world, 1, kind="utility")
    change(world, 2, college="材料学院")
    with world.db.read() as session:
        preview = preview_stocktake(session, world.org_id, scope)
    assert (preview.total, sum(n for _, n in preview.colleges)) == (count, count)
    if count:
        wanted = replace(checked_stocktake(WANTED, TODAY), scope=scope)
        id_ = open_stocktake(world.db, world.person("officer"), wanted, NOW)
        fill_stocktake(world.db, world.org_id, id_, NOW)
        assert len(items(world, id_)) == count


def test_filling_goes_on_where_it_stopped_and_takes_nothing_twice(any_world: World) -> None:
    officer, seen = any_world.person("officer"), []
    id_ = open_stocktake(any_world.db, officer, checked_stocktake(WANTED, TODAY), NOW)

    def stop(count: int) -> None:
        seen.append(count)
        if count == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_stocktake(any_world.db, any_world.org_id, id_, NOW, stop, size=2)
    assert seen == [2, 4]
    with any_world.db.read() as session:
        assert [line.status for line in campaigns(session, any_world.org_id)] == ["filling"]
    take_in_grants(any_world.db, NOW, TODAY)
    assert fill_stocktake(any_world.db, any_world.org_id, id_, NOW) == 0
    with any_world.db.read() as session:
        line = campaigns(session, any_world.org_id)[0]
    assert (line.status, line.total, line.expected) == ("open", 5, 5)


def test_order_is_invention_then_key_industry_then_strong_discipline(world: World) -> None:
    focus = Focus(("H01M",), ("材料学院",))
    rows = [
        ("invention", "H01M50/403", "材料学院"), ("invention", "A61K; h01m 4/00", ""), ("invention", "A61K", "材料学院"),
        ("invention", "A61K", ""), ("utility", "H01M", "材料学院"), ("utility", "", ""),
    ]  # fmt: skip
    assert [focus.priority(*row) for row in rows] == [0, 1, 2, 3, 4, 7]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"title", "due_on"}),
        ({**WANTED, "due_on": "2026-03-01"}, {"due_on"}),
        ({**WANTED, "granted_from": "2024-01-01", "granted_to": "2023-12-31"}, {"granted_to"}),
        (
            {**WANTED, "kinds": "invention,戏剧", "statuses": "void", "scores_wanted": "三"},
            {"kinds", "statuses", "scores_wanted"},
        ),
        ({**WANTED, "granted_from": "去年"}, {"granted_from"}),
    ],
)  # fmt: skip
def test_wrong_campaign_names_its_fields(values: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        checked_stocktake(values, TODAY)
    assert set(caught.value.fields) == fields


def test_campaign_is_opened_by_the_office_once_and_closed(world: World) -> None:
    wanted = checked_stocktake(WANTED, TODAY)
    with pytest.raises(Forbidden):
        open_stocktake(world.db, world.person("approver"), wanted, NOW)
    id_ = stocktake(world)
    with pytest.raises(Conflict):
        open_stocktake(world.db, world.person("officer"), wanted, NOW)
    close_stocktake(world.db, world.person("officer"), id_, NOW)
    with pytest.raises(Conflict):
        close_stocktake(world.db, world.person("officer"), id_, NOW)
    item = items(world, id_)[0]
    with pytest.raises(Refused):
        step(world, item, "rate", rating=RATED)
    close_stocktake(world.db, world.person("administrator"), id_, NOW, closed=False)
    assert step(world, item, "rate", rating=RATED) == 2


def test_inventors_are_found_by_name_and_college_or_listed_as_unassigned(world: World) -> None:
    change(world, 0, college="材料学院")
    change(world, 1, college="化学院")
    change(world, 2, college="物理学院", inventors='["陈思远"]')
    officer, id_ = world.person("officer"), stocktake(world)
    people = [Contact(FIRST, "材料学院"), Contact(FIRST, "化学院"), Contact(SECOND)]
    assert save_contacts(world.db, officer, people, NOW) == (3, 3)
    assert save_contacts(world.db, officer, people, NOW) == (0, 0)
    with world.db.read() as session:
        assert progress_of(session, world.org_id, id_).unassigned == 2  # of no college, and two bear the name
    assert len(items(world, id_, unassigned=True)) == 2


def test_whole_way_to_the_pool_writes_profile_history_and_trail(any_world: World) -> None:
    id_ = stocktake(any_world, scores_wanted="2")
    item = items(any_world, id_)[0]
    step(any_world, item, "rate", rating=RATED)
    step(any_world, item, "pass_college", "approver")
    with pytest.raises(Refused) as refused:
        step(any_world, item, "accept")
    assert [unmet.code for unmet in refused.value.unmet] == ["panel_missing"]
    step(any_world, item, "score", score=80)
    step(any_world, item, "score", "approver", score=61)
    step(any_world, item, "accept")
    step(any_world, item, "enter_pool")
    with any_world.db.read() as session:
        page = item_page(session, any_world.org_id, item)
        profile = session.get(PatentProfile, page.line.patent_id)
        entry = session.exec(select(PoolEntry)).one()
        sources = set(session.exec(select(ProfileChange.source)))
        assert verify(session, any_world.org_id).breaks == ()
    assert profile is not None
    assert (page.line.state, page.panel.mean, page.panel.spread) == ("pooled", 71, 19)
    assert (profile.maturity, profile.self_score, profile.central_score, profile.in_pool) == (
        "pilot",
        80,
        71,
        True,
    )
    assert (entry.pool, entry.status, sources) == ("institution", "entered", {f"stocktake:{id_}"})
    assert [event.step for event in page.events] == [
        "enter_pool", "accept", "score", "score", "pass_college", "rate",
    ]  # fmt: skip


def reviewed(world: World, **more: object) -> int:
    """Take the first item of a new campaign to its decision."""
    item = items(world, stocktake(world, **more))[0]
    step(world, item, "rate", rating=RATED)
    step(world, item, "pass_college", "approver")
    step(world, item, "accept")
    return item


def test_patent_with_an_open_case_is_not_given_up(world: World) -> None:
    item = reviewed(world)
    with world.db.read() as session:
        patent_id = item_page(session, world.org_id, item).line.patent_id
    assert patent_id == world.patent_ids[0]
    world.case()
    with pytest.raises(Refused) as refused:
        step(world, item, "dispose", "approver", choice="stop_fees", notified_on=TODAY)
    assert [unmet.rule_id for unmet in refused.value.unmet] == ["ST-04"]
    step(world, item, "dispose", choice="improve")
    with world.db.read() as session:
        profile = session.get(PatentProfile, patent_id)
    assert profile is not None
    assert (profile.disposal, profile.review_on) == ("improve", date(2026, 9, 1))


def test_taking_up_again_takes_the_patent_out_of_the_pool(world: World) -> None:
    item = reviewed(world)
    step(world, item, "enter_pool")
    step(world, item, "reopen")
    with world.db.read() as session:
        page = item_page(session, world.org_id, item)
        profile = session.get(PatentProfile, page.line.patent_id)
    assert profile is not None
    assert (page.line.state, profile.in_pool) == ("waiting", False)


def test_second_who_decides_is_told_who_was_faster(any_world: World) -> None:
    item = items(any_world, stocktake(any_world))[0]
    step(any_world, item, "rate", rating=RATED, expected_version=1)
    with pytest.raises(Stale, match="林知远刚刚办理了“提交自评”"):
        step(any_world, item, "pass_college", "approver", expected_version=1)
    assert step(any_world, item, "pass_college", "approver", expected_version=2) == 3


def test_many_at_once_are_told_one_by_one(world: World) -> None:
    id_ = stocktake(world)
    first, second, *_ = items(world, id_)
    step(world, first, "rate", rating=RATED)
    done = take_steps(
        world.db, world.person("approver"), [(first, 2), (second, 1)], Asked("pass_college", ""), NOW
    )
    assert [bool(one.reason) for one in done] == [False, True]
    assert "待自评" in done[1].reason


def test_items_of_another_institution_do_not_exist(world: World) -> None:
    item = items(world, stocktake(world))[0]
    other = settle(world.db, "另一所大学", "other-")
    with pytest.raises(NotFound):
        step(other, item, "leave_out")
    with world.db.read() as session, pytest.raises(NotFound):
        item_page(session, other.org_id, item)


def test_link_shows_own_patents_only(world: World) -> None:
    change(world, 4, inventors='["陈思远"]')
    id_ = stocktake(world)
    contact(world)
    contact(world, SECOND, email="")
    first, second = holder(world, id_), holder(world, id_, SECOND)
    own, theirs = (rating_by_link.own_items(world.db, who) for who in (first, second))
    assert (len(own), len(theirs)) == (4, 1)
    for act in (
        lambda: rating_by_link.own_item(world.db, first, theirs[0].id),
        lambda: rating_by_link.keep_half(world.db, first, theirs[0].id, {"scenario": "偷看"}),
        lambda: rating_by_link.submit(world.db, first, theirs[0].id, RATING, expected_version=None, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()


def test_half_filled_rating_is_kept_and_the_last_one_copied(any_world: World) -> None:
    id_ = stocktake(any_world)
    contact(any_world)
    who = holder(any_world, id_)
    first, second, *_ = rating_by_link.own_items(any_world.db, who)
    rating_by_link.keep_half(any_world.db, who, first.id, {"maturity": "lab", "scenario": "写到一半"})
    half = rating_by_link.own_item(any_world.db, who, first.id)
    assert (half.has_draft, half.typed, half.version) == (
        True,
        {"maturity": "lab", "scenario": "写到一半"},
        1,
    )
    rating_by_link.submit(any_world.db, who, first.id, RATING, expected_version=1, now=NOW)
    assert not rating_by_link.own_item(any_world.db, who, first.id).has_draft
    copied = rating_by_link.as_the_last(any_world.db, who, second.id)
    assert copied == {name: value for name, value in RATING.items() if name != "value"}


def test_rating_by_link_needs_the_word_that_it_is_ones_own(world: World) -> None:
    id_ = stocktake(world)
    contact(world)
    who = holder_of(world.db, secrets(world, id_)[FIRST], NOW)
    assert who is not None
    item = rating_by_link.own_items(world.db, who)[0].id
    with pytest.raises(Refused, match="尚未确认本链接由本人使用"):
        rating_by_link.submit(world.db, who, item, RATING, expected_version=1, now=NOW)
    with pytest.raises(Refused, match="自评缺少：技术成熟度、应用场景、产业化前景"):
        rating_by_link.submit(world.db, replace(who, consented=True), item, {}, expected_version=1, now=NOW)


def test_link_is_kept_hashed_and_ends(world: World) -> None:
    officer, id_ = world.person("officer"), stocktake(world)
    contact(world)
    secret = secrets(world, id_)[FIRST]
    with world.db.read() as session:
        row = session.exec(select(RatingLink)).one()
    assert secret not in (row.secret_hash, row.nonce)
    assert holder_of(world.db, secret, NOW + timedelta(days=59)) is not None
    assert holder_of(world.db, secret, NOW + timedelta(days=100)) is None
    for wrong in ("", "x" * 40, secret[:-1] + ("0" if secret[-1] != "0" else "1"), f"{row.id}.{row.nonce}"):
        assert holder_of(world.db, wrong, NOW) is None
    make_links(world.db, officer, id_, NOW, mail=False, renew=True)
    assert holder_of(world.db, secret, NOW) is None
    fresh = secrets(world, id_)[FIRST]
    close_stocktake(world.db, officer, id_, NOW)
    assert holder_of(world.db, fresh, NOW) is None


def test_secrets_are_for_those_who_hand_links_out(world: World) -> None:
    id_ = stocktake(world)
    contact(world)
    secrets(world, id_)
    approver = world.person("approver")
    assert [link.secret for link in links_of(world.db, approver, id_, NOW)[0]] == [""]
    with pytest.raises(Forbidden):
        links_of(world.db, approver, id_, NOW, secrets=True)
    with pytest.raises(Forbidden):
        make_links(world.db, approver, id_, NOW, mail=False)


def letters(world: World) -> int:
    with world.db.read() as session:
        return len(session.exec(select(Outbox).where(Outbox.topic == "rating_link")).all())


@pytest.mark.parametrize(
    ("days_before", "rung"), [(15, ""), (14, "d14"), (8, "d14"), (7, "d7"), (3, "d3"), (0, "d0"), (-6, "d0"), (-9, "late7")]
)  # fmt: skip
def test_rungs_of_the_due_day(days_before: int, rung: str) -> None:
    due = date(2026, 4, 30)
    assert rung_of(due, due - timedelta(days=days_before)) == rung


def test_inventors_are_reminded_once_a_rung_and_not_when_they_are_through(any_world: World) -> None:
    id_ = stocktake(any_world)
    contact(any_world)
    make_links(any_world.db, any_world.person("officer"), id_, NOW, mail=True)
    assert letters(any_world) == 1
    due = date(2026, 4, 30)
    remind_inventors(any_world.db, NOW, due - timedelta(days=7))
    assert letters(any_world) == 1  # its first letter has not gone out yet
    link, _ = links_of(any_world.db, any_world.person("officer"), id_, NOW)
    note_mailed(any_world.db, link[0].id, "", NOW)
    for _ in range(2):
        remind_inventors(any_world.db, NOW, due - timedelta(days=7))
    assert letters(any_world) == 2
    who = holder(any_world, id_)
    for item in rating_by_link.own_items(any_world.db, who):
        rating_by_link.submit(any_world.db, who, item.id, RATING, expected_version=1, now=NOW)
    remind_inventors(any_world.db, NOW, due)
    assert letters(any_world) == 2


def test_new_grant_enters_the_rolling_campaign_once(any_world: World) -> None:
    change(any_world, 4, status="pending", grant_date=None)
    id_ = stocktake(any_world, rolling="yes", granted_from="2022-01-01")
    assert len(items(any_world, id_)) == 4
    night = NOW + timedelta(days=1)
    assert dict(take_in_grants(any_world.db, night, TODAY).counts)["taken"] == 0
    change(
        any_world, 4, status="in_force", grant_date=date(2026, 3, 3), updated_at=night + timedelta(hours=5)
    )
    later = night + timedelta(days=1)
    report = take_in_grants(any_world.db, later, TODAY)
    assert (dict(report.counts)["taken"], [line.org_id for line in report.lines]) == (1, [any_world.org_id])
    assert dict(take_in_grants(any_world.db, later, TODAY).counts)["taken"] == 0


def test_scope_leaves_out_what_was_rated_since(any_world: World) -> None:
    item = items(any_world, stocktake(any_world))[0]
    step(any_world, item, "rate", rating=RATED)
    second = stocktake(any_world, title="第二次盘点", not_rated_since="2026-01-01")
    third = stocktake(any_world, title="第三次盘点", not_rated_since="2026-03-03")
    assert (len(items(any_world, second)), len(items(any_world, third))) == (4, 5)


def test_progress_counts_what_its_lists_hold(any_world: World) -> None:
    change(any_world, 1, college="材料学院")
    id_ = stocktake(any_world)
    chosen = items(any_world, id_)[:3]
    for item in chosen:
        step(any_world, item, "rate", rating=RATED)
    for item in chosen[:2]:
        step(any_world, item, "pass_college", "approver")
        step(any_world, item, "accept")
    step(any_world, chosen[0], "enter_pool")
    step(any_world, chosen[1], "dispose", choice="keep")
    any_world.case()
    with any_world.db.read() as session:
        progress = progress_of(session, any_world.org_id, id_)
    assert progress.covered == {"evaluated": 3, "screened": 2, "registered": 1, "matched": 1}
    assert sum(progress.counts.values()) == progress.total == progress.base == 5
    for name, count in progress.covered.items():
        assert len(items(any_world, id_, covered=name)) == count
    for line in progress.lines:
        for state, count in line.counts.items():
            assert len(items(any_world, id_, state=state, college=line.college)) == count


def test_sample_is_drawn_again_by_its_seed_and_compared(any_world: World) -> None:
    id_ = stocktake(any_world)
    rated = items(any_world, id_)[:4]
    for item in rated:
        step(any_world, item, "rate", rating=RATED)
    officer = any_world.person("officer")
    draw_sample(any_world.db, officer, id_, 2, 20260302, NOW)
    with any_world.db.read() as session:
        sample = samples_of(session, any_world.org_id, id_)[0]
    assert tuple(one.item_id for one in sample.items) == drawn(rated[::-1], 2, 20260302)
    assert (sample.seed, sample.drawn_from, sample.rated) == (20260302, 4, 0)
    first, second = sample.items
    again = {"maturity": "pilot", "prospect": "high", "implementation": "none"}
    approver = any_world.person("approver")
    rate_again(any_world.db, approver, first.id, again, NOW)
    rate_again(any_world.db, approver, second.id, {**again, "prospect": "low"}, NOW)
    with pytest.raises(Conflict):
        rate_again(any_world.db, approver, second.id, again, NOW)
    with any_world.db.read() as session:
        agreed = dict(samples_of(session, any_world.org_id, id_)[0].agreed)
    assert {name: found.permille for name, found in agreed.items()} == {
        "maturity": 1000, "prospect": 500, "implementation": 1000,
    }  # fmt: skip


def test_sample_needs_something_rated(world: World) -> None:
    id_ = stocktake(world)
    with pytest.raises(Invalid):
        draw_sample(world.db, world.person("officer"), id_, 5, 1, NOW)
    with pytest.raises(Forbidden):
        draw_sample(world.db, world.person("approver"), id_, 5, 1, NOW)


def test_answers_tell_what_is_wrong_and_what_is_missing() -> None:
    found = read_answers(
        {"maturity": "火星", "willingness": ["license"], "unwilling": "yes", "scenario": "长" * 501}
    )
    assert set(found.faults) == {"maturity", "willingness", "scenario"}
    assert read_answers({"unwilling": "yes"}).missing == ("maturity", "scenario", "prospect")


def test_items_keep_no_state_outside_the_table(world: World) -> None:
    id_ = stocktake(world)
    with world.db.read() as session:
        assert set(session.exec(select(StocktakeItem.state).where(StocktakeItem.stocktake_id == id_))) == {
            "waiting"
        }
