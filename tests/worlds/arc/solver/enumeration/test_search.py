"""The search finds programs by cost, keeps to its limits, and believes nothing that is not so."""

import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.stores.concept.routines import Library, library_of
from agentmem.worlds.arc.solver.enumeration import (
    Guide,
    Limits,
    Outcome,
    SearchPolicy,
    Signature,
    guide_of,
    search,
    uses_of,
)

LISTS = st.lists(st.integers(-9, 9), max_size=5)
WANTED: dict[str, Callable[[list[int]], list[int]]] = {
    "doubled": lambda xs: [2 * x for x in xs],
    "negative backwards": lambda xs: [-x for x in xs][::-1],
    "even, ascending": lambda xs: sorted(x for x in xs if x % 2 == 0),
    "above two, plus three": lambda xs: [x + 3 for x in xs if x > 2],
    "own length, twice": lambda xs: [len(xs), len(xs)],
    "with itself backwards": lambda xs: xs + xs[::-1],
}
EXAMPLES = [[3, 1, 4, 1], [2, 7], [-1, 8, 5, 4, 6]]
"""Inputs of which no two of WANTED make the same."""


def run(
    library: Library,
    signature: Signature,
    wanted: Callable[[list[int]], Any],
    inputs: list[list[int]] = EXAMPLES,
    **options: Any,
) -> Outcome:
    return search(library, signature, inputs, [wanted(one) for one in inputs], **options)


def executed(text: str, library: Library, given: Any) -> Any:
    names: dict[str, Any] = {**library.functions, **library.constants, "Numbers": list, "Number": int}
    exec(text, names)
    return names["transform"](given)


def solution(outcome: Outcome) -> str:
    assert outcome.found, outcome
    return outcome.found[0].text


@pytest.mark.parametrize("name", WANTED)
def test_a_program_of_a_few_routines_is_found(name: str, numbers: Library, of_numbers: Signature) -> None:
    outcome = run(numbers, of_numbers, WANTED[name], limits=Limits(tried=30_000))
    assert outcome.stopped == "found"
    fresh = [5, 5, -3, 2, 10]
    assert executed(solution(outcome), numbers, fresh) == WANTED[name](fresh)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(LISTS, min_size=1, max_size=4),
    st.sampled_from(sorted(WANTED)),
    st.integers(1, 6),
    st.integers(1, 600),
)
def test_programs_do_what_the_search_believes(
    numbers: Library, of_numbers: Signature, inputs: list[list[int]], name: str, answers: int, tried: int
) -> None:
    hidden = [[1, 2], [4]]
    outputs = [WANTED[name](one) for one in inputs]
    limits = Limits(tried=tried, answers=answers)
    outcome = search(numbers, of_numbers, [*inputs, *hidden], outputs, limits=limits)
    assert outcome.tried <= tried and len(outcome.found) <= answers
    for found in outcome.found:
        results = [executed(found.text, numbers, list(one)) for one in [*inputs, *hidden]]
        assert results == list(found.results)
        assert results[: len(outputs)] == outputs
    assert len({repr(found.results) for found in outcome.found}) == len(outcome.found)
    assert [one.cost for one in outcome.found] == sorted(one.cost for one in outcome.found)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(WANTED)), st.integers(0, 2_000), st.integers(0, 2_000))
def test_a_larger_limit_continues_where_a_smaller_one_stopped(
    numbers: Library, of_numbers: Signature, name: str, one: int, other: int
) -> None:
    small, large = sorted((one, other))
    first, second = (
        run(numbers, of_numbers, WANTED[name], EXAMPLES[:2], limits=Limits(tried=limit, answers=9))
        for limit in (small, large)
    )
    again = run(numbers, of_numbers, WANTED[name], EXAMPLES[:2], limits=Limits(tried=small, answers=9))
    told = [(found.text, found.tried) for found in first.found]
    assert told == [(found.text, found.tried) for found in again.found]
    assert told == [(found.text, found.tried) for found in second.found][: len(told)]


@pytest.mark.parametrize("name", [name for name in WANTED if name != "doubled"])
def test_a_guide_to_the_right_routines_finds_sooner(
    name: str, numbers: Library, of_numbers: Signature
) -> None:
    limits = Limits(tried=50_000)
    alone = run(numbers, of_numbers, WANTED[name], limits=limits)
    uses = uses_of(solution(alone), numbers)
    for fills in (False, True):
        guided = run(
            numbers, of_numbers, WANTED[name], limits=limits, guide=guide_of([(uses, 1.0)], fills=fills)
        )
        assert guided.found[0].tried < alone.found[0].tried / 2


def test_a_guide_to_the_wrong_routines_makes_nothing_unreachable(
    numbers: Library, of_numbers: Signature
) -> None:
    wrong = Guide(
        weights={"tail": 5.0, "length": 3.0, "ONE": 2.0},
        fills={"each.change": {"is_even": 3.0}, "each.numbers": {"tail": 9.0}},
    )
    outcome = run(numbers, of_numbers, WANTED["negative backwards"], guide=wrong, limits=Limits(tried=50_000))
    assert outcome.stopped == "found"


def test_what_past_programs_gave_last_is_tried_first_where_it_ends_a_program(
    numbers: Library, of_numbers: Signature
) -> None:
    alone, guided = (
        run(numbers, of_numbers, WANTED["own length, twice"], guide=guide, limits=Limits(tried=20_000))
        for guide in (Guide(), Guide(fills={"": {"joined": 1.0, "repeated": 8.0}}))
    )
    assert guided.found[0].tried < alone.found[0].tried
    assert guided.found[0].cost < alone.found[0].cost


def test_the_tried_count_is_exact(numbers: Library, of_numbers: Signature) -> None:
    for tried in (0, 1, 17, 500):
        outcome = search(numbers, of_numbers, [[1]], [["no such thing"]], limits=Limits(tried=tried))
        assert (outcome.tried, outcome.stopped, outcome.found) == (tried, "tried", ())


def test_the_input_itself_costs_no_try(numbers: Library, of_numbers: Signature) -> None:
    outcome = run(numbers, of_numbers, lambda xs: xs, limits=Limits(tried=0))
    assert (outcome.tried, solution(outcome)[-19:]) == (0, "    return numbers\n")


def test_the_clock_ends_a_search(numbers: Library, of_numbers: Signature) -> None:
    now = iter(range(10_000))
    outcome = search(
        numbers, of_numbers, [[1]], [["no"]], limits=Limits(seconds=100.0), clock=lambda: float(next(now))
    )
    assert (outcome.stopped, outcome.tried) == ("seconds", 100)


def test_the_values_held_end_a_search(numbers: Library, of_numbers: Signature) -> None:
    limits = Limits(tried=10**6, memory=300_000)
    outcome = search(numbers, of_numbers, [[1, 2]], [["no"]], limits=limits)
    assert outcome.stopped == "memory" and outcome.distinct < 1_000


def test_a_search_without_more_programs_ends() -> None:
    def swapped(pair: tuple) -> tuple:
        return pair[::-1]

    outcome = search(library_of("swaps", [swapped]), Signature("pair", "tuple", "tuple"), [(1, 2)], [(3, 4)])
    assert (outcome.stopped, outcome.tried, outcome.distinct) == ("exhausted", 2, 2)


def test_several_answers_differ_for_an_input_without_an_output(
    numbers: Library, of_numbers: Signature
) -> None:
    limits = Limits(tried=3_000, answers=3)
    outcome = search(numbers, of_numbers, [[1, 2], [7, 3, 5]], [[2, 1]], limits=limits)
    results = [one.results[1] for one in outcome.found]
    assert len(results) == 3 and results[0] == [5, 3, 7]
    assert all(one != other for place, one in enumerate(results) for other in results[:place])


def test_examples_must_have_inputs_and_outputs(numbers: Library, of_numbers: Signature) -> None:
    with pytest.raises(InvalidInput, match="0 outputs"):
        search(numbers, of_numbers, [[1]], [])
    with pytest.raises(InvalidInput, match="2 outputs for 1"):
        search(numbers, of_numbers, [[1]], [[1], [2]])
    with pytest.raises(InvalidInput, match="value_bytes"):
        search(numbers, of_numbers, [[1] * 10**5], [[1]])
    with pytest.raises(InvalidInput, match="'total'"):
        search(numbers, Signature("total", "Numbers", "Numbers"), [[1]], [[1]])


class Hostile:
    """Routines that do what a routine should not."""

    def leaves(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        raise SystemExit(3)

    def recurses(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return Hostile.recurses(numbers)

    def is_nothing(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return None

    def is_huge(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return [0] * 10**7

    def does_not_fit(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return [0] * 10**12

    def is_read_once(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return iter(numbers)

    def is_endless(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        found: list[Any] = []
        found.append(found)
        return found

    def is_a_power(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return [(2 + abs(numbers[0])) ** 70]

    def warns(numbers: "Numbers") -> "Numbers":  # noqa: N805, F821
        return (np.array(numbers) / 0).tolist()

    def is_another_each_time(numbers: "Numbers", seen: list = []) -> "Numbers":  # noqa: N805, F821, B006
        seen.append(1)
        return [len(seen)]


def test_hostile_routines_make_programs_invalid_and_no_more(numbers: Library, of_numbers: Signature) -> None:
    hostile = [one for name, one in vars(Hostile).items() if not name.startswith("__")]
    hostile[-1].__annotations__["seen"] = "Numbers"
    kind = [numbers.functions[name] for name in ("doubled", "backwards", "each", "negative")]
    library = library_of("both", [*hostile, *kind])
    limits = Limits(tried=3_000, memory=10**9)
    outcome = run(library, of_numbers, WANTED["negative backwards"], limits=limits)
    assert outcome.stopped == "found" and outcome.invalid > 10
    assert executed(solution(outcome), library, [1, 2]) == [-2, -1]


def test_a_routine_that_runs_away_is_interrupted(numbers: Library) -> None:
    def runs_away(number: int) -> int:
        while True:
            number += 1

    def next_one(number: int) -> int:
        return number + 1

    library = library_of("two", [runs_away, next_one])
    outcome = search(
        library, Signature("number", "int", "int"), [1], [3], policy=SearchPolicy(slow_seconds=0.05)
    )
    assert outcome.stopped == "found" and outcome.invalid == 2


@pytest.mark.parametrize("wrong", [[0] * 10**5, iter([1])])
def test_a_constant_that_cannot_be_kept_is_named(numbers: Library, wrong: Any) -> None:
    library = replace(numbers, constants={"LONG": wrong}, constant_types={"LONG": "Numbers"})
    with pytest.raises(InvalidInput, match="constant 'LONG'"):
        search(library, Signature("numbers", "Numbers", "Numbers"), [[1]], [[2]])


def test_the_alarm_and_the_memory_are_as_they_were(numbers: Library, of_numbers: Signature) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)
    run(numbers, of_numbers, WANTED["doubled"])
    assert (resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_search_in_another_thread_finds_the_same(numbers: Library, of_numbers: Signature) -> None:
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(run, numbers, of_numbers, WANTED["doubled"]).result()
    here = run(numbers, of_numbers, WANTED["doubled"])
    assert [(one.text, one.tried) for one in other.found] == [(one.text, one.tried) for one in here.found]


def test_open_types_and_functions_of_any_type_are_filled() -> None:
    def twice(change: Callable, word: str) -> str:
        return change(change(word))

    def shown(thing: Any) -> str:
        return f"<{thing}>"

    def either(thing: "str | int") -> str:
        return f"{thing}!"

    signature = Signature("word", "str", "str")
    library = library_of("words", [twice, shown, either])
    for wanted in ("<<a>>", "a!!", "<a!>", "<<a>>!"):
        outcome = search(library, signature, ["a"], [wanted], limits=Limits(tried=500))
        assert outcome.stopped == "found", wanted


def test_what_is_not_the_same_again_is_no_answer() -> None:
    calls: list[int] = []

    def counting(one: int) -> int:
        calls.append(one)
        return len(calls)

    outcome = search(library_of("one", [counting]), Signature("one", "int", "int"), [7], [1])
    assert outcome.found == () and calls


def test_an_array_that_a_routine_changes_stays_as_it_was() -> None:
    def cleared(array: np.ndarray) -> np.ndarray:
        array[:] = 0
        return array

    def raised(array: np.ndarray) -> np.ndarray:
        return array + 1

    given = np.arange(4, dtype=np.int8)
    outcome = search(
        library_of("arrays", [cleared, raised]), Signature("array", "ndarray", "ndarray"), [given], [given + 3],
        limits=Limits(tried=100),
    )  # fmt: skip
    assert outcome.stopped == "found" and outcome.invalid > 0
    assert given.tolist() == [0, 1, 2, 3] and given.flags.writeable


def test_arrays_of_another_width_are_equal() -> None:
    def widened(array: np.ndarray) -> np.ndarray:
        return array.astype(np.int64) + 1

    given = np.arange(3, dtype=np.int8)
    signature = Signature("array", "ndarray", "ndarray")
    outcome = search(library_of("arrays", [widened]), signature, [given], [given + 2], limits=Limits(tried=9))
    assert outcome.stopped == "found" and outcome.tried == 2


def test_policies_and_limits_refuse_what_cannot_be_searched_with() -> None:
    for wrong in ({"trust": 1.0}, {"input_share": 0.0}, {"steps": 0}, {"closed": -1}, {"fill_strength": 0.0}):
        with pytest.raises(InvalidInput):
            SearchPolicy(**wrong)  # type: ignore[arg-type]
    for limit in ({"tried": -1}, {"answers": 0}, {"memory": 0}, {"seconds": -1.0}):
        with pytest.raises(InvalidInput):
            Limits(**limit)  # type: ignore[arg-type]
