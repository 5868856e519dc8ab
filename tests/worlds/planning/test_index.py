"""The index is held equal to unified-planning's simulator, along random walks and in random states."""

import re
from collections.abc import Callable
from functools import cache
from random import Random
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.agents.language import Atom
from agentmem.worlds.domains import balls, blocks, drinks, errands, tyres
from agentmem.worlds.planning import ApplicabilityIndex, PlanningProblem, State, read_domain, read_problem
from agentmem.worlds.planning.unified import UnifiedSimulator

NAMES = ["logistics", "hanoi", "lights", "grid"]
TYPE_SHAKER = re.compile(r"(?<=- )shaker\b|\bshaker(?= - vessel)")
LIMITS = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Sources = Callable[[str], tuple[str, str]]
Problems = Callable[[str], PlanningProblem]


@pytest.fixture(scope="module")
def simulator(sources: Sources) -> Callable[[str], UnifiedSimulator]:
    return cache(lambda name: UnifiedSimulator(*sources(name)))


def changing(problem: PlanningProblem) -> list[Atom]:
    """All atoms that some action that ever applies could change: of what was reached by breadth."""
    index, states = ApplicabilityIndex(problem), [problem.init]
    found: set[Atom] = set()
    for _ in range(30):
        for atom in index.applicable(states[-1]):
            found |= set(index.touched(atom))
            states.append(index.apply(states[-1], atom))
    return sorted(found)


def agree(index: ApplicabilityIndex, simulator: UnifiedSimulator, state: State) -> list[Atom]:
    found = index.applicable(state)
    assert len(found) == len(set(found))
    assert set(found) == simulator.applicable(state)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_reads_the_start_as_unified_planning_does(name: str, problem_of: Problems, simulator) -> None:
    assert problem_of(name).init == simulator(name).init


@pytest.mark.parametrize("name", NAMES)
@LIMITS
@given(choices=st.lists(st.integers(0, 10_000), max_size=12))
def test_walks_as_unified_planning_does(
    name: str, choices: list[int], problem_of: Problems, simulator
) -> None:
    problem, reference = problem_of(name), simulator(name)
    index, state = ApplicabilityIndex(problem), problem.init
    for choice in choices:
        found = agree(index, reference, state)
        if not found:
            break
        atom = found[choice % len(found)]
        after = index.apply(state, atom)
        assert after == reference.apply(state, atom)
        assert index.applies(atom, index.facts(state))
        state = after
    assert (problem.reached(state) == 1) == reference.reached(state)


@pytest.mark.parametrize("name", NAMES)
@LIMITS
@given(data=st.data())
def test_agrees_with_unified_planning_in_states_that_no_walk_reaches(
    name: str, data: st.DataObject, problem_of: Problems, simulator
) -> None:
    problem = problem_of(name)
    flipped = data.draw(st.sets(st.sampled_from(changing(problem)), max_size=8))
    agree(ApplicabilityIndex(problem), simulator(name), problem.init ^ flipped)


@pytest.mark.parametrize("world", [balls, blocks, drinks, errands, tyres], ids=lambda world: world.NAME)
def test_walks_through_our_own_domains_as_unified_planning_does(world: ModuleType) -> None:
    """The type of barman that has the name of an object is called otherwise: unified-planning takes no such."""
    sources = [TYPE_SHAKER.sub("mixer", text) for text in world.generate(seed=3, size=1)]
    problem, reference = read_problem(sources[1], read_domain(sources[0])), UnifiedSimulator(*sources)
    index, state, chance = ApplicabilityIndex(problem), problem.init, Random(5)
    assert state == reference.init
    for _ in range(25):
        atom = chance.choice(agree(index, reference, state))
        after = index.apply(state, atom)
        assert after == reference.apply(state, atom)
        state = after


def test_completes_what_is_given_of_an_action(problem_of: Problems) -> None:
    problem = problem_of("logistics")
    index = ApplicabilityIndex(problem)
    facts = index.facts(problem.init)
    assert index.completions("fly", {"?to": "cdg"}, facts) == [("fly", "a1", "fco", "cdg")]
    assert index.completions("fly", {"?to": "forum"}, facts) == []
    assert index.completions("fly", {"?a": "t1"}, facts) == []


def test_what_is_both_deleted_and_added_holds(problem_of: Problems) -> None:
    index = ApplicabilityIndex(problem_of("lights"))
    state = frozenset({("lit", "left"), ("power",)})
    assert index.apply(state, ("pass-on", "left", "left")) == state


@pytest.mark.parametrize("atom", [("fly", "a1"), ("teleport", "a1"), ("fly", "a1", "fco", "forum")])
def test_no_action_does_not_apply(atom: Atom, problem_of: Problems) -> None:
    index = ApplicabilityIndex(problem_of("logistics"))
    assert not index.applies(atom, index.facts(problem_of("logistics").init))
