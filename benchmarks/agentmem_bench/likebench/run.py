"""One dialogue: every turn answered, rated and kept; after the last session its facts are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

from agentmem.models.base import Usage
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.players import Exchange, Rated, Rater, User, Uttered
from agentmem_bench.likebench.probe.decoys import DECOYS
from agentmem_bench.likebench.probe.script import Turn
from agentmem_bench.likebench.probe.text import holds
from agentmem_bench.likebench.rows import ANSWERS, USER, Dialogue, Recalled, Row, rated_by
from agentmem_bench.likebench.rows import DECOYS as WORSE
from agentmem_bench.likebench.systems.base import Reply, Said, System

BEGIN = datetime(2026, 1, 5, 18, tzinfo=UTC)
BETWEEN_SESSIONS, BETWEEN_TURNS = timedelta(days=7), timedelta(minutes=2)
RATER = "rater"
"""What rating took, among the seconds of a turn."""


def digest(persona: Persona) -> str:
    """What tells two personas apart."""
    return hashlib.sha256(persona.model_dump_json().encode()).hexdigest()[:16]


class Table:
    """Those at one table: a persona, who plays it, and who rates for it.

    Args:
        persona: Who it is.
        user: Who plays it.
        raters: Who rates; the ratings of the first one count.
        decoys: Every so many turns worse replies are rated too, by the first rater; 0: never.
    """

    def __init__(self, persona: Persona, user: User, raters: Sequence[Rater], decoys: int = 0) -> None:
        self.persona = persona
        self.user = user
        self._raters = raters
        self._decoys = decoys

    def play(self, system: System, dialogue: Dialogue) -> None:
        """Play a dialogue to its end; what it has already is said again to user and system, not asked."""
        if dialogue.is_whole:
            return
        for _, row, is_new in self.turns(system, dialogue.turns):
            if is_new:
                dialogue.add(row)
        facts = self.persona.facts
        at = BEGIN + len(self.persona.sessions) * BETWEEN_SESSIONS
        told = [system.remembers(fact.question, at) for fact in facts]
        found = {fact.id: holds(fact.keys, one.text) for fact, one in zip(facts, told, strict=True)}
        failures = sum(bool(one.failure) for one in told)
        usage = _sum([one.usage for one in told])
        dialogue.add(Recalled(facts=found, held=system.facts(), usage=usage, failures=failures))

    def turns(self, system: System, done: Sequence[Row] = ()) -> Iterator[tuple[Turn, Row, bool]]:
        """All turns with their rows, and whether each is new."""
        rows = list(done)
        for place, turn in enumerate(self.user.turns):
            is_new = place >= len(done)
            if is_new:
                rows.append(self._played(place, turn, system, rows))
            else:
                self.user.repeat(turn)
            row = rows[place]
            self.user.hear(turn, row)
            system.keep(_said(turn, row.message), row.reply)
            yield turn, row, is_new

    def _played(self, place: int, turn: Turn, system: System, before: Sequence[Row]) -> Row:
        began = perf_counter()
        uttered = self.user.message(turn, before)
        saying = perf_counter() - began
        reply = system.reply(_said(turn, uttered.text))
        exchange = Exchange(turn, uttered.text, reply.text, tuple(before))
        began = perf_counter()
        rated, *others = [rater.rate(self.persona, exchange) for rater in self._raters]
        rating = perf_counter() - began
        decoys = self._worse(place, exchange) if not reply.failure else {}
        named = zip([rated_by(rater.name) for rater in self._raters], [rated, *others], strict=True)
        asked: dict[str, Uttered | Reply | Rated] = {USER: uttered, ANSWERS: reply, **dict(named)}
        usage = {name: one.usage for name, one in asked.items()}
        usage[WORSE] = _sum([one.usage for one in decoys.values()])
        failures = {name: one.failure for name, one in asked.items()}
        failures[WORSE] = "; ".join(one.failure for one in decoys.values() if one.failure)
        return Row(
            session=turn.session,
            turn=turn.number,
            what=turn.kind,
            message=uttered.text,
            reply=reply.text,
            ratings=dict(rated.ratings),
            reasons=dict(rated.reasons),
            repeats=tuple(dict(one) for one in rated.repeats),
            unquoted=rated.unquoted,
            others={
                rater.name: dict(one.ratings) for rater, one in zip(self._raters[1:], others, strict=True)
            },
            decoys={name: dict(one.ratings) for name, one in decoys.items()},
            meant=uttered.meant,
            tokens=reply.tokens,
            recalled=reply.recalled,
            seconds={USER: saying, **reply.seconds, RATER: rating},
            usage={name: one for name, one in usage.items() if one is not None},
            failures={name: one for name, one in failures.items() if one},
        )

    def _worse(self, place: int, exchange: Exchange) -> dict[str, Rated]:
        """What decoys of a reply are worth, at some turns."""
        if not self._decoys or place % self._decoys:
            return {}
        turn, message, reply = exchange.turn, exchange.message, exchange.reply
        worse = {name: decoy(self.persona, turn, message, reply) for name, decoy in DECOYS.items()}
        rater = self._raters[0]
        return {name: rater.rate(self.persona, replace(exchange, reply=one)) for name, one in worse.items()}


def _said(turn: Turn, message: str) -> Said:
    at = BEGIN + (turn.session - 1) * BETWEEN_SESSIONS + turn.number * BETWEEN_TURNS
    return Said(turn.session, turn.number, at, message)


def _sum(usages: Sequence[Usage | None]) -> Usage | None:
    given = [usage for usage in usages if usage is not None]
    return sum(given[1:], given[0]) if given else None
