"""Masks by what is next to them: grown, hollowed, shifted, their rings and corners."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.values import Direction, Mask


def grown(mask: Mask) -> Mask:
    """A mask and all cells around it, the diagonal ones too.

    Args:
        mask: What grows by one cell on each side.
    """
    wide = _padded(mask)
    tall = wide[:-2] | wide[1:-1] | wide[2:]
    return np.asarray(tall[:, :-2] | tall[:, 1:-1] | tall[:, 2:], dtype=bool)


def ring_around(mask: Mask) -> Mask:
    """The cells that touch a mask from outside, the diagonal ones too.

    Args:
        mask: What is ringed.
    """
    return grown(mask) & ~mask


def interior(mask: Mask) -> Mask:
    """The cells of a mask all of whose eight neighbours are in it too; the edge of the grid is none.

    Args:
        mask: What is hollowed.
    """
    wide = _padded(mask)
    tall = wide[:-2] & wide[1:-1] & wide[2:]
    return np.asarray(tall[:, :-2] & tall[:, 1:-1] & tall[:, 2:], dtype=bool)


def neighbours(mask: Mask) -> Mask:
    """The cells beside, above and below those of a mask, without these.

    Args:
        mask: Whose neighbours are meant.
    """
    wide = _padded(mask)
    touching = wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
    return np.asarray(touching & ~mask, dtype=bool)


def diagonal_neighbours(mask: Mask) -> Mask:
    """The cells that touch those of a mask at a corner, without these.

    Args:
        mask: Whose neighbours are meant.
    """
    wide = _padded(mask)
    touching = wide[:-2, :-2] | wide[:-2, 2:] | wide[2:, :-2] | wide[2:, 2:]
    return np.asarray(touching & ~mask, dtype=bool)


def shifted(mask: Mask, direction: Direction) -> Mask:
    """The cells one step in a direction from those of a mask.

    Args:
        mask: From where.
        direction: Where to.
    """
    height, width = mask.shape
    down, right = direction
    return np.ascontiguousarray(_padded(mask)[1 - down : 1 - down + height, 1 - right : 1 - right + width])


def corners_of(mask: Mask) -> Mask:
    """The cells of a mask that lack a neighbour both to the left or right and above or below.

    Args:
        mask: Whose corners are meant.
    """
    wide = _padded(mask)
    beside = wide[1:-1, :-2] & wide[1:-1, 2:]
    upright = wide[:-2, 1:-1] & wide[2:, 1:-1]
    return np.asarray(mask & ~beside & ~upright, dtype=bool)


def blocks_of(mask: Mask) -> Mask:
    """The cells of a mask that are in some full block of two by two of it.

    Args:
        mask: Whose blocks are meant.
    """
    wide = _padded(mask)
    block = wide[:-1, :-1] & wide[:-1, 1:] & wide[1:, :-1] & wide[1:, 1:]
    return np.asarray(mask & (block[:-1, :-1] | block[:-1, 1:] | block[1:, :-1] | block[1:, 1:]), dtype=bool)


def _padded(mask: Mask) -> Mask:
    """The mask with a ring of cells around it that are not in it; much faster than `np.pad`."""
    height, width = mask.shape
    wide = np.zeros((height + 2, width + 2), dtype=bool)
    wide[1:-1, 1:-1] = mask
    return wide
