"""Who trades: the profile of an agent, and its risk character as data (FinMem 3.1, TradingGPT 3.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from agentmem.agents.trading.values import Share
from agentmem.errors import NotFound
from agentmem.records import Text, Value
from agentmem.stores.layered.policy import Layer, LayerPolicy, Weights

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
LayerWeight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
UNKNOWN_LAYER = 0.25
"""What a layer counts that a character does not name: an even share of the paper's four."""


class Character(Value):
    """How an agent takes risk. All that a rule or a prompt does differently by character is here.

    Attributes:
        name: What it is called.
        words: What its questions to memory ask for beside the security.
        instructions: What a language model is told of it.
        layers: How much the tone of each layer counts in its judgement, by the layer's name.
        ranks: How each layer ranks what it recalls (TradingGPT 3.2); a layer not named: as the policy says.
        buy_at: The tone, from 0 to 1, from which on it buys.
        sell_at: How far under 0 the tone must be for it to sell.
        full_at: The tone at which it trades as much as it ever does.
        buys: The largest size of a purchase.
        sells: The largest size of a sale.
        loss_weight: What bad tone counts where good tone counts 1.
        openness: What a memory that another agent shares counts where an own one counts 1.
        while_gaining: The character in force while the last returns come to no loss; none: this one.
        while_losing: The same for a loss. With both a character is self-adaptive.
    """

    name: Text = Field(min_length=1)
    words: Text = ""
    instructions: Text = ""
    layers: Mapping[Text, LayerWeight] = Field(default_factory=dict)
    ranks: Mapping[Text, Weights] = Field(default_factory=dict)
    buy_at: Share = 0.1
    sell_at: Share = 0.1
    full_at: Positive = 0.5
    buys: Share = 1.0
    sells: Share = 1.0
    loss_weight: Positive = 1.0
    openness: Share = 0.5
    while_gaining: Character | None = None
    while_losing: Character | None = None

    @model_validator(mode="after")
    def _adapts_to_both(self) -> Self:
        if (self.while_gaining is None) != (self.while_losing is None):
            raise ValueError("a self-adaptive character names both `while_gaining` and `while_losing`")
        return self

    def in_force(self, returns: Sequence[float]) -> Character:
        """The character that acts after the last daily returns: without any, as after a gain.

        Args:
            returns: Of the account over the last days, as fractions, shape (days,).
        """
        if self.while_gaining is None or self.while_losing is None:
            return self
        cumulative = math.prod(1 + one for one in returns) - 1
        return self.while_gaining if cumulative >= 0 else self.while_losing

    def weight_of(self, layer: str) -> float:
        """What the tone of a layer counts."""
        return self.layers.get(layer, UNKNOWN_LAYER)

    def ranked(self, policy: LayerPolicy) -> LayerPolicy:
        """`policy`, its layers ranking by this character's weights; a layer that it lacks is passed over."""

        def changed(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
            return tuple(
                one.altered({"weights": self.ranks[one.name]}) if one.name in self.ranks else one
                for one in layers
            )

        if not self.ranks:
            return policy
        told = {"name": f"{policy.name}-{self.name}"}
        return policy.altered({**told, "ladder": changed(policy.ladder), "beside": changed(policy.beside)})


SEEKING = Character(
    name="seeking",
    words="gains, growth, rising prices, new chances",
    instructions=(
        "You seek risk: you look for large gains, act on fresh news, buy early and in size, and bear losses."
    ),
    layers={"shallow": 0.4, "intermediate": 0.3, "deep": 0.2, "reflection": 0.1},
    ranks={"shallow": Weights(recency=1.5, importance=1.0), "deep": Weights(recency=1.5)},
    buy_at=0.05,
    sell_at=0.2,
    buys=1.0,
    sells=0.5,
    loss_weight=1.0,
    openness=0.3,
)
"""Risk-seeking: fresh news count most, it buys at little and sells late."""

AVERSE = Character(
    name="averse",
    words="losses, falling prices, risk, volatility, debt",
    instructions=(
        "You are averse to risk: you keep what there is, weigh losses more than gains, trust reports and long"
        " experience more than the news of the day, buy little at a time and sell at the first sign of harm."
    ),
    layers={"shallow": 0.2, "intermediate": 0.3, "deep": 0.4, "reflection": 0.1},
    ranks={"shallow": Weights(importance=1.5), "deep": Weights(recency=0.5, importance=1.5)},
    buy_at=0.15,
    sell_at=0.05,
    buys=0.5,
    sells=1.0,
    loss_weight=1.5,
    openness=0.5,
)
"""Risk-averse: reports and long experience count most, it buys late and half, and sells early and all."""

ADAPTIVE = Character(
    name="adaptive",
    words="gains and losses, what moves the price",
    instructions="You adapt: you seek risk while you have been gaining, and avoid it while you have not.",
    while_gaining=SEEKING,
    while_losing=AVERSE,
)
"""Self-adaptive: seeking while the last days' return is at least 0, averse otherwise (FinMem 3.1)."""

CHARACTERS: Mapping[str, Character] = {one.name: one for one in (SEEKING, AVERSE, ADAPTIVE)}
"""Characters by name."""


def character(name: str) -> Character:
    """The character of a name.

    Raises:
        NotFound: there is none.
    """
    if name not in CHARACTERS:
        raise NotFound(f"there is no character {name!r}", f"there are: {', '.join(CHARACTERS)}")
    return CHARACTERS[name]


class Profile(Value):
    """Who an agent is (FinMem 3.1).

    Attributes:
        name: What it is called; one memory belongs to it.
        symbol: The security that it trades.
        background: What it knows of the security from the beginning.
        character: Its risk character.
    """

    name: Text = Field(min_length=1)
    symbol: Text = Field(min_length=1)
    background: Text = ""
    character: Character = ADAPTIVE

    def question(self, acting: Character) -> str:
        """What it asks its memory for, in the words of the character in force."""
        told = [self.symbol, self.background, acting.words]
        return ". ".join(one.strip().rstrip(".") for one in told if one.strip())
