"""What is recalled: every turn an event, a namespace a conversation, every question a recall a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from agentmem.bank.bank import Bank
from agentmem.formats import Conversation
from agentmem.records import Query, spoken
from agentmem.synthesis import MiniLMTokens
from agentmem_bench.ingest import Ingested, remember
from agentmem_bench.locomo.data import Asked, Dataset, last_moment
from agentmem_bench.pipelines import ABLATIONS, PIPELINES, Run, ask
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.timed import TimedEmbedder

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder
    from agentmem.stores.base import MemoryStore

BUDGET = 1_000
"""Tokens of a context."""


@dataclass
class Contexts:
    """The context of each question: its tokens, those of its whole conversation, the turns it shows."""

    tokens: list[int] = field(default_factory=list)
    history: list[int] = field(default_factory=list)
    shown: list[list[str]] = field(default_factory=list)


@dataclass
class Measured:
    """All that was recalled.

    Attributes:
        embedder: Its name.
        pipelines: By name.
        ablations: By the step that was left out; none without the pipeline `full`.
        contexts: Of `full`.
        ingested: What it took to take in all turns.
        question_seconds: Of every embedding of a question.
    """

    embedder: str
    pipelines: dict[str, Run]
    ablations: dict[str, Run]
    contexts: Contexts = field(default_factory=Contexts)
    ingested: Ingested = field(default_factory=lambda: Ingested(0.0, 0.0))
    question_seconds: list[float] = field(default_factory=list)


def recall_all(
    data: Dataset,
    pipelines: Sequence[str],
    depth: int,
    embedder: Embedder,
    settings: Settings,
    watch: Watch = unwatched,
) -> Measured:
    """Fill a memory in a temporary folder and ask it everything, `depth` hits a question."""
    timed = TimedEmbedder(embedder)
    measured = Measured(
        embedder=timed.name,
        pipelines={name: Run() for name in pipelines},
        ablations={step: Run() for step in ABLATIONS} if "full" in pipelines else {},
    )
    with (
        TemporaryDirectory(prefix="agentmem-bench-") as folder,
        Bank(Path(folder) / "locomo.db", embedder=timed, settings=settings) as bank,
    ):
        stores = [
            bank.store("episodic", ("locomo", conversation.id or str(place)))
            for place, conversation in enumerate(data.conversations)
        ]
        measured.ingested = remember(bank, stores, data.conversations, watch)
        for store in stores:
            store.recall("build the indexes", floor=False)
        timed.calls.clear()
        moments = [last_moment(conversation) for conversation in data.conversations]
        histories = [_history_tokens(conversation) for conversation in data.conversations]
        for done, asked in enumerate(data.asked, 1):
            store, at = stores[asked.conversation], moments[asked.conversation]
            query = Query(text=asked.text, k=depth, at=at)
            ask(store, query, PIPELINES, measured.pipelines, timed)
            ask(store, query, ABLATIONS, measured.ablations, timed)
            if measured.ablations:
                _context(store, asked, at, histories[asked.conversation], measured.contexts)
            watch("asking", done, len(data.asked))
        measured.question_seconds = timed.calls
    return measured


def _context(store: MemoryStore, asked: Asked, at: datetime | None, history: int, contexts: Contexts) -> None:
    context = store.synthesize(Query(text=asked.text, at=at), budget=BUDGET)
    contexts.tokens.append(context.tokens)
    contexts.history.append(history)
    contexts.shown.append([source for item in context.items for source in item.sources])


def _history_tokens(conversation: Conversation) -> int:
    """Tokens of the whole conversation as `Speaker: text` lines: what a prompt without a memory holds."""
    return MiniLMTokens().count("\n".join(spoken(turn.actor, turn.text) for turn in conversation.turns))
