"""What a strategy is given and gives: a belief, what was told of the world; a move, or a fact it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agentmem.agents.language import Atom

Goal = Sequence[tuple[Atom, bool]]
"""Facts, and whether each is to hold."""


class Belief:
    """What was told of the world, each fact as it was told last; what was not told is not known.

    Facts keep the order in which they were last told, so that of two that cannot both hold the newer counts.
    """

    def __init__(self, told: Iterable[tuple[Atom, bool]]) -> None:
        self._told: dict[Atom, bool] = {}
        for atom, holds in told:
            self._told.pop(atom, None)
            self._told[atom] = holds
        self._order = {atom: place for place, atom in enumerate(self._told)}
        self._holding: dict[str, list[Atom]] = {}
        for atom, holds in self._told.items():
            if holds:
                self._holding.setdefault(atom[0], []).append(atom)

    @classmethod
    def of(cls, state: Iterable[Atom]) -> Belief:
        """The belief of who sees all: these facts hold."""
        return cls((atom, True) for atom in sorted(state))

    @property
    def atoms(self) -> frozenset[Atom]:
        """All facts that were told to hold."""
        return frozenset(atom for atom, holds in self._told.items() if holds)

    def holds(self, *atom: str) -> bool:
        """Whether the fact was last told to hold."""
        return self._told.get(atom, False)

    def denied(self, *atom: str) -> bool:
        """Whether the fact was last told not to hold."""
        return not self._told.get(atom, True)

    def when(self, *atom: str) -> int:
        """How late the fact was last told, whether to hold or not; -1: never."""
        return self._order.get(atom, -1)

    def all(self, predicate: str) -> list[Atom]:
        """The facts of a predicate that hold, the one told last at the end."""
        return self._holding.get(predicate, [])

    def last(self, predicate: str) -> Atom | None:
        """The fact of a predicate that was told last to hold."""
        found = self.all(predicate)
        return found[-1] if found else None

    def newest(self, *places: tuple[str, int]) -> dict[str, Atom]:
        """By object, the fact told last that says where it is, or what state it is in.

        Args:
            places: Predicates that exclude each other, and which of the arguments is the object:
                ("at", 0), ("carry", 0). One comes without an argument at that place: it is passed over.
        """
        found = [
            (self._order[atom], atom[place + 1], atom)
            for predicate, place in places
            for atom in self.all(predicate)
        ]
        return {one: atom for _, one, atom in sorted(found)}

    def satisfied(self, goal: Goal) -> bool:
        """Whether all conditions of a goal are believed to be met; what is not known to hold does not."""
        return all(self.holds(*atom) == wanted for atom, wanted in goal)


@dataclass(frozen=True)
class Move:
    """What to do next.

    Attributes:
        subgoal: What it is done for, in words; some 3 to 8 actions.
        action: The action and its arguments.
    """

    subgoal: str
    action: Atom


@dataclass(frozen=True)
class Need:
    """A fact is missing.

    Attributes:
        about: What it is about: names of objects, the most telling first.
        otherwise: What to do where it cannot be recalled: to go and look. None: nothing is left to do.
    """

    about: tuple[str, ...]
    otherwise: Move | None = None


class Strategy(Protocol):
    """The rules of a world, as a pure function: what to do, or what must be known first."""

    def __call__(self, belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | Need | None:
        """What to do next.

        Args:
            belief: What is known of the world. It may be false, stale, and lack what it likes.
            goal: What is to be reached.
            objects: The types of all objects, by name.

        Returns:
            A move, or what is missing for it; none: nothing is left to be done, or no way is seen.
        """


def places(goal: Goal, predicate: str) -> dict[str, str]:
    """Where the goal wants objects to be: the second arguments of a predicate, by the first."""
    return {atom[1]: atom[2] for atom, wanted in goal if wanted and atom[0] == predicate}


def of_type(objects: Mapping[str, str], *kinds: str) -> list[str]:
    """The names of the objects of these types, in order."""
    return sorted((name for name, kind in objects.items() if kind in kinds), key=_by_number)


def _by_number(name: str) -> tuple[int, str]:
    return len(name), name
