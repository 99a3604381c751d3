"""Makes sure that a Word file from outside can be read safely, before anything of it is read.

The zip's directory only claims sizes, so every part is really inflated while its bytes are counted. Macros, embedded
programs and entities are refused; what points outside the file is never followed, and is named.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

MOST_PACKED = 50 << 20
MOST_BYTES = 256 << 20
MOST_RATIO = 200
RATIO_FROM = 16 << 20
MOST_PARTS = 2_000
DEEPEST = 200
CHUNK = 1 << 20
RELATIONS = ".rels"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN = "请用 Word 或 WPS 打开，另存为 .docx 后再上传。"


class DocxRefused(ValueError):
    """A Word file that is not read. The Chinese text says why and what to do."""

    def __init__(self, message: str, message_en: str) -> None:
        self.message, self.message_en = message, message_en
        super().__init__(message)


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
    ("afchunk", "并入的外来文档", "imported foreign documents"),
)
# Relations by the end of their type that bring in what is not the text; the rest may point outside and is not followed.
_REFUSED_OUTSIDE = {
    "oleObject": ("链接的对象（OLE）", "a linked object (OLE)"),
    "package": ("链接的文件", "a linked file"),
    "subDocument": ("外部子文档", "an outside subdocument"),
    "aFChunk": ("并入的外来文档", "an imported foreign document"),
    "frame": ("外部框架页", "an outside frame"),
}
_IGNORED_OUTSIDE = {
    "attachedTemplate": ("模板", "template"),
    "image": ("链接的图片", "linked picture"),
    "hyperlink": ("超链接", "hyperlink"),
}


def open_package(data: bytes) -> Package:
    """Return the parts of a Word file after checking all of them.

    Raises: DocxRefused.
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
        raise DocxRefused(
            "文件压缩包设有密码，无法读取。请取消密码后再上传。", "The package is encrypted."
        ) from error
    main = _main_part(parts)
    _check_active(parts)
    for name, content in parts.items():
        if name.endswith((".xml", RELATIONS)):
            check_xml(name, content)
    return Package(parts, main, _outside(parts))


def _check_kind(data: bytes) -> None:
    if not data:
        raise DocxRefused("文件是空的，请重新选择文件。", "The file is empty.")
    if len(data) > MOST_PACKED:
        raise _too_large(f"文件超过 {MOST_PACKED >> 20} MB")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise DocxRefused(
                "文件设有打开密码，无法读取。请在 Word 中取消密码，另存后再上传。",
                "The file is protected by a password.",
            )
        raise DocxRefused(
            f"这是旧格式的 .doc 文件（或者改了扩展名）。{_AGAIN}",
            "This is an old .doc file; save it as .docx.",
        )
    if data.startswith(b"PK"):
        return
    for start, zh, en in _OTHERS:
        if data.lstrip()[:8].startswith(start):
            raise DocxRefused(f"这是{zh}文件，不是 .docx 文件。{_AGAIN}", f"This is {en}, not a .docx file.")
    raise DocxRefused(f"这不是 .docx 文件。{_AGAIN}", "This is not a .docx file.")


def _inflated(data: bytes) -> dict[str, bytes]:
    """Return every part, inflated under a budget."""
    parts: dict[str, bytes] = {}
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.infolist()
        if len(listed) > MOST_PARTS:
            raise _too_large(f"文件内有 {len(listed)} 个部件")
        for info in listed:
            name = info.filename.lstrip("/")
            if name in parts or ".." in name.split("/") or "\\" in name:
                raise DocxRefused(
                    "文件内部的部件名称重复或者不合规范，可能被人为改动，不予读取。请对方重新另存后发来。",
                    "The package has doubled or unsafe part names.",
                )
            chunks: list[bytes] = []
            with archive.open(info) as file:
                while chunk := file.read(CHUNK):
                    total += len(chunk)
                    if total > MOST_BYTES or (total > RATIO_FROM and total > MOST_RATIO * len(data)):
                        raise _too_large("文件解压后过大")
                    chunks.append(chunk)
            parts[name] = b"".join(chunks)
    return parts


def _main_part(parts: Mapping[str, bytes]) -> str:
    """Return the name of the text's part.

    Raises: DocxRefused for another kind of package.
    """
    types = parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types:
        raise _active("宏（.docm）", "macros (.docm)")
    for folder, zh in (("xl/", "电子表格"), ("ppt/", "演示文稿")):
        if any(name.startswith(folder) for name in parts) and "word/document.xml" not in parts:
            raise DocxRefused(
                f"这是{zh}，不是 Word 文档。请上传 .docx 格式的合同文本。", "This is not a Word file."
            )
    if "mimetype" in parts and "content.xml" in parts:
        raise DocxRefused(
            f"这是 OpenDocument（.odt）文件。{_AGAIN}", "This is an OpenDocument file; save it as .docx."
        )
    if not types or "word/document.xml" not in parts:
        raise DocxRefused(f"压缩包内没有 Word 文档的正文。{_AGAIN}", "The package has no Word text in it.")
    return "word/document.xml"


def _check_active(parts: Mapping[str, bytes]) -> None:
    for name in parts:
        for sign, zh, en in _ACTIVE:
            if sign in name.lower():
                raise _active(zh, en)


def _active(zh: str, en: str) -> DocxRefused:
    return DocxRefused(
        f"文件含有{zh}，为安全起见不予读取。请对方删去后另存为 .docx 再发来。", f"The file contains {en}."
    )


def check_xml(name: str, content: bytes) -> None:
    """Refuse XML that is broken, that declares a document type or entities, or is nested without end.

    Raises: DocxRefused.
    """
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> None:
        raise DocxRefused(
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
        if isinstance(error, DocxRefused):
            raise
        raise _damaged(name) from error


def _outside(parts: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Return what points outside the file and was not followed.

    Raises: DocxRefused for what would bring in foreign content.
    """
    remarks: dict[tuple[str, str], None] = {}
    for name, content in parts.items():
        if not name.endswith(RELATIONS):
            continue
        for kind, target in _external(content):
            if kind in _REFUSED_OUTSIDE:
                raise _active(*_REFUSED_OUTSIDE[kind])
            if kind == "attachedTemplate" and target.lower().startswith(
                ("http", "ftp", "\\\\", "//", "file://///")
            ):
                raise DocxRefused(
                    f"文件引用了网络上的模板（{_short(target)}），为安全起见不予读取。请对方改用普通模板后另存再发来。",
                    "The file refers to a remote template.",
                )
            zh, en = _IGNORED_OUTSIDE.get(kind, ("外部内容", "outside content"))
            remarks[(f"未读取{zh}：{_short(target)}", f"Not followed, {en}: {_short(target)}")] = None
    return tuple(remarks)


def _external(content: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            found.append((posixpath.basename(attributes.get("Type", "")), attributes.get("Target", "")))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return found


def _short(target: str) -> str:
    return target if len(target) <= 80 else target[:77] + "…"


def _damaged(name: str = "") -> DocxRefused:
    where = f"文件部件“{name}”" if name else "文件"
    return DocxRefused(f"{where}已损坏，无法读取。{_AGAIN}", "The file is damaged.")


def _too_large(what: str) -> DocxRefused:
    return DocxRefused(
        f"{what}，为安全起见不予读取。请删去文件中与合同文本无关的内容后再上传。",
        "The file is too large to read.",
    )
