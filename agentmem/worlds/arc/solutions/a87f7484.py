"""The panel whose form is like no other's is kept."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, odd_grid_out, silhouette, square_panels


def transform(grid: Grid) -> Grid:
    return odd_grid_out(square_panels(grid), silhouette)
