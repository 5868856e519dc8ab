"""Edges of the forest: their types, and the path that a new one would close to a cycle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentmem.bank.view import View
from agentmem.db.links import Direction
from agentmem.errors import NotApplicable
from agentmem.records import Link
from agentmem.stores.task.content import content_of

PARENT = "parent"
"""From a step to what it hangs under."""
DEPENDS_ON = "depends_on"
"""From a step to one without whose value its own cannot be settled."""
CHANGED = "changed"
"""From a step to the event that set its value: when that was, as a sequence number."""
SETTLED = "settled"
"""From a step to the event that confirmed its value, which was there already."""
MISSED = "missed"
"""From a step to one that changed after its value was settled, where an operation hides that otherwise."""
STRUCTURE = (PARENT, DEPENDS_ON)


class Cycle(NotApplicable):
    """An edge would close a cycle.

    Args:
        titles: Of the nodes along it, the first one again at the end.
        type: Of the edges.
    """

    def __init__(self, titles: Sequence[str], type: str) -> None:
        said = "depends on" if type == DEPENDS_ON else "hangs under"
        told = f" {said} ".join(repr(title) for title in titles)
        super().__init__(f"this would close a cycle: {told}", "take one of these edges away first")
        self.titles = tuple(titles)


def refuse_cycle(view: View, source: str, target: str, type: str) -> None:
    """Go on where an edge from `source` to `target` closes no cycle.

    Raises:
        Cycle: it would.
    """
    path = find_path(view, target, source, type)
    if path is not None:
        records = {record.id: record for record in view.get(path)}
        raise Cycle([content_of(records[id]).slot for id in (source, *path)], type)


def find_path(view: View, start: str, end: str, type: str) -> list[str] | None:
    """Ids along links of `type` from `start` to `end`, both included; none where there is no path.

    Searched from both ends, a ring at a time from whichever has seen less: from a node that nothing
    depends on, or to one that depends on nothing, it takes two statements, however large the forest.
    """
    if start == end:
        return [start]
    ahead: list[set[str]] = [{start}]
    back: list[set[str]] = [{end}]
    seen_ahead, seen_back = {start}, {end}
    while ahead[-1] and back[-1]:
        forward = len(seen_ahead) <= len(seen_back)
        rings, seen, others = (ahead, seen_ahead, seen_back) if forward else (back, seen_back, seen_ahead)
        ring = _next(view, rings[-1], type, "out" if forward else "in") - seen
        seen |= ring
        rings.append(ring)
        if met := ring & others:
            middle = min(met)
            ahead_rings, back_rings = _until(ahead, middle), _until(back, middle)
            first = _walk(view, middle, ahead_rings, type, "in")
            return [*reversed(first), middle, *_walk(view, middle, back_rings, type, "out")]
    return None


def _next(view: View, ids: Iterable[str], type: str, direction: Direction) -> set[str]:
    return {id for id, distance in view.reach(ids, type, direction, 1).items() if distance == 1}


def _until(rings: Sequence[set[str]], id: str) -> Sequence[set[str]]:
    """The rings before the one that holds `id`."""
    return rings[: next(place for place, ring in enumerate(rings) if id in ring)]


def _walk(view: View, id: str, rings: Sequence[set[str]], type: str, direction: Direction) -> list[str]:
    """From `id` through `rings`, the last one first."""
    path: list[str] = []
    for ring in reversed(rings):
        id = min(_next(view, [id], type, direction) & ring)
        path.append(id)
    return path


def moved(links: Iterable[Link], old: str, new: str) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Edges of `old` as edges of `new`, and those that end for it; none from `new` to itself."""
    ended = tuple(link for link in links if link.type in STRUCTURE and old in (link.source, link.target))
    made = []
    for link in ended:
        source = new if link.source == old else link.source
        target = new if link.target == old else link.target
        if source != target:
            made.append(Link(source=source, type=link.type, target=target))
    return tuple(made), ended
