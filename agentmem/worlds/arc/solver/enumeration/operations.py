"""Ways to make a value of values, and what can fill their parameters, by cost."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentmem.worlds.arc.solver.enumeration.terms import Term


class Entry:
    """A value that was reached.

    Attributes:
        term: The program that reached it first.
        values: What it is, by input.
        cost: Of the term, in steps.
        head: The name that its term begins with, `INPUT` for the input.
        leaf: Whether it is there from the beginning.
        fixed: Whether it is the same whatever the input.
    """

    __slots__ = ("cost", "fixed", "head", "leaf", "term", "values")

    def __init__(
        self, term: Term, values: tuple[Any, ...], cost: int, head: str, *, leaf: bool, fixed: bool
    ) -> None:
        self.term, self.values, self.cost, self.head = term, values, cost, head
        self.leaf, self.fixed = leaf, fixed


class Feed:
    """What can fill a parameter, by what it costs there.

    Attributes:
        levels: Entries by cost.
        costs: The costs that have entries, ascending.
    """

    __slots__ = ("_default", "_differences", "_leaves", "_operation", "costs", "levels")

    def __init__(self, default: int, differences: Mapping[str, int], operation: int, *, leaves: bool) -> None:
        """A feed without entries.

        Args:
            default: What an entry costs here more than by itself.
            differences: The same for entries of a head, negative for what is expected here.
            operation: The cost of the routine that is fed. A discount leaves what is made of an entry dearer
                than the entry, so that it is made after it.
            leaves: Whether only constants and routines fill it.
        """
        self.levels: dict[int, list[Entry]] = {}
        self.costs: list[int] = []
        self._default, self._differences, self._operation = default, differences, operation
        self._leaves = leaves

    def offer(self, entry: Entry) -> None:
        """Takes an entry, where it is one that can stand here."""
        if self._leaves and not (entry.leaf and entry.fixed):
            return
        cost = entry.cost + self._differences.get(entry.head, self._default)
        cost = max(cost, 0 if entry.leaf else entry.cost + 1 - self._operation, 0)
        found = self.levels.get(cost)
        if found is None:
            self.levels[cost] = [entry]
            insort(self.costs, cost)
        else:
            found.append(entry)


@dataclass(frozen=True)
class Operation:
    """A way to make a value of values.

    Attributes:
        name: Of the routine.
        function: The routine.
        feeds: What fills its parameters, without those that stay open.
        cost: In steps, at least 1: what it adds to its parameters' when it is tried.
        within: What it adds more where its result is not the program's.
        output: The type of what it makes.
        shape: None: it is applied. Else what it makes is a function, and by position True where open.
        answers: Whether what it makes can be what is looked for.
    """

    name: str
    function: Callable[..., Any]
    feeds: tuple[Feed, ...]
    cost: int
    within: int
    output: str
    shape: tuple[bool, ...] | None
    answers: bool

    def combinations(self, cost: int) -> Iterator[tuple[Entry, ...]]:
        """What can fill the parameters so that the whole has this cost."""
        return _combinations(self.feeds, cost - self.cost)

    @property
    def dearest(self) -> int:
        """The highest cost that its entries so far allow; -1 where a parameter has none."""
        if any(not feed.costs for feed in self.feeds):
            return -1
        return self.cost + sum(feed.costs[-1] for feed in self.feeds)


def _combinations(feeds: tuple[Feed, ...], cost: int) -> Iterator[tuple[Entry, ...]]:
    first = feeds[0]
    if len(feeds) == 1:
        for entry in first.levels.get(cost, ()):
            yield (entry,)
        return
    rest = feeds[1:]
    least = 0
    for feed in rest:
        if not feed.costs:
            return
        least += feed.costs[0]
    for here in first.costs:
        if here + least > cost:
            return
        if len(rest) == 1:
            others = rest[0].levels.get(cost - here, ())
            for entry in first.levels[here] if others else ():
                for other in others:
                    yield entry, other
        else:
            for entry in first.levels[here]:
                for tail in _combinations(rest, cost - here):
                    yield entry, *tail
