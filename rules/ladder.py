"""The ladder of reminders of one deadline: which rungs a day has reached, and when the next one comes.

In: days before and after the due date. Out: rungs and dates. A rung is a distance to the due date: 30 is "30 days
before", 0 the day itself, -7 "7 days overdue"; the smaller, the tighter.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a deadline: `before` are days before the due date, falling, `after` days after it, rising.

    With `every`, an overdue deadline comes again each so many days after the last rung of `after`.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    every: int = 0

    def reached(self, days_left: int) -> tuple[int, ...]:
        """Return the rungs that are reached so many days before the due date, the widest first, the tightest last."""
        ahead = tuple(rung for rung in self.before if rung >= days_left)
        return (*ahead, *(-rung for rung in self.after if rung <= -days_left), *self._again(-days_left))

    def next_after(self, due: date, on: date) -> date | None:
        """Return the first day after a day on which a further rung is reached; None if there is no further one."""
        days_left = (due - on).days
        further = [rung for rung in (*self.before, *(-rung for rung in self.after)) if rung < days_left]
        if further:
            return due - timedelta(days=max(further))
        if not self.every:
            return None
        last = self._last
        rounds = (-days_left - last) // self.every + 1 if -days_left >= last else 1
        return due + timedelta(days=last + rounds * self.every)

    def first_on(self, due: date, on: date) -> date | None:
        """Return the day to look at a deadline that is opened on a day: that day itself if a rung is reached."""
        return on if self.reached((due - on).days) else self.next_after(due, on)

    @property
    def _last(self) -> int:
        return self.after[-1] if self.after else 0

    def _again(self, late: int) -> tuple[int, ...]:
        if not self.every or late < self._last + self.every:
            return ()
        return tuple(range(-self._last - self.every, -late - 1, -self.every))
