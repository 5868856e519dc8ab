"""Search finds its way in worlds that nobody wrote a strategy for, from nothing but their actions."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from agentmem.agents.policies.bound import BoundPolicy
from agentmem.agents.strategies import Belief
from agentmem.agents.strategies.search import Limits, SearchStrategy
from agentmem.worlds import registry
from agentmem.worlds.planning.domain_file import read_domain
from agentmem.worlds.planning.problem_file import read_problem
from agentmem.worlds.planning.world import PlanningWorld

spec = importlib.util.spec_from_file_location("playing", Path(__file__).parent / "playing.py")
assert spec is not None and spec.loader is not None
playing = sys.modules.setdefault("playing", importlib.util.module_from_spec(spec))
spec.loader.exec_module(playing)

LIGHTS = """
(define (domain lights) (:requirements :strips :typing :negative-preconditions :equality)
  (:types lamp) (:predicates (lit ?l - lamp) (wired ?a ?b - lamp))
  (:action carry :parameters (?a ?b - lamp)
    :precondition (and (lit ?a) (wired ?a ?b) (not (lit ?b)) (not (= ?a ?b))) :effect (lit ?b))
  (:action quench :parameters (?a - lamp) :precondition (lit ?a) :effect (not (lit ?a))))
"""
ROW = """
(define (problem row) (:domain lights) (:objects a b c d - lamp)
  (:init (lit a) (wired a a) (wired a b) (wired b c) (wired c d))
  (:goal (and (lit d) (not (lit a)) (not (lit b)))))
"""


def strategy(problem, **limits):
    kinds = {one.type for action in problem.domain.actions.values() for one in action.parameters}
    return SearchStrategy(
        problem.domain.actions.values(), {kind: problem.members(kind) for kind in kinds}, Limits(**limits)
    )


def test_a_foreign_world_is_played_by_the_bound_policy():
    problem = read_problem(ROW, read_domain(LIGHTS))
    world = PlanningWorld(problem)
    policy = BoundPolicy(strategy(problem), world.language, problem.objects)
    assert len(playing.play(world, policy, 20)) == 5
    assert world.solved()


@pytest.mark.parametrize("name", ["blocksworld", "gripper", "tyreworld", "barman", "errand"])
def test_small_problems_of_our_worlds_are_solved_in_about_as_few_steps_as_by_their_strategies(name):
    world = registry.make(name, seed=1, size=1)
    search = strategy(world.problem)
    goal = [(atom, True) for atom in world.problem.goal]
    steps = 0
    while not world.solved() and steps < 100:
        world.step(world.language.action(search(Belief.of(world.state), goal, {}).action))
        steps += 1
    assert steps <= 1.3 * registry.steps_of_who_sees_all(world)


def test_the_answer_depends_on_nothing_that_was_asked_before():
    world = registry.make("gripper", seed=0, size=2)
    goal = [(atom, True) for atom in world.problem.goal]
    asked = strategy(world.problem)
    states = []
    for _ in range(6):
        states.append(world.state)
        world.step(world.language.action(asked(Belief.of(world.state), goal, {}).action))
    for state in reversed(states):
        assert strategy(world.problem)(Belief.of(state), goal, {}) == asked(Belief.of(state), goal, {})


def test_who_gives_up_goes_towards_the_goal():
    problem = read_problem(ROW, read_domain(LIGHTS))
    move = strategy(problem, nodes=2)(Belief.of(problem.init), [(("lit", "d"), True)], {})
    assert move.action == ("carry", "a", "b")
    assert move.subgoal == "reach lit, d"


def test_where_nothing_is_left_to_be_done_or_nothing_can_be_done_there_is_no_move():
    problem = read_problem(ROW, read_domain(LIGHTS))
    assert strategy(problem)(Belief.of(problem.init), [(("lit", "a"), True)], {}) is None
    assert strategy(problem)(Belief.of([]), [(("lit", "a"), True)], {}) is None
