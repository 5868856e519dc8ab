"""One dialogue: every turn answered, rated and kept; after the last session its facts are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.probe.rater import rate
from agentmem_bench.likebench.probe.script import Turn, Variant
from agentmem_bench.likebench.probe.text import holds
from agentmem_bench.likebench.probe.user import ScriptedUser
from agentmem_bench.likebench.rows import Dialogue, Recalled, Row
from agentmem_bench.likebench.systems.base import Said, System

BEGIN = datetime(2026, 1, 5, 18, tzinfo=UTC)
BETWEEN_SESSIONS, BETWEEN_TURNS = timedelta(days=7), timedelta(minutes=2)


def digest(persona: Persona) -> str:
    """What tells two personas apart."""
    return hashlib.sha256(persona.model_dump_json().encode()).hexdigest()[:16]


def played(persona: Persona, variant: Variant, seed: int, system: System, dialogue: Dialogue) -> None:
    """Play a dialogue to its end; what it has already is said again to the user and the system, not asked."""
    if dialogue.is_whole:
        return
    for _, row, is_new in turns(persona, variant, seed, system, dialogue.turns):
        if is_new:
            dialogue.add(row)
    at = BEGIN + len(persona.sessions) * BETWEEN_SESSIONS
    found = {fact.id: holds(fact.keys, system.remembers(fact.question, at)) for fact in persona.facts}
    dialogue.add(Recalled(facts=found, held=system.facts()))


def turns(
    persona: Persona, variant: Variant, seed: int, system: System, done: list[Row] | None = None
) -> Iterator[tuple[Turn, Row, bool]]:
    """All turns with their rows, and whether each is new."""
    user = ScriptedUser(persona, variant, seed)
    before = list(done or ())
    for place, turn in enumerate(user.turns):
        at = BEGIN + (turn.session - 1) * BETWEEN_SESSIONS + turn.number * BETWEEN_TURNS
        said = Said(turn.session, turn.number, at, user.message(turn))
        is_new = place >= len(before)
        row = _answered(persona, turn, said, system) if is_new else before[place]
        user.hear(turn, row.rated)
        system.keep(said, row.reply)
        yield turn, row, is_new


def _answered(persona: Persona, turn: Turn, said: Said, system: System) -> Row:
    reply = system.reply(said)
    ratings = rate(persona, turn, said.message, reply.text)
    return Row(
        session=said.session,
        turn=said.turn,
        what=turn.kind,
        message=said.message,
        reply=reply.text,
        ratings={name: rating.value for name, rating in ratings.items()},
        reasons={name: rating.reason for name, rating in ratings.items() if rating.value is not None},
        tokens=reply.tokens,
        recalled=reply.recalled,
        seconds=dict(reply.seconds),
        usage=dict(reply.usage),
    )
