"""Lists that come in through the API: copied while they are counted, with the columns that were chosen."""

from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import orjson

from cases.errors import Invalid
from desk.api.problems import TooLarge
from desk.api.routes import MAX_UPLOAD

CHUNK = 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kept_upload(source: BinaryIO, path: Path) -> tuple[Path, str]:
    """Copy an upload and return where it is, with its SHA-256.

    Raises: TooLarge.
    """
    digest, size = sha256(), 0
    with path.open("wb") as target:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > MAX_UPLOAD:
                raise TooLarge(MAX_UPLOAD)
            digest.update(chunk)
            target.write(chunk)
    return path, digest.hexdigest()


def mapping_of(text: str) -> dict[str, str] | None:
    """Read the chosen columns.

    Raises: Invalid.
    """
    if not text.strip():
        return None
    try:
        found = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        found = None
    is_texts = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    if not is_texts or "\x00" in text or "\\u0000" in text:
        reason = '须为JSON对象，例如 {"title": "专利名称"}'
        raise Invalid(f"指定列的内容有误：{reason}", {"mapping": reason}, "mapping is a JSON object of texts")
    return dict(found)
