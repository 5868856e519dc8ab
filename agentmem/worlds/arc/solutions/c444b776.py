"""What one panel holds is copied into all others."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, change_panels, count_filled, grid_with_most, panels


def transform(grid: Grid) -> Grid:
    content = grid_with_most(panels(grid), count_filled)
    return change_panels(grid, lambda panel: content)
