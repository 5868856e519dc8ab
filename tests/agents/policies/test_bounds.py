"""The policies that others are measured against: who sees all, and who draws at random."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from agentmem.agents.policies.bound import WAIT
from agentmem.agents.policies.planner import PlannerPolicy
from agentmem.agents.policies.random import RandomPolicy
from agentmem.agents.strategies import STRATEGIES
from agentmem.errors import NotApplicable
from agentmem.worlds import registry

spec = importlib.util.spec_from_file_location("playing", Path(__file__).parent / "playing.py")
assert spec is not None and spec.loader is not None
playing = sys.modules.setdefault("playing", importlib.util.module_from_spec(spec))
spec.loader.exec_module(playing)
play, prompt = playing.play, playing.prompt


class Planned:
    """A world that knows a plan, and counts how often it was asked."""

    def __init__(self, world, plan):
        self._world, self._plan, self.asked = world, plan, 0

    def __getattr__(self, name):
        return getattr(self._world, name)

    def plan(self):
        self.asked += 1
        return self._plan


@pytest.mark.parametrize("name", registry.names())
def test_without_a_plan_the_planner_sees_all_and_follows_the_strategy(name):
    world = registry.make(name, seed=1)
    policy = PlannerPolicy(world, STRATEGIES[name], world.problem.objects, planning=False)
    steps = registry.steps_of_who_sees_all(world)
    assert len(play(world, policy, steps)) == steps
    assert world.solved()


def test_the_planner_follows_the_plan_from_wherever_it_is_asked():
    planned = Planned(registry.make("gripper", size=1), ["first", "second"])
    policy = PlannerPolicy(planned, STRATEGIES["gripper"])
    actions = [policy.decide(prompt("", "", step=step)).action for step in (1, 0, 2)]
    assert actions == ["second", "first", WAIT]
    assert planned.asked == 1


def test_the_planner_announces_subgoals_where_memory_takes_them():
    world = registry.make("gripper", size=1)
    policy = PlannerPolicy(world, STRATEGIES["gripper"], world.problem.objects, planning=False)
    assert policy.decide(prompt("", world.task)).subgoal is None
    assert policy.decide(prompt("", world.task, subgoals=True)).subgoal


def test_with_neither_plan_nor_strategy_there_is_no_planner():
    planned = Planned(registry.make("gripper", size=1), None)
    with pytest.raises(NotApplicable, match="gripper"):
        PlannerPolicy(planned)


def test_random_actions_can_be_carried_out_and_are_the_same_again():
    world = registry.make("errand", size=1)
    first = play(world, RandomPolicy(world, seed=3), 30)
    again = play(world, RandomPolicy(world, seed=3), 30)
    other = play(world, RandomPolicy(world, seed=4), 30)
    assert first == again != other
    assert WAIT not in first


def test_who_can_do_nothing_waits():
    class Empty:
        def actions(self):
            return []

    assert RandomPolicy(Empty()).decide(prompt("", "")).action == WAIT
