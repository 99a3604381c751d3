"""What the background processes say of themselves, in small files under `<home>/run/`."""

import json
from datetime import datetime
from pathlib import Path

from cases.settings import Settings


def write_status(settings: Settings, process: str, state: str, now: datetime) -> None:
    """Say how a process is doing; written whole or not at all."""
    target = _path(settings, process)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps({"state": state, "at": now.isoformat()}))
    draft.replace(target)


def read_status(settings: Settings, process: str) -> dict[str, str]:
    """Return what a process last said: `state` and `at`; 'unknown' if it never spoke."""
    try:
        said = json.loads(_path(settings, process).read_text())
    except (OSError, ValueError):
        return {"state": "unknown", "at": ""}
    return {"state": str(said.get("state", "unknown")), "at": str(said.get("at", ""))}


def _path(settings: Settings, process: str) -> Path:
    return settings.home / "run" / f"{process}.json"
