"""Word files from outside: the package must be a plain .docx, without macros and embedded programs, of a sane size."""

import zipfile
import zlib
from io import BytesIO

from contracts.received.refusal import NotAccepted

MAIN = b"wordprocessingml.document.main+xml"
TYPES, BODY = "[Content_Types].xml", "word/document.xml"
MOST_PARTS = 3_000
MOST_BYTES = 200 << 20
CHUNK = 1 << 20
_ACTIVE = ("vbaproject", "vbadata", "activex", "oleobject", "/embeddings/", "/customui/", "attachedtoolbars")


def check_docx(data: bytes) -> None:
    """Check the package of a Word file; its text is not read here.

    Raises: NotAccepted.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_package(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotAccepted(
            "Word文件已损坏，无法读取，请另存为.docx后上传", f"the Word file is damaged: {error}"
        ) from error


def _check_package(package: zipfile.ZipFile) -> None:
    names = [part.filename for part in package.infolist()]
    if len(names) > MOST_PARTS:
        raise _too_large()
    if TYPES not in names or BODY not in names:
        raise NotAccepted(
            "该文件不是Word文档（.docx），而是其他压缩包或Office文档",
            "this is no Word file but another package",
        )
    active = next((name for name in names if any(part in name.lower() for part in _ACTIVE)), None)
    if active is not None:
        raise NotAccepted(
            f"Word文件中含有宏、控件或内嵌对象（{active}），请去除后另存为.docx再上传",
            f"the Word file contains macros, controls or embedded objects ({active})",
        )
    _check_bytes(package)
    if MAIN not in package.read(TYPES):
        raise NotAccepted(
            "该文件不是普通的Word文档（.docx），可能是模板或启用宏的文档，请另存为.docx后上传",
            "this is no plain .docx, perhaps a template or a macro-enabled document",
        )


def _check_bytes(package: zipfile.ZipFile) -> None:
    """Inflate every part and count: the sizes that the directory names are only claims."""
    total = 0
    for part in package.infolist():
        with package.open(part) as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > MOST_BYTES:
                    raise _too_large()


def _too_large() -> NotAccepted:
    return NotAccepted("Word文件解压后过大，为安全起见不予接收", "the Word file is too large when unpacked")
