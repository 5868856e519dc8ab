"""Where recalled text stands in a request, so that a provider's prompt cache still knows what came before.

The stable part joins the system message, which changes only when that part does. What was recalled for this
turn comes after the last message: all that is sent again next time stands before it, byte by byte the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Literal

from langchain_core.messages import AnyMessage, BaseMessage, HumanMessage, SystemMessage

from agentmem.records import Context
from agentmem.synthesis.tokens import TokenCounter

Role = Literal["auto", "system", "last"]
"""As whose words a recall is sent: a system message of its own, or as a part of the last message."""
FIRST_ONLY = {
    "langchain_anthropic",
    "langchain_aws",
    "langchain_google_genai",
    "langchain_google_vertexai",
    "langchain_huggingface",
    "langchain_ollama",
}
"""Packages of models that take a system message in the first place only, or may."""


def with_stable(given: SystemMessage | None, stable: str) -> SystemMessage | None:
    """The system message, and after it what memory always shows."""
    if not stable:
        return given
    if given is None:
        return SystemMessage(stable)
    if isinstance(given.content, str):
        return SystemMessage(f"{given.content}\n\n{stable}")
    return SystemMessage(content=[*given.content, {"type": "text", "text": stable}])


def with_recalled(
    messages: Sequence[AnyMessage], context: Context, role: Role, model: object
) -> list[AnyMessage]:
    """The messages, and after the last one what was recalled."""
    if not context.recalled:
        return list(messages)
    package = type(model).__module__.partition(".")[0]
    as_system = role == "system" or (role == "auto" and package not in FIRST_ONLY)
    if as_system or not messages:
        return [*messages, SystemMessage(context.recalled)]
    *before, last = messages
    if isinstance(last.content, str):
        content: Any = f"{last.content}\n\n{context.recalled}"
    else:
        content = [*last.content, {"type": "text", "text": context.recalled}]
    return [*before, last.model_copy(update={"content": content})]


def begin(messages: Sequence[BaseMessage], most: int, counter: TokenCounter) -> int:
    """The place of the first message that is sent, where `most` tokens of history are.

    Only a question begins what is sent. Where there is too much, half goes at once, so that the beginning
    stays the same for many turns.
    """
    cost = [counter.count(message.text) for message in messages]
    start = 0
    sums = [0, *accumulate(cost)]
    for end in range(1, len(sums)):
        if sums[end] - sums[start] <= most:
            continue
        questions = [n for n in range(start + 1, end) if isinstance(messages[n], HumanMessage)]
        fitting = [n for n in questions if sums[end] - sums[n] <= most // 2]
        if fitting or questions:
            start = fitting[0] if fitting else questions[-1]
    return start
