"""The trail holds: nothing changes or disappears unseen, and the first broken link is named."""

import pytest
from sqlalchemy.exc import DatabaseError

from cases.advance import advance
from cases.audit_checker import link
from cases.companies import save_company
from cases.db import Database
from cases.people import add_user
from cases.scope import NOWHERE, Origin
from cases.trail import canonical, entries, verify
from tests.cases.dump import execute, unlock_trail
from tests.modes.acting import act, case_data, day
from tests.modes.story import TERMS, walk, walk_to
from tests.world import NOW, TODAY, World, settle


def _breaks(world: World) -> list[tuple[str, int, str]]:
    with world.db.read() as session:
        return [(found.chain, found.seq, found.reason_en) for found in verify(session).breaks]


def test_whole_record_verifies(any_world: World) -> None:
    case_id = any_world.case()
    list(walk(any_world, case_id))
    add_user(any_world.db, any_world.person("administrator"), login="new", name="新人", role="officer")
    with any_world.db.read() as session:
        found = verify(session)
        assert (found.chains, found.entries, found.cases, found.breaks) == (2, 33, 1, ())
        assert verify(session, any_world.org_id) == found


def test_digest_changes_with_every_entry(world: World) -> None:
    case_id = world.case()
    seen = set()
    for _ in walk(world, case_id):
        with world.db.read() as session:
            seen.add(verify(session).digest)
    assert len(seen) == 31


def _leads(what: str) -> str:
    return f"the stored case is not what the entries lead to: {what}"


TAMPERING: tuple[tuple[str, str, tuple[int, str]], ...] = (
    ("body", "UPDATE trail SET body = replace(body, '林知远', '林远知') WHERE seq = 3",
     (3, "the body does not match its hash")),
    ("verb", "UPDATE trail SET verb = 'withdraw' WHERE seq = 3", (3, "the columns do not match the body")),
    ("actor", "UPDATE trail SET actor_id = 2 WHERE seq = 4", (4, "the columns do not match the body")),
    ("moment", "UPDATE trail SET at = (SELECT at FROM trail WHERE seq = 2) WHERE seq = 5",
     (5, "the columns do not match the body")),
    ("key", "UPDATE trail SET action_key = 'later' WHERE seq = 5", (5, "the columns do not match the body")),
    ("case", "UPDATE trail SET case_id = NULL WHERE seq = 5", (5, "the columns do not match the body")),
    ("hash", "UPDATE trail SET hash = 'x' WHERE seq = 2", (2, "the body does not match its hash")),
    ("link", "UPDATE trail SET prev = 'x' WHERE seq = 2", (2, "does not link to the entry before")),
    ("deletion", "DELETE FROM trail WHERE seq = 4", (4, "an entry is missing")),
    ("first", "DELETE FROM trail WHERE seq = 1", (1, "an entry is missing")),
    ("truncation", "DELETE FROM trail WHERE seq >= 7", (7, "the tail does not match the head")),
    ("everything", "DELETE FROM trail", (1, "all entries are missing")),
    ("state", "UPDATE conversion_case SET state = ' signed '", (9, _leads("position (position)"))),
    ("data", "UPDATE conversion_case SET data = '{}'", (9, _leads("data (data.approval)"))),
    ("terms", "UPDATE conversion_case SET terms = '{}'", (9, _leads("terms (terms.acceptance_days)"))),
    ("hashes", "UPDATE conversion_case SET terms_facts = replace(terms_facts, '\"hashes\":{\"', '\"hashes\":{\"x')",
     (9, _leads("hashes of the terms (hashes.publicity)"))),
    ("stage", "UPDATE conversion_case SET stage = 'end'", (9, _leads("stage (stage)"))),
    ("closing", "UPDATE conversion_case SET closed_on = '2026-03-01'", (9, _leads("closing day (closed_on)"))),
    ("officer", "UPDATE conversion_case SET officer_id = 2", (9, _leads("officer (officer_id)"))),
    ("title", "UPDATE conversion_case SET title = '另一件'", (9, _leads("title (title)"))),
    ("version", "UPDATE conversion_case SET version = 3", (9, _leads("version (version)"))),
    ("head", "UPDATE conversion_case SET trail_seq = 12", (10, "the tail does not match the head")),
)  # fmt: skip


@pytest.mark.parametrize(("what", "statement", "expected"), TAMPERING, ids=[what for what, _, _ in TAMPERING])
def test_tampering_is_found_at_its_first_link(
    world: World, what: str, statement: str, expected: tuple[int, str]
) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    unlock_trail(world.db)
    execute(world.db, statement)
    assert _breaks(world) == [(f"case:{case_id}", *expected)]


@pytest.mark.postgres
def test_tampering_is_found_on_postgresql_too(postgres: Database) -> None:
    """Each on a case of its own, in one database."""
    world = settle(postgres)
    unlock_trail(postgres)
    expected = []
    for what, statement, found in TAMPERING:
        case_id = world.case(title=what)
        walk_to(world, case_id, "submit_approval")
        column = "id" if "UPDATE conversion_case" in statement else "case_id"
        joined = " AND " if " WHERE " in statement else " WHERE "
        statement = statement.replace("WHERE seq = 2)", f"WHERE seq = 2 AND case_id = {case_id})")
        execute(postgres, f"{statement}{joined}{column} = {case_id}")
        expected.append((f"case:{case_id}", *found))
    assert _breaks(world) == sorted(expected)


def _rewritten(world: World, seq: int, body: str) -> str:
    """The statement of a forger who also computes the hash of the entry anew."""
    with world.db.read() as session:
        previous = entries(session, world.org_id, "case:1")[seq - 2].hash
    return f"UPDATE trail SET body = '{body}', hash = '{link(previous, body)}' WHERE seq = {seq}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("not even JSON", (3, "the body cannot be read")),
        ("[]", (3, "the body cannot be read")),
        (canonical({"seq": 3, "verb": "clear_title"}), (3, "the body cannot be read")),
    ],
)
def test_forged_body_with_its_own_hash_is_found(world: World, body: str, expected: tuple[int, str]) -> None:
    case_id = world.case()
    walk_to(world, case_id, "agree_price")
    unlock_trail(world.db)
    execute(world.db, _rewritten(world, 3, body))
    assert _breaks(world) == [(f"case:{case_id}", *expected)]


def test_forged_story_breaks_at_the_next_link(world: World) -> None:
    """A forger who changes a whole entry consistently is betrayed by the entry after it."""
    case_id = world.case()
    walk_to(world, case_id, "agree_price")
    unlock_trail(world.db)
    with world.db.read() as session:
        body = dict(entries(session, world.org_id, "case:1")[2].body)
    execute(world.db, _rewritten(world, 3, canonical({**body, "today": "2026-03-09"})))
    assert _breaks(world) == [(f"case:{case_id}", 4, "does not link to the entry before")]


def test_vanished_owner_is_found(world: World) -> None:
    world.case()
    unlock_trail(world.db)
    execute(world.db, "UPDATE trail SET chain = 'org:77', case_id = NULL, org_id = 1 WHERE seq = 1")
    chains = [(chain, reason) for chain, _, reason in _breaks(world)]
    assert chains == [("case:1", "all entries are missing"), ("org:77", "the columns do not match the body")]


@pytest.mark.parametrize("verb", ["UPDATE trail SET verb = 'x'", "DELETE FROM trail"])
def test_triggers_refuse_to_change_or_delete(any_world: World, verb: str) -> None:
    any_world.case()
    with pytest.raises(DatabaseError, match="the trail is append-only"):
        execute(any_world.db, verb)
    assert _breaks(any_world) == []


@pytest.mark.postgres
def test_triggers_refuse_to_truncate(postgres: Database) -> None:
    world = settle(postgres)
    world.case()
    with pytest.raises(DatabaseError, match="the trail is append-only"):
        execute(world.db, "TRUNCATE trail CASCADE")


def test_organizations_have_chains_of_their_own(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    values = {"name": "某某公司", "uscc": "91110000600037341L"}
    for one in (world, other):
        save_company(one.db, one.person("officer"), {**values, "uscc": "91440300708461136T"})
    unlock_trail(world.db)
    execute(world.db, f"UPDATE trail SET verb = 'x' WHERE org_id = {other.org_id}")
    with world.db.read() as session:
        assert verify(session, world.org_id).breaks == ()
        assert [found.chain for found in verify(session, other.org_id).breaks] == [f"org:{other.org_id}"]
        assert [entry.verb for entry in entries(session, world.org_id, f"org:{world.org_id}")] == [
            "company_saved"
        ]
        assert entries(session, world.org_id, f"org:{other.org_id}") == ()


def test_canonical_text_does_not_depend_on_the_order_of_keys() -> None:
    assert (
        canonical({"b": "值", "a": [1, None]})
        == canonical({"a": [1, None], "b": "值"})
        == '{"a":[1,null],"b":"值"}'
    )


def test_exchanged_patent_is_found(world: World) -> None:
    case_id = world.case()
    execute(world.db, f"UPDATE case_patent SET patent_id = {world.patent_ids[4]}")
    assert _breaks(world) == [(f"case:{case_id}", 1, _leads("patents (patents)"))]


def test_entry_that_tells_another_past_is_found(world: World) -> None:
    """A forger who writes a consistent last entry still cannot say that something else was there before."""
    case_id = world.case()
    walk_to(world, case_id, "agree_price")
    unlock_trail(world.db)
    with world.db.read() as session:
        told = entries(session, world.org_id, "case:1")
    last = dict(told[-1].body)
    for change, reason in (
        ({"from": ["signed"]}, "does not start where the entries before it lead"),
        ({"before": {"title": {"evidence": "别的"}}}, "what it says was there before is not what was there"),
    ):
        body = canonical({**last, **change})
        execute(world.db, _rewritten(world, last["seq"], body))
        assert _breaks(world) == [(f"case:{case_id}", last["seq"], reason)]


def test_an_entry_keeps_what_was_there_before(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "clear_title")
    first = dict(case_data(any_world, case_id)["title"])
    act(any_world, case_id, "clear_title", 2, checked_on=day(2), evidence="登记簿副本2026-0399")
    with any_world.db.read() as session:
        *_, last = entries(session, any_world.org_id, f"case:{case_id}")
    assert last.body["before"] == {"title": first}
    assert (first["evidence"], last.body["facts"]["title"]["evidence"]) == (
        "专利登记簿副本",
        "登记簿副本2026-0399",
    )


def test_an_entry_tells_the_door_and_the_address(any_world: World) -> None:
    officer = any_world.person("officer")
    case_id = any_world.case()
    advance(
        any_world.db, case_id, "edit_terms", officer.through("web", "10.20.30.40"), {"terms": TERMS},
        expected_version=None, today=TODAY, now=NOW,
    )  # fmt: skip
    with any_world.db.read() as session:
        opened, edited = entries(session, any_world.org_id, f"case:{case_id}")
        assert verify(session).breaks == ()
    assert (opened.origin, edited.origin) == (NOWHERE, Origin("web", "10.20.30.40"))
    assert edited.body["origin"] == {"door": "web", "address": "10.20.30.40"}


def test_entries_written_before_they_told_more_still_replay(world: World) -> None:
    """Entries of earlier releases have neither stage, closing day, door nor what was there before."""
    case_id = world.case()
    walk_to(world, case_id, "agree_price")
    with world.db.read() as session:
        told = entries(session, world.org_id, "case:1")
    unlock_trail(world.db)
    head = ""
    for entry in told:
        kept = {k: v for k, v in entry.body.items() if k not in ("stage", "closed_on", "before", "origin")}
        body, previous = canonical(kept), head
        head = link(previous, body)
        values = f"body = '{body}', prev = '{previous}', hash = '{head}'"
        execute(world.db, f"UPDATE trail SET {values} WHERE case_id = {case_id} AND seq = {entry.seq}")
    execute(world.db, f"UPDATE conversion_case SET trail_head = '{head}' WHERE id = {case_id}")
    assert _breaks(world) == []


def test_chain_is_read_in_parts(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "submit_approval")
    with world.db.read() as session:
        chain = (session, world.org_id, f"case:{case_id}")
        assert [entry.seq for entry in entries(*chain, after=3, limit=2)] == [4, 5]
        assert [entry.seq for entry in entries(*chain, newest_first=True, limit=2)] == [9, 8]
        assert [entry.seq for entry in entries(*chain, newest_first=True, after=7, limit=9)] == [2, 1]
        assert [entry.seq for entry in entries(*chain, after=9)] == []
