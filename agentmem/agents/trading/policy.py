"""Who decides for a trading agent: a policy reads a briefing, answers other agents, and looks back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agentmem.agents.debate import Position
from agentmem.agents.trading.character import Character, Profile
from agentmem.agents.trading.recalled import Recalled
from agentmem.agents.trading.values import Day, Decision
from agentmem.records import Text, Value


class Briefing(Value):
    """What a policy is shown on a day.

    Attributes:
        profile: Who decides.
        character: The character in force.
        day: The day and the account; no prices later than it.
        memories: What the agent remembers of the security, layer by layer, each layer's best first.
        heard: What agents argued on earlier days.
        cites: How many memories a decision names at most.
    """

    profile: Profile
    character: Character
    day: Day
    memories: tuple[Recalled, ...] = ()
    heard: tuple[Recalled, ...] = ()
    cites: int = 5


class LookingBack(Value):
    """What an extended reflection is made from.

    Attributes:
        profile: Who reflects.
        character: The character in force.
        facts: What was decided and what came of it.
        cited: The memories that the decisions rested on.
    """

    profile: Profile
    character: Character
    facts: Text
    cited: tuple[Recalled, ...] = ()


class TradingPolicy(Protocol):
    """Decides from what it is shown alone, and keeps nothing between two days."""

    @property
    def name(self) -> str:
        """What it is called, as after `--policy`."""

    @property
    def hears(self) -> bool:
        """Whether it reads what was argued on earlier days; else memory is not asked for it."""

    def decide(self, briefing: Briefing) -> Decision:
        """What to do on a day (immediate reflection)."""

    def answer(self, briefing: Briefing, own: Position, others: Sequence[Position]) -> Decision:
        """What it would do now that it has read what others hold."""

    def reflect(self, looking: LookingBack) -> str:
        """What is worth keeping of some days (extended reflection)."""
