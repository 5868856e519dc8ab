"""Strategies: what who knows the rules of a world does, given what is believed of its state."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.agents.strategies.barman import barman
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need, Strategy
from agentmem.agents.strategies.blocksworld import blocksworld
from agentmem.agents.strategies.errand import errand
from agentmem.agents.strategies.gripper import gripper
from agentmem.agents.strategies.tyreworld import tyreworld

STRATEGIES: Mapping[str, Strategy] = {
    "barman": barman,
    "blocksworld": blocksworld,
    "errand": errand,
    "gripper": gripper,
    "tyreworld": tyreworld,
}
"""By the name of their world."""

__all__ = ["STRATEGIES", "Belief", "Goal", "Move", "Need", "Strategy"]
