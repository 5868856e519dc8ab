"""What rows amount to: scores beside the judge's errors, as one JSON document without a word of the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np

from agentmem_bench.answering.contexts import MEMORIES
from agentmem_bench.answering.judging import accepted
from agentmem_bench.answering.rates import Judging, Share, judging_of
from agentmem_bench.answering.rows import Row, Trial
from agentmem_bench.bootstrap import interval
from agentmem_bench.paired import Paired

OURS = "recall"
"""The context that others are compared with."""
GROUPS = {"answerable": False, "abstention": True}
"""Questions that can be answered, and those that cannot: never in one figure."""


def summary(rows: Sequence[Row], trials: Sequence[Trial]) -> dict[str, Any]:
    """The judge's errors and all scores, of questions that can be answered and of the others apart."""
    told: dict[str, Any] = {}
    for name, abstention in GROUPS.items():
        asked = [row for row in rows if row.abstention is abstention]
        judging = judging_of([trial for trial in trials if trial.abstention is abstention])
        if asked:
            told[name] = {"judge": judging.told(), "memories": _memories(asked, judging)}
    return told


def paired(rows: Sequence[Row]) -> Paired:
    """By question, whether it was answered right from each context, and the F1 from what is recalled."""
    kept = Paired()
    for row in rows:
        group = next(name for name, abstention in GROUPS.items() if row.abstention is abstention)
        kept.note(f"right {row.memory}, {group}", [row.question], [_right(row)])
        if row.memory == OURS:
            kept.note(f"F1 {row.memory}, {group}", [row.question], [row.f1])
    return kept


def _memories(asked: Sequence[Row], judging: Judging) -> dict[str, Any]:
    by_memory = {name: [row for row in asked if row.memory == name] for name in MEMORIES}
    ahead = by_memory[OURS]
    told = {name: _scores(rows, judging) for name, rows in by_memory.items()}
    for name, rows in by_memory.items():
        if name != OURS:
            gain = np.array(
                [_right(one) - _right(other) for one, other in zip(ahead, rows, strict=True)], float
            )
            told[name]["recall_ahead"] = float(gain.mean())
            told[name]["recall_ahead_ci95"] = list(interval(gain))
    return told


def _scores(rows: Sequence[Row], judging: Judging) -> dict[str, Any]:
    """Scores over all questions: a failure is no right answer, and is counted apart."""
    verdicts = Counter(row.verdict for row in rows)
    right = sum(map(_right, rows))
    judged = len(rows) - verdicts["failed"]
    corrected = judging.corrected(right / judged) if judged else None
    share = Share(right, len(rows))
    return {
        "questions": len(rows),
        **{verdict: verdicts[verdict] for verdict in ("correct", "incorrect", "abstained", "failed")},
        "accuracy": share.rate,
        "accuracy_ci95": list(share.bounds or ()),
        "corrected": None if corrected is None else corrected * judged / len(rows),
        "f1": fmean(row.f1 for row in rows),
        "exact": fmean(row.exact for row in rows),
        "context_tokens_mean": fmean(row.tokens for row in rows),
        "context_tokens_max": max(row.tokens for row in rows),
        "prompt_tokens_mean": fmean(row.usage["answer"].prompt_tokens for row in rows),
        "seconds_mean": {
            step: fmean(row.seconds.get(step, 0.0) for row in rows) for step in ("context", "answer", "judge")
        },
        "categories": {
            category: _category([row for row in rows if row.category == category])
            for category in sorted({row.category for row in rows})
        },
    }


def _category(rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "questions": len(rows),
        "accuracy": fmean(map(_right, rows)),
        "f1": fmean(row.f1 for row in rows),
        "failed": sum(row.verdict == "failed" for row in rows),
    }


def _right(row: Row) -> int:
    return int(accepted(row.verdict, abstention=row.abstention))
