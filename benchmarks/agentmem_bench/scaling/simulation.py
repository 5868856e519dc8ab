"""A cache of indexes played through, recall by recall: what the forecast computes, tried.

Namespaces are asked by Zipf's law, as in the forecast, and the ones asked last are held. Nothing is stored.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from agentmem.records import Value
from agentmem_bench.scaling.costs import Costs
from agentmem_bench.scaling.forecast import GB, Activity, Load

NAMESPACES = (1e4, 1e5, 1e6)
MEMORY = (16 * GB, 64 * GB, 256 * GB)
"""Bytes for indexes."""
RECALLS = 2_000_000
"""Of which the first half fills the cache, and the other is counted."""


class Played(Value):
    """The hits of one cache.

    Attributes:
        namespaces: How many there are.
        memory: Bytes for indexes.
        hits: The share of recalls that found their index, played.
        computed: The same by the forecast.
    """

    namespaces: float
    memory: float
    hits: float
    computed: float


def simulate(costs: Costs, load: Load, seed: int, recalls: int = RECALLS) -> Iterator[Played]:
    """The hits by number of namespaces and by memory, each namespace of the records that `load` gives it."""
    index = costs.index.at(load.each)
    for namespaces in NAMESPACES:
        asked = _asked(int(namespaces), load.exponent, np.random.default_rng(seed), recalls)
        activity = Activity(namespaces, load.exponent)
        for memory in MEMORY:
            yield Played(
                namespaces=namespaces,
                memory=memory,
                hits=hits(asked, int(memory / index)),
                computed=activity.hits(memory / index),
            )


def hits(asked: list[int], held: int) -> float:
    """The share of the second half of `asked` that is among the `held` asked last."""
    cache: OrderedDict[int, None] = OrderedDict()
    found = 0
    counted = len(asked) // 2
    for number, namespace in enumerate(asked):
        if namespace in cache:
            cache.move_to_end(namespace)
            found += number >= counted
        else:
            cache[namespace] = None
            if len(cache) > held:
                cache.popitem(last=False)
    return found / (len(asked) - counted)


def _asked(namespaces: int, exponent: float, generator: np.random.Generator, recalls: int) -> list[int]:
    upto = np.cumsum(np.arange(1, namespaces + 1, dtype=np.float64) ** -exponent)
    places = np.searchsorted(upto, generator.random(recalls) * upto[-1], side="right")
    return [int(place) for place in places]
