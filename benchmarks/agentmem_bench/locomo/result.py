"""What the recalls amount to: metrics with intervals, the ablation, tokens and time, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem.synthesis import MiniLMTokens
from agentmem_bench.bootstrap import DRAWS, LEVEL, SEED, interval
from agentmem_bench.locomo.data import CATEGORIES, Asked, Dataset
from agentmem_bench.locomo.runs import BUDGET, PIPELINES, Contexts, Run, recall_all
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance
from agentmem_bench.ranking import ndcg_at, recall_at, reciprocal_rank

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.locomo/1"
DEPTH = 20
"""Hits of a question, at least: how deep the reciprocal rank looks, whichever k are reported."""
MAIN = 10
"""The k of the ablation, and of nDCG."""
MAIN_RECALL = f"recall@{MAIN}"

Scores = dict[str, NDArray[np.float64]]
"""By metric, one value a question."""


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
    for name in pipelines:
        if name not in PIPELINES:
            raise InvalidInput(f"there is no pipeline {name!r}", f"there are: {', '.join(PIPELINES)}")
    if min(ks, default=MAIN) < 1:
        raise InvalidInput(f"k is {min(ks)}", "give numbers from 1 on: --k 5,10,20")
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
            step: _ablation(step, scores["full"], scores_of(run, data.asked, ks))
            for step, run in measured.ablations.items()
        }
        result["context"] = _context(measured.contexts, data.asked)
    result["bootstrap"] = {"draws": DRAWS, "level": LEVEL, "method": "percentile, over questions"}
    return {**result, **provenance(SEED)}


def scores_of(run: Run, asked: Sequence[Asked], ks: Sequence[int]) -> Scores:
    """Every metric of every question."""
    pairs = [(ranked, question.evidence) for ranked, question in zip(run.ranked, asked, strict=True)]
    found = {f"recall@{k}": [recall_at(k, *pair) for pair in pairs] for k in ks}
    found["mrr"] = [reciprocal_rank(*pair) for pair in pairs]
    found[f"ndcg@{MAIN}"] = [ndcg_at(MAIN, *pair) for pair in pairs]
    return {name: np.array(values) for name, values in found.items()}


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
        "overall": _summary(scores, np.ones(len(categories), bool), every_interval=True),
        "categories": {
            str(category): _summary(scores, categories == category)
            for category in CATEGORIES
            if (categories == category).any()
        },
        "conversations": {
            conversation.id or str(place): _summary(scores, conversations == place)
            for place, conversation in enumerate(data.conversations)
            if (conversations == place).any()
        },
        "nothing": sum(1 for ranked in run.ranked if not ranked),
        "ms": milliseconds(run.seconds),
    }


def _summary(scores: Scores, of: NDArray[np.bool_], *, every_interval: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {"questions": int(of.sum())}
    for name, values in scores.items():
        told[name] = float(values[of].mean())
        if every_interval or name == MAIN_RECALL:
            told[f"{name}_ci95"] = list(interval(values[of]))
    return told


def _ablation(step: str, full: Scores, without: Scores) -> dict[str, Any]:
    """What leaving out a step costs in recall; the interval is that of the paired differences."""
    loss = full[MAIN_RECALL] - without[MAIN_RECALL]
    mean = float(loss.mean())
    low, high = interval(loss)
    if not loss.any():
        says = f"leaving out {step} changes no {MAIN_RECALL} here"
    elif low > 0:
        says = f"leaving out {step} costs {mean:.3f}"
    elif high < 0:
        says = f"leaving out {step} does not hurt: it gains {-mean:.3f}"
    else:
        says = f"leaving out {step} does not hurt measurably"
    return {
        MAIN_RECALL: float(without[MAIN_RECALL].mean()),
        "loss": mean,
        "loss_ci95": [low, high],
        "questions_changed": int(np.count_nonzero(loss)),
        "says": says,
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
