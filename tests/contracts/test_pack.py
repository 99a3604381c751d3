"""Filing packs: the same bytes, a manifest that proves them, and what was changed."""

import io
import json
import zipfile
from hashlib import sha256

import pytest

from contracts.pack import PackItem, build_pack, safe_name, verify_pack

ITEMS = (
    PackItem("01-申请表.pdf", b"%PDF-1", "备案申请表", "办法第八条"),
    PackItem("02-合同.pdf", b"%PDF-22", "许可合同", "办法第八条"),
)
META = {"案件编号": "PH-2026-0001", "许可人": "江州理工大学"}


def rewritten(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """Return the pack with files replaced, added or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        files = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in files.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def test_pack_is_the_same_for_the_same_files_and_verifies() -> None:
    made = build_pack(ITEMS, META)
    assert made == build_pack(ITEMS, META)
    check = verify_pack(made)
    assert (check.names, check.meta, check.problems) == (("01-申请表.pdf", "02-合同.pdf"), META, ())


def test_manifest_says_what_and_why() -> None:
    with zipfile.ZipFile(io.BytesIO(build_pack(ITEMS, META))) as archive:
        assert archive.namelist() == ["00-材料清单.txt", "manifest.json", "01-申请表.pdf", "02-合同.pdf"]
        first = json.loads(archive.read("manifest.json"))["files"][0]
    assert first == {
        "name": "01-申请表.pdf",
        "sha256": sha256(b"%PDF-1").hexdigest(),
        "size": 6,
        "title": "备案申请表",
        "why": "办法第八条",
    }


def test_changed_missing_and_added_files_are_named() -> None:
    changes = {"01-申请表.pdf": b"%PDF-X", "02-合同.pdf": None, "03-多余.pdf": b"x"}
    assert verify_pack(rewritten(build_pack(ITEMS, META), changes)).problems == (
        "文件“01-申请表.pdf”与清单记载的校验值不一致，可能已被修改。",
        "缺少文件“02-合同.pdf”。",
        "文件“03-多余.pdf”不在清单中。",
    )


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", build_pack(ITEMS, META)[:200]])
def test_a_broken_pack_is_reported_not_raised(data: bytes) -> None:
    assert verify_pack(data).problems == ("材料包已损坏或者不是本系统生成的材料包，请重新生成。",)


def test_a_zip_of_something_else_is_reported() -> None:
    other = rewritten(build_pack(ITEMS, META), {"manifest.json": b"[]"})
    assert verify_pack(other).problems == ("材料包已损坏或者不是本系统生成的材料包，请重新生成。",)


@pytest.mark.parametrize("name", ["../x.pdf", "a/b.pdf", "manifest.json", "", "a\0b"])
def test_unsafe_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="不能使用"):
        build_pack([PackItem(name, b"", "t", "w")], {})


def test_double_names_and_empty_packs_are_refused() -> None:
    with pytest.raises(ValueError, match="重名"):
        build_pack([ITEMS[0], ITEMS[0]], {})
    with pytest.raises(ValueError, match="没有文件"):
        build_pack([], {})


def test_safe_names_can_be_used() -> None:
    assert safe_name(" 合同/附件:一?.pdf ") == "合同_附件_一_.pdf"
    assert safe_name("///") == "___"
    assert safe_name(" . ") == "未命名"
