"""Memories for trading agents by name: which store, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from agentmem.agents.trading.character import Character
from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput
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


_STORES: Mapping[str, tuple[str | None, Rank]] = {
    LAYERED: (LAYERED, "layers"),
    "flat": ("episodic", "dense"),
    "flat-recency": ("episodic", "recency"),
    "sliding": ("sliding", "own"),
    "none": (None, "none"),
}
NAMES = tuple(_STORES)
"""Memories by name, as after `--memory`."""


def memory_of(memory: str, character: Character | None = None, *, k: int = 5) -> MemoryPlan:
    """The memory of a name, or of the JSON of a `MemorySpec`.

    Args:
        memory: One of `NAMES`, or JSON.
        character: Whose memory it is: a layered one ranks by the weights of this character.
        k: How many memories of each layer an agent sees.

    Raises:
        InvalidInput: neither a name nor such JSON.
        NotFound: a layer policy that there is not.
    """
    spec: MemorySpec | None
    if memory in _STORES:
        name = memory
        store, rank = _STORES[memory]
        options = {"window": k * MemoryPlan.model_fields["layers"].default} if store == "sliding" else {}
        spec = None if store is None else MemorySpec(store=store, options=options)
    elif memory.lstrip().startswith("{"):
        try:
            spec = MemorySpec.model_validate_json(memory)
        except ValueError as error:
            raise InvalidInput(f"memory {memory!r:.80} is no specification: {error}") from error
        name, rank = spec.store, "layers" if spec.store == LAYERED else "own"
    else:
        raise InvalidInput(
            f"there is no memory {memory!r} for trading agents",
            f'there are: {", ".join(NAMES)}; or give JSON: {{"store": …}}',
        )
    if spec is not None and spec.store == LAYERED and character is not None and character.ranks:
        given = spec.options.get("policy")
        policy = preset("finmem") if given is None else policy_of(given)
        told = character.ranked(policy).model_dump(mode="json")
        spec = spec.altered({"options": {**spec.options, "policy": told}})
    return MemoryPlan(name=name, spec=spec, rank=rank, k=k)
