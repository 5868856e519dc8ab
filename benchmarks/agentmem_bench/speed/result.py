"""The parts of the benchmark, run one after the other, as one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance
from agentmem_bench.speed import accuracy, bare, ingest, many, peers, place, recall, shell, write
from agentmem_bench.speed.figures import SHELL_RECORDS, figures

if TYPE_CHECKING:
    from pathlib import Path

    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.speed/1"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
INGESTED, NAMESPACES = 20_000, 10_000
SEED = 0
SMALLEST = 100
"""Fewest records of a size."""
PARTS = ("write", "recall", "accuracy", "peers", "namespaces", "ingest", "shell")


@dataclass(frozen=True)
class Plan:
    """What is measured.

    Attributes:
        sizes: Records of the banks.
        parts: Names out of `PARTS`; none: all.
        ingested: Texts of the bulk ingest.
        namespaces: How many small ones.
        shell_records: Records of the bank that the shell asks.
    """

    sizes: Sequence[int] = SIZES
    parts: Sequence[str] = PARTS
    ingested: int = INGESTED
    namespaces: int = NAMESPACES
    shell_records: int = SHELL_RECORDS


def measure(
    plan: Plan,
    *,
    keep: Path | None = None,
    embedder: Embedder | None = None,
    settings: Settings | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Run the parts of `plan`.

    Args:
        plan: What is measured.
        keep: A folder whose banks are used again; none: a temporary one.
        embedder: The real one; none: the one that the settings name.
        settings: Settings; none: those of the environment.
        watch: Told how far it is.

    Returns:
        The result as docs/benchmarks.md describes it.

    Raises:
        InvalidInput: an unknown part, or a size that is too small.
    """
    for name in plan.parts:
        if name not in PARTS:
            raise InvalidInput(f"there is no part {name!r}", f"there are: {', '.join(PARTS)}")
    sizes = sorted(set(plan.sizes))
    if not sizes or sizes[0] < SMALLEST:
        raise InvalidInput(f"a size of {sizes[0] if sizes else 0}", f"give sizes from {SMALLEST} on")
    settings = settings or Settings()
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(settings)
    result: dict[str, Any] = {"schema": SCHEMA, "embedder": embedder.name}
    with place.opened(keep, embedder, SEED) as at:
        result["data"] = {
            "synthetic": "texts and vectors made from the chat and the questions that agentmem ships",
            "fingerprint": at.fingerprint,
            "sizes": sizes,
        }
        result["seconds"] = {}
        for name, part in _parts(plan, sizes, at, embedder, settings, watch).items():
            if name in plan.parts:
                began = perf_counter()
                result[name] = part()
                result["seconds"][name] = round(perf_counter() - began, 1)
    result["figures"] = figures(result)
    told = provenance(SEED)
    return {**result, **told, "versions": {**told["versions"], "sqlite": bare.VERSION}}


def _parts(
    plan: Plan, sizes: list[int], at: place.Place, embedder: Embedder, settings: Settings, watch: Watch
) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "write": lambda: write.measure(at, watch),
        "recall": lambda: recall.measure(at, sizes, watch),
        "accuracy": lambda: accuracy.measure(at, sizes, watch),
        "peers": lambda: peers.measure(at, sizes, watch),
        "namespaces": lambda: many.measure(at, plan.namespaces, watch),
        "ingest": lambda: ingest.measure(
            at, plan.ingested, embedder, settings, watch, keep=plan.shell_records
        ),
        "shell": lambda: shell.measure(at, plan.shell_records, embedder, watch),
    }
