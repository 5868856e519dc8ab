"""The tools of memory: remember, recall, context, correct, forget, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.mcpserver.tools import Tool

from agentmem.agents.tools import NOTHING, MemoryTools, uncited
from agentmem.bank.spec import MemorySpec
from agentmem.fence import fence
from agentmem.records import Namespace, Version
from agentmem.synthesis.render import citation, inline, stamp
from agentmem_mcp.arguments import Budget, Entity, Id, K, Key, MaybeQuestion, Question, Text, Why
from agentmem_mcp.offering import Effect, offered

if TYPE_CHECKING:
    from agentmem.bank import Bank

LONGEST_HISTORY = 50
"""Versions that a history shows, the newest."""
LONGEST_WORDING = 1_000
"""Characters of each."""


class MemoryCalls:
    """What a client may ask of one namespace's memory. All answers are text; what is recalled is fenced.

    Args:
        bank: The bank.
        namespace: Whose memory it is.
        spec: The store that recalls.
    """

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | str) -> None:
        self._tools = MemoryTools(bank, namespace, spec)
        self._memory = bank.store(spec, namespace)

    def offered(self) -> list[Tool]:
        """All of it as tools."""
        return [
            offered(self.remember, Effect.ADDS, MemoryTools.remember),
            offered(self.recall, Effect.READS, MemoryTools.recall),
            offered(self.context, Effect.READS),
            offered(self.correct, Effect.CHANGES, MemoryTools.correct),
            offered(self.forget, Effect.DELETES, MemoryTools.forget),
            offered(self.history, Effect.READS),
        ]

    def remember(self, text: Text, key: Key = "") -> str:
        """See `MemoryTools.remember`."""
        return self._tools.remember(text, key)

    def recall(self, question: Question, k: K = 10, entity: Entity = "") -> str:
        """See `MemoryTools.recall`."""
        return self._tools.recall(question, k, entity)

    def context(self, question: MaybeQuestion = "", budget: Budget = 1_000, entity: Entity = "") -> str:
        """Get what memory knows for a question as one text within a budget of tokens, to work from."""
        return self._memory.synthesize(question, budget, entity=entity or None).text or NOTHING

    def correct(self, id: Id, text: Text, why: Why = "") -> str:
        """See `MemoryTools.correct`."""
        return self._tools.correct(id, text, why)

    def forget(self, id: Id) -> str:
        """See `MemoryTools.forget`."""
        return self._tools.forget(id)

    def history(self, id: Id) -> str:
        """See what a memory said before, what replaced it, when, and why; the oldest first."""
        versions = self._memory.history(uncited(id))
        lines = [_line(version) for version in versions[-LONGEST_HISTORY:]]
        if len(versions) > len(lines):
            lines.insert(0, f"({len(versions) - len(lines)} older versions are left out)")
        return fence("\n".join(lines))


def _line(version: Version) -> str:
    record = version.record
    text = inline(record.text)
    said = text if len(text) <= LONGEST_WORDING else f"{text[:LONGEST_WORDING]}…"
    why = f" (why: {inline(version.why)})" if version.why else ""
    when = stamp(version.recorded_at)
    return f"{citation(record)} {when} {version.operation}, {record.state.value}: {said}{why}"
