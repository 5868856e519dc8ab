"""Diagonal lines go through the cell to the edge."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, diagonals_through, filled_cells, main_colour, paint


def transform(grid: Grid) -> Grid:
    return paint(grid, diagonals_through(filled_cells(grid)), main_colour(grid))
