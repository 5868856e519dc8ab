"""Memories for trading agents by name: which store, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from agentmem.agents.trading.character import Character
from agentmem.bank.registry import is_json, spec_of
from agentmem.bank.spec import MemorySpec
from agentmem.records import Text, Value
from agentmem.stores.layered.presets import policy_of, preset

Rank = Literal["layers", "dense", "recency", "own", "none"]
LAYERED = "layered"


class MemoryPlan(Value):
    """A memory and how an agent asks it.

    Attributes:
        name: What it is called.
        spec: The store; none: nothing is remembered, and what the day tells is all there is.
        rank: `layers`: the best of each layer; `dense`: by cosine alone; `recency`: by cosine and recency
            (Generative Agents, without importance), each scaled to 0 … 1; `own`: as the store itself ranks.
        k: How many memories of each layer an agent sees.
        layers: By how many `k` is multiplied where a memory has no layers, so that all see as much.
        stability: For `recency`: exp(-days / stability).
        reach: For `recency`: how many of the nearest in meaning are ranked.
    """

    name: Text
    spec: MemorySpec | None
    rank: Rank
    k: Annotated[int, Field(ge=1, le=100)] = 5
    layers: Annotated[int, Field(ge=1)] = 4
    stability: Annotated[float, Field(gt=0)] = 14.0
    reach: Annotated[int, Field(ge=1)] = 300

    @property
    def most(self) -> int:
        """How many memories are seen at most, all layers together."""
        return self.k * self.layers


NONE = "none"
"""Nothing is remembered."""
_RANKS: Mapping[str, Rank] = {
    LAYERED: "layers",
    "flat": "dense",
    "flat-recency": "recency",
    "sliding": "own",
    NONE: "none",
}
NAMES = tuple(_RANKS)
"""Memories by name, as after `--memory`, beside all other stores."""


def memory_of(memory: str, character: Character | None = None, *, k: int = 5) -> MemoryPlan:
    """The memory of a name, of a sum of names, or of the JSON of a `MemorySpec`.

    Args:
        memory: One of `NAMES`, or of a store; several with `+` between them, which rank as they do by
            themselves; or JSON.
        character: Whose memory it is: a layered one ranks by the weights of this character.
        k: How many memories of each layer an agent sees.

    Raises:
        InvalidInput: a sum or JSON that means no memory.
        NotFound: a name that no memory has, or a layer policy that there is not.
    """
    if memory == NONE:
        return MemoryPlan(name=memory, spec=None, rank=_RANKS[NONE], k=k)
    spec = spec_of(memory, _named(k))
    rank = _RANKS.get(memory, "layers" if spec.store == LAYERED else "own")
    layered = spec.part(LAYERED)
    if layered is not None and character is not None and character.ranks:
        given = layered.options.get("policy")
        policy = preset("finmem") if given is None else policy_of(given)
        spec = spec.with_options(LAYERED, policy=character.ranked(policy).model_dump(mode="json"))
    return MemoryPlan(name=spec.store if is_json(memory) else memory, spec=spec, rank=rank, k=k)


def _named(k: int) -> dict[str, MemorySpec]:
    window = k * MemoryPlan.model_fields["layers"].default
    return {
        "flat": MemorySpec(store="episodic"),
        "flat-recency": MemorySpec(store="episodic"),
        "sliding": MemorySpec(store="sliding", options={"window": window}),
    }
