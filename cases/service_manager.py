"""Tells systemd that a service is ready and alive (sd_notify); nobody is told where there is no systemd."""

import asyncio
import os
import socket
from contextlib import suppress

READY = "READY=1"
ALIVE = "WATCHDOG=1"
TELL_SECONDS = 5.0
STOPPING = "STOPPING=1"


def notify(*told: str) -> None:
    """Send lines to the service manager that started this process."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.sendall("\n".join(told).encode())


async def keep_telling() -> None:
    """Say every few seconds that the event loop turns, also while the database is away: that is no reason to be killed."""
    while True:
        notify(READY, ALIVE)
        await asyncio.sleep(TELL_SECONDS)
