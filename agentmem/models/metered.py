"""Metering: no call is made that a budget has no room for, and each is counted for who asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol, TypeAlias

from agentmem.errors import AgentMemError, Cancelled
from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Unfinished, Usage, Wrapper

PER_MESSAGE = 16
"""Tokens at most that a chat template sets around a message."""
PER_CALL = 64
"""Tokens at most that it sets around them all, a system message of its own included."""

Settle: TypeAlias = Callable[[Usage], None]
"""Tells the ledger what a call took in the end; called once."""


class Ledger(Protocol):
    """Where calls are counted, and budgets kept, for one who asks."""

    def reserve(self, model: str, most: Usage) -> Settle:
        """Count a call that is about to be made at its worst case, until it is settled.

        Raises:
            OverBudget: a budget has no room for it.
        """


class MeteredChat(Wrapper):
    """Asks a model within budgets.

    Before a call its worst case is reserved, and afterwards what it took is counted in its place. Where that
    cannot be known, the worst case stays: after an answer that broke off, came too late, was cancelled or
    says nothing of its usage, and where the process was killed meanwhile.

    Args:
        model: Who answers.
        ledger: Keeps the books.
    """

    def __init__(self, model: ChatModel, ledger: Ledger) -> None:
        super().__init__(model)
        self._ledger = ledger

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """What the model answers.

        Raises:
            OverBudget: a budget has no room for it; the model is not asked.
        """
        cancel.check()
        taken = most = at_most(request)
        settle = self._ledger.reserve(self.name, most)
        try:
            answer = super().answer(request, cancel)
            taken = answer.usage if answer.usage.prompt_tokens else most
        except (Cancelled, Unfinished):
            raise
        except AgentMemError:  # refused before it was read: not sent, or not accepted
            taken = Usage()
            raise
        finally:
            settle(taken)
        return answer


def at_most(request: Request) -> Usage:
    """The most that one answer can cost: tokenizers make no more tokens of a text than it has bytes."""
    texts = [message.content for message in request.messages]
    if request.json_schema is not None:
        texts.append(json.dumps(request.json_schema))
    prompt = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    prompt += PER_CALL + PER_MESSAGE * len(request.messages)
    return Usage(prompt_tokens=prompt, completion_tokens=request.max_tokens)
