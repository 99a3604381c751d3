"""Names of processes, by which one that works on something for long says who it is."""

import os
import socket
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path


def this_process(pid: int | None = None) -> str:
    """Return a name of this process, or of a child, that no other bears, also not a later one with its number."""
    number = pid or os.getpid()
    return f"{_machine()}:{number}:{_started(number)}"


def is_here(holder: str) -> bool:
    """Say whether a process is, or was, one of this machine."""
    return holder.partition(":")[0] == _machine()


def is_gone(holder: str) -> bool:
    """Say whether a process of this machine has ended; of others nothing is known."""
    machine, _, rest = holder.partition(":")
    number, _, started = rest.partition(":")
    return machine == _machine() and number.isdecimal() and _started(int(number)) != started


@cache
def _machine() -> str:
    """Name the place where process numbers are counted: two machines, or two containers, may bear the same host name."""
    counted = [_told("/proc/sys/kernel/random/boot_id")]
    with suppress(OSError):
        counted.append(str(Path("/proc/self/ns/pid").readlink()))
    return f"{socket.gethostname()}~{sha256('|'.join(counted).encode()).hexdigest()[:8]}"


def _told(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Return when a process was started, as the kernel counts; empty if there is none."""
    fields = _told(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""
