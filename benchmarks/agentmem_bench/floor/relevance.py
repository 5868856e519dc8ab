"""The best relevance of a question: what the pipeline compares with the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.bank import Bank
from agentmem.records import Query
from agentmem.retrieval import steps, table
from agentmem.retrieval.policy import DEFAULT
from agentmem.retrieval.question import take_apart
from agentmem_bench.ingest import remember
from agentmem_bench.progress import Watch

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder
    from agentmem.formats import Conversation
    from agentmem.stores.base import MemoryStore

FIELD = "text"


@dataclass(frozen=True)
class Asked:
    """A question to one of several memories.

    Attributes:
        memory: The place of the memory among those that are given.
        text: The question.
        question: Tells apart questions; the same one may be asked of several memories.
        answerable: Whether the memory holds its answer.
    """

    memory: int
    text: str
    question: int
    answerable: bool


def relevances(
    memories: Sequence[Conversation],
    asked: Sequence[Asked],
    weights: Sequence[float],
    embedder: Embedder,
    settings: Settings,
    watch: Watch,
) -> NDArray[np.float64]:
    """The best relevance of each question by each weight of the cosine, shape (asked, weights)."""
    with (
        TemporaryDirectory(prefix="agentmem-bench-") as folder,
        Bank(Path(folder) / "floor.db", embedder=embedder, settings=settings) as bank,
    ):
        stores = [bank.store("episodic", ("floor", str(place))) for place in range(len(memories))]
        remember(bank, stores, memories, watch)
        found = np.zeros((len(asked), len(weights)))
        for place, each in enumerate(asked):
            found[place] = best(stores[each.memory], each.text, weights)
            watch("asking", place + 1, len(asked))
    return found


def best(store: MemoryStore, text: str, weights: Sequence[float]) -> list[float]:
    """The best relevance of any candidate, by each weight of the cosine; 0 without candidates."""
    view = store.view(Query(text=text))
    shelf = view.shelf()
    with shelf.lock:
        index = shelf.fields[FIELD]
        question = take_apart(text, shelf.actors.sharing(text))
        known, every = shelf.visible_ever(view.seen), np.ones(len(shelf), np.bool_)
        vector = view.embed(question.topic)
        candidates = table.build(question, vector, shelf, index, every, known, DEFAULT)
        policies = [DEFAULT.model_copy(update={"floor_cosine": weight}) for weight in weights]
        scores = [steps.relevance(candidates, policy)[candidates.answers] for policy in policies]
    return [float(score.max(initial=0.0)) for score in scores]
