"""Filing packs: a zip with its documents, a manifest and a cover text; the same input gives the same bytes.

In: named bytes. Out: a zip. `verify_pack` reads one back and says what was changed.
"""

import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MANIFEST = "manifest.json"
COVER = "00-材料清单.txt"
_EPOCH = (2000, 1, 1, 0, 0, 0)
_LARGEST = 512 * 1024**2
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class PackItem:
    """One file of a pack: its name, bytes, title, and why it is in."""

    name: str
    data: bytes
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class PackCheck:
    """What reading a pack back found; `problems` is empty if it is whole. `names` are its files in order."""

    names: tuple[str, ...]
    meta: Mapping[str, str]
    problems: tuple[str, ...]


def build_pack(
    items: Sequence[PackItem], meta: Mapping[str, str], told: Mapping[str, Any] | None = None
) -> bytes:
    """Return the zip: cover, manifest (name, sha256, size, title, why; meta; what else is `told`) and the files, in order.

    Raises: ValueError in Chinese if there is no file, or a name is unsafe or stands twice.
    """
    _check_names(items)
    files = [
        {
            "name": i.name,
            "sha256": sha256(i.data).hexdigest(),
            "size": len(i.data),
            "title": i.title,
            "why": i.why,
        }
        for i in items
    ]
    manifest = {"format": 1, "meta": dict(sorted(meta.items())), "files": files, **(told or {})}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, COVER, _cover(items, meta).encode("utf-8"))
        _add(archive, MANIFEST, text.encode("utf-8"))
        for item in items:
            _add(archive, item.name, item.data)
    return buffer.getvalue()


def verify_pack(data: bytes) -> PackCheck:
    """Read a pack back and compare every file with the manifest. Never raises for a broken pack."""
    try:
        return _verified(data)
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, NotImplementedError, EOFError):
        return PackCheck((), {}, ("材料包已损坏或者不是本系统生成的材料包，请重新生成。",))


def _verified(data: bytes) -> PackCheck:
    problems: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _LARGEST:
            return PackCheck((), {}, ("材料包解压后过大，未予核对。",))
        present = archive.namelist()
        manifest = json.loads(archive.read(MANIFEST))
        listed = [file["name"] for file in manifest["files"]]
        for file in manifest["files"]:
            if file["name"] not in present:
                problems.append(f"缺少文件“{file['name']}”。")
            elif sha256(archive.read(file["name"])).hexdigest() != file["sha256"]:
                problems.append(f"文件“{file['name']}”与清单记载的校验值不一致，可能已被修改。")
        extra = [name for name in present if name not in {*listed, MANIFEST, COVER}]
        problems += [f"文件“{name}”不在清单中。" for name in extra]
        if len(present) != len(set(present)):
            problems.append("材料包内有重名文件。")
    return PackCheck(tuple(listed), manifest["meta"], tuple(problems))


def safe_name(text: str) -> str:
    """Make a file name that every system accepts, at most 120 characters."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    return name[:120] or "未命名"


def _check_names(items: Sequence[PackItem]) -> None:
    names = [item.name for item in items]
    if not names:
        raise ValueError("材料包中没有文件。请先生成文书。")
    for name in names:
        if name != safe_name(name) or name in (MANIFEST, COVER):
            raise ValueError(f"文件名“{name}”不能使用。请换用不含路径和特殊字符的名称。")
    if len(names) != len(set(names)):
        raise ValueError("材料包中有重名文件。请修改文件名。")


def _cover(items: Sequence[PackItem], meta: Mapping[str, str]) -> str:
    lines = ["申报材料包", ""]
    lines += [f"{name}：{value}" for name, value in meta.items()]
    lines += ["", "文件清单"]
    for n, item in enumerate(items, 1):
        digest = sha256(item.data).hexdigest()
        lines.append(f"{n}. {item.title}　{item.name}　{len(item.data)} 字节　SHA-256 {digest}")
        lines.append(f"   用途：{item.why}")
    return "\r\n".join(lines) + "\r\n"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3
    archive.writestr(info, data)
