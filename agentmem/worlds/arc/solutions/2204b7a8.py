"""Green cells take the colour of the nearer wall."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREEN, Grid, above, beside, main_colour, map_grids, quarters, recolour


def transform(grid: Grid) -> Grid:
    quarter = map_grids(quarters(grid), lambda part: recolour(part, GREEN, main_colour(part)))
    return above(beside(quarter[0], quarter[1]), beside(quarter[2], quarter[3]))
