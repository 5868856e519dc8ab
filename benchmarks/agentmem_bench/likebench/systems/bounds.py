"""The bounds of the scale: a memory that knows the persona, and none."""

from __future__ import annotations

from datetime import datetime

from agentmem_bench.likebench.personas.content import phrases
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.probe.wishes import wishes_of
from agentmem_bench.likebench.systems.base import Answer, Answered, Reply, Said


class FixedContext:
    """The same context at every turn."""

    def __init__(self, context: str, answer: Answer) -> None:
        self._context = context
        self._answer = answer

    def reply(self, said: Said) -> Reply:
        """Answer from the context that is always the same."""
        answered = self._answer(self._context, said.message)
        return Reply(answered.text, usage=answered.usage, failure=answered.failure)

    def keep(self, said: Said, reply: str) -> None:
        """Nothing is kept."""

    def remembers(self, question: str, at: datetime) -> Answered:
        """The context."""
        return Answered(self._context)

    def facts(self) -> int | None:
        """Unknown."""
        return None

    def close(self) -> None:
        """Nothing is to be given back."""


def oracle(persona: Persona) -> str:
    """All that there is to be known of a persona, in its own words, from the beginning."""
    lines = [wish.states[0] for wish in wishes_of(persona)]
    lines += [
        phrases().shorthand.introduces[0].format(says=one.says, means=one.means) for one in persona.shorthand
    ]
    lines += [fact.says for fact in persona.facts]
    return "\n".join(lines)
