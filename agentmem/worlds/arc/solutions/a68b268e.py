"""Four panels are laid over each other in a fixed order."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, overlay_all, quarters, reversed_grids


def transform(grid: Grid) -> Grid:
    return overlay_all(reversed_grids(quarters(grid)))
