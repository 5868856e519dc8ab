"""The halves above and below the line are laid over each other."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import Grid, bottom_half, overlay, top_half


def transform(grid: Grid) -> Grid:
    return overlay(top_half(grid), bottom_half(grid))
