"""Which definition an institution shows an indicator by: chosen by an administrator, on the trail, for all its readers."""

from datetime import datetime

from cases.db import Cursor, Database
from cases.errors import Forbidden, Invalid
from cases.indicators.catalog import INDICATORS
from cases.scope import Person
from cases.trail import append_org, hold_org

CHOSEN = "SELECT indicator, variant FROM indicator_choice WHERE org_id = ?"
CHOOSE = (
    "INSERT INTO indicator_choice (org_id, indicator, variant, chosen_by, chosen_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (org_id, indicator) DO UPDATE SET variant = excluded.variant, chosen_by = excluded.chosen_by, "
    "chosen_at = excluded.chosen_at"
)


def choices(cur: Cursor, org_id: int) -> dict[str, str]:
    """Return the chosen definitions of an institution, by indicator."""
    return dict(cur.all(CHOSEN, org_id))


def choose_definition(db: Database, person: Person, indicator: str, variant: str, now: datetime) -> None:
    """Show an indicator by another of its definitions from now on.

    Raises: Forbidden, Invalid with the field.
    Effects: writes the choice and one entry of the organization's trail; nothing if it holds already.
    """
    if person.role != "administrator":
        raise Forbidden("指标口径由管理员选定", "administrators choose the definitions of indicators")
    known = INDICATORS.get(indicator)
    if known is None or variant not in {one.id for one in known.definitions}:
        told = "请从所列口径中选择"
        raise Invalid(told, {"variant": told}, "choose one of the listed definitions")
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        before = known.by(choices(cur, person.org_id).get(indicator, "")).id
        if before == variant:
            return
        cur.run(CHOOSE, person.org_id, indicator, variant, person.name, cur.moment(now))
        told_body = {"indicator": indicator, "before": before, "after": variant}
        append_org(cur, person.org_id, person.author, "indicator_defined", told_body, now)
