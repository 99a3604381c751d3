"""Pushing, evaluating, answering: what an enterprise is given, says, and gets back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from cases.enterprise_letters import letters_of
from cases.enterprise_messages import answer_message, develop, hand_message, list_messages
from cases.enterprise_tables import PatentAccess
from cases.enterprises import Wanted, get_profile, list_enterprises, save_profile
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.evaluation_views import list_evaluations
from cases.evaluations import Given, checked_heads, keep_evaluation, review_evaluation
from cases.experts import list_experts, save_expert
from cases.key_projects import candidates, choose_project, lines_of, list_projects, note_resources
from cases.profile_tables import PatentProfile
from cases.profiles import change_profile
from cases.pushing import Push, list_pushes, push_patents
from cases.tables import Case, Company, Deadline, Patent
from cases.trail import entries, verify
from cases.views import deadlines
from tests.world import NOW, TODAY, World, settle

TEXTS = ("下游厂家有批量需求，可替代进口隔膜", "涂层均匀性需要提高", "愿意共建中试线")
EXPERT = {
    "name": "方既白", "employer": "沧澜新材料协会", "fields": ["materials"], "products": "隔膜涂覆", "recommender": "市科技局",
    "sharing": "city",
}  # fmt: skip


def given(
    world: World, patent: int = 0, *, scores: tuple[int, int, int] = (80, 40, 60), **more: Any
) -> Given:
    by = {} if "expert_id" in more else {"company_id": world.company_id}
    return Given(world.patent_ids[patent], scores, **{"texts": TEXTS, **by, **more})


def push(world: World, count: int = 1, **more: Any) -> Any:
    chosen = Push(world.patent_ids[:count], [world.company_id], "evaluation", **more)
    return push_patents(world.db, world.person("officer"), chosen, now=NOW)


def score(world: World, patent: int = 0) -> int | None:
    with world.db.read() as session:
        profile = session.get(PatentProfile, world.patent_ids[patent])
        return profile.enterprise_score if profile else None


def verbs(world: World) -> list[str]:
    with world.db.read() as session:
        return [entry.verb for entry in entries(session, world.org_id, f"org:{world.org_id}")]


def test_a_push_tells_its_reasons_and_is_on_record(any_world: World) -> None:
    officer = any_world.person("officer")
    profile = {"classes": ["high_tech", "little_giant"], "industries": ["vehicles"], "region": "沧澜市"}
    save_profile(any_world.db, officer, any_world.company_id, profile, now=NOW, today=TODAY)
    pushed = push(any_world, 2, note="与贵司隔膜产线相关")
    assert (len(pushed.ids), pushed.skipped) == (2, ())
    with any_world.db.read() as session:
        rows, total = list_pushes(session, any_world.org_id, standing="waiting")
        access = session.exec(select(PatentAccess)).all()
    assert total == 2
    assert rows[0].reasons == (
        ("industry", "新能源汽车"), ("class", "高新技术企业、专精特新“小巨人”企业"), ("officer", "与贵司隔膜产线相关"),
    )  # fmt: skip
    assert [(row.act, row.purpose, row.user_id) for row in access] == [
        ("pushed", "evaluation", officer.id)
    ] * 2
    assert "patents_pushed" in verbs(any_world)


@pytest.mark.parametrize(("days", "again"), [(0, False), (179, False), (181, True)])
def test_the_same_patent_goes_to_the_same_enterprise_once_within_the_time_of_the_house(
    world: World, days: int, again: bool
) -> None:
    push(world)
    chosen = Push(world.patent_ids[:2], [world.company_id], "matching")
    second = push_patents(world.db, world.person("officer"), chosen, now=NOW + timedelta(days=days))
    assert len(second.ids) == (2 if again else 1)
    told = [one.why_zh for one in second.skipped]
    assert told == (
        [] if again else ["已于2026-03-02推送过，本单位规定180天内不重复推送，2026-08-29以后可再推送"]
    )


@pytest.mark.parametrize(("change", "why"), [
    ({"flags": '["defense"]'}, "国防专利不得对外推送"), ({"status": "lapsed"}, "专利不在有效状态"),
])  # fmt: skip
def test_what_must_not_be_shown_is_left_out_and_told(world: World, change: dict[str, str], why: str) -> None:
    with world.db.write() as session:
        patent = session.get_one(Patent, world.patent_ids[0])
        for name, value in change.items():
            setattr(patent, name, value)
    pushed = push(world, 2)
    assert [one.why_zh for one in pushed.skipped] == [why]
    assert len(pushed.ids) == 1


def test_a_push_names_everything_that_is_wrong_with_it(world: World) -> None:
    with pytest.raises(Invalid) as told:
        push_patents(world.db, world.person("officer"), Push([], [], "curiosity", "长" * 301), now=NOW)
    assert set(told.value.fields) == {"purpose", "patents", "companies", "note"}
    with pytest.raises(Forbidden):
        push_patents(world.db, world.person("finance"), Push([1], [1], "evaluation"), now=NOW)


def test_letters_go_to_the_address_of_the_company(world: World) -> None:
    with world.db.write() as session:
        session.get_one(Company, world.company_id).email = "ip@example.invalid"
    push(world, 2, mail=True)
    with world.db.read() as session:
        letters = letters_of(session, world.org_id, world.company_id)
    assert [(one.to, one.subject, one.status) for one in letters] == [
        ("ip@example.invalid", "向贵企业推荐2件可转化专利", "queued")
    ]


def test_an_evaluation_answers_its_push_asks_messages_and_counts(any_world: World) -> None:
    push(any_world)
    kept = keep_evaluation(any_world.db, any_world.person("officer"), given(any_world), now=NOW)
    assert (kept.flags, kept.conflict, len(kept.messages)) == ((), "", 3)
    with any_world.db.read() as session:
        (row,), _ = list_evaluations(session, any_world.org_id)
        (pushed,), _ = list_pushes(session, any_world.org_id)
        found, total = list_messages(session, any_world.org_id, TODAY)
        dates = deadlines(session, any_world.org_id, TODAY, rule_id="REPLY")
        assert verify(session, any_world.org_id).breaks == ()
    assert (row.by, row.score, [head.zh for head in row.heads]) == (
        "启衡新材料股份有限公司", 70, ["产业化前景", "技术改进需求", "产学研合作意愿"],
    )  # fmt: skip
    assert pushed.evaluated_at == pushed.opened_at == NOW
    assert {(one.kind, one.body) for one in found} == set(
        zip(("evaluation", "improvement", "cooperation"), TEXTS, strict=True)
    )
    # Five working days for demands, ten for evaluations, as the house has it, from Monday, 2 March.
    assert {one.kind: one.due for one in found} == {
        "improvement": date(2026, 3, 9), "cooperation": date(2026, 3, 9), "evaluation": date(2026, 3, 16),
    }  # fmt: skip
    assert sorted(one.due for one in dates) == sorted(one.due for one in found if one.due)
    assert {one.owner_id for one in found} == {any_world.person("officer").id}
    assert (total, score(any_world)) == (3, 70)


def test_a_score_is_the_mean_of_the_latest_words(world: World) -> None:
    officer = world.person("officer")
    expert = save_expert(world.db, officer, EXPERT, now=NOW)
    for day, given_ in enumerate((
        given(world, scores=(20, 0, 20)), given(world, scores=(90, 0, 90)),
        given(world, expert_id=expert, scores=(50, 0, 50), texts=("专家认为市场容量有限", "", "")),
    )):  # fmt: skip
        keep_evaluation(world.db, officer, given_, now=NOW + timedelta(hours=day))
    assert score(world) == 70


def test_what_is_set_aside_stays_and_counts_no_more(world: World) -> None:
    officer = world.person("officer")
    kept = keep_evaluation(world.db, officer, given(world, texts=("好", "", ""), seconds=3), now=NOW)
    assert (kept.flags, score(world)) == (("empty", "too_fast"), 70)
    with world.db.read() as session:
        assert list_evaluations(session, world.org_id, doubtful_only=True)[1] == 1
    review_evaluation(world.db, officer, kept.id, "set_aside", "与企业核实，系误填", now=NOW)
    with world.db.read() as session:
        (row,), _ = list_evaluations(session, world.org_id)
        assert list_evaluations(session, world.org_id, doubtful_only=True)[1] == 0
    assert (row.status, row.review_note, score(world)) == ("set_aside", "与企业核实，系误填", None)
    review_evaluation(world.db, officer, kept.id, "counted", "企业补充说明后计入", now=NOW)
    assert score(world) == 70
    with pytest.raises(Invalid):
        review_evaluation(world.db, officer, kept.id, "set_aside", "", now=NOW)


@pytest.mark.parametrize(("change", "conflict"), [
    ({}, ""), ({"employer": "沧澜理工大学"}, "专家任职于专利权人沧澜理工大学"),
    ({"name": "陈思远"}, "专家与发明人陈思远同名，请核实是否为同一人"),
])  # fmt: skip
def test_an_expert_with_an_interest_counts_only_once_an_officer_says_so(
    world: World, change: dict[str, str], conflict: str
) -> None:
    officer = world.person("officer")
    expert = save_expert(world.db, officer, {**EXPERT, **change}, now=NOW)
    kept = keep_evaluation(world.db, officer, given(world, expert_id=expert), now=NOW)
    assert (kept.conflict, kept.flags) == (conflict, ("conflict",) if conflict else ())
    assert score(world) == (None if conflict else 70)
    assert kept.messages == ()
    review_evaluation(world.db, officer, kept.id, "counted", "已核实，不是同一人", now=NOW)
    assert score(world) == 70


def test_experts_are_listed_by_field_and_stand_once(world: World) -> None:
    officer = world.person("officer")
    expert = save_expert(world.db, officer, EXPERT, now=NOW)
    with pytest.raises(Conflict):
        save_expert(world.db, officer, EXPERT, now=NOW)
    save_expert(world.db, officer, {**EXPERT, "active": False}, now=NOW, expert_id=expert)
    with world.db.read() as session:
        assert list_experts(session, world.org_id, industry="materials")[1] == 1
        assert list_experts(session, world.org_id, industry="biology")[1] == 0
        assert list_experts(session, world.org_id, active_only=True)[1] == 0
    with pytest.raises(Conflict, match="停用"):
        keep_evaluation(world.db, officer, given(world, expert_id=expert), now=NOW)


def test_the_same_form_is_kept_once(world: World) -> None:
    keep_evaluation(world.db, world.person("officer"), given(world, key="表格第3行"), now=NOW)
    with pytest.raises(Conflict):
        keep_evaluation(world.db, world.person("officer"), given(world, key="表格第3行"), now=NOW)


@pytest.mark.parametrize(("values", "wrong"), [
    ({}, {"prospect", "improvement", "cooperation"}),
    ({"prospect": "101", "improvement": "-1", "cooperation": "八十"}, {"prospect", "improvement", "cooperation"}),
    ({"prospect": 80, "improvement": "0", "cooperation": "100", "on": "2026-03-03"}, {"on"}),
    ({"prospect": 80, "improvement": 1, "cooperation": 1, "prospect_text": "长" * 1001}, {"prospect_text"}),
])  # fmt: skip
def test_every_wrong_field_of_an_evaluation_is_named(values: dict[str, object], wrong: set[str]) -> None:
    with pytest.raises(Invalid) as told:
        checked_heads(values, TODAY)
    assert set(told.value.fields) == wrong


def test_an_answer_meets_its_date_and_reaches_the_enterprise(any_world: World) -> None:
    officer = any_world.person("officer")
    with any_world.db.write() as session:
        session.get_one(Company, any_world.company_id).email = "ip@example.invalid"
    message = keep_evaluation(any_world.db, officer, given(any_world), now=NOW).messages[1]
    with pytest.raises(Forbidden):
        answer_message(any_world.db, any_world.person("finance"), message, "已安排", now=NOW)
    later = NOW + timedelta(days=30)
    with any_world.db.read() as session:
        assert list_messages(session, any_world.org_id, later.date(), overdue=True)[1] == 3
    answer_message(any_world.db, officer, message, "已安排课题组下周对接", now=later, mail=True)
    with any_world.db.read() as session:
        assert list_messages(session, any_world.org_id, later.date(), overdue=True)[1] == 2
        (answered,), _ = list_messages(session, any_world.org_id, TODAY, status="answered")
        open_dates = deadlines(session, any_world.org_id, TODAY, rule_id="REPLY")
        closed = session.exec(select(Deadline.status).where(Deadline.key == f"message:{message}")).one()
        (letter,) = letters_of(session, any_world.org_id, any_world.company_id)
    assert (answered.answer, answered.answered_by) == ("已安排课题组下周对接", "林知远")
    assert (len(open_dates), closed, letter.to) == (2, "met", "ip@example.invalid")
    with pytest.raises(Conflict):
        answer_message(any_world.db, officer, message, "再次答复", now=later)


def test_a_message_goes_to_another_officer_with_its_date(world: World) -> None:
    officer, administrator = world.person("officer"), world.person("administrator")
    message = keep_evaluation(world.db, officer, given(world), now=NOW).messages[0]
    hand_message(world.db, officer, message, administrator.id, now=NOW)
    with world.db.read() as session:
        found, _ = list_messages(session, world.org_id, TODAY, owner_id=administrator.id)
        (row,) = session.exec(select(Deadline).where(Deadline.key == f"message:{message}"))
        assert ([one.id for one in found], row.owner_id) == ([message], administrator.id)
    with pytest.raises(Invalid):
        hand_message(world.db, officer, message, world.person("finance").id, now=NOW)


def test_a_remark_becomes_a_development_case_once(any_world: World) -> None:
    officer = any_world.person("officer")
    message = keep_evaluation(any_world.db, officer, given(any_world), now=NOW).messages[1]
    case_id = develop(any_world.db, officer, message, now=NOW)
    with any_world.db.read() as session:
        case = session.get_one(Case, case_id)
        told = (case.mode, case.company_id, case.title)
        found, _ = list_messages(session, any_world.org_id, TODAY)
    assert told == ("development", any_world.company_id, "锂离子电池隔膜的制备方法（1）技术改进")
    assert [one.case_no for one in found if one.id == message] == ["ZH2026-00001"]
    with pytest.raises(Conflict):
        develop(any_world.db, officer, message, now=NOW)
    with any_world.db.read() as session:
        assert session.exec(select(Case.id)).all() == [case_id]


def test_both_sides_agree_from_the_lines_of_the_house(any_world: World) -> None:
    officer, db = any_world.person("officer"), any_world.db
    first, second, third = any_world.patent_ids[:3]
    with db.cursor() as cur:
        for patent, own in ((first, {"self_score": 90, "central_score": 75}), (second, {"self_score": 70}),
                            (third, {"self_score": 95, "central_score": 60})):  # fmt: skip
            change_profile(
                cur,
                any_world.org_id,
                patent,
                own,
                source="officer",
                why="评级",
                actor=officer.author,
                now=NOW,
            )
    for number, marks in enumerate(((90, 0, 90), (70, 0, 70), (90, 0, 90))):
        texts = (f"第{number + 1}件专利的市场前景单独说明", "", "")
        keep_evaluation(db, officer, given(any_world, number, scores=marks, texts=texts), now=NOW)
    with db.read() as session:
        lines = lines_of(db, session, any_world.org_id, TODAY)
        found, total = candidates(session, any_world.org_id, lines)
    assert [(one.patent_id, one.own, one.enterprise) for one in found] == [(first, 75, 90), (second, 70, 70)]
    project = choose_project(db, officer, first, "双方评价一致，列为重点", now=NOW)
    note_resources(db, officer, project, {"pilot": (True, "沧澜中试基地"), "unknown": (True, "")}, now=NOW)
    with db.read() as session:
        assert candidates(session, any_world.org_id, lines)[1] == total - 1
        (row,), _ = list_projects(session, any_world.org_id)
    assert (row.matched, {code: note for code, done, note in row.resources if done}) == (
        1,
        {"pilot": "沧澜中试基地"},
    )
    with pytest.raises(Conflict):
        choose_project(db, officer, first, "再选一次", now=NOW)


def test_enterprises_are_found_by_what_is_known_of_them(any_world: World) -> None:
    officer = any_world.person("officer")
    values = {"classes": ["ip_model"], "industries": ["materials"], "region": "沧澜市高新区", "size": "medium",
              "cultivation": "reserve", "source": "bureau", "confirmed_on": "2026-03-01"}  # fmt: skip
    save_profile(any_world.db, officer, any_world.company_id, values, now=NOW, today=TODAY)
    filters = (Wanted(), Wanted(class_="ip_model"), Wanted(industry="materials"), Wanted(region="沧澜市"),
               Wanted(size="medium"), Wanted(cultivation="reserve"), Wanted(q="启衡"))  # fmt: skip
    others = (Wanted(class_="high_tech"), Wanted(industry="biology"), Wanted(region="高新区"), Wanted(size="large"),
              Wanted(cultivation="left"), Wanted(q="云麓"), Wanted(class_='"]%'))  # fmt: skip
    with any_world.db.read() as session:
        assert [list_enterprises(session, any_world.org_id, one).total for one in filters] == [1] * 7
        assert [list_enterprises(session, any_world.org_id, one).total for one in others] == [0] * 7
        assert get_profile(session, any_world.org_id, any_world.company_id).confirmed_on == date(2026, 3, 1)


def test_a_wrong_profile_names_every_field_and_changes_nothing(world: World) -> None:
    officer = world.person("officer")
    wrong = {
        "classes": ["best"],
        "industries": ["x"],
        "size": "huge",
        "confirmed_on": "2026-03-03",
        "region": "长" * 61,
    }
    with pytest.raises(Invalid) as told:
        save_profile(world.db, officer, world.company_id, wrong, now=NOW, today=TODAY)
    assert set(told.value.fields) == set(wrong)
    before = verbs(world)
    save_profile(world.db, officer, world.company_id, {"size": "small"}, now=NOW, today=TODAY)
    save_profile(world.db, officer, world.company_id, {"size": "small"}, now=NOW, today=TODAY)
    assert verbs(world) == [*before, "company_profile_saved"]


def test_strangers_find_nothing(any_world: World) -> None:
    officer = any_world.person("officer")
    push(any_world)
    save_expert(any_world.db, officer, EXPERT, now=NOW)
    kept = keep_evaluation(any_world.db, officer, given(any_world), now=NOW)
    project = choose_project(any_world.db, officer, any_world.patent_ids[0], "重点推介", now=NOW)
    other = settle(any_world.db, "远山农业大学", "far-")
    theirs = other.person("officer")
    with any_world.db.read() as session:
        assert list_pushes(session, other.org_id)[1] == list_evaluations(session, other.org_id)[1] == 0
        assert list_messages(session, other.org_id, TODAY)[1] == list_projects(session, other.org_id)[1] == 0
        assert list_experts(session, other.org_id)[1] == 0
    for act in (
        lambda: save_profile(any_world.db, theirs, any_world.company_id, {}, now=NOW, today=TODAY),
        lambda: push_patents(any_world.db, theirs, Push(any_world.patent_ids[:1], [other.company_id], "evaluation"), now=NOW),
        lambda: push_patents(any_world.db, theirs, Push(other.patent_ids[:1], [any_world.company_id], "evaluation"), now=NOW),
        lambda: keep_evaluation(any_world.db, theirs, given(any_world), now=NOW),
        lambda: review_evaluation(any_world.db, theirs, kept.id, "set_aside", "不计入", now=NOW),
        lambda: answer_message(any_world.db, theirs, kept.messages[0], "答复", now=NOW),
        lambda: develop(any_world.db, theirs, kept.messages[0], now=NOW),
        lambda: note_resources(any_world.db, theirs, project, {}, now=NOW),
        lambda: choose_project(any_world.db, theirs, any_world.patent_ids[1], "重点", now=NOW),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            act()
