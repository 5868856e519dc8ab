"""Agents that talk with a model that answers at once: what is left is the agent, and its memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.checkpoint.memory import InMemorySaver


@dataclass
class Who:
    """The context of a run."""

    user_id: str


class Echo(BaseChatModel):
    """Answers what it was asked, with its number; keeps its last request."""

    answered: int = 0
    request: list[BaseMessage] = []  # noqa: RUF012 - a field of pydantic, copied for each

    @property
    def _llm_type(self) -> str:
        return "echo"

    def _generate(self, messages: list[BaseMessage], *args: Any, **options: Any) -> ChatResult:
        self.request = list(messages)
        question = next(message for message in reversed(messages) if isinstance(message, HumanMessage))
        answer = AIMessage(f"You said: {question.text}")
        return ChatResult(generations=[ChatGeneration(message=answer)])


def agent(model: Echo, middleware: Sequence[AgentMiddleware[Any, Any]]) -> Any:
    """An agent without tools that keeps its threads in memory."""
    return create_agent(
        model,
        [],
        middleware=list(middleware),
        context_schema=Who,
        checkpointer=InMemorySaver(),
        system_prompt="Be brief.",
    )


def turn(text: str, thread: str, user: str) -> dict[str, Any]:
    """The arguments of one `invoke`."""
    return {
        "input": {"messages": [{"role": "user", "content": text}]},
        "config": {"configurable": {"thread_id": thread}},
        "context": Who(user),
    }
