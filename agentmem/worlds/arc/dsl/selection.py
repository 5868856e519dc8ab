"""Choosing among pieces and among grids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from agentmem.worlds.arc.dsl.values import Colour, Count, Grid, Piece, RoutineError

T = TypeVar("T")


def largest_by(pieces: list[Piece], measure: Callable[[Piece], Count]) -> Piece:
    """The piece with the highest measure; of equals, the first.

    Args:
        pieces: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is no piece.
    """
    return max(_some(pieces), key=measure)


def smallest_by(pieces: list[Piece], measure: Callable[[Piece], Count]) -> Piece:
    """The piece with the lowest measure; of equals, the first.

    Args:
        pieces: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is no piece.
    """
    return min(_some(pieces), key=measure)


def all_largest_by(pieces: list[Piece], measure: Callable[[Piece], Count]) -> list[Piece]:
    """All pieces that have the highest measure.

    Args:
        pieces: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is no piece.
    """
    most = max(measure(piece) for piece in _some(pieces))
    return [piece for piece in pieces if measure(piece) == most]


def all_smallest_by(pieces: list[Piece], measure: Callable[[Piece], Count]) -> list[Piece]:
    """All pieces that have the lowest measure.

    Args:
        pieces: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is no piece.
    """
    least = min(measure(piece) for piece in _some(pieces))
    return [piece for piece in pieces if measure(piece) == least]


def pieces_with(pieces: list[Piece], measure: Callable[[Piece], Count], count: Count) -> list[Piece]:
    """The pieces whose measure is a given number.

    Args:
        pieces: Among which.
        measure: What counts.
        count: What it must be.
    """
    return [piece for piece in pieces if measure(piece) == count]


def pieces_above(pieces: list[Piece], measure: Callable[[Piece], Count], count: Count) -> list[Piece]:
    """The pieces whose measure is more than a given number.

    Args:
        pieces: Among which.
        measure: What counts.
        count: What it must exceed.
    """
    return [piece for piece in pieces if measure(piece) > count]


def pieces_of_colour(pieces: list[Piece], colour: Colour) -> list[Piece]:
    """The pieces that have cells of one colour.

    Args:
        pieces: Among which.
        colour: Which they must have.
    """
    return [piece for piece in pieces if (piece.pixels == colour).any()]


def keep_pieces(pieces: list[Piece], rule: Callable[[Piece], bool]) -> list[Piece]:
    """The pieces for which a rule holds.

    Args:
        pieces: Among which.
        rule: What must hold.
    """
    return [piece for piece in pieces if rule(piece)]


def drop_pieces(pieces: list[Piece], rule: Callable[[Piece], bool]) -> list[Piece]:
    """The pieces for which a rule does not hold.

    Args:
        pieces: Among which.
        rule: What must not hold.
    """
    return [piece for piece in pieces if not rule(piece)]


def sort_pieces(pieces: list[Piece], measure: Callable[[Piece], Count]) -> list[Piece]:
    """The pieces from the lowest measure to the highest; equals stay in their order.

    Args:
        pieces: What is sorted.
        measure: What counts.
    """
    return sorted(pieces, key=measure)


def reversed_pieces(pieces: list[Piece]) -> list[Piece]:
    """The pieces in the opposite order.

    Args:
        pieces: What is reversed.
    """
    return pieces[::-1]


def odd_piece_out(pieces: list[Piece], measure: Callable[[Piece], Count]) -> Piece:
    """The only piece whose measure no other has.

    Args:
        pieces: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is none, or more than one.
    """
    return _odd(pieces, measure)


def first_piece(pieces: list[Piece]) -> Piece:
    """The first of the pieces.

    Args:
        pieces: Among which.

    Raises:
        RoutineError: there is no piece.
    """
    return _some(pieces)[0]


def count_pieces(pieces: list[Piece]) -> Count:
    """How many pieces there are.

    Args:
        pieces: What is counted.
    """
    return len(pieces)


def reversed_grids(grids: list[Grid]) -> list[Grid]:
    """The grids in the opposite order.

    Args:
        grids: What is reversed.
    """
    return grids[::-1]


def first_grid(grids: list[Grid]) -> Grid:
    """The first of the grids.

    Args:
        grids: Among which.

    Raises:
        RoutineError: there is no grid.
    """
    return _some(grids)[0]


def grid_with_most(grids: list[Grid], measure: Callable[[Grid], Count]) -> Grid:
    """The grid with the highest measure; of equals, the first.

    Args:
        grids: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is no grid.
    """
    return max(_some(grids), key=measure)


def grid_with_fewest(grids: list[Grid], measure: Callable[[Grid], Count]) -> Grid:
    """The grid with the lowest measure; of equals, the first.

    Args:
        grids: Among which.
        measure: What counts.

    Raises:
        RoutineError: there is no grid.
    """
    return min(_some(grids), key=measure)


def odd_grid_out(grids: list[Grid], view: Callable[[Grid], Grid]) -> Grid:
    """The only grid that looks like no other.

    Args:
        grids: Among which.
        view: What of a grid is compared.

    Raises:
        RoutineError: there is none, or more than one.
    """
    return _odd(grids, lambda grid: _look(view(grid)))


def most_repeated_grid(grids: list[Grid]) -> Grid:
    """The grid that is there most often; of equals, the first.

    Args:
        grids: Among which.

    Raises:
        RoutineError: there is no grid.
    """
    seen = Counter(_look(grid) for grid in _some(grids))
    return max(grids, key=lambda grid: seen[_look(grid)])


def _look(grid: Grid) -> Hashable:
    return grid.shape, grid.tobytes()


def _some(given: Sequence[T]) -> Sequence[T]:
    if not given:
        raise RoutineError("a choice among none", "take a list that has some")
    return given


def _odd(given: Sequence[T], look: Callable[[T], Hashable]) -> T:
    looks = [look(one) for one in given]
    seen = Counter(looks)
    found = [one for one, key in zip(given, looks, strict=True) if seen[key] == 1]
    if len(found) != 1:
        raise RoutineError(f"{len(found)} of {len(given)} are like no other", "take a list where one is")
    return found[0]
