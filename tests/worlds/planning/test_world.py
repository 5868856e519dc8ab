"""A planning world tells what can be seen, all of it, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.agents.environment import Environment, Plannable
from agentmem.agents.language import Atom
from agentmem.worlds.planning import (
    PlanningProblem,
    PlanningWorld,
    Sight,
    load_texts,
    read_domain,
    read_problem,
    read_texts,
)
from agentmem.worlds.planning.explaining import UNSEEN
from agentmem.worlds.planning.facts import Facts
from agentmem.worlds.planning.world import NOTHING_NEW

Rooms = Callable[[], PlanningWorld]
LIMITS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def every_fact(world: PlanningWorld) -> list[Atom]:
    found: list[Atom] = []
    for predicate in world.problem.domain.predicates.values():
        atoms: list[Atom] = [(predicate.name,)]
        for one in predicate.parameters:
            atoms = [(*atom, name) for atom in atoms for name in sorted(world.problem.members(one.type))]
        found += atoms
    return found


def as_facts(world: PlanningWorld, told: dict[Atom, bool]) -> dict[str, bool | str]:
    say = world.language.fact
    return {say(atom): holds or say(atom, holds=False) for atom, holds in told.items()}


def can_see(world: PlanningWorld, atom: Atom) -> bool:
    return Sight(world.texts.sight).sees(atom, Facts(world.state))


def test_is_an_environment(new_rooms: Rooms) -> None:
    assert isinstance(new_rooms(), Environment)
    assert isinstance(new_rooms(), Plannable)


def test_tells_at_the_start_what_can_be_seen_and_no_more(new_rooms: Rooms) -> None:
    world = new_rooms()
    assert world.reset().text == "You are in the kitchen. cup a is in the kitchen."
    assert world.task == "Goal: key is in the kitchen. cup a is inside chest. The chest is shut."
    assert world.progress() == pytest.approx(1 / 3)
    assert not world.solved()


def test_rules_say_how_actions_are_written_and_what_there_is(new_rooms: Rooms) -> None:
    rules = new_rooms().rules
    assert "- go to the <room>\n- open <box> <room>\n" in rules
    assert "- put <thing> into <box>" in rules
    assert "You walk about and tidy up." in rules
    assert rules.endswith("room: kitchen, attic\nthing: cup a, key, ball\nbox: chest")


def test_coming_into_a_room_and_opening_a_box_tells_what_is_there_every_time_anew(new_rooms: Rooms) -> None:
    world = new_rooms()
    world.reset()
    in_attic = (
        "You left the kitchen. You are in the attic. ball is in the attic. chest is standing in the attic."
    )
    assert world.step("go to the attic").text == in_attic
    outcome = world.step("open chest attic")
    assert outcome.text == "The chest is open. key is inside chest."
    assert outcome.facts == {"The chest is open.": True, "key is inside chest.": True}
    assert world.step("shut chest attic").facts == {"The chest is open.": "The chest is shut."}
    assert world.step("open chest attic").text == "The chest is open. key is inside chest."
    world.step("go to the kitchen")
    assert world.step("go to the attic").text == f"{in_attic} The chest is open. key is inside chest."


def test_what_changed_out_of_sight_is_told_where_it_is_seen(new_rooms: Rooms) -> None:
    world = new_rooms()
    world.reset()
    world.step("go to the attic")
    world.step("go to the kitchen")
    assert world.step("send ball from attic to kitchen").text == "ball is in the kitchen."
    assert "ball is not in the attic." in world.step("go to the attic").text
    assert "ball is in the kitchen." in world.step("go to the kitchen").text
    assert world.step("send ball from kitchen to kitchen").text == NOTHING_NEW


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("take ball", "That cannot be done: ball is not in the kitchen."),
        ("take key out of chest", "That cannot be done: chest is not standing in the kitchen."),
        ("send key from attic to kitchen", "That cannot be done now; something is in the way."),
        ("go to the kitchen", "That cannot be done: You are in the kitchen."),
        ("open chest attic", "That cannot be done: You left the attic."),
        ("drop cup-a kitchen", "That cannot be done: It is not so that you hold cup a."),
        ("go to the chest", "That cannot be done: chest is no room."),
        ("take cup b", "There is no cup b. Did you mean cup a?"),
        ("take everything", "There is no everything."),
    ],
)
def test_says_why_an_action_cannot_be_done(action: str, text: str, new_rooms: Rooms) -> None:
    world = new_rooms()
    world.reset()
    before = world.state
    outcome = world.step(action)
    assert outcome.text == text
    assert not outcome.valid
    assert world.state == before


def test_what_is_no_action_is_told_with_what_is_written_most_alike(new_rooms: Rooms) -> None:
    world = new_rooms()
    outcome = world.step("please walk to the attic" + "!" * 500)
    assert not outcome.valid
    assert "is no action. Actions are written: " in outcome.text
    assert "go to the <room>" in outcome.text
    assert len(outcome.text) < 300
    assert not world.step("").valid


@pytest.mark.parametrize(
    "text",
    ["take cup a", "  Take   CUP-A. ", "take cup-a kitchen", "(take cup-a kitchen)", "TAKE CUP-A KITCHEN"],
)
def test_an_action_is_read_as_it_is_written_or_as_pddl_has_it(text: str, new_rooms: Rooms) -> None:
    world = new_rooms()
    world.reset()
    assert world.step(text).facts == {
        "cup a is in the kitchen.": "cup a is not in the kitchen.",
        "You hold cup a.": True,
        "Your hand is full.": True,
    }


def test_arguments_that_must_differ_or_be_one_are_told(problem_of: Callable[[str], PlanningProblem]) -> None:
    world = PlanningWorld(problem_of("lights"))
    assert world.step("turn off red main").text == "That cannot be done: red is the same twice."
    assert world.step("kick red blue").text == "That cannot be done: red is not blue."
    assert world.name == "lights"


@LIMITS
@given(choices=st.lists(st.integers(0, 10_000), max_size=25))
def test_who_hears_everything_knows_all_that_can_be_seen(choices: list[int], new_rooms: Rooms) -> None:
    world = new_rooms()
    outcome = world.reset()
    known: dict[Atom, bool] = {}
    for choice in [*choices, 0]:
        told = dict(world.language.facts_in(outcome.text))
        assert outcome.facts == as_facts(world, told)
        assert all(can_see(world, atom) and (atom in world.state) == holds for atom, holds in told.items())
        known |= told
        for atom in every_fact(world):
            if can_see(world, atom):
                assert known.get(atom, False) == (atom in world.state), atom
        actions = world.actions()
        assert list(actions) == sorted(set(actions))
        outcome = world.step(actions[choice % len(actions)])
        assert outcome.valid


@LIMITS
@given(data=st.data())
def test_no_refusal_tells_what_cannot_be_seen(data: st.DataObject, new_rooms: Rooms) -> None:
    world = new_rooms()
    world.reset()
    for _ in range(data.draw(st.integers(0, 6))):
        world.step(data.draw(st.sampled_from(world.actions())))
    name = data.draw(st.sampled_from(sorted(world.problem.domain.actions)))
    names = sorted(world.problem.objects)
    arguments = [data.draw(st.sampled_from(names)) for _ in world.problem.domain.actions[name].parameters]
    before = world.state
    short = data.draw(st.booleans())
    outcome = world.step(world.language.action((name, *arguments)) if short else " ".join([name, *arguments]))
    if not outcome.valid:
        assert world.state == before
        for atom, holds in world.language.facts_in(outcome.text):
            assert can_see_in(world, atom, before)
            assert (atom in before) == holds
            assert outcome.facts == as_facts(world, {atom: holds})


def test_an_argument_that_is_not_written_is_no_way_to_find_out(data: Path) -> None:
    domain, problem = (
        (data / f"rooms-{part}.pddl").read_text(encoding="utf-8") for part in ("domain", "problem")
    )
    turned = domain.replace("(here ?r) (lies ?t ?r) (not (busy))", "(lies ?t ?r) (here ?r) (not (busy))")
    assert turned != domain
    read = read_problem(problem, read_domain(turned))
    world = PlanningWorld(read, load_texts(data / "rooms-texts.yaml", read))
    assert world.step("take ball").text == UNSEEN
    assert world.step("take ball attic").text == "That cannot be done: You left the attic."
    world.step("take cup a")
    assert world.step("take ball").text == "That cannot be done: Your hand is full."


def can_see_in(world: PlanningWorld, atom: Atom, state: frozenset[Atom]) -> bool:
    return Sight(world.texts.sight).sees(atom, Facts(state))


def test_the_same_actions_have_the_same_outcomes(new_rooms: Rooms) -> None:
    first, second = new_rooms(), new_rooms()
    for world in (first, second, first):
        world.reset()
    for _ in range(12):
        actions = first.actions()
        assert actions == second.actions()
        assert first.step(actions[-1]) == second.step(actions[-1])
    assert first.reset() == second.reset()


def test_sight_rules_are_alternatives_and_may_say_not(problem_of: Callable[[str], PlanningProblem]) -> None:
    problem = problem_of("lights")
    texts = read_texts(
        "observe:\n"
        "- {fact: 'lit ?l', when: ['wired ?b ?l', 'not stuck ?b']}\n"
        "- {fact: 'lit ?l', when: power}\n"
        "- {fact: stuck red, when: power}\n",
        problem,
    )
    sight = Sight(texts.sight)
    dark = problem.init
    assert sight.sees(("lit", "left"), Facts(dark))
    assert not sight.sees(("lit", "right"), Facts(dark))
    assert not sight.sees(("stuck", "blue"), Facts(dark | {("power",)}))
    assert sight.sees(("lit", "right"), Facts(dark | {("power",)}))
    assert sight.seen(dark | {("lit", "right")}, Facts(dark | {("lit", "right")})) == dark - {
        ("stuck", "blue")
    }
