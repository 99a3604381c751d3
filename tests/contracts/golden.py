"""Compares text with the files in `golden/`; PANHUO_UPDATE_GOLDEN=1 writes them instead."""

import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "golden"


def matches_golden(name: str, text: str) -> bool:
    """Say whether the text equals the golden file, or write the file if asked to."""
    path = FOLDER / name
    if os.environ.get("PANHUO_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
        return True
    assert text == path.read_text(encoding="utf-8")
    return True
