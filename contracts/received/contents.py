"""What a file is by its content: PDF, picture or Word file; anything else is not accepted, whatever its name says.

In: bytes and the name they came under. Out: the media type, after the check of its kind. Nothing is run, fetched
or laid out; pictures are not decoded before their size is known.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from contracts.received.pdfs import check_pdf
from contracts.received.pictures import check_jpeg, check_png, check_tiff
from contracts.received.refusal import NotAccepted
from contracts.received.word_files import check_docx

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SCANS = (PDF, PNG, JPEG, TIFF)
LONGEST_NAME = 120
UNNAMED = "未命名"
_FORBIDDEN_IN_NAMES = frozenset('<>:"|?*/\\')


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be accepted: its name for people, its endings, how its bytes begin, and its check."""

    name: str
    endings: tuple[str, ...]
    beginnings: tuple[bytes, ...]
    check: Callable[[bytes], None]


FORMATS: Mapping[str, Format] = {
    PDF: Format("PDF", (".pdf",), (b"%PDF-",), check_pdf),
    PNG: Format("PNG", (".png",), (b"\x89PNG\r\n\x1a\n",), check_png),
    JPEG: Format("JPEG", (".jpg", ".jpeg"), (b"\xff\xd8\xff",), check_jpeg),
    TIFF: Format("TIFF", (".tif", ".tiff"), (b"II*\x00", b"MM\x00*"), check_tiff),
    DOCX: Format("Word（.docx）", (".docx",), (b"PK\x03\x04",), check_docx),
}
# What else a file may turn out to be, so that a refusal can say it.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"MZ", "Windows可执行程序", "a Windows program"),
    (b"\x7fELF", "可执行程序", "a program"),
    (b"#!", "脚本", "a script"),
    (
        b"\xd0\xcf\x11\xe0",
        "旧版Office文档（.doc、.xls）或加密的Office文档",
        "an old or encrypted Office file",
    ),
    (b"{\\rtf", "RTF文档", "an RTF document"),
    (b"Rar!", "RAR压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z压缩包", "a 7z archive"),
    (b"GIF8", "GIF图片", "a GIF picture"),
    (b"BM", "BMP图片", "a BMP picture"),
    (b"PK\x03\x04", "压缩包或其他Office文档", "a zip archive or another Office file"),
)
_MARKUP = ((b"<svg", "SVG图形", "an SVG drawing"), (b"<", "网页或XML文本", "a web page or XML"))


def check_contents(data: bytes, filename: str, accepted: Collection[str]) -> str:
    """Return the media type of a file that may be kept.

    The type is read from the bytes; the ending of the name must go with it.

    Raises: NotAccepted.
    """
    if not data:
        raise NotAccepted("文件是空的，请检查后重新上传", "the file is empty")
    wanted = "、".join(FORMATS[media_type].name for media_type in accepted)
    media_type = _sniffed(data)
    if media_type is None or media_type not in accepted:
        what_zh, what_en = _named(data, media_type)
        raise NotAccepted(
            f"该文件的内容是{what_zh}，此处只接受{wanted}。请转换后重新上传",
            f"the content is {what_en}; accepted are {wanted}",
        )
    ending = PurePosixPath(filename.lower()).suffix
    found = FORMATS[media_type]
    if ending not in found.endings:
        shown = ending or "（没有扩展名）"
        raise NotAccepted(
            f"文件名的扩展名“{shown}”与内容不符：内容是{found.name}。请核对是否传错了文件，或改正扩展名后重新上传",
            f"the ending '{ending}' does not go with the content, which is {found.name}",
        )
    found.check(data)
    return media_type


def clean_filename(filename: str) -> str:
    """Return a file's own name: no folders, no control or direction marks, not too long, never empty."""
    own = filename.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in own if char.isprintable() and char not in _FORBIDDEN_IN_NAMES)
    name = " ".join(kept.split()).rstrip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME] or UNNAMED
    return f"{stem.strip(' .')[: max(LONGEST_NAME - len(ending) - 1, 0)] or UNNAMED}.{ending}"[:LONGEST_NAME]


def _sniffed(data: bytes) -> str | None:
    for media_type, known in FORMATS.items():
        if data.startswith(known.beginnings):
            return media_type
    return None


def _named(data: bytes, media_type: str | None) -> tuple[str, str]:
    if media_type is not None and media_type != DOCX:
        return FORMATS[media_type].name, FORMATS[media_type].name
    for beginning, zh, en in _OTHERS:
        if data.startswith(beginning):
            return zh, en
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for part, zh, en in _MARKUP:
        if part in head if part == b"<svg" else head.startswith(part):
            return zh, en
    return "无法识别的格式", "of an unknown format"
