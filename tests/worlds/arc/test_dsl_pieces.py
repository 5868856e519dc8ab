"""Laws of the routines over masks, pieces and lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from agentmem.worlds.arc import dsl
from agentmem.worlds.arc.dsl import RoutineError

FINDERS = [dsl.pieces, dsl.pieces_by_edges, dsl.clusters, dsl.pieces_by_colour]
AROUND = np.ones((3, 3), dtype=int)
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])


def shapes() -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(1, 9), st.integers(1, 9))


def grids() -> st.SearchStrategy[np.ndarray]:
    return shapes().flatmap(lambda shape: arrays(np.int8, shape, elements=st.sampled_from([0, 0, 1, 2, 3])))


def masks() -> st.SearchStrategy[np.ndarray]:
    return shapes().flatmap(lambda shape: arrays(np.bool_, shape))


def rows(text: str) -> np.ndarray:
    return np.array([[int(cell) for cell in row] for row in text.split()], dtype=np.int8)


@given(grids(), st.sampled_from(FINDERS))
def test_pieces_painted_again_are_the_grid_and_erased_leave_nothing(grid: np.ndarray, find: object) -> None:
    found = find(grid)
    assert np.array_equal(dsl.only_pieces(grid, found), grid)
    assert not dsl.erase_pieces(grid, found).any()
    assert sum(dsl.size_of(piece) for piece in found) == dsl.count_filled(grid)
    assert np.array_equal(dsl.cells_of_pieces(grid, found), grid != 0)


@given(grids())
def test_pieces_are_the_connected_cells_of_a_reference(grid: np.ndarray) -> None:
    for find, structure in ((dsl.pieces, AROUND), (dsl.pieces_by_edges, CROSS)):
        wanted = sum(ndimage.label(grid == colour, structure)[1] for colour in (1, 2, 3))
        assert len(find(grid)) == wanted
    assert len(dsl.clusters(grid)) == ndimage.label(grid != 0, AROUND)[1]
    assert len(dsl.empty_regions(grid)) == ndimage.label(grid == 0, CROSS)[1]


@given(grids(), st.sampled_from(FINDERS))
def test_a_piece_lies_where_it_says(grid: np.ndarray, find: object) -> None:
    for piece in find(grid):
        box = dsl.box_around(grid, piece)
        assert box.shape == (dsl.height_of(piece), dsl.width_of(piece))
        assert (box[piece.mask] == piece.pixels[piece.mask]).all()
        assert np.array_equal(dsl.crop_to_mask(grid, dsl.cells_of_pieces(grid, [piece])), box)


@given(grids(), st.integers(-12, 12), st.integers(-12, 12))
def test_a_piece_may_move_in_part_or_wholly_out_of_sight(grid: np.ndarray, down: int, right: int) -> None:
    for piece in dsl.pieces(grid):
        moved = dsl.move_piece(dsl.move_piece(piece, dsl.DOWN, down), dsl.RIGHT, right)
        shown = dsl.only_pieces(grid, [moved])
        alone = dsl.only_pieces(grid, [piece])
        wanted = dsl.shift(dsl.shift(alone, dsl.DOWN, down), dsl.RIGHT, right)
        assert np.array_equal(shown, wanted)


def test_a_box_outside_the_grid_is_refused() -> None:
    piece = dsl.move_piece(dsl.first_piece(dsl.pieces(rows("10"))), dsl.UP, 1)
    with pytest.raises(RoutineError, match="not in a grid"):
        dsl.box_around(rows("10"), piece)


@given(grids())
def test_holes_are_what_a_reference_cannot_reach(grid: np.ndarray) -> None:
    wide = np.pad(grid == 0, 1, constant_values=True)
    labels, _ = ndimage.label(wide, CROSS)
    wanted = (wide & (labels != labels[0, 0]))[1:-1, 1:-1]
    assert np.array_equal(dsl.enclosed_cells(grid), wanted)
    for piece in dsl.pieces(grid):
        filled = ndimage.binary_fill_holes(piece.mask)
        assert dsl.count_holes_of(piece) == ndimage.label(filled & ~piece.mask, CROSS)[1]
        assert dsl.has_hole(piece) == bool((filled & ~piece.mask).any())


@given(masks())
def test_neighbourhoods_are_those_of_a_reference(mask: np.ndarray) -> None:
    grown = ndimage.binary_dilation(mask, AROUND)
    assert np.array_equal(dsl.grown(mask), grown)
    assert np.array_equal(dsl.ring_around(mask), grown & ~mask)
    assert np.array_equal(dsl.interior(mask), ndimage.binary_erosion(mask, AROUND))
    assert np.array_equal(dsl.neighbours(mask), ndimage.binary_dilation(mask, CROSS) & ~mask)
    assert np.array_equal(
        dsl.ring_around(mask), dsl.either(dsl.neighbours(mask), dsl.diagonal_neighbours(mask))
    )
    assert np.array_equal(dsl.blocks_of(mask), ndimage.binary_opening(mask, np.ones((2, 2))))


@given(masks(), st.sampled_from([dsl.UP, dsl.DOWN, dsl.LEFT, dsl.RIGHT, dsl.UP_LEFT, dsl.DOWN_RIGHT]))
def test_cells_ahead_are_all_steps_in_a_direction(mask: np.ndarray, direction: tuple[int, int]) -> None:
    seen, step = np.zeros_like(mask), mask
    for _ in range(max(mask.shape)):
        step = dsl.shifted(step, direction)
        seen = seen | step
    assert np.array_equal(dsl.cells_ahead(mask, direction), seen & ~mask)


@given(masks())
def test_masks_follow_the_laws_of_logic(mask: np.ndarray) -> None:
    other = np.roll(mask, 1)
    assert np.array_equal(dsl.neither(mask, other), dsl.all_but(dsl.either(mask, other)))
    assert np.array_equal(
        dsl.exactly_one(mask, other), dsl.both(dsl.either(mask, other), dsl.all_but(dsl.both(mask, other)))
    )
    crosses = dsl.either(dsl.rows_through(mask), dsl.columns_through(mask))
    assert np.array_equal(dsl.crosses_through(mask), crosses)


@given(masks())
def test_the_box_of_a_mask_is_what_a_crop_to_it_shows(mask: np.ndarray) -> None:
    box = dsl.box_of(mask)
    assert not (mask & ~box).any()
    if mask.any():
        assert dsl.crop_to_mask(mask.astype(np.int8), mask).size == np.count_nonzero(box)


@given(masks())
def test_what_lies_between_has_ends_on_both_sides(mask: np.ndarray) -> None:
    between = dsl.row_cells_between(mask)
    for line, found in zip(mask, between, strict=True):
        ends = np.flatnonzero(line)
        wanted = np.zeros_like(line)
        if ends.size:
            wanted[ends[0] : ends[-1] + 1] = True
        assert np.array_equal(found, wanted)
    assert np.array_equal(dsl.cells_between(mask), dsl.cells_between(mask.T).T)


@given(grids())
def test_choices_agree_with_the_measure(grid: np.ndarray) -> None:
    found = dsl.pieces(grid)
    if not found:
        with pytest.raises(RoutineError, match="among none"):
            dsl.largest_by(found, dsl.size_of)
        return
    most = dsl.size_of(dsl.largest_by(found, dsl.size_of))
    assert dsl.all_largest_by(found, dsl.size_of) == dsl.pieces_with(found, dsl.size_of, most)
    assert dsl.pieces_above(found, dsl.size_of, most) == []
    assert dsl.sort_pieces(found, dsl.size_of)[0] == dsl.smallest_by(found, dsl.size_of)
    kept, dropped = dsl.keep_pieces(found, dsl.is_square), dsl.drop_pieces(found, dsl.is_square)
    assert sorted(map(hash, [*kept, *dropped])) == sorted(map(hash, found))


def test_the_odd_one_must_be_one() -> None:
    three = dsl.pieces(rows("10110101 00000000"))
    assert dsl.size_of(dsl.odd_piece_out(three, dsl.size_of)) == 2
    with pytest.raises(RoutineError, match="like no other"):
        dsl.odd_piece_out(three[1:2] * 2, dsl.size_of)


def test_a_change_of_boxes_must_keep_their_size() -> None:
    grid = rows("110 000 020")
    turned = dsl.change_boxes(grid, dsl.pieces(grid), dsl.flip_left_right)
    assert np.array_equal(turned, grid)
    with pytest.raises(RoutineError, match="keeps sizes"):
        dsl.change_boxes(grid, dsl.pieces(grid), dsl.rotate_clockwise)
