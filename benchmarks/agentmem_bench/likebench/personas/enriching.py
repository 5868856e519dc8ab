"""A model words the behaviours of a persona anew, as those of this one; nothing that is rated changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, Field, create_model

from agentmem.fence import fence
from agentmem.models.base import Usage
from agentmem.prompts import render
from agentmem.synthesis.render import inline
from agentmem_bench.asking import Asker
from agentmem_bench.likebench.personas.schema import Persona

AT_ONCE = 11
"""Behaviours that a model words in one answer: a quarter of a generated persona's."""
LONGEST = 300
"""Characters of a behaviour."""
TOKENS = 80
"""Of an answer, for each behaviour."""
_Sentence = Annotated[str, Field(min_length=1, max_length=LONGEST)]


def enriched(persona: Persona, asker: Asker) -> tuple[Persona, Usage, Sequence[str]]:
    """A persona with its facets and style in a model's words, for the models that play and rate.

    Returns:
        The persona, what it took, and what failed; behaviours whose wording failed stay as they were.

    Raises:
        Unavailable: the model is not there.
    """
    old = {f"facet {name}": text for name, text in persona.facets.items()}
    old |= {f"style {name}": text for name, text in persona.style.items()}
    names, new, usage, failures = list(old), dict(old), Usage(calls=0), []
    for start in range(0, len(names), AT_ONCE):
        some = {name: old[name] for name in names[start : start + AT_ONCE]}
        said = asker.ask(_prompt(persona, some), max_tokens=TOKENS * len(some), schema=_schema(some))
        usage += said.usage
        if said.value is None:
            failures.append(said.failure)
        else:
            worded = {name: inline(getattr(said.value, _field(place))) for place, name in enumerate(some)}
            new |= {name: text for name, text in worded.items() if text}
    changed = {
        "facets": {name: new[f"facet {name}"] for name in persona.facets},
        "style": {name: new[f"style {name}"] for name in persona.style},
    }
    return persona.altered(changed), usage, failures


def _field(place: int) -> str:
    return f"b{place + 1}"


def _schema(behaviours: Mapping[str, str]) -> type[BaseModel]:
    """A sentence for each behaviour."""
    fields = {_field(place): (_Sentence, ...) for place in range(len(behaviours))}
    return create_model("Sentences", **fields)  # type: ignore[call-overload, no-any-return]


def _prompt(persona: Persona, behaviours: Mapping[str, str]) -> str:
    likes = f", who likes {', '.join(persona.interests)}" if persona.interests else ""
    lines = (f"{_field(place)} ({name}): {text}" for place, (name, text) in enumerate(behaviours.items()))
    return render(
        __package__,
        "enrich",
        person=f"{persona.introduced}{likes}; {persona.kind.name}.",
        behaviours=fence("\n".join(lines)),
        names=", ".join(_field(place) for place in range(len(behaviours))),
    )
