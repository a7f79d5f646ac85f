"""How the arrows of an illustration go between its boxes, which stand on a grid.

Straight where nothing is in the way; round one corner where that corner is free; in a step through the gap between two
rows; under a row past what stands between; else along the side, in a lane.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from saklig.publish.outline.model import MapArrow, MapBox, Words
from saklig.publish.picture import lettering
from saklig.publish.picture.markup import figure, lines, text

VERB = 14.5
GAP = 62.0
"""Between two rows of boxes."""
LANE = 26.0
"""Between two arrows along a side."""
PAIR = 16.0
"""Half the distance between two arrows that answer each other."""
BEND = 10.0
UNDER = 20.0
"""How far below its row an arrow goes that passes a box."""


@dataclass(frozen=True, slots=True)
class Place:
    """A box as it is drawn."""

    box: MapBox
    column: int
    row: int
    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2


class Way(Enum):
    LOOP = auto()
    STRAIGHT = auto()
    ACROSS_DOWN = auto()
    DOWN_ACROSS = auto()
    STEP = auto()
    UNDER = auto()
    LANE = auto()


@dataclass(frozen=True, slots=True)
class Lane:
    """The way of an arrow round the outside: `place` counts from the boxes outwards, on the left or the right side."""

    place: int
    left: bool


def verb_lines(verb: Words) -> tuple[str, ...]:
    return lettering.wrapped(verb.text, VERB, 126)


def lane_lines(verb: Words) -> tuple[str, ...]:
    return lettering.wrapped(verb.text, VERB, 88)


def way(start: MapBox, end: MapBox, boxes: Sequence[MapBox]) -> Way:
    if start.id == end.id:
        return Way.LOOP
    if _straight(start, end, boxes):
        return Way.STRAIGHT
    if start.row == end.row:
        return Way.UNDER
    if start.column == end.column:
        return Way.LANE
    return _corner(start, end, boxes) or (Way.STEP if abs(start.row - end.row) == 1 else Way.LANE)


def _straight(start: MapBox, end: MapBox, boxes: Sequence[MapBox]) -> bool:
    """Whether the two stand in one row or column with nothing between them."""
    if start.row == end.row:
        low, high = sorted((start.column, end.column))
        return not any(box.row == start.row and low < box.column < high for box in boxes)
    if start.column == end.column:
        low, high = sorted((start.row, end.row))
        return not any(box.column == start.column and low < box.row < high for box in boxes)
    return False


def _corner(start: MapBox, end: MapBox, boxes: Sequence[MapBox]) -> Way | None:
    """Which way round a corner is free, if either."""
    taken = {(box.column, box.row) for box in boxes}

    def free(column: int, row: int) -> bool:
        low, high = sorted((start.column, end.column))
        above, under = sorted((start.row, end.row))
        on_row = any((n, row) in taken for n in range(low, high + 1) if (n, row) not in _cells(start, end))
        on_column = any((column, n) in taken for n in range(above, under + 1) if (column, n) not in _cells(start, end))
        return (column, row) not in taken and not on_row and not on_column

    if free(end.column, start.row):
        return Way.ACROSS_DOWN
    return Way.DOWN_ACROSS if free(start.column, end.row) else None


def _cells(*boxes: MapBox) -> set[tuple[int, int]]:
    return {(box.column, box.row) for box in boxes}


def lanes(boxes: Sequence[MapBox], arrows: Sequence[MapArrow]) -> Mapping[int, Lane]:
    """The arrows, by their number, that go along a side: the one with no box in between. The shorter stay closer."""
    at = {box.id: box for box in boxes}
    found: dict[int, Lane] = {}
    counts = {True: 0, False: 0}
    ends = [(n, at[arrow.origin], at[arrow.target]) for n, arrow in enumerate(arrows)]
    for n, start, end in sorted(ends, key=lambda each: abs(each[1].row - each[2].row)):
        if way(start, end, boxes) is not Way.LANE:
            continue
        outer = [box.column for box in boxes if box.row in (start.row, end.row) and box.id not in (start.id, end.id)]
        first, last = min(start.column, end.column), max(start.column, end.column)
        left = any(column > first for column in outer) and not any(column < last for column in outer)
        found[n] = Lane(counts[left], left)
        counts[left] += 1
    return found


def side(arrows: Sequence[MapArrow], found: Mapping[int, Lane], left: bool) -> float:
    """The room that a side needs for its lanes and their verbs."""
    verbs = [arrows[n].verb for n, lane in found.items() if lane.left is left]
    longest = max((lettering.width(said, VERB) for verb in verbs for said in lane_lines(verb)), default=0.0)
    return len(verbs) * LANE + longest + 6 if verbs else 0.0


def drawn(arrow: MapArrow, places: Mapping[str, Place], arrows: Sequence[MapArrow], tip: str) -> str:
    """An arrow that goes between the boxes, and its verb. `tip`: the id of the arrowhead."""
    start, end = places[arrow.origin], places[arrow.target]
    answered = any(other.origin == arrow.target and other.target == arrow.origin for other in arrows)
    match way(start.box, end.box, [place.box for place in places.values()]):
        case Way.LOOP:
            return _loop(arrow, start, tip)
        case Way.UNDER:
            return _under(arrow, start, end, tip)
        case Way.STEP:
            return _step(arrow, start, end, tip)
        case Way.STRAIGHT if start.row == end.row:
            return _across(arrow, start, end, answered, tip)
        case Way.STRAIGHT:
            return _down(arrow, start, end, answered, tip)
        case found:
            return _bent(arrow, start, end, found, tip)


def _path(d: str, tip: str) -> str:
    return f'<path class="arrow" d="{d}" marker-end="url(#{tip})"/>'


def _across(arrow: MapArrow, start: Place, end: Place, answered: bool, tip: str) -> str:
    rightward = end.x > start.x
    y = start.middle[1] + (0 if not answered else -PAIR if rightward else PAIR)
    x1, x2 = (start.x + start.w, end.x) if rightward else (start.x, end.x + end.w)
    found = verb_lines(arrow.verb)
    above = not answered or rightward
    first = y - 8 - (len(found) - 1) * VERB * 1.2 if above else y + VERB + 5
    marks = _path(f"M{figure(x1)} {figure(y)}H{figure(x2)}", tip)
    return marks + lines(found, (x1 + x2) / 2, first, VERB, "verb mid", 1.2, arrow.verb.language)


def _down(arrow: MapArrow, start: Place, end: Place, answered: bool, tip: str) -> str:
    downward = end.y > start.y
    x = start.middle[0] + (0 if not answered else -PAIR if downward else PAIR)
    y1, y2 = (start.y + start.h, end.y) if downward else (start.y, end.y + end.h)
    leftward = answered and downward
    # The verb keeps to the boxes' own width, nearly: beside it another arrow may go.
    room = max(min(start.w, end.w) / 2 - (PAIR + 9 if answered else 0), 44.0)
    found = lettering.balanced(arrow.verb.text, VERB, room)
    first = (y1 + y2) / 2 - (len(found) - 1) * VERB * 0.6 + VERB * 0.32
    names = "verb end" if leftward else "verb"
    marks = _path(f"M{figure(x)} {figure(y1)}V{figure(y2)}", tip)
    return marks + lines(found, x + (-9 if leftward else 9), first, VERB, names, 1.2, arrow.verb.language)


def _loop(arrow: MapArrow, start: Place, tip: str) -> str:
    x, y = start.x + start.w, start.middle[1]
    marks = _path(f"M{figure(x)} {figure(y + 9)}c28 0 28-18 0-18", tip)
    return marks + text(arrow.verb, x + 26, y + VERB * 0.32, VERB, "verb")


def _under(arrow: MapArrow, start: Place, end: Place, tip: str) -> str:
    """Down from both and along below the boxes between them; beside the middles, where upright arrows go."""
    inwards = 24.0 if end.x > start.x else -24.0
    sx, ex, y = start.middle[0] + inwards, end.middle[0] - inwards, start.y + start.h + UNDER
    turn = BEND if ex > sx else -BEND
    d = (
        f"M{figure(sx)} {figure(start.y + start.h)}V{figure(y - BEND)}Q{figure(sx)} {figure(y)} {figure(sx + turn)} "
        f"{figure(y)}H{figure(ex - turn)}Q{figure(ex)} {figure(y)} {figure(ex)} {figure(y - BEND)}"
        f"V{figure(end.y + end.h)}"
    )
    return _path(d, tip) + text(arrow.verb, (sx + ex) / 2, y + VERB + 3, VERB, "verb mid")


def _step(arrow: MapArrow, start: Place, end: Place, tip: str) -> str:
    """Out through the gap between two neighbouring rows; beside the middles, where upright arrows go."""
    downward, rightward = end.y > start.y, end.x > start.x
    aside = 24.0 if rightward else -24.0
    sx, ex = start.middle[0] + aside, end.middle[0] - aside
    y1, y2 = (start.y + start.h, end.y) if downward else (start.y, end.y + end.h)
    y = (y1 + y2) / 2
    fall, turn = (BEND if downward else -BEND), (BEND if rightward else -BEND)
    d = (
        f"M{figure(sx)} {figure(y1)}V{figure(y - fall)}Q{figure(sx)} {figure(y)} {figure(sx + turn)} {figure(y)}"
        f"H{figure(ex - turn)}Q{figure(ex)} {figure(y)} {figure(ex)} {figure(y + fall)}V{figure(y2)}"
    )
    return _path(d, tip) + text(arrow.verb, (sx + ex) / 2, y - 6, VERB, "verb mid")


def _bent(arrow: MapArrow, start: Place, end: Place, found: Way, tip: str) -> str:
    (sx, sy), (ex, ey) = start.middle, end.middle
    if found is Way.ACROSS_DOWN:  # leaves sideways, arrives from above or below
        rightward, downward = ex > sx, ey > sy
        x1, y2 = (start.x + start.w if rightward else start.x), (end.y if downward else end.y + end.h)
        turn, fall = (BEND if rightward else -BEND), (BEND if downward else -BEND)
        d = (
            f"M{figure(x1)} {figure(sy)}H{figure(ex - turn)}Q{figure(ex)} {figure(sy)} {figure(ex)} "
            f"{figure(sy + fall)}V{figure(y2)}"
        )
        return _path(d, tip) + text(arrow.verb, (x1 + ex) / 2, sy - 8, VERB, "verb mid")
    rightward, downward = ex > sx, ey > sy
    y1, x2 = (start.y + start.h if downward else start.y), (end.x if rightward else end.x + end.w)
    turn, fall = (BEND if rightward else -BEND), (BEND if downward else -BEND)
    d = (
        f"M{figure(sx)} {figure(y1)}V{figure(ey - fall)}Q{figure(sx)} {figure(ey)} {figure(sx + turn)} "
        f"{figure(ey)}H{figure(x2)}"
    )
    return _path(d, tip) + text(arrow.verb, (sx + x2) / 2, ey - 8, VERB, "verb mid")


def round_the_side(arrow: MapArrow, start: Place, end: Place, edges: tuple[float, float], lane: Lane, tip: str) -> str:
    """Out to the side, along it in its own lane, and in again."""
    out = -1.0 if lane.left else 1.0
    x = edges[0 if lane.left else 1] + out * ((lane.place + 1) * LANE - 6)
    from_x, to_x = ((place.x if lane.left else place.x + place.w) for place in (start, end))
    apart = 10.0 if start is end else 0.0
    y1, y2 = start.middle[1] + apart, end.middle[1] - apart
    turn = -10.0 if y2 < y1 else 10.0
    corner = x - out * 10
    d = (
        f"M{figure(from_x)} {figure(y1)}H{figure(corner)}Q{figure(x)} {figure(y1)} {figure(x)} {figure(y1 + turn)}"
        f"V{figure(y2 - turn)}Q{figure(x)} {figure(y2)} {figure(corner)} {figure(y2)}H{figure(to_x)}"
    )
    found = lane_lines(arrow.verb)
    middle = (y1 + y2) / 2 - (len(found) - 1) * VERB * 0.6 + VERB * 0.3
    names = "verb end" if lane.left else "verb"
    return _path(d, tip) + lines(found, x + out * 8, middle, VERB, names, 1.2, arrow.verb.language)
