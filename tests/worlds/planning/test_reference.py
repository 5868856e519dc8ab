"""Reference plans come from a planner in a process of its own, and lead to the goal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agentmem.errors import Unavailable
from agentmem.worlds.planning import PlanningProblem, PlanningWorld, read_domain, read_problem, reference
from agentmem.worlds.planning.plain import plain_pddl
from agentmem.worlds.planning.planner import solve
from agentmem.worlds.planning.reference import leads_to_goal, reference_plan

Problems = Callable[[str], PlanningProblem]


@pytest.mark.parametrize("name", ["logistics", "hanoi", "lights", "grid", "rooms"])
def test_plans_lead_to_the_goal(name: str, problem_of: Problems) -> None:
    problem = problem_of(name)
    plain = plain_pddl(problem)
    at_once = solve(plain.domain, plain.problem, staged=False)
    by_stages = solve(plain.domain, plain.problem, staged=True)
    assert at_once
    for found in (at_once, by_stages or at_once):
        assert leads_to_goal([plain.atom(step) for step in found], problem)


def test_a_goal_that_stages_may_miss_is_planned_for_at_once(problem_of: Problems) -> None:
    plan = reference_plan(problem_of("hanoi"), 60)
    assert plan
    assert leads_to_goal(plan, problem_of("hanoi"))
    assert not leads_to_goal(plan[1:], problem_of("hanoi"))
    assert not leads_to_goal(plan[:-1], problem_of("hanoi"))


def test_a_world_plans_from_where_it_is_in_sentences_of_its_own(
    new_rooms: Callable[[], PlanningWorld],
) -> None:
    world = new_rooms()
    world.reset()
    world.step("take cup a")
    world.step("go to the attic")
    plan = world.plan()
    assert plan
    assert "put cup a into chest" in plan
    for action in plan:
        assert not world.solved()
        assert world.step(action).valid
    assert world.solved()
    assert world.plan() == []


def test_where_there_is_no_plan_there_is_none(problem_of: Problems) -> None:
    problem = replace(problem_of("hanoi"), goal=(("on", "d3", "d1"),))
    assert reference_plan(problem, 30) is None


def test_a_planner_that_takes_too_long_is_killed(problem_of: Problems) -> None:
    assert reference_plan(problem_of("logistics"), 0.05) is None


def test_a_planner_that_breaks_is_told(problem_of: Problems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setattr(reference.sys, "executable", "/bin/false")
    with pytest.raises(Unavailable, match="the planner broke"):
        reference_plan(problem_of("logistics"), 30)


def test_plans_for_names_and_types_that_planners_do_not_take() -> None:
    """`either`, and one name for a type, a predicate, an action and an object."""
    domain = """(define (domain zoo) (:requirements :typing :equality) (:types cat dog bird)
      (:predicates (cat ?a - (either cat dog)) (dog ?a - dog))
      (:action cat :parameters (?a - (either dog cat) ?b - (either cat dog) ?c - dog)
        :precondition (and (not (= ?a ?b)) (= ?b ?c)) :effect (and (cat ?a) (dog ?c))))"""
    problem = read_problem(
        "(define (problem p) (:domain zoo) (:objects cat - cat rex - dog tweety - bird) (:init)"
        " (:goal (and (cat cat) (dog rex))))",
        read_domain(domain),
    )
    plain = plain_pddl(problem)
    assert [plain.atom(step) for step in solve(plain.domain, plain.problem, staged=False) or ()] == [
        ("cat", "cat", "rex", "rex")
    ]
