"""How the installation is watched and kept: where backups go, who may read the metrics, how logs are written."""

import os
from dataclasses import dataclass, field
from pathlib import Path

FORMATS = ("auto", "json", "text")


@dataclass(frozen=True, slots=True)
class Watching:
    """Settings of an administrator who watches over the installation.

    `backups` is the folder of backups; `keep` how many are kept there (0: all). `metrics_token` opens `/metrics` to a
    Prometheus elsewhere. `log_format` is JSON lines or text, `auto` being text on a terminal; a file of logs is
    put aside when it has `log_mb` megabytes.
    """

    backups: Path
    keep: int = 0
    metrics_token: str = field(default="", repr=False)
    log_format: str = "auto"
    log_mb: int = 20


def watching_of(home: Path, metrics_token: str) -> Watching:
    """Read the settings.

    Raises: ValueError naming the variable whose value is not usable.
    """
    backups = os.environ.get("PANHUO_BACKUPS", "") or str(home / "backups")
    if not Path(backups).is_absolute():
        raise ValueError(f"PANHUO_BACKUPS 应为绝对路径，不能是 {backups!r}")
    if 0 < len(metrics_token) < 16:
        raise ValueError("PANHUO_METRICS_TOKEN 至少16个字符")
    shape = os.environ.get("PANHUO_LOG_FORMAT", "") or "auto"
    if shape not in FORMATS:
        raise ValueError(f"PANHUO_LOG_FORMAT 应为 {'、'.join(FORMATS)} 之一，不能是 {shape!r}")
    numbers = {name: os.environ.get(name, "") for name in ("PANHUO_BACKUP_KEEP", "PANHUO_LOG_MB")}
    for name, value in numbers.items():
        if value and not value.isdecimal():
            raise ValueError(f"{name} must be a number, not {value!r}")
    return Watching(
        Path(backups), int(numbers["PANHUO_BACKUP_KEEP"] or 0), metrics_token, shape,
        max(1, int(numbers["PANHUO_LOG_MB"] or 20)),
    )  # fmt: skip
