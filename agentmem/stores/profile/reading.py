"""Reading by a language model: what messages tell of who says them, and what is wished."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, WithJsonSchema

from agentmem.fence import fence
from agentmem.models.base import user
from agentmem.prompts import render
from agentmem.records import Value
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.notes import Note
from agentmem.synthesis.render import inline, straight

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel

LONGEST = 2_000
"""Characters of a message that the model reads."""
MOST = 12
"""Findings of one message."""
TOKENS = 800
"""Tokens of an answer: room for so many findings, each with a sentence."""


def _held() -> dict[str, Any]:
    """What a model is held to: a finding has one of its own aspect's values."""
    note = Note.model_json_schema()
    note.pop("description")
    return {
        "anyOf": [
            note
            | {"properties": note["properties"] | {"aspect": _one_of(name), "value": _one_of(*aspect.values)}}
            for name, aspect in ASPECTS.items()
        ]
    }


def _one_of(*texts: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(texts)}


class Findings(Value):
    """What one message tells.

    Attributes:
        notes: The findings; each quotes the message.
    """

    notes: tuple[Annotated[Note, WithJsonSchema(_held())], ...] = Field(max_length=MOST)


def read(texts: Sequence[str], model: ChatModel) -> list[list[Note]]:
    """What each text tells of who says it; what the model does not quote from it is left out.

    Raises:
        Unavailable: the model does not answer.
        ModelOutputError: it does not answer as it should.
    """
    return [_of(inline(text)[:LONGEST], model) for text in texts]


def _of(text: str, model: ChatModel) -> list[Note]:
    values = "\n".join(
        f"- {name} ({aspect.title}): {', '.join(aspect.values) or 'no value'}"
        for name, aspect in ASPECTS.items()
    )
    prompt = render(__package__, "learn", aspects=values, message=fence(text))
    answer = model.complete([user(prompt)], schema=Findings, max_tokens=TOKENS)
    if answer.value is None:
        return []
    quoted = (_quoted(note, text) for note in answer.value.notes)
    return list({(note.aspect, note.value, note.said): note for note in quoted if note is not None}.values())


def _quoted(note: Note, text: str) -> Note | None:
    """A finding in the message's own words; none where they are not in it."""
    words = straight(inline(note.said))
    found = re.search(re.escape(words), straight(text), re.IGNORECASE) if words else None
    return None if found is None else note.altered({"said": text[found.start() : found.end()]})
