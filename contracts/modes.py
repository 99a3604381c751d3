"""Which conversion modes have papers: one line per mode."""

from contracts import (
    development,
    equity,
    exclusive_license,
    open_license,
    ordinary_license,
    patent_pool,
    sole_license,
    transfer,
)
from contracts.mode import ModeContract

MODES: dict[str, ModeContract] = {
    mode.slug: mode
    for mode in (
        ordinary_license.CONTRACT,
        sole_license.CONTRACT,
        exclusive_license.CONTRACT,
        open_license.CONTRACT,
        development.CONTRACT,
        patent_pool.CONTRACT,
        equity.CONTRACT,
        transfer.CONTRACT,
    )
}
