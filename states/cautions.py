"""What should be known of a case's patents although it stops no step."""

from states import guards as g
from states.clearances import BEFORE_EFFECT
from states.context import Context
from states.plan import Unmet


def of_patents(ctx: Context) -> tuple[Unmet, ...]:
    """Return what the matrix warns of without stopping anything: a shared fee, a request for invalidation."""
    stage = "sign" if ctx.mode.chart.stage(ctx.position) in BEFORE_EFFECT else "file"
    return tuple(
        g.from_finding(ctx, finding)
        for finding in g.patent_findings(ctx, stage, warnings=True)
        if finding.severity == "warn"
    )
