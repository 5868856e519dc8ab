"""The memories that are compared: what each shows a model within the same budget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from agentmem.bank.bank import Bank
from agentmem.records import Context, Query
from agentmem.stores.base import MemoryStore
from agentmem_bench.answering.cases import Case, Question
from agentmem_bench.ingest import remember

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder

MEMORIES = {
    "recall": "what agentmem recalls for the question",
    "truncated": "the newest turns of the full history",
    "none": "no context at all",
}
"""Where contexts come from, by name; the last two are baselines that are allowed to win."""
HITS = 100
"""Of a recall: more than a budget of thousands of tokens holds, so that the budget decides."""


@dataclass(frozen=True)
class Shown:
    """What a model is shown: the text, its tokens, `id@version` of every record in it."""

    text: str = ""
    tokens: int = 0
    citations: tuple[str, ...] = ()


class Memory:
    """The memory of one conversation, asked for contexts."""

    def __init__(self, case: Case, budget: int, recalled: MemoryStore, truncated: MemoryStore) -> None:
        self._case = case
        self._budget = budget
        self._recalled = recalled
        self._truncated = truncated
        self._newest: Shown | None = None

    def show(self, name: str, question: Question) -> Shown:
        """The context of a question from the memory `name`."""
        if name == "none":
            return Shown()
        if name == "recall":
            asked = Query(text=question.text, at=self._case.at, k=HITS)
            return _shown(self._recalled.synthesize(asked, self._budget))
        if self._newest is None:  # the same for all questions
            self._newest = _shown(self._truncated.synthesize(Query(at=self._case.at), self._budget))
        return self._newest


@contextmanager
def memory_of(case: Case, budget: int, embedder: Embedder, settings: Settings) -> Iterator[Memory]:
    """Fill a memory with a conversation, in a temporary folder; all of it is gone afterwards."""
    with (
        TemporaryDirectory(prefix="agentmem-bench-") as folder,
        Bank(Path(folder) / "answers.db", embedder=embedder, settings=settings) as bank,
    ):
        recalled = bank.store("episodic", ("answers",))
        remember(bank, [recalled], [case.conversation()])
        yield Memory(case, budget, recalled, bank.store("truncated", ("answers",)))


def _shown(context: Context) -> Shown:
    return Shown(context.text, context.tokens, context.citations)
