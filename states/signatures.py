"""The signed copy of a contract: which file of the case it is, who signed for each side in what capacity, and what is missing.

Naming the file is optional: a signature may be recorded before the scan is there. What is named must be there, and
what is missing is warned of until it is.
"""

from collections.abc import Mapping
from typing import Any

from states.context import Context
from states.plan import Unmet

SIGNED = frozenset({"signed_contract", "e_signed"})
AUTHORIZATIONS = frozenset({"authorization"})
# What the payload names by the number of a file of the case, and the kinds of file that it may be.
NAMED: Mapping[str, tuple[frozenset[str], str, str]] = {
    "signed_file": (SIGNED, "已签合同", "signed contract"),
    "licensor_authorization": (AUTHORIZATIONS, "本单位授权委托书", "our power of attorney"),
    "licensee_authorization": (AUTHORIZATIONS, "对方授权委托书", "their power of attorney"),
}


def file_named(ctx: Context, number: str, kinds: frozenset[str]) -> Mapping[str, Any] | None:
    """Return a file of the case by its number, if it is of one of the kinds."""
    for told in ctx.data.items("files", "list"):
        if str(told["id"]) == number and told["kind"] in kinds:
            return dict(told)
    return None


def are_files_there(ctx: Context) -> tuple[Unmet, ...]:
    """Every file that the signature names is a file of the case, of the right kind."""
    found = []
    for field, (kinds, zh, en) in NAMED.items():
        number = str(getattr(ctx.payload, field, "") or "")
        if number and file_named(ctx, number, kinds) is None:
            what = (f"本案附件中没有编号为{number}的{zh}", f"the case has no file {number} that is a {en}")
            remedy = (
                "先在“附件”中上传，再填写其编号；也可不填",
                "upload it under files first, or leave it out",
            )
            found.append(ctx.unmet(f"{field}_missing", "", what, remedy, "officer"))
    return tuple(found)


def as_kept(ctx: Context) -> Mapping[str, Any]:
    """Return what the signature binds to: the hash of the signed copy, if one is named."""
    told = file_named(ctx, str(getattr(ctx.payload, "signed_file", "") or ""), SIGNED)
    return {"signed_sha256": told["sha256"]} if told else {}


def missing(ctx: Context) -> tuple[Unmet, ...]:
    """Return what should be with a signature and is not there yet: the signed copy, a power of attorney."""
    if ctx.data.day("contract", "signed_on") is None:
        return ()
    kinds = [told["kind"] for told in ctx.data.items("files", "list")]
    found = []
    if not SIGNED & set(kinds):
        what = ("已登记签订，尚未保存已签合同", "signed, but the signed copy is not kept here yet")
        remedy = (
            "在“附件”中上传已签合同扫描件或电子签名合同",
            "upload the scan, or the signed PDF, under files",
        )
        found.append(ctx.unmet("signed_copy_missing", "", what, remedy, "officer"))
    capacities = [ctx.data.text("contract", f"{side}_capacity") for side in ("licensor", "licensee")]
    if capacities.count("authorized") > sum(kind in AUTHORIZATIONS for kind in kinds):
        what = (
            "由授权代表签署，授权委托书尚未保存",
            "an authorized person signed; the power of attorney is not kept here",
        )
        remedy = ("在“附件”中上传授权委托书", "upload the power of attorney under files")
        found.append(ctx.unmet("authorization_missing", "", what, remedy, "officer"))
    return tuple(found)
