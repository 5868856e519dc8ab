"""Worlds by name: each made from a seed and a size, with the steps that an episode of it may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentmem.agents.strategies import STRATEGIES, Belief, Need
from agentmem.errors import NotFound
from agentmem.worlds.domains import balls, blocks, drinks, errands, tyres
from agentmem.worlds.domains.writing import texts_text
from agentmem.worlds.planning.domain_file import read_domain
from agentmem.worlds.planning.index import ApplicabilityIndex
from agentmem.worlds.planning.problem_file import read_problem
from agentmem.worlds.planning.texts import read_texts
from agentmem.worlds.planning.world import PlanningWorld

SLACK = 1.5
"""An episode may take so many times the steps that who sees all needs; who forgets needs more."""
SPARE = 20
"""Steps more than these that it may take at least: in a small problem, looking about is most of the work."""
ENDLESS = 10_000
"""More steps than any problem of ours needs."""


@dataclass(frozen=True)
class Kind:
    """A world by its name.

    Attributes:
        name: Of the world, of its folder of data, and of its strategy.
        generate: Draws domain and problem, as PDDL, from a seed and a size.
        size: The size where none is given.
    """

    name: str
    generate: Callable[[int, int], tuple[str, str]]
    size: int


KINDS: Mapping[str, Kind] = {
    one.NAME: Kind(one.NAME, one.generate, one.DEFAULT_SIZE)
    for one in (blocks, balls, tyres, drinks, errands)
}
"""The worlds of our own."""


def names() -> tuple[str, ...]:
    """The names of all worlds."""
    return tuple(KINDS)


def kind(name: str) -> Kind:
    """The world of a name.

    Raises:
        NotFound: there is none.
    """
    if name not in KINDS:
        raise NotFound(f"there is no world {name!r}", f"there are: {', '.join(KINDS)}")
    return KINDS[name]


def make(name: str, *, seed: int = 0, size: int | None = None) -> PlanningWorld:
    """A world, as it is at the start.

    Args:
        name: Of the world.
        seed: Of what is drawn.
        size: How large its problem is, from 1; none: the world's default.

    Raises:
        NotFound: there is no such world.
        InvalidInput: there is no such size.
    """
    one = kind(name)
    domain, problem = one.generate(seed, one.size if size is None else size)
    read = read_problem(problem, read_domain(domain, f"{name}/domain.pddl"))
    return PlanningWorld(read, read_texts(texts_text(name), read, f"{name}/texts.yaml"), name)


def default_steps(world: PlanningWorld) -> int:
    """How many steps an episode may take: one and a half times those of who sees all."""
    steps = steps_of_who_sees_all(world)
    return max(round(SLACK * steps), steps + SPARE)


def steps_of_who_sees_all(world: PlanningWorld) -> int:
    """How many steps the strategy of a world needs from its start where nothing is hidden.

    Raises:
        NotFound: there is no strategy for it, or it does not get there.
    """
    problem, strategy = world.problem, STRATEGIES.get(world.name)
    index, state = ApplicabilityIndex(problem), problem.init
    goal = [*((atom, True) for atom in problem.goal), *((atom, False) for atom in problem.goal_not)]
    for steps in range(ENDLESS):
        if problem.reached(state) >= 1:
            return steps
        found = strategy(Belief.of(state), goal, problem.objects) if strategy else None
        move = found.otherwise if isinstance(found, Need) else found
        if move is None or not index.applies(move.action, index.facts(state)):
            break
        state = index.apply(state, move.action)
    raise NotFound(f"no strategy leads to the goal of {world.name!r}", "say how many steps there are")
