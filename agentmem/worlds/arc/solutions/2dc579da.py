"""The panel that differs from the others is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, as_it_is, odd_grid_out, panels


def transform(grid: Grid) -> Grid:
    return odd_grid_out(panels(grid), as_it_is)
