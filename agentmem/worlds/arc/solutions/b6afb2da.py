"""Corners of rectangles become blue, their other edges yellow and the inside red."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import BLUE, RED, YELLOW, Grid, corners_of, filled_cells, interior, paint


def transform(grid: Grid) -> Grid:
    boxes = filled_cells(grid)
    scene = paint(paint(grid, boxes, YELLOW), interior(boxes), RED)
    return paint(scene, corners_of(boxes), BLUE)
