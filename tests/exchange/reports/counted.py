"""A record of which every figure can be counted by hand, and reports made of it."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cases.report_content import Content, Figure
from cases.reports import report_content
from cases.scope import Author
from cases.settings import Settings
from exchange.reports.making import Made, make_report
from tests.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
SYSTEM = Author(None, "系统")


def settings_at(home: Path) -> Settings:
    return Settings(home=home, database_url="sqlite://")


def noon(day: date | str) -> datetime:
    """Noon of a day in Shanghai."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time(12), SHANGHAI)


def made_on(world: World, home: Path, kind: str, period: str, day: str) -> Made:
    return make_report(world.db, settings_at(home), world.org_id, kind, period, noon(day), SYSTEM)


def content(world: World, made: Made) -> Content:
    assert made.report_id is not None
    with world.db.read() as session:
        return report_content(session, world.org_id, made.report_id)


def values(found: Content) -> dict[str, Any]:
    """The figures that are not nothing, by key."""
    return {figure.key: figure.value for figure in found.figures if figure.value}


def figure(found: Content, key: str) -> Figure:
    return next(one for one in found.figures if one.key == key)
