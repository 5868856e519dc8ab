"""Rows of one colour become grey and all else black."""

from __future__ import annotations

from agentmem.worlds.arc.dsl import GREY, Grid, picture_of_mask, uniform_rows


def transform(grid: Grid) -> Grid:
    return picture_of_mask(uniform_rows(grid), GREY)
