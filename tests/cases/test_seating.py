"""Seats and deputies on record: who may decide now, told in inbox and trail, apart for every institution."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from sqlite3 import OperationalError
from typing import Any

import orjson
import pytest
from sqlmodel import col, select

from cases.advance import Refused, advance
from cases.approvers import SUBMITTED
from cases.case_view import case_view
from cases.db import Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.inbox import inbox
from cases.notices import notify_approvers
from cases.people import add_user, person_by_login, set_active
from cases.scope import Person
from cases.seating import assign_seat, end_deputy, name_deputy, remove_seat, seating
from cases.standing import holders
from cases.tables import Message
from cases.trail import entries, verify
from contracts.documents import build_html
from tests.modes.acting import act, case_data, day, refusal
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, World, settle

BODIES = {"college": "院长", "transfer_office": "主任", "legal": "沈律", "leading_group": "秘书"}
VOTE = {"present": 7, "in_favor": 6, "against": 0, "abstained": 1}


def person(world: World, login: str) -> Person:
    with world.db.read() as session:
        return person_by_login(session, login)


def approver(world: World, login: str, name: str) -> Person:
    """An approver more."""
    add_user(world.db, world.person("administrator"), login=login, name=name, role="approver")
    return person(world, login)


def seated(world: World, prefix: str = "") -> dict[str, Person]:
    """Everybody of the three-stage route in their seats."""
    people = {body: approver(world, f"{prefix}{body}", name) for body, name in BODIES.items()}
    for body, one in people.items():
        assign_seat(world.db, world.person("administrator"), body, one.login, today=TODAY, now=NOW)
    return people


def handed_up(world: World) -> int:
    """A case with a related party before its three stages."""
    case_id = world.case()
    walk_to(world, case_id, "close_publicity")
    act(world, case_id, "submit_approval", 24, related_party=True, related_names="冯立")
    return case_id


def decide(world: World, case_id: int, who: Person, number: int, **payload: Any) -> tuple[str, ...]:
    given = {"decided_on": day(number).isoformat(), "minutes_no": "1号", **payload}
    done = advance(
        world.db, case_id, "approve", who, given, expected_version=None, today=day(number),
        now=NOW + timedelta(days=number),
    )  # fmt: skip
    return done.position


def needs(world: World, who: Person, number: int) -> list[int]:
    with world.db.read() as session:
        return [item.case_id for item in inbox(world.db, session, who, day(number)).needs]


def test_three_stages_pass_from_seat_to_seat(any_world: World) -> None:
    people = seated(any_world)
    case_id = handed_up(any_world)
    asked = [("college",), ("transfer_office", "legal"), ("leading_group",)]
    order = ("college", "legal", "transfer_office", "leading_group")
    for body, stage in zip(order, (0, 1, 1, 2), strict=True):
        waiting = set(asked[stage]) - {
            one["body"] for one in case_data(any_world, case_id)["approval"].get("decisions", ())
        }
        assert {name for name, one in people.items() if needs(any_world, one, 25)} == waiting
        position = decide(any_world, case_id, people[body], 25, **(VOTE if body == "leading_group" else {}))
        assert ("approval_granted" in position) == (body == "leading_group")
    kept = case_data(any_world, case_id)["approval"]
    assert [(one["body"], one["by_name"]) for one in kept["decisions"]] == [
        (body, BODIES[body]) for body in order
    ]
    assert (kept["decided_on"], kept["approved_by_name"]) == (day(25).isoformat(), "秘书")
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_holder_names_bodies_persons_and_since_when(world: World) -> None:
    people = seated(world)
    away = approver(world, "stand_in", "代理人")
    name_deputy(
        world.db,
        world.person("administrator"),
        "legal",
        away.login,
        day(25),
        day(30),
        "出差",
        today=TODAY,
        now=NOW,
    )
    case_id = handed_up(world)
    decide(world, case_id, people["college"], 26)
    decide(world, case_id, people["transfer_office"], 28)
    with world.db.read() as session:
        found = [
            holders(world.db, session, world.org_id, [case_id], day(number))[case_id] for number in (29, 31)
        ]
    assert [one.who_zh for one in found] == [
        "审批人（法律事务室：沈律（代理人：代理人））",
        "审批人（法律事务室：沈律）",
    ]
    assert [(one.since, one.days) for one in found] == [(day(26), 3), (day(26), 5)]
    assert found[1].who_en == "Approver (Legal office: 沈律)"


@pytest.mark.parametrize(
    ("number", "codes"), [(24, ["not_seated"]), (25, []), (27, []), (30, []), (31, ["not_seated"])]
)
def test_deputy_acts_within_their_days_only(world: World, number: int, codes: list[str]) -> None:
    people = seated(world)
    away = approver(world, "stand_in", "代理人")
    name_deputy(
        world.db,
        world.person("administrator"),
        "legal",
        away.login,
        day(25),
        day(30),
        "出差",
        today=TODAY,
        now=NOW,
    )
    case_id = handed_up(world)
    decide(world, case_id, people["college"], 24)
    assert bool(needs(world, away, number)) == (not codes)
    try:
        decide(world, case_id, away, number)
        found: list[str] = []
    except Refused as refused:
        found = [unmet.code for unmet in refused.unmet]
    assert sorted(set(found)) == codes
    if not codes:
        last = case_data(world, case_id)["approval"]["decisions"][-1]
        assert (last["by_name"], last["for_name"], last["for_reason"]) == ("代理人", "沈律", "出差")


def test_without_seats_any_approver_decides_but_for_one_body(world: World) -> None:
    case_id = handed_up(world)
    act(world, case_id, "approve", 25, decided_on=day(25), minutes_no="1号")
    given = {"decided_on": day(25), "minutes_no": "1号", "body": "legal"}
    assert refusal(world, case_id, "approve", 25, **given) == ["decided_before"]
    decide(world, case_id, approver(world, "second", "陆二"), 25, body="legal")
    assert SUBMITTED in decide(world, case_id, approver(world, "third", "陆三"), 25, body="transfer_office")


def test_inventor_of_a_patent_does_not_decide(world: World) -> None:
    namesake = approver(world, "namesake", "陈思远")
    case_id = handed_up(world)
    assert needs(world, namesake, 25) == []
    with pytest.raises(Refused) as caught:
        decide(world, case_id, namesake, 25)
    assert [unmet.code for unmet in caught.value.unmet] == ["must_recuse"]


def test_sent_back_voids_what_was_decided(world: World) -> None:
    people = seated(world)
    case_id = handed_up(world)
    decide(world, case_id, people["college"], 25)
    done = advance(
        world.db, case_id, "send_back", people["legal"], {"reason": "补充价格依据"}, expected_version=None,
        today=day(26), now=NOW,
    )  # fmt: skip
    assert done.voids == ("decisions",)
    act(world, case_id, "submit_approval", 27, related_party=True, related_names="冯立")
    assert "decisions" not in case_data(world, case_id)["approval"]


def test_every_change_of_seats_and_deputies_is_told_in_the_trail(any_world: World) -> None:
    by, db = any_world.person("administrator"), any_world.db
    one, other = approver(any_world, "one", "甲一"), approver(any_world, "other", "乙二")
    seat = assign_seat(db, by, "法律事务室", one.login, today=TODAY, now=NOW)
    deputy = name_deputy(db, by, one.login, other.login, TODAY, TODAY, "休假", today=TODAY, now=NOW)
    with db.read() as session:
        found = seating(session, any_world.org_id, TODAY)
    (office,) = [office for office in found.offices if office.seats]
    assert (office.body.id, [sitting.name for sitting in office.seats]) == ("legal", ["甲一"])
    assert [(d.name, d.deputy, d.standing) for d in found.deputies] == [("甲一", "乙二", "now")]
    end_deputy(db, by, deputy, NOW)
    remove_seat(db, by, seat, NOW)
    with db.read() as session:
        told = entries(session, any_world.org_id, f"org:{any_world.org_id}")[-4:]
        assert not seating(session, any_world.org_id, TODAY).is_assigned
        assert verify(session).breaks == ()
    assert [(entry.verb, entry.body["name"]) for entry in told] == [
        ("approval_seat_assigned", "甲一"), ("approval_deputy_named", "甲一"), ("approval_deputy_ended", "甲一"),
        ("approval_seat_removed", "甲一"),
    ]  # fmt: skip
    assert [entry.body["deputy"] for entry in told[1:3]] == ["乙二", "乙二"]
    assert orjson.dumps(dict(told[1].body)).decode().count("休假") == 1


def _seat(db: Database, by: Person, **given: Any) -> object:
    return assign_seat(db, by, **{"body": "legal", "login": "approver", "today": TODAY, "now": NOW, **given})


def _deputy(db: Database, by: Person, **given: Any) -> object:
    usual = {"login": "approver", "deputy": "other", "first": TODAY, "last": TODAY, "reason": "休假"}
    return name_deputy(db, by, **{**usual, "today": TODAY, "now": NOW, **given})


@pytest.mark.parametrize(
    ("change", "given", "kind", "fields"),
    [
        (_seat, {"body": "weather"}, Invalid, {"body"}),
        (_seat, {"login": "nobody"}, Invalid, {"login"}),
        (_seat, {"login": "officer"}, Invalid, {"login"}),
        (_seat, {"login": "closed"}, Invalid, {"login"}),
        (_seat, {"login": "2-approver"}, Invalid, {"login"}),
        (_deputy, {"deputy": "approver"}, Invalid, {"deputy"}),
        (_deputy, {"deputy": "2-approver"}, Invalid, {"deputy"}),
        (_deputy, {"reason": " "}, Invalid, {"reason"}),
        (_deputy, {"last": TODAY - timedelta(days=1)}, Invalid, {"last_day"}),
        (_deputy, {"first": date(2026, 1, 1), "last": date(2026, 1, 2)}, Invalid, {"last_day"}),
    ],
)
def test_wrong_seats_and_deputies_are_refused(
    world: World, change: Callable[..., object], given: dict[str, Any], kind: type[Invalid], fields: set[str]
) -> None:
    settle(world.db, "临江师范大学", "2-")
    approver(world, "other", "乙二")
    closed = approver(world, "closed", "丙三")
    set_active(world.db, world.person("administrator"), closed.id, active=False)
    with pytest.raises(kind) as caught:
        change(world.db, world.person("administrator"), **given)
    assert set(caught.value.fields) == fields
    with world.db.read() as session:
        found = seating(session, world.org_id, TODAY)
    assert (found.is_assigned, found.deputies) == (False, ())


@pytest.mark.parametrize("role", ["officer", "approver", "finance", "readonly"])
def test_only_administrators_change_them(world: World, role: str) -> None:
    by = world.person(role)
    tries: list[Callable[[], object]] = [
        lambda: _seat(world.db, by), lambda: _deputy(world.db, by), lambda: remove_seat(world.db, by, 1),
        lambda: end_deputy(world.db, by, 1),
    ]  # fmt: skip
    for attempt in tries:
        with pytest.raises(Forbidden):
            attempt()


def test_the_same_seat_or_deputy_twice_is_a_conflict(world: World) -> None:
    by = world.person("administrator")
    approver(world, "other", "乙二")
    _seat(world.db, by)
    _deputy(world.db, by, last=day(5))
    with pytest.raises(Conflict):
        _seat(world.db, by)
    with pytest.raises(Conflict):
        _deputy(world.db, by, first=day(5), last=day(9))
    _deputy(world.db, by, first=day(6), last=day(9))


def test_institutions_see_and_change_their_own_seats_only(any_world: World) -> None:
    second = settle(any_world.db, "临江师范大学", "2-")
    theirs = seated(second, "2-")
    case_id = handed_up(any_world)
    # Seats of another institution count for nothing here: any approver of this one may decide.
    assert needs(any_world, any_world.person("approver"), 25) == [case_id]
    with pytest.raises(NotFound):
        decide(any_world, case_id, theirs["college"], 25)
    with any_world.db.read() as session:
        assert not seating(session, any_world.org_id, TODAY).is_assigned
        seat = seating(session, second.org_id, TODAY).offices[0].seats[0].id
    for attempt in (remove_seat, end_deputy):
        with pytest.raises(NotFound):
            attempt(any_world.db, any_world.person("administrator"), seat)
    with any_world.db.read() as session:
        assert seating(session, second.org_id, TODAY).is_assigned


def test_steps_that_decide_nothing_ask_for_no_seats(world: World) -> None:
    """Without the table of seats every other step of a case under approval still goes through."""
    case_id = handed_up(world)
    with world.db.cursor() as cur:
        cur.run("DROP TABLE approval_deputy")
        cur.run("DROP TABLE approval_seat")
    act(
        world,
        case_id,
        "record_consent",
        25,
        consent="co_owner",
        given_by="甲",
        given_on=day(25),
        evidence="1号",
    )
    act(world, case_id, "clear_title", 25, checked_on=day(25), evidence="副本2号")
    with pytest.raises(OperationalError):
        act(world, case_id, "approve", 25, decided_on=day(25), minutes_no="1号")


def test_only_those_are_told_who_may_decide(world: World) -> None:
    people = seated(world)
    case_id = handed_up(world)
    at = NOW + timedelta(days=25)
    told: list[list[str]] = []
    for body in ("college", "legal", "transfer_office"):
        assert notify_approvers(world.db, case_id, at) in ("已通知1人", "已通知2人")
        assert notify_approvers(world.db, case_id, at) == "已通知"
        with world.db.read() as session:
            query = select(Message.user_id).where(col(Message.kind).startswith("approval:"))
            ids = session.exec(query.order_by(col(Message.id))).all()
        told.append([name for id_ in ids for name, one in people.items() if one.id == id_])
        decide(world, case_id, people[body], 25)
    assert told[0] == ["college"]
    assert told[2] == ["college", "transfer_office", "legal", "transfer_office"]


def test_form_shows_stages_deputies_and_votes(world: World) -> None:
    people = seated(world)
    away = approver(world, "stand_in", "代理人")
    name_deputy(
        world.db,
        world.person("administrator"),
        "legal",
        away.login,
        day(25),
        day(30),
        "出差",
        today=TODAY,
        now=NOW,
    )
    case_id = handed_up(world)
    decide(world, case_id, people["college"], 25, opinion="同意")
    decide(world, case_id, away, 26, body="legal", minutes_no="法审15号")
    half = _form(world, case_id)
    assert "第1环节 成果完成人所在院系意见 同意（1号）" in half
    assert "第2环节 科技成果转化中心意见 审批中" in half
    assert "代理人（代沈律）" in half and "法审15号" in half
    decide(world, case_id, people["transfer_office"], 27)
    decide(world, case_id, people["leading_group"], 27, recused="冯立：被许可方股东", **VOTE)
    whole = _form(world, case_id)
    assert (
        "第3环节 科技成果转化领导小组意见 批准。参加表决7人，赞成6，反对0，弃权1；回避：冯立（被许可方股东）（1号）"
        in whole
    )
    assert "审批中" not in whole


def _form(world: World, case_id: int) -> str:
    """The text of the approval form, blanks folded."""
    with world.db.read() as session:
        view = case_view(world.db, session, world.org_id, case_id, draft=True)
    text = re.sub(r"<[^>]+>", " ", build_html("approval_form", view).split("</head>")[1])
    return " ".join(text.split())
