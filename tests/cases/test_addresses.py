"""Changing where a person's letters go: who may, what is an address, and that the trail does not hold it."""

from typing import Any

import pytest

from cases.addresses import NEEDED, TOO_LONG, WRONG, flaw_of, set_email
from cases.delivering import queue_deliveries
from cases.errors import Forbidden, Invalid, NotFound
from cases.people import add_user
from cases.trail import entries
from tests.cases.dump import execute
from tests.cases.test_delivering import write_message
from tests.world import NOW, World, settle

DEAD = (
    "INSERT INTO mail_address (user_id, org_id, address, bounces, reason, bounced_at, unusable_since) SELECT id, org_id, "
    "email, 2, '550 5.1.1', '2026-03-01 00:00:00', '2026-03-01 00:00:00' FROM app_user WHERE role = 'officer'"
)


def emails(world: World) -> list[Any]:
    with world.db.cursor() as cur:
        return [
            email for (email,) in cur.all("SELECT email FROM app_user WHERE role = 'officer' ORDER BY id")
        ]


@pytest.mark.parametrize("role", ["administrator", "officer"])
def test_corrected_address_is_used_and_the_trail_does_not_hold_it(any_world: World, role: str) -> None:
    execute(any_world.db, DEAD)
    officer = any_world.person("officer")
    assert (
        set_email(any_world.db, any_world.person(role), officer.id, " New@Example.INVALID ", NOW)
        == "New@Example.INVALID"
    )
    with any_world.db.cursor() as cur:
        assert cur.all("SELECT 1 FROM mail_address") == []
        queue_deliveries(cur, write_message(cur, any_world), NOW, mail=True)
        assert cur.all("SELECT status, recipient FROM delivery WHERE channel = 'mail'") == [
            ("queued", "New@Example.INVALID")
        ]
    with any_world.db.read() as session:
        (entry,) = entries(session, any_world.org_id, f"org:{any_world.org_id}")
    assert (entry.verb, entry.actor_name) == ("email_changed", any_world.person(role).name)
    assert "example" not in str(entry.body).lower()


def test_dead_address_that_is_confirmed_is_used_again(world: World) -> None:
    execute(world.db, DEAD)
    officer = world.person("officer")
    set_email(world.db, officer, officer.id, officer.email, NOW)
    with world.db.cursor() as cur:
        assert cur.all("SELECT 1 FROM mail_address") == []


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("lin", WRONG),
        ("lin@", WRONG),
        ("@example.invalid", WRONG),
        ("lin@@example.invalid", WRONG),
        ("lin@example..invalid", WRONG),
        ("林@example.invalid", WRONG),
        ("lin@example.invalid, x@example.invalid", WRONG),
        ("lin@example.invalid\r\nBcc: x@example.invalid", WRONG),
        ("林知远 <lin@example.invalid>", WRONG),
        ("x" * 65 + "@example.invalid", TOO_LONG),
        ("x@" + "y" * 260, TOO_LONG),
        ("", NEEDED),
        ("\u200b \u3000", NEEDED),
    ],
)
def test_what_is_no_address_changes_nothing(world: World, typed: str, flaw: str) -> None:
    officer = world.person("officer")
    with pytest.raises(Invalid) as caught:
        set_email(world.db, officer, officer.id, typed, NOW)
    assert (caught.value.fields, emails(world)) == ({"email": flaw}, ["officer@example.invalid"])


@pytest.mark.parametrize(
    "address", ["a@b.cn", "o'neil+tto@mail.example.invalid", "x" * 64 + "@example.invalid"]
)
def test_usual_addresses_are_taken(address: str) -> None:
    assert flaw_of(address) == ""


def test_full_width_letters_are_understood(world: World) -> None:
    officer = world.person("officer")
    set_email(world.db, officer, officer.id, "ｌｉｎ＠ｅｘａｍｐｌｅ．invalid", NOW)
    assert emails(world) == ["lin@example.invalid"]


def test_only_an_administrator_clears_an_address(world: World) -> None:
    set_email(world.db, world.person("administrator"), world.person("officer").id, "", NOW)
    assert emails(world) == [""]


def test_address_of_others_is_not_changed(world: World) -> None:
    officer, other = world.person("officer"), settle(world.db, "另一所大学", "other-")
    with pytest.raises(Forbidden):
        set_email(world.db, world.person("finance"), officer.id, "x@example.invalid", NOW)
    for by in (other.person("administrator"), other.person("officer")):
        with pytest.raises(NotFound):
            set_email(world.db, by, officer.id, "x@example.invalid", NOW)
    assert emails(world) == ["officer@example.invalid"] * 2


def test_new_user_needs_an_address_that_can_be_one(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        add_user(
            world.db, world.person("administrator"), login="new", name="新人", role="officer", email="新人"
        )
    assert caught.value.fields == {"email": WRONG}
