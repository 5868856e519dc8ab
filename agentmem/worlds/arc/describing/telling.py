"""Outputs that say something of the input, rather than show a part of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agentmem.worlds.arc.describing.change import Change, Question


def is_one_cell(change: Change) -> bool:
    """The output is one cell."""
    return change.after.cells.size == 1


def is_a_line(change: Change) -> bool:
    """The output is one row or one column."""
    return change.after.cells.size > 1 and 1 in change.after.shape


def is_one_colour(change: Change) -> bool:
    """The output is of one colour all over."""
    return len(np.unique(change.after.cells)) == 1


def is_the_commonest_colour(change: Change) -> bool:
    """The output is all of the colour that is commonest in the input, but for the background."""
    colours = change.before.colours
    if not colours or not is_one_colour(change):
        return False
    commonest = max(colours, key=lambda one: int(change.before.counts[one]))
    return commonest == int(change.after.cells[0, 0])


def counts_things(change: Change) -> bool:
    """The output has as many cells that are set as the input has things, or as it is long."""
    count = len(change.before.groups)
    return (
        not change.same_size
        and count > 1
        and count in {int(change.after.figure.sum()), change.after.cells.size, *change.after.shape}
    )


def counts_colours(change: Change) -> bool:
    """The output has as many rows, columns or cells as the input has colours."""
    count = len(change.before.colours)
    return not change.same_size and count > 1 and count in {change.after.cells.size, *change.after.shape}


def is_smaller(change: Change) -> bool:
    """The output is smaller than the input."""
    return not change.same_size and change.after.cells.size < change.before.cells.size


def is_larger(change: Change) -> bool:
    """The output is larger than the input."""
    return not change.same_size and change.after.cells.size > change.before.cells.size


SAYS: Mapping[str, Question] = {
    "The output is a single cell: an answer of one colour.": is_one_cell,
    "The output is a single row or column: a list, a sequence, a count.": is_a_line,
    "The output has one colour all over.": is_one_colour,
    "The output is the most common colour of the input.": is_the_commonest_colour,
    "The output counts: it has as many cells as the input has objects.": counts_things,
    "The size of the output goes with the number of colours of the input.": counts_colours,
    "The output is smaller than the input.": is_smaller,
    "The output is larger than the input.": is_larger,
}
"""What is said where the answer is yes."""
