"""Laws of the routines over whole grids: geometry, tiling, parts, colours, symmetry, falling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agentmem.worlds.arc import dsl
from agentmem.worlds.arc.dsl import RoutineError


def grids(most: int = 8, colours: int = 9) -> st.SearchStrategy[np.ndarray]:
    side = st.integers(1, most)
    return st.tuples(side, side).flatmap(
        lambda shape: arrays(np.int8, shape, elements=st.integers(0, colours))
    )


def rows(text: str) -> np.ndarray:
    return np.array([[int(cell) for cell in row] for row in text.split()], dtype=np.int8)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool((one == other).all())


TURNS = [dsl.rotate_half_turn, dsl.flip_left_right, dsl.flip_top_bottom]
DIAGONALS = [dsl.flip_main_diagonal, dsl.flip_other_diagonal]


@given(grids())
def test_turns_and_flips_are_a_group(grid: np.ndarray) -> None:
    for flip in (*TURNS, *DIAGONALS):
        assert same(flip(flip(grid)), grid)
    clockwise = dsl.rotate_clockwise(grid)
    assert same(dsl.rotate_anticlockwise(clockwise), grid)
    assert same(dsl.rotate_clockwise(clockwise), dsl.rotate_half_turn(grid))
    assert same(clockwise, dsl.flip_left_right(dsl.flip_main_diagonal(grid)))
    assert same(dsl.flip_other_diagonal(grid), dsl.rotate_half_turn(dsl.flip_main_diagonal(grid)))


@given(grids(), st.integers(0, 10))
def test_a_shift_loses_what_leaves_and_brings_black(grid: np.ndarray, count: int) -> None:
    down = dsl.shift(grid, dsl.DOWN, count)
    wanted = np.vstack((np.zeros((count, grid.shape[1]), dtype=np.int8), grid))[: grid.shape[0]]
    assert same(down, wanted)
    turned = dsl.shift(dsl.rotate_clockwise(grid), dsl.LEFT, count)
    assert same(turned, dsl.rotate_clockwise(down))


@given(grids(5), st.integers(1, 4))
def test_scaling_down_undoes_scaling_up(grid: np.ndarray, factor: int) -> None:
    assert same(dsl.scale_down(dsl.scale_up(grid, factor), factor), grid)


@given(grids(4), st.integers(1, 4), st.integers(1, 4))
def test_tiles_repeat_the_tile_and_it_is_found_again(grid: np.ndarray, down: int, right: int) -> None:
    tiled = dsl.tile(grid, down, right)
    smallest = dsl.repeated_tile(tiled)
    assert smallest.size <= grid.size
    height, width = tiled.shape
    assert same(np.tile(smallest, (height, width))[:height, :width], tiled)
    assert same(dsl.repeat_pattern(tiled, height, width), tiled)
    assert same(dsl.place_copies(np.ones((down, right), dtype=bool), grid), tiled)


@given(grids())
def test_halves_and_a_middle_make_the_grid(grid: np.ndarray) -> None:
    assert dsl.left_half(np.hstack((grid, grid))).shape == grid.shape
    assert same(dsl.left_half(dsl.beside(grid, dsl.flip_left_right(grid))), grid)
    assert same(dsl.bottom_half(dsl.extend_down(grid, dsl.as_it_is)), grid)
    assert same(dsl.trim(dsl.surround(grid, dsl.RED)), grid)


@given(grids())
def test_quarters_lie_in_the_order_of_reading(grid: np.ndarray) -> None:
    wide = dsl.beside(grid, dsl.paint_all(grid, dsl.RED))
    whole = dsl.above(wide, dsl.flip_left_right(wide))
    first, second, third, last = dsl.quarters(whole)
    assert same(first, grid) and same(last, dsl.flip_left_right(grid))
    assert (second == dsl.RED).all() and (third == dsl.RED).all()


@given(grids(), st.integers(0, 9), st.integers(0, 9))
def test_colours_that_are_exchanged_come_back(grid: np.ndarray, one: int, other: int) -> None:
    assert same(dsl.swap_colours(dsl.swap_colours(grid, one, other), one, other), grid)
    assert dsl.count_colour(dsl.recolour(grid, one, other), other) == dsl.count_colour(grid, other) + (
        dsl.count_colour(grid, one) if one != other else 0
    )


@given(grids())
def test_colours_by_count_are_those_there_are(grid: np.ndarray) -> None:
    present = set(np.unique(grid).tolist()) - {0}
    if not present:
        with pytest.raises(RoutineError, match="black"):
            dsl.colours_by_count(grid)
        return
    found = dsl.colours_by_count(grid)
    counts = [dsl.count_colour(grid, colour) for colour in found]
    assert set(found) == present and counts == sorted(counts, reverse=True)
    assert (dsl.main_colour(grid), dsl.rarest_colour(grid)) == (found[0], found[-1])


@given(grids(), st.sampled_from([dsl.UP, dsl.DOWN, dsl.LEFT, dsl.RIGHT]))
def test_cells_fall_in_their_lines_and_stay_fallen(grid: np.ndarray, direction: tuple[int, int]) -> None:
    fallen = dsl.drop_cells(grid, direction)
    axis = 0 if direction[0] else 1
    assert np.array_equal(np.sort(fallen, axis=axis), np.sort(grid, axis=axis))
    assert same(dsl.drop_cells(fallen, direction), fallen)
    lines = fallen if axis == 1 else fallen.T
    for line in lines != 0:
        assert (np.diff(line.astype(int)) * sum(direction) >= 0).all()


def test_cells_do_not_fall_diagonally() -> None:
    with pytest.raises(RoutineError, match="up, down, left or right"):
        dsl.drop_cells(rows("10 01"), dsl.DOWN_LEFT)


@given(grids())
def test_a_trail_covers_and_ends_at_the_next_cell(grid: np.ndarray) -> None:
    drawn = dsl.trail(grid, dsl.RIGHT)
    assert same(np.where(grid == 0, 0, drawn), grid)
    for line, traced in zip(grid.tolist(), drawn.tolist(), strict=True):
        last = 0
        for cell, wanted in zip(line, traced, strict=True):
            last = cell or last
            assert wanted == last
    assert same(dsl.trail(dsl.flip_left_right(grid), dsl.LEFT), dsl.flip_left_right(drawn))


@given(grids(4, colours=3), st.integers(2, 3), st.integers(2, 3), st.randoms())
def test_a_tiled_picture_is_filled_where_a_cell_is_missing(
    tile: np.ndarray, down: int, right: int, chance: object
) -> None:
    whole = dsl.tile(np.where(tile == 0, 1, tile).astype(np.int8), down, right)
    hidden = whole.copy()
    hidden[-1, -1] = 0
    assert same(dsl.fill_by_period(hidden), whole)


def test_what_has_no_period_is_refused() -> None:
    with pytest.raises(RoutineError, match="period"):
        dsl.fill_by_period(rows("12 34"))


@given(grids(6), st.sampled_from(TURNS))
def test_filling_from_a_mirror_image_makes_what_is_symmetric(grid: np.ndarray, flip: object) -> None:
    whole = np.maximum(grid, flip(grid))
    hidden = whole.copy()
    hidden[: grid.shape[0] // 2] = 0
    if flip is not dsl.flip_left_right:
        hidden[grid.shape[0] // 2 :] = whole[grid.shape[0] // 2 :]
        assert same(dsl.fill_from(hidden, flip), whole)
    assert dsl.is_unchanged(whole, flip)


@given(grids(), grids())
def test_an_overlay_shows_the_upper_grid_and_the_lower_through_black(
    one: np.ndarray, other: np.ndarray
) -> None:
    if one.shape != other.shape:
        with pytest.raises(RoutineError, match="differ"):
            dsl.overlay(one, other)
        return
    assert same(dsl.overlay(one, other), np.where(other == 0, one, other))


def test_panels_are_what_lies_between_lines_of_the_colour_of_most() -> None:
    crossed = rows("44040 40444 55555 40044 44044")
    assert [panel.shape for panel in dsl.panels(crossed)] == [(2, 5), (2, 5)]
    lined = rows("12520 10503 55555 33533")
    found = dsl.panels(lined)
    assert [panel.tolist() for panel in found] == [[[1, 2], [1, 0]], [[2, 0], [0, 3]], [[3, 3]], [[3, 3]]]
    assert dsl.panels_to_cells(lined, dsl.main_colour).tolist() == [[1, 2], [3, 3]]
    cleared = dsl.change_panels(lined, lambda panel: dsl.paint_all(panel, dsl.BLACK))
    assert same(cleared, rows("00500 00500 55555 00500"))


def test_a_grid_without_lines_has_no_panels() -> None:
    with pytest.raises(RoutineError, match="dividing lines"):
        dsl.panels(rows("12 31"))


def test_a_change_that_never_settles_is_given_up() -> None:
    with pytest.raises(RoutineError, match="goes on"):
        dsl.until_stable(rows("12"), dsl.flip_left_right)
