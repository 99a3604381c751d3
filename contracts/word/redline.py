"""Two versions as one Word file with tracked changes, made by Docxodus in a process of its own, with a time limit.

Docxodus (MIT) comes with python-redlines as one program; nothing is fetched and no .NET is needed. Files from outside
are checked by `received.word_files` before they get here, and lose what points outside the file.
"""

import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from python_redlines import DocxodusEngine

from contracts.received.word_files import RELATIONS, open_package
from contracts.word.package import zipped

SECONDS = 60


class NoRedline(RuntimeError):
    """The two versions could not be put together. The Chinese text says what to do."""


def redline(old: bytes, new: bytes, author: str, on: date, tools: Path) -> bytes:
    """Return the second version with what differs from the first one as tracked changes.

    `tools` is the folder into which the program is unpacked once.

    Raises: NotAccepted for a file that may not be read, NoRedline.
    """
    program = DocxodusEngine(target_path=str(tools)).extracted_binaries_path
    stamp = datetime(on.year, on.month, on.day, tzinfo=UTC).isoformat()
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("old.docx", "new.docx", "made.docx")]
        for path, data in zip(paths, (old, new), strict=False):
            path.write_bytes(_inward(data))
        command = [program, *map(str, paths), f"--author={author or 'Panhuo'}", f"--date-time={stamp}"]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS, cwd=folder)  # noqa: S603
            return paths[2].read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise NoRedline("未能生成修订对照稿，请改用页面上的逐条比对。") from error


def _inward(data: bytes) -> bytes:
    """Return a file without what points outside it."""
    parts = open_package(data).parts
    return zipped({name: _within(part) if name.endswith(RELATIONS) else part for name, part in parts.items()})


def _within(relations: bytes) -> bytes:
    """Return the relations that stay inside the file."""
    root = ET.fromstring(relations)  # noqa: S314 - `received.word_files` has refused entities and doctypes.
    for one in list(root):
        if one.get("TargetMode", "").lower() == "external":
            root.remove(one)
    return bytes(ET.tostring(root, xml_declaration=True, encoding="UTF-8"))
