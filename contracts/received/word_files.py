"""Word files from outside: whether one may be kept and read, before anything of it is read. One guard for all.

The zip's directory only claims sizes, so every part is really inflated while its bytes are counted. Macros, embedded
programs and entities are refused; what points outside the file is never followed, and is named. The text is the part
that the package itself names, so that nobody reads another text here than in Word.
Source: ECMA-376 part 2 §6 (packages, part names are equal whatever their case), §6.5 (relationships)
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.parsers import expat

from contracts.received.pictures import check_measures
from contracts.received.refusal import NotAccepted
from contracts.received.runnable import is_runnable

MOST_PACKED = 50 << 20
MOST_BYTES = 200 << 20
MOST_RATIO = 200
RATIO_FROM = 16 << 20
MOST_PARTS = 2_000
DEEPEST = 200
CHUNK = 1 << 20
RELATIONS = ".rels"
TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
PLAIN = "wordprocessingml.document.main+xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "请用 Word 或 WPS 打开，另存为 .docx 后再上传。"


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file by name, which of them is the text, and what was left alone (zh, en)."""

    parts: Mapping[str, bytes]
    main: str
    remarks: tuple[tuple[str, str], ...]


# What other files begin with, and how people call them.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF", "a PDF"),
    (b"{\\rtf", "RTF", "RTF"),
    (b"<", "网页或 XML", "a web page or XML"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
)
# Parts that could run something, by what their names hold.
_ACTIVE: tuple[tuple[str, str, str], ...] = (
    ("vbaproject", "宏（VBA）", "macros (VBA)"),
    ("vbadata", "宏（VBA）", "macros (VBA)"),
    ("activex", "ActiveX 控件", "ActiveX controls"),
    ("embeddings/", "嵌入的文件或对象（OLE）", "embedded files or objects (OLE)"),
    ("oleobject", "嵌入的文件或对象（OLE）", "embedded files or objects (OLE)"),
    ("customui/", "自定义功能区", "a ribbon of its own"),
    ("attachedtoolbars", "自定义工具栏", "toolbars of its own"),
    ("afchunk", "并入的外来文档", "imported foreign documents"),
)
# Relations by the end of their type that bring in what is not the text, from outside or from a part of any name.
_REFUSED_RELATIONS = {
    "oleObject": ("链接的对象（OLE）", "a linked object (OLE)"),
    "package": ("链接的文件", "a linked file"),
    "vbaProject": ("宏（VBA）", "macros (VBA)"),
    "control": ("ActiveX 控件", "ActiveX controls"),
    "subDocument": ("外部子文档", "an outside subdocument"),
    "aFChunk": ("并入的外来文档", "an imported foreign document"),
    "frame": ("外部框架页", "an outside frame"),
}
# The rest may point outside and is not followed.
_IGNORED_OUTSIDE = {
    "attachedTemplate": ("模板", "template"),
    "image": ("链接的图片", "linked picture"),
    "hyperlink": ("超链接", "hyperlink"),
}


def open_package(data: bytes) -> Package:
    """Return the parts of a Word file after checking all of them.

    Raises: NotAccepted.
    """
    _check_kind(data)
    try:
        parts = _inflated(data)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
    ) as error:
        raise _damaged() from error
    except RuntimeError as error:
        raise NotAccepted(
            "文件压缩包设有密码，无法读取。请取消密码后再上传。", "The package is encrypted."
        ) from error
    _check_word(parts)
    _check_active(parts)
    for name, content in parts.items():
        if name.endswith((".xml", RELATIONS)):
            check_xml(name, content)
        check_measures(content)
    return Package(parts, _main_part(parts), _outside(parts))


def check_docx(data: bytes) -> None:
    """Check a Word file before it is kept.

    Raises: NotAccepted.
    """
    open_package(data)


def _check_kind(data: bytes) -> None:
    if not data:
        raise NotAccepted("文件是空的，请重新选择文件。", "The file is empty.")
    if len(data) > MOST_PACKED:
        raise _too_large(f"文件超过 {MOST_PACKED >> 20} MB")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise NotAccepted(
                "文件设有打开密码，无法读取。请在 Word 中取消密码，另存后再上传。",
                "The file is protected by a password.",
            )
        raise NotAccepted(
            f"这是旧格式的 .doc 文件（或者改了扩展名）。{_AGAIN}",
            "This is an old .doc file; save it as .docx.",
        )
    if data.startswith(b"PK"):
        return
    for start, zh, en in _OTHERS:
        if data.lstrip()[:8].startswith(start):
            raise NotAccepted(f"这是{zh}文件，不是 .docx 文件。{_AGAIN}", f"This is {en}, not a .docx file.")
    raise NotAccepted(f"这不是 .docx 文件。{_AGAIN}", "This is not a .docx file.")


def _inflated(data: bytes) -> dict[str, bytes]:
    """Return every part, inflated under a budget."""
    parts: dict[str, bytes] = {}
    seen: set[str] = set()
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.infolist()
        if len(listed) > MOST_PARTS:
            raise _too_large(f"文件内有 {len(listed)} 个部件")
        for info in listed:
            name = info.filename.lstrip("/")
            if name.lower() in seen or ".." in name.split("/") or "\\" in name:
                raise NotAccepted(
                    "文件内部的部件名称重复或者不合规范，可能被人为改动，不予读取。请对方重新另存后发来。",
                    "The package has doubled or unsafe part names.",
                )
            seen.add(name.lower())
            chunks: list[bytes] = []
            with archive.open(info) as file:
                while chunk := file.read(CHUNK):
                    total += len(chunk)
                    if total > MOST_BYTES or (total > RATIO_FROM and total > MOST_RATIO * len(data)):
                        raise _too_large("文件解压后过大")
                    chunks.append(chunk)
            parts[name] = b"".join(chunks)
    return parts


def _check_word(parts: Mapping[str, bytes]) -> None:
    """Refuse another kind of package.

    Raises: NotAccepted.
    """
    types = parts.get(TYPES, b"")
    if b"macroEnabled" in types:
        raise _active("宏（.docm）", "macros (.docm)")
    is_word = any(name.startswith("word/") for name in parts)
    for folder, zh in (("xl/", "电子表格"), ("ppt/", "演示文稿")):
        if not is_word and any(name.startswith(folder) for name in parts):
            raise NotAccepted(
                f"这是{zh}，不是 Word 文档。请上传 .docx 格式的合同文本。", "This is not a Word file."
            )
    if "mimetype" in parts and "content.xml" in parts:
        raise NotAccepted(
            f"这是 OpenDocument（.odt）文件。{_AGAIN}", "This is an OpenDocument file; save it as .docx."
        )
    if not types or not is_word:
        raise _no_text()


def _main_part(parts: Mapping[str, bytes]) -> str:
    """Return the name of the text's part: the one that the package names, of the type of a plain text.

    Raises: NotAccepted.
    """
    named = [
        target for kind, target, _ in _relations(parts.get(ROOT, b"<none/>")) if kind == "officeDocument"
    ]
    main = posixpath.normpath(named[0].lstrip("/")) if len(named) == 1 else ""
    if main not in parts or not main.endswith(".xml"):
        raise _no_text()
    if not _type_of(main, parts[TYPES]).endswith(PLAIN):
        raise NotAccepted(
            f"该文件不是普通的 Word 文档，可能是模板。{_AGAIN}", "This is no plain .docx, perhaps a template."
        )
    return main


def _no_text() -> NotAccepted:
    return NotAccepted(f"压缩包内没有 Word 文档的正文。{_AGAIN}", "The package has no Word text in it.")


def _type_of(name: str, types: bytes) -> str:
    """Return the type that a package declares of a part, by its name or else by its ending."""
    found: dict[str, str] = {}

    def start(_name: str, told: dict[str, str]) -> None:
        key = told.get("PartName", "").lstrip("/") or "." + told.get("Extension", "")
        found[key.lower()] = told.get("ContentType", "")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(types, True)
    return found.get(name.lower(), found.get(PurePosixPath(name.lower()).suffix, ""))


def _check_active(parts: Mapping[str, bytes]) -> None:
    for name, content in parts.items():
        if is_runnable(name.removesuffix(".svg"), content):  # Word keeps its icons as SVG beside a picture.
            raise _active(f"程序或脚本（{name}）", f"a program or script ({name})")
        for sign, zh, en in _ACTIVE:
            if sign in name.lower():
                raise _active(zh, en)


def _active(zh: str, en: str) -> NotAccepted:
    return NotAccepted(
        f"文件含有{zh}，为安全起见不予读取。请对方删去后另存为 .docx 再发来。", f"The file contains {en}."
    )


def check_xml(name: str, content: bytes) -> None:
    """Refuse XML that is broken, that declares a document type or entities, or is nested without end.

    Raises: NotAccepted.
    """
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> None:
        raise NotAccepted(
            f"文件部件“{name}”含有文档类型或者实体声明（DTD），为安全起见不予读取。",
            "The XML declares a document type.",
        )

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _too_large(f"文件部件“{name}”嵌套过深")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, NotAccepted):
            raise
        raise _damaged(name) from error


def _outside(parts: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Return what points outside the file and was not followed.

    Raises: NotAccepted for what would bring in foreign content.
    """
    remarks: dict[tuple[str, str], None] = {}
    for name, content in parts.items():
        if not name.endswith(RELATIONS):
            continue
        for kind, target, is_outside in _relations(content):
            if kind in _REFUSED_RELATIONS:
                raise _active(*_REFUSED_RELATIONS[kind])
            if not is_outside:
                continue
            if kind == "attachedTemplate" and target.lower().startswith(
                ("http", "ftp", "\\\\", "//", "file://///")
            ):
                raise NotAccepted(
                    f"文件引用了网络上的模板（{_short(target)}），为安全起见不予读取。请对方改用普通模板后另存再发来。",
                    "The file refers to a remote template.",
                )
            zh, en = _IGNORED_OUTSIDE.get(kind, ("外部内容", "outside content"))
            remarks[(f"未读取{zh}：{_short(target)}", f"Not followed, {en}: {_short(target)}")] = None
    return tuple(remarks)


def _relations(content: bytes) -> list[tuple[str, str, bool]]:
    """Return the relations of a part: kind, target, and whether that lies outside the file."""
    found: list[tuple[str, str, bool]] = []

    def start(_name: str, told: dict[str, str]) -> None:
        if "Target" in told:
            kind = posixpath.basename(told.get("Type", ""))
            found.append((kind, told["Target"], told.get("TargetMode", "").lower() == "external"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return found


def _short(target: str) -> str:
    return target if len(target) <= 80 else target[:77] + "…"


def _damaged(name: str = "") -> NotAccepted:
    where = f"文件部件“{name}”" if name else "文件"
    return NotAccepted(f"{where}已损坏，无法读取。{_AGAIN}", "The file is damaged.")


def _too_large(what: str) -> NotAccepted:
    return NotAccepted(
        f"{what}，为安全起见不予读取。请删去文件中与合同文本无关的内容后再上传。",
        "The file is too large to read.",
    )
