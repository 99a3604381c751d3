"""A key makes a write happen once, also when two come at once or a process dies."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select

from cases.db import Database
from cases.errors import Conflict
from cases.idempotency import (
    KEPT,
    LEASE,
    AlreadyDone,
    Answer,
    KeyReused,
    StillRunning,
    note_made,
    once,
    request_hash,
)
from cases.processes import this_process
from cases.tables import Case, IdempotencyKey, Organization
from cases.trail import hold_org
from tests.api.conftest import Api
from tests.world import NOW, World, settle


def new_case(api: Api, title: str = "隔膜专利独占许可") -> dict[str, object]:
    return {
        "mode": "exclusive_license", "title": title, "patent_ids": [api.world.patent_ids[0]],
        "company_id": api.world.company_id,
    }  # fmt: skip


def count_cases(db: Database) -> int:
    with db.read() as session:
        return len(session.exec(select(Case.id)).all())


def test_same_key_and_request_get_the_stored_answer(any_api: Api) -> None:
    first = any_api.post("/cases", new_case(any_api), key="k-1")
    again = any_api.post("/cases", new_case(any_api), key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    assert count_cases(any_api.world.db) == 1


def test_same_key_with_another_request_is_a_conflict(api: Api) -> None:
    api.post("/cases", new_case(api), key="k-1")
    other = api.post("/cases", new_case(api, "另一个案件"), key="k-1")
    elsewhere = api.post("/companies", {"name": "启衡材料有限公司"}, key="k-1")
    assert [other.status_code, elsewhere.status_code] == [409, 409]
    assert "幂等键已用于另一个请求" in other.json()["detail"]
    assert count_cases(api.world.db) == 1


def test_keys_belong_to_their_user(api: Api) -> None:
    first = api.post("/cases", new_case(api), key="k-1")
    second = api.post("/cases", new_case(api), key="k-1", role="administrator")
    assert [first.status_code, second.status_code] == [201, 201]
    assert count_cases(api.world.db) == 2


def test_twins_at_the_same_moment_act_once(any_api: Api) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: any_api.post("/cases", new_case(any_api), key="k-1"), range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert count_cases(any_api.world.db) == 1


def test_two_officers_pressing_the_same_button(any_api: Api) -> None:
    case_id = any_api.world.case()
    step = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}
    with ThreadPoolExecutor(4) as pool:
        path = f"/cases/{case_id}/steps/clear_title"
        answers = list(pool.map(lambda n: any_api.post(path, step, key=f"k-{n}"), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert any_api.get(f"/cases/{case_id}").json()["version"] == 2


def test_refusal_frees_the_key(api: Api) -> None:
    case_id = api.world.case()
    path = f"/cases/{case_id}/steps/clear_title"
    wrong = {"payload": {"checked_on": "2026-03-09", "evidence": "副本"}, "expected_version": 1}
    right = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}
    assert api.post(path, wrong, key="k-1").status_code == 409
    assert api.post(path, right, key="k-1").status_code == 200


@pytest.mark.parametrize("key", ["x" * 201, "键", "a\tb"])
def test_unusable_key_is_named(api: Api, key: str) -> None:
    headers = {**{k: v.encode() for k, v in api.headers().items()}, "Idempotency-Key": key.encode()}
    answer = api.client.post("/api/v1/cases", json=new_case(api), headers=headers)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["Idempotency-Key"])


def test_step_that_broke_off_is_taken_up_again(api: Api) -> None:
    """The process died after the step was committed and before its answer was kept."""
    case_id = api.world.case()
    path = f"/cases/{case_id}/steps/clear_title"
    step = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}
    first = api.post(path, step, key="k-1").json()
    with api.world.db.write() as session:
        row = session.exec(select(IdempotencyKey)).one()
        row.status, row.body, row.created_at = 0, "", NOW - timedelta(hours=1)
    again = api.post(path, step, key="k-1")
    assert again.status_code == 200
    assert again.json() == {**first, "replayed": True}
    assert api.get(f"/cases/{case_id}").json()["version"] == 2


def lose_the_answer(db: Database, made: int | None) -> None:
    """Put the only key back to where a process leaves it that dies right after its action, or right before."""
    with db.write() as session:
        row = session.exec(select(IdempotencyKey)).one()
        gone = f"abc {this_process()}0"
        row.status, row.body = (0, gone) if made is None else (1, str(made))


def test_opening_whose_answer_was_lost_is_answered_and_not_repeated(any_api: Api) -> None:
    first = any_api.post("/cases", new_case(any_api), key="k-1")
    lose_the_answer(any_api.world.db, first.json()["id"])
    again = any_api.post("/cases", new_case(any_api), key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert any_api.post("/cases", new_case(any_api), key="k-1").content == first.content
    assert count_cases(any_api.world.db) == 1


def test_key_that_a_killed_process_held_is_free_at_once(any_api: Api) -> None:
    """Nothing was committed under it, or the key would tell; here the first case stands for that nothing."""
    any_api.post("/cases", new_case(any_api), key="k-1")
    lose_the_answer(any_api.world.db, None)
    assert any_api.post("/cases", new_case(any_api), key="k-1").status_code == 201
    assert count_cases(any_api.world.db) == 2


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/cases/1/documents", {"kind": "approval_form"}, 202),
        ("/document-runs", {"kind": "approval_form", "case_ids": [1]}, 202),
        ("/companies", {"name": "启衡材料有限公司", "uscc": "91110000600037341L"}, 409),
    ],
)
def test_other_writes_whose_answers_were_lost(
    api: Api, path: str, body: dict[str, object], status: int
) -> None:
    api.world.case()
    first = api.post(path, body, key="k-1")
    assert first.status_code == status
    if status == 202:
        lose_the_answer(api.world.db, first.json()["id"])
        again = api.post(path, body, key="k-1")
        assert (again.status_code, again.json()) == (status, first.json())


def answer_once(
    world: World, act: Callable[[], Answer], *, resumable: bool = False, wait: float = 0.0, later: int = 0
) -> Answer:
    person = world.person("officer")
    digest, now = request_hash("POST", "/x"), NOW + later * LEASE
    return once(world.db, person, "k", digest, act, resumable=resumable, now=now, wait_seconds=wait)


def done() -> Answer:
    return Answer(200, "{}")


def broken() -> Answer:
    raise RuntimeError("the process died")


def test_write_that_broke_off_before_it_was_committed_is_done_again(world: World) -> None:
    with pytest.raises(RuntimeError):
        answer_once(world, broken)
    assert answer_once(world, done) == Answer(200, "{}")


def test_write_that_broke_off_after_its_commit_is_not_repeated(any_world: World) -> None:
    def committed() -> Answer:
        with any_world.db.cursor() as cur:
            cur.run("UPDATE organization SET address = ? WHERE id = ?", "新址", any_world.org_id)
            note_made(7)
        raise RuntimeError("the process died")

    with pytest.raises(RuntimeError):
        answer_once(any_world, committed)
    with pytest.raises(AlreadyDone) as told:
        answer_once(any_world, done)
    assert (told.value.kind, "上一次请求已经办理完成" in told.value.message) == ("conflict", True)


def test_request_that_lost_its_key_to_another_commits_nothing(any_world: World) -> None:
    def slow() -> Answer:
        assert answer_once(any_world, done, later=2) == Answer(200, "{}")
        with any_world.db.cursor() as cur:
            cur.run("UPDATE organization SET address = ? WHERE id = ?", "新址", any_world.org_id)
        return done()

    with pytest.raises(StillRunning):
        answer_once(any_world, slow)
    with any_world.db.read() as session:
        assert session.exec(select(Organization.address)).one() != "新址"


def test_twin_that_takes_too_long_is_told_to_wait(world: World) -> None:
    started, go_on = Event(), Event()

    def slow() -> Answer:
        started.set()
        go_on.wait(5)
        return done()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(answer_once, world, slow)
        started.wait(5)
        with pytest.raises(StillRunning):
            answer_once(world, done)
        go_on.set()
        assert first.result(5) == Answer(200, "{}")
    assert answer_once(world, broken) == Answer(200, "{}", replayed=True)


def test_failed_action_leaves_no_key(world: World) -> None:
    def refused() -> Answer:
        raise Conflict("冲突")

    with pytest.raises(Conflict):
        answer_once(world, refused)
    with world.db.read() as session:
        assert session.exec(select(IdempotencyKey)).all() == []


def test_old_keys_are_forgotten(world: World) -> None:
    answer_once(world, done)
    person, later = world.person("officer"), NOW + KEPT + timedelta(days=1)
    assert once(world.db, person, "k", request_hash("other"), done, resumable=False, now=later) == done()
    with pytest.raises(KeyReused):
        once(world.db, person, "k", request_hash("third"), done, resumable=False, now=later)


@pytest.mark.postgres
def test_key_is_claimed_while_somebody_holds_the_organization(postgres: Database) -> None:
    """Whoever opens a case holds the organization and then refers to the user; a key holds the user and refers to it."""
    world = settle(postgres)
    address = postgres.url.update_query_dict({"options": "-c lock_timeout=500"})
    hasty = Database(address.render_as_string(hide_password=False))
    with postgres.cursor() as cur:
        hold_org(cur, world.org_id)
        found = once(
            hasty,
            world.person("officer"),
            "k",
            request_hash("x"),
            done,
            resumable=True,
            now=NOW,
            wait_seconds=0,
        )
    hasty.dispose()
    assert found == done()


def test_parts_of_a_request_are_kept_apart() -> None:
    assert request_hash("ab", "c") != request_hash("a", "bc")
