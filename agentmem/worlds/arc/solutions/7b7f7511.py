"""The tile that is repeated is kept once."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, repeated_tile


def transform(grid: Grid) -> Grid:
    return repeated_tile(grid)
