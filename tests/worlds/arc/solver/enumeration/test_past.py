"""What past programs use is read from their text."""

import pytest

from agentmem.errors import InvalidInput
from agentmem.stores.concept.routines import Library
from agentmem.worlds.arc.solver.enumeration import Guide, guide_of, uses_of
from agentmem.worlds.arc.solver.enumeration.guide import mixed, smoothed

PROGRAM = '''
"""A first line that says total."""
from somewhere import Numbers, doubled, each, joined, plus, TWO

def transform(numbers: Numbers) -> Numbers:
    twice = doubled(numbers)
    return joined(twice, right=each(numbers, lambda one: plus(one, TWO)))
'''


def test_calls_constants_and_what_fills_a_parameter_are_counted(numbers: Library) -> None:
    uses = uses_of(PROGRAM, numbers)
    assert uses.names == {"doubled": 1, "joined": 1, "each": 1, "plus": 1, "TWO": 1}
    assert uses.fills == {
        "": {"joined": 1},
        "doubled.numbers": {"input": 1},
        "joined.left": {"doubled": 1},
        "joined.right": {"each": 1},
        "each.numbers": {"input": 1},
        "each.change": {"plus": 1},
        "plus.other": {"TWO": 1},
    }


def test_a_routine_that_is_named_as_an_argument_is_used(numbers: Library) -> None:
    uses = uses_of("def f(xs):\n    return each(kept(xs, is_even), negative)", numbers)
    assert uses.names == {"each": 1, "kept": 1, "is_even": 1, "negative": 1}
    assert uses.fills["each.change"] == {"negative": 1} and uses.fills["each.numbers"] == {"kept": 1}


def test_a_name_that_is_not_the_library_s_is_no_use(numbers: Library) -> None:
    uses = uses_of("def f(total):\n    first = total\n    return unknown(first, total)", numbers)
    assert not uses.names and not uses.fills


def test_a_guide_sums_the_uses_by_their_weights(numbers: Library) -> None:
    one, other = (
        uses_of("def f(x): return total(x)", numbers),
        uses_of("def f(x): return total(tail(x))", numbers),
    )
    guide = guide_of([(one, 2.0), (other, 0.5)])
    assert guide.weights == {"total": 2.5, "tail": 0.5}
    assert guide.fills == {
        "": {"total": 2.5},
        "total.numbers": {"input": 2.0, "tail": 0.5},
        "tail.numbers": {"input": 0.5},
    }
    assert guide_of([(one, 1.0)], fills=False).fills == {}
    assert guide_of([]) == Guide()


def test_what_is_no_program_or_no_weight_is_refused(numbers: Library) -> None:
    with pytest.raises(InvalidInput, match="cannot be parsed"):
        uses_of("def f(:", numbers)
    for weight in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InvalidInput, match="weight of 'total'"):
            Guide({"total": weight})
        with pytest.raises(InvalidInput, match=r"'total\.numbers'"):
            Guide(fills={"total.numbers": {"tail": weight}})


def test_probabilities_sum_to_one_and_leave_nothing_out() -> None:
    shares = mixed({"a": 3.0, "z": 9.0}, ["a", "b", "c"], 0.9)
    assert sum(shares.values()) == pytest.approx(1) and min(shares.values()) == pytest.approx(0.1 / 3)
    after = smoothed({"b": 4.0}, shares, 2.0)
    assert sum(after.values()) == pytest.approx(1) and after["b"] == pytest.approx((4 + 2 * shares["b"]) / 6)
