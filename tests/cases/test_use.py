"""Declaration and use: what is declared, how patents are used, and the dates that follow."""

from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.funding import attach_evidence, declare_funding, evidence_of, fundings_of, remove_funding
from cases.patents import get_patent
from cases.profile_tables import PatentProfile
from cases.settings import Settings
from cases.tables import Deadline, Patent
from cases.trail import verify
from cases.use_dates import date_use
from cases.use_queries import standing_counts, standings, unused_by_age
from cases.use_statements import fill_statements, state_use, statements_of
from tests.cases.dump import dump
from tests.cases.uploads import picture
from tests.modes.acting import case_data
from tests.modes.story import walk
from tests.world import NOW, TODAY, World, settle

PROJECT: dict[str, Any] = {
    "funded": "yes", "program": "nsfc", "funder": "国家自然科学基金委员会", "project_name": "隔膜涂覆机理研究",
    "project_no": "52000001",
}  # fmt: skip
# Five years after the grant of the patents of the world, 2022-08-09 (DC-05).
FIVE_YEARS = date(2027, 8, 9)
UNUSED: dict[str, Any] = {"year": 2026, "use": "none", "reason": "validation", "review_on": "2027-03-01"}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def declare(world: World, patent: int = 0, role: str = "officer", now: datetime = NOW, **values: Any) -> int:
    return declare_funding(
        world.db, world.person(role), world.patent_ids[patent], {**PROJECT, **values}, now=now
    )


def state(world: World, patent: int = 0, now: datetime = NOW, **values: Any) -> int:
    return state_use(
        world.db, world.person("officer"), world.patent_ids[patent], {**UNUSED, **values}, now=now
    )


def open_dates(world: World, patent: int = 0) -> dict[str, date]:
    with world.db.read() as session:
        query = select(Deadline).where(
            Deadline.patent_id == world.patent_ids[patent], Deadline.status == "open"
        )
        return {row.key: row.due for row in session.exec(query.order_by(col(Deadline.id)))}


def closed_dates(world: World, patent: int = 0) -> list[tuple[str, str]]:
    with world.db.read() as session:
        query = select(Deadline).where(
            Deadline.patent_id == world.patent_ids[patent], Deadline.status != "open"
        )
        return [(row.key, row.status) for row in session.exec(query.order_by(col(Deadline.id)))]


def views_of(world: World, patent: int, today: date = TODAY) -> set[str]:
    with world.db.read() as session:
        return {
            view for view, count in standing_counts(session, world.org_id, today).items()
            if count and world.patent_ids[patent]
            in [row.patent_id for row in standings(session, world.org_id, today, view=view).rows]
        }  # fmt: skip


def profile(world: World, patent: int = 0) -> tuple[str, bool | None]:
    with world.db.read() as session:
        row = session.get(PatentProfile, world.patent_ids[patent])
        return (row.implementation, row.funded) if row else ("", None)


def test_a_declared_project_marks_the_patent_and_its_profile(any_world: World) -> None:
    declare(any_world)
    with any_world.db.read() as session:
        assert get_patent(session, any_world.org_id, any_world.patent_ids[0]).flags == ("state_funded",)
        assert verify(session).breaks == ()
    assert profile(any_world) == ("", True)
    assert views_of(any_world, 0) == {"undeclared", "unexplained", "unstated", "all"}
    declare(any_world, declared_on="2026-03-01", declared_by="agency")
    assert "undeclared" not in views_of(any_world, 0)
    with any_world.db.read() as session:
        (found,) = fundings_of(session, any_world.org_id, any_world.patent_ids[0])
    assert (found.project_no, found.declared_on, found.declared_by) == (
        "52000001",
        date(2026, 3, 1),
        "agency",
    )


def test_declaring_again_changes_nothing(any_world: World) -> None:
    declare(any_world)
    before = dump(any_world.db)
    declare(any_world)
    assert dump(any_world.db) == before


def test_one_undeclared_project_of_two_leaves_the_declaration_missing(world: World) -> None:
    declare(world, declared_on="2026-03-01")
    declare(world, project_no="2024YFB0000001", program="key_program")
    assert "undeclared" in views_of(world, 0)


def test_the_evidence_is_kept_with_its_hash(world: World, tmp_path: Path) -> None:
    settings = Settings(tmp_path, "")
    made, data = declare(world), picture()
    officer = world.person("officer")
    attach_evidence(world.db, settings, officer, made, filename="声明回执.png", data=data, now=NOW)
    with world.db.read() as session:
        assert evidence_of(session, world.org_id, made) == ("声明回执.png", sha256(data).hexdigest())
    assert settings.files.has(sha256(data).hexdigest())
    with pytest.raises(Invalid):
        attach_evidence(world.db, settings, officer, made, filename="声明回执.png", data=b"nothing", now=NOW)
    declare(world, funder="基金委")  # changing the declaration keeps its file
    with world.db.read() as session:
        assert evidence_of(session, world.org_id, made)[0] == "声明回执.png"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"program": ""}, "program"),
        ({"project_no": " "}, "project_no"),
        ({"declared_on": "2026-03-03"}, "declared_on"),  # the day after today
        ({"funded": "maybe"}, "funded"),
    ],
)
def test_wrong_declarations_change_nothing(world: World, values: dict[str, Any], field: str) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as refused:
        declare(world, **values)
    assert list(refused.value.fields) == [field]
    assert dump(world.db) == before


def test_what_was_said_is_not_contradicted_by_accident(world: World) -> None:
    declare(world, funded="no", program="", project_name="", project_no="")
    assert profile(world) == ("", False)
    made = declare(world)  # a project found later takes the place of the denial
    with pytest.raises(Conflict, match="已登记1个财政资助项目"):
        declare(world, funded="no")
    assert (
        remove_funding(world.db, world.person("officer"), made, "登记在错误的专利上", now=NOW)
        == world.patent_ids[0]
    )
    with world.db.read() as session:
        assert get_patent(session, world.org_id, world.patent_ids[0]).flags == ()
    assert open_dates(world) == {}


def test_only_officers_declare_and_only_their_own_patents(world: World) -> None:
    with pytest.raises(Forbidden):
        declare(world, role="finance")
    stranger = settle(world.db, "另一所大学", "other-").person("officer")
    with pytest.raises(NotFound):
        declare_funding(world.db, stranger, world.patent_ids[0], PROJECT, now=NOW)


def test_five_years_are_watched_a_year_ahead(any_world: World) -> None:
    declare(any_world)
    assert open_dates(any_world) == {}
    first = date(2026, 8, 8)  # 366 days before
    date_use(any_world.db, any_world.org_id, at(first), first)
    assert open_dates(any_world) == {"march_in": FIVE_YEARS}
    assert {"soon", "undeclared", "unexplained", "unstated", "all"} == views_of(any_world, 0, first)
    before = dump(any_world.db)
    date_use(any_world.db, any_world.org_id, at(first), first)
    assert dump(any_world.db) == before


def test_five_years_long_past_are_an_overdue_date(world: World) -> None:
    late = date(2028, 1, 10)
    declare(world)
    date_use(world.db, world.org_id, at(late), late)
    assert open_dates(world) == {"march_in": FIVE_YEARS}
    assert "exposed" in views_of(world, 0, late)


def test_a_patent_nobody_funded_has_no_such_date(world: World) -> None:
    late = date(2028, 1, 10)
    date_use(world.db, world.org_id, at(late), late)
    assert open_dates(world) == {}
    with world.db.read() as session:
        assert unused_by_age(session, world.org_id, late) == {1: 5, 3: 5, 5: 5}
        assert unused_by_age(session, world.org_id, TODAY) == {1: 5, 3: 5, 5: 0}


def test_a_reason_is_asked_once_until_its_review(any_world: World) -> None:
    late, review = date(2027, 9, 1), date(2028, 3, 1)
    declare(any_world)
    date_use(any_world.db, any_world.org_id, at(late), late)
    state(any_world, now=at(late), year=2027, review_on=review.isoformat())
    assert open_dates(any_world) == {"nonuse_review": review}
    assert closed_dates(any_world) == [("march_in", "met")]
    assert "exposed" not in views_of(any_world, 0, late)
    # The next year's statement takes the standing reason over.
    january = date(2028, 1, 5)
    state(any_world, now=at(january), year=2028, reason="", review_on="")
    assert open_dates(any_world) == {"nonuse_review": review}
    with any_world.db.read() as session:
        newest = statements_of(session, any_world.org_id, any_world.patent_ids[0])[0]
    assert (newest.year, newest.reason, newest.review_on) == (2028, "validation", review)
    # Once the day has come the exposure stands again, and a reason is asked anew.
    date_use(any_world.db, any_world.org_id, at(review), review)
    assert open_dates(any_world) == {"nonuse_review": review, "march_in": FIVE_YEARS}
    with pytest.raises(Invalid) as refused:
        state(any_world, now=at(review), year=2028, reason="", review_on="")
    assert sorted(refused.value.fields) == ["reason", "review_on"]


def test_use_ends_the_exposure(world: World) -> None:
    late = date(2027, 9, 1)
    declare(world)
    date_use(world.db, world.org_id, at(late), late)
    state(world, now=at(late), year=2027, use="own", product="涂覆隔膜", reason="", review_on="")
    assert open_dates(world) == {}
    assert closed_dates(world) == [("march_in", "met")]
    assert profile(world) == ("own", True)
    assert views_of(world, 0, late) == {"used", "all", "undeclared"}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"reason": ""}, ["reason"]),
        ({"review_on": "2026-03-02"}, ["review_on"]),
        ({"reason": "other"}, ["reason_text"]),
        ({"year": 2027}, ["year"]),
        ({"year": 2021}, ["year"]),  # before the grant
        ({"reason": "lazy"}, ["reason"]),
        ({"use": "someday"}, ["use"]),
    ],
)
def test_wrong_statements_change_nothing(world: World, values: dict[str, Any], fields: list[str]) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as refused:
        state(world, **values)
    assert list(refused.value.fields) == fields
    assert dump(world.db) == before


def test_cases_state_the_use_by_themselves(any_world: World) -> None:
    case_id = any_world.case()
    list(walk(any_world, case_id))
    on = date(2026, 12, 1)
    date_use(any_world.db, any_world.org_id, at(on), on)
    assert profile(any_world) == ("industrialized", None)
    assert "used" in views_of(any_world, 0, on)
    assert fill_statements(any_world.db, any_world.person("officer"), 2026, now=at(on)) == 1
    assert fill_statements(any_world.db, any_world.person("officer"), 2026, now=at(on)) == 0
    with any_world.db.read() as session:
        (stated,) = statements_of(session, any_world.org_id, any_world.patent_ids[0])
    assert (stated.use, stated.product, stated.source) == ("industrialized", "锂离子电池隔膜", "cases")
    assert stated.evidence == "案件ZH2026-00001"
    received = case_data(any_world, case_id)["receipts"]["list"]
    assert stated.income_fen == sum(one["amount_fen"] for one in received) > 0


def test_a_lapsed_patent_is_exposed_no_more(world: World) -> None:
    late = date(2028, 1, 10)
    declare(world)
    date_use(world.db, world.org_id, at(late), late)
    with world.db.write() as session:
        session.get_one(Patent, world.patent_ids[0]).status = "lapsed"
    date_use(world.db, world.org_id, at(late), late)
    assert (open_dates(world), closed_dates(world)) == ({}, [("march_in", "dropped")])
