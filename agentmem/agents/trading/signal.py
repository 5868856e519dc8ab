"""The policy `signal`: a rule without a model, which reads recalled memories alone, and never prices."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem.agents.debate import Position
from agentmem.agents.trading.character import Character
from agentmem.agents.trading.policy import Briefing, LookingBack
from agentmem.agents.trading.recalled import Recalled, clipped
from agentmem.agents.trading.tone import tone
from agentmem.agents.trading.values import Decision, Side
from agentmem.synthesis.render import inline

QUOTED = 90
"""Characters of a memory that a reason quotes."""


class SignalPolicy:
    """Trades by the tone of what is remembered.

    The tone of a layer is the mean tone of its memories by their weight (γ), bad tone weighing as the
    character weighs losses. The signal is the mean over the layers that recalled anything, by the character's
    weights of them, and at least -1, at most 1. It buys from `buy_at` on, sells from -`sell_at` on, and holds
    between; the size grows with the signal up to `full_at`. It cites the memories that speak for its side,
    the weightiest first. Fixed before any figure of a test period was seen.
    """

    name = "signal"
    hears = False
    """What others argued was weighed in the debate, where each memory counts once."""

    def decide(self, briefing: Briefing) -> Decision:
        """By the agent's own memories."""
        return judged(briefing.memories, briefing.character, briefing.cites)

    def answer(self, briefing: Briefing, own: Position, others: Sequence[Position]) -> Decision:
        """By its own memories and those that others share, by how open the character is to them.

        What says the same as an own memory, or as what was shared before, is counted once.
        """
        known = {inline(one.text) for one in briefing.memories}
        learned: dict[str, Recalled] = {}
        for position in others:
            for one in position.shared:
                if inline(one.text) not in known:
                    weight = one.weight * briefing.character.openness
                    told = Recalled(id=one.id, text=one.text, layer=one.layer, weight=weight)
                    learned.setdefault(inline(one.text), told)
        mine = {one.id for one in briefing.memories}
        decision = judged(
            (*briefing.memories, *learned.values()), briefing.character, briefing.cites + len(learned)
        )
        cited = tuple(id for id in decision.cited if id in mine)[: briefing.cites]
        return decision.altered({"cited": cited})

    def reflect(self, looking: LookingBack) -> str:
        """The facts, as they are."""
        return looking.facts


def judged(memories: Sequence[Recalled], character: Character, cites: int) -> Decision:
    """The decision that memories mean to a character.

    Args:
        memories: What is remembered; prices play no part.
        character: Who judges.
        cites: How many memories are named at most.
    """
    tones = [tone(one.text) for one in memories]
    layers = {layer: _tone_of(layer, memories, tones, character) for layer in _layers(memories)}
    total = sum(character.weight_of(layer) for layer in layers)
    signal = 0.0
    if total:
        signal = sum(character.weight_of(layer) * one for layer, one in layers.items()) / total
    signal = round(max(-1.0, min(1.0, signal)), 9)
    side, threshold, most = _side(signal, character)
    strength = min(1.0, abs(signal) / character.full_at)
    told = ", ".join(f"{layer} {one:+.2f}" for layer, one in layers.items())
    reason = f"the tone of {len(memories)} memories is {signal:+.2f} ({told or 'nothing is remembered'})"
    if side == "hold":
        nearness = abs(signal) / threshold if threshold else 0.0
        return Decision(
            side="hold",
            reason=f"{reason}: neither {character.buy_at:+.2f} to buy nor {-character.sell_at:+.2f} to sell",
            confidence=max(0.0, 1.0 - nearness) if memories else 0.0,
            character=character.name,
        )
    sign = 1 if side == "buy" else -1
    backing = sorted(
        (place for place, one in enumerate(tones) if one * sign > 0),
        key=lambda place: (-memories[place].weight * abs(tones[place]), place),
    )[:cites]
    quoted = f"; foremost “{clipped(memories[backing[0]].text, QUOTED)}”" if backing else ""
    return Decision(
        side=side,
        size=most * strength,
        reason=reason + quoted,
        cited=tuple(memories[place].id for place in backing),
        confidence=strength,
        character=character.name,
    )


def _side(signal: float, character: Character) -> tuple[Side, float, float]:
    """The side, the threshold on that side of 0, and the largest size."""
    if signal > 0 and signal >= character.buy_at:
        return "buy", character.buy_at, character.buys
    if signal < 0 and -signal >= character.sell_at:
        return "sell", character.sell_at, character.sells
    return "hold", character.buy_at if signal >= 0 else character.sell_at, 0.0


def _layers(memories: Sequence[Recalled]) -> list[str]:
    return list(dict.fromkeys(one.layer for one in memories))


def _tone_of(layer: str, memories: Sequence[Recalled], tones: Sequence[float], character: Character) -> float:
    """The mean tone of a layer's memories by weight; where nothing has weight, the plain mean."""
    own = [
        (one.weight, value if value >= 0 else value * character.loss_weight)
        for one, value in zip(memories, tones, strict=True)
        if one.layer == layer
    ]
    total = sum(weight for weight, _ in own)
    if not total:
        return sum(value for _, value in own) / len(own)
    return sum(weight * value for weight, value in own) / total
