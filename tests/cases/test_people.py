"""How people prove who they are: passwords, links, sessions, tokens; and that nothing of it is stored in the clear."""

from datetime import timedelta

import pytest
from sqlmodel import select

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.people import (
    LINK_LENGTH,
    MAX_FAILURES,
    REST,
    SESSION_LENGTH,
    SignInFailed,
    add_user,
    make_api_token,
    make_sign_in_link,
    people_of,
    person_by_login,
    person_of_api_token,
    person_of_feed,
    person_of_session,
    renew_feed,
    revoke_api_token,
    set_active,
    set_language,
    set_password,
    sign_in,
    sign_in_by_link,
    sign_out,
    token_hash,
)  # fmt: skip
from cases.tables import ApiToken
from cases.trail import entries
from tests.cases.dump import dump
from tests.world import NOW, World, settle

PASSWORD = "a long enough password"
WRONG = ("用户名或密码不正确", "wrong login or password")


def _with_password(world: World, role: str = "officer") -> World:
    set_password(world.db, world.person(role), "", PASSWORD)
    return world


def _who(world: World, token: str) -> str | None:
    with world.db.read() as session:
        found = person_of_session(session, token, now=NOW)
    return found[0].login if found else None


def test_right_password_starts_a_session(world: World) -> None:
    _with_password(world)
    signed_in = sign_in(world.db, " officer ", PASSWORD, now=NOW)
    assert signed_in.person == world.person("officer")
    with world.db.read() as session:
        assert person_of_session(session, signed_in.token, now=NOW) == (
            world.person("officer"),
            signed_in.csrf,
        )
        assert (
            person_of_session(session, signed_in.token, now=NOW + SESSION_LENGTH + timedelta(seconds=1))
            is None
        )
        assert person_of_session(session, "guessed", now=NOW) is None


@pytest.mark.parametrize(
    ("login", "password"), [("officer", "wrong"), ("nobody", PASSWORD), ("finance", ""), ("officer", "")]
)
def test_failure_never_says_what_was_wrong(world: World, login: str, password: str) -> None:
    _with_password(world)
    with pytest.raises(SignInFailed) as failed:
        sign_in(world.db, login, password, now=NOW)
    assert (failed.value.message, failed.value.message_en, failed.value.kind) == (*WRONG, "forbidden")


def test_five_failures_make_the_account_rest(any_world: World) -> None:
    _with_password(any_world)
    for _ in range(MAX_FAILURES):
        with pytest.raises(SignInFailed, match="用户名或密码不正确"):
            sign_in(any_world.db, "officer", "wrong", now=NOW)
    with pytest.raises(SignInFailed, match="登录失败次数过多，请10分钟后再试"):
        sign_in(any_world.db, "officer", PASSWORD, now=NOW)
    assert sign_in(any_world.db, "officer", PASSWORD, now=NOW + REST).person.login == "officer"


def test_success_forgets_earlier_failures(world: World) -> None:
    _with_password(world)
    for failures in (MAX_FAILURES - 1, 1):
        for _ in range(failures):
            with pytest.raises(SignInFailed):
                sign_in(world.db, "officer", "wrong", now=NOW)
        assert sign_in(world.db, "officer", PASSWORD, now=NOW).token


def test_guessing_logins_takes_no_lock_that_others_wait_for(world: World) -> None:
    with world.db.write(), pytest.raises(SignInFailed):
        sign_in(world.db, "nobody", PASSWORD, now=NOW)


def test_link_signs_in_once_within_a_day(world: World) -> None:
    user_id = world.person("officer").id
    link = make_sign_in_link(world.db, user_id, now=NOW)
    assert _who(world, sign_in_by_link(world.db, link, now=NOW).token) == "officer"
    late = make_sign_in_link(world.db, user_id, now=NOW - LINK_LENGTH - timedelta(seconds=1))
    for bad in (link, late, "guessed"):
        with pytest.raises(SignInFailed, match="登录链接无效、已使用或已过期"):
            sign_in_by_link(world.db, bad, now=NOW)


def test_sessions_end_with_sign_out_password_and_leaving(world: World) -> None:
    officer = world.person("officer")
    tokens = []

    def enter() -> str:
        link = make_sign_in_link(world.db, officer.id, now=NOW)
        tokens.append(sign_in_by_link(world.db, link, now=NOW).token)
        return tokens[-1]

    sign_out(world.db, enter())
    enter(), enter()
    assert [_who(world, token) for token in tokens] == [None, "officer", "officer"]
    set_password(world.db, officer, "", PASSWORD)
    assert [_who(world, token) for token in tokens] == [None, None, None]
    last = enter()
    set_active(world.db, world.person("administrator"), officer.id, False)
    assert _who(world, last) is None
    with pytest.raises(SignInFailed):
        sign_in(world.db, "officer", PASSWORD, now=NOW)
    set_active(world.db, world.person("administrator"), officer.id, True)
    assert _who(world, last) is None
    assert sign_in(world.db, "officer", PASSWORD, now=NOW).token


def test_api_token_acts_as_its_person(world: World) -> None:
    token = make_api_token(world.db, world.person("officer"), "夜间导入", now=NOW)
    assert token.startswith("ph_")
    with world.db.read() as session:
        assert person_of_api_token(session, token) == world.person("officer")
        assert person_of_api_token(session, token + "x") is None
    set_active(world.db, world.person("administrator"), world.person("officer").id, False)
    with world.db.read() as session:
        assert person_of_api_token(session, token) is None


def _token_id(world: World) -> int:
    with world.db.read() as session:
        return int(session.exec(select(ApiToken.id)).one() or 0)


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_revoked_api_token_opens_nothing(any_world: World, role: str) -> None:
    token = make_api_token(any_world.db, any_world.person("officer"), "夜间导入", now=NOW)
    for _ in range(2):
        revoke_api_token(any_world.db, any_world.person(role), _token_id(any_world), NOW)
    with any_world.db.read() as session:
        assert person_of_api_token(session, token) is None
        told = entries(session, any_world.org_id, f"org:{any_world.org_id}")
    assert [(entry.verb, entry.actor_id) for entry in told] == [
        ("api_token_made", any_world.person("officer").id), ("api_token_revoked", any_world.person(role).id),
    ]  # fmt: skip
    assert (told[1].body["name"], told[1].body["user_id"]) == ("夜间导入", any_world.person("officer").id)


def test_api_token_of_others_does_not_exist(world: World) -> None:
    token = make_api_token(world.db, world.person("officer"), "夜间导入", now=NOW)
    token_id, other = _token_id(world), settle(world.db, "云麓医院", "b-")
    before = dump(world.db)
    for person, asked in (
        (world.person("finance"), token_id), (other.person("administrator"), token_id),
        (world.person("administrator"), token_id + 1),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            revoke_api_token(world.db, person, asked, NOW)
    assert dump(world.db) == before
    with world.db.read() as session:
        assert person_of_api_token(session, token) == world.person("officer")


def test_renewed_feed_closes_the_old_one(world: World) -> None:
    first = renew_feed(world.db, world.person("officer"))
    second = renew_feed(world.db, world.person("officer"))
    with world.db.read() as session:
        assert person_of_feed(session, first) is None
        assert person_of_feed(session, second) == world.person("officer")
        assert person_of_feed(session, "") is None


def test_secrets_are_stored_as_hashes_only(world: World) -> None:
    _with_password(world)
    officer = world.person("officer")
    secrets = [
        PASSWORD, sign_in(world.db, "officer", PASSWORD, now=NOW).token, make_api_token(world.db, officer, "x", now=NOW),
        make_sign_in_link(world.db, officer.id, now=NOW), renew_feed(world.db, officer),
    ]  # fmt: skip
    stored = str(dump(world.db))
    assert [secret in stored for secret in secrets] == [False] * 5
    assert [token_hash(secret) in stored for secret in secrets[1:]] == [True] * 4
    assert stored.count("$argon2id$") == 1


def test_administrator_adds_users(any_world: World) -> None:
    admin = any_world.person("administrator")
    user_id = add_user(
        any_world.db,
        admin,
        login=" new.one ",
        name="新人",
        role="officer",
        email="n@example.invalid",
        password=PASSWORD,
    )
    signed_in = sign_in(any_world.db, "new.one", PASSWORD, now=NOW)
    assert (signed_in.person.id, signed_in.person.org_id) == (user_id, any_world.org_id)
    with pytest.raises(Conflict, match="用户名“new.one”已被使用"):
        add_user(any_world.db, admin, login="new.one", name="另一人", role="officer")


def test_login_is_unique_across_organizations(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    with pytest.raises(Conflict):
        add_user(world.db, other.person("administrator"), login="officer", name="某人", role="officer")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"login": "林"}, ["login"]),
        ({"login": "x"}, ["login"]),
        ({"name": " "}, ["name"]),
        ({"role": "root"}, ["role"]),
        ({"password": "short"}, ["password"]),
        ({"login": "", "name": "", "role": "", "password": "x"}, ["login", "name", "role", "password"]),
    ],
)
def test_wrong_user_is_named_field_by_field(world: World, changes: dict[str, str], fields: list[str]) -> None:
    values = {"login": "new", "name": "新人", "role": "officer", **changes}
    with pytest.raises(Invalid) as invalid:
        add_user(world.db, world.person("administrator"), **values)
    assert list(invalid.value.fields) == fields


def test_only_administrators_manage_users(world: World) -> None:
    officer, admin = world.person("officer"), world.person("administrator")
    with pytest.raises(Forbidden):
        add_user(world.db, officer, login="new", name="新人", role="officer")
    with pytest.raises(Forbidden):
        set_active(world.db, officer, admin.id, False)
    with pytest.raises(Conflict, match="不能停用自己的账号"):
        set_active(world.db, admin, admin.id, False)


def test_users_of_another_organization_do_not_exist(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    with pytest.raises(NotFound):
        set_active(world.db, world.person("administrator"), other.person("officer").id, False)
    with world.db.read() as session:
        assert {person.org_id for person in people_of(session, world.org_id)} == {world.org_id}
        assert len(people_of(session, other.org_id)) == 5


def test_password_change_asks_for_the_old_one(world: World) -> None:
    _with_password(world)
    with pytest.raises(Invalid) as invalid:
        set_password(world.db, world.person("officer"), "wrong", "another long password")
    assert invalid.value.fields == {"old": "原密码不正确"}
    with pytest.raises(Invalid) as invalid:
        set_password(world.db, world.person("officer"), PASSWORD, "short")
    assert invalid.value.fields == {"new": "新密码至少10位"}
    assert sign_in(world.db, "officer", PASSWORD, now=NOW).token


def test_people_are_found_by_login(world: World) -> None:
    with world.db.read() as session:
        assert person_by_login(session, "finance") == world.person("finance")
        with pytest.raises(NotFound, match="没有名为“nobody”的用户"):
            person_by_login(session, "nobody")


def test_language_is_kept_and_others_ignored(world: World) -> None:
    for language in ("en", "tlh"):
        set_language(world.db, world.person("officer"), language)
    with world.db.read() as session:
        assert person_by_login(session, "officer").language == "en"


def test_changes_of_users_stand_in_the_organizations_trail(world: World) -> None:
    admin = world.person("administrator")
    user_id = add_user(world.db, admin, login="new", name="新人", role="officer")
    set_active(world.db, admin, user_id, False)
    set_active(world.db, admin, user_id, True)
    set_password(world.db, world.person("officer"), "", PASSWORD)
    make_api_token(world.db, world.person("officer"), "导入")
    renew_feed(world.db, world.person("officer"))
    with world.db.read() as session:
        told = [
            (entry.verb, entry.actor_name) for entry in entries(session, world.org_id, f"org:{world.org_id}")
        ]
    assert told == [
        ("user_added", "管理员"), ("user_disabled", "管理员"), ("user_enabled", "管理员"), ("password_changed", "林知远"),
        ("api_token_made", "林知远"), ("feed_renewed", "林知远"),
    ]  # fmt: skip
