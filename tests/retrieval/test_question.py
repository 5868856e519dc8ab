"""A question taken apart: whom it names, and what is left as its topic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.retrieval.question import take_apart

ACTORS = {0: "Maya", 1: "Ben Okafor", 2: "Zoë", 3: "", 4: "C++ bot", 5: "王芳"}


@pytest.mark.parametrize(
    ("text", "named", "topic"),
    [
        ("What did Maya say about quinces?", (0,), "What did say about quinces?"),
        ("what did MAYA's sister cook?", (0,), "what did sister cook?"),
        ("Where does Ben live?", (1,), "Where does live?"),
        ("Where does Ben Okafor live?", (1,), "Where does live?"),
        ("Did Zoë meet Maya?", (0, 2), "Did meet ?"),
        ("Who likes mayapples?", (), "Who likes mayapples?"),
        ("Where is the bench?", (), "Where is the bench?"),
        ("Okafor?", (), "Okafor?"),
        ("Maya?", (0,), "Maya?"),
        ("", (), ""),
    ],
)
def test_names(text: str, named: tuple[int, ...], topic: str):
    question = take_apart(text, ACTORS)
    assert question.named == named
    assert question.topic.split() == topic.split() or question.topic.replace(" ", "") == topic.replace(
        " ", ""
    )
    assert question.text == text


def test_aliases_are_names_that_were_given():
    aliases = {"Maya": ["Mimi", "the gardener"]}
    assert take_apart("What did Mimi plant?", ACTORS, aliases).named == (0,)
    assert take_apart("What did the gardener plant?", ACTORS, aliases).topic.split() == [
        "What",
        "did",
        "plant?",
    ]
    assert take_apart("What did the baker plant?", ACTORS, aliases).named == ()


@given(st.text(max_size=40), st.lists(st.text(max_size=8), max_size=4))
def test_no_text_and_no_name_does_harm(text: str, names: list[str]):
    question = take_apart(text, dict(enumerate(names)))
    assert set(question.named) <= set(range(len(names)))
    assert question.topic or not text


def test_names_that_begin_alike_leave_the_same_topic_in_any_order():
    text = "Where do Ann Lee and Ann live?"
    topics = {
        take_apart(text, dict(enumerate(names))).topic for names in (["Ann", "Ann Lee"], ["Ann Lee", "Ann"])
    }
    assert {" ".join(topic.split()) for topic in topics} == {"Where do and live?"}
