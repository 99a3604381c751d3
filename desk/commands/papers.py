"""`panhuo verify-paper` and `panhuo org key`: is this file a paper of ours, and under which key are they sealed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.case_files import bytes_of
from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    Json,
    UsageProblem,
    clean,
    complain,
    guarded,
    open_desk,
    print_value,
    say,
)

if TYPE_CHECKING:
    from cases.known_papers import Recognized

PaperFile = Annotated[Path, typer.Argument(metavar="FILE", help="要核验的文件 · file to check")]


def verify_paper(
    file: PaperFile,
    key: Annotated[
        str, typer.Option("--key", metavar="KEY|FILE", help="单位公钥，离线核验 · public key, checks offline")
    ] = "",
    token: Annotated[str, typer.Option("--token", help="二维码内容，可不填 · what the QR code holds")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """核验文书：是哪一份、是否一致；有出入时退出码为1 · which paper a file is, and in what it differs."""
    with guarded(as_json):
        data = bytes_of(file)
        if key:
            _offline(data, clean(key), clean(token), as_json)
            return
        with open_desk() as desk:
            from cases.known_papers import recognized  # noqa: PLC0415  start-up time

            with desk.db.read() as session:
                found = recognized(session, desk.person(session, as_login).org_id, data)
        _tell(found, as_json)


def _offline(data: bytes, key: str, token: str, as_json: bool) -> None:
    """Check without the record: the same that the stand-alone checker does."""
    from contracts.seal.paper_checker import WrongKey, check, read_key, told  # noqa: PLC0415  start-up time

    try:
        path = Path(key)
        public = read_key(path.read_text("utf-8") if len(key) < 1000 and path.is_file() else key)
    except (WrongKey, OSError, UnicodeDecodeError) as error:
        raise UsageProblem(
            "公钥无法读取，请提供PEM文件或64位十六进制公钥", "the key cannot be read"
        ) from error
    report = check(data, public, token)
    if as_json:
        findings = [{"zh": zh, "en": en} for zh, en in report.findings]
        print_value({"ok": report.ok, "findings": findings, "words_compared": report.is_compared})
    else:
        typer.echo(told(report, CONSOLE.language), nl=False)
    if not report.ok:
        raise typer.Exit(FOUND_FAILURE)


def _tell(found: "Recognized", as_json: bool) -> None:
    if as_json:
        print_value({
            "answer": found.answer, "sha256": found.sha256, "title": found.title, "version": found.version,
            "case": found.case_no, "expected": found.expected,
            "differences": [{"zh": zh, "en": en} for zh, en in found.differences],
        })  # fmt: skip
    elif found.answer == "unknown":
        complain(CONSOLE.pick("不是本单位登记的文书或附件", "no paper or file of this institution"))
    else:
        version = f" 第{found.version}版" if found.version else ""
        say(
            f"{found.case_no} {found.title}{version}",
            f"{found.case_no} {found.title} {found.version or ''}".rstrip(),
        )
        for zh, en in found.differences:
            complain(CONSOLE.pick(f"  · {zh}", f"  - {en}"))
        if found.answer == "same":
            say("逐字节一致", "the same to the byte")
    if found.answer != "same":
        raise typer.Exit(FOUND_FAILURE)


def key(as_login: As = "", as_json: Json = False) -> None:
    """单位签章公钥及指纹 · the public keys under which papers are sealed."""
    with guarded(as_json), open_desk() as desk:
        from cases.seals import keys_of, public_pem  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            keys = keys_of(session, desk.person(session, as_login).org_id)
        if as_json:
            rows = [
                {"key_id": k.key_id, "fingerprint": k.fingerprint, "public_key": k.public_key} for k in keys
            ]
            print_value({"keys": rows})
            return
        for one in keys:
            say(f"指纹 {one.fingerprint}", f"fingerprint {one.fingerprint}")
            typer.echo(public_pem(one), nl=False)
        if not keys:
            say("尚未生成密钥：生成第一份文书时自动生成", "no key yet: it is made with the first paper")
