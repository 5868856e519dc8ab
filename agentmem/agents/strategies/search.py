"""A strategy for worlds that nobody wrote one for: search, by what is known of their actions as data."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from agentmem.agents.language import Atom, readable
from agentmem.agents.matching import State
from agentmem.agents.strategies.belief import Belief, Goal, Move
from agentmem.agents.strategies.grounding import Grounded, Grounder, LiftedAction

DEAD_END = 1_000_000
"""The distance of a goal that cannot be reached."""


@dataclass(frozen=True)
class Limits:
    """When a search gives up.

    Attributes:
        nodes: States that are looked at.
        actions: Actions of certain objects that are taken into account.
        weight: By how much what is still to be done counts for more than what was done.
        kept: How many answers are kept, for beliefs that come again.
    """

    nodes: int = 500
    actions: int = 20_000
    weight: int = 3
    kept: int = 256


class SearchStrategy:
    """Plans anew from each belief, and takes what was not told for false.

    Best-first search, with the length of a relaxed plan as distance (Hoffmann and Nebel 2001, "The FF
    planning system"; supporters by additive costs), first by actions of such plans alone. A pure function
    of belief, goal and objects: what it keeps, it keeps by these. As nothing of a plan is kept for the next
    step, it can go in circles in a large problem.

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
        self._limits = limits or Limits()
        self._grounder = Grounder(actions, members)
        self._next = lru_cache(self._limits.kept)(self._first)
        self._relaxed = lru_cache(1)(self._prepared)

    def __call__(self, belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | None:
        """The first action of a plan; none: nothing can be done, or is left to be done."""
        state = belief.atoms
        wanted = frozenset(atom for atom, holds in goal if holds)
        unwanted = frozenset(atom for atom, holds in goal if not holds)
        if wanted <= state and unwanted.isdisjoint(state):
            return None
        action = self._next(state, wanted, unwanted)
        if action is None:
            return None
        open_ = sorted(wanted - state) or sorted(unwanted & state)
        return Move("reach " + ", ".join(readable(word) for word in open_[0]), action)

    def _prepared(self, static: State) -> Relaxed:
        return Relaxed(self._grounder.ground(static, self._limits.actions))

    def _first(self, start: State, wanted: State, unwanted: State) -> Atom | None:
        """The first action of a plan that was found among helpful actions, else among all."""
        relaxed = self._relaxed(frozenset(atom for atom in start if atom[0] not in self._grounder.changed))
        found, narrow = self._search(relaxed, start, wanted, unwanted, helpful_only=True)
        if not found:
            found, wide = self._search(relaxed, start, wanted, unwanted, helpful_only=False)
            return wide if found or narrow is None else narrow
        return narrow

    def _search(
        self, relaxed: Relaxed, start: State, wanted: State, unwanted: State, *, helpful_only: bool
    ) -> tuple[bool, Atom | None]:
        """Whether a plan was found, and the first action of it, or of the way to the nearest state."""
        numbers = count()
        nearest, answer = DEAD_END, None
        first: Atom | None = None
        queue = [(0, False, next(numbers), 0, start, first)]
        seen = {start}
        for _ in range(self._limits.nodes):
            if not queue:
                break
            *_, steps, state, first = heapq.heappop(queue)
            distance, helpful = relaxed.plan(state, wanted)
            distance += len(unwanted & state)
            if first is not None and distance < nearest:
                nearest, answer = distance, first
            if not distance:
                return True, first
            if distance >= DEAD_END and first is not None:
                continue
            rank = steps + 1 + distance * self._limits.weight
            for place in sorted(helpful) if helpful_only else range(len(relaxed.actions)):
                action = relaxed.actions[place]
                if action.applies(state):
                    reached = action.apply(state)
                    if reached not in seen:
                        seen.add(reached)
                        entry = (
                            rank,
                            place not in helpful,
                            next(numbers),
                            steps + 1,
                            reached,
                            first or action.atom,
                        )
                        heapq.heappush(queue, entry)
        return False, answer


class Relaxed:
    """Plans where nothing is ever deleted and nothing forbidden.

    Args:
        actions: What can be done.
    """

    def __init__(self, actions: Sequence[Grounded]) -> None:
        self.actions = actions
        self._needing: dict[Atom, list[int]] = {}
        for place, action in enumerate(actions):
            for atom in action.needs:
                self._needing.setdefault(atom, []).append(place)
        self._free = [place for place, action in enumerate(actions) if not action.needs]
        self._needs = [len(action.needs) for action in actions]

    def plan(self, state: State, wanted: State) -> tuple[int, set[int]]:
        """How many actions a relaxed plan has, and which of them can be carried out now."""
        supporters = self._supporters(state, wanted)
        open_, taken, met = [atom for atom in wanted if atom not in state], set(), set(state)
        while open_:
            atom = open_.pop()
            if atom in met:
                continue
            met.add(atom)
            if atom not in supporters:
                return DEAD_END, set()
            place = supporters[atom]
            if place not in taken:
                taken.add(place)
                open_ += self.actions[place].needs
        return len(taken), {place for place in taken if self.actions[place].applies(state)}

    def _supporters(self, state: State, wanted: State) -> dict[Atom, int]:
        """The action by which each fact is reached at the least cost: 1, and the costs of its needs."""
        cost = dict.fromkeys(state, 0)
        supporters: dict[Atom, int] = {}
        missing = list(self._needs)
        spent = [1] * len(missing)
        queue: list[tuple[int, Atom]] = []

        def reach(place: int) -> None:
            for added in self.actions[place].adds:
                if spent[place] < cost.get(added, DEAD_END):
                    cost[added] = spent[place]
                    supporters[added] = place
                    heapq.heappush(queue, (spent[place], added))

        def meet(atom: Atom, now: int) -> None:
            for place in self._needing.get(atom, ()):
                missing[place] -= 1
                spent[place] += now
                if not missing[place]:
                    reach(place)

        for place in self._free:
            reach(place)
        for atom in state:
            meet(atom, 0)
        open_ = len(wanted - state)
        while queue and open_:
            now, atom = heapq.heappop(queue)
            if now == cost[atom]:
                open_ -= atom in wanted
                meet(atom, now)
        return supporters
