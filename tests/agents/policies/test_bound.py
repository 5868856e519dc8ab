"""The bound policy knows the rules and the sentences, and of the state what the context says: nothing else."""

from __future__ import annotations

import gc
import importlib.util
import subprocess
import sys
import types
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.agents.environment import Environment
from agentmem.agents.language import Language, Sentence
from agentmem.agents.policies.bound import WAIT, BoundPolicy
from agentmem.agents.strategies import STRATEGIES, Belief, Move, Need
from agentmem.worlds import registry
from agentmem.worlds.planning.index import ApplicabilityIndex
from agentmem.worlds.planning.problem import PlanningProblem
from agentmem.worlds.planning.texts import Texts
from agentmem.worlds.planning.world import PlanningWorld

spec = importlib.util.spec_from_file_location("playing", Path(__file__).parent / "playing.py")
assert spec is not None and spec.loader is not None
playing = sys.modules.setdefault("playing", importlib.util.module_from_spec(spec))
spec.loader.exec_module(playing)
play, policy_for, prompt = playing.play, playing.policy_for, playing.prompt

NAMES = registry.names()


def plays(world, most=10_000):
    """What the policy is shown at each step of an episode, and what it does."""
    shown = []
    actions = play(world, policy_for(world), most, shown.append)
    return list(zip(shown, actions, strict=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 3, None])
def test_who_is_shown_all_that_was_told_succeeds(name, size):
    for seed in range(2):
        world = registry.make(name, seed=seed, size=size)
        actions = play(world, policy_for(world), registry.default_steps(world))
        assert world.solved()
        assert WAIT not in actions


# Honest: it acts on what it is told


def corrupted(text, world, random):
    """The text with one fact drawn at random made another, each time it is told; the fact, and what it became."""
    language = world.language
    told = sorted({atom for atom, holds in language.facts_in(text) if holds and len(atom) > 1})
    atom = random.choice(told)
    kinds = world.problem.objects
    place = random.randrange(1, len(atom))
    others = [one for one in kinds if kinds[one] == kinds[atom[place]] and one != atom[place]]
    if not others:
        return text, atom, atom
    other = (*atom[:place], random.choice(others), *atom[place + 1 :])
    return text.replace(language.fact(atom), language.fact(other)), atom, other


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_that_is_corrupted_at_random_is_acted_on(name):
    """What it does is what its strategy does on the corrupted facts, whatever is true; and often that differs."""
    random = Random(name)
    differing = 0
    for seed in range(4):
        world = registry.make(name, seed=seed, size=2)
        policy = policy_for(world)
        goal = tuple(world.language.facts_in(world.task))
        for shown, action in plays(world):
            text, _, _ = corrupted(shown, world, random)
            found = STRATEGIES[name](Belief(world.language.facts_in(text)), goal, world.problem.objects)
            move = found.otherwise if isinstance(found, Need) else found
            wanted = WAIT if move is None else world.language.action(move.action)
            assert policy.decide(prompt(text, world.task)).action == wanted
            differing += wanted != action
    assert differing >= 5


@pytest.mark.parametrize("seed", range(12))
def test_a_ball_is_sought_in_the_room_that_the_context_names_though_it_is_in_another(seed):
    random = Random(seed)
    world = registry.make("gripper", seed=seed, size=3)
    policy = policy_for(world)
    state = {atom[1]: atom[2] for atom in world.problem.init if atom[0] == "at"}
    goal = {atom[1]: atom[2] for atom in world.problem.goal}
    here = next(atom[1] for atom in world.problem.init if atom[0] == "at-robby")
    ball = random.choice([one for one in sorted(state) if state[one] != here])
    rooms = [one for one, kind in world.problem.objects.items() if kind == "room"]
    false = random.choice([one for one in rooms if one not in {state[ball], goal[ball], here}])
    told = [("at-robby", here), *(("at", one, goal[one]) for one in sorted(goal) if one != ball)]
    true_text = " ".join(world.language.fact(one) for one in [*told, ("at", ball, state[ball])])
    false_text = " ".join(world.language.fact(one) for one in [*told, ("at", ball, false)])
    world.reset()
    assert policy.decide(prompt(true_text, world.task)).action == world.language.action(
        ("move", "", state[ball])
    )
    misled = policy.decide(prompt(false_text, world.task)).action
    assert misled == world.language.action(("move", "", false))
    assert world.language.fact(("at", ball, false)) not in world.step(misled).text


def test_what_stands_outside_the_fence_is_not_read():
    world = registry.make("gripper", size=1)
    told = world.reset().text
    inside = prompt(told, world.task)
    outside = inside.context.altered({"text": told + "\n" + prompt("nothing", "").context.text})
    assert policy_for(world).decide(inside).action != WAIT
    assert (
        policy_for(world).decide(inside.altered({"context": outside, "rules": told, "note": told})).action
        == WAIT
    )


# Honest: it reads by the sentence templates alone


def reworded(world):
    """The same world in other words."""
    language = world.language
    predicates = {
        name: Sentence(
            holds=f"Know{mark}: {slots(one.holds)} stand to each other as {word(place)}.",
            fails=f"Know{mark}: {slots(one.holds)} no longer stand as {word(place)}.",
        )
        for place, (name, one) in enumerate(language.predicates.items())
        for mark in [" now"]
    }
    actions = {
        name: f"{word(place)} shall be done, {slots(one)}"
        for place, (name, one) in enumerate(language.actions.items())
    }
    other = Language(predicates=predicates, actions=actions, objects=language.objects)
    texts = Texts(language=other, rules="", sight=world.texts.sight)
    return PlanningWorld(world.problem, texts, world.name)


def slots(template):
    return " with ".join(sorted({f"{{{part[0]}}}" for part in template.split("{")[1:]})) or "all"


def word(place):
    return "qrstuvwxyz"[place % 10] * (2 + place // 10)


@pytest.mark.parametrize("name", NAMES)
def test_other_sentences_for_world_and_policy_give_the_same_decisions(name):
    world = registry.make(name, seed=5, size=2)
    other = reworded(registry.make(name, seed=5, size=2))
    mine = play(world, policy_for(world), 500)
    theirs = play(other, policy_for(other), 500)
    assert world.solved() and other.solved()
    assert [world.language.read_action(one) for one in mine] == [
        other.language.read_action(one) for one in theirs
    ]
    assert not set(mine) & set(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_who_knows_other_sentences_reads_nothing(name):
    world = registry.make(name, seed=5, size=2)
    other = reworded(registry.make(name, seed=5, size=2))
    assert set(play(other, policy_for(world), 10)) == {WAIT}
    assert not list(world.language.facts_in(other.reset().text))


# Honest: it holds no world


def reachable(start):
    """All objects that can be reached from one, but by modules, types, and the globals of functions."""
    seen, queue = {id(start): start}, [start]
    while queue:
        one = queue.pop()
        if isinstance(one, types.ModuleType | type):
            continue
        if isinstance(one, types.FunctionType):
            found = [one.__closure__, one.__defaults__, one.__kwdefaults__, one.__dict__]
        else:
            found = gc.get_referents(one)
        for other in found:
            if id(other) not in seen:
                seen[id(other)] = other
                queue.append(other)
    return seen.values()


@pytest.mark.parametrize("name", NAMES)
def test_no_world_can_be_reached_from_the_policy(name):
    world = registry.make(name, size=2)
    policy = policy_for(world)
    assert play(world, policy, 30)
    worldly = PlanningWorld | PlanningProblem | ApplicabilityIndex
    found = list(reachable(policy))
    assert any(one is policy._language for one in found)
    assert not [one for one in found if isinstance(one, worldly)]
    assert not [one for one in found if not isinstance(one, type) and isinstance(one, Environment)]
    assert not [one for one in found if one is world.state or one == world.state]
    assert any(
        isinstance(one, worldly) for one in reachable(types.SimpleNamespace(policy=policy, of=world.step))
    )


def test_its_module_loads_no_world():
    code = """
import sys
import agentmem.agents.policies.bound, agentmem.agents.strategies
print([one for one in sys.modules if one.startswith(("agentmem.worlds", "agentmem.agents.environment"))])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
def test_it_keeps_nothing_between_two_decisions(name):
    world = registry.make(name, seed=3, size=2)
    episode = plays(world)
    policy = policy_for(world)
    Random(0).shuffle(episode)
    assert [policy.decide(prompt(shown, world.task)).action for shown, _ in episode] == [
        one for _, one in episode
    ]


# Subgoals and retrieval


def test_subgoals_are_announced_only_where_memory_takes_them():
    world = registry.make("gripper", size=1)
    told = world.reset().text
    assert policy_for(world).decide(prompt(told, world.task)).subgoal is None
    assert policy_for(world).decide(prompt(told, world.task, subgoals=True)).subgoal


@pytest.mark.parametrize("name", NAMES)
def test_subgoals_are_worth_some_actions_each(name):
    world = registry.make(name, seed=1)
    goal = [(atom, True) for atom in world.problem.goal]
    subgoals = []
    while not world.solved():
        move = STRATEGIES[name](Belief.of(world.state), goal, world.problem.objects)
        subgoals.append(move.subgoal)
        assert world.step(world.language.action(move.action)).valid
    runs = sum(one != before for one, before in zip(subgoals, ["", *subgoals[:-1]], strict=True))
    assert 2 <= len(subgoals) / runs <= 8


LINES = (
    "Subgoal 1: look for ball1. Result: You have seen room a.\n"
    "Subgoal 2: bring ball1 to room b. Result: it went on.\n"
    "Subgoal 3: bring ball11 to room b.\n"
    "Subgoal 4: look for ball2.\n"
)


@pytest.fixture
def gripper():
    world = registry.make("gripper", seed=0, size=4)
    goal = dict(atom[1:] for atom in world.problem.goal)
    others = " ".join(
        world.language.fact(("at", ball, room)) for ball, room in goal.items() if ball != "ball1"
    )
    return world, LINES + others + " You are in room c."


def test_details_of_subgoals_that_name_what_is_missing_are_asked_for_the_newest_first(gripper):
    world, text = gripper
    decision = policy_for(world).decide(prompt(text, world.task, subgoals=True))
    assert decision.retrieve == (2, 1)
    assert not decision.action


def test_where_details_do_not_help_it_goes_on(gripper):
    world, text = gripper
    decision = policy_for(world).decide(prompt(text, world.task, subgoals=True, retrieved=(2, 1)))
    assert not decision.retrieve
    assert decision.action == "go to room d"
    assert decision.subgoal == "look for ball1"


def test_where_memory_takes_no_subgoals_it_asks_for_none(gripper):
    world, text = gripper
    decision = policy_for(world).decide(prompt(text, world.task))
    assert not decision.retrieve and decision.action == "go to room d"


@pytest.mark.parametrize("name", NAMES)
def test_who_knows_nothing_waits_or_does_what_teaches_something(name):
    world = registry.make(name)
    decision = policy_for(world).decide(prompt("Nothing is known.", world.task, subgoals=True))
    looking = {"tyreworld": "open the boot", "barman": "grasp shot8 with the left hand"}
    assert decision.action == looking.get(name, WAIT) and not decision.retrieve
    assert not world.step(WAIT).valid


# Robust


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_false_or_partial_belief_is_acted_on_without_a_crash(name, data):
    world = registry.make(name, seed=4, size=2)
    problem = world.problem
    atoms = st.sampled_from(sorted(problem.domain.predicates)).flatmap(
        lambda predicate: st.tuples(
            st.just(predicate),
            *(
                st.sampled_from(sorted(problem.members(one.type)))
                for one in problem.domain.predicates[predicate].parameters
            ),
        )
    )
    true = data.draw(st.lists(st.sampled_from(sorted(problem.init)), unique=True))
    false = data.draw(st.lists(st.tuples(atoms, st.booleans()), max_size=20))
    told = data.draw(st.permutations([*((atom, True) for atom in true), *false]))
    goal = [(atom, True) for atom in problem.goal]
    found = STRATEGIES[name](Belief(told), goal, problem.objects)
    move = found.otherwise if isinstance(found, Need) else found
    if move is not None:
        assert isinstance(move, Move) and move.subgoal
        assert world.language.read_action(world.language.action(move.action)) is not None


def test_a_strategy_may_be_any_function():
    def stay(belief, goal, objects):
        return None

    world = registry.make("blocksworld", size=1)
    policy = BoundPolicy(stay, world.language, world.problem.objects)
    assert policy.decide(prompt(world.reset().text, world.task)).action == WAIT
