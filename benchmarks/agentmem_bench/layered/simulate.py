"""A layered policy over a stream without a store: what presets are fitted with, in a fraction of the time.

The store is what is measured; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np

from agentmem.stores.layered.drawing import drawn
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.trajectory import (
    MOST,
    Ladder,
    Standings,
    importance_at,
    raised,
    recency_at,
    rolled,
)
from agentmem_bench.layered.baselines import Cosines, best_of
from agentmem_bench.layered.data import Feedback, Item, Query, Stream


def ranked(stream: Stream, cosines: Cosines, policy: LayerPolicy, depth: int) -> list[list[str]]:
    """Ids of the best `depth` items of each query by the policy's rank."""
    ladder, items = Ladder(policy), stream.items
    ids = [item.item for item in items]
    place = {id: n for n, id in enumerate(ids)}
    weights = np.array([tuple(layer.weights.model_dump().values()) for layer in policy.layers])
    standings = _begun(ladder, policy, items)
    known = asked = 0
    found: list[list[str]] = []
    for line in stream.lines:
        at = _micros(line.time)
        if isinstance(line, Item):
            known += 1
        elif isinstance(line, Feedback):
            n = np.array([place[line.feedback]])
            _write(standings, n, raised(ladder, standings.taken(n), at, policy.gain * line.value))
        elif isinstance(line, Query):
            now = rolled(ladder, standings.taken(np.arange(known)), at)
            _write(standings, slice(known), now)
            recency, relevance, importance = weights[now.layer].T
            scores = (
                recency * recency_at(ladder, now, at)
                + relevance * cosines.values[asked, :known]
                + importance * np.minimum(importance_at(ladder, now, at), MOST) / MOST
            )
            best = best_of(np.where(now.faded, -np.inf, scores), depth)
            found.append([ids[n] for n in best])
            asked += 1
    return found


def _begun(ladder: Ladder, policy: LayerPolicy, items: Sequence[Item]) -> Standings:
    """All items as they begin, as far up as their importance reaches at once."""
    names = policy.names
    begin, importances = [], []
    for item in items:
        name = item.layer or policy.first
        number = names.index(policy.entrances.get(name, name))
        importances.append(drawn(policy, number, item.item) if item.importance is None else item.importance)
        begin.append(number)
    layer, importance = np.array(begin, np.int8), np.array(importances)
    while (rising := importance >= ladder.ceiling[layer]).any():
        layer = (layer + rising).astype(np.int8)
    born = np.array([_micros(item.time) for item in items])
    return Standings(layer, born, born.copy(), born.copy(), importance, np.zeros(len(items), np.bool_))


def _write(standings: Standings, places: Any, values: Standings) -> None:
    for one in fields(standings):
        getattr(standings, one.name)[places] = getattr(values, one.name)


def _micros(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000
