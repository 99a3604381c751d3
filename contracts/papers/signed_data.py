"""The data that travels inside a contract's PDF, read back.

In: the bytes of a PDF. Out: the facts of `panhuo.json`, or nothing for a file that carries none, a scan for instance.
"""

import io
import json
from collections.abc import Mapping
from typing import Any

import pikepdf

from contracts.attachment import NAME

_LARGEST = 16 * 1024**2


def signed_data(data: bytes) -> Mapping[str, Any]:
    """Return what a contract's PDF tells of itself; empty for a file that is none or carries nothing."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if NAME not in pdf.attachments:
                return {}
            told = pdf.attachments[NAME].get_file().read_bytes()
        found = json.loads(told) if len(told) <= _LARGEST else {}
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return {}
    return found if isinstance(found, dict) else {}
