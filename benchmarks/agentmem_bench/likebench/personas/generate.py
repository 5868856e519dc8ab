"""A seeded generator of personas: put together from content files, by rules, without a model."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar, get_args

from agentmem_bench.likebench.personas.consistency import compatible, suits
from agentmem_bench.likebench.personas.content import (
    Behaviour,
    Facet,
    LifeFact,
    behaviours,
    lives,
    phrases,
    topics,
)
from agentmem_bench.likebench.personas.schema import (
    Comfort,
    Depth,
    Fact,
    Formality,
    Humor,
    Kind,
    Length,
    Moment,
    Mood,
    Persona,
    Preferences,
    Prior,
    Shorthand,
)

SESSIONS = 5
TOPICS = 4
"""Topics of a persona; each session is on two of them."""
FACTS, IMPLICIT, MOMENTS = 10, 5, 6
"""Facts of a persona, those of them that only show, and those that are to be brought back."""
WORDS = 3
"""Own words of a persona."""
USUAL = 0.15
"""Chance of a wish that an assistant without memory fits anyway."""
USUALS = {"length": "medium", "formality": "plain", "humor": "none", "knowledge": "familiar"}
One = TypeVar("One")


def generate(number: int, seed: int) -> Persona:
    """The persona of a number: its type goes round with the number, all else is drawn by the seed.

    Args:
        number: From 1.
        seed: Of what is drawn.
    """
    chance = random.Random(f"persona {seed} {number}")  # noqa: S311 - no secret
    kind = Kind(social=number % 2 == 1, predictable=(number - 1) // 2 % 2 == 0)
    bank, life = behaviours(), lives()
    chosen: list[Behaviour] = []
    own_topics = chance.sample(sorted(topics()), TOPICS)
    preferences = _preferences(own_topics, chance)
    facets = _described(bank.facets, kind, preferences, chosen, chance)
    style = _described(bank.style, kind, preferences, chosen, chance)
    priors = _priors(own_topics, chance)
    branches = chance.sample(sorted(life.interests), 3)
    return Persona(
        id=f"p{number:02}",
        name=life.names[(number * 7 + seed) % len(life.names)],
        kind=kind,
        place=chance.choice(life.places),
        trade=chance.choice(life.trades),
        facets=facets,
        style=style,
        interests=tuple(chance.choice(life.interests[branch]) for branch in branches),
        peeves=tuple(chance.sample(life.peeves, 3)),
        preferences=preferences,
        facts=tuple(_facts(chance)),
        shorthand=tuple(_shorthand(chance)),
        sessions=tuple(priors),
    )


def _described(
    bank: Mapping[str, Facet],
    kind: Kind,
    preferences: Preferences,
    chosen: list[Behaviour],
    chance: random.Random,
) -> dict[str, str]:
    """A behaviour for each facet, none against type, preferences, or another one that was `chosen`."""
    found = {}
    for name, facet in bank.items():
        fitting = [
            one for one in facet.behaviours if compatible(one, kind, chosen) and suits(name, one, preferences)
        ]
        if fitting:  # else nothing is said of it
            one = chance.choice(fitting)
            chosen.append(one)
            found[name] = one.text
    return found


def _wish(name: str, values: Sequence[One], chance: random.Random) -> One:
    """A wish; seldom that which is usual."""
    usual = USUALS.get(name)
    if usual is not None and chance.random() < USUAL:
        return next(value for value in values if value == usual)
    return chance.choice([value for value in values if value != usual])


def _preferences(own_topics: Sequence[str], chance: random.Random) -> Preferences:
    return Preferences(
        length=_wish("length", get_args(Length), chance),
        formality=_wish("formality", get_args(Formality), chance),
        humor=_wish("humor", get_args(Humor), chance),
        comfort=_wish("comfort", get_args(Comfort), chance),
        knowledge={topic: _wish("knowledge", get_args(Depth), chance) for topic in own_topics},
    )


def _priors(own_topics: Sequence[str], chance: random.Random) -> Iterator[Prior]:
    moods: tuple[Mood, ...] = get_args(Mood)
    openers = chance.sample(phrases().openers, SESSIONS)
    for number in range(SESSIONS):
        pair = (own_topics[number % TOPICS], own_topics[(number + 1) % TOPICS])
        yield Prior(topics=pair, mood=chance.choice(moods), happened=openers[number])


def _facts(chance: random.Random) -> Iterator[Fact]:
    """Facts of several groups, none that excludes another; they surface early, and some are to come back."""
    chosen: list[LifeFact] = []
    for fact in chance.sample(lives().facts, len(lives().facts)):
        against = any(fact.id in one.excludes or one.id in fact.excludes for one in chosen)
        crowded = sum(one.group == fact.group for one in chosen) > 1
        if not against and not crowded and len(chosen) < FACTS:
            chosen.append(fact)
    for number, fact in enumerate(chosen):
        slots = {name: chance.choice(values) for name, values in fact.slots.items()}
        kind = "implicit" if number < IMPLICIT else "explicit"
        session = 1 + number % (SESSIONS - 2)
        moment = None
        if number % FACTS < MOMENTS:
            moment = Moment(
                session=chance.randint(session + 1, SESSIONS),
                says=chance.choice(fact.moments),
                recalls=fact.recalls.format(**slots),
            )
        yield Fact(
            id=fact.id,
            kind=kind,
            session=session,
            says=chance.choice(getattr(fact, kind)).format(**slots),
            question=fact.question,
            keys=tuple(key.format(**slots) for key in fact.keys),
            moment=moment,
        )


def _shorthand(chance: random.Random) -> Iterator[Shorthand]:
    for number, thing in enumerate(chance.sample(phrases().shorthand.things, WORDS)):
        session = 1 + number % 2
        later = range(session + 1, SESSIONS + 1)
        keys = [word for word in thing.means.split() if word.lower() not in _FILLING]
        yield Shorthand(
            says=thing.says,
            means=thing.means,
            keys=tuple(keys[-2:]),
            session=session,
            used=tuple(sorted(chance.sample(later, 2))),
        )


_FILLING = {"a", "an", "the", "my", "our", "of", "for", "in", "on", "at", "to", "and", "from", "with"}
"""Words of a thing that tell nothing."""
