"""Outputs that are cut out of the input, or made of its panels."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

import numpy as np

from agentmem.worlds.arc.describing.change import Change, Question, same, times_as_large
from agentmem.worlds.arc.describing.telling import is_one_colour
from agentmem.worlds.arc.describing.things import Cells, Mask, Thing
from agentmem.worlds.arc.describing.turning import turns

_SMALL = 2
"""Things from which on there is one to choose."""


def _is_within(part: Cells, cells: Cells) -> bool:
    if any(a < b for a, b in zip(cells.shape, part.shape, strict=True)):
        return False
    windows = np.lib.stride_tricks.sliding_window_view(cells, part.shape)
    return bool((windows == part).all(axis=(2, 3)).any())


def crops(change: Change) -> bool:
    """The output is a part of the input."""
    if change.same_size:
        return False
    return _is_within(change.after.cells, change.before.cells)


def crops_and_turns(change: Change) -> bool:
    """The output is a part of the input, turned or flipped."""
    if change.same_size or crops(change) or is_one_colour(change):
        return False
    return any(_is_within(cells, change.before.cells) for _, cells in turns(change.after.cells))


def crops_to_all(change: Change) -> bool:
    """The output is what is within the box around all that is not background."""
    box = change.before.box
    return not change.same_size and box is not None and same(box, change.after.cells)


def _crops_to(change: Change, choose: Callable[[list[Thing]], Thing | None]) -> bool:
    """Whether the output is the one of all groups, or of all things of one colour, that is chosen."""
    return any(
        len(things) >= _SMALL and (chosen := choose(list(things))) is not None and _is(change, chosen)
        for things in (change.before.groups, change.before.things)
    )


def _is(change: Change, one: Thing) -> bool:
    """Whether the output is a thing, with what else is in its box or without."""
    alone = np.where(one.mask, one.cells, change.before.background)
    return not change.same_size and any(same(cells, change.after.cells) for cells in (one.cells, alone))


def crops_to_a_thing(change: Change) -> bool:
    """The output is one of several things."""
    things = [*change.before.groups, *change.before.things]
    return len(things) > _SMALL and any(_is(change, one) for one in things)


def crops_to_the_inside(change: Change) -> bool:
    """The output is what a frame encloses."""
    frames = [one for one in change.before.things if one.kind == "frame"]
    return any(same(one.cells[1:-1, 1:-1], change.after.cells) for one in frames)


def has_the_shape_of_a_thing(change: Change) -> bool:
    """The output has the shape of a thing, and other colours or another size."""
    if change.same_size or crops_to_a_thing(change) or not change.after.figure.any():
        return False
    form = change.after.figure
    for one in (*change.before.groups, *change.before.things):
        times = times_as_large(one.mask.shape, form.shape) or (1, 1)
        if (
            one.size > 1
            and not one.mask.all()
            and np.array_equal(np.kron(one.mask, np.ones(times, dtype=bool)), form)
        ):
            return True
    return False


def crops_to_the_largest(change: Change) -> bool:
    """The output is the largest thing."""
    return _crops_to(change, lambda things: max(things, key=lambda one: one.size))


def crops_to_the_smallest(change: Change) -> bool:
    """The output is the smallest thing."""
    return _crops_to(change, lambda things: min(things, key=lambda one: one.size))


def crops_to_the_odd_one(change: Change) -> bool:
    """The output is the thing whose shape or colours no other has."""

    def odd(things: list[Thing]) -> Thing | None:
        measures: tuple[list[Hashable], ...] = (
            [one.free_form for one in things],
            [one.colours for one in things],
            [one.holes for one in things],
        )
        for seen in measures:
            single = [one for one, of in zip(things, seen, strict=True) if seen.count(of) == 1]
            if len(single) == 1 and len(things) > _SMALL:
                return single[0]
        return None

    return _crops_to(change, odd)


def _parts(change: Change) -> tuple[Cells, ...]:
    """The panels of the input that are as large as the output, or its halves where these are."""
    panels = change.before.panels
    if panels is not None and panels.parts[0].shape == change.after.shape:
        return panels.parts
    cells, (high, wide) = change.before.cells, change.before.shape
    if change.after.shape == (high // 2, wide) and high % 2 == 0:
        return cells[: high // 2], cells[high // 2 :]
    if change.after.shape == (high, wide // 2) and wide % 2 == 0:
        return cells[:, : wide // 2], cells[:, wide // 2 :]
    return ()


def is_a_panel(change: Change) -> bool:
    """The output is one of the panels of the input."""
    return any(same(part, change.after.cells) for part in _parts(change))


def has_the_size_of_a_panel(change: Change) -> bool:
    """The output is as large as a panel of the input."""
    return bool(_parts(change))


def has_a_cell_for_each_panel(change: Change) -> bool:
    """The output has as many rows and columns as the input has panels."""
    panels = change.before.panels
    return panels is not None and (panels.rows, panels.columns) == change.after.shape


def overlays(change: Change) -> bool:
    """Each cell of the output is that of a panel at the same place, and set where any panel's is."""
    parts = _parts(change)
    if len(parts) < _SMALL or is_a_panel(change):
        return False
    stack, background = np.stack(parts), change.before.background
    among = (stack == change.after.cells).any(axis=0)
    return bool(among.all() and ((stack != background).any(axis=0) == change.after.figure).all())


def _combines(change: Change, rule: Callable[[Mask, Mask], Mask]) -> bool:
    parts = _parts(change)
    if len(parts) != _SMALL:
        return False
    ground = change.before.background
    background = ground if all((part == ground).any() for part in parts) else 0
    first, second = (part != background for part in parts)
    return bool((rule(first, second) == (change.after.cells != background)).all())


def panels_and(change: Change) -> bool:
    """Cells are set where they are set in both halves."""
    return _combines(change, lambda a, b: a & b)


def panels_or(change: Change) -> bool:
    """Cells are set where they are set in either half."""
    return _combines(change, lambda a, b: a | b)


def panels_xor(change: Change) -> bool:
    """Cells are set where they are set in one half only."""
    return _combines(change, lambda a, b: a ^ b)


def panels_nor(change: Change) -> bool:
    """Cells are set where they are set in neither half."""
    return _combines(change, lambda a, b: ~(a | b))


SAYS: Mapping[str, Question] = {
    "The output is a part of the input, cut out: crop.": crops,
    "A part of the input is cut out and flipped or rotated.": crops_and_turns,
    "The output is the bounding box of everything that is not background: crop to content.": crops_to_all,
    "One object is selected out of several and cropped.": crops_to_a_thing,
    "The largest object is extracted.": crops_to_the_largest,
    "The smallest object is extracted.": crops_to_the_smallest,
    "The odd one out is extracted: the object that differs from all others.": crops_to_the_odd_one,
    "What a frame encloses is cropped: the inside of a box.": crops_to_the_inside,
    "The output has the shape of one object, recoloured or scaled.": has_the_shape_of_a_thing,
    "One of the panels into which the grid is divided is selected.": is_a_panel,
    "The output has the size of one panel of the input.": has_the_size_of_a_panel,
    "The output has one cell for each panel of the input: a summary.": has_a_cell_for_each_panel,
    "Panels are laid over each other: overlay, stack, merge layers.": overlays,
    "Two halves are laid over each other: cells set in both (logical AND, intersection).": panels_and,
    "Two halves are laid over each other: cells set in either (logical OR, union, overlay).": panels_or,
    "Two halves are compared: cells set in exactly one (logical XOR, difference).": panels_xor,
    "Two halves are compared: cells set in neither (logical NOR).": panels_nor,
}
"""What is said where the answer is yes."""
