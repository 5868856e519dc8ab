"""What is drawn onto a grid that keeps its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from agentmem.worlds.arc.describing.change import Change, Question, place
from agentmem.worlds.arc.describing.sight import View
from agentmem.worlds.arc.describing.things import Cells, Mask

_SMALL = 2
"""Cells up to which a thing has no shape to speak of."""
_MOST = 0.7
"""Share of what is drawn that must lie in closed-off areas for these to be what is filled."""


def fills_enclosures(change: Change) -> bool:
    """All closed-off areas are filled, and little else is drawn."""
    inside = change.before.enclosures
    if not (change.only_draws and inside):
        return False
    area = np.logical_or.reduce(inside)
    return bool(change.drawn[area].all() and area[change.drawn].mean() >= _MOST)


def fills_some_enclosures(change: Change) -> bool:
    """Closed-off areas are filled, though not all, and little else is drawn."""
    inside = change.before.enclosures
    if not (change.only_draws and inside):
        return False
    area = np.logical_or.reduce(inside)
    return bool(not change.drawn[area].all() and area[change.drawn].mean() >= _MOST)


def fills_around(change: Change) -> bool:
    """The background outside closed-off areas is filled as well."""
    return bool(
        change.drawn.any()
        and not (change.after.cells == change.before.background).any()
        and change.before.figure.any()
    )


_RUN = 3
"""Cells from which on a row of them is a line."""


def _in_runs(cells: Cells) -> Mask:
    """Which cells stand in a row of at least three equal ones."""
    found = np.zeros(cells.shape, dtype=bool)
    for start in range(cells.shape[1] - _RUN + 1):
        window = cells[:, start : start + _RUN]
        found[:, start : start + _RUN] |= (window == window[:, :1]).all(axis=1)[:, None]
    return found


def _in_diagonals(cells: Cells) -> Mask:
    """Which cells stand in a diagonal of at least three equal ones, from the top left to the bottom right."""
    found = np.zeros(cells.shape, dtype=bool)
    high, wide = (length - _RUN + 1 for length in cells.shape)
    if high < 1 or wide < 1:
        return found
    steps = [np.s_[k : k + high, k : k + wide] for k in range(_RUN)]
    equal = np.logical_and.reduce([cells[step] == cells[steps[0]] for step in steps])
    for step in steps:
        found[step] |= equal
    return found


def _thick(mask: Mask) -> bool:
    """Whether some cells of a mask form a square of two by two."""
    return bool((mask[1:, 1:] & mask[:-1, 1:] & mask[1:, :-1] & mask[:-1, :-1]).any())


def draws_lines(change: Change) -> bool:
    """What is drawn are lines along rows or columns."""
    if not change.drawn.any() or _thick(change.drawn):
        return False
    straight = _in_runs(change.after.cells) | _in_runs(change.after.cells.T).T
    return bool(straight[change.drawn].all())


def draws_from_edge_to_edge(change: Change) -> bool:
    """Rows or columns are of one colour all over that were not."""
    if not change.drawn.any():
        return False
    sides = ((change.after.cells, change.drawn), (change.after.cells.T, change.drawn.T))
    return any(
        bool(((cells == cells[:, :1]).all(axis=1) & drawn.any(axis=1)).any()) for cells, drawn in sides
    )


def draws_diagonals(change: Change) -> bool:
    """What is drawn are diagonal lines."""
    if not change.drawn.any() or _thick(change.drawn):
        return False
    slanted = _in_diagonals(change.after.cells) | np.fliplr(_in_diagonals(np.fliplr(change.after.cells)))
    return bool(slanted[change.drawn].mean() * 2 > 1) and not draws_lines(change)


def draws_areas(change: Change) -> bool:
    """What is drawn are areas, not lines."""
    return change.only_draws and all(map(_thick, change.strokes))


def reaches_the_edge(change: Change) -> bool:
    """All that is drawn reaches the edge of the grid."""
    return change.only_draws and all(
        bool(part[0].any() or part[-1].any() or part[:, 0].any() or part[:, -1].any())
        for part in change.strokes
    )


def connects(change: Change) -> bool:
    """All that is drawn lies between two cells of one colour on the same row or column."""
    if not change.only_draws:
        return False
    between = _between(change.before.cells, change.before.background)
    between |= _between(change.before.cells.T, change.before.background).T
    return not bool((change.drawn & ~between).any())


def _between(cells: Cells, background: int) -> Mask:
    """Which cells have nothing but background between them and two equal cells on their row."""
    found = np.zeros(cells.shape, dtype=bool)
    for i, row in enumerate(cells):
        at = np.flatnonzero(row != background)
        for left, right in pairwise(at.tolist()):
            if row[left] == row[right]:
                found[i, left + 1 : right] = True
    return found


def surrounds(change: Change) -> bool:
    """All that is drawn touches what there was, and goes around it."""
    if not change.only_draws:
        return False
    around = _grown(change.before.figure)
    return not bool((change.drawn & ~around).any()) and bool(change.drawn.sum() >= change.before.figure.sum())


def _grown(mask: Mask) -> Mask:
    wide = np.pad(mask, 1)
    shifts = [np.roll(wide, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    grown: Mask = np.logical_or.reduce(shifts)[1:-1, 1:-1]
    return grown


def draws_frames(change: Change) -> bool:
    """Frames are drawn."""
    frames = _forms(change.after, "frame")
    return change.same_size and frames > _forms(change.before, "frame") and bool(change.drawn.any())


def draws_in_boxes(change: Change) -> bool:
    """What is drawn lies in the boxes around things."""
    boxes = np.zeros_like(change.drawn)
    for one in change.before.groups:
        boxes[place(one)] = True
    return change.only_draws and not bool((change.drawn & ~boxes).any())


def _forms(view: View, kind: str) -> int:
    return sum(one.kind == kind for one in view.things)


def copies(change: Change) -> bool:
    """A thing of the input is in the output more often."""
    if not change.same_size:
        return False
    forms = Counter(one.form for one in change.before.groups if one.size > _SMALL)
    after = Counter(one.form for one in change.after.groups if one.size > _SMALL)
    return any(after[form] > count for form, count in forms.items())


def completes_symmetry(change: Change) -> bool:
    """The output, or what is in it, is symmetrical in a way in which the input is not."""
    if not change.same_size or not change.changed.any():
        return False
    if change.after.symmetries - change.before.symmetries:
        return True
    boxes = change.before.box, change.after.box
    if any(box is None for box in boxes):
        return False
    before, after = (View(tuple(map(tuple, box.tolist()))).symmetries for box in boxes if box is not None)
    return bool(after - before)


def completes_symmetry_of_things(change: Change) -> bool:
    """Things are made symmetrical."""
    if not change.same_size or not change.drawn.any():
        return False
    before = _symmetrical(change.before)
    return before < 1 and _symmetrical(change.after) == 1


def _symmetrical(view: View) -> float:
    big = [one for one in view.groups if one.size > _SMALL]
    own = [bool(View(tuple(map(tuple, one.mask.astype(int).tolist()))).symmetries) for one in big]
    return sum(own) / len(own) if own else 1.0


def continues_pattern(change: Change) -> bool:
    """The output repeats a tile, and the input does not."""
    return change.same_size and change.after.period is not None and change.before.period is None


def repairs(change: Change) -> bool:
    """A colour that covers a part of a pattern gives way to the pattern."""
    if not change.changed.any():
        return False
    covering = set(change.before.cells[change.changed].tolist())
    if len(covering) != 1:
        return False
    colour = covering.pop()
    covered = change.before.cells == colour
    full = change.after.figure.mean() * 2 > 1
    return bool((covered == change.changed).all() and full and len(change.after.colours) > 1)


SAYS: Mapping[str, Question] = {
    "Closed-off areas are filled: the holes inside shapes get a colour (flood fill).": fills_enclosures,
    "Some holes are filled and others not, by their size or shape.": fills_some_enclosures,
    "No background is left: the outside is filled as well as the inside.": fills_around,
    "Straight lines are drawn, along rows or columns.": draws_lines,
    "Lines are drawn from edge to edge of the grid.": draws_from_edge_to_edge,
    "Diagonal lines are drawn.": draws_diagonals,
    "Areas are drawn or filled, not lines.": draws_areas,
    "What is drawn extends to the edge of the grid: lines or rays shoot out from cells.": reaches_the_edge,
    "Gaps between cells on the same row or column are closed: dots are connected by lines.": connects,
    "Cells are surrounded: a halo, border or outline is drawn around them.": surrounds,
    "Frames are drawn: rectangles with an outline.": draws_frames,
    "What is drawn lies in the bounding boxes of shapes: they are filled or completed.": draws_in_boxes,
    "A shape is copied to other places: stamped at markers or repeated.": copies,
    "The pattern is completed to be symmetrical: missing parts are mirrored.": completes_symmetry,
    "Each shape is made symmetrical.": completes_symmetry_of_things,
    "A repeating pattern is continued or completed over the grid.": continues_pattern,
    "A patch that hides a part of a pattern is replaced by the pattern: inpainting.": repairs,
}
"""What is said where the answer is yes."""
