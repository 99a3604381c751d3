"""What a paper's QR code vouches for: whole papers hold, every alteration is named, and the checker stands alone."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contracts.documents import build_job
from contracts.kinds import document_of
from contracts.pdf import Renderer
from contracts.seal import paper_checker as checker
from contracts.seal.paper_checker import (
    Claim,
    NoToken,
    WrongKey,
    check,
    differing,
    inside,
    read_key,
    read_token,
)
from contracts.seal.sealing import Seal
from tests.contracts import every_mode
from tests.contracts.samples import view

SEAL = Seal(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), "https://tto.example.edu.cn", 3)
OTHER = Seal(Ed25519PrivateKey.from_private_bytes(bytes(32)))
CLAIM = Claim("00" * 8, "11" * 32, "contract", "合同-1", 2, date(2026, 3, 2), draft=True)


@cache
def _renderer() -> Renderer:
    return Renderer()


@cache
def sealed(printed: str = "", carried: str = "", seal: Seal = SEAL) -> bytes:
    """Return a sealed contract; `printed` replaces words of its pages, `carried` those of its data, as `old>new`."""
    job = build_job("contract", view(), seal=seal)
    files = dict(job.attachments or {})
    if carried:
        old, new = carried.split(">")
        files["panhuo.json"] = files["panhuo.json"].decode().replace(old, new).encode()
    old, new = printed.split(">") if printed else ("", "")
    html = job.html.replace(old, new) if printed else job.html
    return _renderer().render_job(replace(job, html=html, attachments=files)).data


def told(pdf: bytes, key: bytes | None = SEAL.public_key, token: str = "") -> list[str]:
    return [zh for zh, _ in check(pdf, key, token).findings]


def test_whole_paper_holds_to_the_letter() -> None:
    report = check(sealed(), SEAL.public_key)
    assert (report.ok, report.is_compared, report.findings, report.notes) == (True, True, [], [])
    claim = report.claim
    assert claim is not None
    assert (claim.kind, claim.number, claim.version, claim.draft) == (
        "contract",
        "JZUT-ZL-2026-001",
        3,
        False,
    )


CONTRACTS = [(kind, mode) for kind, mode in every_mode.kinds() if document_of(kind, mode).css == "contract"]


@pytest.mark.parametrize(("kind", "mode"), CONTRACTS)
def test_contract_of_every_mode_is_printed_as_it_says(kind: str, mode: str) -> None:
    pdf = _renderer().render_job(build_job(kind, every_mode.sample(mode), seal=SEAL)).data
    report = check(pdf, SEAL.public_key)
    assert (report.findings, report.is_compared) == ([], True)


def test_same_paper_has_the_same_token() -> None:
    first, again = build_job("contract", view(), seal=SEAL), build_job("contract", view(), seal=SEAL)
    assert first == again


def test_qr_on_the_page_is_the_token_that_the_file_carries() -> None:
    job = build_job("contract", view(), seal=SEAL)
    token = inside(sealed()).token
    assert token is not None
    assert token.startswith("https://tto.example.edu.cn/v/")
    modules = re.findall(r' d="([^"]+)"', segno.make(token, error="m", micro=False).svg_inline(border=0))
    assert all(drawn in job.html for drawn in modules)
    assert inside(sealed(seal=OTHER)).token.startswith("panhuo:v1:")  # type: ignore[union-attr]


@pytest.mark.parametrize(("pdf", "finding"), [
    (sealed(printed="六十日>九十日"), "页面文字与所附数据不符，应为“…"),
    (sealed(printed="第九条>第九条之一"), "页面文字与所附数据不符"),
    (sealed(carried="六十日>九十日"), "panhuo.json与验证码所载的校验值不符，内容被改动"),
    (b"%PDF-1.7 nothing", "文件中没有本系统的验证码"),
])  # fmt: skip
def test_alteration_is_named(pdf: bytes, finding: str) -> None:
    assert [text for text in told(pdf) if finding in text] != []


def test_altered_page_says_what_should_stand_there() -> None:
    (text, _) = check(sealed(printed="六十日>九十日"), SEAL.public_key).findings[0]
    assert "六十日" in text.split("页面上是")[0]
    assert "九十日" in text.split("页面上是")[1]


def bare(data: bytes) -> bytes:
    """The two files of a paper under a good token, as anybody can put them together; no page can be read."""
    token = SEAL.text(data=data, kind="contract", number="1", day=None, draft=False).encode()
    streams = [b"<</Type/EmbeddedFile>>stream\n" + one + b"\nendstream endobj\n" for one in (data, token)]
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj" % n + one for n, one in enumerate(streams, 1))


SAYS = '{"kind": "contract", "number": "1", "content_hash": "", "articles": %s}'


@pytest.mark.parametrize(("data", "finding"), [
    ('{"content_hash": ' + "[" * 60_000, "文书种类或编号与验证码不符"),
    (SAYS % "5", "panhuo.json的条款无法读取"),
    (SAYS % "[{}]", "panhuo.json的条款无法读取"),
    (SAYS % '["第一条"]', "panhuo.json的条款无法读取"),
    (SAYS % '[{"number": "一", "title": "", "text": ["甲"]}]', "页面无法读取，文件已损坏或加密"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(data: str, finding: str) -> None:
    assert told(bare(data.encode())) == [finding]


def test_wrong_key_is_named() -> None:
    (text,) = told(sealed(), OTHER.public_key)
    assert (
        text
        == "公钥不对：文书由密钥56475aa75463474c签章，提供的是" + checker.fingerprint(OTHER.public_key)[:16]
    )


def test_forged_seal_does_not_hold() -> None:
    claim, signature = read_token(inside(sealed()).token or "")
    forged = checker.token_of(replace(claim, version=9), signature)
    assert told(sealed(), token=forged) == [
        "所给验证码与文件内的验证码不是同一份文书的", "验证码的签章不成立，不是该单位出具或已被改动",
    ]  # fmt: skip


def test_without_a_key_the_seal_is_said_to_be_unchecked() -> None:
    report = check(sealed(), None)
    assert (report.ok, report.notes[0][0]) == (True, "未提供单位公钥，没有核对签章")


def test_token_comes_back() -> None:
    token = checker.token_of(CLAIM, b"\x07" * 64)
    for text in (token, f"panhuo:v1:{token}", f"https://a.example/v/{token}", f" {token}\n"):
        assert read_token(text) == (CLAIM, b"\x07" * 64)
    assert read_token(checker.token_of(replace(CLAIM, day=None), bytes(64)))[0].day is None


@pytest.mark.parametrize("text", [
    "", "x", "panhuo:v1:", "AA", "汉字", "A" * 801, checker.token_of(CLAIM, b"\x07" * 64)[:-4],
    checker.token_of(CLAIM, b"\x07" * 65), "_" + checker.token_of(CLAIM, b"\x07" * 64)[1:],
])  # fmt: skip
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(NoToken):
        read_token(text)


@pytest.mark.parametrize(
    "text", ["", "zz", "00" * 31, "-----BEGIN PUBLIC KEY-----\nAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(WrongKey):
        read_key(text)


@pytest.mark.parametrize(("body", "lines", "found"), [
    ("鉴于甲乙第一条甲1.1乙", ["鉴于", "甲乙", "第一条甲", "1.1 乙"], []),
    ("鉴于甲乙表格内容1.2丙", ["鉴于", "甲乙", "[payments]", "1.2 丙"], []),
    ("鉴于甲乙插入的话1.2丙", ["鉴于", "甲乙", "1.2 丙"], ["：页面文字与所附数据不符，应为“…1.2丙…”，页面上是“…插入的话…”"]),
    ("别的文字", ["鉴于", "甲乙"], ["页面上找不到合同条款，不是本系统生成的页面"]),
])  # fmt: skip
def test_printed_words_are_compared_in_order(body: str, lines: list[str], found: list[str]) -> None:
    assert [zh for zh, _ in differing(body, lines)] == found


def test_checker_stands_alone(tmp_path: Path) -> None:
    """One file, copied away from the product, run in an isolated Python."""
    program = tmp_path / "paper_checker.py"
    program.write_bytes(Path(checker.__file__).read_bytes())
    (tmp_path / "paper.pdf").write_bytes(sealed())
    command = [sys.executable, "-I", str(program), str(tmp_path / "paper.pdf"), "--lang", "zh", "--key"]
    good = subprocess.run([*command, SEAL.public_key.hex()], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "结论：一致")
    wrong = subprocess.run([*command, OTHER.public_key.hex()], capture_output=True, text=True, check=False)
    assert (wrong.returncode, "公钥不对" in wrong.stdout) == (1, True)
    nothing = subprocess.run([*command, "short"], capture_output=True, text=True, check=False)
    assert nothing.returncode == 2
