"""Approved = signed = filed: every link agrees where all was done as it should be, and a difference is named where it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from cases.case_files import keep_file
from cases.errors import Invalid
from cases.files import path_of
from cases.papers import document_of, render_document, request_document
from cases.proof import Link, proof_of
from cases.settings import Settings
from cases.signing import sign_contract
from contracts.documents import build_job
from contracts.pdf import Renderer
from tests.cases import uploads
from tests.cases.test_signing import finalized, settings
from tests.contracts.samples import view
from tests.world import NOW, World

__all__ = ["settings"]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def links(world: World, settings: Settings, case_id: int) -> tuple[Link, ...]:
    with world.db.read() as session:
        return proof_of(world.db, session, settings, world.org_id, case_id)


def answers(world: World, settings: Settings, case_id: int) -> list[str]:
    return [link.answer for link in links(world, settings, case_id)]


def upload(world: World, settings: Settings, case_id: int, name: str, data: bytes) -> None:
    officer = world.person("officer")
    keep_file(world.db, settings, officer, case_id, kind="signed_contract", filename=name, data=data, now=NOW)


def printed_contract(world: World, settings: Settings, renderer: Renderer, case_id: int) -> bytes:
    """Return a new version of the contract."""
    document_id = request_document(world.db, world.person("officer"), case_id, "contract", now=NOW)
    render_document(world.db, settings, renderer, document_id, NOW)
    with world.db.read() as session:
        view = document_of(session, world.org_id, document_id)
    return path_of(settings.files, view.sha256).read_bytes()


def test_new_case_waits_for_every_link(world: World, settings: Settings) -> None:
    assert answers(world, settings, world.case()) == ["waiting"] * 4


def test_electronic_signature_of_the_final_contract_agrees(
    world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = finalized(world, settings, renderer)
    sign_contract(world.db, settings, renderer, world.person("officer"), case_id, "ours", now=NOW)
    approved, final, signed, filed = links(world, settings, case_id)
    assert [link.answer for link in (approved, final, signed, filed)] == ["same", "same", "same", "waiting"]
    assert (final.who, signed.who) == ("林知远", "林知远")
    assert signed.notes == (("与合同定稿逐字一致", "word by word the final contract"),)
    assert [(one.signer, one.ok) for one in signed.signatures] == [("沧澜理工大学", True)]


def test_trusted_certificates_that_cannot_be_read_are_told(
    world: World, settings: Settings, renderer: Renderer, tmp_path: Path
) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "合同.pdf", uploads.pdf())
    wrong = replace(settings, sign_trust=str(tmp_path / "nothing.pem"))
    with pytest.raises(Invalid, match="PANHUO_SIGN_TRUST"):
        links(world, wrong, case_id)


def test_scan_without_words_is_never_called_equal(
    world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "扫描.png", uploads.picture())
    upload(world, settings, case_id, "扫描.pdf", uploads.pdf())
    told = links(world, settings, case_id)[2:4]
    assert [(link.answer, link.notes[0][0]) for link in told] == [
        ("unknown", "扫描件，无法逐字核对，已记录校验值")
    ] * 2


def test_signed_copy_is_compared_word_by_word(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "已签.pdf", printed_contract(world, settings, renderer, case_id))
    foreign = renderer.render_job(build_job("contract", view())).data
    upload(world, settings, case_id, "另一份.pdf", foreign)
    ours, other = links(world, settings, case_id)[2:4]
    assert (ours.answer, other.answer) == ("same", "differs")
    assert "页面文字与所附数据不符，应为“…" in other.notes[0][0]


def test_altered_file_in_the_store_is_named(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "扫描.png", uploads.picture())
    signed = links(world, settings, case_id)[2]
    path = path_of(settings.files, signed.hash)
    path.write_bytes(path.read_bytes() + b"x")
    told = links(world, settings, case_id)[2]
    assert (told.answer, "已被改动或损坏" in told.notes[0][0]) == ("differs", True)
    final = path_of(Path(settings.files), links(world, settings, case_id)[1].hash)
    final.unlink()
    assert links(world, settings, case_id)[1].answer == "unknown"
