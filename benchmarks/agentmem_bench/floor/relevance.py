"""The best relevance of a question: what the pipeline compares with the floor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.bank import Bank
from agentmem.records import Query
from agentmem.retrieval import steps, table
from agentmem.retrieval.policy import RetrievalPolicy
from agentmem.retrieval.question import take_apart
from agentmem_bench.ingest import remember
from agentmem_bench.progress import Watch

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder
    from agentmem.formats import Conversation
    from agentmem.stores.base import MemoryStore

FIELD = "text"


def relevances(
    conversations: Sequence[Conversation],
    questions: Sequence[tuple[int, str]],
    policies: Sequence[RetrievalPolicy],
    embedder: Embedder,
    settings: Settings,
    watch: Watch,
) -> NDArray[np.float64]:
    """The best relevance of each question, a conversation's place and a text, by each policy.

    Returns:
        Shape (questions, policies).
    """
    with (
        TemporaryDirectory(prefix="agentmem-bench-") as folder,
        Bank(Path(folder) / "floor.db", embedder=embedder, settings=settings) as bank,
    ):
        stores = [bank.store("episodic", ("floor", str(place))) for place in range(len(conversations))]
        remember(bank, stores, conversations, watch)
        found = []
        for done, (place, text) in enumerate(questions, 1):
            found.append(best(stores[place], text, policies))
            watch("asking", done, len(questions))
    return np.array(found).reshape(len(questions), len(policies))


def best(store: MemoryStore, text: str, policies: Sequence[RetrievalPolicy]) -> list[float]:
    """The best relevance of any candidate for a question, by each policy; -inf without candidates."""
    view = store.view(Query(text=text))
    shelf = view.shelf()
    with shelf.lock:
        index = shelf.fields[FIELD]
        question = take_apart(text, dict(enumerate(shelf.actors.names)))
        known, every = shelf.visible_ever(view.seq), np.ones(len(shelf), np.bool_)
        vector = view.embed(question.topic)
        candidates = table.build(question, vector, shelf, index, every, known, policies[0])
        scores = [steps.relevance(candidates, policy)[candidates.answers] for policy in policies]
    return [float(score.max(initial=-np.inf)) for score in scores]
