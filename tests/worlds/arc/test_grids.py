import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.worlds.arc.grids import PALETTE, coloured, grid_in, grid_of, grids_in, text_of

GRIDS = st.tuples(st.integers(1, 30), st.integers(1, 30)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 9), min_size=size[1], max_size=size[1]).map(tuple),
        min_size=size[0],
        max_size=size[0],
    ).map(tuple)
)
LARGER = GRIDS.filter(lambda grid: len(grid) > 1 or len(grid[0]) > 1)


@settings(max_examples=25, deadline=None)
@given(LARGER, st.sampled_from(["", " ", ", ", " | "]))
def test_text_is_read_back(grid, separator):
    assert grid_in(text_of(grid, separator)) == grid
    assert grid_in(f"The output is:\n```\n{text_of(grid, separator)}\n```\nas asked.") == grid


@settings(max_examples=25, deadline=None)
@given(GRIDS)
def test_lists_are_read_back(grid):
    listed = [list(row) for row in grid]
    rows = ",\n ".join(map(str, listed))
    assert grid_in(f"answer = {listed}") == grid == grid_in(f"So:\n[{rows}]\nDone.")
    assert grids_in(f"[{rows}]") == (grid,)


@settings(max_examples=25, deadline=None)
@given(GRIDS)
def test_numpy_arrays_of_whole_numbers_are_grids(grid):
    for kind in (np.int8, np.uint64, np.float32, object):
        assert grid_of(np.array(grid, dtype=kind)) == grid


@settings(max_examples=25, deadline=None)
@given(LARGER, LARGER)
def test_the_last_of_several_is_the_answer(first, last):
    assert grids_in(f"from\n{text_of(first)}\n\nto\n{text_of(last)}") == (first, last)
    assert grid_in(f"{text_of(first)}\n\n{[list(row) for row in last]}\n") == last


@given(st.text(alphabet="0123456789[], \n|ab", max_size=300))
def test_any_text_gives_grids_or_none(text):
    for grid in grids_in(text):
        assert grid_of(grid) == grid


@pytest.mark.parametrize(
    "text", ["", "no grid", "1. first\n2. second", "7", "[[1, 2], [3]]", "[[10]]", "1" * 31]
)
def test_what_is_no_grid_is_refused(text):
    with pytest.raises(InvalidInput):
        grid_in(text)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [[]],
        [[1], []],
        3,
        "12",
        [["1"]],
        [[True]],
        [[1.5]],
        [[10**400]],
        np.zeros((2, 2, 2)),
        np.array(["a"]),
    ],
)
def test_values_that_are_no_grid_are_refused(value):
    with pytest.raises(InvalidInput):
        grid_of(value)


def test_a_terminal_shows_each_cell_in_its_colour():
    shown = coloured(((1, 2), (0, 9)))
    assert shown.plain == "    \n    "
    assert [str(span.style) for span in shown.spans] == [f"on {PALETTE[cell]}" for cell in (1, 2, 0, 9)]
