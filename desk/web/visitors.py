"""How often somebody who has not signed in may ask, by network address: counted in memory, for a minute at a time."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from fastapi import HTTPException

PER_MINUTE = 30
MOST_ADDRESSES = 10_000


@dataclass
class Visitors:
    """Counts the questions of each address within the present minute."""

    limit: int = PER_MINUTE
    _minute: int = 0
    _asked: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, address: str, now: datetime) -> None:
        """Count one question.

        Raises: HTTPException 429 once there were too many, of this address or of all together.
        """
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute, self._asked = minute, {}
            asked = self._asked.get(address, 0) + 1
            if asked > self.limit or (asked == 1 and len(self._asked) >= MOST_ADDRESSES):
                raise HTTPException(429, "too many questions")
            self._asked[address] = asked
