"""What a scripted user says, turn by turn, before anything is answered; drawn by seed from a persona."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agentmem_bench.likebench.personas.content import phrases, topics
from agentmem_bench.likebench.personas.schema import Dimension, Fact, Mood, Persona, Prior, Shorthand
from agentmem_bench.likebench.probe.wishes import Wish, wishes_of

Kind = Literal["ask", "mood", "reference", "callback", "noise"]
BAD: tuple[Mood, ...] = ("low", "angry", "anxious")
"""Moods in which a persona wants to be met as it likes."""


@dataclass(frozen=True)
class Variant:
    """How long and how noisy sessions are.

    Attributes:
        name: As tables call it.
        turns: Of the user's, in a session.
        noise: Share of them that is beside the point.
        contradictions: In a session, wishes for once the other way.
        swings: Chance that what follows on a bad mood begins with another one.
    """

    name: str
    turns: int
    noise: float = 0.0
    contradictions: int = 0
    swings: float = 0.0


VARIANTS = {
    one.name: one
    for one in (
        Variant("clean", turns=10),
        Variant("noisy", turns=16, noise=0.35, contradictions=1, swings=0.5),
    )
}
"""Those that are measured, by name."""


@dataclass(frozen=True)
class Turn:
    """One message of the user's, and what it asks of a reply.

    Attributes:
        session: From 1.
        number: In the session, from 1.
        kind: What it is.
        says: The words, without a reaction to what was answered before.
        topic: Of a question; else none.
        mood: A bad mood that shows; else none.
        reference: The own word that it uses; else none.
        callback: The fact that it is fitting to bring back; else none.
        surfaces: The fact that surfaces in it; else none.
        not_rated: Dimensions on which it wants, for once, something else.
    """

    session: int
    number: int
    kind: Kind
    says: str
    topic: str | None = None
    mood: Mood | None = None
    reference: Shorthand | None = None
    callback: Fact | None = None
    surfaces: Fact | None = None
    not_rated: frozenset[Dimension] = frozenset()


def script(persona: Persona, variant: Variant, seed: int) -> list[Turn]:
    """All turns of all sessions, in order."""
    wishes = wishes_of(persona)
    revealed = _revealed(persona, wishes, seed)
    turns: list[Turn] = []
    for number, prior in enumerate(persona.sessions, 1):
        chance = _chance(seed, persona, variant.name, str(number))
        turns += _session(persona, number, prior, variant, revealed.get(number, []), wishes, chance)
    return turns


def _chance(seed: int, persona: Persona, *about: str) -> random.Random:
    return random.Random(" ".join([str(seed), persona.id, *about]))  # noqa: S311 - no secret


def _revealed(persona: Persona, wishes: Sequence[Wish], seed: int) -> dict[int, list[tuple[Wish, str]]]:
    """The sessions in which wishes are said, and how; those that are never said show in reactions."""
    found: dict[int, list[tuple[Wish, str]]] = {}
    for wish in wishes:
        chance = _chance(seed, persona, "wish", wish.dimension, wish.topic or "")
        silent = chance.random() < (0.2 if persona.kind.predictable else 0.4)
        said = chance.choice(wish.states)
        session = _first_of(persona, wish, chance)
        if not silent and session is not None:
            found.setdefault(session, []).append((wish, said))
    return found


def _first_of(persona: Persona, wish: Wish, chance: random.Random) -> int | None:
    """The session in which a wish is said: of a topic the first about it, of others one of the first two."""
    if wish.topic is not None:
        return next((n for n, prior in enumerate(persona.sessions, 1) if wish.topic in prior.topics), None)
    return min(chance.choice((1, 1, 2)), len(persona.sessions))


def _session(
    persona: Persona,
    number: int,
    prior: Prior,
    variant: Variant,
    revealed: Sequence[tuple[Wish, str]],
    wishes: Sequence[Wish],
    chance: random.Random,
) -> list[Turn]:
    said = phrases()
    blank = Turn(number, 0, "ask", "")
    own: list[Turn] = [
        *_references(persona, blank, chance),
        *(
            replace(blank, kind="callback", says=fact.moment.says, callback=fact)
            for fact in persona.facts
            if fact.moment is not None and fact.moment.session == number
        ),
        *_moods(persona, prior, blank, chance),
    ]
    noise = [
        replace(blank, kind="noise", says=line)
        for line in chance.sample(said.off_topic, round(variant.noise * variant.turns))
    ]
    openings = [wish_said for _, wish_said in revealed]
    openings += [
        chance.choice(said.shorthand.introduces).format(says=word.says, means=word.means)
        for word in persona.shorthand
        if word.session == number
    ]
    surfacing = [fact for fact in persona.facts if fact.session == number]
    asks = _asks(prior, blank, chance)
    turns: list[Turn] = []
    for line in openings:
        ask = next(asks)
        turns.append(replace(ask, says=f"{line} {ask.says}"))
    for fact in surfacing:
        ask = next(asks)
        turns.append(replace(ask, says=f"{fact.says} {ask.says}", surfaces=fact))
    while len(turns) + len(own) + len(noise) < variant.turns:
        turns.append(next(asks))
    turns = _contradicted(turns, wishes, variant, chance)
    order = [*turns, *own, *noise]
    chance.shuffle(order)
    for place in range(1, len(order)):
        if order[place - 1].mood is not None and chance.random() < variant.swings:
            order[place] = replace(order[place], says=f"{chance.choice(said.swings)} {order[place].says}")
    opener = prior.happened or chance.choice(said.openers)
    order[0] = replace(order[0], says=f"{opener} {order[0].says}")
    return [replace(turn, number=place) for place, turn in enumerate(order, 1)]


def _references(persona: Persona, blank: Turn, chance: random.Random) -> Iterator[Turn]:
    for word in persona.shorthand:
        if blank.session in word.used:
            line = chance.choice(phrases().shorthand.uses).format(says=word.says)
            yield replace(blank, kind="reference", says=line, reference=word)


def _moods(persona: Persona, prior: Prior, blank: Turn, chance: random.Random) -> Iterator[Turn]:
    moods: list[Mood] = [prior.mood] * 2 if prior.mood in BAD else [chance.choice(BAD)]
    if not persona.kind.predictable:
        moods.append(chance.choice(BAD))
    for mood in moods:
        yield replace(blank, kind="mood", says=chance.choice(phrases().moods[mood]), mood=mood)


def _asks(prior: Prior, blank: Turn, chance: random.Random) -> Iterator[Turn]:
    """Questions on the session's topics, over and over."""
    named = [name for name in prior.topics if name in topics()] or sorted(topics())
    while True:
        for name in named:
            yield replace(blank, says=chance.choice(topics()[name].asks), topic=name)


def _contradicted(
    turns: list[Turn], wishes: Sequence[Wish], variant: Variant, chance: random.Random
) -> list[Turn]:
    """Some turns with a wish that goes, for once, the other way; they are not rated on it."""
    able = [wish for wish in wishes if wish.opposite]
    for place in chance.sample(range(len(turns)), min(variant.contradictions, len(turns))):
        if able:
            wish, turn = chance.choice(able), turns[place]
            line = chance.choice(wish.opposite)
            turns[place] = replace(
                turn, says=f"{line} {turn.says}", not_rated=turn.not_rated | {wish.dimension}
            )
    return turns
