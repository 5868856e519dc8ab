"""Values are equal by content, whatever they are made of, and those too large are refused."""

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.worlds.arc.solver.enumeration.content import NoContent, TooLarge, keyed

Pair = namedtuple("Pair", "one other")


@dataclass
class Open:
    one: int
    other: Any


@dataclass(frozen=True, slots=True)
class Slotted:
    one: int
    other: Any


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-300, 300), st.floats(allow_nan=False), st.text(max_size=3),
        st.lists(st.integers(-300, 300), max_size=40).map(np.array),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=2), inner, max_size=2),
        st.builds(Open, st.integers(0, 2), inner), st.builds(Slotted, st.integers(0, 2), inner),
    ),
    max_leaves=6,
)  # fmt: skip


def key(value: Any) -> Any:
    return keyed(value, 100_000)[0]


def plain(value: Any) -> Any:
    """A value as nested texts: an independent reading of its content."""
    if isinstance(value, np.ndarray):
        return "array", value.shape, [int(one) for one in value], value.dtype.kind
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(one) for one in value]
    if isinstance(value, dict):
        return "dict", [(name, plain(one)) for name, one in value.items()]
    if isinstance(value, (Open, Slotted)):
        return type(value).__name__, value.one, plain(value.other)
    return type(value).__name__, repr(value)


@settings(max_examples=50, deadline=None)
@given(VALUES, VALUES)
def test_keys_are_equal_exactly_where_contents_are(one: Any, other: Any) -> None:
    assert (key(one) == key(other)) == (plain(one) == plain(other))
    assert hash(key(one)) == hash(key(one))


def test_kinds_that_python_holds_equal_are_told_apart() -> None:
    values = [
        1,
        True,
        1.0,
        "1",
        b"1",
        [1],
        (1,),
        {1},
        Pair(1, 1),
        (1, 1),
        -1,
        -2,
        0.0,
        -0.0,
        None,
        np.ones(1),
    ]
    keys = [key(one) for one in values]
    assert len(set(keys)) == len(values)


def test_numpy_s_numbers_and_widths_are_not() -> None:
    assert (
        key(np.int64(3)) == key(3) and key(np.float64(0.5)) == key(0.5) and key(np.bool_(True)) == key(True)
    )
    assert key(np.arange(90, dtype=np.uint8)) == key(np.arange(90)) != key(np.arange(90).reshape(9, 10))
    assert key({3, 1, 2}) == key({2, 1, 3})


def test_things_without_fields_are_themselves() -> None:
    assert key(len) == key(len) != key(sum)
    assert key(object()) != key(object())
    lambdas = [lambda: 0, lambda: 0]
    assert key(lambdas[0]) != key(lambdas[1])


@pytest.mark.parametrize(
    "large", [2**70, "x" * 10**6, [0] * 10**6, np.zeros(10**6), [[0] * 10**4] * 20, {"a": b"x" * 10**6}]
)
def test_what_is_too_large_is_refused(large: Any) -> None:
    with pytest.raises(TooLarge):
        key(large)


def test_what_is_read_once_is_refused() -> None:
    with pytest.raises(NoContent):
        key([iter([1])])


def test_arrays_become_read_only_wherever_they_stand() -> None:
    arrays = [np.zeros(3), np.zeros(3), np.zeros(3)]
    key([arrays[0], {"a": Slotted(1, arrays[1])}, Open(1, (arrays[2],))])
    assert not any(one.flags.writeable for one in arrays)
