"""PDFs from outside: opened, walked through, and refused if encrypted, active, or carrying programs."""

import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf.settings import set_qpdf_limits

from contracts.received.refusal import NotAccepted
from contracts.received.runnable import is_runnable

MOST_INFLATED = (
    64 << 20
)  # Bytes of one stream; lists and bundles of objects take far less, pictures are not inflated.
MOST_FILTERS = 4
# For the whole process, and therefore when this module is loaded, before any thread opens a file.
# Source: pikepdf documentation, pikepdf.settings.set_qpdf_limits
set_qpdf_limits(
    flate_max_memory=MOST_INFLATED, run_length_max_memory=MOST_INFLATED, png_max_memory=MOST_INFLATED,
    tiff_max_memory=MOST_INFLATED, dct_max_memory=MOST_INFLATED, max_stream_filters=MOST_FILTERS,
)  # fmt: skip
MOST_OBJECTS = 200_000
DEEPEST = 40
# What an action may not be, as the reader of the file would carry it out.
ACTIONS: Mapping[str, tuple[str, str]] = {
    "/JavaScript": ("JavaScript脚本", "JavaScript"),
    "/Launch": ("启动外部程序的动作", "an action that starts a program"),
    "/ImportData": ("导入外部数据的动作", "an action that imports data"),
    "/SubmitForm": ("向外提交表单的动作", "an action that sends the form away"),
    "/Rendition": ("播放多媒体的动作", "an action that plays media"),
}
KEYS: Mapping[str, tuple[str, str]] = {
    "/JS": ACTIONS["/JavaScript"],
    "/XFA": ("动态表单（XFA）", "an XFA form"),
    "/RichMediaContent": ("富媒体内容", "rich media"),
}


def check_pdf(data: bytes) -> None:
    """Check a PDF before it is kept.

    Raises: NotAccepted.
    """
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            _check_pages(pdf)
            for found in _dictionaries(pdf):
                _check_dictionary(found)
            _check_limits(pdf)
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError) as error:
        if isinstance(error, NotAccepted):
            raise
        raise NotAccepted(
            "PDF已损坏，无法读取，请重新导出或扫描后上传", f"the PDF is damaged: {error}"
        ) from error


def _encrypted() -> NotAccepted:
    return NotAccepted(
        "PDF已加密，无法核对内容，请解除加密后上传", "the PDF is encrypted; remove the password first"
    )


def _check_pages(pdf: pikepdf.Pdf) -> None:
    if len(pdf.pages) == 0:
        raise NotAccepted("PDF没有任何页面", "the PDF has no page")
    if len(pdf.objects) > MOST_OBJECTS:
        raise NotAccepted("PDF结构过于复杂，请重新打印成PDF后上传", "the PDF has too many objects")


def _check_limits(pdf: pikepdf.Pdf) -> None:
    """Refuse a file parts of which were passed over because they inflate without end; qpdf only warns of them."""
    if any("memory limit exceeded" in warning or "unfilterable" in warning for warning in pdf.get_warnings()):
        raise NotAccepted(
            "PDF解压后过大，为安全起见不予接收。请重新打印成PDF后上传", "the PDF is too large when unpacked"
        )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every dictionary of the file, also those that stand inside others; indirect ones come by themselves."""
    for item in pdf.objects:
        yield from _inside(item, 0)


def _inside(item: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise NotAccepted("PDF结构嵌套过深，请重新打印成PDF后上传", "the PDF is nested too deeply")
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield item
        inner = [value for _, value in item.items()]
    elif isinstance(item, pikepdf.Array):
        inner = list(item)
    else:
        return
    for value in inner:
        if not (isinstance(value, pikepdf.Object) and value.is_indirect):
            yield from _inside(value, depth + 1)


def _check_dictionary(found: Any) -> None:
    action = found.get("/S")
    named = ACTIONS.get(str(action)) if isinstance(action, pikepdf.Name) else None
    named = named or next((KEYS[key] for key in KEYS if key in found), None)
    if named is not None:
        zh, en = named
        raise NotAccepted(
            f"PDF中含有{zh}，为安全起见不予接收。请重新打印成普通PDF后上传", f"the PDF contains {en}"
        )
    if "/EF" in found:
        _check_embedded(found)


def _check_embedded(spec: Any) -> None:
    """Refuse programs among the attachments, by their name and by how they begin."""
    name = str(spec.get("/UF", spec.get("/F", "")))
    streams = [stream for _, stream in spec.EF.items() if isinstance(stream, pikepdf.Stream)]
    if is_runnable(name, b"") or any(is_runnable("", _beginning(stream)) for stream in streams):
        raise NotAccepted(
            f"PDF内嵌的附件“{name}”是可执行程序或脚本，不予接收", f"the attachment '{name}' is a program"
        )


def _beginning(stream: Any) -> bytes:
    raw: bytes = stream.read_raw_bytes()
    if stream.get("/Filter") != "/FlateDecode":
        return raw[:16]
    try:
        return zlib.decompressobj().decompress(raw, 16)
    except zlib.error:
        return b""
