"""Turning, flipping and shifting whole grids."""

from __future__ import annotations

import numpy as np

from agentmem.worlds.arc.dsl.values import BLACK, Count, Direction, Grid, sized


def rotate_clockwise(grid: Grid) -> Grid:
    """Turns the grid a quarter clockwise.

    Args:
        grid: What is turned.
    """
    return np.ascontiguousarray(np.rot90(grid, -1))


def rotate_anticlockwise(grid: Grid) -> Grid:
    """Turns the grid a quarter anticlockwise.

    Args:
        grid: What is turned.
    """
    return np.ascontiguousarray(np.rot90(grid))


def rotate_half_turn(grid: Grid) -> Grid:
    """Turns the grid by half a turn, upside down.

    Args:
        grid: What is turned.
    """
    return np.ascontiguousarray(grid[::-1, ::-1])


def flip_left_right(grid: Grid) -> Grid:
    """Mirrors the grid, so that left and right change places.

    Args:
        grid: What is mirrored.
    """
    return np.ascontiguousarray(grid[:, ::-1])


def flip_top_bottom(grid: Grid) -> Grid:
    """Mirrors the grid, so that top and bottom change places.

    Args:
        grid: What is mirrored.
    """
    return np.ascontiguousarray(grid[::-1])


def flip_main_diagonal(grid: Grid) -> Grid:
    """Mirrors the grid at the diagonal from top left to bottom right, so that rows become columns.

    Args:
        grid: What is mirrored.
    """
    return np.ascontiguousarray(grid.T)


def flip_other_diagonal(grid: Grid) -> Grid:
    """Mirrors the grid at the diagonal from top right to bottom left.

    Args:
        grid: What is mirrored.
    """
    return np.ascontiguousarray(grid[::-1, ::-1].T)


def shift(grid: Grid, direction: Direction, count: Count) -> Grid:
    """Shifts everything in one direction; what leaves the grid is lost, and black comes in.

    Args:
        grid: What is shifted.
        direction: Where to.
        count: By how many cells.
    """
    down, right = direction[0] * count, direction[1] * count
    height, width = grid.shape
    shifted = np.full_like(grid, BLACK)
    if abs(down) < height and abs(right) < width:
        shifted[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = grid[
            max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
        ]
    return sized(shifted)
