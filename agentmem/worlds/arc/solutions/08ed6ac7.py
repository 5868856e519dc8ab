"""Bars are coloured in the order of their heights, the highest first."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, height_of, paint_in_order, pieces, reversed_pieces, sort_pieces


def transform(grid: Grid) -> Grid:
    return paint_in_order(grid, reversed_pieces(sort_pieces(pieces(grid), height_of)))
