"""One process that will not run keeps no other one waiting, and nothing ends the care for them."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cases.settings import Settings
from desk.supervising import Child, Supervisor

SECONDS = 10.0


class Nursery(Supervisor):
    """Children that do nothing: one ends at once, one cannot be started at first, one stays."""

    refusals = 2

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        if child.name == "refused" and self.refusals:
            self.refusals -= 1
            raise OSError(28, "No space left on device")
        stays = "import time; time.sleep(60)" if child.name != "short" else ""
        return subprocess.Popen([sys.executable, "-S", "-c", stays])


async def until(found: Callable[[], bool]) -> bool:
    end = asyncio.get_running_loop().time() + SECONDS
    while not (answer := found()) and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.05)
    return answer


def test_a_child_is_started_again_while_another_one_pauses(tmp_path: Path) -> None:
    async def look() -> bool:
        nursery = Nursery(Settings(home=tmp_path, database_url=""), ("short", "refused", "long"))
        nursery.children[0].failures = 9  # the longest pause is next
        keeping = asyncio.create_task(nursery.keep_alive())
        try:
            assert await until(lambda: bool(nursery.pid("long") and nursery.pid("refused")))
            process = nursery.children[2].process
            assert process is not None
            process.kill()
            return await until(lambda: nursery.pid("long") not in (0, process.pid))
        finally:
            keeping.cancel()
            await nursery.stop()

    assert asyncio.run(look())
