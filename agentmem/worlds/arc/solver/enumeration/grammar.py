"""The grammar of a search: which routines make what of what, at which cost."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from agentmem.stores.concept.routines import Library, Routine
from agentmem.stores.concept.types import Type, fits, parse
from agentmem.worlds.arc.solver.enumeration.guide import INPUT, Guide, mixed, smoothed
from agentmem.worlds.arc.solver.enumeration.policy import SearchPolicy
from agentmem.worlds.arc.solver.enumeration.terms import Signature, Term


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
        cost: In steps, at least 1.
        output: The type of what it makes.
        shape: None: it is applied. Else what it makes is a function, and by position True where open.
        answers: Whether what it makes can be what is looked for.
    """

    name: str
    function: Callable[..., Any]
    feeds: tuple[Feed, ...]
    cost: int
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


@dataclass(frozen=True)
class Grammar:
    """What a search works by.

    Attributes:
        operations: By cost, the order of the library among equals.
        leaves: The first entries, with their types.
        receivers: The feeds that take what has a type.
    """

    operations: tuple[Operation, ...]
    leaves: tuple[tuple[str, Entry], ...]
    receivers: Mapping[str, tuple[Feed, ...]]


def grammar_of(
    library: Library, signature: Signature, inputs: tuple[Any, ...], guide: Guide, policy: SearchPolicy
) -> Grammar:
    """The grammar of programs of a signature over a library, its costs by a guide."""
    return _Builder(library, signature, inputs, guide, policy).grammar()


class _Builder:
    """Builds one grammar."""

    def __init__(
        self,
        library: Library,
        signature: Signature,
        inputs: tuple[Any, ...],
        guide: Guide,
        policy: SearchPolicy,
    ) -> None:
        self._library, self._signature, self._inputs = library, signature, inputs
        self._guide, self._policy = guide, policy
        self._routines = _reachable(library, signature)
        self._groups = self._probabilities()
        self._feeds: dict[tuple[Any, ...], Feed] = {}
        self._feed_types: dict[tuple[Any, ...], str] = {}
        self._operations: list[Operation] = []
        self._leaves: list[tuple[str, Entry]] = []

    def grammar(self) -> Grammar:
        for type_, group in self._groups.items():
            for name, share in group.items():
                self._thing(type_, name, self._steps(share))
        for wanted in dict.fromkeys(
            one.type
            for routine in self._routines
            for one in routine.parameters
            if parse(one.type).is_callable
        ):
            self._functions(wanted)
        made = {one.output for one in self._operations} | {type_ for type_, _ in self._leaves}
        receivers = {
            type_: tuple(
                feed
                for key, feed in self._feeds.items()
                if _takes(parse(self._feed_types[key]), parse(type_), self._feed_types[key] == type_)
            )
            for type_ in made
        }
        order = sorted(range(len(self._operations)), key=lambda place: (self._operations[place].cost, place))
        return Grammar(tuple(self._operations[place] for place in order), tuple(self._leaves), receivers)

    def _steps(self, share: float) -> int:
        return round(-math.log(share) * self._policy.steps)

    def _probabilities(self) -> dict[str, dict[str, float]]:
        """By type, how likely each thing is that makes it."""
        groups: dict[str, list[str]] = {}
        for routine in self._routines:
            groups.setdefault(routine.output, []).append(routine.name)
        for name, type_ in self._library.constant_types.items():
            groups.setdefault(type_, []).append(name)
        shares = {
            type_: mixed(self._guide.weights, names, self._policy.trust) for type_, names in groups.items()
        }
        own, share = self._signature.parameter_type, self._policy.input_share
        others = shares.get(own, {})
        share = share if others else 1.0
        shares[own] = {INPUT: share} | {name: one * (1 - share) for name, one in others.items()}
        return shares

    def _thing(self, type_: str, name: str, cost: int) -> None:
        """The input, a constant, or a routine that is applied."""
        count = len(self._inputs)
        if name == INPUT:
            term = Term(self._signature.parameter)
            self._leaves.append((type_, Entry(term, self._inputs, cost, INPUT, leaf=True, fixed=False)))
        elif name in self._library.constants:
            values = (self._library.constants[name],) * count
            self._leaves.append((type_, Entry(Term(name), values, cost, name, leaf=True, fixed=True)))
        else:
            routine = self._library.routines[name]
            cost = max(cost, 1)
            feeds = tuple(
                self._feed(f"{name}.{one.name}", one.type, cost, leaves=False) for one in routine.parameters
            )
            answers = fits(parse(self._signature.output), parse(type_))
            self._operations.append(
                Operation(name, self._library.functions[name], feeds, cost, type_, None, answers)
            )

    def _functions(self, wanted: str) -> None:
        """The routines that can stand where a function of the type `wanted` is asked for."""
        type_ = parse(wanted)
        shapes = {
            routine.name: found
            for routine in self._library.routines.values()
            if (found := tuple(_shapes(routine, type_, self._policy.closed)))
        }
        for name, share in mixed(self._guide.weights, shapes, self._policy.trust).items() if shapes else ():
            routine, function = self._library.routines[name], self._library.functions[name]
            cost = max(self._steps(share), 1)
            for shape in shapes[name]:
                if all(shape):
                    values = (function,) * len(self._inputs)
                    entry = Entry(Term(name), values, cost, name, leaf=True, fixed=True)
                    self._leaves.append((wanted, entry))
                    continue
                feeds = tuple(
                    self._feed(f"{name}.{one.name}", one.type, cost, leaves=True)
                    for one, is_open in zip(routine.parameters, shape, strict=True)
                    if not is_open
                )
                self._operations.append(Operation(name, function, feeds, cost, wanted, shape, answers=False))

    def _feed(self, place: str, type_: str, operation: int, *, leaves: bool) -> Feed:
        """The feed of a parameter; those that no fills tell apart share one."""
        default, differences = self._differences(place, parse(type_))
        lowered = any(one < 0 for one in differences.values())
        key = (type_, default, tuple(sorted(differences.items())), operation if lowered else 0, leaves)
        if key not in self._feeds:
            self._feeds[key] = Feed(default, differences, operation, leaves=leaves)
            self._feed_types[key] = type_
        return self._feeds[key]

    def _differences(self, place: str, type_: Type) -> tuple[int, dict[str, int]]:
        """What the fills of a parameter change in the cost of what stands there: by default, and by head."""
        counts = self._guide.fills.get(place, {})
        before: dict[str, float] = {}
        if type_.is_callable:
            names = [
                routine.name
                for routine in self._library.routines.values()
                if next(iter(_shapes(routine, type_, self._policy.closed)), None) is not None
            ]
            before = mixed(self._guide.weights, names, self._policy.trust) if names else {}
        else:
            for made, group in self._groups.items():
                if fits(type_, parse(made)):
                    before |= group
        if not before or not any(counts.get(name, 0.0) for name in before):
            return 0, {}
        whole = sum(before.values())
        after = smoothed(
            counts, {name: one / whole for name, one in before.items()}, self._policy.fill_strength
        )
        changes = {name: self._steps(after[name]) - self._steps(before[name]) for name in before}
        seen = {name: change for name, change in changes.items() if counts.get(name, 0.0)}
        total = sum(counts.get(name, 0.0) for name in before)
        strength = self._policy.fill_strength
        return max(self._steps(strength / (total + strength)), 0), seen


def _takes(wanted: Type, given: Type, same: bool) -> bool:
    """Whether a feed takes a type; functions go where they were made for, since each place has its own."""
    return same if wanted.is_callable else fits(wanted, given)


def _shapes(routine: Routine, wanted: Type, closed: int) -> Iterator[tuple[bool, ...]]:
    """The ways in which a routine is a function of the type `wanted`: by position, whether it stays open."""
    taken = [parse(one.type) for one in routine.parameters]
    own = Type(wanted.name, tuple(taken), parse(routine.output))
    if not taken:
        return
    if wanted.result is None or fits(wanted, own):
        yield (True,) * len(taken)
    if wanted.result is None or not fits(wanted.result, parse(routine.output)):
        return
    count = len(wanted.arguments)
    if not 0 < len(taken) - count <= closed or not count:
        return
    for places in combinations(range(len(taken)), count):
        if all(fits(taken[place], one) for place, one in zip(places, wanted.arguments, strict=True)):
            yield tuple(place in places for place in range(len(taken)))


def _reachable(library: Library, signature: Signature) -> tuple[Routine, ...]:
    """The routines that can be applied to something, and whose results lead to what is looked for."""
    routines = [one for one in library.routines.values() if one.parameters]
    there = {parse(signature.parameter_type), *map(parse, library.constant_types.values())}
    applied: dict[str, Routine] = {}
    while more := [
        one
        for one in routines
        if one.name not in applied and all(_is_there(parse(each.type), there) for each in one.parameters)
    ]:
        applied |= {one.name: one for one in more}
        there |= {parse(one.output) for one in more}
    wanted, used = {parse(signature.output)}, set[str]()
    while True:
        more = [one for one in applied.values() if one.name not in used and _leads(parse(one.output), wanted)]
        if not more:
            return tuple(one for one in applied.values() if one.name in used)
        used |= {one.name for one in more}
        wanted |= {parse(each.type) for one in more for each in one.parameters}


def _is_there(wanted: Type, there: Iterable[Type]) -> bool:
    return wanted.is_callable or any(fits(wanted, one) for one in there)


def _leads(made: Type, wanted: Iterable[Type]) -> bool:
    return any(not one.is_callable and fits(one, made) for one in wanted)
