"""Whatever a model answers, the memory is sound, and of rubbish come refusals alone."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.errors import Unavailable
from agentmem.models.base import Answer, ChatModel
from agentmem.models.llama_cpp import LlamaCppChat
from agentmem.records import Event
from agentmem.stores.concept.gates import GatePolicy, faults
from agentmem.stores.concept.operations import Revise, State
from agentmem.stores.concept.problems import TRACE

_SPEC = importlib.util.spec_from_file_location("scripted", Path(__file__).with_name("scripted.py"))
scripted = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(scripted)
Reading, done, is_sound, only_refusals = (
    scripted.Reading,
    scripted.done,
    scripted.is_sound,
    scripted.only_refusals,
)

ABSTRACTORS = ("model", "model-oe", "rules", "lessons")
TEXT = "Move the 17 boxes of order K-204 to shelf 9"
PROGRAM = "def move_all(boxes, shelf_no=9):\n    return [box.to(shelf_no) for box in boxes][:17]"
LISTS = {"model": "entries", "model-oe": "pairs", "rules": "operations", "lessons": "lessons"}


def everywhere(entries) -> dict:
    """An answer that lists the same, whatever is asked."""
    return dict.fromkeys(LISTS.values(), entries)


RUBBISH = {
    "words": "I would say that boxes are moved.",
    "nothing": "",
    "half JSON": '{"entries": [{"action": "add", "title": "move',
    "a list": "[1, 2, 3]",
    "another schema": '{"answer": 42}',
    "null": "null",
    "lists of nulls": json.dumps(everywhere([None, None])),
    "numbers for lists": json.dumps(everywhere(7)),
    "lists in lists": json.dumps(everywhere([[[]]])),
    "too many": json.dumps(everywhere([{}] * 100)),
    "empty entries": json.dumps(everywhere([{}])),
    "a meta-reply": json.dumps(
        everywhere(
            [
                {
                    "action": "add",
                    "operation": "add",
                    "title": "No context was given",
                    "when": "no context was given",
                    "situation": "no context was given",
                    "text": "Please provide the problem.",
                    "description": "I cannot determine it.",
                    "suggestion": "As an AI language model, I cannot.",
                    "lesson": "I'm sorry.",
                }
            ],
        )
    ),
    "unknown names": json.dumps(
        everywhere(
            [
                {
                    "action": "reuse",
                    "operation": "agree",
                    "concept": "C77",
                    "rule": "R77",
                    "title": "",
                    "situation": "",
                    "when": "",
                }
            ],
        )
    ),
    "a wrong verb": json.dumps(
        everywhere([{"action": "explode", "operation": "explode", "situation": "", "when": ""}])
    ),
    "a very long title": json.dumps(
        everywhere(
            [dict.fromkeys(("title", "situation", "when", "text", "lesson", "suggestion"), "x" * 100000)],
        )
    ),
    "unseen characters": '{"entries": [{"title": "\\u0000\\ud800"}], "pairs": [{"situation": "\\u0000\\ud800"}], '
    '"operations": [{"text": "\\u0000\\ud800"}], "lessons": [{"when": "\\u0000\\ud800"}]}',
    "deep JSON": '{"entries": ' + "[" * 5_000 + "]" * 5_000 + "}",
    "the problem again": json.dumps(
        everywhere(
            [
                {
                    "title": TEXT,
                    "situation": TEXT,
                    "when": TEXT,
                    "text": TEXT,
                    "description": TEXT,
                    "suggestion": TEXT,
                    "lesson": TEXT,
                }
            ],
        )
    ),
}


@pytest.mark.parametrize("abstractor", ABSTRACTORS)
def test_of_rubbish_come_refusals_alone(open_bank, abstractor):
    model = Reading([""])
    store = scripted.memory(open_bank, model, abstractor)
    store.state("put a thing where it belongs", trust="agent")
    before = store.concepts()
    for name, rubbish in RUBBISH.items():
        model.answers = [rubbish]
        store.attempted(TEXT, PROGRAM, language="python", problem="K-204", solved=True)
        assert store.bank.pending() == [], name
        assert only_refusals(store), name
        assert store.concepts() == before, name
    assert len(store.refusals()) >= len(RUBBISH) - 3  # some answers say nothing
    assert is_sound(store)


class Closed(ChatModel):
    """A model whose server is down."""

    name = "closed"

    def answer(self, request, cancel) -> Answer:
        raise Unavailable("nobody answers")


@pytest.mark.parametrize("abstractor", ABSTRACTORS)
def test_a_model_that_does_not_answer_leaves_the_verdict_pending(open_bank, abstractor):
    store = scripted.memory(open_bank, Closed(), abstractor)
    problem = store.attempted(TEXT, PROGRAM, language="python")
    store.judge(problem, solved=True)
    assert [item.state for item in store.bank.pending()] == ["failed"]
    assert store.concepts() == []
    assert store.bank.verify() == []


WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "C1",
            "C2",
            "R1",
            "C99",
            "move a box",
            "put a thing where it belongs",
            "Grid",
            "Callable[[Box], bool]",
            "list[Box]",
            "17",
            "K-204",
            "shelf_no",
            "!!!",
            "the shelf",
            "boxes on shelves are moved",
            "\ud800",
            "\x00",
            "x" * 700,
            "no context was given",
        ]
    ),
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 99) | st.floats(allow_nan=False, allow_infinity=False) | WORDS
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4), max_leaves=6)
PARAMETERS = st.dictionaries(st.sampled_from(["name", "type", "description"]), SCALARS)
FIELDS = (
    "concept",
    "title",
    "kind",
    "description",
    "output",
    "cues",
    "notes",
    "situation",
    "suggestion",
    "when",
    "lesson",
    "rule",
    "text",
)
ENTRIES = st.builds(
    lambda fields, verbs, parameters: {**fields, **verbs, "parameters": parameters},
    st.dictionaries(st.sampled_from(FIELDS), st.one_of(WORDS, WORDS, VALUES, st.lists(WORDS, max_size=3))),
    st.fixed_dictionaries(
        {},
        optional={
            "action": st.sampled_from(["add", "reuse", "revise", "new", "explode"]),
            "operation": st.sampled_from(["add", "agree", "edit", "remove", "explode"]),
        },
    ),
    st.lists(PARAMETERS, max_size=3) | SCALARS,
)
ANSWERS = st.one_of(
    st.builds(lambda entries: json.dumps(everywhere(entries)), st.lists(ENTRIES, max_size=5)),
    st.builds(
        lambda entries, cut: json.dumps({"entries": entries})[:cut],
        st.lists(ENTRIES, max_size=3),
        st.integers(0, 200),
    ),
    st.builds(json.dumps, VALUES),
    st.text(max_size=60),
    st.lists(
        st.fixed_dictionaries(
            {"pair": st.integers(-1, 3), "answer": st.sampled_from(["same", "unsure", "?"])}
        ),
        max_size=3,
    ).map(lambda verdicts: json.dumps({"verdicts": verdicts})),
)


@pytest.fixture
def stores(open_bank):
    made = {}
    for name in ABSTRACTORS:
        store = scripted.memory(open_bank, Reading(["{}"]), name)
        store.state("put a thing where it belongs", description="Each thing has a place.", trust="agent")
        store.state("look before you move", form="rule", trust="agent")
        store.state("trusted rule", form="rule", trust="user")
        made[name] = store
    return made


def sound_whatever_is_said(store, answers, several):
    model = store.bank.chat_model(store.namespace, store.shelf).model
    model.answers, model.asked = answers, []
    trace = {"solution": PROGRAM, "language": "python", "solved": True, "problem": "K-204"}
    events = [
        Event(type=TRACE, text=TEXT, data=trace, trust="agent", time=datetime(2026, 1, 5, tzinfo=UTC))
        for _ in range(1 + several)
    ]
    before = {one.id for one in store.concepts()}
    store.observe(*events)
    assert is_sound(store)
    problem = store.problems()[0]
    for operation in done(store):
        if isinstance(operation, State | Revise):
            leaks = [one for one in faults(operation, [problem], GatePolicy()) if one.gate != "junk"]
            assert leaks == []
    for concept in store.concepts():
        assert concept.title.strip()
    assert all(len(request.messages) <= 5 for request in model.asked)
    assert before <= {one.id for one in store.concepts()} | {
        event.about[0]
        for event in store.bank.view(store.namespace, store=store.shelf).operations()
        if event.about
    }


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    abstractor=st.sampled_from(ABSTRACTORS),
    answers=st.lists(ANSWERS, min_size=1, max_size=5),
    several=st.booleans(),
)
def test_whatever_is_answered_the_memory_is_sound(stores, abstractor, answers, several):
    sound_whatever_is_said(stores[abstractor], answers, several)


@pytest.mark.slow
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    abstractor=st.sampled_from(ABSTRACTORS),
    answers=st.lists(ANSWERS, min_size=1, max_size=5),
    several=st.booleans(),
)
def test_whatever_is_answered_the_memory_is_sound_for_long(stores, abstractor, answers, several):
    sound_whatever_is_said(stores[abstractor], answers, several)


@pytest.mark.slow
@pytest.mark.parametrize("abstractor", ["model", "rules"])
def test_whatever_the_embedded_model_answers_the_memory_is_sound(open_bank, abstractor):
    store = scripted.memory(open_bank, LlamaCppChat(window=2_048), abstractor)
    store.state("sort items", kind="routine", description="Items are put in order by a key.", trust="agent")
    program = (
        "def solve(rows):\n    return sorted((row for row in rows if row.open), key=lambda row: row.age)"
    )
    store.attempted("List the 12 open tickets, oldest first", program, solved=True)
    assert is_sound(store)
    assert all("12" not in one.title + one.description for one in store.concepts())
