"""What goes, moves, or gets another colour in a grid that keeps its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from agentmem.worlds.arc.describing.change import Change, Question, same
from agentmem.worlds.arc.describing.things import Cells, Thing, components

_SMALL = 2
"""Cells up to which what is erased is noise."""


def removes_noise(change: Change) -> bool:
    """Single cells are erased."""
    gone = components(change.erased)
    return (
        change.only_erases and all(part.sum() <= _SMALL for part in gone) and bool(change.after.figure.any())
    )


def removes_things(change: Change) -> bool:
    """Whole things are erased, others stay as they are."""
    if not change.only_erases:
        return False
    background = frozenset({change.before.background})
    kept = [colours == one.colours for one, colours in change.wholes]
    gone = [colours == background for _, colours in change.wholes]
    return any(gone) and any(kept) and all(a or b for a, b in zip(kept, gone, strict=True))


def removes_a_colour(change: Change) -> bool:
    """All cells of a colour are erased, others stay as they are."""
    erased = set(change.before.cells[change.erased].tolist())
    return (
        change.only_erases
        and len(erased) == 1
        and bool((change.erased == (change.before.cells == min(erased))).all())
    )


def moves(change: Change) -> bool:
    """The same things stand in other places."""
    if not (change.same_size and change.changed.any()):
        return False
    both = change.before, change.after
    groups, things = (
        [Counter((one.form, one.colours) for one in parts) for parts in sides]
        for sides in ([view.groups for view in both], [view.things for view in both])
    )
    return groups[0] == groups[1] or things[0] == things[1]


def moves_some(change: Change) -> bool:
    """Some things stand in other places, others stay."""
    if not (
        change.same_size and change.changed.any() and (change.before.counts == change.after.counts).all()
    ):
        return False
    return any(colours == one.colours for one, colours in change.wholes)


def _fallen(cells: Cells, background: int) -> Cells:
    fallen = np.full_like(cells, background)
    for column in range(cells.shape[1]):
        kept = cells[:, column][cells[:, column] != background]
        if len(kept):
            fallen[-len(kept) :, column] = kept
    return fallen


def falls(change: Change) -> bool:
    """Cells fall to one side of the grid, or things do."""
    if not (change.same_size and change.changed.any()):
        return False
    background = change.before.background
    return any(
        same(_fallen(np.rot90(change.before.cells, k), background), np.rot90(change.after.cells, k))
        for k in range(4)
    )


def shifts(change: Change) -> bool:
    """All is shifted by the same way, and may come in again on the other side."""
    if not (change.same_size and change.changed.any()):
        return False
    before, after = change.before, change.after
    high, wide = before.shape
    for i, j in ((i, j) for i in range(-3, 4) for j in range(-3, 4) if (i, j) != (0, 0)):
        rolled = np.roll(before.cells, (i, j), (0, 1))
        if same(rolled, after.cells):
            return True
        pushed = rolled.copy()
        pushed[: max(i, 0)] = pushed[high + min(i, 0) :] = before.background
        pushed[:, : max(j, 0)] = pushed[:, wide + min(j, 0) :] = before.background
        if same(pushed, after.cells) and before.figure.any():
            return True
    return False


def recolours_wholes(change: Change) -> bool:
    """Things get another colour, each as a whole."""
    if not change.only_recolours:
        return False
    return all(len(colours) == 1 for _, colours in change.wholes)


def recolours_by_property(change: Change) -> bool:
    """Things of one colour get several."""
    if not recolours_wholes(change):
        return False
    became: dict[frozenset[int], set[frozenset[int]]] = {}
    for one, colours in change.wholes:
        became.setdefault(one.colours, set()).add(colours)
    return any(len(each) > 1 for each in became.values())


def _recoloured_with(change: Change, measure: Callable[[Thing], object]) -> bool:
    """Whether the new colour of a thing goes with a measure of it, and not all things get the same."""
    if not recolours_by_property(change):
        return False
    by_measure: dict[object, set[frozenset[int]]] = {}
    for one, colours in change.wholes:
        by_measure.setdefault(measure(one), set()).add(colours)
    one_each = all(len(each) == 1 for each in by_measure.values())
    return one_each and len(by_measure) < max(len(change.wholes), 2)


def recolours_by_size(change: Change) -> bool:
    """The new colour goes with the size."""
    return _recoloured_with(change, lambda one: one.size)


def recolours_by_form(change: Change) -> bool:
    """The new colour goes with the shape."""
    return _recoloured_with(change, lambda one: one.free_form) and not recolours_by_size(change)


def recolours_by_holes(change: Change) -> bool:
    """The new colour goes with the number of holes."""
    return _recoloured_with(change, lambda one: one.holes)


def marks_one(change: Change) -> bool:
    """One thing gets another colour, and all others stay."""
    kept = [colours == one.colours for one, colours in change.wholes]
    return change.only_recolours and len(kept) > 1 and kept.count(False) == 1 and recolours_wholes(change)


def takes_known_colours(change: Change) -> bool:
    """Things get colours that are there."""
    became = set(change.after.cells[change.changed].tolist()) if change.same_size else set()
    return change.only_recolours and became <= change.before.colours


def cleans(change: Change) -> bool:
    """Only scattered cells change, each of them alone."""
    parts = components(change.changed, diagonal=False)
    return len(parts) > _SMALL and all(part.sum() <= _SMALL for part in parts) and not change.only_draws


SAYS: Mapping[str, Question] = {
    "Single stray cells are removed: noise is cleaned away.": removes_noise,
    "Whole objects are removed, and others kept, by some property.": removes_things,
    "All cells of one colour are removed.": removes_a_colour,
    "Objects move: the same shapes stand in other places.": moves,
    "Some objects move and others stay; the number of cells of each colour is the same.": moves_some,
    "Gravity: cells fall or slide to one side of the grid until they stop.": falls,
    "Everything is shifted by a few cells (translation).": shifts,
    "Objects are recoloured, each as a whole.": recolours_wholes,
    "Objects of one colour get different colours by a property: classify objects.": recolours_by_property,
    "The new colour of an object goes with its size: sort or rank by number of cells.": recolours_by_size,
    "The new colour of an object goes with its shape.": recolours_by_form,
    "The new colour of an object goes with the number of its holes.": recolours_by_holes,
    "One object is singled out by a new colour; all others stay as they are.": marks_one,
    "Objects take a colour that is there: of a marker, a neighbour or a legend.": takes_known_colours,
    "Scattered single cells change: noise is replaced (denoise).": cleans,
}
"""What is said where the answer is yes."""
