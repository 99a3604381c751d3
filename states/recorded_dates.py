"""A recorded date that can be corrected: where it stands, what is counted from it, between which others it lies."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from states.context import Context
from states.plan import Opening

Label = tuple[str, str, date]


def _nothing(_ctx: Context, _day: date) -> tuple[Opening, ...]:
    return ()


def _no_label(_ctx: Context, _day: date) -> Label | None:
    return None


class RecordedDate(NamedTuple):
    """A recorded date that deadlines are counted from.

    `moves` returns the deadlines as counted from the corrected date, `label` what it earns as a label. `after` and
    `before` are the recorded dates between which it must lie; of the leaves in `needs`, if any, one must still be
    active.
    """

    section: str
    key: str
    zh: str
    en: str
    moves: Callable[[Context, date], tuple[Opening, ...]] = _nothing
    after: str = ""
    before: str = ""
    needs: tuple[str, ...] = ()
    label: Callable[[Context, date], Label | None] = _no_label
