"""Four quarters are laid over each other in a fixed order."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, overlay_all, quarters


def transform(grid: Grid) -> Grid:
    first, second, third, last = quarters(grid)
    return overlay_all([first, last, third, second])
