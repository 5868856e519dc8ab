"""Whether a persona can be one person: no behaviour against its type, its wishes, or another behaviour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agentmem_bench.likebench.personas.content import Behaviour, behaviours
from agentmem_bench.likebench.personas.schema import Kind, Persona, Preferences

SHOWS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "register": ("formality", {"casual": "low", "plain": "middle", "formal": "high"}),
    "humour": ("humor", {"none": "low", "dry": "middle", "playful": "high"}),
    "depth": ("length", {"brief": "low", "medium": "middle", "full": "high"}),
}
"""Dimensions of style that go with a preference: which, and at which end of the style its values stand."""


def suits(style: str, one: Behaviour, preferences: Preferences) -> bool:
    """Whether a behaviour of a dimension of style goes with how a persona likes to be answered."""
    if style not in SHOWS:
        return True
    name, ends = SHOWS[style]
    value = getattr(preferences, name)
    return value is None or ends[value] == one.pole


def compatible(one: Behaviour, kind: Kind, others: Iterable[Behaviour]) -> bool:
    """Whether a behaviour fits a type, and some other behaviours."""
    social, predictable = 1 if kind.social else -1, 1 if kind.predictable else -1
    if -social == one.social or -predictable == one.predictable:
        return False
    return not any(one.id in other.excludes or other.id in one.excludes for other in others)


def contradictions(persona: Persona) -> Sequence[str]:
    """What in a persona cannot be of one person, in words; only behaviours of the bank are checked."""
    bank = behaviours()
    known = {
        one.text: one
        for group in (bank.facets, bank.style)
        for facet in group.values()
        for one in facet.behaviours
    }
    own = [known[text] for text in (*persona.facets.values(), *persona.style.values()) if text in known]
    found = [
        f"{one.text!r} is against {other.text!r}"
        for place, one in enumerate(own)
        for other in own[:place]
        if one.id in other.excludes or other.id in one.excludes
    ]
    found += [
        f"{text!r} is against preferences.{SHOWS[style][0]}"
        for style, text in persona.style.items()
        if text in known and not suits(style, known[text], persona.preferences)
    ]
    found += [
        f"{one.text!r} is against the type {persona.kind.name}"
        for one in own
        if not compatible(one, persona.kind, ())
    ]
    return found
