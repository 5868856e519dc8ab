"""Asking a model so that its failures are told beside its answers, and a run goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from time import perf_counter
from typing import Generic, TypeVar

from pydantic import BaseModel

from agentmem.errors import InvalidInput, ModelOutputError, Unavailable
from agentmem.models import ChatModel, Message, Usage, user

PATIENCE = 3
"""How many times in a row a model that answered before may be away before a run ends."""

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Said(Generic[T]):
    """What came of asking: text and value, or why there are none; `seconds` that passed."""

    text: str
    value: T | None
    usage: Usage
    seconds: float
    failure: str = ""


class Asker:
    """A model that is asked many times, of which some may fail.

    An answer that cannot be used, a timeout and a prompt that does not fit are failures of one question.
    A model that has never answered, or not for `PATIENCE` times, is an error.
    """

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        self._patience = 0

    def ask(
        self, asked: str | Sequence[Message], *, max_tokens: int, schema: type[T] | None = None
    ) -> Said[T]:
        """Ask once, at temperature 0.

        Args:
            asked: A prompt, or a conversation.
            max_tokens: Of the answer.
            schema: What the answer is a value of; none: free text.

        Raises:
            Unavailable: the model is not there.
            InvalidInput: no prompt fits it.
            NetworkForbidden: it is behind the network, and the network is off.
            OverBudget: a budget has no room for it.
        """
        began = perf_counter()
        messages = [user(asked)] if isinstance(asked, str) else asked
        try:
            done = self.model.complete(messages, schema=schema, max_tokens=max_tokens)
        except ModelOutputError as error:
            self._patience = PATIENCE
            taken = Usage(
                calls=2, prompt_tokens=error.prompt_tokens, completion_tokens=error.completion_tokens
            )
            return Said(error.raw, None, taken, perf_counter() - began, str(error))
        except (Unavailable, InvalidInput) as error:
            if not self._patience:
                raise
            self._patience -= 1
            return Said("", None, Usage(), perf_counter() - began, str(error))
        self._patience = PATIENCE
        return Said(done.text.strip(), done.value, done.usage, done.seconds)


def prompts_hash(package: str, *further: str) -> str:
    """The SHA-256 of all prompts of a package, and of further files of it: to others come other answers."""
    found, folder = hashlib.sha256(), files(package)
    prompts = sorted(folder.joinpath("prompts").iterdir(), key=lambda each: each.name)
    for file in (*prompts, *(folder.joinpath(name) for name in further)):
        found.update(f"{file.name}\n{file.read_text(encoding='utf-8')}".encode())
    return found.hexdigest()
