"""Problems drawn from seeds: the same in every process, of rising size, and solved by who knows the rules."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from hashlib import sha256
from itertools import product

import pytest

from agentmem.agents.environment import Environment
from agentmem.agents.strategies import STRATEGIES, Belief
from agentmem.errors import InvalidInput, NotFound
from agentmem.worlds import registry
from agentmem.worlds.planning.index import ApplicabilityIndex

NAMES = registry.names()
DIGEST = """
from hashlib import sha256
from agentmem.worlds import registry
drawn = [one.generate(seed, size) for one in registry.KINDS.values() for seed in (0, 7) for size in (1, 4)]
print(sha256(repr(drawn).encode()).hexdigest())
"""


def optimum(problem):
    """The fewest steps that lead to the goal, found by looking at every state."""
    index = ApplicabilityIndex(problem)
    steps = {problem.init: 0}
    queue = deque([problem.init])
    while queue:
        state = queue.popleft()
        if problem.reached(state) >= 1:
            return steps[state]
        for action in index.applicable(state):
            reached = index.apply(state, action)
            if steps.setdefault(reached, steps[state] + 1) == steps[state] + 1:
                queue.append(reached)
    raise AssertionError("no way")


def test_a_problem_is_the_same_in_every_process():
    drawn = [
        one.generate(seed, size) for one in registry.KINDS.values() for seed in (0, 7) for size in (1, 4)
    ]
    here = sha256(repr(drawn).encode()).hexdigest()
    for hashing in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == here


@pytest.mark.parametrize("name", NAMES)
def test_seeds_differ_and_sizes_rise(name):
    kind = registry.kind(name)
    assert len({kind.generate(seed, 3) for seed in range(10)}) == 10
    objects = [len(registry.make(name, size=size).problem.objects) for size in range(1, 9)]
    steps = [
        sum(registry.steps_of_who_sees_all(registry.make(name, seed=seed, size=size)) for seed in range(3))
        for size in range(1, 9)
    ]
    assert objects == sorted(set(objects))
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("name", NAMES)
def test_a_size_below_one_is_refused(name):
    with pytest.raises(InvalidInput):
        registry.make(name, size=0)


def test_errand_has_a_largest_size():
    registry.make("errand", size=10)
    with pytest.raises(InvalidInput, match="10"):
        registry.make("errand", size=11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_every_problem_is_solved_by_who_sees_all(name, size):
    for seed in range(8):
        world = registry.make(name, seed=seed, size=size)
        assert world.progress() < 1
        assert registry.steps_of_who_sees_all(world) > 0


@pytest.mark.parametrize(("name", "seeds"), [("blocksworld", 12), ("gripper", 12)])
def test_who_sees_all_takes_few_steps_more_than_needed(name, seeds):
    worlds = [registry.make(name, seed=seed, size=1) for seed in range(seeds)]
    needed = sum(optimum(world.problem) for world in worlds)
    assert needed <= sum(registry.steps_of_who_sees_all(world) for world in worlds) <= 1.15 * needed


def test_changing_wheels_takes_as_few_steps_as_can_be():
    for size in (1, 2):  # each hub: nine actions, its spare fetched, its flat wheel put away; three tools
        world = registry.make("tyreworld", seed=3, size=size)
        opened = size // 2 + 2 + (size > 1)  # unlock the boot with its key, which may have to be fetched
        assert registry.steps_of_who_sees_all(world) <= 11 * size + 2 * 3 + opened


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_read_back(name):
    world = registry.make(name, size=2)
    language, problem = world.language, world.problem
    for predicate in problem.domain.predicates.values():
        for names in product(*(sorted(problem.members(one.type)) for one in predicate.parameters)):
            atom = (predicate.name, *names)
            assert language.read_fact(language.fact(atom)) == (atom, True)
            assert language.read_fact(language.fact(atom, holds=False)) == (atom, False)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_at_the_start_is_what_can_be_seen_and_true(name):
    world = registry.make(name, seed=1)
    told = dict(world.language.facts_in(world.reset().text))
    assert all(told.values())
    assert set(told) <= world.state
    assert (set(told) == world.state) == (name == "blocksworld")


@pytest.mark.parametrize("name", NAMES)
def test_who_acts_learns_all_that_the_action_changed_and_may_see(name):
    """What is told is true; what is not told of changed facts is out of sight."""
    world = registry.make(name, seed=2, size=2)
    world.reset()
    strategy = STRATEGIES[name]
    goal = [(atom, True) for atom in world.problem.goal]
    while not world.solved():
        before = world.state
        found = strategy(Belief.of(before), goal, world.problem.objects)
        told = dict(world.language.facts_in(world.step(world.language.action(found.action)).text))
        assert all((atom in world.state) == holds for atom, holds in told.items())
        assert before ^ world.state <= set(told) | {
            one for one in before ^ world.state if one[0] in {"after", "wanted"}
        }


def test_balls_are_seen_only_in_the_room_one_is_in():
    world = registry.make("gripper", seed=0, size=3)
    world.reset()
    for room in ("room-b", "room-d", "room-b"):
        outcome = world.step(world.language.action(("move", "", room)))
        told = {atom for atom, holds in world.language.facts_in(outcome.text) if holds and atom[0] == "at"}
        assert told == {atom for atom in world.state if atom[0] == "at" and atom[2] == room}


def test_the_registry_names_its_worlds():
    assert set(NAMES) == {"blocksworld", "gripper", "tyreworld", "barman", "errand"}
    world = registry.make("errand")
    assert isinstance(world, Environment) and world.name == "errand"
    assert registry.default_steps(world) >= 200
    with pytest.raises(NotFound, match="chess"):
        registry.make("chess")


def test_the_long_errand_takes_200_steps_and_thousands_of_tokens():
    lengths = [registry.steps_of_who_sees_all(registry.make("errand", seed=seed)) for seed in range(10)]
    assert min(lengths) >= 200


@pytest.mark.parametrize("seed", range(5))
def test_a_round_takes_no_more_steps_than_shortest_ways_for_one_thing_at_a_time(seed):
    world = registry.make("errand", seed=seed)
    held = {atom[0]: {} for atom in world.problem.init}
    for atom in world.problem.init:
        held[atom[0]][atom[1]] = atom[-1]
    ways = {}
    for _, one, other in (atom for atom in world.problem.init if atom[0] == "way"):
        ways.setdefault(one, []).append(other)

    def walk(start, end):
        steps, queue = {start: 0}, deque([start])
        while queue:
            place = queue.popleft()
            for other in ways[place]:
                if other not in steps:
                    steps[other] = steps[place] + 1
                    queue.append(other)
        return steps[end]

    (here,), (due,), opened, most = held["here"], held["due"], set(), 0
    while due != "nothing":
        chest = held["inside"].get(due)
        start, end = held["stands"][chest] if chest else held["lies"][due], held["wanted"][due]
        most += walk(here, start) + walk(start, end) + 2 + (chest is not None and chest not in opened)
        here, due = end, held["after"][due]
        opened.add(chest)
    assert registry.steps_of_who_sees_all(world) <= most
