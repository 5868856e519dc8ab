"""An agent of LangChain with task memory that waits for a human, and goes on.

A tool call is interrupted until somebody approves it. Meanwhile the memory is closed, and opened anew from
its file. (The thread is kept in memory here; any checkpointer of LangGraph does.) Run it: it checks itself,
and calls nobody.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agentmem import Bank, MemorySpec
from agentmem.stores.task.store import TaskMemory
from langchain_agentmem import MemoryMiddleware

TRIP = ("travel", "ada")
THREAD: Any = {"configurable": {"thread_id": "trip"}}


class Script(BaseChatModel):
    """Books a hotel when it is first asked, and says what came of it; keeps what it was shown."""

    shown: list[str] = []  # noqa: RUF012 - a field of pydantic, copied for each

    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, tools: object, **options: object) -> Script:
        """A script knows its tools."""
        return self

    def _generate(self, messages: list[BaseMessage], *args: object, **options: object) -> ChatResult:
        """A call, or the last words."""
        self.shown.append("\n".join(message.text for message in messages))
        answers = [message for message in messages if isinstance(message, ToolMessage)]
        said = AIMessage(f"Done: {answers[-1].text}") if answers else AIMessage("", tool_calls=[BOOK])
        return ChatResult(generations=[ChatGeneration(message=said)])


BOOK: Any = {"name": "book_hotel", "args": {"city": "Oslo", "nights": 3}, "id": "call-1"}


@tool
def book_hotel(city: str, nights: int) -> str:
    """Book a hotel."""
    return f"a hotel in {city} for {nights} nights"


def agent(bank: Bank, model: Script, threads: InMemorySaver) -> Any:
    memory = MemoryMiddleware(bank, MemorySpec(store="task"), namespace=TRIP)
    approval = HumanInTheLoopMiddleware(interrupt_on={"book_hotel": True})
    return create_agent(model, [book_hotel], middleware=[memory, approval], checkpointer=threads)


def run(path: Path) -> None:
    threads = InMemorySaver()
    with Bank(path) as bank:
        tasks = bank.store(MemorySpec(store="task"), TRIP)
        assert isinstance(tasks, TaskMemory)
        trip = tasks.add("Trip to Norway", kind="task")
        tasks.add("city", value="Oslo", parent=trip.id)
        nights = tasks.add("nights", value="4", parent=trip.id)
        tasks.update(nights.id, "3")
        waiting = agent(bank, Script(), threads).invoke({"messages": [("user", "Book my hotel.")]}, THREAD)
        print("waits for:", waiting["__interrupt__"][0].value["action_requests"][0]["name"])

    # The bank is closed and opened anew: the task, and what was said, are in its file.
    with Bank(path) as bank:
        model = Script()
        done = agent(bank, model, threads).invoke(
            Command(resume={"decisions": [{"type": "approve"}]}), THREAD
        )
        print(done["messages"][-1].text)
        assert "nights: 3" in model.shown[-1]
        assert "nights: 4" not in model.shown[-1]
        said = [record.text for record in bank.store("episodic", TRIP).select()]
        print("\n".join(said))
        assert said == [
            "Book my hotel.",
            'book_hotel({"city": "Oslo", "nights": 3})',
            "a hotel in Oslo for 3 nights",
            "Done: a hotel in Oslo for 3 nights",
        ]


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        run(Path(folder) / "memory.db")
