"""Fit presets and baselines on the development streams, each family with the same search and the same tries.

`python -m agentmem_bench.layered.fit market` prints what is found; constants.py has it for the baselines. A
preset has round numbers of a plateau around what is found. That of the market is for files of which nothing
is known, too: it was held to `VARIANTS` besides, so that no single signal has to be there. The test streams
are not read here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from pydantic import ValidationError

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.stores.layered.policy import Drawn, LayerPolicy, Weights
from agentmem.stores.layered.presets import preset
from agentmem_bench.layered import baselines, simulate
from agentmem_bench.layered.baselines import Cosines, GenerativeAgents, Recency, Window
from agentmem_bench.layered.data import Stream
from agentmem_bench.layered.embedding import cosines
from agentmem_bench.layered.generate import generate
from agentmem_bench.layered.regimes import DEVELOPMENT, REGIMES, Regime
from agentmem_bench.layered.scores import MAIN_K, scored

TRIES = 400
"""Candidates of a family that are scored."""
SEED = 0
Knobs = Mapping[str, Any]
Space = Mapping[str, Sequence[Any]]
Data = Sequence[tuple[Stream, Cosines]]

_WEIGHTS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
SPACES: Mapping[str, Space] = {
    "window": {"days": (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365), "by_use": (False, True)},
    "recency": {
        "half_life": (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 180, 365),
        "weight": (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.5, 2.0),
        "by_use": (False, True),
    },
    "generative agents": {
        "decay": (0.95, 0.98, 0.99, 0.995, 0.997, 0.998, 0.999, 0.9995, 0.9998),
        "recency": _WEIGHTS,
        "importance": _WEIGHTS,
        "relevance": _WEIGHTS,
        "unrated": (10, 20, 30, 40, 50, 60, 70),
    },
    "layered": {
        "stability_0": (0.5, 1, 1.5, 2, 3, 5, 7, 14),
        "stability_1": (10, 14, 20, 30, 45, 60, 90, 120),
        "stability_2": (90, 180, 365, 720, 1_500),
        "retention_0": (0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0),
        "retention_1": (0.967, 0.98, 0.99, 0.995, 0.998, 1.0),
        "retention_2": (0.988, 0.995, 0.998, 0.999, 1.0),
        "promote_0": (45, 50, 55, 60, 65, 70),
        "promote_1": (70, 75, 80, 85, 90, 95),
        "margin": (5, 10, 15, 20, 30),
        "gain": (2, 5, 8, 10, 15, 20, 25, 30, 40),
        "least_importance": (0, 5, 10, 15, 20, 25, 30, 35),
        "drawn_0": (20, 30, 40, 50),
        "drawn_1": (50, 60, 70, 80),
        "drawn_2": (70, 80, 85, 90, 100),
        "relevance": _WEIGHTS,
        "importance": _WEIGHTS,
        "recency_0": _WEIGHTS,
        "recency_1": _WEIGHTS,
        "recency_2": _WEIGHTS,
    },
}
"""What may be tried of each family."""


_PLAIN = replace(REGIMES["market"], used=0.0, misled=0.0, sleepers=0.0)
"""Without feedback, and without items of which only feedback tells that they last."""
VARIANTS: Mapping[str, Regime] = {
    "plain": replace(_PLAIN, layer_told=1.0, layer_right=1.0, importance_told=1.0),
    "rated": replace(_PLAIN, layer_told=0.0, importance_told=1.0),
    "placed": replace(_PLAIN, layer_told=1.0, layer_right=1.0, importance_told=0.0),
    "vague": replace(REGIMES["market"], layer_told=0.5, layer_right=0.8, importance_told=0.3),
    "blind": replace(REGIMES["market"], layer_told=0.0, importance_told=0.0),
}
"""The market with other signals: all of them and no feedback, importances alone, layers alone, few, none."""


def altered(base: LayerPolicy, knobs: Knobs) -> LayerPolicy:
    """The policy `base` with the numbers of the family `layered`.

    Raises:
        ValidationError: they do not go together.
    """
    ladder = []
    for n, layer in enumerate(base.ladder):
        last = n == len(base.ladder) - 1
        ladder.append(
            layer.altered(
                {
                    "stability": knobs[f"stability_{n}"],
                    "retention": knobs[f"retention_{n}"],
                    "promote_at": None if last else knobs[f"promote_{n}"],
                    "drawn": (Drawn(importance=knobs[f"drawn_{n}"], share=1),),
                    "weights": Weights(
                        recency=knobs[f"recency_{n}"],
                        relevance=knobs["relevance"],
                        importance=knobs["importance"],
                    ),
                }
            )
        )
    told = {name: knobs[name] for name in ("margin", "gain", "least_importance")}
    return LayerPolicy.model_validate({**dict(base), **told, "ladder": tuple(ladder)})


def knobs_of(policy: LayerPolicy) -> dict[str, Any]:
    """The numbers of a policy of three layers, as near as the family `layered` can say them."""
    told: dict[str, Any] = {name: getattr(policy, name) for name in ("margin", "gain", "least_importance")}
    for n, layer in enumerate(policy.ladder):
        told[f"stability_{n}"], told[f"retention_{n}"] = layer.stability, layer.retention
        told[f"recency_{n}"] = layer.weights.recency
        told[f"drawn_{n}"] = max(layer.drawn, key=lambda one: one.share).importance
        if layer.promote_at is not None:
            told[f"promote_{n}"] = layer.promote_at
    weights = policy.ladder[0].weights
    return {**told, "relevance": weights.relevance, "importance": weights.importance}


def development(name: str) -> list[tuple[Stream, Cosines]]:
    """The development streams of a regime or variant, by the embedder that the settings name."""
    embedder = open_embedder(Settings())
    regime, words = (REGIMES[name], name) if name in REGIMES else (VARIANTS[name], "market")
    streams = [generate(regime, words, seed) for seed in DEVELOPMENT]
    return [(stream, cosines(stream, embedder)) for stream in streams]


def judge(family: str, data: Data, base: LayerPolicy) -> Callable[[Knobs], float]:
    """What scores the knobs of a family: mean F1 over the streams; -1 for what cannot be."""
    kinds = {"window": Window, "recency": Recency, "generative agents": GenerativeAgents}

    def found(stream: Stream, known: Cosines, knobs: Knobs) -> list[list[str]]:
        if family == "layered":
            return simulate.ranked(stream, known, altered(base, knobs), MAIN_K)
        return baselines.ranked(stream, known, kinds[family](**knobs), MAIN_K, MAIN_K)

    def score(knobs: Knobs) -> float:
        try:
            f1 = [scored(stream, found(stream, known, knobs), MAIN_K).f1 for stream, known in data]
        except ValidationError:
            return -1.0
        return float(np.mean(f1))

    return score


def climb(
    space: Space, start: Knobs, score: Callable[[Knobs], float], tries: int = TRIES
) -> tuple[dict[str, Any], float]:
    """The best knobs of a random walk that keeps what is no worse, and their score."""
    draw = Random(SEED)  # noqa: S311 - no secret
    best, most = dict(start), score(start)
    seen = {json.dumps(best, sort_keys=True)}
    for _ in range(tries):
        changed = dict(best)
        for name in draw.sample(list(space), min(draw.choice((1, 1, 2, 3)), len(space))):
            changed[name] = draw.choice(space[name])
        key = json.dumps(changed, sort_keys=True)
        if key in seen:
            continue
        seen.add(key)
        found = score(changed)
        if found >= most:
            best, most = changed, found
    return best, most


def main(name: str) -> None:
    """Print what is found for a regime or variant."""
    data = development(name)
    base = preset({**REGIMES, **VARIANTS}[name].policy)
    starts: dict[str, Knobs] = {
        "window": {"days": 30, "by_use": False},
        "recency": {"half_life": 14, "weight": 0.3, "by_use": False},
        "generative agents": {
            "decay": 0.995,
            "recency": 1.0,
            "importance": 1.0,
            "relevance": 1.0,
            "unrated": 50,
        },
        "layered": knobs_of(base),
    }
    for family, space in SPACES.items():
        score = judge(family, data, base)
        best, most = climb(space, starts[family], score)
        print(
            json.dumps({"streams": name, "family": family, "from": score(starts[family]), "f1": most, **best})
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
