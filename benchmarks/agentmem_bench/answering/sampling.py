"""A seeded sample of the questions that keeps the share of every category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from agentmem_bench.answering.cases import Case, Question

SEED = 0


def sampled(cases: Sequence[Case], number: int | None, *, seed: int = SEED) -> list[Case]:
    """The cases with `number` of their questions, in their order; all of them for none."""
    if number is None:
        return list(cases)
    chosen = {each.id for each in drawn([each for case in cases for each in case.questions], number, seed)}
    kept = [
        replace(case, questions=tuple(each for each in case.questions if each.id in chosen)) for case in cases
    ]
    return [case for case in kept if case.questions]


def drawn(questions: Sequence[Question], number: int, seed: int = SEED) -> list[Question]:
    """`number` of the questions, all where there are no more; each category has its share."""
    strata: dict[str, list[Question]] = {}
    for question in questions:
        strata.setdefault(question.category, []).append(question)
    random = np.random.default_rng(seed)
    shuffled = {
        name: [strata[name][place] for place in random.permutation(len(strata[name]))]
        for name in sorted(strata)
    }
    shares = _shares({name: len(held) for name, held in shuffled.items()}, min(number, len(questions)))
    return [question for name, held in shuffled.items() for question in held[: shares[name]]]


def _shares(sizes: Mapping[str, int], number: int) -> dict[str, int]:
    """How many of each: whole shares, then one each to the largest remainders."""
    total = max(sum(sizes.values()), 1)
    exact = {name: number * size / total for name, size in sizes.items()}
    shares = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(sizes, key=lambda name: (shares[name] - exact[name], name))
    for name in by_rest[: number - sum(shares.values())]:
        shares[name] += 1
    return shares
