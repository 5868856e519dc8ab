"""Debates among agents, whatever they are about: `debate(participants, policy)` gives a `Transcript`."""

from agentmem.agents.debate.rounds import Judge, Participant, debate
from agentmem.agents.debate.values import DebatePolicy, LeftOut, Position, Shared, Transcript, Verdict
from agentmem.agents.debate.voting import vote

__all__ = [
    "DebatePolicy",
    "Judge",
    "LeftOut",
    "Participant",
    "Position",
    "Shared",
    "Transcript",
    "Verdict",
    "debate",
    "vote",
]
