"""The grammar of a search: which routines make what of what, at which cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from agentmem.stores.concept.routines import Library, Routine
from agentmem.stores.concept.types import Type, fits, parse
from agentmem.worlds.arc.solver.enumeration.guide import INPUT, RESULT, Guide, mixed, smoothed
from agentmem.worlds.arc.solver.enumeration.operations import Entry, Feed, Operation
from agentmem.worlds.arc.solver.enumeration.policy import SearchPolicy
from agentmem.worlds.arc.solver.enumeration.terms import Signature, Term


@dataclass(frozen=True)
class Grammar:
    """What a search works by.

    Attributes:
        operations: By cost, the order of the library among equals.
        leaves: The first entries, with their types, by cost.
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
        self._filling: dict[str, dict[str, float]] = {}
        self._functions_of: dict[str, dict[str, tuple[tuple[bool, ...], ...]]] = {}
        self._results = self._costs_of_results()
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
            type_: tuple(feed for key, feed in self._feeds.items() if _takes(self._feed_types[key], type_))
            for type_ in made
        }
        order = sorted(range(len(self._operations)), key=lambda place: (self._operations[place].cost, place))
        leaves = sorted(self._leaves, key=lambda one: one[1].cost)
        return Grammar(tuple(self._operations[place] for place in order), tuple(leaves), receivers)

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

    def _costs_of_results(self) -> dict[str, int]:
        """What a routine costs whose result is the program's, by the guide's fills."""
        counts = self._guide.fills.get(RESULT)
        before = self._alternatives(self._signature.output)
        if not counts or not any(counts.get(name, 0.0) for name in before):
            return {}
        whole = sum(before.values())
        shares = {name: one / whole for name, one in before.items()}
        return {
            name: self._steps(one)
            for name, one in smoothed(counts, shares, self._policy.fill_strength).items()
        }

    def _thing(self, type_: str, name: str, cost: int) -> None:
        """The input, a constant, or a routine that is applied."""
        count = len(self._inputs)
        if name == INPUT:
            term = Term(self._signature.parameter)
            self._leaves.append((type_, Entry(term, self._inputs, cost, INPUT, leaf=True, fixed=False)))
        elif name in self._library.constants:
            values = (deepcopy(self._library.constants[name]),) * count
            self._leaves.append((type_, Entry(Term(name), values, cost, name, leaf=True, fixed=True)))
        else:
            routine = self._library.routines[name]
            cost = max(cost, 1)
            answers = _fits(self._signature.output, type_)
            first = max(min(cost, self._results.get(name, cost)), 1) if answers else cost
            feeds = tuple(
                self._feed(f"{name}.{one.name}", one.type, first, leaves=False) for one in routine.parameters
            )
            self._operations.append(
                Operation(
                    name, self._library.functions[name], feeds, first, cost - first, type_, None, answers
                )
            )

    def _functions(self, wanted: str) -> None:
        """The routines that can stand where a function of the type `wanted` is asked for."""
        shapes = self._shapes(wanted)
        for name, share in self._alternatives(wanted).items():
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
                self._operations.append(
                    Operation(name, function, feeds, cost, 0, wanted, shape, answers=False)
                )

    def _feed(self, place: str, type_: str, operation: int, *, leaves: bool) -> Feed:
        """The feed of a parameter; those that no fills tell apart share one."""
        default, differences = self._differences(place, type_)
        lowered = any(one < 0 for one in differences.values())
        key = (type_, default, tuple(sorted(differences.items())), operation if lowered else 0, leaves)
        if key not in self._feeds:
            self._feeds[key] = Feed(default, differences, operation, leaves=leaves)
            self._feed_types[key] = type_
        return self._feeds[key]

    def _differences(self, place: str, type_: str) -> tuple[int, dict[str, int]]:
        """What the fills of a parameter change in the cost of what stands there: by default, and by head."""
        counts = self._guide.fills.get(place)
        before = self._alternatives(type_) if counts else {}
        if not counts or not any(counts.get(name, 0.0) for name in before):
            return 0, {}
        whole, strength = sum(before.values()), self._policy.fill_strength
        after = smoothed(counts, {name: one / whole for name, one in before.items()}, strength)
        changes = {
            name: self._steps(after[name]) - self._steps(before[name])
            for name, count in counts.items()
            if count and name in before
        }
        total = sum(counts.get(name, 0.0) for name in before)
        return max(self._steps(strength / (total + strength)), 0), changes

    def _alternatives(self, type_: str) -> dict[str, float]:
        """What can stand where a type is asked for, and how likely each is by itself."""
        if type_ not in self._filling:
            if parse(type_).is_callable:
                names = self._shapes(type_)
                found = mixed(self._guide.weights, names, self._policy.trust) if names else {}
            else:
                groups = [group for made, group in self._groups.items() if _fits(type_, made)]
                found = {name: share for group in groups for name, share in group.items()}
            self._filling[type_] = found
        return self._filling[type_]

    def _shapes(self, wanted: str) -> dict[str, tuple[tuple[bool, ...], ...]]:
        """By routine, the ways in which it is a function of the type `wanted`."""
        if wanted not in self._functions_of:
            self._functions_of[wanted] = {
                routine.name: found
                for routine in self._library.routines.values()
                if (found := tuple(_shapes(routine, parse(wanted), self._policy.closed)))
            }
        return self._functions_of[wanted]


@lru_cache(65_536)
def _fits(wanted: str, given: str) -> bool:
    return fits(parse(wanted), parse(given))


def _takes(wanted: str, given: str) -> bool:
    """Whether a feed takes a type; functions go where they were made for, since each place has its own."""
    return wanted == given if parse(wanted).is_callable else _fits(wanted, given)


@lru_cache(65_536)
def _shapes(routine: Routine, wanted: Type, closed: int) -> tuple[tuple[bool, ...], ...]:
    """The ways in which a routine is a function of the type `wanted`: by position, whether it stays open."""
    taken = [parse(one.type) for one in routine.parameters]
    own = Type(wanted.name, tuple(taken), parse(routine.output))
    found: list[tuple[bool, ...]] = []
    if not taken or (wanted.result is not None and not fits(wanted.result, own.result or own)):
        return ()
    if wanted.result is None or fits(wanted, own):
        found.append((True,) * len(taken))
    count = len(wanted.arguments)
    if wanted.result is not None and 0 < count < len(taken) <= count + closed:
        for places in combinations(range(len(taken)), count):
            if all(fits(taken[place], one) for place, one in zip(places, wanted.arguments, strict=True)):
                found.append(tuple(place in places for place in range(len(taken))))
    return tuple(found)


def _reachable(library: Library, signature: Signature) -> tuple[Routine, ...]:
    """The routines that can be applied to something, and whose results lead to what is looked for."""
    routines = [one for one in library.routines.values() if one.parameters]
    there = {signature.parameter_type, *library.constant_types.values()}
    applied: dict[str, Routine] = {}
    while more := [
        one
        for one in routines
        if one.name not in applied and all(_is_there(each.type, there) for each in one.parameters)
    ]:
        applied |= {one.name: one for one in more}
        there |= {one.output for one in more}
    wanted, used = {signature.output}, set[str]()
    while True:
        more = [one for one in applied.values() if one.name not in used and _leads(one.output, wanted)]
        if not more:
            return tuple(one for one in applied.values() if one.name in used)
        used |= {one.name for one in more}
        wanted |= {each.type for one in more for each in one.parameters}


def _is_there(wanted: str, there: Iterable[str]) -> bool:
    return parse(wanted).is_callable or any(_fits(wanted, one) for one in there)


def _leads(made: str, wanted: Iterable[str]) -> bool:
    return any(not parse(one).is_callable and _fits(one, made) for one in wanted)
