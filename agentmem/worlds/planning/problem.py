"""A planning problem as plain data: types, objects, predicates, lifted actions, start and goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from agentmem.agents.language import Atom

ROOT = "object"
"""The type of all objects."""
EITHER = " or "
"""Between the names of the types of an `(either …)`."""


@dataclass(frozen=True)
class Parameter:
    """A variable, with its question mark, and its type."""

    name: str
    type: str


@dataclass(frozen=True)
class Predicate:
    """What can hold: its name and its arguments."""

    name: str
    parameters: tuple[Parameter, ...]

    @property
    def arity(self) -> int:
        """How many arguments it has."""
        return len(self.parameters)


@dataclass(frozen=True)
class Action:
    """A lifted action. In its atoms, what begins with `?` is a parameter, all else an object.

    Attributes:
        name: As PDDL writes it.
        parameters: In order.
        needs: What must hold.
        forbids: What must not hold.
        same: Pairs that must be one object.
        distinct: Pairs that must not be.
        adds: What holds afterwards; what is deleted and added holds.
        deletes: What does not.
    """

    name: str
    parameters: tuple[Parameter, ...]
    needs: tuple[Atom, ...] = ()
    forbids: tuple[Atom, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    distinct: tuple[tuple[str, str], ...] = ()
    adds: tuple[Atom, ...] = ()
    deletes: tuple[Atom, ...] = ()


@dataclass(frozen=True)
class Domain:
    """What problems share.

    Attributes:
        name: As PDDL has it.
        types: The parent of each type but `object`.
        constants: Objects of all problems, and their types.
        predicates: By name, in order.
        actions: By name, in order.
    """

    name: str
    types: Mapping[str, str]
    constants: Mapping[str, str]
    predicates: Mapping[str, Predicate]
    actions: Mapping[str, Action]

    def fits(self, given: str, wanted: str) -> bool:
        """Whether all that is of type `given` is of type `wanted`."""
        return all(
            any(one in self._kinds(part) for one in wanted.split(EITHER)) for part in given.split(EITHER)
        )

    def _kinds(self, name: str) -> list[str]:
        found = [name]
        while found[-1] in self.types:
            found.append(self.types[found[-1]])
        return [*found, ROOT]


@dataclass(frozen=True)
class PlanningProblem:
    """A problem, whole.

    Attributes:
        name: As PDDL has it.
        domain: Its domain.
        objects: All objects, constants too, and their types, in order.
        init: What holds first.
        goal: What must hold.
        goal_not: What must not hold.
    """

    name: str
    domain: Domain
    objects: Mapping[str, str]
    init: frozenset[Atom]
    goal: tuple[Atom, ...]
    goal_not: tuple[Atom, ...] = ()

    def members(self, type_: str) -> frozenset[str]:
        """The objects of a type, of those below it too; of an `a or b`: of both."""
        if type_ not in self._members:
            fitting = (name for name, kind in self.objects.items() if self.domain.fits(kind, type_))
            self._members[type_] = frozenset(fitting)
        return self._members[type_]

    def starting(self, state: frozenset[Atom]) -> PlanningProblem:
        """The same problem from another state."""
        return replace(self, init=state)

    def reached(self, state: frozenset[Atom]) -> float:
        """The share of goal conditions that hold in a state, 0 to 1."""
        conditions = len(self.goal) + len(self.goal_not)
        held = sum(atom in state for atom in self.goal) + sum(atom not in state for atom in self.goal_not)
        return held / conditions if conditions else 1.0

    @cached_property
    def static(self) -> frozenset[str]:
        """The predicates that no action changes."""
        actions = self.domain.actions.values()
        changed = {atom[0] for action in actions for atom in (*action.adds, *action.deletes)}
        return frozenset(self.domain.predicates) - changed

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        return {}
