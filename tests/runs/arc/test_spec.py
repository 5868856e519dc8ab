"""From what is written on the command line to what a run is, and what is refused on the way."""

from __future__ import annotations

import pytest

from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotFound
from agentmem.runs.arc.spec import ArcSpec, arc_of

SETTINGS = Settings(embedder="hashing")
LESSONS = '{"store": "concept", "options": {"abstractor": "lessons"}}'


def test_little_need_be_said():
    spec = arc_of({"tasks": "solved", "seed": None}, SETTINGS)
    assert (spec.solver, spec.attempts, spec.memory_name) == ("enumerate", 2, "concept")
    assert spec.memory.options == {"abstractor": "code", "library": "arc"}
    assert ArcSpec.model_validate_json(spec.model_dump_json()) == spec


def test_a_model_solves_where_one_is_named_and_abstracts_its_own_programs():
    spec = arc_of({"tasks": "solved", "model": "llama", "every": 3}, SETTINGS)
    assert spec.solver == "model"
    assert spec.memory.options == {"abstractor": "model", "library": "arc", "every": 3}
    seeded = arc_of({"tasks": "solved", "model": "llama", "seed_memory": "solutions"}, SETTINGS)
    assert seeded.memory.options["abstractor"] == "code"


def test_the_model_of_the_settings_solves_where_that_is_asked_for():
    settings = SETTINGS.model_copy(update={"model": "llama"})
    assert arc_of({"tasks": "solved"}, settings).solver == "enumerate"
    assert arc_of({"tasks": "solved", "solver": "model"}, settings).model == "llama"


def test_a_memory_is_given_as_json():
    spec = arc_of({"tasks": "solved", "memory": LESSONS, "every": 2}, SETTINGS)
    assert spec.memory.options == {"abstractor": "lessons", "every": 2}
    assert arc_of({"tasks": "solved", "memory": "none"}, SETTINGS).memory is None


def test_a_sum_with_concepts_is_a_memory():
    spec = arc_of({"tasks": "solved", "memory": "episodic+concept", "every": 2}, SETTINGS)
    assert spec.memory_name == "episodic+concept"
    assert spec.memory.part("concept").options == {"abstractor": "code", "library": "arc", "every": 2}
    assert spec.memory.part("episodic").options == {}
    assert ArcSpec.model_validate_json(spec.model_dump_json()) == spec


def test_a_sum_that_means_no_memory_is_told(wrong_sum):
    given, said = wrong_sum
    with pytest.raises((InvalidInput, NotFound)) as raised:
        arc_of({"tasks": "solved", "memory": given}, SETTINGS)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no tasks are named"),
        ({"tasks": "solved", "size": 3}, "world 'arc' takes no --size"),
        ({"tasks": "solved", "solver": "model"}, "needs a language model"),
        ({"tasks": "solved", "retries": 1}, "has no retries"),
        (
            {"tasks": "solved", "memory": "subgoal"},
            r"memory 'subgoal' keeps no concepts of tasks \(give 'concept', a sum with it \(concept\+episodic\)",
        ),
        ({"tasks": "solved", "memory": "full+episodic"}, r"memory 'full\+episodic' keeps no concepts"),
        ({"tasks": "solved", "memory": '{"store": "full"}'}, "memory 'full' keeps no concepts"),
        ({"tasks": "solved", "memory": "{"}, "is no specification"),
        ({"tasks": "solved", "memory": "none", "every": 2}, "writes nothing"),
        ({"tasks": "solved", "memory": "none", "seed_memory": "solutions"}, "cannot be seeded"),
        ({"tasks": "solved", "attempts": 0}, "--attempts is 0"),
        ({"tasks": "solved", "order": "backwards"}, "--order is 'backwards'"),
    ],
)
def test_what_cannot_be_run_is_refused(given: dict, said: str):
    with pytest.raises(InvalidInput, match=said):
        arc_of(given, SETTINGS)
