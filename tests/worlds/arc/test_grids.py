import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.worlds.arc.grids import PALETTE, coloured, grid_of, text_of

GRIDS = st.tuples(st.integers(1, 30), st.integers(1, 30)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 9), min_size=size[1], max_size=size[1]).map(tuple),
        min_size=size[0],
        max_size=size[0],
    ).map(tuple)
)


@settings(max_examples=25, deadline=None)
@given(GRIDS, st.sampled_from(["", " ", ", "]))
def test_text_has_a_line_for_each_row_and_a_digit_for_each_cell(grid, separator):
    rows = text_of(grid, separator).split("\n")
    assert grid_of([[int(one) for one in row.replace(separator, "")] for row in rows]) == grid


@settings(max_examples=25, deadline=None)
@given(GRIDS)
def test_numpy_arrays_of_whole_numbers_are_grids(grid):
    for kind in (np.int8, np.uint64, np.float32, object):
        assert grid_of(np.array(grid, dtype=kind)) == grid


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
