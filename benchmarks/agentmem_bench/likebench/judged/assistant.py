"""An assistant that is a model: it answers from what a memory brings to a message, and from nothing else."""

from __future__ import annotations

from pydantic import BaseModel

from agentmem.models.base import system, user
from agentmem.prompts import render
from agentmem_bench.asking import Asker, Said
from agentmem_bench.likebench.systems.base import Answered

TOKENS = 300
"""Of a reply."""


class ModelAssistant:
    """Answers from a context.

    Args:
        asker: The model.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def reply(self, context: str, message: str) -> Answered:
        """What is answered to a message, given what a memory brought to it."""
        told = [system(render(__package__, "assistant", context=context)), user(message)]
        said: Said[BaseModel] = self._asker.ask(told, max_tokens=TOKENS)
        return Answered(said.text, said.usage, said.failure)
