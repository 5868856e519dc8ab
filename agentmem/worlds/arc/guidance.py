"""From what a concept memory selects to what a search tries first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp

import numpy as np

from agentmem.errors import InvalidInput
from agentmem.records import Hit
from agentmem.stores.concept.content import is_concept
from agentmem.stores.concept.entry import concept_of
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.routines import Library
from agentmem.stores.concept.routines import library as named
from agentmem.stores.concept.store import ConceptMemory
from agentmem.worlds.arc.dsl import LIBRARY
from agentmem.worlds.arc.solver.enumeration import Guide, Uses, guide_of, uses_of

SHARPNESS = 2.0
"""How much more a past program counts for each standard deviation that its problem is nearer than others."""
SELECTED = 40
"""Concepts that are selected for a task."""
SHARE = 0.5
"""Of the weights, what goes by the concepts that were selected; the rest by the programs of like problems."""


def guide_for(memory: ConceptMemory, text: str, library: Library = LIBRARY) -> tuple[Guide, Sequence[Hit]]:
    """What a memory says of the program for a problem, and the concepts it selected for it.

    A routine weighs by the score of its concept (scores are logits: weights are their exponentials), and by
    the programs of solved problems, the more the nearer their problem is in meaning; these also say which
    constants occur and what fills which parameter.

    Args:
        memory: With solutions written over the library.
        text: The problem in words.
        library: Whose routines are meant.
    """
    hits = memory.recall(text, k=SELECTED, floor=False)
    programs = guide_of(_past(memory, text, library))
    selected = _of_hits(hits, library)
    return Guide(_mixed(selected, programs.weights), programs.fills), hits


def _past(memory: ConceptMemory, text: str, library: Library) -> list[tuple[Uses, float]]:
    """What the programs of solved problems use, each with how much it counts."""
    near = memory.nearness(text)
    solved = [one for one in memory.problems() if one.solved and one.language == "python" and one.id in near]
    if not solved:
        return []
    cosines = np.array([near[one.id] for one in solved])
    deviation = float(cosines.std()) or 1.0
    weights = np.exp(SHARPNESS * (cosines - cosines.max()) / deviation)
    found = []
    for problem, weight in zip(solved, weights.tolist(), strict=True):
        uses = _uses(problem.solution, library.name)
        if uses is not None:
            found.append((uses, weight))
    return found


@lru_cache(4096)
def _uses(program: str, name: str) -> Uses | None:
    """What a program uses of a library; none where it is no Python."""
    try:
        return uses_of(program, _library(name))
    except InvalidInput:
        return None


@lru_cache(8)
def _library(name: str) -> Library:
    return named(name)


def _of_hits(hits: Sequence[Hit], library: Library) -> dict[str, float]:
    """Weights of the routines whose concepts were selected."""
    by_title = {normal(routine.title): name for name, routine in library.routines.items()}
    best = max((hit.score for hit in hits), default=0.0)
    weights: dict[str, float] = {}
    for hit in hits:
        if not is_concept(hit.record):
            continue
        concept = concept_of(hit.record)
        for title in (concept.title, *concept.aliases):
            name = by_title.get(normal(title))
            if name is not None:
                weights[name] = max(weights.get(name, 0.0), exp(hit.score - best))
    return weights


def _mixed(selected: Mapping[str, float], past: Mapping[str, float]) -> dict[str, float]:
    """Both as shares of one."""
    of_selected, of_past = sum(selected.values()) or 1.0, sum(past.values()) or 1.0
    return {
        name: SHARE * selected.get(name, 0.0) / of_selected + (1 - SHARE) * past.get(name, 0.0) / of_past
        for name in dict.fromkeys((*selected, *past))
    }
