"""`panhuo sign` and `panhuo verify-signature`: electronic signatures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.case_files import bytes_of
from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    CaseName,
    Json,
    clean,
    complain,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    settings_of,
)

if TYPE_CHECKING:
    from contracts.signing.checking import SignatureFound


def sign(
    case: CaseName,
    side: Annotated[str, typer.Option("--side", help="ours 本单位 | theirs 对方")] = "ours",
    certificate: Annotated[
        str,
        typer.Option(
            "--certificate", metavar="P12", help="PKCS#12证书，默认取系统设置 · default: as configured"
        ),
    ] = "",
    password: Annotated[
        str, typer.Option("--password", envvar="PANHUO_SIGN_PASSWORD", help="证书密码 · its password")
    ] = "",
    invisible: Annotated[
        bool, typer.Option("--invisible", help="不显示签章图样 · without a picture")
    ] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """电子签署合同定稿（PAdES）· sign the final contract electronically."""
    with guarded(as_json), open_desk() as desk:
        from cases.signing import sign_contract  # noqa: PLC0415  start-up time
        from desk.api.case_files import KeptShape  # noqa: PLC0415  start-up time
        from flows.work import render_pool  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
        with render_pool(desk.settings) as pool:
            kept = sign_contract(
                desk.db, desk.settings, None if invisible else pool, person, case_id, clean(side),
                certificate=Path(certificate) if certificate else None, password=password or None, now=now(),
            )  # fmt: skip
        if as_json:
            print_value(KeptShape.of_kept(kept).model_dump(mode="json"))
            return
        say(
            f"已签署：{kept.file.filename}（附件编号{kept.file.id}）",
            f"signed: {kept.file.filename} (file {kept.file.id})",
        )
        say(f"SHA-256 {kept.file.sha256}", f"SHA-256 {kept.file.sha256}")


def verify_signature(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="已签名的PDF · signed PDF")],
    as_json: Json = False,
) -> None:
    """核验PDF中的电子签名；有问题或没有签名时退出码为1 · check the signatures of a PDF."""
    with guarded(as_json):
        from cases.signing import signatures_of  # noqa: PLC0415  start-up time

        found = signatures_of(settings_of(), bytes_of(file))
        if as_json:
            print_value({"signatures": [as_value(one) for one in found]})
        else:
            _tell(found)
        if not found or not all(one.ok for one in found):
            raise typer.Exit(FOUND_FAILURE)


def as_value(one: "SignatureFound") -> dict[str, object]:
    """Return the JSON form of a signature."""
    return {
        "field": one.field, "signer": one.signer, "issuer": one.issuer,
        "signed_at": one.signed_at.isoformat() if one.signed_at else None,
        "stamped_at": one.stamped_at.isoformat() if one.stamped_at else None,
        "intact": one.is_intact, "whole": one.is_whole, "trusted": one.is_trusted, "ok": one.ok,
        "problems": [{"zh": zh, "en": en} for zh, en in one.problems],
    }  # fmt: skip


def _tell(found: tuple["SignatureFound", ...]) -> None:
    for one in found:
        at = one.stamped_at or one.signed_at
        moment = at.isoformat() if at else "—"
        kind = CONSOLE.pick(
            "时间戳" if one.stamped_at else "签名人自报", "time stamp" if one.stamped_at else "as told"
        )
        say(f"{one.signer or one.field}　签发：{one.issuer or '—'}　时间：{moment}（{kind}）",
            f"{one.signer or one.field}, issued by {one.issuer or '-'}, {moment} ({kind})")  # fmt: skip
        for zh, en in one.problems:
            complain(CONSOLE.pick(f"  · {zh}", f"  - {en}"))
        if one.ok and one.is_trusted is None:
            say(
                "  签名完整；未配置受信任的根证书，没有核对证书链",
                "  intact; no trusted certificates are configured",
            )
        elif one.ok:
            say("  签名完整，证书可信", "  intact, and its certificate is trusted")
    if not found:
        complain(CONSOLE.pick("文件中没有电子签名", "the file bears no signature"))
