"""Names of processes, by which one that works on something for long says who it is."""

import os
import socket
from pathlib import Path


def this_process() -> str:
    """Return a name of this process that no other bears, also not a later one with its number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(holder: str) -> bool:
    """Say whether a process of this machine has ended; of others nothing is known."""
    host, _, rest = holder.partition(":")
    number, _, started = rest.partition(":")
    return host == socket.gethostname() and number.isdecimal() and _started(int(number)) != started


def _started(pid: int) -> str:
    """Return when a process was started, as the kernel counts; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
