"""How much changes, and what stays."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.worlds.arc.describing.change import Change, Question

_FEW = 0.1
"""Share of cells up to which few change."""


def few_change(change: Change) -> bool:
    """Few cells change."""
    return bool(0 < change.changed.mean() <= _FEW)


def most_change(change: Change) -> bool:
    """More than half of the cells change."""
    return bool(change.changed.mean() * 2 > 1)


def draws(change: Change) -> bool:
    """Cells are only drawn onto the background."""
    return change.only_draws


def erases(change: Change) -> bool:
    """Cells are only erased."""
    return change.only_erases


def recolours(change: Change) -> bool:
    """Cells only change their colours."""
    return change.only_recolours


def draws_a_new_colour(change: Change) -> bool:
    """A colour is in the output that is not in the input."""
    return bool(change.after.colours - change.before.colours - {change.before.background})


def draws_a_known_colour(change: Change) -> bool:
    """What is drawn has colours that the input has."""
    drawn = set(change.after.cells[change.drawn].tolist()) if change.same_size else set()
    return bool(drawn) and drawn <= change.before.colours


def a_colour_goes(change: Change) -> bool:
    """A colour of the input is not in the output."""
    return bool(change.before.colours - change.after.colours - {change.after.background})


SAYS: Mapping[str, Question] = {
    "Only a few cells change.": few_change,
    "Most cells change.": most_change,
    "New cells are drawn onto the background; everything that was there stays in place.": draws,
    "Cells are only erased, nothing new is drawn: something is removed or deleted.": erases,
    "Shapes stay where they are and only their colours change: recolouring.": recolours,
    "A new colour appears in the output.": draws_a_new_colour,
    "What is drawn has a colour that the input already has.": draws_a_known_colour,
    "A colour of the input disappears: it is a marker, noise, or is replaced.": a_colour_goes,
}
"""What is said where the answer is yes."""
