"""The constants of the baselines, by regime: fitted on the development streams (fit.py), before any test."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem_bench.layered.baselines import Baseline, GenerativeAgents, Recency, Window

PUBLISHED = GenerativeAgents(decay=0.995, recency=1.0, importance=1.0, relevance=1.0, unrated=50)
"""Of Park et al. 2023, section 4.1; an item that nobody rated stands in the middle."""
FITTED: Mapping[str, Mapping[str, Baseline]] = {
    "market": {
        "window": Window(days=21, by_use=True),
        "recency": Recency(half_life=30, weight=0.5, by_use=True),
        "generative agents": GenerativeAgents(
            decay=0.999, recency=1.5, importance=2.0, relevance=3.0, unrated=50
        ),
    },
    "support_desk": {
        "window": Window(days=21, by_use=True),
        "recency": Recency(half_life=30, weight=0.5, by_use=True),
        "generative agents": GenerativeAgents(
            decay=0.998, recency=2.0, importance=2.0, relevance=4.0, unrated=40
        ),
    },
    "personal": {
        "window": Window(days=21, by_use=True),
        "recency": Recency(half_life=60, weight=1.0, by_use=True),
        "generative agents": GenerativeAgents(
            decay=0.998, recency=2.0, importance=3.0, relevance=4.0, unrated=50
        ),
    },
}


def baselines_of(regime: str) -> dict[str, Baseline]:
    """The baselines with the constants that were fitted for a regime, and the published ones."""
    return {**FITTED[regime], "generative agents, published": PUBLISHED}
