"""A persona as prose, for the models that play and rate; nothing of it goes to a system under test."""

from __future__ import annotations

from collections.abc import Iterator

from agentmem_bench.likebench.personas.content import topics
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.probe.wishes import wishes_of


def character(persona: Persona) -> str:
    """Who somebody is, a behaviour or a liking a line."""
    return "\n".join(_character(persona))


def _character(persona: Persona) -> Iterator[str]:
    yield f"{persona.introduced}; {persona.kind.name}."
    yield from persona.facets.values()
    yield from persona.style.values()
    if persona.interests:
        yield f"Likes to talk about {', '.join(persona.interests)}."
    if persona.peeves:
        yield f"Cannot stand: {'; '.join(persona.peeves)}."


def likings(persona: Persona) -> str:
    """How somebody likes to be answered, in its own words, a wish a line."""
    return "\n".join(wish.states[0] for wish in wishes_of(persona))


def life(persona: Persona, session: int) -> str:
    """What somebody told up to a session, in its own words, a fact or a word a line."""
    told = [fact.says for fact in persona.facts if fact.session <= session]
    told += [
        f'By "{word.says}" I mean {word.means}.' for word in persona.shorthand if word.session <= session
    ]
    return "\n".join(told)


def setting(persona: Persona, session: int) -> str:
    """What a session is about, and in which mood it is entered."""
    prior = persona.sessions[session - 1]
    names = [topics()[name].name for name in prior.topics if name in topics()]
    about = f"Today it is about {' and '.join(names)}. " if names else ""
    happened = f" {prior.happened}" if prior.happened else ""
    return f"{about}The mood at the beginning: {prior.mood}.{happened}"
