"""Situations with suggestions, and lessons of successes and failures, as a model tells them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from agentmem.stores.concept.changes import USED_IN

_SPEC = importlib.util.spec_from_file_location("scripted", Path(__file__).with_name("scripted.py"))
scripted = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(scripted)
Reading, done, is_sound, refusals = scripted.Reading, scripted.done, scripted.is_sound, scripted.refusals

DERIVATION = "Observation: rows are doubled. Thought: a join multiplies them."
PAIR = {"situation": "sums are doubled where tables meet", "suggestion": "Add up before joining."}
LESSON = {
    "title": "Check keys",
    "when": "a join gives too many rows",
    "lesson": "Count rows for each key first.",
}
TEXT, SOLUTION = "Report 4711 says 990, not 330", "select sum(x) from a join b -- 4711"


def test_a_pair_is_a_situation_and_a_suggestion_of_its_problem(open_bank):
    store = scripted.memory(open_bank, Reading([DERIVATION, {"pairs": [PAIR]}]), "model-oe")
    problem = store.attempted(TEXT, SOLUTION, language="sql", solved=True)
    [made] = store.concepts()
    assert (made.form, made.title, made.description) == ("oe", PAIR["situation"], PAIR["suggestion"])
    view = store.bank.view(store.namespace, store=store.shelf)
    assert [link.target for link in view.links([made.id], USED_IN, "out")] == [problem]
    model = store.abstractor._model.model
    assert DERIVATION in model.asked[1].messages[0].content
    assert SOLUTION not in model.asked[1].messages[0].content
    assert is_sound(store)


def test_it_is_written_without_looking_at_what_is_stored_and_joins_what_stands(open_bank):
    model = Reading(
        [DERIVATION, {"pairs": [PAIR]}, DERIVATION, {"pairs": [{**PAIR, "suggestion": "Use distinct."}]}]
    )
    store = scripted.memory(open_bank, model, "model-oe")
    store.attempted(TEXT, SOLUTION, solved=True)
    store.attempted("Report 4712 is wrong", SOLUTION, solved=True)
    assert all(PAIR["situation"] not in request.messages[0].content for request in model.asked)
    [made] = store.concepts()
    assert made.alternatives == ("Use distinct.",)
    assert is_sound(store)


def test_leaks_are_repaired_and_halves_refused(open_bank):
    leaky = {**PAIR, "suggestion": "Give 330 in place of 990."}
    half = {"situation": "a total is off", "suggestion": ""}
    model = Reading([DERIVATION, {"pairs": [leaky, half]}, {"pairs": [PAIR, half]}])
    store = scripted.memory(open_bank, model, "model-oe")
    store.attempted(TEXT, SOLUTION, solved=True)
    assert [one.description for one in store.concepts()] == [PAIR["suggestion"]]
    assert refusals(store) == [("junk", "a total is off")]
    assert is_sound(store)


def test_what_is_copied_from_the_examples_is_junk(open_bank):
    copy = {**PAIR, "suggestion": "Compare how many rows each of them reads before comparing sums."}
    store = scripted.memory(open_bank, Reading([DERIVATION, {"pairs": [copy]}]), "model-oe")
    store.attempted(TEXT, SOLUTION, solved=True)
    assert refusals(store) == [("junk", PAIR["situation"])]


def test_failures_teach_nothing_open_ended(open_bank):
    model = Reading([DERIVATION])
    store = scripted.memory(open_bank, model, "model-oe")
    store.attempted(TEXT, SOLUTION, solved=False)
    assert model.asked == []
    assert is_sound(store)


@pytest.mark.parametrize(("solved", "kind"), [(True, "lesson of a success"), (False, "lesson of a failure")])
def test_lessons_come_of_successes_and_failures(open_bank, solved, kind):
    store = scripted.memory(open_bank, Reading([{"lessons": [LESSON]}]), "lessons")
    store.attempted(TEXT, SOLUTION, solved=solved)
    [made] = store.concepts()
    assert (made.form, made.kind, made.title) == ("oe", kind, LESSON["when"])
    assert made.description == "Check keys: Count rows for each key first."
    asked = store.abstractor._model.model.asked[0].messages[0].content
    assert ("It has just failed" in asked) is not solved
    assert is_sound(store)


def test_a_verdict_given_later_counts(open_bank):
    store = scripted.memory(open_bank, Reading([{"lessons": [LESSON]}]), "lessons")
    problem = store.attempted(TEXT, SOLUTION)
    assert store.concepts() == []
    store.judge(problem, solved=False)
    assert [one.kind for one in store.concepts()] == ["lesson of a failure"]
    assert is_sound(store)


def test_more_than_three_lessons_are_asked_for_again_and_then_refused(open_bank):
    store = scripted.memory(open_bank, Reading([{"lessons": [LESSON] * 4}]), "lessons")
    store.attempted(TEXT, SOLUTION, solved=True)
    assert store.concepts() == []
    assert [gate for gate, _ in refusals(store)] == ["answer"]
    assert is_sound(store)


def test_a_lesson_about_nothing_is_junk(open_bank):
    empty = {"title": "", "when": "", "lesson": "Be careful."}
    meta = {**LESSON, "lesson": "No solution was provided, so I cannot extract a lesson."}
    store = scripted.memory(open_bank, Reading([{"lessons": [empty, meta]}]), "lessons")
    store.attempted(TEXT, SOLUTION, solved=True)
    assert sorted(gate for gate, _ in refusals(store)) == ["junk", "junk"]
    assert store.concepts() == []
    assert is_sound(store)


def test_a_trace_without_text_asks_nobody(open_bank):
    model = Reading([{"lessons": [LESSON]}])
    store = scripted.memory(open_bank, model, "lessons")
    store.attempted(" ", "", solved=False)
    assert model.asked == []
    assert is_sound(store)
