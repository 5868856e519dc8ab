"""The numbers of a layered memory as data: its layers, how they forget, when an item moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from agentmem.records import State, Text, Value

Importance = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
ROUNDING = 1e-9
"""By how much the shares of `drawn` may miss 1."""


class Weights(Value):
    """What recency, relevance and importance count in the rank of a layer."""

    recency: Weight = 1.0
    relevance: Weight = 1.0
    importance: Weight = 1.0


class Drawn(Value):
    """An importance that an unrated item may be given, and how often, as a share."""

    importance: Importance
    share: Annotated[float, Field(gt=0, le=1)]


class Layer(Value):
    """How one layer forgets.

    Attributes:
        name: What it is called.
        stability: Q, in days: the recency of an item is exp(-days in the layer / Q); its half-life is
            Q ln 2.
        retention: α, from above 0 to 1: what is left of an importance after a day.
        promote_at: The importance from which an item moves up to the next layer; none: never.
        drawn: The importances that items get of which nobody says how important they are; the shares sum
            to 1.
        weights: Of the rank.
    """

    name: Text = Field(min_length=1)
    stability: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    retention: Annotated[float, Field(gt=0, le=1)]
    promote_at: Importance | None = None
    drawn: tuple[Drawn, ...] = Field(default=(Drawn(importance=50, share=1),), min_length=1)
    weights: Weights = Weights()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(one.share for one in self.drawn)
        if abs(total - 1) > ROUNDING:
            raise ValueError(f"layer {self.name!r}: the shares of `drawn` sum to {total:g}, not to 1")
        return self


class LayerPolicy(Value):
    """Layers and the rules of movement (FinMem, section 3.2; the margin and continuity are ours).

    An item enters a layer with a clock of its own. It moves up where its importance reaches `promote_at`
    (at its beginning, or by feedback), and its clock starts again. It moves down where its importance falls
    under the `promote_at` of the layer below less `margin`, and its clock goes on. It fades where recency
    or importance run out. Importance is continuous: a move changes only how fast it falls from there.

    Attributes:
        name: What it is called.
        ladder: The layers between which items move, the shortest-lived first.
        beside: Layers that items neither leave nor reach by moving, such as that of reflections.
        margin: How far under the threshold of a promotion an item must fall before it moves down.
        grace: Days in which a new item does not move down.
        least_recency: An item whose recency is less fades.
        least_importance: An item whose importance is less fades.
        gain: What one good use adds to an importance, and one bad use takes away.
        entrances: The layer in which an item begins, by its kind.
        otherwise: The layer in which others begin; none: the first of the ladder.
        reflections: The layer of reflections; none: the last of the ladder.
        seed: Of the importances that are drawn.
    """

    name: Text = Field(default="custom", min_length=1)
    ladder: tuple[Layer, ...] = Field(min_length=1)
    beside: tuple[Layer, ...] = ()
    margin: Annotated[float, Field(ge=0, le=100)] = 10.0
    grace: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    least_recency: Annotated[float, Field(ge=0, lt=1)] = 0.05
    least_importance: Importance = 5.0
    gain: Annotated[float, Field(ge=0, le=100)] = 5.0
    entrances: Mapping[Text, Text] = Field(default_factory=dict)
    otherwise: Text | None = None
    reflections: Text | None = None
    seed: int = 0

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers: the ladder, then those beside it. A layer's number is its place here."""
        return (*self.ladder, *self.beside)

    @property
    def names(self) -> tuple[str, ...]:
        """The layers' names, by number."""
        return tuple(layer.name for layer in self.layers)

    @property
    def first(self) -> str:
        """The layer in which an item begins of which nothing is known."""
        return self.otherwise or self.ladder[0].name

    @property
    def reflecting(self) -> str:
        """The layer of reflections."""
        return self.reflections or self.ladder[-1].name

    @model_validator(mode="after")
    def _fits(self) -> Self:
        names = self.names
        if State.FADED.value in names:
            raise ValueError("a layer is called 'faded', which is what has left all layers")
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two layers are called {twice!r}")
        named = [("otherwise", self.otherwise), ("reflections", self.reflections)]
        named += [(f"entrances[{kind!r}]", layer) for kind, layer in self.entrances.items()]
        for where, name in named:
            if name is not None and name not in names:
                raise ValueError(f"{where} names the layer {name!r}; there are: {', '.join(names)}")
        *lower, last = self.ladder
        if last.promote_at is not None:
            raise ValueError(f"layer {last.name!r} is the last: nothing can be promoted from it")
        for layer in self.beside:
            if layer.promote_at is not None:
                raise ValueError(f"layer {layer.name!r} stands beside the ladder: nothing moves from it")
        before = self.least_importance
        for layer in lower:
            if layer.promote_at is None:
                raise ValueError(f"layer {layer.name!r} needs a `promote_at`: there is a layer above it")
            if layer.promote_at - self.margin < before:
                raise ValueError(
                    f"layer {layer.name!r}: promote_at {layer.promote_at:g} less the margin {self.margin:g}"
                    f" is under {before:g}, where items leave the layer below: raise it, or lower the margin"
                )
            before = layer.promote_at
        return self
