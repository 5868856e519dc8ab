"""A conversation with a model that has a memory: recall, ask, keep what was said."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentmem.errors import AgentMemError, Cancelled
from agentmem.filters import Filter, not_among
from agentmem.models import Cancellation, Message, Usage, assistant, system, user
from agentmem.prompts import render
from agentmem.records import Context, Event, Hit, Receipt, Trust
from agentmem.synthesis import MiniLMTokens

if TYPE_CHECKING:
    from agentmem.models import ChatModel, Completion
    from agentmem.stores import MemoryStore

RECENT = 8
"""Exchanges of this conversation that a model is shown at most, word by word."""


@dataclass(frozen=True)
class Turn:
    """What was said, and what became of it.

    Attributes:
        said: By the user.
        answer: By the model; empty where it gave none.
        failure: Why it gave none.
        context: What it was shown of memory.
        hits: The records of that context, with their scores.
        receipts: Of the events that were kept: what the user said, and the answer.
        usage: What the answer cost.
    """

    said: str
    answer: str
    failure: AgentMemError | None
    context: Context
    hits: tuple[Hit, ...]
    receipts: tuple[Receipt, ...]
    usage: Usage


class Conversation:
    """One session: each turn is answered from memory, and kept in it.

    What is shown word by word, the newest exchanges of the session, is not recalled beside it. Both, recent
    exchanges and recalled context, stay within the budget each.

    Args:
        memory: Where is recalled, and what is said is kept.
        model: Who answers.
        session: The session's id.
        budget: Tokens of the context, and of the recent exchanges.
        max_tokens: Tokens of an answer.
    """

    def __init__(
        self, memory: MemoryStore, model: ChatModel, session: str, *, budget: int, max_tokens: int
    ) -> None:
        self.memory = memory
        self.model = model
        self.session = session
        self.budget = budget
        self.max_tokens = max_tokens
        self._recent: deque[tuple[str, str]] = deque(maxlen=RECENT)
        self._shown: deque[tuple[str, ...]] = deque(maxlen=RECENT)
        self._counter = MiniLMTokens()

    def say(self, text: str) -> Turn:
        """Answer `text`. It is kept before the model is asked, so whatever the model does loses nothing.

        Raises:
            InvalidInput: `text` cannot be kept.
        """
        recent = self._fitting()
        query: dict[str, Any] = {"filter": self._not_shown(len(recent))}
        context = self.memory.synthesize(text, self.budget, **query)
        shown = {item.id for item in context.items}
        hits = tuple(hit for hit in self.memory.recall(text, **query) if hit.id in shown)
        receipts = [self._keep("user", Trust.USER, text)]
        try:
            completion = self._ask(context, recent, text)
        except AgentMemError as error:
            return Turn(text, "", error, context, hits, tuple(receipts), Usage(calls=0))
        answer = completion.text.strip()
        if answer:
            receipts.append(self._keep("assistant", Trust.AGENT, answer))
            self._recent.append((text, answer))
            self._shown.append(tuple(receipt.event_id for receipt in receipts))
        return Turn(text, answer, None, context, hits, tuple(receipts), completion.usage)

    def _ask(self, context: Context, recent: Sequence[tuple[str, str]], text: str) -> Completion[Any]:
        today = f"{self.memory.bank.clock():%Y-%m-%d}"
        messages: list[Message] = [system(render(__package__, "chat", today=today, context=context.text))]
        for said, answer in recent:
            messages += [user(said), assistant(answer)]
        messages.append(user(text))
        cancel = Cancellation()
        # In a thread, so that an interruption finds this one waiting, whatever the model is busy with.
        with ThreadPoolExecutor(1, "agentmem-chat") as thread:
            call: Future[Completion[Any]] = thread.submit(
                self.model.complete, messages, max_tokens=self.max_tokens, cancel=cancel
            )
            try:
                return call.result()
            except KeyboardInterrupt:
                cancel.cancel()
                raise Cancelled("the answer was cancelled") from None

    def _fitting(self) -> list[tuple[str, str]]:
        """The newest exchanges that fit the budget, the oldest first."""
        fitting: list[tuple[str, str]] = []
        left = self.budget
        for exchange in reversed(self._recent):
            left -= sum(map(self._counter.count, exchange))
            if left < 0:
                break
            fitting.append(exchange)
        return fitting[::-1]

    def _not_shown(self, exchanges: int) -> Filter | None:
        ids = [id for shown in list(self._shown)[len(self._shown) - exchanges :] for id in shown]
        return not_among(ids) if ids else None

    def _keep(self, actor: str, trust: Trust, text: str) -> Receipt:
        event = Event(type="message", actor=actor, trust=trust, session=self.session, text=text)
        return self.memory.observe(event, wait=False)[0]
