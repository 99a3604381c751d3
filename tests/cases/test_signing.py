"""Signing a case's contract: only the final and approved text, both sides one after the other, each file kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from cases.case_files import file_bytes, files_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.papers import render_document
from cases.settings import Settings
from cases.signing import sign_contract, signatures_of
from cases.tables import Document
from contracts.pdf import Renderer
from tests.contracts.signing import authority
from tests.modes.story import walk
from tests.world import NOW, World


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a certificate and a trusted root."""
    (tmp_path / "ours.p12").write_bytes(authority.p12("沧澜理工大学", 11))
    (tmp_path / "theirs.p12").write_bytes(authority.p12("启衡新材料股份有限公司", 12))
    (tmp_path / "root.pem").write_bytes(authority.pem())
    return Settings(
        home=tmp_path, database_url="", sign_certificate=str(tmp_path / "ours.p12"), sign_password=authority.PASSWORD,
        sign_trust=str(tmp_path / "root.pem"),
    )  # fmt: skip


def finalized(world: World, settings: Settings, renderer: Renderer) -> int:
    """Return a case whose contract is out for signing, and made."""
    case_id = world.case()
    list(walk(world, case_id, until="finalize_contract"))
    with world.db.read() as session:
        query = select(Document).where(Document.case_id == case_id, Document.kind == "contract")
        newest = session.exec(query.order_by(col(Document.version).desc())).first()
    assert newest is not None
    assert newest.draft is False
    render_document(world.db, settings, renderer, int(newest.id or 0), NOW)
    return case_id


def test_both_sides_sign_one_after_the_other(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    officer = world.person("officer")
    first = sign_contract(world.db, settings, renderer, officer, case_id, "ours", now=NOW).file
    other = settings.home / "theirs.p12"
    second = sign_contract(
        world.db, settings, renderer, officer, case_id, "theirs", certificate=other, now=NOW
    ).file
    with world.db.read() as session:
        assert [file.id for file in files_of(session, world.org_id, case_id)] == [second.id, first.id]
    pdf = file_bytes(settings, second)
    assert pdf.startswith(file_bytes(settings, first))
    assert [(one.signer, one.ok, one.is_trusted) for one in signatures_of(settings, pdf)] == [
        ("沧澜理工大学", True, True), ("启衡新材料股份有限公司", True, True),
    ]  # fmt: skip
    with pytest.raises(Invalid, match="已经签名"):
        sign_contract(world.db, settings, renderer, officer, case_id, "ours", now=NOW)


def test_contract_that_is_not_final_is_not_signed(world: World, settings: Settings) -> None:
    case_id = world.case()
    list(walk(world, case_id, until="start_drafting"))
    with pytest.raises(Conflict, match="尚未定稿送签"):
        sign_contract(world.db, settings, None, world.person("officer"), case_id, "ours")


def test_contract_that_is_not_made_yet_is_not_signed(world: World, settings: Settings) -> None:
    case_id = world.case()
    list(walk(world, case_id, until="finalize_contract"))
    with pytest.raises(NotFound, match="合同定稿尚未生成"):
        sign_contract(world.db, settings, None, world.person("officer"), case_id, "ours")


def test_only_officers_sign_with_a_configured_certificate(
    world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = finalized(world, settings, renderer)
    officer = world.person("officer")
    with pytest.raises(Forbidden):
        sign_contract(world.db, settings, None, world.person("finance"), case_id, "ours")
    with pytest.raises(Invalid, match="尚未配置签名证书"):
        sign_contract(world.db, replace(settings, sign_certificate=""), None, officer, case_id, "ours")
    with pytest.raises(Invalid, match="密码"):
        sign_contract(world.db, replace(settings, sign_password="x"), None, officer, case_id, "ours")
    with pytest.raises(Invalid, match="签署方"):
        sign_contract(world.db, settings, None, officer, case_id, "nobody")
    assert "测试口令" not in repr(settings)
