"""A strategy for worlds that nobody wrote one for: search through lifted actions, given as data."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, product
from typing import Protocol

from agentmem.agents.language import Atom, readable
from agentmem.agents.strategies.belief import Belief, Goal, Move

State = frozenset[Atom]
Pairs = Sequence[tuple[str, str]]


class Parameter(Protocol):
    """A variable of an action, with its question mark, and its type."""

    @property
    def name(self) -> str:
        """The variable."""

    @property
    def type(self) -> str:
        """Its type."""


class LiftedAction(Protocol):
    """An action with variables, as PDDL has it: what begins with `?` in its atoms is one of them."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """Its variables, in order."""

    @property
    def needs(self) -> Sequence[Atom]:
        """What must hold."""

    @property
    def forbids(self) -> Sequence[Atom]:
        """What must not hold."""

    @property
    def same(self) -> Pairs:
        """Pairs that must be one object."""

    @property
    def distinct(self) -> Pairs:
        """Pairs that must not be."""

    @property
    def adds(self) -> Sequence[Atom]:
        """What holds afterwards."""

    @property
    def deletes(self) -> Sequence[Atom]:
        """What does not."""


@dataclass(frozen=True)
class Grounded:
    """An action of certain objects."""

    atom: Atom
    needs: State
    forbids: State
    adds: State
    deletes: State

    def applies(self, state: State) -> bool:
        """Whether it can be carried out."""
        return self.needs <= state and self.forbids.isdisjoint(state)

    def apply(self, state: State) -> State:
        """What it leads to."""
        return (state - self.deletes) | self.adds


@dataclass(frozen=True)
class Limits:
    """When a search gives up.

    Attributes:
        nodes: States that are looked at.
        actions: Actions of certain objects that are taken into account.
        weight: By how much what is still to be done counts for more than what was done.
        kept: How many answers are kept, for beliefs that come again.
    """

    nodes: int = 300
    actions: int = 20_000
    weight: int = 2
    kept: int = 256


class SearchStrategy:
    """Plans anew from each belief, taking what was not told for false: best-first, by additive costs
    (Bonet and Geffner 2001, h_add) with weight, so a plan is short where that comes cheap.

    A pure function of belief, goal and objects: what it keeps, it keeps by these.

    Args:
        actions: The actions of the world.
        members: The objects of each type that an action names.
        limits: When it gives up: then it takes the way to the best state that it saw.
    """

    def __init__(
        self,
        actions: Iterable[LiftedAction],
        members: Mapping[str, Iterable[str]],
        limits: Limits | None = None,
    ) -> None:
        self._actions = tuple(actions)
        self._members = {kind: tuple(sorted(names)) for kind, names in members.items()}
        self._limits = limits or Limits()
        changed = {atom[0] for action in self._actions for atom in (*action.adds, *action.deletes)}
        self._changed = frozenset(changed)
        self._next = lru_cache(self._limits.kept)(self._search)
        self._grounded = lru_cache(self._limits.kept)(self._ground)

    def __call__(self, belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | None:
        """The first action of a plan; none: there is none, or nothing is left to be done."""
        state = belief.atoms
        wanted = frozenset(atom for atom, holds in goal if holds)
        unwanted = frozenset(atom for atom, holds in goal if not holds)
        action = self._next(state, wanted, unwanted)
        if action is None:
            return None
        open_ = sorted(wanted - state) or sorted(unwanted & state)
        return Move("reach " + ", ".join(readable(word) for word in open_[0]), action)

    # Searching

    def _search(self, start: State, wanted: State, unwanted: State) -> Atom | None:
        static = frozenset(atom for atom in start if atom[0] not in self._changed)
        actions = self._grounded(static)
        costs = _Costs(actions, wanted)
        numbers = count()
        nearest = self._limits.actions * (len(wanted) + len(unwanted) + 1)
        answer: Atom | None = None
        queue = [(0, next(numbers), 0, start, answer)]
        seen = {start}
        for _ in range(self._limits.nodes):
            if not queue:
                break
            _, _, steps, state, first = heapq.heappop(queue)
            if wanted <= state and unwanted.isdisjoint(state):
                return first
            for action in actions:
                if not action.applies(state):
                    continue
                reached = action.apply(state)
                if reached in seen:
                    continue
                seen.add(reached)
                cost = costs.of(reached) + len(unwanted & reached)
                rank = steps + 1 + cost * self._limits.weight
                step = first or action.atom
                heapq.heappush(queue, (rank, next(numbers), steps + 1, reached, step))
                if cost < nearest:
                    nearest, answer = cost, step
        return answer

    # Grounding

    def _ground(self, static: State) -> tuple[Grounded, ...]:
        """The actions whose needs that never change are met, in order."""
        made: list[Grounded] = []
        for action in self._actions:
            for binding in self._bindings(action, static):
                made.append(_grounded(action, binding))
                if len(made) == self._limits.actions:
                    return tuple(made)
        return tuple(made)

    def _bindings(self, action: LiftedAction, static: State) -> Iterator[Mapping[str, str]]:
        """The objects of an action's variables, joined over what never changes."""
        found: list[dict[str, str]] = [{}]
        for need in action.needs:
            if need[0] not in self._changed:
                facts = sorted(atom for atom in static if atom[0] == need[0] and len(atom) == len(need))
                found = [
                    made for one in found for atom in facts if (made := _joined(need, atom, one)) is not None
                ]
        kinds = {one.name: self._members.get(one.type, ()) for one in action.parameters}
        for one in found:
            free = [name for name in kinds if name not in one]
            if any(one[name] not in kinds[name] for name in one):
                continue
            for names in product(*(kinds[name] for name in free)):
                binding = {**one, **dict(zip(free, names, strict=True))}
                alike = all(_term(a, binding) == _term(b, binding) for a, b in action.same)
                if alike and all(_term(a, binding) != _term(b, binding) for a, b in action.distinct):
                    yield binding


class _Costs:
    """How far a state is from a goal where nothing is ever deleted: the sum of the costs of its conditions."""

    def __init__(self, actions: Sequence[Grounded], wanted: State) -> None:
        self._actions = actions
        self._wanted = wanted
        self._needing: dict[Atom, list[int]] = {}
        for place, action in enumerate(actions):
            for atom in action.needs:
                self._needing.setdefault(atom, []).append(place)
        self._free = [place for place, action in enumerate(actions) if not action.needs]
        self._unreached = len(actions) + 1

    def of(self, state: State) -> int:
        """The costs of a state; more than any other where the goal cannot be reached."""
        cost = dict.fromkeys(state, 0)
        missing = [len(action.needs) for action in self._actions]
        spent = [1] * len(self._actions)
        queue: list[tuple[int, Atom]] = [(0, atom) for atom in state]
        heapq.heapify(queue)
        for place in self._free:
            self._add(place, spent, cost, queue)
        open_ = len(self._wanted - state)
        while queue and open_:
            now, atom = heapq.heappop(queue)
            if now > cost[atom]:
                continue
            open_ -= now > 0 and atom in self._wanted
            for place in self._needing.get(atom, ()):
                missing[place] -= 1
                spent[place] += now
                if not missing[place]:
                    self._add(place, spent, cost, queue)
        return sum(cost.get(atom, self._unreached) for atom in self._wanted)

    def _add(
        self, place: int, spent: list[int], cost: dict[Atom, int], queue: list[tuple[int, Atom]]
    ) -> None:
        for atom in self._actions[place].adds:
            if spent[place] < cost.get(atom, self._unreached):
                cost[atom] = spent[place]
                heapq.heappush(queue, (spent[place], atom))


def _term(term: str, binding: Mapping[str, str]) -> str:
    return binding.get(term, term)


def _joined(pattern: Atom, atom: Atom, binding: Mapping[str, str]) -> dict[str, str] | None:
    made = dict(binding)
    for term, given in zip(pattern[1:], atom[1:], strict=True):
        if (made.setdefault(term, given) if term.startswith("?") else term) != given:
            return None
    return made


def _grounded(action: LiftedAction, binding: Mapping[str, str]) -> Grounded:
    def filled(patterns: Iterable[Atom]) -> State:
        return frozenset((one[0], *(_term(term, binding) for term in one[1:])) for one in patterns)

    return Grounded(
        (action.name, *(binding[one.name] for one in action.parameters)),
        filled(action.needs),
        filled(action.forbids),
        filled(action.adds),
        filled(action.deletes),
    )
