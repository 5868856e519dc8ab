"""A vote: each has as many votes as confidence."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem.agents.debate.values import DebatePolicy, Position, Verdict

_DIGITS = 9
"""Decimals to which votes are compared: sums of the same confidences in another order are equal."""


def vote(positions: Sequence[Position], policy: DebatePolicy) -> Verdict:
    """The choice for which most confidence was given; where two have the same, `otherwise`.

    Its size is the mean of its supporters' by their confidence; its confidence theirs, less what stood
    against it.

    Args:
        positions: Those with which a debate ended.
        policy: The rules.
    """
    weights = {
        choice: round(sum(one.confidence for one in positions if one.choice == choice), _DIGITS)
        for choice in policy.choices
    }
    most = max(weights.values())
    first = [choice for choice, weight in weights.items() if weight == most and most > 0]
    choice = first[0] if len(first) == 1 else policy.otherwise
    supporters = [one for one in positions if one.choice == choice]
    told = ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items() if weight)
    reason = f"votes by confidence: {told or 'none'}"
    if len(first) != 1:
        reason += f"; no choice has most of them: {policy.otherwise}"
    own, total = weights[choice], sum(weights.values())
    if not supporters or not own:
        return Verdict(choice=choice, reason=reason, supporters=tuple(one.speaker for one in supporters))
    return Verdict(
        choice=choice,
        size=min(1.0, sum(one.size * one.confidence for one in supporters) / own),
        confidence=min(1.0, own / len(supporters) * own / total),
        reason=reason,
        supporters=tuple(one.speaker for one in supporters),
    )
