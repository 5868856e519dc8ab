"""Reading by a language model: what messages tell of who says them, and what is wished."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from agentmem.fence import fence
from agentmem.models.base import user
from agentmem.prompts import render
from agentmem.records import Value
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.notes import Note
from agentmem.synthesis.render import inline

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel

LONGEST = 2_000
"""Characters of a message that the model reads."""
TOKENS = 500


class Findings(Value):
    """What one message tells.

    Attributes:
        notes: The findings; each quotes the message.
    """

    notes: tuple[Note, ...] = Field(default=(), max_length=12)


def read(texts: Sequence[str], model: ChatModel) -> list[list[Note]]:
    """What each text tells of who says it; what the model does not quote from it is left out.

    Raises:
        Unavailable: the model does not answer.
        ModelOutputError: it does not answer as it should.
    """
    return [_of(text, model) for text in texts]


def _of(text: str, model: ChatModel) -> list[Note]:
    values = "\n".join(
        f"- {name} ({aspect.title}): {', '.join(aspect.values) or 'no value'}"
        for name, aspect in ASPECTS.items()
    )
    prompt = render(__package__, "learn", aspects=values, message=fence(inline(text)[:LONGEST]))
    answer = model.complete([user(prompt)], schema=Findings, max_tokens=TOKENS)
    if answer.value is None:
        return []
    said = " ".join(text.split()).casefold()
    return [note for note in answer.value.notes if " ".join(note.said.split()).casefold() in said]
