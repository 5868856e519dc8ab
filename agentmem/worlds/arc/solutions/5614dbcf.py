"""The picture is made smaller by three; noise disappears."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import THREE, Grid, scale_down


def transform(grid: Grid) -> Grid:
    return scale_down(grid, THREE)
