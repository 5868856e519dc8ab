"""Single figures: found under the same path, however long the lists are in which they stand."""

from __future__ import annotations

from agentmem_bench.compare.figures import side_by_side
from agentmem_bench.compare.leaves import leaves


def test_entries_of_lists_go_by_what_names_them_or_else_by_place() -> None:
    told = {
        "stores": [{"name": "a", "size": 1_000, "ms": 2.0}, {"name": "a", "size": 9, "ms": 3.0}],
        "ms": [1.5, 2.5],
        "twins": [{"name": "x", "n": 1}, {"name": "x", "n": 2}],
    }
    found = {path: leaf for path, leaf in leaves(told) if isinstance(leaf, int | float)}
    assert found["stores", "a 1000", "ms"] == 2.0
    assert found["stores", "a 9", "ms"] == 3.0
    assert found["ms", "1"] == 2.5
    assert found["twins", "1", "n"] == 2


def test_numbers_of_the_same_path_are_laid_side_by_side() -> None:
    first = {
        "schema": "s",
        "seed": 1,
        "write": {"ms": 2.0, "ms_ci95": [1, 3], "reached": True, "gone": 1},
        "stores": [{"size": 10, "s": 4}, {"size": 20, "s": 0}],
    }
    second = {"write": {"ms": 3, "ms_ci95": [2, 4], "reached": False}, "stores": [{"size": 20, "s": 5}]}
    found = {one.path: one for one in side_by_side(first, second)}
    assert set(found) == {("write", "ms"), ("stores", "20", "size"), ("stores", "20", "s")}
    assert found["write", "ms"].ratio == 1.5
    assert found["write", "ms"].apart
    assert found["stores", "20", "s"].ratio is None
    assert not found["stores", "20", "size"].apart


def test_a_hundredth_is_not_apart() -> None:
    (one,) = side_by_side({"ms": 100}, {"ms": 101})
    (other,) = side_by_side({"ms": 100}, {"ms": 102})
    assert (one.apart, other.apart) == (False, True)
