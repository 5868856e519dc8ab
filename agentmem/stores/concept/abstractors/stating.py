"""Statements that a model makes without looking at the memory: asked for, held to the gates, and stated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from agentmem.models.base import ChatModel, user
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.abstractors.repairing import Answers, Repairs
from agentmem.stores.concept.asking import PromptPolicy, Said, ask, window_of
from agentmem.stores.concept.gates import Fault, GatePolicy, faults
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import Operation, State, Told
from agentmem.stores.concept.problems import Problem

COPIED = 24
"""Characters of a description from which on one that stands in the examples was copied from there."""
E = TypeVar("E", bound=Said)
A = TypeVar("A", bound=Said)


def statements(
    model: ChatModel,
    prompt: str,
    answers: Answers[A, E],
    state: Callable[[E], State],
    problem: Problem,
    prompts: PromptPolicy,
    gates: GatePolicy,
    examples: str = "",
) -> list[Operation]:
    """What a model states of a problem; what stays faulty after the repairs is refused.

    Args:
        model: The model.
        prompt: What it is asked.
        answers: The form of its answer.
        state: An entry as a statement.
        problem: The problem from which all comes.
        prompts: How large an answer may be, and how often it is repaired.
        gates: What is let through.
        examples: What the prompt gives as examples: what is copied from there is no idea.

    Raises:
        Unavailable: the model does not answer.
        InvalidInput: the prompt does not fit its window.
    """
    tokens = int(prompts.answer * window_of(model))
    answer = ask(model, [user(prompt)], answers.schema, tokens)
    if isinstance(answer, str):
        return [refused(problem, "answer", "", answer)]

    def check(entry: E) -> list[Fault]:
        told = state(entry)
        return [*untold(told), *copied(told, examples), *faults(told, [problem], gates)]

    kept = Repairs(model, prompt, answers, tokens).until_sound(
        answers.entries(answer), check, prompts.repairs
    )
    made: list[Operation] = [state(entry).altered({"used_in": (problem.id,)}) for entry in kept.sound]
    return made + [
        refused(problem, wrong[0].gate, answers.called(entry), wrong[0].reason)
        for entry, wrong in kept.faulty
    ]


def untold(told: State) -> Sequence[Fault]:
    """What a statement lacks."""
    if not told.title or not normal(told.title):
        return [Fault(gate="junk", reason="it does not say when it holds")]
    if told.form == "oe" and not normal(told.description):
        return [Fault(gate="junk", reason="it does not say what to do")]
    return []


def copied(told: Told, examples: str) -> list[Fault]:
    """The fault of what stands in the examples of a prompt word for word."""
    words = normal(told.description)
    if len(words) < COPIED or words not in normal(examples):
        return []
    return [Fault(gate="junk", reason="it is copied from the examples")]
