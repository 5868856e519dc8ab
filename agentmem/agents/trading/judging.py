"""Who judges a debate about a trade: by the evidence that was shown, or by a language model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agentmem.agents.debate import Judge, Position, Verdict
from agentmem.agents.trading.agent import Prepared
from agentmem.agents.trading.character import Character
from agentmem.agents.trading.model import ModelPolicy
from agentmem.agents.trading.recalled import Recalled
from agentmem.agents.trading.signal import judged
from agentmem.agents.trading.values import Day, Decision
from agentmem.errors import Unavailable
from agentmem.synthesis.render import inline

NEUTRAL = Character(name="judge")
"""A judge's character: all layers alike, the same threshold on both sides, losses as much as gains."""


class TradeJudge(Protocol):
    """Judges debates, each day's by itself."""

    def of(self, day: Day, prepared: Sequence[Prepared]) -> Judge:
        """The judge of a day's debate among those who are prepared."""


class EvidenceJudge:
    """Judges by the memories that were shown in the end, each counted once, whoever showed it; no model.

    The rule is that of the policy `signal`, with a neutral character.
    """

    def of(self, day: Day, prepared: Sequence[Prepared]) -> Judge:
        """The same on all days."""
        return self

    def judge(self, positions: Sequence[Position]) -> Verdict:
        """What the shown memories mean."""
        shown: dict[str, Recalled] = {}
        for position in positions:
            for one in position.shared:
                told = Recalled(id=one.id, text=one.text, layer=one.layer, weight=one.weight)
                shown.setdefault(inline(one.text), told)
        return _verdict(judged(tuple(shown.values()), NEUTRAL, 0))


class ModelJudge:
    """Lets a language model judge.

    Args:
        policy: How it is asked.
    """

    def __init__(self, policy: ModelPolicy) -> None:
        self._policy = policy

    def of(self, day: Day, prepared: Sequence[Prepared]) -> Judge:
        """The judge of a security."""
        return _ModelJudging(self._policy, day.symbol)


class _ModelJudging:
    def __init__(self, policy: ModelPolicy, symbol: str) -> None:
        self._policy = policy
        self._symbol = symbol

    def judge(self, positions: Sequence[Position]) -> Verdict:
        decision, error = self._policy.judge(self._symbol, positions)
        if error:
            raise Unavailable(f"the judging model gave no verdict: {error}", quotes=True)
        return _verdict(decision)


def _verdict(decision: Decision) -> Verdict:
    return Verdict(
        choice=decision.side,
        size=decision.size,
        confidence=decision.confidence,
        reason=decision.reason,
        method="judge",
        tokens=decision.tokens,
    )
