"""Versions of the charts: which definition decides a case, and where its place is in the next version.

A case keeps the version of the chart under which it was opened until somebody migrates it. `SHIPPED` holds the newest
modes, the retired definitions that are still needed, and per mode the changes from one version to the next: a table
of leaves, where a leaf that is not named keeps its name. In: a position and two charts. Out: the position in the
other chart, or why there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from states.catalog import MODES, UnknownMode
from states.chart import Chart, Position
from states.modes import Mode
from states.places import Stuck, completed


@dataclass(frozen=True)
class Change:
    """What became of a mode's leaves from one version to the next.

    `leaves` maps a leaf to its successor, or to None if its region is gone; several may go to one. `stuck` says of
    a leaf why a case that stands there cannot go on in the new version, in Chinese and English.
    """

    mode: str
    before: int
    after: int
    leaves: Mapping[str, str | None] = field(default_factory=dict)
    stuck: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Versions:
    """The modes by version. `same` names versions that a later definition decides, since it holds all their states."""

    newest: Mapping[str, Mode]
    retired: Mapping[tuple[str, int], Mode] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    same: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def newest_of(self, slug: str) -> Mode:
        """Return a mode as new cases are opened under it.

        Raises: UnknownMode.
        """
        if slug not in self.newest:
            raise UnknownMode(slug)
        return self.newest[slug]

    def mode_at(self, slug: str, version: int) -> Mode:
        """Return the definition that decides a case of this version.

        Raises: UnknownMode if the mode, or this version of it, is not there.
        """
        mode = self.newest_of(slug)
        decided_by = self.same.get((slug, version), version)
        if mode.chart.version == decided_by:
            return mode
        if (slug, decided_by) not in self.retired:
            raise UnknownMode(f"{slug} {version}")
        return self.retired[slug, decided_by]

    def carried(self, slug: str, version: int, position: Position) -> Position:
        """Return where a case of an older version stands in the newest one, change by change.

        Raises: Stuck telling every leaf that has no place there.
        """
        newest, at = self.newest_of(slug).chart.version, version
        while at != newest:
            change = self._change_from(slug, at)
            position = _changed(position, change, self.mode_at(slug, at).chart)
            at = change.after
            position = completed(self.mode_at(slug, at).chart, position)
        return position

    def _change_from(self, slug: str, version: int) -> Change:
        for change in self.changes:
            if (change.mode, change.before) == (slug, version):
                return change
        raise Stuck(
            f"没有从第{version}版流程图到新版的对照表", f"no table leads from version {version} to the next"
        )


def _changed(position: Position, change: Change, chart: Chart) -> Position:
    stuck = [leaf for leaf in position if leaf in change.stuck]
    if stuck:
        raise Stuck(
            "；".join(f"“{chart.nodes[leaf].zh}”：{change.stuck[leaf][0]}" for leaf in stuck),
            "; ".join(f"'{chart.nodes[leaf].en}': {change.stuck[leaf][1]}" for leaf in stuck),
        )
    moved = (change.leaves.get(leaf, leaf) for leaf in position)
    return tuple(sorted({leaf for leaf in moved if leaf is not None}))


# Version 3 holds every state of versions 1 and 2 under the same name and stage, so it decides the cases of all three;
# regions that it adds begin at their start once a case is migrated.
_LICENSES = ("ordinary_license", "sole_license", "exclusive_license")
SHIPPED = Versions(
    newest=MODES,
    changes=tuple(Change(slug, before, before + 1) for slug in _LICENSES for before in (1, 2)),
    same={(slug, before): 3 for slug in _LICENSES for before in (1, 2)},
)
