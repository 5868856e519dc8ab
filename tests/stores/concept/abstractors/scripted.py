"""A model of somebody else's, which reads its answers from a list, and what tests of write policies share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from agentmem.bank import Bank, MemorySpec
from agentmem.models.base import Answer, ChatModel, Request, Usage
from agentmem.stores.concept.operations import Refuse, operation_of
from agentmem.stores.concept.store import ConceptMemory


class Reading(ChatModel):
    """Gives the answers of a list, and the last one again; of what is no text, the JSON."""

    name = "reading"

    def __init__(self, answers: Iterable[Any], window: int = 8_192) -> None:
        self.window = window
        self.answers = [one if isinstance(one, str) else json.dumps(one) for one in answers]
        self.asked: list[Request] = []

    def answer(self, request, cancel) -> Answer:
        self.asked.append(request)
        place = min(len(self.asked), len(self.answers)) - 1
        return Answer(text=self.answers[place], usage=Usage(prompt_tokens=40, completion_tokens=2))

    @property
    def prompts(self) -> list[str]:
        """What it was asked, the last message of each."""
        return [request.messages[-1].content for request in self.asked]


def memory(
    open_bank: Callable[..., Bank], model: ChatModel, abstractor: str, **options: Any
) -> ConceptMemory:
    """A concept memory that this model writes."""
    bank = open_bank(f"{len(str(model.name))}-{id(model)}.db", model=model)
    return bank.store(MemorySpec(store="concept", options={"abstractor": abstractor, **options}))


def done(store: ConceptMemory) -> list[Any]:
    """The operations that were carried out, oldest first, less those that methods made."""
    found = []
    for event in reversed(store.bank.view(store.namespace, store=store.shelf).operations()):
        operation = operation_of(event)
        if operation is not None and event.caused_by:
            found.append(operation)
    return found


def refusals(store: ConceptMemory) -> list[tuple[str, str]]:
    """Gate and title of what was refused, newest first."""
    return [(refuse.gate, refuse.title) for refuse, _ in store.refusals()]


def is_sound(store: ConceptMemory) -> bool:
    """Whether the bank verifies, and nothing waits or failed."""
    assert store.bank.verify() == []
    assert store.bank.pending() == []
    return True


def only_refusals(store: ConceptMemory) -> bool:
    """Whether all that came of answers are refusals."""
    return all(isinstance(one, Refuse) for one in done(store))
