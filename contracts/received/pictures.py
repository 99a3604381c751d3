"""Scans as pictures: their dimensions are read from the header, and only what is of a sane size is looked at further."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from contracts.received.refusal import NotAccepted

# An A3 sheet at 600 dots per inch has 70 million.
MOST_PIXELS = 100_000_000
LONGEST_SIDE = 30_000
MOST_SHEETS = 500
_READERS: tuple[tuple[bytes, Callable[[BytesIO], ImageFile]], ...] = (
    (b"\x89PNG\r\n\x1a\n", PngImageFile),
    (b"\xff\xd8\xff", JpegImageFile),
    (b"II*\x00", TiffImageFile),
    (b"MM\x00*", TiffImageFile),
)


def check_png(data: bytes) -> None:
    """Check a PNG: its size, then the checksums of its parts.

    Raises: NotAccepted.
    """
    _looked_at(data, PngImageFile, lambda image: image.verify())


def check_jpeg(data: bytes) -> None:
    """Check a JPEG: its size, and that it goes on to its end.

    The end is looked for in the bytes, because WeasyPrint tells Pillow for the whole process to accept cut pictures.

    Raises: NotAccepted.
    """

    def reaches_its_end(_image: Any) -> None:
        if data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
            raise ValueError("the picture ends before its end mark")

    _looked_at(data, JpegImageFile, reaches_its_end)


def check_tiff(data: bytes) -> None:
    """Check the size of each sheet of a TIFF.

    Raises: NotAccepted.
    """

    def leaf(image: Any) -> None:
        sheets = image.n_frames
        if sheets > MOST_SHEETS:
            raise NotAccepted(
                f"TIFF有{sheets}页，超过{MOST_SHEETS}页，请拆分后上传",
                f"the TIFF has {sheets} sheets, more than {MOST_SHEETS}",
            )
        for number in range(sheets):
            image.seek(number)
            _check_size(*image.size)

    _looked_at(data, TiffImageFile, leaf)


def check_measures(data: bytes) -> None:
    """Check the size of a picture inside another file, if it is one of these formats and its header can be read.

    Raises: NotAccepted.
    """
    reader = next((reader for start, reader in _READERS if data.startswith(start)), None)
    if reader is None:
        return
    try:
        with reader(BytesIO(data)) as image:
            size = image.size
    except Exception:  # Damaged pictures raise whatever the reader trips over; a file is not refused for one.
        return
    _check_size(*size)


def _looked_at(data: bytes, reader: Callable[[BytesIO], ImageFile], look: Callable[[Any], None]) -> None:
    """Read the header with the reader of one format (no guessing among formats), then look further.

    Source: Pillow documentation, ImageFile: opening reads the header only.
    """
    try:
        with reader(BytesIO(data)) as image:
            _check_size(*image.size)
            look(image)
    except NotAccepted:
        raise
    except Exception as error:  # Damaged pictures raise whatever the reader trips over.
        raise NotAccepted(
            "图片已损坏，无法读取，请重新扫描后上传", f"the picture is damaged: {error}"
        ) from error


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise NotAccepted(
            f"图片尺寸为{width}×{height}像素，超过允许的上限（总像素1亿、单边{LONGEST_SIDE}）。"
            "请降低分辨率（300 dpi即可）后上传",
            f"the picture measures {width} × {height} pixels, which is more than is accepted",
        )
