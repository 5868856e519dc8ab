"""What the trials amount to: recall, what fits a budget, time, size and loss, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from agentmem.config import Settings, network_gate
from agentmem.errors import InvalidInput
from agentmem.synthesis import MiniLMTokens
from agentmem_bench import fresh
from agentmem_bench.bootstrap import DRAWS, LEVEL, SEED, interval
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.paired import Paired
from agentmem_bench.peers.data import Asked, read
from agentmem_bench.peers.systems.known import KINDS, chosen
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import load_average, provenance, sha256
from agentmem_bench.ranking import recall_at
from agentmem_bench.scores import MAIN, check, note_recalls, ranking_scores, summary

SCHEMA = "agentmem.bench.peers/1"
SERVED = "openai:"
"""How the name of a model begins that a server answers for."""


def measure(
    file: Path,
    *,
    systems: Sequence[str] | None = None,
    ks: Sequence[int] = (5, 10, 20),
    budget: int = 1_000,
    limit: int | None = None,
    model: str | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Run the comparison, each memory in a process of its own, with the settings of the environment.

    Args:
        file: LoCoMo or LongMemEval JSON.
        systems: Names out of `KINDS`; none: all that can run here.
        ks: The k of recall@k; 10 is always among them, and the largest is what is asked for.
        budget: Tokens of what is shown.
        limit: How many conversations; none: all.
        model: `openai:MODEL`, for those that need a model; none: the one of the settings.
        watch: Told how far it is.

    Returns:
        The result as docs/benchmarks.md describes it, but for `split`.

    Raises:
        InvalidInput: an unknown memory, a k under 1, a model that no server answers for.
        Unavailable: a memory that is asked for is not installed.
        NetworkForbidden: a model is to be asked, and the network is off.
        NotFound: there is no such file.
        FormatError: it is not as its format says.
    """
    check(ks)
    ks = sorted({*ks, MAIN})
    served = _served(model)
    run, not_run = chosen(systems, served)
    talks = read(file, limit)
    asked = [one for talk in talks for one in talk.asked]
    turns = sum(len(talk.turns) for talk in talks)
    given = {"data": str(file), "limit": limit, "depth": max(ks), "budget": budget, "model": served}
    told: dict[str, Any] = {}
    paired = Paired()
    embedder, load = "", [load_average()]
    for done, name in enumerate(run):
        watch("memories", done, len(run))
        try:
            taken = fresh.ask(f"{__package__}.probe", {**given, "system": name})
        except fresh.Failed as error:
            not_run[name] = f"it failed: {error}"
            continue
        embedder = taken["embedder"]
        told[name] = _told(name, taken, asked, ks, turns, paired)
        load.append(load_average())
    watch("memories", len(run), len(run))
    return {
        "schema": SCHEMA,
        "data": {
            "file": file.name,
            "sha256": sha256(file),
            "limit": limit,
            "conversations": len(talks),
            "turns": turns,
            "questions": len(asked),
        },
        "embedder": embedder,
        "depth": max(ks),
        "budget": {"tokens": budget, "tokenizer": MiniLMTokens.name},
        "model": served,
        "systems": told,
        "not_run": not_run,
        "bootstrap": {"draws": DRAWS, "level": LEVEL, "method": "percentile, over questions"},
        "load": load,
        **provenance(SEED),
        "paired": paired.told(),
    }


def _served(model: str | None) -> str | None:
    """The model's name at its server; none: no model."""
    settings = Settings()
    name = model or settings.model
    if name is None or (model is None and not (name.startswith(SERVED) and settings.network)):
        return None
    served = name.removeprefix(SERVED)
    if served in {name, ""}:
        raise InvalidInput(
            f"--model {name!r} is no server's", "write openai:MODEL, any OpenAI-compatible one"
        )
    network_gate(settings, f"the model {name}")
    return served


def _told(
    name: str, taken: dict[str, Any], asked: Sequence[Asked], ks: Sequence[int], turns: int, paired: Paired
) -> dict[str, Any]:
    evidence = [one.evidence for one in asked]
    scores = ranking_scores(taken["ranked"], evidence, ks)
    within = np.array(
        [recall_at(len(ids), ids, of) for ids, of in zip(taken["shown"], evidence, strict=True)]
    )
    units = [one.id for one in asked]
    note_recalls(paired, units, {name: scores}, every=None)
    categories = np.array([one.category for one in asked])
    kind = KINDS[name]
    return {
        "about": kind.about,
        "versions": kind.versions,
        "overall": summary(scores, np.ones(len(asked), bool), every_interval=True),
        "categories": {
            category: summary(scores, categories == category) for category in sorted(set(categories.tolist()))
        },
        "within_budget": {
            "evidence": float(within.mean()),
            "evidence_ci95": list(interval(within)),
            "tokens_mean": fmean(taken["tokens"]),
            "tokens_max": max(taken["tokens"]),
        },
        "nothing": sum(1 for ids in taken["ranked"] if not ids),
        "write_ms": milliseconds(taken["write_seconds"]),
        "recall_ms": milliseconds(taken["search_seconds"]),
        "embeddings_per_write": round(taken["write_embeddings"] / turns, 2),
        "embeddings_per_recall": round(taken["search_embeddings"] / len(asked), 2),
        "model": taken["usage"],
        "bytes": taken["bytes"] if kind.on_disk else None,
        "turns": {"written": turns, **{what: taken[what] for what in ("verbatim", "altered", "lost")}},
        "called_out": taken["called_out"],
    }
