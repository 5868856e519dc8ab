"""Memory beside the calls of somebody else's agent: recalled before a call, what was said observed after it.

Integrations turn the messages of their framework into events, and leave the rest to this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from agentmem.bank.spec import MemorySpec
from agentmem.filters import not_among
from agentmem.logs import fields, in_log, logger
from agentmem.records import Context, Event, Namespace, Query, Receipt
from agentmem.stores.offload import offloaded

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.stores.base import MemoryStore

log = logger(__name__)
T = TypeVar("T")

TOKENS_A_HIT, LEAST_HITS = 40, 10
"""So many tokens of a budget call for one hit more; so many are asked for in any case."""


class Remembering:
    """One session of one namespace's memory. What memory does wrong is logged and counted, and stops nothing.

    Args:
        bank: The bank.
        namespace: Whose memory it is.
        spec: The store that recalls.
        session: The session of what is observed.
        budget: Tokens of a context.
        strict: Let errors of memory reach the caller.
    """

    def __init__(
        self,
        bank: Bank,
        namespace: Namespace,
        spec: MemorySpec | str = "episodic",
        *,
        session: str = "",
        budget: int = 1_000,
        strict: bool = False,
    ) -> None:
        self.bank = bank
        self.namespace = namespace
        self.spec = spec
        self.session = session
        self.budget = budget
        self.strict = strict
        self.failures = 0

    def recall(self, question: str, visible: Collection[str] = ()) -> Context | None:
        """What memory shows for a question; none: it failed. Empty where nothing is relevant.

        Args:
            question: What is asked.
            visible: Ids of events that the model is shown anyway: they are not recalled beside it.
        """
        return self.tried("recall", lambda: self._recalled(question, visible))

    def observe(self, events: Sequence[Event]) -> list[Receipt]:
        """Keep what was said and done, on disk when this returns; the receipts, none where it failed.

        What has an id that is known already is kept once. Vectors are made in the background.
        """
        if not events:
            return []
        return self.tried("observe", lambda: self._observed(events)) or []

    arecall = offloaded(recall)
    aobserve = offloaded(observe)

    @property
    def memory(self) -> MemoryStore:
        """The store that recalls, and observes for all that are attached."""
        return self.bank.store(self.spec, self.namespace)

    def _recalled(self, question: str, visible: Collection[str]) -> Context:
        filter = not_among(visible) if visible else None
        query = Query(text=question, k=hits_for(self.budget), filter=filter)
        return self.memory.synthesize(query, self.budget)

    def _observed(self, events: Sequence[Event]) -> list[Receipt]:
        receipts = self.memory.observe(*events, embed=False)
        self.bank.embed_later()
        return receipts

    def tried(self, what: str, work: Callable[[], T]) -> T | None:
        """What `work` gives; none, where it fails and memory is not strict: that is logged and counted."""
        try:
            return work()
        except Exception as error:  # whatever it is, the agent it serves goes on
            if self.strict:
                raise
            self.failures += 1
            extra = {"operation": what, **fields(error)}
            log.warning("memory is left out: %s failed: %s", what, in_log(error), extra=extra)
            return None


def hits_for(budget: int) -> int:
    """How many hits are asked for to fill a budget of tokens."""
    return max(LEAST_HITS, budget // TOKENS_A_HIT)


_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def keepable(text: str, mark: str = "?") -> str:
    """`text` with a mark for each NUL and lone surrogate, which no bank keeps."""
    return _UNKEEPABLE.sub(mark, text)


def event_id(session: str, message: str) -> str:
    """The id of the event of a message that has an id of its own: the same whenever it comes again."""
    return f"{session}/{message}"


def chained(session: str, messages: Iterable[str]) -> list[str]:
    """Ids of the events of messages that have none, from all that was said up to each.

    The same history, sent again with one message more, gives the same ids and one more.

    Args:
        session: The session.
        messages: Each as text that says all of it, in order.
    """
    digest = sha256()
    ids = []
    for message in messages:
        digest.update(f"{len(message)}\n{message}".encode("utf-8", "surrogatepass"))
        ids.append(event_id(session, digest.hexdigest()[:32]))
    return ids
