"""The result of `agentmem bench scaling`: what was measured, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.config import Settings
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import load_average, provenance
from agentmem_bench.scaling.costs import costs_of
from agentmem_bench.scaling.forecast import Load, forecast, limits
from agentmem_bench.scaling.measure import Steps, measure
from agentmem_bench.scaling.simulation import RECALLS, simulate
from agentmem_bench.speed import banks, corpus, place

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.scaling/1"
SEED = 0
EMBEDDED = 512
"""Texts that the real embedder embeds."""
EXPONENTS = (0.8, 1.0, 1.2)
BANKS = (1, 4, 16, 64)


def run(
    url: str | None,
    load: Load,
    *,
    steps: Steps | None = None,
    embedder: Embedder | None = None,
    played: int = RECALLS,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Measure on SQLite, and on PostgreSQL where a URL is given; and compute what `load` takes.

    Args:
        url: An empty database on a server, which is filled; none: SQLite alone.
        load: What is asked.
        steps: What is written and asked.
        embedder: The real one; none: the one that the settings name.
        played: Recalls that are played through a cache.
        watch: Told how far it is.

    Raises:
        Conflict: the database on the server holds something.
    """
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(Settings())
    began, load_before = perf_counter(), load_average()
    places: list[Path | str] = [] if url is None else [url]
    with place.opened(None, embedder, SEED) as at, banks.scratch(at, "scaling.db") as (path,):
        rate = {"embedder": embedder.name, "texts": EMBEDDED, "per_s": _embedded(at, embedder)}
        measured = [measure(at, where, steps or Steps(), watch) for where in (path, *places)]
    told = [{**one, "embedding": rate} for one in measured]
    return {
        "schema": SCHEMA,
        "seconds": round(perf_counter() - began, 1),
        "load_before": load_before,
        "load": load.model_dump(),
        "databases": [{**one, "forecast": forecast_of(one, load)} for one in told],
        "simulated": simulated(told[0], load, played),
        **provenance(SEED),
    }


def _embedded(at: place.Place, embedder: Embedder) -> float:
    texts = [event.text for event in corpus.turns(at.real.texts, EMBEDDED, SEED)]
    embedder.embed(texts[:8])
    began = perf_counter()
    for first in range(0, EMBEDDED, 128):
        embedder.embed(texts[first : first + 128])
    return EMBEDDED / (perf_counter() - began)


def simulated(measured: dict[str, Any], load: Load, recalls: int = RECALLS) -> dict[str, Any]:
    """Caches of indexes of that size, played through."""
    return {
        "recalls": recalls,
        "caches": [one.model_dump() for one in simulate(costs_of(measured), load, SEED, recalls)],
    }


def forecast_of(measured: dict[str, Any], load: Load) -> dict[str, Any]:
    """What `load` takes by these figures, with other exponents, and over more banks."""
    costs = costs_of(measured)
    return {
        "costs": costs.model_dump(),
        "whole": forecast(costs, load).model_dump(),
        "limits": _limits(costs, load),
        "activity": [
            {
                "exponent": exponent,
                **forecast(costs, load.model_copy(update={"exponent": exponent})).model_dump(
                    include={"memory_for", "hits", "recalls"}
                ),
            }
            for exponent in EXPONENTS
        ],
        "banks": [_spread(costs, load.model_copy(update={"banks": count})) for count in BANKS],
    }


def _limits(costs: Any, load: Load) -> list[dict[str, Any]]:
    return [{**one.model_dump(), "times": one.times} for one in limits(costs, load)]


def _spread(costs: Any, load: Load) -> dict[str, Any]:
    told = forecast(costs, load)
    over: Sequence[dict[str, Any]] = [one for one in _limits(costs, load) if one["times"] > 1]
    return {
        "banks": load.banks,
        "bytes": told.bytes,
        "copy": told.copy_,
        "upgrade": told.upgrade,
        "recalls": told.recalls * load.banks,
        "writes": costs.most_writes * load.banks,
        "over": [one["name"] for one in over],
    }
