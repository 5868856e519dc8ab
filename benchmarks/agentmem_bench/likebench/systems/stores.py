"""A memory of ours and an assistant that answers from what it brings."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

from agentmem.bank import Bank
from agentmem.bank.spec import MemorySpec
from agentmem.records import Event, Namespace, Trust
from agentmem_bench.likebench.probe.evidence import ASSISTANT
from agentmem_bench.likebench.systems.base import Answer, Answered, Reply, Said


class StoreSystem:
    """One store over one user's namespace.

    Args:
        bank: Where it is kept.
        namespace: The user's.
        spec: The store.
        budget: Tokens of a context.
        answer: What answers.
    """

    def __init__(
        self, bank: Bank, namespace: Namespace, spec: MemorySpec, budget: int, answer: Answer
    ) -> None:
        self._store = bank.store(spec, namespace)
        self._budget = budget
        self._answer = answer

    def reply(self, said: Said) -> Reply:
        """Answer from what is recalled for the message."""
        began = perf_counter()
        context = self._store.synthesize(said.message, budget=self._budget, at=said.at)
        middle = perf_counter()
        answered = self._answer(context.text, said.message)
        seconds = {"recall": middle - began, "answer": perf_counter() - middle}
        return Reply(
            answered.text, context.tokens, context.citations, seconds, answered.usage, answered.failure
        )

    def keep(self, said: Said, reply: str) -> None:
        """Observe both sides of an exchange."""
        session, id = f"session {said.session}", f"{said.session}-{said.turn}"
        self._store.observe(
            Event(id=f"{id}-user", text=said.message, actor="user", session=session, time=said.at),
            Event(
                id=f"{id}-assistant",
                text=reply,
                actor=ASSISTANT,
                session=session,
                time=said.at,
                trust=Trust.AGENT,
            ),
        )

    def remembers(self, question: str, at: datetime) -> Answered:
        """The context for the question."""
        return Answered(self._store.synthesize(question, budget=self._budget, at=at).text)

    def facts(self) -> int | None:
        """The live records of the store."""
        return len(self._store.select('state = "live"'))

    def close(self) -> None:
        """Nothing is its own: the bank is closed by who opened it."""
