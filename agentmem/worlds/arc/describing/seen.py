"""What is seen in one grid, in sentences. What is seen in most (a square, odd shapes) is not said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agentmem.worlds.arc.describing.change import Change
from agentmem.worlds.arc.describing.sight import View

_TINY, _SMALL, _MIDDLE = 3, 6, 15
_FEW_THINGS, _SOME_THINGS = 4, 10
_NOISE_SHARE = 0.6
_FULL_SHARE, _EMPTY_SHARE = 0.9, 0.15


def seen(view: View) -> Iterator[str]:
    """What is seen in a grid."""
    yield from _sizes(view)
    yield from _colours(view)
    yield from _order(view)
    yield from _things(view)
    yield from _kinds(view)


def result(change: Change) -> Iterator[str]:
    """What is seen in an output, where the input is not like that."""
    after, before = change.after, change.before
    if after.symmetries and not before.symmetries:
        yield "The output is symmetrical."
    if after.period is not None and before.period is None:
        yield "The output repeats a tile."
    new = {one.kind for one in after.things} - {one.kind for one in before.things}
    if "diagonal" in new:
        yield "The output has diagonal lines."
    if "frame" in new:
        yield "The output has frames: hollow rectangles."
    if not change.same_size:
        one = len(after.colours) == 1
        yield f"The output has {'one colour besides the background' if one else 'several colours'}."
    if len(after.groups) == 1 < len(before.groups):
        yield "The output has one object."
    if after.background != before.background:
        yield "The output has another background."


def _sizes(view: View) -> Iterator[str]:
    side = max(view.shape)
    if side <= _TINY:
        yield "The input grid is tiny."
    elif side <= _SMALL:
        yield "The input grid is small."
    elif side > _MIDDLE:
        yield "The input grid is large."
    if 1 in view.shape:
        yield "The input is a single row or column."


def _colours(view: View) -> Iterator[str]:
    count = len(view.colours)
    if count == 1:
        yield "There is one colour besides the background."
    elif count == 2:  # noqa: PLR2004  two
        yield "There are two colours besides the background."
    elif count:
        yield "There are several colours." if count <= _FEW_THINGS else "There are many colours."
    if not view.has_background:
        yield "There is no background: colours fill the grid."
    elif view.background != 0:
        yield "The background is not black."
    share = float(view.figure.mean())
    if share >= _FULL_SHARE:
        yield "The whole grid is covered by a pattern."
    elif share <= _EMPTY_SHARE:
        yield "The grid is mostly empty."


def _order(view: View) -> Iterator[str]:
    for name in sorted(view.symmetries):
        yield _SYMMETRIES[name]
    if view.period is not None:
        yield "A tile is repeated over the grid: a periodic pattern."
    panels = view.panels
    if panels is None:
        if view.lines is not None:
            yield "A line of one colour runs from edge to edge."
        return
    if panels.colour is None:
        yield "The grid has two halves of equal size."
    elif panels.rows * panels.columns == 2:  # noqa: PLR2004  two
        yield "A separator line divides the grid into two halves."
    else:
        yield "Separator lines divide the grid into panels or cells of a lattice."


_SYMMETRIES = {
    "left-right": "The input is symmetrical from left to right.",
    "top-bottom": "The input is symmetrical from top to bottom.",
    "diagonal": "The input is symmetrical along a diagonal.",
    "turned": "The input looks the same when it is turned by half.",
}


def _things(view: View) -> Iterator[str]:
    groups = view.groups
    if len(groups) == 1:
        yield "There is one object."
    elif len(groups) == 2:  # noqa: PLR2004  two
        yield "There are two objects."
    elif groups:
        few, some = len(groups) <= _FEW_THINGS, len(groups) <= _SOME_THINGS
        yield f"There are {'a few' if few else 'several' if some else 'many'} objects."
    if any(len(one.colours) > 1 for one in groups) and len(groups) > 1:
        yield "Objects consist of several colours."
    large = [one for one in groups if one.size > 1]
    if len(large) > 1:
        if len({one.free_form for one in large}) == 1:
            yield "All objects have the same shape."
        elif max(Counter(one.form for one in large).values()) > 1:
            yield "A shape occurs more than once."
        if len({one.size for one in large}) == len(large):
            yield "The objects differ in size."
    if view.enclosures:
        yield "Shapes enclose areas: there are holes."
    if any(one.height == view.shape[0] or one.width == view.shape[1] for one in groups if one.size > 1):
        yield "An object reaches from edge to edge."


def _kinds(view: View) -> Iterator[str]:
    kinds = Counter(one.kind for one in view.things)
    total = sum(kinds.values())
    if kinds["dot"] == total > 0:
        yield "There are only single cells: dots, points."
    elif kinds["dot"] >= _NOISE_SHARE * total:
        yield "There are many single cells, like noise or markers, and a few larger objects."
    elif kinds["dot"]:
        yield "Some single cells stand out, like markers."
    for kind, said in _KINDS.items():
        if kinds[kind]:
            yield said


_KINDS = {
    "line": "There are straight lines or bars.",
    "diagonal": "There are diagonal lines.",
    "square": "There are filled squares.",
    "rectangle": "There are filled rectangles.",
    "frame": "There are frames: hollow rectangles.",
    "cross": "There are crosses or T-shapes.",
    "corner": "There are corners: L-shapes.",
}
