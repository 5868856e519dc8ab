"""A problem as PDDL that every planner takes: without equality, without `either`, all names made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from agentmem.agents.language import Atom
from agentmem.worlds.planning.problem import EITHER, ROOT, Action, PlanningProblem

_SAME, _DISTINCT, _KIND = "same", "distinct", "kind"


@dataclass(frozen=True)
class PlainPddl:
    """PDDL in plain form.

    Attributes:
        domain: The text of the domain; negative preconditions are still there.
        problem: The text of the problem.
        names: What each made name of an action or object stands for.
    """

    domain: str
    problem: str
    names: Mapping[str, str]

    def atom(self, made: Iterable[str]) -> Atom:
        """An action in its own names."""
        return tuple(self.names[name] for name in made)


def plain_pddl(problem: PlanningProblem) -> PlainPddl:
    """A problem in plain form: equality becomes facts that never change, and so does `either`.

    Names are made anew, because planners want those of types, predicates and objects to differ.
    """
    return _Writer(problem).written()


class _Writer:
    def __init__(self, problem: PlanningProblem) -> None:
        self._problem = problem
        self._domain = problem.domain
        self._types = {name: f"t{place}" for place, name in enumerate(self._domain.types)}
        self._predicates = {name: f"p{place}" for place, name in enumerate(self._domain.predicates)}
        self._objects = {name: f"o{place}" for place, name in enumerate(problem.objects)}
        self._actions = {name: f"a{place}" for place, name in enumerate(self._domain.actions)}
        self._extra: dict[tuple[str, ...], str] = {}
        """The predicates of what is compiled away, by what they say."""

    def written(self) -> PlainPddl:
        actions = [self._action(action) for action in self._domain.actions.values()]
        declared = [
            f"({self._predicates[one.name]} {self._typed((p.name, p.type) for p in one.parameters)})"
            for one in self._domain.predicates.values()
        ]
        declared += [
            f"({made} {' '.join(f'?x{place} - object' for place in range(len(key) - 1))})"
            for key, made in self._extra.items()
        ]
        types = " ".join(
            f"{self._types[one]} - {self._type(parent)}" for one, parent in self._domain.types.items()
        )
        constants = self._typed(self._domain.constants.items())
        objects = self._typed(
            (name, kind) for name, kind in self._problem.objects.items() if name not in self._domain.constants
        )
        goal = [
            *map(self._atom, self._problem.goal),
            *(f"(not {self._atom(one)})" for one in self._problem.goal_not),
        ]
        init = [*map(self._atom, sorted(self._problem.init)), *self._static()]
        requirements = ":strips :typing :negative-preconditions"
        return PlainPddl(
            f"(define (domain d) (:requirements {requirements})\n{_section('types', types)}"
            f"{_section('constants', constants)}(:predicates {' '.join(declared)})\n"
            + "\n".join(actions)
            + ")",
            f"(define (problem q) (:domain d)\n{_section('objects', objects)}"
            f"(:init {' '.join(init)})\n(:goal (and {' '.join(goal)})))",
            {made: name for names in (self._actions, self._objects) for name, made in names.items()},
        )

    def _action(self, action: Action) -> str:
        kinds = {one.name: one.type for one in action.parameters} | dict(self._problem.objects)
        conditions = [*map(self._atom, action.needs), *(f"(not {self._atom(one)})" for one in action.forbids)]
        for key, pairs in ((_SAME, action.same), (_DISTINCT, action.distinct)):
            for left, right in pairs:
                made = self._made(key, kinds[left], kinds[right])
                conditions.append(f"({made} {self._term(left)} {self._term(right)})")
        for one in action.parameters:
            if EITHER in one.type:
                conditions.append(f"({self._made(_KIND, one.type)} {one.name})")
        adds = list(map(self._atom, action.adds))
        deletes = [f"(not {self._atom(one)})" for one in action.deletes]
        return (
            f"(:action {self._actions[action.name]} :parameters "
            f"({self._typed((one.name, one.type) for one in action.parameters)})\n"
            f" :precondition (and {' '.join(conditions)})\n :effect (and {' '.join([*deletes, *adds])}))"
        )

    def _made(self, *key: str) -> str:
        return self._extra.setdefault(key, f"x{len(self._extra)}")

    def _static(self) -> Iterator[str]:
        """The facts of what is compiled away."""
        for (key, *kinds), made in self._extra.items():
            first, *rest = (sorted(self._problem.members(kind)) for kind in kinds)
            if key == _KIND:
                yield from (f"({made} {self._objects[one]})" for one in first)
                continue
            yield from (
                f"({made} {self._objects[one]} {self._objects[other]})"
                for one in first
                for other in rest[0]
                if (one == other) == (key == _SAME)
            )

    def _atom(self, atom: Atom) -> str:
        return f"({' '.join([self._predicates[atom[0]], *map(self._term, atom[1:])])})"

    def _term(self, term: str) -> str:
        return term if term.startswith("?") else self._objects[term]

    def _type(self, name: str) -> str:
        return self._types.get(name, ROOT)

    def _typed(self, names: Iterable[tuple[str, str]]) -> str:
        return " ".join(f"{self._term(name)} - {self._type(kind)}" for name, kind in names)


def _section(name: str, content: str) -> str:
    """A section; none where it is empty, which some readers do not take."""
    return f"(:{name} {content})\n" if content else ""
