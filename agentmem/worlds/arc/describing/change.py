"""An input and its output, looked at together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from agentmem.worlds.arc.describing.sight import View
from agentmem.worlds.arc.describing.things import Cells, Mask, Thing, components

Question = Callable[["Change"], bool]
"""Whether something is so for one pair."""


class Change:
    """An input and its output, looked at together.

    Args:
        before: The input.
        after: The output.
    """

    def __init__(self, before: View, after: View) -> None:
        self.before, self.after = before, after

    @property
    def same_size(self) -> bool:
        """Whether both have the same rows and columns."""
        return self.before.shape == self.after.shape

    @cached_property
    def changed(self) -> Mask:
        """Which cells change; none do where the sizes differ."""
        if not self.same_size:
            return np.zeros(self.before.shape, dtype=bool)
        changed: Mask = self.before.cells != self.after.cells
        return changed

    @cached_property
    def drawn(self) -> Mask:
        """Which cells were background and are no more; none where there is no background."""
        if not self.before.has_background:
            return np.zeros(self.before.shape, dtype=bool)
        return self.changed & ~self.before.figure

    @cached_property
    def erased(self) -> Mask:
        """Which cells become background."""
        return self.changed & (self.after.cells == self.before.background) if self.same_size else self.changed

    @cached_property
    def only_draws(self) -> bool:
        """Whether all that there is stays, and something comes."""
        return bool(self.changed.any() and (self.changed == self.drawn).all())

    @cached_property
    def only_erases(self) -> bool:
        """Whether nothing comes, and something goes."""
        return bool(self.changed.any() and (self.changed == self.erased).all())

    @cached_property
    def only_recolours(self) -> bool:
        """Whether the same cells are background, and some others have another colour."""
        keeps = self.changed & self.before.figure & ~self.erased
        return bool(self.changed.any() and (self.changed == keeps).all())

    @cached_property
    def strokes(self) -> list[Mask]:
        """What is drawn, by parts that touch."""
        return components(self.drawn)

    @cached_property
    def wholes(self) -> list[tuple[Thing, frozenset[int]]]:
        """Things of the input, and the colours that stand in their place; none where the sizes differ."""
        if not self.same_size:
            return []
        after = self.after.cells
        return [(one, frozenset(after[place(one)][one.mask].tolist())) for one in self.before.things]


def place(one: Thing) -> tuple[slice, slice]:
    """Where the box of a thing is."""
    return np.s_[one.top : one.top + one.height, one.left : one.left + one.width]


def same(one: Cells, other: Cells) -> bool:
    """Whether two are equal in shape and cells."""
    return one.shape == other.shape and bool((one == other).all())


def times_as_large(small: tuple[int, ...], large: tuple[int, ...]) -> tuple[int, int] | None:
    """How often one shape goes into another, in rows and columns; none: not evenly, or once."""
    if large[0] % small[0] or large[1] % small[1] or small == large:
        return None
    return large[0] // small[0], large[1] // small[1]
