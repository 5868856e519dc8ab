"""Two cells send lines to meet at a grey cell in the middle."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import (
    BLUE,
    GREY,
    LEFT,
    ONE,
    RIGHT,
    Grid,
    beside,
    last_columns,
    left_half,
    recolour,
    right_half,
    silhouette,
    trail,
)


def transform(grid: Grid) -> Grid:
    left, right = trail(left_half(grid), RIGHT), trail(right_half(grid), LEFT)
    middle = recolour(silhouette(last_columns(left, ONE)), BLUE, GREY)
    return beside(beside(left, middle), right)
