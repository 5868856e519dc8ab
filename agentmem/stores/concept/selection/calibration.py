"""Which weights the memory's own past bears out: every solved problem is asked as if it were new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.selection.asked import of_past
from agentmem.stores.concept.selection.corpus import Corpus
from agentmem.stores.concept.selection.fitting import Examples, fitted
from agentmem.stores.concept.selection.judging import Recall, recall, worth
from agentmem.stores.concept.selection.policy import SelectionPolicy
from agentmem.stores.concept.selection.signals import FAMILIES, family, plain_signals, signals
from agentmem.stores.concept.selection.terms import Floats
from agentmem.stores.concept.selection.weighing import (
    RARE,
    UNBOUNDED,
    Weights,
    experience,
    flattened,
    single,
    unflattened,
)

CALIBRATED, EXPERIENCE = "calibrated", "experience"
AT_ONCE = 4_000_000
"""Numbers that a signal has for the problems that are asked at once."""


@dataclass(frozen=True)
class Calibration:
    """Weights, and where they come from.

    Attributes:
        weights: To score by.
        problems: How many problems of the past they were found on; 0: there were too few.
        past: How many problems there were.
        recall: Mean recall@k over these problems, each asked as if it were new, by single signal and, as
            `calibrated`, by weights found on other problems; in the order of the policy's cutoffs.
        recall_tail: The same of concepts of the tail.
        source: `calibrated`, `experience` or the name of the single signal that was best.
    """

    weights: Weights
    problems: int = 0
    past: int = 0
    recall: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    recall_tail: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    source: str = EXPERIENCE


def due(calibration: Calibration | None, corpus: Corpus, policy: SelectionPolicy) -> bool:
    """Whether the past has grown, or shrunk, so much that weights should be found anew."""
    if calibration is None:
        return True
    now, then = len(corpus.problems), calibration.past
    return now != then and not then / policy.growth < now < max(then * policy.growth, policy.fewest)


def calibrate(
    corpus: Corpus, policy: SelectionPolicy | None = None, families: Collection[str] = tuple(FAMILIES)
) -> Calibration:
    """Find the weights of signals on the past of a memory.

    Problems of the past, `policy.past` at most, evenly spread over those that the regression looks back on,
    are asked as if each were new: their own uses are hidden from every signal. Weights are fitted, and each
    problem is judged by weights that were fitted on others: so is found what to add to the scores of the
    tail. Where a single signal, or the weights without a past, are worth more than all that, they are taken.
    No random number is drawn.

    Args:
        corpus: The memory.
        policy: Its constants.
        families: The signals to use, keys of `FAMILIES`.
    """
    policy = policy or SelectionPolicy()
    past = _past(corpus, policy)
    names = _names(policy, families)
    prior = np.concatenate([experience(names)] * 2 + [np.zeros(1)])
    inherited = unflattened(names, prior, policy.tail)
    if len(past) < policy.fewest:
        return Calibration(inherited, 0, len(corpus.problems))
    examples, singles = _examples(corpus, past, names, policy)
    return _chosen(examples, singles, names, prior, policy, len(corpus.problems))


def _names(policy: SelectionPolicy, families: Collection[str]) -> list[str]:
    several = {
        "vote": policy.sharpness,
        "regression": policy.penalties,
        "words": policy.penalties,
    }
    names = [name for members in FAMILIES.values() for name in members]
    every = [
        full
        for name in names
        for full in ([f"{name} {one:g}" for one in several[name]] if name in several else [name])
    ]
    return [name for name in every if family(name) in families]


def _past(corpus: Corpus, policy: SelectionPolicy) -> NDArray[np.int64]:
    """Rows of problems to ask: of the latest those, evenly spread, that used what others used too."""
    used, shared = corpus.used, corpus.use_counts > 1
    answers = np.asarray(used @ shared.astype(np.float64)).reshape(-1)
    rows = np.flatnonzero(answers > 0)
    rows = rows[rows >= len(corpus.problems) - policy.regressed]
    places = np.linspace(0, len(rows) - 1, min(len(rows), policy.past)).round().astype(np.int64)
    return rows[places]


def _examples(
    corpus: Corpus, past: NDArray[np.int64], names: list[str], policy: SelectionPolicy
) -> tuple[Examples, dict[str, Recall]]:
    """What the past was asked about, and the recall of single signals over all concepts."""
    size = len(corpus.concepts)
    many = max(AT_ONCE // max(size, 1) // 20, 1)
    features: list[Floats] = []
    groups: list[NDArray[np.int64]] = []
    used: list[NDArray[np.bool_]] = []
    rare: list[NDArray[np.bool_]] = []
    stands_for: list[Floats] = []
    ranked: dict[str, list[Floats]] = {}
    for begin in range(0, len(past), many):
        rows = past[begin : begin + many]
        asked = of_past(corpus, rows)
        plain = plain_signals(corpus, asked, policy)
        found = signals(corpus, asked, policy, plain)
        uses = asked.uses(corpus)
        relevant = (corpus.used[rows].toarray() > 0) & (uses > 0)
        of_tail = uses <= policy.tail
        plausible = sum(weight * found[name] for name, weight in zip(names, experience(names), strict=True))
        everything = [*plain.values(), plausible, np.where(of_tail, plausible, -np.inf)]
        best = relevant | np.any([_best(values, policy.pool) for values in everything], axis=0)
        rest, step = _spread(size - int(best.sum(axis=1).min()), policy.others, size)
        group, concept = np.nonzero(best | rest)
        rare_here = of_tail[group, concept]
        stacked = np.stack([found[name][group, concept] for name in names], axis=1)
        features.append(flattened(stacked, rare_here))
        groups.append((group + begin).astype(np.int64))
        used.append(relevant[group, concept])
        rare.append(rare_here)
        stands_for.append(np.asarray(np.where(best[group, concept], 1.0, step), np.float64))
        for name, values in plain.items():
            ranked.setdefault(name, []).append(values[group, concept])
    examples = Examples(
        np.concatenate(features),
        np.concatenate(groups),
        np.concatenate(used),
        np.concatenate(rare),
        np.concatenate(stands_for),
    )
    singles = {name: _recall(examples, np.concatenate(parts), policy) for name, parts in ranked.items()}
    return examples, singles


def _spread(rest: int, others: int, size: int) -> tuple[NDArray[np.bool_], float]:
    """About `others` of `size` concepts, shape (size,), and how many each stands for."""
    step = max(rest / max(others, 1), 1.0)
    found = np.zeros(size, np.bool_)
    found[np.arange(0.0, size, step).astype(np.int64)] = True
    return found, step


def _best(values: Floats, count: int) -> NDArray[np.bool_]:
    """Where the best `count` of each row are."""
    size = values.shape[1]
    if count >= size:
        return np.ones(values.shape, np.bool_)
    found = np.zeros(values.shape, np.bool_)
    np.put_along_axis(found, np.argpartition(-values, count, axis=1)[:, :count], True, axis=1)
    return found


def _chosen(
    examples: Examples,
    singles: dict[str, Recall],
    names: list[str],
    prior: Floats,
    policy: SelectionPolicy,
    past: int,
) -> Calibration:
    """The weights that are worth most."""
    problems = len(np.unique(examples.group))
    best = Recall(
        np.max([one.all for one in singles.values()], axis=0),
        np.max([one.tail for one in singles.values()], axis=0),
    )
    free = np.array([name in UNBOUNDED for name in [*names, *names, RARE]])
    shrinkage = policy.shrinkage / problems

    def fit(part: Examples, start: Floats) -> Floats:
        return fitted(part, prior, free, shrinkage=shrinkage, leaning=policy.leaning, start=start)

    inherited = _recall(examples, examples.features @ prior, policy)
    options: list[tuple[float, str, Weights, Recall]] = [
        (worth(inherited, best, policy), EXPERIENCE, unflattened(names, prior, policy.tail), inherited)
    ]
    for name, one in singles.items():
        options.append((worth(one, best, policy), name, single(name, policy.tail), one))
    groups = np.unique(examples.group)
    folds = [groups[fold :: policy.folds] for fold in range(min(policy.folds, problems))]
    whole = fit(examples, prior)
    scores = np.zeros(len(examples.used))
    for fold in folds:
        inside = np.isin(examples.group, fold)
        scores[inside] = examples.features[inside] @ fit(examples.of(np.setdiff1d(groups, fold)), whole)
    for offset in policy.offsets:
        found = _recall(examples, scores + offset * examples.rare, policy)
        moved = whole.copy()
        moved[-1] += offset
        weights = unflattened(names, moved, policy.tail)
        options.append((worth(found, best, policy), CALIBRATED, weights, found))
    _, source, weights, found = max(options, key=lambda option: option[0])
    told = singles | {source: found}
    return Calibration(
        weights,
        problems,
        past,
        MappingProxyType({name: tuple(one.all.tolist()) for name, one in told.items()}),
        MappingProxyType({name: tuple(one.tail.tolist()) for name, one in told.items()}),
        source,
    )


def _recall(examples: Examples, scores: Floats, policy: SelectionPolicy) -> Recall:
    return recall(scores, examples.group, examples.used, examples.rare, policy.cutoffs)
