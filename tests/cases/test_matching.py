"""Matching on the record: only the own patents, the same list twice, what changed counts at once, and decisions that stay."""

from datetime import date
from typing import Any

import pytest

from cases.contact_figures import contact_figures
from cases.demands import get_demand, move_demand
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.match_decisions import (
    decide,
    decided,
    demand_of_case,
    matched_patents,
    open_from_demand,
    proposed_mode,
    push_matches,
)
from cases.matching import LEVELS, Match, demands_of_patent, match_of, matches_of_demand
from cases.profiles import change_profile
from cases.tables import Case, Patent
from cases.teams import get_team, list_teams, teams_of_matches
from cases.trail import verify
from tests.cases.test_demands import saved
from tests.world import NOW, TODAY, World, settle


def patent(world: World, number: int, title: str, **fields: Any) -> int:
    """Write one more patent."""
    said: dict[str, Any] = {
        "kind": "invention", "owners": '["沧澜理工大学"]', "inventors": '["沈若虚","顾清扬"]', "ipc": "C02F3/30",
        "college": "环境学院", "status": "in_force", "filing_date": date(2020, 5, 6), "content_hash": f"more-{number}",
    }  # fmt: skip
    with world.db.write() as session:
        row = Patent(
            org_id=world.org_id, application_no=f"20201{number:08d}", title=title, created_at=NOW, updated_at=NOW,
            **{**said, **fields},
        )  # fmt: skip
        session.add(row)
        session.flush()
        return int(row.id or 0)


def found(world: World, demand_id: int, limit: int = 20) -> tuple[Match, ...]:
    """Return the list of a demand."""
    with world.db.read() as session:
        demand = get_demand(session, world.org_id, demand_id)
        return matches_of_demand(world.db, session, world.org_id, demand, TODAY, limit=limit)


def test_list_is_the_same_twice_and_ties_stand_by_id(any_world: World) -> None:
    demand_id = saved(any_world)
    first = found(any_world, demand_id)
    assert [match.patent_id for match in first] == sorted(any_world.patent_ids)
    assert len({match.score for match in first}) == 1
    assert found(any_world, demand_id) == first
    with any_world.db.read() as session:
        demand = get_demand(session, any_world.org_id, demand_id)
        alone = match_of(any_world.db, session, any_world.org_id, demand, any_world.patent_ids[2], TODAY)
    assert alone == first[2]


def test_match_by_characters_alone_reads_low_whatever_its_score(any_world: World) -> None:
    demand_id = saved(any_world, title="鱼塘增氧", text="", industries="energy")
    oxygen = patent(any_world, 1, "一种增高氧化率的炉")
    (best, *_) = found(any_world, demand_id)
    assert (best.patent_id, best.level, best.score > LEVELS["medium"]) == (oxygen, "low", True)


def test_what_changed_counts_at_the_next_question(any_world: World) -> None:
    demand_id = saved(
        any_world, title="化肥厂废水氨氮超标", text="冬季生化池效果差", industries="conservation"
    )
    assert [match for match in found(any_world, demand_id) if match.score > 20] == []
    new = patent(any_world, 1, "一种低温脱除氨氮的复合菌剂")
    assert found(any_world, demand_id)[0].patent_id == new
    before = found(any_world, demand_id)[0].score
    with any_world.db.cursor() as cur:
        change_profile(
            cur, any_world.org_id, new, {"scenario": "化肥厂废水", "maturity": "pilot", "industry": ["conservation"]},
            source="officer", why="盘点登记", actor=any_world.person("officer").author, now=NOW,
        )  # fmt: skip
    best = found(any_world, demand_id)[0]
    assert best.score > before
    assert [reason.zh for reason in best.reasons] == [
        "专利名称与需求都提到：氨氮",
        "应用场景与需求都提到：化肥厂、废水",
        "产业领域一致：节能环保（档案登记）",
        "技术成熟度：中试",
    ]


def test_patent_that_cannot_be_licensed_falls_back_and_says_why(any_world: World) -> None:
    demand_id = saved(any_world, title="废水氨氮", industries="conservation")
    taken = patent(any_world, 1, "一种废水氨氮脱除装置", flags='["exclusive_license"]')
    lapsed = patent(any_world, 2, "一种废水氨氮脱除装置", status="lapsed")
    free = patent(any_world, 3, "一种废水氨氮脱除装置")
    listed = {match.patent_id: match for match in found(any_world, demand_id)}
    assert list(listed)[0] == free
    assert listed[free].against == ()
    assert [listed[one].is_blocked for one in (free, taken, lapsed)] == [False, True, True]
    assert all(listed[one].against[0].zh for one in (taken, lapsed))
    assert listed[free].score > listed[taken].score > 0


def test_patents_and_demands_of_another_organization_do_not_exist(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    ours, theirs = saved(any_world), saved(other)
    assert {match.patent_id for match in found(other, theirs)} == set(other.patent_ids)
    with any_world.db.read() as session:
        demand = get_demand(session, any_world.org_id, ours)
        assert match_of(any_world.db, session, any_world.org_id, demand, other.patent_ids[0], TODAY) is None
        assert demands_of_patent(any_world.db, session, other.org_id, any_world.patent_ids[0], TODAY) == ()
        assert [
            one.demand.id
            for one in demands_of_patent(any_world.db, session, other.org_id, other.patent_ids[0], TODAY)
        ] == [theirs]
        assert list_teams(any_world.db, session, other.org_id, q="沈若虚").total == 0
        assert decided(session, other.org_id, ours) == ()
    with pytest.raises(NotFound):
        decide(
            any_world.db,
            other.person("officer"),
            ours,
            any_world.patent_ids[0],
            "accepted",
            "合适",
            today=TODAY,
        )
    with pytest.raises(NotFound):
        decide(
            any_world.db,
            any_world.person("officer"),
            ours,
            other.patent_ids[0],
            "accepted",
            "合适",
            today=TODAY,
        )
    with pytest.raises(NotFound):
        open_from_demand(any_world.db, other.person("officer"), ours, any_world.patent_ids[:1], today=TODAY)


def test_demands_of_a_patent_are_those_that_share_something_and_are_open(any_world: World) -> None:
    fits = saved(any_world)
    saved(any_world, title="果园采摘人手不足", text="", industries="equipment")
    over = saved(any_world)
    move_demand(any_world.db, any_world.person("officer"), over, "closed", "企业已自行解决", now=NOW)
    with any_world.db.read() as session:
        ours = demands_of_patent(any_world.db, session, any_world.org_id, any_world.patent_ids[0], TODAY)
    assert [one.demand.id for one in ours] == [fits]
    assert ours[0].match == found(any_world, fits)[0]


def test_match_is_taken_then_becomes_a_case_and_both_know_each_other(any_world: World) -> None:
    officer, demand_id, (first, second, *_) = (
        any_world.person("officer"),
        saved(any_world),
        any_world.patent_ids,
    )
    decide(any_world.db, officer, demand_id, first, "accepted", "与企业产线一致", today=TODAY, now=NOW)
    decide(any_world.db, officer, demand_id, second, "rejected", "企业已有同类方案", today=TODAY, now=NOW)
    case_id = open_from_demand(any_world.db, officer, demand_id, [first], today=TODAY, now=NOW)
    with any_world.db.read() as session:
        case = session.get_one(Case, case_id)
        assert (case.mode, case.title, case.company_id) == (
            "ordinary_license",
            "锂电池隔膜高温收缩普通许可",
            any_world.company_id,
        )
        taken, refused = decided(session, any_world.org_id, demand_id)
        assert (taken.case_id, taken.case_no, taken.reason, taken.who) == (
            case_id,
            case.number,
            "与企业产线一致",
            "林知远",
        )
        assert (refused.decision, refused.reason, refused.case_id) == ("rejected", "企业已有同类方案", None)
        assert taken.shown[0].zh == "专利名称与需求都提到：隔膜、电池"
        assert demand_of_case(session, any_world.org_id, case_id) == (
            demand_id,
            "XQ2026-00001",
            "锂电池隔膜高温收缩",
        )
        assert get_demand(session, any_world.org_id, demand_id).status == "matched"
        assert matched_patents(session, any_world.org_id) == 1
        assert verify(session, any_world.org_id).breaks == ()
    assert [match.decision for match in found(any_world, demand_id)[:2]] == ["accepted", "rejected"]
    with pytest.raises(Conflict):
        open_from_demand(any_world.db, officer, demand_id, [first], today=TODAY, now=NOW)
    with pytest.raises(Conflict):
        decide(any_world.db, officer, demand_id, first, "rejected", "改主意了", today=TODAY, now=NOW)


def test_a_later_decision_takes_the_place_of_the_first(any_world: World) -> None:
    officer, demand_id, first = any_world.person("officer"), saved(any_world), any_world.patent_ids[0]
    decide(any_world.db, officer, demand_id, first, "rejected", "暂不合适", today=TODAY, now=NOW)
    decide(any_world.db, officer, demand_id, first, "accepted", "企业改了产线", today=TODAY, now=NOW)
    with any_world.db.read() as session:
        assert [(one.decision, one.reason) for one in decided(session, any_world.org_id, demand_id)] == [
            ("accepted", "企业改了产线")
        ]


def test_only_what_was_taken_becomes_a_case(world: World) -> None:
    officer, demand_id, first = world.person("officer"), saved(world), world.patent_ids[0]
    for chosen in ([], [first]):
        with pytest.raises(Invalid) as invalid:
            open_from_demand(world.db, officer, demand_id, chosen, today=TODAY, now=NOW)
        assert list(invalid.value.fields) == ["patent_ids"]
    with pytest.raises(Invalid) as invalid:
        decide(world.db, officer, demand_id, first, "maybe", "", today=TODAY, now=NOW)
    assert list(invalid.value.fields) == ["decision", "reason"]
    with pytest.raises(Forbidden):
        decide(world.db, world.person("readonly"), demand_id, first, "accepted", "合适", today=TODAY, now=NOW)
    move_demand(world.db, officer, demand_id, "closed", "不再需要", now=NOW)
    with pytest.raises(Conflict):
        decide(world.db, officer, demand_id, first, "accepted", "合适", today=TODAY, now=NOW)


def test_mode_follows_the_wish_else_an_ordinary_license(world: World) -> None:
    wished, silent = saved(world, modes="open_license,transfer"), saved(world, modes="")
    with world.db.read() as session:
        modes = [
            proposed_mode(session, world.org_id, get_demand(session, world.org_id, one)).mode
            for one in (wished, silent)
        ]
    assert modes == ["transfer", "ordinary_license"]


def test_contacts_are_counted_once_and_signed_ones_among_them(any_world: World) -> None:
    officer, demand_id, (first, second, *_) = (
        any_world.person("officer"),
        saved(any_world),
        any_world.patent_ids,
    )
    for one in (first, second):
        decide(any_world.db, officer, demand_id, one, "accepted", "合适", today=TODAY, now=NOW)
    pushed = push_matches(any_world.db, officer, demand_id, [first], now=NOW)
    assert len(pushed.ids) == 1
    case_id = open_from_demand(any_world.db, officer, demand_id, [first], today=TODAY, now=NOW)
    with any_world.db.read() as session:
        figures = contact_figures(
            any_world.db, session, any_world.org_id, date(2026, 1, 1), date(2026, 12, 31)
        )
        earlier = contact_figures(
            any_world.db, session, any_world.org_id, date(2025, 1, 1), date(2025, 12, 31)
        )
    assert (figures.contacts, figures.cases, figures.signed, figures.case_ids) == (2, 1, 0, (case_id,))
    assert figures.signed_percent == 0.0
    assert (earlier.contacts, earlier.signed_percent) == (0, None)


def test_team_is_the_first_inventor_of_a_college_with_its_patents(any_world: World) -> None:
    one = patent(any_world, 1, "一种废水氨氮脱除装置")
    two = patent(any_world, 2, "一种污泥脱水方法", inventors='["沈若虚","周望舒"]')
    patent(any_world, 3, "一种污泥脱水装置", college="土木学院")
    with any_world.db.read() as session:
        teams = list_teams(any_world.db, session, any_world.org_id, q="沈若虚")
        team = get_team(any_world.db, session, any_world.org_id, "沈若虚", "环境学院")
        with pytest.raises(NotFound):
            get_team(any_world.db, session, any_world.org_id, "无此人", "环境学院")
    assert [(row.college, row.patents) for row in teams.rows] == [("环境学院", 2), ("土木学院", 1)]
    assert {row.id for row in team.patents} == {one, two}
    assert team.members == (("沈若虚", 2), ("周望舒", 1), ("顾清扬", 1))
    assert team.industries == (("conservation", 2),)
    matched = teams_of_matches(found(any_world, saved(any_world, title="废水氨氮处理")))
    assert (matched[0].lead, matched[0].college, matched[0].matches[0].patent_id) == (
        "沈若虚",
        "环境学院",
        one,
    )
