"""The conversion modes that this release drives, by slug."""

from states import (
    development,
    equity,
    exclusive_license,
    open_license,
    ordinary_license,
    patent_pool,
    sole_license,
    transfer,
)
from states.modes import Mode

MODES: dict[str, Mode] = {
    mode.slug: mode
    for mode in (
        ordinary_license.MODE,
        sole_license.MODE,
        exclusive_license.MODE,
        open_license.MODE,
        transfer.MODE,
        equity.MODE,
        patent_pool.MODE,
        development.MODE,
    )
}


class UnknownMode(LookupError):
    """No such conversion mode."""


def mode_of(slug: str) -> Mode:
    """Return a conversion mode.

    Raises: UnknownMode if no chart bears this slug.
    """
    if slug not in MODES:
        raise UnknownMode(slug)
    return MODES[slug]
