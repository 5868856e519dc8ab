"""A support bot of LangChain that remembers two customers apart, over a restart. Run it: it checks itself.

The model is a script, so that this runs offline: put any chat model in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from langchain.agents import create_agent
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from agentmem import Bank
from langchain_agentmem import MemoryMiddleware


@dataclass
class Customer:
    """Who writes: whose memory is used."""

    user_id: str


class Script(BaseChatModel):
    """Says one line after the other, and keeps what it was shown."""

    lines: list[str]
    shown: list[str] = []  # noqa: RUF012 - a field of pydantic, copied for each

    @property
    def _llm_type(self) -> str:
        return "script"

    def _generate(self, messages: list[BaseMessage], *args: object, **options: object) -> ChatResult:
        """The next line."""
        self.shown.append("\n".join(message.text for message in messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self.lines.pop(0)))])


def answer(path: Path, model: Script, customer: str, text: str) -> str:
    """One message to a bot that is made for it alone: all that it knows is in the file."""
    with Bank(path) as bank:
        memory = MemoryMiddleware(bank, namespace=("support", "{user_id}"))
        bot = create_agent(model, middleware=[memory], context_schema=Customer, system_prompt="Be kind.")
        result = bot.invoke({"messages": [("user", text)]}, context=Customer(customer))
        return str(result["messages"][-1].text)


def run(path: Path) -> None:
    monday = Script(lines=["I have noted the printer.", "I have noted the router."])
    print(answer(path, monday, "ada", "My printer, a Laser 3000, prints every page in pink."))
    print(answer(path, monday, "bob", "My router loses its connection every night at two."))

    # The process ends here. Another one opens the file.
    friday = Script(lines=["Your Laser 3000 may need a new drum.", "Then let us look at your router."])
    print(answer(path, friday, "ada", "Which printer did I tell you about?"))
    print(answer(path, friday, "bob", "When does my router lose its connection?"))
    ada, bob = friday.shown
    assert "a Laser 3000, prints every page in pink" in ada
    assert "every night at two" in bob
    assert "router" not in ada
    assert "printer" not in bob.replace("Which printer", "")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        run(Path(folder) / "memory.db")
