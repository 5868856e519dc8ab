"""An agent of the OpenAI Agents SDK whose session outlives it. Run it: it checks itself, and calls nobody.

The model is a script, so that this runs offline; leave `model=` out, and OpenAI's own answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agents import Agent, ModelResponse, RunConfig, Runner, Usage, function_tool
from agents.items import TResponseStreamEvent
from agents.models.interface import Model
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from agentmem import Bank
from openai_agentmem import AgentMemSession

PLACE = ("acme", "ada")
OFFLINE = RunConfig(tracing_disabled=True)


@function_tool
def book(table: str, day: str) -> str:
    """Book a table."""
    return f"{table} is booked on {day}"


class Script(Model):
    """Says one line after the other, and keeps what it was shown.

    Args:
        lines: Texts, or tool calls.
    """

    def __init__(self, *lines: str | ResponseFunctionToolCall) -> None:
        self.lines = list(lines)
        self.shown: list[Any] = []

    async def get_response(
        self, system_instructions: str | None, input: Any, *args: Any, **kwargs: Any
    ) -> ModelResponse:
        """The next line."""
        self.shown = list(input)
        line = self.lines.pop(0)
        if isinstance(line, str):
            part = ResponseOutputText(type="output_text", text=line, annotations=[])
            said = ResponseOutputMessage(
                id="line", type="message", role="assistant", status="completed", content=[part]
            )
            return ModelResponse(output=[said], usage=Usage(), response_id=None)
        return ModelResponse(output=[line], usage=Usage(), response_id=None)

    def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[TResponseStreamEvent]:
        """A script is not streamed."""
        raise NotImplementedError


async def ask(path: Path, model: Script, question: str) -> str:
    """One question to an agent that is made for it alone: all that it knows is in the file."""
    with Bank(path) as bank:
        session = AgentMemSession(bank, "dinner", namespace=PLACE)
        helper = Agent(name="helper", tools=[book], model=model)
        result = await Runner.run(helper, question, session=session, run_config=OFFLINE)
        return str(result.final_output)


def run(path: Path) -> None:
    booking = ResponseFunctionToolCall(
        type="function_call", call_id="1", name="book", arguments='{"table": "Table 4", "day": "Friday"}'
    )
    evening = Script(booking, "Table 4 is yours on Friday.")
    print(asyncio.run(ask(path, evening, "A table by the window on Friday, please. No nuts for my sister.")))

    # The process ends here. Another one opens the file, and its model is shown the whole conversation.
    morning = Script("On Friday, without nuts.")
    print(asyncio.run(ask(path, morning, "When was it again?")))
    shown = [item.get("content") or item.get("output") or item.get("name") for item in morning.shown]
    assert shown[:3] == [
        "A table by the window on Friday, please. No nuts for my sister.",
        "book",
        "Table 4 is booked on Friday",
    ]

    # What was said is memory of the namespace: any store recalls it, for other sessions too.
    with Bank(path) as bank:
        context = bank.store("episodic", PLACE).synthesize("Which table is ours, and by the window?", 200)
        print(context.text)
        assert "No nuts for my sister" in context.text
        other = AgentMemSession(bank, "another day", namespace=PLACE)
        assert asyncio.run(other.get_items()) == []


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        run(Path(folder) / "memory.db")
