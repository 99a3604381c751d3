"""Checks a paper by itself: `python3 paper_checker.py FILE.pdf --key PUBLIC_KEY`; Python and `cryptography` only.

The product uses the same functions. A paper carries two files: `panhuo.json`, what it says, for machines; and
`panhuo-seal.txt`, the token of its QR code. The token names kind, number, version and day, and the SHA-256 of
`panhuo.json`, under the institution's Ed25519 signature. Where pypdfium2 is at hand, the printed words of the articles are
compared with those of `panhuo.json`, too; without it the report says that they were not.

Exit code 0 if everything holds, 1 if something does not, 2 if there is nothing to check. It writes nothing.
"""

from __future__ import annotations

import binascii
import json
import re
import struct
import sys
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

DATA, SEAL = "panhuo.json", "panhuo-seal.txt"
SCHEME = "panhuo:v1:"
LONGEST_TOKEN = 800
MOST_DATA, MOST_FILES, NEAR = 16 << 20, 32, 2000
EPOCH = date(2000, 1, 1)
PDFIUM = Lock()  # pdfium crashes when two threads read at once.
_HEAD = struct.Struct(">B8s32sHHB")
_SIGNATURE = 64

Text = tuple[str, str]  # Chinese, English


class NoToken(ValueError):
    """A text that is no token of this product."""


class WrongKey(ValueError):
    """A key that cannot be read as an Ed25519 public key."""


@dataclass(frozen=True)
class Claim:
    """What a token says: which paper it is, and the hash of what the paper says. `key_id` names the key that signed."""

    key_id: str
    content_hash: str
    kind: str
    number: str
    version: int
    day: date | None
    draft: bool

    def packed(self) -> bytes:
        """Return the bytes that are signed, the same for the same claim.

        Raises: ValueError for a number or kind of more than 255 bytes.
        """
        days = 0 if self.day is None else (self.day - EPOCH).days
        head = _HEAD.pack(
            1, bytes.fromhex(self.key_id), bytes.fromhex(self.content_hash), self.version, days, self.draft
        )
        return head + b"".join(
            bytes([len(part)]) + part for part in (self.kind.encode(), self.number.encode())
        )


def fingerprint(public_key: bytes) -> str:
    """Return the fingerprint of a raw public key: its SHA-256 in hex. Its first 16 digits are the key's id."""
    return sha256(public_key).hexdigest()


def token_of(claim: Claim, signature: bytes) -> str:
    """Return the text of a signed claim."""
    return urlsafe_b64encode(claim.packed() + signature).decode().rstrip("=")


def signed_part(claim: Claim) -> bytes:
    """Return what the institution signs."""
    return SCHEME.encode() + claim.packed()


def read_token(text: str) -> tuple[Claim, bytes]:
    """Return claim and signature of a token, of a whole QR text, or of an address that ends in one.

    Raises: NoToken.
    """
    token = text.strip().removeprefix(SCHEME).rsplit("/", 1)[-1]
    try:
        if not 0 < len(token) <= LONGEST_TOKEN or not re.fullmatch(r"[A-Za-z0-9_-]+", token):
            raise NoToken("not a token")
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        form, key_id, digest, version, days, flags = _HEAD.unpack_from(raw)
        kind, at = _text(raw, _HEAD.size)
        number, at = _text(raw, at)
    except (struct.error, binascii.Error, IndexError, UnicodeDecodeError) as error:
        raise NoToken(str(error)) from error
    claim = Claim(
        key_id.hex(),
        digest.hex(),
        kind,
        number,
        version,
        EPOCH + timedelta(days) if days else None,
        bool(flags),
    )
    if form != 1 or len(raw) != at + _SIGNATURE or flags > 1 or token_of(claim, raw[at:]) != token:
        raise NoToken("not a token of this version")
    return claim, raw[at:]


def _text(raw: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + raw[at]
    return raw[at + 1 : end].decode(), end


def is_signed_by(claim: Claim, signature: bytes, public_key: bytes) -> bool:
    """Say whether a raw public key signed the claim."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed_part(claim))
    except (InvalidSignature, ValueError):
        return False
    return True


def read_key(text: str) -> bytes:
    """Return a raw public key from PEM, hex or base64.

    Raises: WrongKey.
    """
    given = text.strip()
    try:
        if given.startswith("-----BEGIN"):
            found = load_pem_public_key(given.encode())
            if not isinstance(found, Ed25519PublicKey):
                raise WrongKey("not an Ed25519 key")
            return found.public_bytes_raw()
        raw = (
            bytes.fromhex(given)
            if re.fullmatch("[0-9a-fA-F]{64}", given)
            else urlsafe_b64decode(given + "==")
        )
    except ValueError as error:
        raise WrongKey(str(error)) from error
    if len(raw) != 32:
        raise WrongKey("an Ed25519 key has 32 bytes")
    return raw


def embedded(pdf: bytes) -> Iterator[bytes]:
    """Yield the files that a PDF carries, as far as they are plain or deflated streams, and not too many of them."""
    at = -1
    for _ in range(MOST_FILES):
        if (at := pdf.find(b"/EmbeddedFile", at + 1)) < 0:
            return
        start, end = pdf.rfind(b" obj", max(0, at - NEAR), at), pdf.find(b"stream", at, at + NEAR)
        if start < 0 or end < 0 or b"endobj" in pdf[start:end]:
            continue
        raw = memoryview(pdf)[end + len(b"stream") + (2 if pdf[end + 6 : end + 7] == b"\r" else 1) :]
        if b"FlateDecode" not in pdf[start:end]:
            close = pdf.find(b"endstream", end)
            yield bytes(raw[: max(close - len(pdf) + len(raw), 0)]).rstrip(b"\r\n")
            continue
        try:
            yield zlib.decompressobj().decompress(raw, MOST_DATA)
        except zlib.error:
            continue


@dataclass
class Inside:
    """What a paper carries for its own check; None where it carries no such file."""

    data: bytes | None = None
    token: str | None = None

    @property
    def told(self) -> dict[str, Any]:
        """What the paper says, or nothing if that cannot be read."""
        try:
            found = json.loads(self.data or b"{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def inside(pdf: bytes) -> Inside:
    """Return what a PDF of this product carries; where a later part replaces a file, the last one counts."""
    found = Inside()
    for content in embedded(pdf):
        if content.startswith(SCHEME.encode()) or re.match(rb"https?://\S+/v/", content):
            found.token = content.decode("ascii", "replace").strip()
        elif content.lstrip().startswith(b"{") and b'"content_hash"' in content:
            found.data = content
    return found


@dataclass
class Report:
    """What a check found: whose token, what is wrong, and what could not be looked at."""

    claim: Claim | None = None
    findings: list[Text] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    is_compared: bool = False

    @property
    def ok(self) -> bool:
        """Whether there was something to check and all of it holds."""
        return self.claim is not None and not self.findings


def check(pdf: bytes, public_key: bytes | None, token: str = "", *, words: bool = True) -> Report:
    """Check a paper: signature of its token, hash of its data, and printed words unless told otherwise.

    `token` is one read from its QR code.
    """
    report, carried = Report(), inside(pdf)
    text = token or carried.token
    if not text:
        report.findings.append(("文件中没有本系统的验证码", "the file carries no token of this product"))
        return report
    try:
        report.claim, signature = read_token(text)
    except NoToken:
        report.findings.append(("验证码无法读取，已被改动或不是本系统的验证码", "the token cannot be read"))
        return report
    if token and carried.token and read_token(token)[0] != _claim_of(carried.token):
        report.findings.append(
            ("所给验证码与文件内的验证码不是同一份文书的", "the token given is that of another paper")
        )
    _check_signature(report, report.claim, signature, public_key)
    _check_data(report, report.claim, carried)
    if words:
        _check_words(report, pdf, carried)
    return report


def _claim_of(text: str) -> Claim | None:
    try:
        return read_token(text)[0]
    except NoToken:
        return None


def _check_signature(report: Report, claim: Claim, signature: bytes, public_key: bytes | None) -> None:
    if public_key is None:
        report.notes.append(
            ("未提供单位公钥，没有核对签章", "no public key was given: the seal was not checked")
        )
    elif fingerprint(public_key)[:16] != claim.key_id:
        report.findings.append((
            f"公钥不对：文书由密钥{claim.key_id}签章，提供的是{fingerprint(public_key)[:16]}",
            f"wrong key: sealed by {claim.key_id}, given was {fingerprint(public_key)[:16]}",
        ))  # fmt: skip
    elif not is_signed_by(claim, signature, public_key):
        report.findings.append(
            ("验证码的签章不成立，不是该单位出具或已被改动", "the seal of the token does not hold")
        )


def _check_data(report: Report, claim: Claim, carried: Inside) -> None:
    if carried.data is None:
        report.findings.append((f"文件中没有{DATA}，可能经过另存或打印", f"the file carries no {DATA}"))
        return
    if sha256(carried.data).hexdigest() != claim.content_hash:
        report.findings.append(
            (f"{DATA}与验证码所载的校验值不符，内容被改动", f"{DATA} does not match the token")
        )
    told = carried.told
    if (told.get("kind"), told.get("number")) != (claim.kind, claim.number):
        report.findings.append(("文书种类或编号与验证码不符", "kind or number differ from the token"))


def _check_words(report: Report, pdf: bytes, carried: Inside) -> None:
    articles = carried.told.get("articles")
    if not articles:
        return
    try:
        lines = lines_of(articles)
    except (TypeError, KeyError):
        report.findings.append((f"{DATA}的条款无法读取", f"the articles of {DATA} cannot be read"))
        return
    try:
        body = printed(pdf)
    except ValueError:
        report.findings.append(("页面无法读取，文件已损坏或加密", "the pages cannot be read"))
        return
    except ImportError:
        report.notes.append(
            (
                "未安装pypdfium2，没有逐字核对页面文字",
                "pypdfium2 is missing: the printed words were not compared",
            )
        )
        return
    report.is_compared = True
    report.findings.extend(differing(body, lines))


def lines_of(articles: Sequence[dict[str, Any]]) -> list[str]:
    """Return the lines of articles as they are printed; a table stands as its name in brackets."""
    return [
        line
        for article in articles
        for line in (f"{article['number']}{article['title']}", *map(str, article["text"]))
    ]


def printed(pdf: bytes) -> str:
    """Return the printed words of a PDF: those of `printed_pages`, one after the other.

    Raises: ImportError without pypdfium2; ValueError for a file that it cannot read.
    """
    return "".join(printed_pages(pdf))


def printed_pages(pdf: bytes) -> list[str]:
    """Return the printed words of each page without blanks, without what stands at the head and foot of most pages.

    Raises: ImportError without pypdfium2; ValueError for a file that it cannot read.
    """
    import pypdfium2  # noqa: PLC0415  a stand-alone check goes without it

    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(pdf)
            pages = [_page_lines(document, number) for number in range(len(document))]
            document.close()
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    seen = Counter(shape for page in pages for shape in {_shape(line) for line in (*page[:2], *page[-3:])})
    furniture = {shape for shape, times in seen.items() if times > max(2, len(pages) // 2)}
    return [
        "".join(
            line for at, line in enumerate(page) if _shape(line) not in furniture or 2 <= at < len(page) - 3
        )
        for page in pages
    ]


def _page_lines(document: Any, number: int) -> list[str]:
    page = document[number]
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    textpage.close()
    page.close()
    return [line for part in re.split(r"[\r\n]+", text) if (line := bare(part))]


def bare(text: str) -> str:
    """Return a text without blanks and marks that a line break leaves."""
    return re.sub(r"[\s\ufffe\u00ad\u200b]+", "", text)


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def differing(body: str, lines: Sequence[str]) -> list[Text]:
    """Return where printed words are not those of the lines, in order; between them nothing else may stand but a table."""
    wanted = [bare(line) for line in lines]
    start = next((at for at, line in enumerate(wanted) if not _is_table(line)), None)
    if start is None:
        return []
    opening = wanted[start] + (wanted[start + 1] if start + 1 < len(wanted) else "")
    at = body.find(opening) if opening in body else body.rfind(wanted[start])
    if at < 0:
        return [("页面上找不到合同条款，不是本系统生成的页面", "the articles are not printed on the pages")]
    found: list[Text] = []
    after_table, place = False, ""
    for index in range(start, len(wanted)):
        line = wanted[index]
        if _is_table(line):
            after_table = True
            continue
        place = line if line.startswith("第") and "条" in line[:8] else place
        if body.startswith(line, at):
            at += len(line)
        elif after_table and (jump := body.find(line, at)) >= 0:
            at = jump + len(line)
        else:
            stood, at = _resynced(body, at, line, [w for w in wanted[index + 1 :] if not _is_table(w)])
            found.append(_told(place, line, stood))
        after_table = False
    return found


def _is_table(line: str) -> bool:
    return bool(re.fullmatch(r"[\[【][a-z_]+[\]】]", line))


def _resynced(body: str, at: int, line: str, rest: Sequence[str]) -> tuple[str, int]:
    """Return what stands where a line should stand, and where the lines after it go on."""
    if (here := body.find(line, at)) >= 0 and here - at < 2000:
        return body[at:here], here + len(line)
    for following in rest[:3]:
        if len(following) > 3 and (there := body.find(following, at)) >= 0:
            return body[at:there], there
    return body[at : at + len(line)], at + len(line)


def _told(place: str, line: str, stood: str) -> Text:
    first = next(
        (n for n, (a, b) in enumerate(zip(line, stood, strict=False)) if a != b), min(len(line), len(stood))
    )
    low = max(0, first - 8)
    should, stands = line[low : first + 16], stood[low : first + 16]
    return (
        f"{place}：页面文字与所附数据不符，应为“…{should}…”，页面上是“…{stands}…”",
        f"{place}: the printed words differ; expected '…{should}…', printed is '…{stands}…'",
    )


def told(report: Report, language: str) -> str:
    """Return the report as text; `language` is zh, en, or anything else for both."""
    lines: list[Text] = []
    if (claim := report.claim) is not None:
        day, paper = claim.day.isoformat() if claim.day else "—", f"{claim.kind} {claim.number}"
        draft = ("（草案）", " (draft)") if claim.draft else ("", "")
        zh = f"文书：{paper} 第{claim.version}版，日期{day}{draft[0]}，密钥{claim.key_id}"
        lines.append((zh, f"Paper: {paper} version {claim.version}, {day}{draft[1]}, key {claim.key_id}"))
    lines += [(f"  · {zh}", f"  - {en}") for zh, en in (*report.findings, *report.notes)]
    if report.is_compared and not report.findings:
        lines.append(("页面文字与所附数据逐字一致", "the printed words are those of the data"))
    lines.append(
        (
            "结论：一致" if report.ok else "结论：有问题",
            "Result: holds" if report.ok else "Result: does not hold",
        )
    )
    places = {"zh": slice(0, 1), "en": slice(1, 2)}.get(language, slice(0, 2))
    return "\n".join(" | ".join(line[places]) for line in lines) + "\n"


def main(arguments: list[str]) -> int:
    """Check the file that the arguments name, print the report and return the exit code."""
    options = {"--key": "", "--token": "", "--lang": "both"}
    files = []
    pending = iter(arguments)
    for argument in pending:
        if argument in options:
            options[argument] = next(pending, "")
        else:
            files.append(argument)
    try:
        pdf = Path(files[0]).read_bytes()
        key = options["--key"]
        given = Path(key).read_text("utf-8") if key and Path(key).is_file() else key
        report = check(pdf, read_key(given) if given else None, options["--token"])
    except (IndexError, OSError, WrongKey) as error:
        sys.stdout.write(f"{__doc__}\n无法核对 | cannot check: {error}\n")
        return 2
    sys.stdout.write(told(report, options["--lang"]))
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
