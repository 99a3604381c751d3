"""Entries of a case's trail that move nothing: the case stays where it is, and what it knows may change."""

from collections.abc import Mapping
from typing import Any

from cases.loading import Loaded
from rules.deadlines import Deadline
from states.plan import Plan


def staying(
    case: Loaded,
    verb: str,
    *,
    facts: Mapping[str, Mapping[str, Any] | None] | None = None,
    moves: tuple[tuple[str, Deadline], ...] = (),
) -> Plan:
    """Return a plan that leaves a running case where it is; `facts` replaces sections, `moves` dates."""
    return Plan(
        event=verb, position=case.position, stage=case.mode.chart.stage(case.position), final=False, facts=facts or {},
        deadlines=(), moves=moves, closes=(), documents=(), outbox=(), label=None, raised=(), voids=(),
    )  # fmt: skip
