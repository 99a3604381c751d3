"""State charts as data: a definition, the python-statemachine class made of it, and a compiled table.

The library's class is the authority on what a definition means: it refuses unreachable, trapped and
malformed states when it is built, it draws the chart, and a test compares every step of the table with it.
The table is what requests use: evaluating it costs microseconds, a machine instance half a millisecond.

A position is the set of active leaf states, kept as a sorted tuple of their ids.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from statemachine import StateChart
from statemachine.io import create_machine_class_from_definition

Position = tuple[str, ...]


class NoArc(LookupError):
    """The event has no transition from this position."""


@dataclass(frozen=True)
class Arc:
    """A transition. `target` None keeps the position; `choice` names the condition that picks this arc."""

    event: str
    target: str | None = None
    choice: str | None = None
    unless: str | None = None


@dataclass(frozen=True)
class Node:
    """A state of a chart: a leaf, a compound of `children` (the first is initial), or parallel regions."""

    id: str
    zh: str
    en: str
    arcs: tuple[Arc, ...] = ()
    children: tuple["Node", ...] = ()
    parallel: bool = False
    final: bool = False

    def walk(self) -> Iterator["Node"]:
        """Yield this node and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class CompiledArc:
    """An arc ready to apply: active leaves in `leaves_exited` go, `leaves_entered` come."""

    source_leaves: frozenset[str]
    leaves_exited: frozenset[str]
    leaves_entered: tuple[str, ...]
    choice: str | None
    unless: str | None
    depth: int


@dataclass(frozen=True)
class Chart:
    """One conversion mode's chart. `roots[0]` is initial; `choices` are the conditions on arcs."""

    mode: str
    version: int
    roots: tuple[Node, ...]
    stages: Mapping[str, str]
    choices: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """All states by id."""
        found = [node for root in self.roots for node in root.walk()]
        by_id = {node.id: node for node in found}
        if len(by_id) != len(found):
            raise ValueError(f"{self.mode}: a state id stands twice")
        return by_id

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """The parent's id of every state."""
        parents: dict[str, str | None] = {root.id: None for root in self.roots}
        for node in self.nodes.values():
            parents.update({child.id: node.id for child in node.children})
        return parents

    @cached_property
    def initial(self) -> Position:
        """The position of a new case."""
        return tuple(sorted(entry_leaves(self.roots[0])))

    @cached_property
    def table(self) -> dict[str, tuple[CompiledArc, ...]]:
        """The compiled arcs of every event, the innermost first."""
        arcs: dict[str, list[CompiledArc]] = {}
        for node in self.nodes.values():
            for arc in node.arcs:
                arcs.setdefault(arc.event, []).append(self._compile(node, arc))
        return {event: tuple(sorted(found, key=lambda a: -a.depth)) for event, found in arcs.items()}

    @cached_property
    def events(self) -> tuple[str, ...]:
        """All event names, in the order of the definition."""
        return tuple(self.table)

    @cached_property
    def machine(self) -> type[StateChart[Any]]:
        """The python-statemachine class of this chart."""
        return create_machine_class_from_definition(
            f"{self.mode.title().replace('_', '')}Chart",
            states={root.id: _library_state(root, root is self.roots[0]) for root in self.roots},
            catch_errors_as_events=False,
            allow_event_without_transition=False,
            **{name: _choice_method(name) for name in self.choices},
        )

    def apply(self, position: Position, event: str, holds: Callable[[str], bool]) -> Position:
        """Return the position after an event; `holds` answers the choice conditions.

        Raises: NoArc if the event has no transition here.
        """
        active = frozenset(position)
        for arc in self.table.get(event, ()):
            if not active & arc.source_leaves:
                continue
            if arc.choice and not holds(arc.choice):
                continue
            if arc.unless and holds(arc.unless):
                continue
            return tuple(sorted((active - arc.leaves_exited) | frozenset(arc.leaves_entered)))
        raise NoArc(event)

    def offers(self, position: Position, event: str) -> bool:
        """Say whether some arc of the event starts in this position, whatever its conditions."""
        return not self._sources.get(event, frozenset()).isdisjoint(position)

    @cached_property
    def _sources(self) -> dict[str, frozenset[str]]:
        return {
            event: frozenset().union(*(arc.source_leaves for arc in arcs))
            for event, arcs in self.table.items()
        }

    def offered(self, position: Position) -> tuple[str, ...]:
        """Return the events that some arc of this position carries."""
        return tuple(event for event in self.events if self.offers(position, event))

    def states_offering(self, event: str) -> tuple[str, ...]:
        """Return the states, leaf or compound, on which an event starts."""
        return self._starts.get(event, ())

    @cached_property
    def _starts(self) -> dict[str, tuple[str, ...]]:
        starts: dict[str, dict[str, None]] = {}
        for node in self.nodes.values():
            for arc in node.arcs:
                starts.setdefault(arc.event, {})[node.id] = None
        return {event: tuple(states) for event, states in starts.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """The Chinese name of every state, with that of the region around it."""
        return {
            state: f"{self.nodes[parent].zh}：{self.nodes[state].zh}" if parent else self.nodes[state].zh
            for state, parent in self.parents.items()
        }

    def stage(self, position: Position) -> str:
        """Return the stage a position belongs to: the last stage in the table with an active leaf."""
        rank, stage = max((self._ranks[leaf] for leaf in position if leaf in self._ranks), default=(-1, ""))
        if rank < 0:
            raise ValueError(f"{self.mode}: position {position} has no stage")
        return stage

    def in_order(self, states: Iterable[str]) -> tuple[str, ...]:
        """Return states in the order of the definition; those of another version come last."""
        order = {id_: number for number, id_ in enumerate(self.nodes)}
        return tuple(sorted(states, key=lambda id_: order.get(id_, len(order))))

    def stage_of(self, state: str) -> str:
        """Return the stage in which a state stands: its own, or the first of the nearest state around it that has one."""
        for around in reversed(self._path(state)):
            held = [self._ranks[leaf] for leaf in _leaves(self.nodes[around]) if leaf in self._ranks]
            if held:
                return min(held)[1]
        return ""

    @cached_property
    def _ranks(self) -> dict[str, tuple[int, str]]:
        order = list(dict.fromkeys(self.stages.values()))
        return {leaf: (order.index(stage), stage) for leaf, stage in self.stages.items()}

    def is_final(self, position: Position) -> bool:
        """Say whether the case has ended."""
        return all(self.nodes[leaf].final for leaf in position)

    def _compile(self, source: Node, arc: Arc) -> CompiledArc:
        path = self._path(source.id)
        below = frozenset(_leaves(source))
        if arc.target is None:
            return CompiledArc(below, frozenset(), (), arc.choice, arc.unless, len(path))
        target = self.nodes[arc.target]
        domain = self._domain(source.id, target.id)
        exited = _leaves(self.nodes[domain]) if domain else [x for root in self.roots for x in _leaves(root)]
        towards = self._path(target.id)
        top = self.nodes[towards[towards.index(domain) + 1 if domain else 0]]
        entered = tuple(_enter_towards(top, target, towards))
        return CompiledArc(below, frozenset(exited), entered, arc.choice, arc.unless, len(path))

    def _path(self, state: str) -> list[str]:
        path = [state]
        while (parent := self.parents[path[-1]]) is not None:
            path.append(parent)
        return path[::-1]

    def _domain(self, source: str, target: str) -> str | None:
        """Return the least common compound ancestor (SCXML's transition domain), or None for the root."""
        shared = [a for a, b in zip(self._path(source)[:-1], self._path(target)[:-1], strict=False) if a == b]
        while shared and self.nodes[shared[-1]].parallel:
            shared.pop()
        return shared[-1] if shared else None


def entry_leaves(node: Node) -> list[str]:
    """Return the leaves that entering a node activates."""
    if not node.children:
        return [node.id]
    chosen = node.children if node.parallel else node.children[:1]
    return [leaf for child in chosen for leaf in entry_leaves(child)]


def _leaves(node: Node) -> list[str]:
    return [found.id for found in node.walk() if not found.children]


def _enter_towards(node: Node, target: Node, path: list[str]) -> list[str]:
    if node.id == target.id:
        return entry_leaves(node)
    if node.parallel:
        return [
            leaf
            for child in node.children
            for leaf in (_enter_towards(child, target, path) if child.id in path else entry_leaves(child))
        ]
    (towards,) = [child for child in node.children if child.id in path]
    return _enter_towards(towards, target, path)


def _library_state(node: Node, initial: bool) -> Any:
    definition: dict[str, Any] = {"name": node.zh, "initial": initial}
    if node.parallel:
        definition["parallel"] = True
    if node.final:
        definition["final"] = True
    if node.children:
        definition["states"] = {
            child.id: _library_state(child, node.parallel or index == 0)
            for index, child in enumerate(node.children)
        }
    events: dict[str, list[dict[str, Any]]] = {}
    for arc in node.arcs:
        transition: dict[str, Any] = {"target": arc.target}
        if arc.choice:
            transition["cond"] = [arc.choice]
        if arc.unless:
            transition["unless"] = [arc.unless]
        events.setdefault(arc.event, []).append(transition)
    if events:
        definition["on"] = events
    return definition


def _choice_method(name: str) -> Callable[..., bool]:
    def choice(self: Any) -> bool:
        return bool(getattr(self.model, "answers", {}).get(name, False))

    choice.__name__ = name
    return choice
