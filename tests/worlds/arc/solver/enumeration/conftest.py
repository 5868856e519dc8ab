"""A library over lists of numbers: nothing of ARC."""

from collections.abc import Callable

import pytest

from agentmem.stores.concept.routines import Library, library_of
from agentmem.worlds.arc.solver.enumeration import Signature

Numbers = list[int]
Number = int
Truth = bool


def doubled(numbers: "Numbers") -> "Numbers":
    return [2 * one for one in numbers]


def backwards(numbers: "Numbers") -> "Numbers":
    return numbers[::-1]


def ascending(numbers: "Numbers") -> "Numbers":
    return sorted(numbers)


def tail(numbers: "Numbers") -> "Numbers":
    if not numbers:
        raise ValueError("no tail")
    return numbers[1:]


def joined(left: "Numbers", right: "Numbers") -> "Numbers":
    return left + right


def first(numbers: "Numbers") -> "Number":
    return numbers[0]


def total(numbers: "Numbers") -> "Number":
    return sum(numbers)


def length(numbers: "Numbers") -> "Number":
    return len(numbers)


def plus(one: "Number", other: "Number") -> "Number":
    return one + other


def times(one: "Number", other: "Number") -> "Number":
    return one * other


def negative(one: "Number") -> "Number":
    return -one


def is_even(one: "Number") -> "Truth":
    return one % 2 == 0


def is_above(one: "Number", least: "Number") -> "Truth":
    return one > least


def repeated(number: "Number", count: "Number") -> "Numbers":
    return [number] * count


def each(numbers: "Numbers", change: Callable[["Number"], "Number"]) -> "Numbers":
    return [change(one) for one in numbers]


def kept(numbers: "Numbers", test: Callable[["Number"], "Truth"]) -> "Numbers":
    return [one for one in numbers if test(one)]


each.__annotations__["change"] = "Callable[[Number], Number]"
kept.__annotations__["test"] = "Callable[[Number], Truth]"

ROUTINES = (
    doubled, backwards, ascending, tail, joined, first, total, length, plus, times, negative, is_even, is_above,
    repeated, each, kept,
)  # fmt: skip


@pytest.fixture(scope="session")
def numbers() -> Library:
    constants = {"ONE": ("Number", 1), "TWO": ("Number", 2), "THREE": ("Number", 3)}
    return library_of("numbers", ROUTINES, constants)


@pytest.fixture(scope="session")
def of_numbers() -> Signature:
    return Signature("numbers", "Numbers", "Numbers")
