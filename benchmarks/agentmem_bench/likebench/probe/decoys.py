"""Replies that flatter, pad, parrot and repeat: what must never raise a rating."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agentmem_bench.likebench.personas.content import replies
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.probe.script import Turn

Decoy = Callable[[Persona, Turn, str, str], str]
"""A worse reply, from the persona, the turn, the message and the reply as it was."""
PADDED = 4
"""How many times an over-long reply says everything."""


def over_long(persona: Persona, turn: Turn, message: str, reply: str) -> str:
    """The reply, over and over."""
    return " ".join([reply] * PADDED)


def over_sweet(persona: Persona, turn: Turn, message: str, reply: str) -> str:
    """The reply between compliments."""
    first, *rest = replies().sweet
    return " ".join([first, reply, *rest])


def parroting(persona: Persona, turn: Turn, message: str, reply: str) -> str:
    """The user's own words, before the reply and after it."""
    return f"{message} {reply} {message}"


def every_callback(persona: Persona, turn: Turn, message: str, reply: str) -> str:
    """The reply, and everything that the user ever told."""
    told = " ".join(fact.says for fact in persona.facts if fact.session <= turn.session)
    return f"{reply} {told}".strip()


DECOYS: Mapping[str, Decoy] = {
    "over-long": over_long,
    "over-sweet": over_sweet,
    "parroting": parroting,
    "every callback": every_callback,
}
"""By name."""
