"""A seeded sample of the questions that keeps the share of every category, and of abstention in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from agentmem_bench.answering.cases import Case, Question

SEED = 0

Kind = tuple[str, bool]
"""A category, and whether it is the part of it that cannot be answered."""


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
    """`number` of the questions, all where there are no more; each kind has its share."""
    strata: dict[Kind, list[Question]] = {}
    for question in questions:
        strata.setdefault((question.category, question.abstention), []).append(question)
    random = np.random.default_rng(seed)
    shuffled = {
        kind: [strata[kind][place] for place in random.permutation(len(strata[kind]))]
        for kind in sorted(strata)
    }
    shares = _shares({kind: len(held) for kind, held in shuffled.items()}, min(number, len(questions)))
    return [question for kind, held in shuffled.items() for question in held[: shares[kind]]]


def _shares(sizes: Mapping[Kind, int], number: int) -> dict[Kind, int]:
    """How many of each: whole shares, then one each to the largest remainders."""
    total = max(sum(sizes.values()), 1)
    exact = {kind: number * size / total for kind, size in sizes.items()}
    shares = {kind: int(share) for kind, share in exact.items()}
    by_rest = sorted(sizes, key=lambda kind: (shares[kind] - exact[kind], kind))
    for kind in by_rest[: number - sum(shares.values())]:
        shares[kind] += 1
    return shares
