"""What is recalled: a memory a question, filled with its history, asked, and freed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from agentmem.bank.bank import Bank
from agentmem.records import Query
from agentmem_bench.ingest import remember
from agentmem_bench.longmemeval.data import History
from agentmem_bench.pipelines import ABLATIONS, PIPELINES, Run, ask
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.timed import TimedEmbedder

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder


@dataclass
class Measured:
    """All that was recalled.

    Attributes:
        embedder: Its name.
        pipelines: By name; what is ranked are turns.
        ablations: By the step that was left out; none without the pipeline `full`.
        append_seconds: To append all turns durably.
        embed_seconds: To embed them.
        question_seconds: Of every embedding of a question.
    """

    embedder: str
    pipelines: dict[str, Run]
    ablations: dict[str, Run]
    append_seconds: float = 0.0
    embed_seconds: float = 0.0
    question_seconds: list[float] = field(default_factory=list)


def recall_all(
    histories: Sequence[History],
    pipelines: Sequence[str],
    depth: int,
    embedder: Embedder,
    settings: Settings,
    watch: Watch = unwatched,
) -> Measured:
    """Ask every question of a memory of its own, `depth` hits each."""
    timed = TimedEmbedder(embedder)
    measured = Measured(
        embedder=timed.name,
        pipelines={name: Run() for name in pipelines},
        ablations={step: Run() for step in ABLATIONS} if "full" in pipelines else {},
    )
    for done, history in enumerate(histories, 1):
        _ask(history, depth, timed, settings, measured)
        watch("asking", done, len(histories))
    return measured


def _ask(history: History, depth: int, timed: TimedEmbedder, settings: Settings, measured: Measured) -> None:
    with (
        TemporaryDirectory(prefix="agentmem-bench-") as folder,
        Bank(Path(folder) / "history.db", embedder=timed, settings=settings) as bank,
    ):
        store = bank.store("episodic", ("history",))
        ingested = remember(bank, [store], [history.conversation()])
        measured.append_seconds += ingested.append_seconds
        measured.embed_seconds += ingested.embed_seconds
        store.recall("build the indexes", floor=False)
        timed.calls.clear()
        query = Query(text=history.entry.question, k=depth, at=history.at)
        ask(store, query, PIPELINES, measured.pipelines, timed)
        ask(store, query, ABLATIONS, measured.ablations, timed)
        measured.question_seconds += timed.calls
