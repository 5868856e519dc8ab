"""RuleTrim by examples from many domains, and what must hold for anything that is said."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.embedders.registry import open_embedder
from agentmem.stores.task.operations import Check, Update
from agentmem.stores.task.rule.intent import LABELS, fit, model_for, utterances

spec = importlib.util.spec_from_file_location("rule_forest", Path(__file__).parent / "rule_forest.py")
assert spec is not None and spec.loader is not None
rule_forest = sys.modules.setdefault("rule_forest", importlib.util.module_from_spec(spec))
spec.loader.exec_module(rule_forest)
SmallForest = rule_forest.SmallForest

QUESTIONS = [
    "Didn't I say eight?",
    "Are you sure about the canvas?",
    "would a bigger one be better",
    "I thought we were on Tuesday.",
    "Maybe the ferry? What do you think?",
    "Should we go back to the first one?",
    "Wasn't it 40 we said?",
    "I'm not sure about the canvas.",
    "Could it be that I told you the wrong size?",
    "So that's 300 now?",
    "Not sure the canvas is right.",
    "It was linen, right?",
]


@pytest.fixture(scope="module")
def embedder() -> Iterator[object]:
    return open_embedder(Settings())


@pytest.fixture
def forest(embedder: object) -> object:
    return SmallForest(embedder)


@pytest.fixture
def sail(forest):
    """A forest with three settled steps."""
    forest.hear("For the sail we need a cloth, a sailmaker and a number of battens.")
    for said in ("Canvas.", "Greta sews it.", "Four battens."):
        forest.hear(said)
    assert forest.values() == {"cloth": "Canvas", "sailmaker": "Greta", "number of battens": "Four battens"}
    return forest


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("We need a venue.", ["venue"]),
        ("For the quilt we have to agree on a pattern, a fabric and a size.", ["pattern", "fabric", "size"]),
        ("Rover's going to the vet: when, which vet and who drives?", ["when", "which vet", "who drives"]),
        ("Someone has to water the tomatoes.", ["someone to water the tomatoes"]),
        ("Guest, topic and length are all still open.", ["Guest", "topic", "length"]),
        ("No coach yet, no hostel, no repertoire.", ["coach", "hostel", "repertoire"]),
    ],
)
def test_what_is_open_becomes_a_step_without_a_value(forest, said, titles):
    assert set(forest.intents(said)) == {"new"}
    assert forest.values() == dict.fromkeys(titles)


def test_the_sentence_that_names_the_undertaking_is_the_root_of_its_steps(forest):
    forest.hear("We're putting on a puppet play. Script, stage and date are what's missing.")
    assert [step.slot for step in forest.steps.values() if step.kind == "task"] == ["a puppet play"]
    assert list(forest.values()) == ["Script", "stage", "date"]


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("Make the cloth nylon.", "cloth", "nylon"),
        ("Swap the canvas for nylon, please.", "cloth", "nylon"),
        ("Cloth: nylon, it dries faster.", "cloth", "nylon"),
        ("Not canvas, nylon.", "cloth", "nylon"),
        ("Could you make it six battens?", "number of battens", "six battens"),
        ("Let's have five battens instead.", "number of battens", "five battens"),
        ("Actually Marlon will sew it, he's the better sailmaker.", "sailmaker", "Marlon"),
    ],
)
def test_a_correction_replaces_one_value_and_no_other(sail, said, slot, value):
    before = sail.values()
    assert sail.intents(said) == ["update"]
    assert sail.values() == before | {slot: value}


@pytest.mark.parametrize(
    "said", ["Canvas again, then.", "Back to canvas.", "The cloth goes back to what it was.", "Undo that."]
)
def test_going_back_restores_the_earlier_value(sail, said):
    sail.hear("Make the cloth nylon.")
    assert sail.intents(said) == ["rollback"]
    assert sail.values()["cloth"] == "Canvas"


@pytest.mark.parametrize(
    "said",
    [
        "The cloth depends on the sailmaker.",
        "No cloth without a sailmaker.",
        "First the sailmaker, then the cloth.",
    ],
)
def test_a_dependency_is_read_in_its_direction(sail, said):
    assert sail.intents(said) == ["depend"]
    ids = {step.slot: one for one, step in sail.steps.items()}
    assert sail.steps[ids["cloth"]].depends_on == [ids["sailmaker"]]


def test_a_new_step_and_its_dependency_may_be_one_sentence(sail):
    assert sail.intents("Then there's the thread, and that depends on the cloth.") == ["new", "depend"]
    ids = {step.slot: one for one, step in sail.steps.items()}
    assert sail.steps[ids["thread"]].depends_on == [ids["cloth"]]


@pytest.mark.parametrize("said", ["Tick off the cloth.", "The canvas is bought, cross that off."])
def test_done_is_an_update_that_completes(sail, said):
    assert sail.intents(said) == ["update"]
    assert [step.slot for step in sail.steps.values() if step.done] == ["cloth"]
    assert sail.values()["cloth"] == "Canvas"


def test_a_step_that_another_undertaking_shares_is_no_second_step(sail):
    count = len(sail.steps)
    assert sail.intents("The dinghy needs a sailmaker too, it's the same one.") == ["merge"]
    assert len(sail.steps) == count


@pytest.mark.parametrize("said", QUESTIONS)
def test_a_question_or_a_doubt_is_a_check_and_changes_nothing(sail, said):
    before = sail.nearby([])
    found = sail.hear(said)
    assert [subtask.intent for subtask in found] == ["check"]
    assert all(isinstance(one, Check) for subtask in found for one in subtask.operations)
    assert [(slot.value, slot.past) for slot in sail.nearby([])] == [
        (slot.value, slot.past) for slot in before
    ]


@pytest.mark.parametrize(
    "said", ["Thanks!", "Hm.", "Good morning, how are you doing.", "I hate packing.", "   ", "?!"]
)
def test_small_talk_changes_nothing(sail, said):
    before = sail.values()
    found = sail.hear(said) if said.strip() else []
    assert all(subtask.intent == "check" for subtask in found)
    assert sail.values() == before


FILLED = st.sampled_from(["", "Actually, ", "Hm, ", "No, ", "Well "])
FORMS = st.sampled_from(
    ["let's go with {}", "{} it is", "{}, please", "make it {}", "{} instead", "so {} then", "{}"]
)
THINGS = st.sampled_from(
    ["nylon", "six", "Marlon", "the blue one", "12 June", "half past nine", "1,500 kroner", "Ümit"]
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILLED, FORMS, THINGS, st.sampled_from([".", "!", "", "?"]))
def test_a_value_is_a_span_of_what_was_said_and_a_question_gives_only_checks(
    embedder, lead, form, thing, mark
):
    forest = SmallForest(embedder)
    forest.hear("We need a cloth, a sailmaker and a number of battens.")
    said = lead + form.format(thing) + mark
    found = forest.hear(said)
    operations = [one for subtask in found for one in subtask.operations]
    if mark == "?" and "please" not in form:
        assert all(isinstance(one, Check) for one in operations)
    assert all(one.value in said for one in operations if isinstance(one, Update) and one.value is not None)


WORDS = [
    "well",
    "no",
    "the",
    "a",
    "it",
    "that",
    "six",
    "Friday",
    "boat",
    "make",
    "is",
    "depends",
    "on",
    "back",
    "before",
    "same",
    "as",
    "done",
    "not",
    "actually",
]
SAID = st.lists(st.sampled_from([*WORDS, ".", "?", "!", "…", ",", ":", "--", "'s"]), max_size=14)


@given(st.text(max_size=60) | SAID.map(" ".join) | SAID.map("".join))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_read(embedder, text):
    if "\x00" in text or any(0xD800 <= ord(one) <= 0xDFFF for one in text):
        return
    forest = SmallForest(embedder)
    forest.hear("We need a cloth.")
    forest.hear(text)
    assert all(
        value is None or any(value in said for said in forest.said) for value in forest.values().values()
    )


def test_an_embedder_without_shipped_weights_gets_its_own_once():
    embedder = HashingEmbedder()
    model = model_for(embedder.embed)
    assert model_for(embedder.embed) is model
    assert set(model.probabilities(["Tick it off."], embedder.embed(["Tick it off."]))[0]) == set(LABELS)


@pytest.mark.slow
def test_the_shipped_weights_are_those_of_the_shipped_utterances(embedder):
    texts, labels = utterances()
    shipped = model_for(embedder.embed)
    again = fit(embedder.embed(texts), texts, labels, shipped.probe)
    shares = shipped.probabilities(texts, embedder.embed(texts))
    anew = again.probabilities(texts, embedder.embed(texts))
    assert all(
        max(one, key=one.get) == max(other, key=other.get) for one, other in zip(shares, anew, strict=True)
    )
