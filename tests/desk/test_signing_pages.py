"""Signing on the desk: the button where a certificate is configured, what came of it, and the page of the proof."""

from dataclasses import replace
from pathlib import Path

import pytest

from cases.case_files import file_bytes, file_of
from contracts.pdf import Renderer
from tests.cases import uploads
from tests.cases.test_signing import finalized
from tests.contracts.signing import authority
from tests.desk.conftest import Browser, Desk
from tests.world import World


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def configure(desk: Desk, folder: Path) -> None:
    """Let the desk have a certificate and a trusted root."""
    (folder / "ours.p12").write_bytes(authority.p12("沧澜理工大学", 11))
    (folder / "root.pem").write_bytes(authority.pem())
    desk.settings = replace(
        desk.settings, sign_certificate=str(folder / "ours.p12"), sign_password=authority.PASSWORD,
        sign_trust=str(folder / "root.pem"),
    )  # fmt: skip
    desk.app.state.desk = replace(desk.app.state.desk, settings=desk.settings)


def test_without_a_certificate_the_page_says_what_to_set(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    page = officer.text(f"/cases/{case_id}/files")
    assert "尚未配置签名证书：请由管理员设置PANHUO_SIGN_CERTIFICATE" in page
    assert "签署合同定稿 " not in page
    answer = officer.post(f"/cases/{case_id}/files/signature")
    assert (answer.status_code, "尚未配置签名证书" in answer.text) == (422, True)


def test_contract_that_is_not_final_cannot_be_signed(desk: Desk, officer: Browser, tmp_path: Path) -> None:
    configure(desk, tmp_path)
    case_id = desk.world.case()
    assert "合同尚未定稿送签，不能签署" in officer.text(f"/cases/{case_id}/files")
    assert officer.post(f"/cases/{case_id}/files/signature").status_code == 422
    assert desk.browser("finance").post(f"/cases/{case_id}/files/signature").status_code == 403


def test_final_contract_is_signed_and_proven(
    desk: Desk, officer: Browser, tmp_path: Path, renderer: Renderer
) -> None:
    configure(desk, tmp_path)
    case_id = finalized(desk.world, desk.settings, renderer)
    address = f"/cases/{case_id}/files"
    assert f'action="{address}/signature"' in officer.get(address).text
    answer = officer.post(f"{address}/signature")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=signed")
    page = officer.text(answer.headers["location"])
    for told in ("合同已签名", "电子签名：沧澜理工大学", "签名完整，证书可信", "本单位已电子签名。"):
        assert told in page
    assert f'action="{address}/signature"' not in officer.get(address).text
    proof = officer.text(f"/cases/{case_id}/proof")
    for told in ("逐字一致", "签名系追加", "签名完整，证书可信"):
        assert told in proof
    with desk.world.db.read() as session:
        file = file_of(session, desk.world.org_id, case_id, 1)
    damaged = bytearray(file_bytes(desk.settings, file))
    damaged[11] ^= 1  # In the comment of the first lines, which no reader looks at.
    upload = {"file": ("别处签.pdf", bytes(damaged), "application/pdf")}
    officer.post(address, {"kind": "e_signed"}, files=upload)
    assert "签名之后内容被改动，签名不成立" in officer.text(address)
    assert "签名之后内容被改动，签名不成立" in officer.text(f"/cases/{case_id}/proof")


def test_upload_without_a_signature_is_told(desk: Desk, officer: Browser) -> None:
    case_id = desk.world.case()
    files = {"file": ("别处签.pdf", uploads.pdf(), "application/pdf")}
    officer.post(f"/cases/{case_id}/files", {"kind": "e_signed"}, files=files)
    assert "文件中没有电子签名" in officer.text(f"/cases/{case_id}/files")


def test_proof_of_another_institution_is_not_there(desk: Desk, strangers: World) -> None:
    case_id = desk.world.case()
    assert desk.browser("officer", strangers).get(f"/cases/{case_id}/proof").status_code == 404
    assert "尚未办理" in desk.browser().text(f"/cases/{case_id}/proof")
