"""Rankings as figures: recall and the like, on all and on the tail, lift over popularity, hubness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from agentmem_bench.bootstrap import interval
from agentmem_bench.concepts.leave_one_out import SINGLE, Answers
from agentmem_bench.paired import Paired
from agentmem_bench.scores import MAIN, MAIN_RECALL, Scores, note_recalls, ranking_scores, summary

KS = (5, 10, 20)
FULL = "full"
BASELINE = "popularity"


def figures(answers: Sequence[Answers]) -> dict[str, Any]:
    """The figures of every selector, over the questions of data sets of one kind.

    Of the tail: over the questions that used a concept of it, which stands in the ranking of all concepts.
    Hubness is the mean over data sets of the share of the first 10 places that the most frequent concept
    takes; a tenth is the most there can be.
    """
    told: dict[str, Any] = {}
    every = {name: _scores(answers, name, tail=False) for name in answers[0].ranked}
    tail = {name: _scores(answers, name, tail=True) for name in answers[0].ranked}
    for name, scores in every.items():
        told[name] = {
            "all": _summary(scores),
            "tail": _summary(tail[name]),
            "hubness": float(np.mean([_hubness(one.ranked[name]) for one in answers])),
        }
        if BASELINE in every:
            told[name]["lift"] = _difference(scores, every[BASELINE])
    return {"selectors": told, "full_above": _above(every, tail)}


def note(paired: Paired, name: str, answers: Sequence[Answers]) -> None:
    """Keep the main recall of every selector by problem; `name` is that of the data sets."""
    problems = [f"{place}/{id}" for place, one in enumerate(answers) for id in one.problems]
    every = {selector: _scores(answers, selector, tail=False) for selector in answers[0].ranked}
    note_recalls(paired, problems, every, f", {name}", every=None)


def _scores(answers: Sequence[Answers], name: str, *, tail: bool) -> Scores:
    ranked, relevant = [], []
    for one in answers:
        for ids, wanted in zip(one.ranked[name], one.tail if tail else one.relevant, strict=True):
            if wanted:
                ranked.append(ids)
                relevant.append(wanted)
    return ranking_scores(ranked, relevant, KS)


def _summary(scores: Scores) -> dict[str, Any] | None:
    """Means and their intervals; none where there is no question."""
    count = len(scores[MAIN_RECALL])
    return summary(scores, np.ones(count, np.bool_), every_interval=True) if count else None


def _above(every: dict[str, Scores], tail: dict[str, Scores]) -> dict[str, Any]:
    """What the full selector has more than each single signal, on all and on the tail."""
    if FULL not in every:
        return {}
    return {
        name: {
            "all": _difference(every[FULL], every[name]),
            "tail": _difference(tail[FULL], tail[name]),
        }
        for name in SINGLE
        if name in every
    }


def _difference(first: Scores, second: Scores) -> dict[str, Any] | None:
    """The mean difference of the main recall and the interval of the paired differences."""
    off = first[MAIN_RECALL] - second[MAIN_RECALL]
    return {MAIN_RECALL: float(off.mean()), "ci95": list(interval(off))} if len(off) else None


def _hubness(ranked: Sequence[Sequence[str]]) -> float:
    counts = Counter(id for ids in ranked for id in ids[:MAIN])
    return max(counts.values()) / sum(counts.values())
