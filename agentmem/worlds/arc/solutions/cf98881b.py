"""Three panels are laid over each other, the first uppermost."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, overlay_all, panels, reversed_grids


def transform(grid: Grid) -> Grid:
    return overlay_all(reversed_grids(panels(grid)))
