"""Electronic signatures: both sides in sequence stay good, the PDF stays PDF/A, and every fault is named."""

from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pypdfium2
import pytest
from asn1crypto import keys, x509  # type: ignore[import-untyped]  # comes with pyHanko, has no annotations
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper

from contracts.documents import build_job
from contracts.pdf import Renderer
from contracts.pdf_lint import lint_pdf
from contracts.signing.certificate import CertificateProblem, TimeAuthority, load_certificate, load_trusted
from contracts.signing.checking import check_signatures
from contracts.signing.pades import Signing, SigningProblem, sign_pdf, signed_fields
from contracts.signing.places import seal_cells
from contracts.signing.stamp import stamp_job
from tests.cases import uploads
from tests.contracts.samples import view
from tests.contracts.signing import authority


@cache
def _renderer() -> Renderer:
    return Renderer()


@cache
def contract() -> bytes:
    return _renderer().render_job(build_job("contract", view())).data


def signer(name: str = "江州理工大学", number: int = 11, days: int = 36500) -> SimpleSigner:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.p12"
        path.write_bytes(authority.p12(name, number, days=days))
        return load_certificate(path, authority.PASSWORD)


def trusted(certificate: object = authority.ROOT) -> tuple[x509.Certificate, ...]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "root.pem").write_bytes(authority.pem(certificate))  # type: ignore[arg-type]
        return load_trusted(Path(folder))


@cache
def signed_by_both() -> tuple[bytes, bytes]:
    ours, theirs = seal_cells(contract())
    stamp = _renderer().render_job(stamp_job("江州理工大学", "2026-03-02 10:00", "0B")).data
    first = sign_pdf(contract(), signer(), Signing("panhuo-ours", "签订合同", ours, stamp))
    return first, sign_pdf(
        first, signer("江州新膜材料科技有限公司", 12), Signing("panhuo-theirs", "", theirs, stamp)
    )


def test_seal_cells_are_found_on_the_signature_page_ours_first() -> None:
    ours, theirs = seal_cells(contract())
    assert ours.page == theirs.page
    page = pypdfium2.PdfDocument(contract())[ours.page].get_textpage()
    assert "签署页" in page.get_text_range()
    assert (ours.box[1], ours.box[0] < theirs.box[0]) == (theirs.box[1], True)
    for place in (ours, theirs):
        assert "盖章处" in page.get_text_bounded(*place.box)
    assert seal_cells(uploads.pdf()) == ()


def test_both_signatures_stay_good_and_no_earlier_byte_changes() -> None:
    first, second = signed_by_both()
    assert first.startswith(contract())
    assert second.startswith(first)
    found = check_signatures(second, trusted())
    assert [(one.field, one.signer, one.issuer, one.ok) for one in found] == [
        ("panhuo-ours", "江州理工大学", "测试根证书", True),
        ("panhuo-theirs", "江州新膜材料科技有限公司", "测试根证书", True),
    ]
    assert [(one.is_intact, one.is_whole, one.is_trusted, one.stamped_at) for one in found] == [
        (True, True, True, None)
    ] * 2


def test_signed_contract_stays_an_archive_file() -> None:
    assert lint_pdf(contract()) == ()
    assert lint_pdf(signed_by_both()[1]) == ()


def test_words_of_a_signed_contract_are_those_of_the_contract() -> None:
    before, after = pypdfium2.PdfDocument(contract()), pypdfium2.PdfDocument(signed_by_both()[1])
    texts = [[page.get_textpage().get_text_range() for page in document] for document in (before, after)]
    assert texts[0] == texts[1]


def test_flipped_byte_is_named() -> None:
    spoiled = bytearray(signed_by_both()[1])
    spoiled[5000] ^= 1
    found = check_signatures(bytes(spoiled), trusted())
    assert [one.problems[0][0] for one in found] == ["签名之后内容被改动，签名不成立"] * 2


def test_damage_in_what_a_signature_added_is_a_clear_refusal() -> None:
    first, second = signed_by_both()
    place = second.rindex(b"stream", 0, second.rindex(b"endstream"))
    assert place > len(first)
    for at in range(place + 8, place + 40):
        spoiled = second[:at] + bytes([second[at] ^ 0x55]) + second[at + 1 :]
        with suppress(SigningProblem):
            assert set(signed_fields(spoiled)) <= {"panhuo-ours", "panhuo-theirs"}
    with pytest.raises(SigningProblem, match="PDF无法读取"):
        signed_fields(second[: place + 8] + bytes(30) + second[place + 38 :])


def test_page_changed_after_signing_is_named() -> None:
    with pikepdf.open(BytesIO(signed_by_both()[0])) as pdf:
        target = BytesIO()
        pdf.save(target)
    assert [one.ok for one in check_signatures(target.getvalue(), trusted())] == [False]


@pytest.mark.parametrize(("roots", "days"), [(authority.STRANGE_ROOT, 36500), (authority.ROOT, 30)])
def test_certificate_that_is_not_trusted_or_has_expired_is_named(roots: object, days: int) -> None:
    pdf = sign_pdf(contract(), signer(days=days), Signing("panhuo-ours"))
    (found,) = check_signatures(pdf, trusted(roots))
    assert (found.is_intact, found.is_trusted) == (True, False)
    assert found.problems[0][0] == "签名证书不在受信任的证书链内，或已过期"


def test_without_trusted_certificates_the_chain_is_not_judged() -> None:
    (found,) = check_signatures(signed_by_both()[0])
    assert (found.ok, found.is_trusted) == (True, None)


def test_time_stamp_makes_it_b_t() -> None:
    key, certificate = authority.time_stamps()
    private = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    stamps = DummyTimeStamper(x509.Certificate.load(certificate.public_bytes(Encoding.DER)), private)
    pdf = sign_pdf(contract(), signer(), Signing("panhuo-ours"), stamps)
    (found,) = check_signatures(pdf, trusted())
    assert found.ok
    assert found.stamped_at is not None


def test_authority_that_does_not_answer_says_what_to_do() -> None:
    with pytest.raises(CertificateProblem, match="时间戳服务没有应答"):
        sign_pdf(contract(), signer(), Signing("panhuo-ours"), TimeAuthority("http://127.0.0.1:9"))
    with pytest.raises(CertificateProblem, match="须以http"):
        TimeAuthority("file:///etc/passwd")


def test_same_field_is_not_signed_twice() -> None:
    first, second = signed_by_both()
    assert (signed_fields(contract()), signed_fields(second)) == ((), ("panhuo-ours", "panhuo-theirs"))
    with pytest.raises(SigningProblem, match="已经签名"):
        sign_pdf(first, signer(), Signing("panhuo-ours"))


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(SigningProblem, match="PDF无法读取"):
        check_signatures(b"nothing")
    assert check_signatures(contract()) == ()


def test_certificate_faults_are_told_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "a.p12"
    with pytest.raises(CertificateProblem, match="无法读取签名证书文件"):
        load_certificate(path, "")
    path.write_bytes(authority.p12("某人", 11))
    with pytest.raises(CertificateProblem, match="密码（PANHUO_SIGN_PASSWORD）不正确"):
        load_certificate(path, "wrong")
    path.write_bytes(b"nothing")
    with pytest.raises(CertificateProblem, match="不是PKCS#12格式"):
        load_certificate(path, authority.PASSWORD)
    with pytest.raises(CertificateProblem, match="无法读取受信任的根证书"):
        load_trusted(tmp_path / "none.pem")
