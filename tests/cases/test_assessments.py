"""Pre-filing assessments: a planned application is assessed, and filed only if nothing stands against it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import select

from cases.assessment_queries import assessment_of, assessments, coverage, unassessed
from cases.assessments import assess, file_application, let_pass, plan_application
from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from cases.funding import fundings_of
from cases.night_use import bring_up_institution
from cases.registering import check_import
from cases.tables import ImportRun, Patent
from cases.trail import verify
from tests.cases.dump import dump
from tests.world import NOW, TODAY, World, settle

PLANNED: dict[str, Any] = {
    "title": "一种固态电解质膜及其制备方法", "kind": "invention", "inventors": "陈思远、㛃䶮𬱖", "college": "材料学院",
    "funded": "no", "search_note": "检索国内外专利文献，未见相同技术方案", "prospect_note": "两家电池企业有意向",
    "agency": "沧澜专利代理事务所", "examination": "priority",
}  # fmt: skip
PASSED: dict[str, Any] = {
    "prospect": "85", "potential": "80", "value": "70", "upkeep": "60", "assessors": "周审言，钱汇川", "decision": "pass",
    "opinion": "产业化前景明确，同意申请", "decided_on": "2026-03-01",
}  # fmt: skip
FILED: dict[str, Any] = {"application_no": "202610100099.4", "filed_on": "2026-03-02"}
PROJECT: dict[str, Any] = {
    "funded": "yes",
    "program": "key_program",
    "project_name": "固态电池",
    "project_no": "2025YFB1",
}


def number(body: str) -> str:
    """Return an application number with its check digit."""
    total = sum(
        int(digit) * weight for digit, weight in zip(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=True)
    )
    return f"{body}.{'0123456789X'[total % 11]}"


FILED["application_no"] = number("202610100099")


def plan(world: World, **values: Any) -> int:
    return plan_application(world.db, world.person("officer"), {**PLANNED, **values}, now=NOW)


def judge(world: World, made: int, role: str = "officer", **values: Any) -> None:
    assess(world.db, world.person(role), made, {**PASSED, **values}, now=NOW)


def file(world: World, made: int, **values: Any) -> list[str]:
    told = file_application(world.db, world.person("officer"), made, {**FILED, **values}, now=NOW)
    return [one.code for one in told]


def refused(world: World, made: int, **values: Any) -> list[tuple[str, str]]:
    before = dump(world.db)
    with pytest.raises(Refused) as found:
        file(world, made, **values)
    assert dump(world.db) == before
    return [(one.code, one.rule_id) for one in found.value.unmet]


def test_a_passed_application_is_filed(any_world: World) -> None:
    made = plan(any_world)
    judge(any_world, made, "approver")
    assert file(any_world, made) == []
    with any_world.db.read() as session:
        found = assessment_of(session, any_world.org_id, made)
        assert verify(session).breaks == ()
    assert (found.inventors, found.assessors) == (("陈思远", "㛃䶮𬱖"), ("周审言", "钱汇川"))
    assert found.scores == {"prospect": 85, "potential": 80, "value": 70, "upkeep": 60}
    assert (found.filed_on, found.decision, found.examination) == (TODAY, "pass", "priority")


def test_everything_that_stands_against_filing_is_told(world: World) -> None:
    made = plan(world, funded="", search_note="")
    assert refused(world, made) == [("not_assessed", "ST-05"), ("funding_unsaid", "RP-05")]
    plan_application(world.db, world.person("officer"), {**PLANNED, **PROJECT, "project_no": "", "search_note": ""},
                     now=NOW, assessment_id=made)  # fmt: skip
    judge(world, made, decision="fail", prospect="", opinion="前景不明，不同意申请")
    assert refused(world, made) == [
        ("assessment_failed", "ST-05"), ("scores_missing", "ST-05"), ("search_missing", "ST-05"),
        ("project_incomplete", "DC-02"), ("not_declared", "RP-05"),
    ]  # fmt: skip


def test_a_passed_assessment_has_every_score(world: World) -> None:
    made = plan(world)
    with pytest.raises(Invalid) as invalid:
        judge(world, made, value="", upkeep="")
    assert list(invalid.value.fields) == ["value", "upkeep"]
    with pytest.raises(Invalid) as invalid:
        judge(world, made, value="101")
    assert list(invalid.value.fields) == ["value"]


def test_a_head_lets_pass_with_a_reason_but_never_an_undeclared_project(any_world: World) -> None:
    made = plan(any_world, **PROJECT)
    judge(any_world, made, decision="improve", opinion="补充对比实验后再评")
    reason = {"override_reason": "竞争对手即将公开，先行提交"}
    with pytest.raises(Forbidden):
        let_pass(any_world.db, any_world.person("officer"), made, reason, now=NOW)
    let_pass(any_world.db, any_world.person("approver"), made, reason, now=NOW)
    assert refused(any_world, made) == [("not_declared", "RP-05")]
    assert file(any_world, made, declared_on="2026-03-02") == []
    with any_world.db.cursor() as cur:
        (body,) = cur.one("SELECT body FROM trail WHERE verb = 'assessment_overridden'")
    assert "竞争对手即将公开，先行提交" in body
    assert '"unmet":["assessment_failed","not_declared"]' in body


def test_assessing_again_ends_what_a_head_let_pass(world: World) -> None:
    made = plan(world)
    judge(world, made, decision="fail", opinion="前景不明")
    let_pass(world.db, world.person("approver"), made, {"override_reason": "先行提交"}, now=NOW)
    judge(world, made, decision="fail", opinion="前景仍不明")
    assert refused(world, made) == [("assessment_failed", "ST-05")]


def test_before_the_house_policy_binds_it_only_tells(world: World) -> None:
    made = plan(world)
    assert file(world, made, filed_on="2025-12-31") == ["not_assessed"]


def test_what_is_filed_is_fixed_and_its_number_stands_once(world: World) -> None:
    made, other = plan(world), plan(world, title="另一种电解质膜")
    for one in (made, other):
        judge(world, one)
    file(world, made)
    with pytest.raises(Conflict):
        judge(world, made, decision="fail", opinion="反悔")
    with pytest.raises(Conflict):
        file(world, other)
    with pytest.raises(Invalid):
        file(world, other, application_no="202610100099.0")


def test_the_declaration_goes_with_the_patent_once_it_is_imported(any_world: World) -> None:
    made = plan(any_world, **PROJECT)
    judge(any_world, made)
    file(any_world, made, declared_on="2026-03-02")
    with any_world.db.write() as session:
        patent = Patent(
            org_id=any_world.org_id, application_no=FILED["application_no"].replace(".", ""), kind="invention",
            title=PLANNED["title"], owners='["沧澜理工大学"]', filing_date=TODAY, status="pending", content_hash="x",
            created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        session.add(patent)
        session.flush()
        patent_id = int(patent.id or 0)
    bring_up_institution(any_world.db, any_world.org_id, NOW, TODAY)
    before = dump(any_world.db)
    bring_up_institution(any_world.db, any_world.org_id, NOW, TODAY)
    assert dump(any_world.db) == before
    with any_world.db.read() as session:
        (found,) = fundings_of(session, any_world.org_id, patent_id)
        assert (found.project_no, found.declared_on) == ("2025YFB1", TODAY)


def _apply_elsewhere(world: World, body: str, filed_on: date) -> None:
    with world.db.write() as session:
        session.add(Patent(
            org_id=world.org_id, application_no=number(body).replace(".", ""), kind="invention", title="未经评估的申请",
            filing_date=filed_on, status="pending", content_hash=body, created_at=NOW, updated_at=NOW,
        ))  # fmt: skip


def test_coverage_counts_assessed_filings_of_all(any_world: World) -> None:
    made = plan(any_world)
    judge(any_world, made)
    file(any_world, made)
    _apply_elsewhere(any_world, "202610100123", date(2026, 1, 5))
    _apply_elsewhere(any_world, "202510100123", date(2025, 12, 30))
    with any_world.db.read() as session:
        assert coverage(session, any_world.org_id, 2026) == (1, 2)
        assert coverage(session, any_world.org_id, 2025) == (0, 1)
        found = unassessed(session, any_world.org_id, date(2026, 1, 1))
        assert ([row.title for row in found.rows], found.total) == (["未经评估的申请"], 1)


def test_an_import_tells_what_nobody_assessed(world: World) -> None:
    with world.db.write() as session:
        run = ImportRun(
            org_id=world.org_id, user_id=world.person("officer").id, filename="清单.csv", sha256="", size=1, created_at=NOW
        )  # fmt: skip
        session.add(run)
        session.flush()
        import_id = int(run.id or 0)
    _apply_elsewhere(world, "202610100123", date(2026, 1, 5))
    _apply_elsewhere(world, "202510100123", date(2025, 12, 30))  # before the house policy binds
    with world.db.write() as session:
        for patent in session.exec(select(Patent).where(Patent.title == "未经评估的申请")):
            patent.import_id = import_id
    told = [row["专利"] for row in check_import(world.db, import_id, NOW) if "ST-05" in str(row["事项"])]
    assert told == [number("202610100123").replace(".", "")]


def test_an_assessment_after_the_filing_covers_nothing(world: World) -> None:
    late = datetime(2026, 4, 1, 2, tzinfo=UTC)
    made = plan(world)
    file(world, made, filed_on="2025-06-01")
    with world.db.read() as session:
        assert coverage(session, world.org_id, 2025) == (0, 1)
        assert assessments(session, world.org_id, late.date(), view="filed").total == 1


def test_assessments_of_another_institution_do_not_exist(world: World) -> None:
    made = plan(world)
    other = settle(world.db, "另一所大学", "other-")
    with pytest.raises(NotFound):
        judge(other, made)
    with world.db.read() as session:
        assert assessments(session, other.org_id, TODAY).total == 0
        with pytest.raises(NotFound):
            assessment_of(session, other.org_id, made)
