"""When the filing of a patent product is updated next: within the yearly window, whose data are those of the last year.

In: the day of the filing or of the last update, and which of both it was. Out: the end of the window meant, with the reason
where it is not simply the next one.
"""

from datetime import date

from rules.dates import chinese_date

RULE = "T-ZLCP"
WINDOW_ENDS = (3, 31)
Because = tuple[tuple[str, ...], tuple[str, ...]]


def after_update(updated_on: date) -> tuple[date, Because] | None:
    """Return when the next update is due after one made within the window, and why; None outside it.

    An update between January and March is the one that was due then: the next window is that of the year after.
    Source: ZP-04 (secondary)
    """
    if (updated_on.month, updated_on.day) > WINDOW_ENDS:
        return None
    due = date(updated_on.year + 1, *WINDOW_ENDS)
    zh = f"{chinese_date(updated_on)}已在当年1月1日至3月31日内更新，下一次更新至{chinese_date(due)}"
    en = f"updated on {updated_on} within the window of that year; the next window ends on {due}"
    return due, ((zh,), (en,))
