"""Papers that were made for what has become void are marked as superseded, in every mode."""

from pathlib import Path

import pytest

from cases.case_view import case_view
from cases.tables import Company, Organization, Patent
from cases.views import documents
from desk.story import story, terms_of, walk
from rules.packs import FOLDER
from tests.modes.acting import act
from tests.world import NOW, TODAY, World


def _walk_to(world: World, mode: str, until: str) -> int:
    case_id = world.case(mode=mode)
    companies = ("启衡公司", "澜海公司") if mode == "open_license" else ()
    scenes = story(TODAY, contract_no="HT-1", mode=mode, companies=companies)
    list(walk(world.db, world.people, case_id, scenes, until=until))
    return case_id


def _superseded(world: World, case_id: int) -> dict[str, bool]:
    """Say of the newest version of each paper whether it is superseded."""
    with world.db.read() as session:
        found = documents(session, world.org_id, case_id)
    return {view.kind: view.superseded for view in reversed(found)}


def test_drafts_of_a_declaration_go_with_the_terms_that_they_state(world: World) -> None:
    case_id = _walk_to(world, "open_license", "start_drafting")
    assert set(_superseded(world, case_id).values()) == {False}
    terms = {**terms_of(TODAY, mode="open_license"), "project_name": "另一项目"}
    act(world, case_id, "edit_terms", 30, terms=terms)
    stays = dict.fromkeys(("objection_receipt", "objection_reply"), False)
    gone = (
        "publicity_notice", "objection_procedure", "approval_form", "interest_statement", "declaration", "fee_statement",
    )  # fmt: skip
    assert _superseded(world, case_id) == {**dict.fromkeys(gone, True), **stays}


def test_notice_of_an_award_goes_with_the_award(world: World) -> None:
    case_id = _walk_to(world, "equity", "post_award")
    before = _superseded(world, case_id)
    assert before["award_notice"] is False
    act(world, case_id, "withdraw_award", 70, reason="名单有误")
    assert _superseded(world, case_id) == {**before, "award_notice": True}


def test_agency_of_the_house_acts_in_its_papers(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = (FOLDER / "house.toml").read_text(encoding="utf-8").replace('name = "house"', 'name = "ours"', 1)
    (tmp_path / "packs").mkdir()
    text = house.replace("[house]\n", '[house]\nagency = "沧澜专利代理事务所"\n', 1)
    (tmp_path / "packs" / "ours.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    with world.db.write() as session:
        row = session.get(Organization, world.org_id)
        assert row is not None
        row.rule_layers = "national,ours"
    case_id = _walk_to(world, "transfer", "edit_terms")
    with world.db.read() as session:
        assert case_view(world.db, session, world.org_id, case_id, draft=True).agent == "沧澜专利代理事务所"


def test_co_owner_stands_with_what_the_register_of_companies_knows(world: World) -> None:
    case_id = _walk_to(world, "transfer", "edit_terms")
    with world.db.write() as session:
        patent = session.get(Patent, world.patent_ids[0])
        assert patent is not None
        patent.owners = '["沧澜理工大学","沧澜研究院"]'
        company = Company(org_id=world.org_id, name="沧澜研究院", address="沧澜市研究院路2号", created_at=NOW)
        session.add(company)
    with world.db.read() as session:
        (party,) = case_view(world.db, session, world.org_id, case_id, draft=True).co_owners
    assert (party.name, party.address) == ("沧澜研究院", "沧澜市研究院路2号")
