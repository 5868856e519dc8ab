"""Actions of certain objects from lifted ones, which are given as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Protocol

from agentmem.agents.language import Atom
from agentmem.agents.matching import Binding, Pairs, State, bound, equal_as_said, filled


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


class Grounder:
    """Makes the actions of a world that can ever be carried out where certain facts never change.

    Args:
        actions: The lifted actions.
        members: The objects of each type that an action names.
    """

    def __init__(self, actions: Iterable[LiftedAction], members: Mapping[str, Iterable[str]]) -> None:
        self._actions = tuple(actions)
        self._members = {kind: tuple(sorted(names)) for kind, names in members.items()}
        self.changed = frozenset(atom[0] for one in self._actions for atom in (*one.adds, *one.deletes))
        """The predicates that actions change."""

    def ground(self, static: State, most: int) -> tuple[Grounded, ...]:
        """The first `most` actions whose needs among what never changes are met, in order."""
        every = (_grounded(action, one) for action in self._actions for one in self._bindings(action, static))
        return tuple(islice(every, most))

    def _bindings(self, action: LiftedAction, static: State) -> Iterator[Binding]:
        """The objects of an action's variables, joined over what never changes."""
        found: list[dict[str, str]] = [{}]
        for need in action.needs:
            if need[0] not in self.changed:
                facts = sorted(atom for atom in static if atom[0] == need[0])
                found = [
                    made for one in found for atom in facts if (made := bound(need, atom, one)) is not None
                ]
        kinds = {one.name: self._members.get(one.type, ()) for one in action.parameters}
        for one in found:
            free = [name for name in kinds if name not in one]
            if any(one[name] not in kinds[name] for name in one):
                continue
            for names in product(*(kinds[name] for name in free)):
                binding = {**one, **dict(zip(free, names, strict=True))}
                if equal_as_said(action.same, action.distinct, binding):
                    yield binding


def _grounded(action: LiftedAction, binding: Binding) -> Grounded:
    def all_filled(patterns: Iterable[Atom]) -> State:
        return frozenset(filled(one, binding) for one in patterns)

    return Grounded(
        (action.name, *(binding[one.name] for one in action.parameters)),
        all_filled(action.needs),
        all_filled(action.forbids),
        all_filled(action.adds),
        all_filled(action.deletes),
    )
