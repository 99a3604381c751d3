"""One made-up case per conversion mode, and every kind of document that it can have."""

from contracts.modes import MODES
from contracts.view import CaseView
from tests.contracts import (
    equity_samples,
    test_development,
    test_open_license,
    test_patent_pool,
    test_transfer,
)
from tests.contracts.samples import PATENTS, view

_MADE = {
    "transfer": test_transfer.view,
    "equity": equity_samples.view,
    "development": test_development.paper,
    "patent_pool": test_patent_pool.paper,
    "open_license": test_open_license._accepted,
}


def sample(mode: str) -> CaseView:
    """Return the sample case of a mode."""
    return _MADE[mode]() if mode in _MADE else view(mode, patents=PATENTS)


def kinds() -> list[tuple[str, str]]:
    """Return every kind of document with a mode that has it, papers that modes share once."""
    found: dict[str, str] = {}
    for mode, contract in sorted(MODES.items()):
        for kind in contract.documents:
            name = f"{kind}:1" if kind.startswith("acceptance_") else kind
            found.setdefault(name if kind != "contract" else f"contract {mode}", mode)
    return [(kind.split()[0], mode) for kind, mode in found.items()]
