"""The clause texts of a contract: pinned when drafting begins, chosen, rewritten, and never changed from outside."""

from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlmodel import col, select

from cases import clauses
from cases.advance import Refused
from cases.case_view import case_view
from cases.db import cursor_of
from cases.errors import Invalid
from cases.files import Damaged
from cases.tables import TrailEntry
from contracts.documents import contract_text
from contracts.library.texts import text_digest
from contracts.view import CaseView
from states.facts import CaseData
from tests.cases.dump import execute
from tests.modes.acting import act, case_data
from tests.modes.story import walk
from tests.world import NOW, World

DRAFTED, LATER = 26, 27
TEXT = "任何一方违约的，应当赔偿对方因此遭受的损失。\n\n赔偿的范围包括：\n- 直接损失；\n- 合理费用。"


def _drafted(world: World) -> int:
    case_id = world.case()
    list(walk(world, case_id, until="start_drafting"))
    return case_id


def _view(world: World, case_id: int) -> CaseView:
    with world.db.read() as session:
        return case_view(world.db, session, world.org_id, case_id, draft=True)


OLD = "许可人应当维持许可专利有效。\n"


def _drafted_before(world: World) -> int:
    """A case whose drafting began under an earlier release, when one text read otherwise."""
    case_id = _drafted(world)
    pinned = _view(world, case_id).clauses
    assert pinned is not None
    old = pinned.with_texts(replace(pinned.of("upkeep"), version=0, text=OLD, digest=text_digest(OLD)))
    data = case_data(world, case_id)
    told = {"sha256": old.digest, "texts": old.rows(), "unlawful": []}
    with world.db.cursor() as cur:
        cur.run(clauses.KEEP_SET, world.org_id, old.digest, old.as_text, cur.moment(NOW))
        stored = orjson.dumps({**data, "contract": {**data["contract"], "clauses": told}}).decode()
        cur.run("UPDATE conversion_case SET data = ? WHERE id = ?", stored, case_id)
    return case_id


def test_drafting_pins_every_text_of_the_contract_by_digest(any_world: World) -> None:
    case_id = _drafted(any_world)
    told = case_data(any_world, case_id)["contract"]["clauses"]
    pinned = _view(any_world, case_id).clauses
    assert pinned is not None
    assert told["sha256"] == pinned.digest == text_digest(pinned.as_text)
    assert told["texts"] == pinned.rows()
    assert told["texts"]["breach"]["variant"] == "standard"
    assert {"meaning", "confidants"} <= set(told["texts"])  # parts of clauses as well


def test_pinned_contract_does_not_change_with_the_library(any_world: World) -> None:
    before, after = _drafted_before(any_world), _drafted(any_world)
    texts = [contract_text(_view(any_world, case_id)) for case_id in (before, after)]
    assert [OLD.strip() in text for text in texts] == [True, False]
    act(any_world, before, "finalize_contract", LATER, reviewed_by="沈律")
    assert contract_text(_view(any_world, before)) == texts[0]


def test_newer_version_is_adopted_by_a_step(any_world: World) -> None:
    before, after = _drafted_before(any_world), _drafted(any_world)
    act(any_world, before, "choose_clauses", LATER, choices={"upkeep": ""}, reason="采用新版")
    assert contract_text(_view(any_world, before)) == contract_text(_view(any_world, after))
    assert case_data(any_world, before)["contract"]["clauses"]["texts"]["upkeep"]["version"] == 1


def _last_entry(world: World, case_id: int) -> dict[str, Any]:
    with world.db.read() as session:
        query = select(TrailEntry).where(TrailEntry.case_id == case_id).order_by(col(TrailEntry.seq).desc())
        entry = session.exec(query).first()
        assert entry is not None
        return dict(orjson.loads(entry.body))


def test_rewritten_clause_stands_in_the_contract_and_in_the_trail(any_world: World) -> None:
    case_id = _drafted(any_world)
    act(any_world, case_id, "rewrite_clause", LATER, clause="breach", text=TEXT, reason="对方要求简化")
    text = contract_text(_view(any_world, case_id))
    assert "任何一方违约的，应当赔偿对方因此遭受的损失。\n" in text
    assert "（二）合理费用。" in text
    row = case_data(any_world, case_id)["contract"]["clauses"]["texts"]["breach"]
    assert row["own"] == {"reason": "对方要求简化", "source_id": None, "by": "林知远", "on": "2026-03-29"}
    (change,) = _last_entry(any_world, case_id)["clauses"]
    assert (change["clause"], change["before"], change["after"], change["after_text"]) == (
        "breach", "standard@1", "own", TEXT,
    )  # fmt: skip
    assert change["before_text"].startswith("任何一方不履行本合同义务")


def test_choosing_takes_a_rewritten_clause_back_to_the_library(world: World) -> None:
    case_id = _drafted(world)
    before = contract_text(_view(world, case_id))
    act(world, case_id, "rewrite_clause", LATER, clause="breach", text=TEXT, reason="对方要求简化")
    act(world, case_id, "choose_clauses", LATER, choices={"breach": "standard"})
    assert contract_text(_view(world, case_id)) == before


@pytest.mark.parametrize(
    ("event", "payload", "told"),
    [
        ("choose_clauses", {"choices": {"nothing": ""}}, "没有名为“nothing”的条款"),
        ("choose_clauses", {"choices": {"meaning": ""}}, "没有名为“meaning”的条款"),
        ("choose_clauses", {"choices": {"breach": "golden"}}, "条款“breach”没有备选“golden”"),
        ("choose_clauses", {"choices": {"breach": ""}}, "没有变化"),
        ("rewrite_clause", {"clause": "x", "text": TEXT, "reason": "改写"}, "没有名为“x”的条款"),
        ("rewrite_clause", {"clause": "breach", "text": "付款：\n\n[[payments]]", "reason": "改写"}, "没有名为“[[pay"),
    ],
)  # fmt: skip
def test_texts_that_cannot_be_are_refused(
    world: World, event: str, payload: dict[str, Any], told: str
) -> None:
    case_id = _drafted(world)
    with pytest.raises(Refused) as refused:
        act(world, case_id, event, LATER, **payload)
    (unmet,) = refused.value.unmet
    assert told in unmet.what_zh


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("价款为{{ t.price }}。", "不能含有模板标记“{{”"),
        ("{% include 'x' %}", "不能含有模板标记“{%”"),
        ("字" * 5001, "内容过长，最多5000个字"),
        ("", "请填写，至少2个字"),
    ],
)
def test_text_that_is_no_plain_text_is_invalid(world: World, text: str, told: str) -> None:
    case_id = _drafted(world)
    with pytest.raises(Invalid) as invalid:
        act(world, case_id, "rewrite_clause", LATER, clause="breach", text=text, reason="改写")
    assert told in invalid.value.fields["text"]


def test_clause_that_the_law_forbids_stops_the_final_text(world: World) -> None:
    case_id = _drafted(world)
    unlawful = "被许可人作出的改进应当无偿提供给许可人。"
    act(world, case_id, "rewrite_clause", LATER, clause="improvements", text=unlawful, reason="院系要求")
    with pytest.raises(Refused) as refused:
        act(world, case_id, "finalize_contract", LATER, reviewed_by="沈律")
    assert [unmet.code for unmet in refused.value.unmet] == ["wording_unlawful"]
    act(world, case_id, "choose_clauses", LATER, choices={"improvements": "standard"})
    act(world, case_id, "finalize_contract", LATER, reviewed_by="沈律")


def test_new_start_takes_the_newest_texts(world: World) -> None:
    case_id = _drafted_before(world)
    act(world, case_id, "rewrite_clause", LATER, clause="breach", text=TEXT, reason="对方要求简化")
    act(world, case_id, "step_back", LATER, what="contract", reason="重新起草")
    assert _view(world, case_id).clauses is None
    act(world, case_id, "start_drafting", LATER, contract_no="H-2")
    told = case_data(world, case_id)["contract"]["clauses"]["texts"]
    assert ("own" in told["breach"], told["upkeep"]["version"]) == (False, 1)


def test_damaged_texts_are_called_out(world: World) -> None:
    case_id = _drafted(world)
    execute(world.db, "UPDATE clause_set SET body = replace(body, '许可人', '被许可人')")
    with pytest.raises(Damaged, match="missing or damaged"), world.db.read() as session:
        clauses.pinned(
            cursor_of(session, world.db.postgres), world.org_id, CaseData(case_data(world, case_id))
        )
