"""What should be known of a case's patents although it stops no step."""

from rules.gates import check_patent
from states import guards as g
from states.context import Context
from states.plan import Unmet


def of_patents(ctx: Context) -> tuple[Unmet, ...]:
    """Return what the matrix warns of without stopping anything: a shared fee, a request for invalidation."""
    stage = "sign" if any(ctx.at(leaf) for leaf in g.CONTRACT) else "file"
    return tuple(
        g.from_finding(ctx, finding)
        for patent in g.living(ctx)
        for finding in check_patent(
            patent,
            ctx.facts.mode,
            stage=stage,
            institution=ctx.facts.institution,
            foreign_party=ctx.facts.foreign_party,
            today=ctx.today,
        )
        if finding.severity == "warn"
    )
