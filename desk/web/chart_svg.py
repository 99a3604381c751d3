"""Lays out a case's chart for drawing: regions as lanes, states as boxes, steps as arrows, computed from the chart.

In: the chart, where the case stands and where it has been. Out: plain geometry for the template, which draws
it as SVG on wide screens and as a list of lanes on narrow ones and for screen readers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.web.i18n import Words
from states.chart import Node
from states.modes import Mode

BOX_W, BOX_H, GAP_X, ROW_H, SIDE_H = 106, 34, 34, 50, 64
LABEL_W, HEAD_H, PAD = 118, 34, 12
TIP, TICK_W = 3, 26
SIDE_TONES = frozenset({"danger"})


@dataclass(frozen=True, slots=True)
class Box:
    """One state; `lines` is its label cut to fit. `look` is todo, active, warn, done, ended, stopped or idle."""

    id: str
    label: str
    lines: tuple[str, ...]
    look: str
    x: int
    y: int
    w: int
    h: int

    @property
    def middle(self) -> tuple[int, int]:
        """The center of the box."""
        return self.x + self.w // 2, self.y + self.h // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way between two states; `both` if it is walked in both directions, `label` names its steps."""

    path: str
    label: str
    both: bool
    look: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One region: its label and boxes."""

    label: str
    lines: tuple[str, ...]
    y: int
    h: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Band:
    """One parallel state: lanes under one heading. Sizes in pixels of the drawing."""

    id: str
    label: str
    look: str
    lanes: tuple[Lane, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole chart: bands side by side, and the ends below."""

    bands: tuple[Band, ...]
    ends: tuple[Box, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Where:
    active: frozenset[str]
    visited: frozenset[str]
    over: bool


def draw(mode: Mode, position: Iterable[str], visited: Iterable[str], words: Words) -> Drawing:
    """Return the drawing of a case. `visited` are all states it has ever been in."""
    where = _Where(frozenset(position), frozenset(visited), mode.chart.is_final(tuple(position)))
    bands = [root for root in mode.chart.roots if root.parallel]
    singles = [root for root in mode.chart.roots if not root.children]
    return Drawing(
        bands=tuple(_band(mode, band, where, words) for band in bands),
        ends=tuple(_end(mode, node, where, words) for node in singles),
        now=tuple(_now(mode, leaf, words) for leaf in sorted(where.active, key=list(mode.chart.nodes).index)),
    )


def _now(mode: Mode, leaf: str, words: Words) -> str:
    node = mode.chart.nodes[leaf]
    parent = mode.chart.parents[leaf]
    own = words.pick(node.zh, node.en)
    if parent is None:
        return own
    region = mode.chart.nodes[parent]
    return words.pick(f"{region.zh}：{own}", f"{region.en}: {own}")


def _band(mode: Mode, band: Node, where: _Where, words: Words) -> Band:
    leaves = {node.id for node in band.walk() if not node.children}
    here = bool(leaves & where.active)
    passed = bool(leaves & where.visited) and not here
    lanes: list[Lane] = []
    y = HEAD_H
    for region in band.children:
        lane = _lane(mode, region, where, words, y, passed)
        lanes.append(lane)
        y += lane.h
    width = max((box.x + box.w for lane in lanes for box in lane.boxes), default=0) + PAD
    look = "active" if here else ("done" if passed else "idle")
    return Band(band.id, words.pick(band.zh, band.en), look, tuple(lanes), width, y + PAD // 2)


def main_line(mode: Mode, region: Node) -> tuple[Node, ...]:
    """Return the straight way through a region: from its first state to the one nothing leads on from."""
    ways = _ways(mode, region)
    last = [node for node in region.children if not any(a == node.id for a, _ in ways)] or [
        region.children[-1]
    ]
    paths: list[tuple[str, ...]] = [(region.children[0].id,)]
    while paths:
        path = paths.pop(0)
        if path[-1] == last[-1].id:
            return tuple(mode.chart.nodes[id_] for id_ in path)
        paths.extend((*path, b) for a, b in ways if a == path[-1] and b not in path)
    return region.children[:1]


def _ways(mode: Mode, region: Node) -> dict[tuple[str, str], list[str]]:
    """Return the steps that people take between the states of a region."""
    inside = {node.id for node in region.children}
    ways: dict[tuple[str, str], list[str]] = {}
    for node in region.children:
        for arc in node.arcs:
            if arc.target in inside and arc.target != node.id and arc.event in mode.steps:
                ways.setdefault((node.id, str(arc.target)), []).append(arc.event)
    return ways


def _lane(mode: Mode, region: Node, where: _Where, words: Words, y: int, passed: bool) -> Lane:
    ways = _ways(mode, region)
    line = main_line(mode, region)
    cells: dict[str, tuple[int, int]] = {node.id: (column, 0) for column, node in enumerate(line)}
    for node in region.children:
        if node.id not in cells:
            cells[node.id] = (_side_column(node.id, ways, cells), 1)
    order = [node.id for node in line]
    reached = _reached(order, ways, where)
    boxes = {
        node.id: _box(node, cells[node.id], y, words, _look(node.id, order, reached, where, passed))
        for node in region.children
    }
    height = ROW_H + (SIDE_H if any(row for _, row in cells.values()) else 0)
    here = any(node.id in where.active for node in region.children)
    look = "active" if here else ("done" if passed else "idle")
    arrows = tuple(_arrows(mode, ways, boxes, cells, words))
    label = words.pick(region.zh, region.en)
    return Lane(label, fitted(label, LABEL_W - 20), y, height, tuple(boxes.values()), arrows, look)


def _reached(order: list[str], ways: Mapping[tuple[str, str], list[str]], where: _Where) -> int:
    """Return how many states of the main line are behind the case; a side state counts the one that leads to it."""
    on_line = [order.index(leaf) for leaf in order if leaf in where.active]
    aside = [order.index(a) + 1 for a, b in ways if b in where.active and b not in order and a in order]
    return max([*on_line, *aside], default=-1)


def _side_column(
    id_: str, ways: Mapping[tuple[str, str], list[str]], cells: Mapping[str, tuple[int, int]]
) -> int:
    """Put a side state below the state that leads to it, or further right if the place is taken."""
    sources = [cells[a][0] for a, b in ways if b == id_ and a in cells]
    column = min(sources, default=0)
    while (column, 1) in cells.values():
        column += 1
    return column


def fitted(text: str, width: int) -> tuple[str, ...]:
    """Cut a label into at most two lines of a width in pixels: at a blank, or before a bracket."""
    if _width(text) <= width:
        return (text,)
    cuts = [i for i, letter in enumerate(text) if letter in " （("]
    if not cuts:
        return (text,)
    cut = min(cuts, key=lambda i: max(_width(text[:i]), _width(text[i:])))
    return text[:cut].strip(), text[cut:].strip()


def _width(text: str) -> int:
    return sum(13 if ord(letter) > 0x2E7F else 7 for letter in text)


def _look(id_: str, order: list[str], reached: int, where: _Where, passed: bool) -> str:
    if id_ in where.active:
        if id_ not in order:
            return "warn"
        if len(order) > 1 and id_ in (order[0], order[-1]):
            return "todo" if id_ == order[0] else "done active"
        return "active"
    if id_ not in order or id_ not in where.visited:
        return "idle"
    return "done" if passed or order.index(id_) < reached else "idle"


def _box(node: Node, cell: tuple[int, int], y: int, words: Words, look: str) -> Box:
    column, row = cell
    x = LABEL_W + column * (BOX_W + GAP_X)
    top = y + row * SIDE_H + (ROW_H - BOX_H) // 2
    label = words.pick(node.zh, node.en)
    lines = fitted(label, BOX_W - (TICK_W if "done" in look else 8))
    return Box(node.id, label, lines, look, x, top, BOX_W, BOX_H)


def _arrows(
    mode: Mode,
    ways: Mapping[tuple[str, str], list[str]],
    boxes: Mapping[str, Box],
    cells: Mapping[str, tuple[int, int]],
    words: Words,
) -> Iterable[Arrow]:
    drawn: set[frozenset[str]] = set()
    for (a, b), events in ways.items():
        pair = frozenset((a, b))
        if pair in drawn:
            continue
        drawn.add(pair)
        both = (b, a) in ways
        named = [words.pick(mode.steps[e].zh, mode.steps[e].en) for e in [*events, *ways.get((b, a), [])]]
        look = "walked" if "done" in boxes[a].look and boxes[b].look != "idle" else "open"
        path = _path(boxes[a], boxes[b], cells[a], cells[b], TIP if both else 0)
        yield Arrow(path, " / ".join(named), both, look)


def _path(a: Box, b: Box, at: tuple[int, int], to: tuple[int, int], start: int) -> str:
    """Return the SVG path of an arrow between two boxes; `start` leaves room for a tip at its beginning."""
    (ax, ay), (bx, by) = a.middle, b.middle
    if at[0] == to[0]:
        down = by > ay
        return f"M{ax} {a.y + a.h + start if down else a.y - start}V{b.y - TIP if down else b.y + b.h + TIP}"
    if at[1] == to[1]:
        if to[0] == at[0] + 1:
            return f"M{a.x + a.w + start} {ay}H{b.x - TIP}"
        rise = min(a.y, b.y) - 7
        return f"M{ax} {a.y}V{rise}H{bx}V{b.y - TIP}"
    if to[0] > at[0]:
        return f"M{a.x + a.w + start} {ay + 10}H{a.x + a.w + GAP_X // 2}V{by}H{b.x - TIP}"
    return f"M{a.x - start} {ay}H{bx}V{b.y + b.h + TIP if by < ay else b.y - TIP}"


def _end(mode: Mode, node: Node, where: _Where, words: Words) -> Box:
    tones = {
        mode.steps[arc.event].tone
        for source in mode.chart.nodes.values()
        for arc in source.arcs
        if arc.target == node.id and arc.event in mode.steps
    }
    look = "idle"
    if node.id in where.active:
        look = ("stopped" if tones & SIDE_TONES else "ended") if node.final else "warn"
    label = words.pick(node.zh, node.en)
    return Box(node.id, label, (label,), look, 0, 0, BOX_W, BOX_H)
