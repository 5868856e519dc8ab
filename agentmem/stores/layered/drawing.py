"""The importance of an item of which nobody says how important it is: drawn, the same in every replay."""

from __future__ import annotations

import hashlib

from agentmem.stores.layered.policy import LayerPolicy

_BYTES = 8


def drawn(policy: LayerPolicy, layer: int, event_id: str) -> float:
    """An importance from the distribution of a layer (FinMem, section 3.2), by event and seed."""
    digest = hashlib.sha256(f"{policy.seed}:{event_id}".encode()).digest()
    left = int.from_bytes(digest[:_BYTES], "big") / 2 ** (8 * _BYTES)
    choices = policy.layers[layer].drawn
    for choice in choices:
        left -= choice.share
        if left < 0:
            return choice.importance
    return choices[-1].importance
