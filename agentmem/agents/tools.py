"""What an agent that manages its memory itself may do with it: the tools behind LangChain's and MCP's.

Each takes and gives plain text. The docstrings of the methods tell a model what the tools are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentmem.bank.spec import MemorySpec
from agentmem.errors import AgentMemError
from agentmem.records import SUPERSEDES, Event, Namespace, Receipt, Trust
from agentmem.stores.offload import offloaded
from agentmem.synthesis.pack import pack
from agentmem.synthesis.policy import PackPolicy

if TYPE_CHECKING:
    from agentmem.bank import Bank

NOTHING = "Nothing relevant is remembered."
SHOWN = PackPolicy(order="ranked", show_label=False, show_ids=True)
"""How a recall is shown: with the ids that `correct` and `forget` take."""
MOST = 100
"""Hits of a recall at most."""
NAMES = ("remember", "recall", "correct", "forget")


class MemoryTools:
    """Tools over one namespace's memory.

    Args:
        bank: The bank.
        namespace: Whose memory it is.
        spec: The store that recalls.
        trust: How much what the agent says through them is trusted.
        budget: Tokens of what a recall shows.
        session: The session of what is remembered.
    """

    def __init__(
        self,
        bank: Bank,
        namespace: Namespace,
        spec: MemorySpec | str = "episodic",
        *,
        trust: Trust = Trust.AGENT,
        budget: int = 1_000,
        session: str = "",
    ) -> None:
        self._bank = bank
        self._namespace = namespace
        self._memory = bank.store(spec, namespace)
        self._trust = trust
        self._budget = budget
        self._session = session

    def remember(self, text: str, key: str = "") -> str:
        """Keep a fact for later conversations.

        Args:
            text: What is to be remembered, as a sentence that can be understood by itself.
            key: A short name of what the fact is about; the same name again replaces the fact.
        """
        if key:
            receipt = self._memory.put(key, text, trust=self._trust)
        else:
            event = Event(type="note", actor="agent", trust=self._trust, session=self._session, text=text)
            receipt = self._memory.observe(event)[0]
        return _told(receipt, f"Remembered as {key!r}." if key else f"Remembered as {receipt.event_id}.")

    def recall(self, question: str, k: int = 10, entity: str = "") -> str:
        """Look up what is remembered.

        Args:
            question: What is to be known.
            k: How many memories at most, up to 100.
            entity: Only what tells of this person, place or thing, where these are gathered; left out: all.
        """
        hits = self._memory.recall(question, k=min(max(k, 1), MOST), entity=entity or None)
        context = pack(hits, self._budget, policy=SHOWN)
        return context.text or NOTHING

    def correct(self, id: str, text: str, why: str = "") -> str:
        """Replace what a memory says. The old wording stays in its history.

        Args:
            id: The id of the memory, as `recall` shows it.
            text: What is right.
            why: The reason.
        """
        receipt = self._memory.correct(uncited(id), text, why, actor="agent", trust=self._trust)
        record = self._memory.get([uncited(id)])
        if record and record[0].state == "live":
            return _told(receipt, "Kept beside the old memory, which is trusted more: both are shown.")
        return _told(receipt, "Corrected.")

    def forget(self, id: str) -> str:
        """Delete a memory for good, with all that it once said, where the user asks for it.

        Args:
            id: The id of the memory, as `recall` shows it.
        """
        view = self._bank.view(self._namespace, store=self._memory.shelf)
        report = self._bank.forget(self._namespace, records=view.reach([uncited(id)], SUPERSEDES))
        n = len(report.events) + len(report.operations)
        return f"Forgotten, with the {n} events that it came from." if n > 1 else "Forgotten."

    aremember = offloaded(remember)
    arecall = offloaded(recall)
    acorrect = offloaded(correct)
    aforget = offloaded(forget)


def told(error: AgentMemError) -> str:
    """An error of memory as a tool answers it: what is wrong, and the remedy."""
    return f"Error: {error}"


def _told(receipt: Receipt, done: str) -> str:
    return done if receipt.status in ("stored", "duplicate") else f"Not kept: it {receipt.reason}."


def uncited(id: str) -> str:
    """The id of a citation `id@version`."""
    return id.strip().rpartition("@")[0] or id.strip()
