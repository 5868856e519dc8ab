"""The pipelines that are compared, the steps that are left out, and what a question comes to in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.errors import InvalidInput
from agentmem.retrieval.steps import STEPS

if TYPE_CHECKING:
    from agentmem.records import Query
    from agentmem.stores.base import MemoryStore
    from agentmem_bench.timed import TimedEmbedder

Changes = Mapping[str, Any]
"""Fields of a query beside its text, its time and k."""

PIPELINES: Mapping[str, Changes] = {
    "dense": {"steps": ("dense",), "floor": False},
    "bm25": {"steps": ("text",), "floor": False},
    "fused": {"steps": ("dense", "text"), "floor": False},
    "full": {},
}
"""The pipelines by name; `full` is what `recall` does when nothing is asked of it."""

ABLATIONS: Mapping[str, Changes] = {
    **{step: {"steps": tuple(name for name in STEPS if name != step)} for step in STEPS},
    "floor": {"floor": False},
}
"""`full` without one of its steps, by the step that is left out."""


@dataclass
class Run:
    """One pipeline on all questions.

    Attributes:
        ranked: Ids of turns of each question, best first.
        seconds: Of each recall, above the embedding of its question.
    """

    ranked: list[list[str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def known(names: Iterable[str]) -> None:
    """See to it that these are names of pipelines.

    Raises:
        InvalidInput: one is not.
    """
    for name in names:
        if name not in PIPELINES:
            raise InvalidInput(f"there is no pipeline {name!r}", f"there are: {', '.join(PIPELINES)}")


def ask(
    store: MemoryStore,
    query: Query,
    variants: Mapping[str, Changes],
    runs: Mapping[str, Run],
    timed: TimedEmbedder,
) -> None:
    """Ask `query` in each of the `runs`, changed as the variant of its name says, and note what came."""
    for name, run in runs.items():
        changed = query.model_copy(update=dict(variants[name]))
        began, embedding = perf_counter(), timed.seconds
        hits = store.recall(changed)
        run.seconds.append(perf_counter() - began - (timed.seconds - embedding))
        run.ranked.append(list(dict.fromkeys(source for hit in hits for source in hit.record.sources)))
