"""Who is told of a deadline: its officer, the role that must act, and from some lateness the head.

In: the people of one organization, and due deadlines. Out: user ids. Reads only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from cases.db import Cursor
from cases.reminder_lines import Due
from rules.policy import Reminding

LAST_RESORT = "administrator"
INVOLVED = (
    "SELECT id, role, name FROM app_user "
    "WHERE (id IN :ids OR ? LIKE '%,' || role || ',%') AND org_id = ? AND active = ? ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class People:
    """The active people of an organization who may have to be told something, by id and by role."""

    names: dict[int, str]
    by_role: dict[str, tuple[int, ...]]

    def told(self, due: Due, rung: int, reminding: Reminding) -> frozenset[int]:
        """Return who is told that a deadline has reached a rung; empty only if there is nobody at all.

        An officer who left is stood in for by the head; where nobody is left, the administrators are told.
        """
        owner = [id_ for id_ in (due.owner_id,) if id_ in self.names]
        roles = {due.who, *reminding.roles_at(rung)}
        if due.owner_id is not None:
            roles -= {"officer"}
        if not owner and due.case_id is not None:
            roles |= {reminding.head}
        found = frozenset(chain(owner, *(self.by_role.get(role, ()) for role in roles)))
        return found or frozenset(self.by_role.get(LAST_RESORT, ()))


def involved(cur: Cursor, org_id: int, dues: Sequence[Due], reminding: Reminding) -> People:
    """Load the people whom these deadlines may concern, and nobody else."""
    roles = {due.who for due in dues if due.who != "officer" or due.owner_id is None}
    roles |= {reminding.head, LAST_RESORT, *(step.to for step in reminding.escalation)}
    owners = sorted({due.owner_id for due in dues if due.owner_id is not None})
    return _people(cur.of_many(INVOLVED, owners, f",{','.join(sorted(roles))},", org_id, True))


def _people(rows: Iterable[tuple[int, str, str]]) -> People:
    names: dict[int, str] = {}
    by_role: dict[str, list[int]] = {}
    for id_, role, name in rows:
        names[id_] = name
        by_role.setdefault(role, []).append(id_)
    return People(names, {role: tuple(ids) for role, ids in by_role.items()})
