"""Lays out a case's chart for drawing: regions as lanes, states as boxes, steps as arrows, computed from the chart.

In: the chart, where the case stands and where it has been. Out: plain geometry for the template, which draws
it as SVG on wide screens and as a list of lanes on narrow ones and for screen readers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.standing import CARRYING_TONES
from desk.web.i18n import Words
from states.chart import Node, entry_leaves
from states.modes import Mode

BOX_W, BOX_H, GAP_X, ROW_H, SIDE_H = 106, 34, 34, 50, 64
WIDEST, MOST_COLUMNS, GAP_Y, BESIDE = 168, 6, 12, 1300
_CJK = 0x2E7F
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
class Track:
    """States that follow one another, and the states around them that give the track its name."""

    names: tuple[Node, ...]
    nodes: tuple[Node, ...]


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
    """The whole chart: bands side by side, or one below the other if they are wide, and the ends below."""

    bands: tuple[Band, ...]
    ends: tuple[Box, ...]
    now: tuple[str, ...]

    @property
    def is_stacked(self) -> bool:
        """Say whether the bands are too wide to be read side by side."""
        return sum(band.width for band in self.bands) > BESIDE


@dataclass(frozen=True, slots=True)
class _Where:
    active: frozenset[str]
    visited: frozenset[str]
    over: bool


def draw(mode: Mode, position: Iterable[str], visited: Iterable[str], words: Words) -> Drawing:
    """Return the drawing of a case. `visited` are all states it has ever been in."""
    where = _Where(frozenset(position), frozenset(visited), mode.chart.is_final(tuple(position)))
    bands = [root for root in mode.chart.roots if root.children]
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
    leaves = _leaves(band)
    here = bool(leaves & where.active)
    passed = bool(leaves & where.visited) and not here
    lanes: list[Lane] = []
    y = HEAD_H
    tracks = tuple(tracks_of(band))
    box_w = _box_width([words.pick(node.zh, node.en) for track in tracks for node in track.nodes])
    for track in tracks:
        lane = _lane(mode, track, where, words, y, box_w, passed)
        lanes.append(lane)
        y += lane.h
    width = max((box.x + box.w for lane in lanes for box in lane.boxes), default=0) + PAD
    look = "active" if here else ("done" if passed else "idle")
    return Band(band.id, words.pick(band.zh, band.en), look, tuple(lanes), width, y + PAD // 2)


def tracks_of(node: Node, above: tuple[Node, ...] = ()) -> Iterator[Track]:
    """Yield what runs side by side in a state, from the outside in; each track holds states that follow one another.

    A state that holds others one after another is drawn as these; one with regions of its own is a box in its track,
    and its regions are tracks below it.
    """
    if node.parallel:
        for child in node.children:
            yield from tracks_of(child, above)
        return
    nodes = tuple(_followers(node))
    yield Track((*above, node), nodes)
    for held in nodes:
        if held.children:
            yield from tracks_of(held, (held,))


def _followers(node: Node) -> Iterator[Node]:
    for child in node.children or (node,):
        if child.children and not child.parallel:
            yield from _followers(child)
        else:
            yield child


def _leaves(node: Node) -> frozenset[str]:
    return frozenset(found.id for found in node.walk() if not found.children)


def main_line(mode: Mode, region: Node) -> tuple[Node, ...]:
    """Return the straight way through a region: from its first state to the last one that nothing leads on from."""
    return _main_line(mode, next(iter(tracks_of(region))).nodes)


def _main_line(mode: Mode, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    known = {node.id: node for node in nodes}
    ways = _ways(mode, nodes)
    ends = [id_ for id_ in known if not any(a == id_ for a, _ in ways)] or [nodes[-1].id]
    carrying = [pair for pair, events in ways.items() if any(_carries(mode, event) for event in events)]
    for pairs in (carrying, list(ways)):
        found = [path for path in _paths(nodes[0].id, pairs) if path[-1] in ends and len(path) > 1]
        if found:
            straight = min(found, key=lambda path: (-ends.index(path[-1]), len(path)))
            return tuple(known[id_] for id_ in straight)
    return nodes[:1]


def _carries(mode: Mode, event: str) -> bool:
    step = mode.steps.get(event)
    return step is None or step.tone in CARRYING_TONES


def _paths(start: str, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield the ways from a state that pass no state twice."""
    paths: list[tuple[str, ...]] = [(start,)]
    while paths:
        path = paths.pop()
        yield path
        paths.extend((*path, b) for a, b in pairs if a == path[-1] and b not in path)


def _ways(mode: Mode, nodes: tuple[Node, ...]) -> dict[tuple[str, str], list[str]]:
    """Return the events that lead between the states of a track; those of a state around count for each inside.

    What only voids something is left out: nobody takes it to get on.
    """
    box_of = {inner.id: node.id for node in nodes for inner in node.walk()}
    ways: dict[tuple[str, str], list[str]] = {}
    for source in mode.chart.nodes.values():
        starts = dict.fromkeys(box_of[leaf.id] for leaf in source.walk() if leaf.id in box_of)
        for arc in source.arcs:
            entered = entry_leaves(mode.chart.nodes[arc.target])[0] if arc.target else ""
            if entered in box_of and not arc.event.startswith("void_"):
                for start in starts:
                    if start != box_of[entered]:
                        ways.setdefault((start, box_of[entered]), []).append(arc.event)
    return ways


def _lane(mode: Mode, track: Track, where: _Where, words: Words, y: int, box_w: int, passed: bool) -> Lane:
    ways = _ways(mode, track.nodes)
    line = _main_line(mode, track.nodes)
    order = [node.id for node in line]
    cells = _cells(order, [node.id for node in track.nodes], ways)
    tops = _tops({row for _, row in cells.values()})
    reached = _reached(order, track, ways, where)
    # A first state that leads to none of the others is no work underway: nothing is to be done there.
    apart = frozenset(order if len(order) == 1 < len(track.nodes) else ())
    boxes = {
        node.id: _box(
            node,
            cells[node.id],
            y + tops[cells[node.id][1]],
            box_w,
            words,
            "done active" if node.id in apart & where.active else _look(node, order, reached, where, passed),
        )
        for node in track.nodes
    }
    here = any(_leaves(node) & where.active for node in track.nodes)
    look = "active" if here else ("done" if passed else "idle")
    arrows = tuple(_arrows(mode, ways, boxes, cells, words))
    label = pick_label(track, words)
    return Lane(label, fitted(label, LABEL_W - 20), y, tops[-1], tuple(boxes.values()), arrows, look)


def pick_label(track: Track, words: Words) -> str:
    """Return the name of a track: its own, after that of the region around it if it lies deeper."""
    return words.pick("：".join(node.zh for node in track.names), ": ".join(node.en for node in track.names))


def _cells(
    order: list[str], every: list[str], ways: Mapping[tuple[str, str], list[str]]
) -> dict[str, tuple[int, int]]:
    """Give every state its column and row: the main line on even rows, wrapped, side states below what leads to them."""
    cells = {id_: (index % MOST_COLUMNS, index // MOST_COLUMNS * 2) for index, id_ in enumerate(order)}
    for id_ in every:
        if id_ not in cells:
            cells[id_] = _side_cell(id_, ways, cells)
    return cells


def _side_cell(
    id_: str, ways: Mapping[tuple[str, str], list[str]], cells: Mapping[str, tuple[int, int]]
) -> tuple[int, int]:
    """Put a side state below what leads to it, beside what leads to it from the side, or on the next free place."""
    column, row = min((cells[a] for a, b in ways if b == id_ and a in cells), default=(0, 0))
    row += 1 - row % 2
    taken = set(cells.values())
    while (column, row) in taken:
        column, row = (column + 1, row) if column + 1 < MOST_COLUMNS else (0, row + 2)
    return column, row


def _tops(rows: set[int]) -> list[int]:
    """Return where each row begins, and last the height of all; between main rows without side states is a gap."""
    tops = [0]
    for row in range(max(rows) + 1):
        tops.append(tops[-1] + (ROW_H if row % 2 == 0 else SIDE_H if row in rows else GAP_Y))
    return tops


def _reached(order: list[str], track: Track, ways: Mapping[tuple[str, str], list[str]], where: _Where) -> int:
    """Return how many states of the main line are behind the case; a side state counts the one that leads to it."""
    active = {node.id for node in track.nodes if _leaves(node) & where.active}
    on_line = [order.index(id_) for id_ in order if id_ in active]
    aside = [order.index(a) + 1 for a, b in ways if b in active and b not in order and a in order]
    return max([*on_line, *aside], default=-1)


def fitted(text: str, width: int) -> tuple[str, ...]:
    """Cut a label into at most two lines of a width in pixels: at a blank, before a bracket, or between two letters."""
    if _width(text) <= width:
        return (text,)
    cuts = [i for i, letter in enumerate(text) if letter in " （("] + [
        i + 1 for i, letter in enumerate(text) if letter in "，：、"
    ]
    if not any(max(_width(text[:i]), _width(text[i:])) <= width for i in cuts if 0 < i < len(text)):
        cuts += [i for i in range(1, len(text)) if ord(text[i]) > _CJK and ord(text[i - 1]) > _CJK]
    if not cuts:
        return (text,)
    cut = min(cuts, key=lambda i: max(_width(text[:i]), _width(text[i:])))
    return text[:cut].strip(), text[cut:].strip()


def _box_width(labels: Iterable[str]) -> int:
    """Return how wide the boxes of a band must be for their longest label in two lines."""
    lines = (line for label in labels for line in fitted(label, BOX_W - TICK_W))
    return min(WIDEST, max(BOX_W, max(map(_width, lines), default=0) + TICK_W))


def _width(text: str) -> int:
    return sum(13 if ord(letter) > _CJK else 7 for letter in text)


def _look(node: Node, order: list[str], reached: int, where: _Where, passed: bool) -> str:
    leaves = _leaves(node)
    if leaves & where.active:
        if node.id not in order:
            return "warn"
        if len(order) > 1 and node.id in (order[0], order[-1]) and not node.children:
            return "todo" if node.id == order[0] else "done active"
        return "active"
    if node.id not in order or not leaves & where.visited:
        return "idle"
    return "done" if passed or order.index(node.id) < reached else "idle"


def _box(node: Node, cell: tuple[int, int], y: int, width: int, words: Words, look: str) -> Box:
    column, row = cell
    x = LABEL_W + column * (width + GAP_X)
    top = y + (SIDE_H - BOX_H if row % 2 else ROW_H - BOX_H) // 2
    label = words.pick(node.zh, node.en)
    lines = fitted(label, width - (TICK_W if "done" in look else 8))
    return Box(node.id, label, lines, look, x, top, width, BOX_H)


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
        steps = [mode.steps[e] for e in [*events, *ways.get((b, a), [])] if e in mode.steps]
        named = [words.pick(step.zh, step.en) for step in steps]
        look = "walked" if "done" in boxes[a].look and boxes[b].look != "idle" else "open"
        path = _path(boxes[a], boxes[b], cells[a], cells[b], TIP if both else 0)
        yield Arrow(path, " / ".join(named), both, look)


def _path(a: Box, b: Box, at: tuple[int, int], to: tuple[int, int], start: int) -> str:
    """Return the SVG path of an arrow between two boxes; `start` leaves room for a tip at its beginning."""
    (ax, ay), (bx, by) = a.middle, b.middle
    if to[1] >= at[1] + 2 and at[1] % 2 == 0 and to[0] <= at[0]:
        return f"M{ax} {a.y + a.h + start}V{a.y + a.h + 8}H{bx}V{b.y - TIP}"
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
