"""What holds for every routine of the library: types, purity, one kind of error; and for the library itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agentmem.stores.concept.types import Type, fits, parse
from agentmem.worlds.arc import dsl
from agentmem.worlds.arc.dsl import LIBRARY, Piece, RoutineError
from agentmem.worlds.arc.dsl.values import LARGEST_SIDE

NAMED = {"Grid", "Mask", "Piece", "Colour", "Count", "Direction", "bool"}


def shapes() -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(1, 7), st.integers(1, 7))


def grids() -> st.SearchStrategy[np.ndarray]:
    plenty = st.integers(0, 9)
    sparse = st.sampled_from([0, 0, 0, 0, 1, 2, 5])
    return shapes().flatmap(
        lambda shape: st.one_of(arrays(np.int8, shape, elements=of) for of in (plenty, sparse))
    )


def values(type: Type) -> st.SearchStrategy[Any]:
    """Something of a type, as an argument may be."""
    if type.is_callable:
        return st.sampled_from([LIBRARY.functions[name] for name in fitting(type)])
    if type.name == "list":
        one = type.arguments[0]
        return pieces() if one.name == "Piece" else st.lists(values(one), max_size=4)
    return {
        "Grid": grids(),
        "Mask": shapes().flatmap(lambda shape: arrays(np.bool_, shape)),
        "Piece": pieces().filter(bool).flatmap(st.sampled_from),
        "Colour": st.integers(0, 9),
        "Count": st.integers(-1, 8),
        "Direction": st.sampled_from([value for name, value in constants("Direction")]),
        "bool": st.booleans(),
    }[type.name]


def pieces() -> st.SearchStrategy[list[Piece]]:
    finders = [dsl.pieces, dsl.pieces_by_edges, dsl.clusters, dsl.pieces_by_colour, dsl.empty_regions]
    return st.builds(lambda find, grid: find(grid), st.sampled_from(finders), grids())


def constants(type: str) -> list[tuple[str, Any]]:
    return [(name, LIBRARY.constants[name]) for name, of in LIBRARY.constant_types.items() if of == type]


def fitting(type: Type) -> list[str]:
    """The routines that can stand where a callable type is asked for."""
    return [name for name, routine in LIBRARY.routines.items() if fits(type, signature(routine))]


def signature(routine: Any) -> Type:
    return Type(
        "Callable", tuple(parse(one.type) for one in routine.parameters), result=parse(routine.output)
    )


def is_of(type: Type, value: Any) -> bool:
    if type.name == "list":
        return isinstance(value, list) and all(is_of(type.arguments[0], one) for one in value)
    if type.name == "Grid":
        inside = value.min() >= 0 and value.max() <= 9
        return bool(value.dtype == np.int8 and inside and max(value.shape) <= LARGEST_SIDE)
    return {
        "Mask": lambda: value.dtype == np.bool_ and value.ndim == 2,
        "Piece": lambda: isinstance(value, Piece) and value.pixels.dtype == np.int8,
        "Colour": lambda: isinstance(value, int) and 0 <= value <= 9,
        "Count": lambda: isinstance(value, int) and not isinstance(value, bool),
        "bool": lambda: isinstance(value, bool),
    }[type.name]()


def frozen(value: Any) -> Any:
    """The value such that writing to an array of it fails."""
    for one in value if isinstance(value, list) else [value]:
        array = one.pixels if isinstance(one, Piece) else one
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return value


def content(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [content(one) for one in value]
    if isinstance(value, Piece):
        return value.row, value.column, content(value.pixels)
    return (value.shape, value.dtype.char, value.tobytes()) if isinstance(value, np.ndarray) else value


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(list(LIBRARY.routines)), data=st.data())
def test_a_routine_is_pure_repeatable_and_gives_what_it_says_or_its_one_error(
    name: str, data: st.DataObject
) -> None:
    holds(name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY.routines)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_routine_keeps_its_word_on_many_inputs(name: str, data: st.DataObject) -> None:
    holds(name, data)


def holds(name: str, data: st.DataObject) -> None:
    routine, function = LIBRARY.routines[name], LIBRARY.functions[name]
    given_ = [frozen(data.draw(values(parse(one.type)), label=one.name)) for one in routine.parameters]
    before = content([one for one in given_ if not callable(one)])
    first = called(function, given_)
    assert content([one for one in given_ if not callable(one)]) == before
    assert content(called(function, given_)) == content(first)
    if first is not None:
        assert is_of(parse(routine.output), first)


def called(function: Callable[..., Any], arguments: list[Any]) -> Any:
    try:
        return function(*arguments)
    except RoutineError:
        return None


def test_routines_are_told_in_words_with_all_their_parameters() -> None:
    for name, routine in LIBRARY.routines.items():
        assert routine.description.endswith(".") and len(routine.description.split()) >= 4, name
        assert all(one.description.endswith(".") for one in routine.parameters), name
        assert name == name.lower() and routine.title.replace(" ", "").isalpha()


def leaves(type: Type) -> list[str]:
    if type.is_callable:
        assert type.result is not None
        return [name for one in (*type.arguments, type.result) for name in leaves(one)]
    if type.name == "list":
        return [name for one in type.arguments for name in leaves(one)]
    assert not type.arguments
    return [type.name]


def test_all_types_parse_to_named_ones_and_each_is_produced_and_taken() -> None:
    made = {parse(routine.output) for routine in LIBRARY.routines.values()}
    made |= {parse(type) for type in LIBRARY.constant_types.values()}
    taken = {parse(one.type) for routine in LIBRARY.routines.values() for one in routine.parameters}
    assert {name for type in made | taken for name in leaves(type)} == NAMED
    for type in taken:
        assert fitting(type) if type.is_callable else any(fits(type, one) for one in made)
    for type in made - {parse("Grid")}:
        assert any(fits(one, type) for one in taken) or type.name == "bool"


def test_what_the_library_holds_can_be_imported_from_the_package() -> None:
    for name, value in (*LIBRARY.functions.items(), *LIBRARY.constants.items()):
        assert name in dsl.__all__
        assert getattr(dsl, name) is value


def test_a_piece_is_equal_by_what_it_holds() -> None:
    grid = np.array([[1, 0], [0, 2]], dtype=np.int8)
    first, second = dsl.pieces(grid)
    assert copy.deepcopy(first) == first and hash(copy.deepcopy(first)) == hash(first)
    assert first != second and first != "a piece"


@pytest.mark.parametrize(
    "attempt",
    [
        lambda grid: dsl.tile(grid, 1000, 1000),
        lambda grid: dsl.scale_up(grid, 10**6),
        lambda grid: dsl.solid(10**6, 10**6, dsl.RED),
        lambda grid: dsl.place_copies(np.ones((60, 60), dtype=bool), grid),
        lambda grid: dsl.repeat_pattern(grid, 10**6, 1),
        lambda grid: dsl.beside(np.tile(grid, (1, 20)), np.tile(grid, (1, 20))),
    ],
)
def test_what_would_grow_too_large_is_refused(attempt: Callable[[np.ndarray], np.ndarray]) -> None:
    with pytest.raises(RoutineError, match="60"):
        attempt(np.ones((3, 3), dtype=np.int8))
