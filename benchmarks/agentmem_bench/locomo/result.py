"""What the recalls amount to: metrics with intervals, the ablation, tokens and time, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from agentmem.config import Settings
from agentmem.synthesis import MiniLMTokens
from agentmem_bench.bootstrap import DRAWS, LEVEL, SEED
from agentmem_bench.locomo.data import CATEGORIES, Asked, Dataset
from agentmem_bench.locomo.runs import BUDGET, Contexts, recall_all
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.paired import Paired
from agentmem_bench.pipelines import PIPELINES, Run, known
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance
from agentmem_bench.ranking import recall_at
from agentmem_bench.scores import MAIN, Scores, ablation, check, note_recalls, ranking_scores, summary

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.locomo/1"
DEPTH = 20
"""Hits of a question, at least: how deep the reciprocal rank looks, whichever k are reported."""


def measure(
    data: Dataset,
    *,
    ks: Sequence[int] = (5, 10, 20),
    pipelines: Sequence[str] = tuple(PIPELINES),
    embedder: Embedder | None = None,
    settings: Settings | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Run the benchmark.

    Args:
        data: Conversations and questions.
        ks: The k of recall@k; 10 is always among them.
        pipelines: Names out of `PIPELINES`; the ablation and the contexts belong to `full`.
        embedder: An embedder; none: the one that the settings name.
        settings: Settings; none: those of the environment.
        watch: Told how far it is.

    Returns:
        The result as docs/benchmarks.md describes it, but for what only the caller knows: `split`, the file.

    Raises:
        InvalidInput: an unknown pipeline, or a k under 1.
    """
    known(pipelines)
    check(ks)
    ks = sorted({*ks, MAIN})
    settings = settings or Settings()
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(settings)
    depth = max(DEPTH, *ks)
    measured = recall_all(data, list(dict.fromkeys(pipelines)), depth, embedder, settings, watch)
    scores = {name: scores_of(run, data.asked, ks) for name, run in measured.pipelines.items()}
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "data": _data(data),
        "embedder": measured.embedder,
        "depth": depth,
        "pipelines": {name: _pipeline(scores[name], run, data) for name, run in measured.pipelines.items()},
        "ingest": {
            "append_s": round(measured.ingested.append_seconds, 3),
            "embed_s": round(measured.ingested.embed_seconds, 3),
        },
        "embedding_ms": milliseconds(measured.question_seconds),
    }
    if measured.ablations:
        result["ablation"] = {
            step: ablation(step, scores["full"], scores_of(run, data.asked, ks))
            for step, run in measured.ablations.items()
        }
        result["context"] = _context(measured.contexts, data.asked)
    result["bootstrap"] = {"draws": DRAWS, "level": LEVEL, "method": "percentile, over questions"}
    paired = Paired()
    note_recalls(paired, [question.id for question in data.asked], scores)
    return {**result, **provenance(SEED), "paired": paired.told()}


def scores_of(run: Run, asked: Sequence[Asked], ks: Sequence[int]) -> Scores:
    """Every metric of every question."""
    return ranking_scores(run.ranked, [question.evidence for question in asked], ks)


def _data(data: Dataset) -> dict[str, Any]:
    return {
        "conversations": len(data.conversations),
        "turns": sum(len(conversation.turns) for conversation in data.conversations),
        "questions": len(data.asked),
        "evidence_missing": data.missing,
        "left_out": data.left_out,
        "warnings": list(data.warnings),
    }


def _pipeline(scores: Scores, run: Run, data: Dataset) -> dict[str, Any]:
    categories = np.array([question.category for question in data.asked])
    conversations = np.array([question.conversation for question in data.asked])
    return {
        "overall": summary(scores, np.ones(len(categories), bool), every_interval=True),
        "categories": {
            str(category): summary(scores, categories == category)
            for category in CATEGORIES
            if (categories == category).any()
        },
        "conversations": {
            conversation.id or str(place): summary(scores, conversations == place)
            for place, conversation in enumerate(data.conversations)
            if (conversations == place).any()
        },
        "nothing": sum(1 for ranked in run.ranked if not ranked),
        "ms": milliseconds(run.seconds),
    }


def _context(contexts: Contexts, asked: Sequence[Asked]) -> dict[str, Any]:
    shown = [
        recall_at(len(ids), ids, question.evidence)
        for ids, question in zip(contexts.shown, asked, strict=True)
    ]
    return {
        "budget": BUDGET,
        "tokens_mean": fmean(contexts.tokens),
        "tokens_max": max(contexts.tokens),
        "full_history_tokens_mean": fmean(contexts.history),
        "evidence_shown": fmean(shown),
        "tokenizer": MiniLMTokens.name,
    }
