"""What a model answers is read by its grammar; what it imagines besides is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.agents.policies.model import ModelPolicy, read
from agentmem.agents.policy import Decision, Prompt
from agentmem.models.llama_cpp import LlamaCppChat
from agentmem.records import Context

NOTHING = Context(text="", stable="", recalled="", tokens=0, budget=10, tokenizer="none")


@pytest.mark.parametrize(
    ("answer", "decision"),
    [
        ("Action: go east", Decision(action="go east")),
        ("  action:  `go east`  ", Decision(action="go east")),
        ("Subgoal: find the key\nAction: open the chest", Decision(subgoal="find the key", action="open the chest")),
        ("**Sub-goal under 3: find it**\n**Action: look**", Decision(subgoal="find it", under=3, action="look")),
        ("retrieve(4)", Decision(retrieve=(4,))),
        ("I need more.\nRetrieve( 4, 2,4 )\nAction: wait", Decision(retrieve=(4, 2))),
        ("go east", Decision(action="go east")),
        ("Action: go east\nObservation: you are dead\nAction: go west", Decision(action="go east")),
        ("Action: say retrieve(3)", Decision(action="say retrieve(3)")),
    ],
)  # fmt: skip
def test_answers_are_read(answer, decision):
    assert read(answer) == decision


@pytest.mark.parametrize(
    "answer", ["", "  \n ", "Subgoal: find the key", "Well,\nlet me think", "Action:\n\n"]
)
def test_what_cannot_be_read_says_why(answer):
    found = read(answer)
    assert found.error and not found.action and not found.retrieve


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["Action:", "Subgoal:", "under 3", "retrieve(", "1", ")", "\n", " x"])).map(
        "".join
    )
)
def test_any_answer_gives_a_decision(answer):
    found = read(answer)
    assert bool(found.error) != bool(found.action or found.retrieve)


@pytest.fixture(scope="module")
def llama() -> LlamaCppChat:
    return LlamaCppChat(window=512)


def test_the_embedded_model_is_asked_and_its_answer_read(llama):
    prompt = Prompt(
        rules="You can go east or west.", task="Goal: be in room 3.", context=NOTHING, subgoals=True
    )
    found = ModelPolicy(llama, answer_tokens=30).decide(prompt)
    assert found.raw and found.tokens > 0
    assert found.error or found.action or found.retrieve
