"""What the wrapper must know of an interface; and by which attribute of a client each is reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from openai_agentmem import anthropic_messages, openai_chat, openai_responses
from openai_agentmem.said import Said

Request = Mapping[str, Any]


class Gathering(Protocol):
    """Gathers an answer from the chunks of a stream.

    Attributes:
        id: The answer's id; empty where nothing is continued by it.
        finished: Whether the model has said that it is at its end.
    """

    id: str
    finished: bool

    def add(self, chunk: Any, /) -> None:
        """Take one chunk."""

    def answer(self) -> list[Said]:
        """What came."""


def nothing(request: Request, answer_id: str = "") -> str:
    """Of an interface whose server holds no history."""
    return ""


@dataclass(frozen=True)
class Wire:
    """An interface.

    Attributes:
        read: What a request says.
        placed: A request with the stable and the recalled part of a context in it.
        answer: What an answer says.
        gathering: Makes what gathers the answer of a stream.
        continues: The name of the history that the server holds for a request; empty: none.
        held_as: The name of the history up to the answer of that id; empty: none.
    """

    read: Callable[[Request], list[Said]]
    placed: Callable[[Request, str, str], dict[str, Any]]
    answer: Callable[[Any], list[Said]]
    gathering: Callable[[], Gathering]
    continues: Callable[[Request], str] = nothing
    held_as: Callable[[Request, str], str] = nothing


CHAT = Wire(openai_chat.read, openai_chat.placed, openai_chat.answer, openai_chat.Gathered)
RESPONSES = Wire(
    openai_responses.read,
    openai_responses.placed,
    openai_responses.answer,
    openai_responses.Gathered,
    openai_responses.continues,
    openai_responses.held_as,
)
MESSAGES = Wire(
    anthropic_messages.read,
    anthropic_messages.placed,
    anthropic_messages.answer,
    anthropic_messages.Gathered,
)
WIRES: Mapping[str, Wire] = {
    "chat.completions": CHAT,
    "beta.chat.completions": CHAT,
    "responses": RESPONSES,
    "messages": MESSAGES,
    "beta.messages": MESSAGES,
}
"""Each interface by the attributes that lead to it."""
