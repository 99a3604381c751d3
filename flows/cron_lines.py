"""When a schedule was last due, from its cron line in Shanghai time. Imports nothing of Prefect."""

from datetime import date, datetime, time, timedelta

from cases.settings import SHANGHAI

LONGEST_DAYS = 366
SUNDAY = 7


def last_due(cron: str, now: datetime) -> datetime | None:
    """Return the last moment at or before now that a cron line names; None for one that runs more often than daily.

    The line names one minute and one hour; day, month and weekday are numbers or `*`.
    """
    minute, hour, day, month, weekday = cron.split()
    if not (minute.isdecimal() and hour.isdecimal()):
        return None
    here = now.astimezone(SHANGHAI)
    at = time(int(hour), int(minute), tzinfo=SHANGHAI)
    for back in range(LONGEST_DAYS + 1):
        on = here.date() - timedelta(days=back)
        moment = datetime.combine(on, at)
        if moment <= here and _is_named(on, day, month, weekday):
            return moment
    return None


def _is_named(on: date, day: str, month: str, weekday: str) -> bool:
    numbers = ((day, on.day), (month, on.month), (weekday, on.isoweekday() % SUNDAY))
    return all(named == "*" or int(named) == number for named, number in numbers)
