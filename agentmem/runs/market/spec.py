"""What a run in the market is, as data: `market.json` in its folder, beside its prices, makes it again."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from agentmem.agents.trading.character import CHARACTERS, Profile, character
from agentmem.agents.trading.memories import LAYERED, MemoryPlan, memory_of
from agentmem.errors import InvalidInput
from agentmem.records import Text, Value
from agentmem.stores.layered.presets import policy_of
from agentmem.worlds.market.market import Execution
from agentmem.worlds.market.replay import DEPOSIT
from agentmem.worlds.market.rules import Costs, Rules

MARKET = "market"
"""The name of the world after `agentmem run`."""
MOST_AGENTS = 20
"""Agents of one security at most."""


class MarketSpec(Value):
    """A run: agents over one market, day by day.

    The cash is shared out in equal sleeves, one a symbol; each sleeve is an account of its own, and no money
    moves between them. Each symbol has a team of its own: as many agents as the run has characters, each with
    a memory of its own.

    Attributes:
        kind: What this is, and the version of its form.
        symbols: What is traded.
        start: The first day that may count.
        end: The last one.
        warm_up: The first day of the warm-up before `start`; none: there is none.
        prices: Where the prices come from, in words.
        news: Where the news comes from, in words; empty: there is none.
        cash: Money at the beginning, of all sleeves together.
        costs: What a trade costs.
        rules: What an account may do.
        execution: When an order is filled, see `Market`.
        characters: The risk characters of a team, by name; one an agent.
        debate: How often each agent of a team answers the others at most; 0: they only vote.
        verdict: How a debate ends.
        policy: Who decides: a fixed rule that reads recalled memories, or a language model.
        model: The language model, of the policy or of the memory.
        memory: As after `--memory`: a name, a sum of names, or the JSON of a store.
        k: How many memories of each layer an agent sees.
        seed: Of drawn importances and of a model.
        name: What the run is called.
    """

    kind: Literal["agentmem.market/1"] = "agentmem.market/1"
    symbols: tuple[Text, ...] = Field(min_length=1)
    start: datetime.date
    end: datetime.date
    warm_up: datetime.date | None = None
    prices: Text = ""
    news: Text = ""
    cash: Annotated[float, Field(gt=0, allow_inf_nan=False)] = DEPOSIT
    costs: Costs = Costs()
    rules: Rules = Rules()
    execution: Execution = "next"
    characters: tuple[Text, ...] = Field(default=("adaptive",), min_length=1, max_length=MOST_AGENTS)
    debate: Annotated[int, Field(ge=0, le=100)] = 0
    verdict: Literal["vote", "judge"] = "vote"
    policy: Literal["signal", "model"] = "signal"
    model: Text | None = None
    memory: Text = "layered"
    k: Annotated[int, Field(ge=1, le=100)] = 5
    seed: Annotated[int, Field(ge=0)] = 0
    name: Text = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.start > self.end:
            raise InvalidInput(f"--from {self.start} is after --to {self.end}", "give the earlier day first")
        if self.warm_up is not None and self.warm_up >= self.start:
            raise InvalidInput(
                f"--warm-up {self.warm_up} is not before --from {self.start}",
                "begin it earlier, or leave it out",
            )
        if len(set(self.symbols)) != len(self.symbols):
            twice = next(one for one in self.symbols if self.symbols.count(one) > 1)
            raise InvalidInput(f"--symbols names {twice!r} twice", "name each once")
        if self.policy == "model" and not self.model:
            raise InvalidInput(
                "policy 'model' needs a language model", "name one: --model llama, or set AGENTMEM_MODEL"
            )
        if len(self.characters) == 1 and (self.debate or self.verdict == "judge"):
            raise InvalidInput("one agent alone has nobody to debate with", "give --agents 2 or more")
        for name in self.characters:
            character(name)
        self.plan()
        return self

    @property
    def agents(self) -> tuple[str, ...]:
        """The names of a team's agents, in order: their characters, numbered where one comes again."""
        names: list[str] = []
        for place, one in enumerate(self.characters):
            again = self.characters[:place].count(one)
            names.append(f"{one}-{again + 1}" if again else one)
        return tuple(names)

    @property
    def sleeve(self) -> float:
        """The money of one symbol at the beginning."""
        return self.cash / len(self.symbols)

    def profiles(self, symbol: str) -> tuple[Profile, ...]:
        """The agents of a symbol's team."""
        pairs = zip(self.agents, self.characters, strict=True)
        return tuple(Profile(name=name, symbol=symbol, character=CHARACTERS[one]) for name, one in pairs)

    def plan(self, name: str | None = None) -> MemoryPlan:
        """The memory of an agent of a character; none: as it is without one.

        Raises:
            InvalidInput: `memory` is a sum or JSON that means no memory.
            NotFound: no memory has that name.
        """
        plan = memory_of(self.memory, None if name is None else CHARACTERS[name], k=self.k)
        layered = None if plan.spec is None else plan.spec.part(LAYERED)
        if plan.spec is None or layered is None or not self.seed:
            return plan
        seeded = policy_of(layered.options.get("policy", "finmem")).altered({"seed": self.seed})
        return plan.altered({"spec": plan.spec.with_options(LAYERED, policy=seeded.model_dump(mode="json"))})
