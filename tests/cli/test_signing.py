"""`panhuo verify-signature`, and `panhuo sign` where it cannot."""

from pathlib import Path

import pytest

from contracts.signing.certificate import load_certificate
from contracts.signing.pades import Signing, sign_pdf
from tests.cases import uploads
from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened
from tests.contracts.signing import authority


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """A signed PDF, the certificate beside it."""
    (tmp_path / "a.p12").write_bytes(authority.p12("沧澜理工大学", 11))
    (tmp_path / "root.pem").write_bytes(authority.pem())
    signer = load_certificate(tmp_path / "a.p12", authority.PASSWORD)
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign_pdf(uploads.pdf(), signer, Signing("panhuo-ours")))
    return path


def test_signature_is_told_and_a_flipped_byte_named(
    office: Office, signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANHUO_SIGN_TRUST", str(signed.parent / "root.pem"))
    good = office.run("verify-signature", str(signed))
    assert (good.code, "沧澜理工大学　签发：测试根证书" in good.out, "证书可信" in good.out) == (
        0,
        True,
        True,
    )
    (told,) = office.run("verify-signature", str(signed), "--json").json["signatures"]
    assert (told["signer"], told["ok"], told["trusted"], told["problems"]) == ("沧澜理工大学", True, True, [])
    data = bytearray(signed.read_bytes())
    data[data.index(b"/Title") + 8] ^= 1
    signed.write_bytes(data)
    bad = office.run("verify-signature", str(signed))
    assert (bad.code, "签名之后内容被改动" in bad.err) == (1, True)
    signed.write_bytes(uploads.pdf())
    assert "没有电子签名" in office.run("verify-signature", str(signed)).err


def test_signing_says_what_is_missing(office: Office, signed: Path) -> None:
    opened(office)
    unset = office.run("sign", CASE, "--as", "officer", "--invisible")
    assert (unset.code, "PANHUO_SIGN_CERTIFICATE" in unset.err) == (6, True)
    early = office.run(
        "sign", CASE, "--as", "officer", "--invisible", "--certificate", str(signed.parent / "a.p12")
    )
    assert (early.code, "尚未定稿送签" in early.err) == (5, True)
