"""What came of a closed subgoal, put into words by a language model."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from agentmem.models.base import ChatModel, user
from agentmem.prompts import render
from agentmem.records import Record
from agentmem.stores.subgoal.content import OBSERVATION, Chunk
from agentmem.synthesis.render import inline

ANSWER_TOKENS = 200
"""How long an answer may be."""
LONGEST = 400
"""Characters of a step that are shown."""
STEPS = 40
"""How many steps of a subgoal are shown, the last ones."""


class Summary(BaseModel):
    """A model's answer: what is now true and what was learnt, and whether the subgoal was reached."""

    summary: str = Field(min_length=1, max_length=1_000)
    reached: bool


def summarize(model: ChatModel, chunk: Chunk, steps: Sequence[Record]) -> Summary:
    """A summary of a subgoal's steps, oldest first (HiAgent, section 3.3).

    Raises:
        ModelOutputError: the model does not answer as asked, twice.
        Unavailable: the model does not answer.
    """
    told = [
        ("Observation" if step.type == OBSERVATION else "Action", inline(step.text[: 2 * LONGEST])[:LONGEST])
        for step in steps[-STEPS:]
    ]
    prompt = render(__package__, "summary", goal=chunk.shown, steps=told)
    answer = model.complete([user(prompt)], schema=Summary, max_tokens=ANSWER_TOKENS)
    assert isinstance(answer.value, Summary)  # noqa: S101  the protocol: with a schema there is a value
    return answer.value
