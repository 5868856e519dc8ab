"""Rating by a language model: how important new items are of which nobody says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model

from agentmem.fence import fence
from agentmem.models.base import user
from agentmem.prompts import render
from agentmem.records import Record, Value
from agentmem.stores.layered.policy import Importance
from agentmem.synthesis.render import inline

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel

AT_ONCE = 10
"""Items that a model rates in one answer."""
LONGEST = 1_000
"""Characters of an item that it reads."""
READER = "the agent whose memory this is"


class Ratings(Value):
    """Importances, one for each piece, in their order."""

    importances: tuple[Importance, ...]


def _schema(count: int) -> type[Ratings]:
    """Ratings of so many pieces."""
    exactly: Any = (tuple[Importance, ...], Field(min_length=count, max_length=count))
    return create_model("Ratings", __base__=Ratings, importances=exactly)


def rate(items: Sequence[Record], model: ChatModel) -> list[float]:
    """The importances, 0 to 100, that a model gives to items.

    Raises:
        Unavailable: the model does not answer.
        ModelOutputError: it does not answer with one number for each.
    """
    lines = (f"{number}. {inline(item.text)[:LONGEST]}" for number, item in enumerate(items, 1))
    prompt = render(__package__, "rate", reader=READER, count=len(items), pieces=fence("\n".join(lines)))
    answer = model.complete([user(prompt)], schema=_schema(len(items)), max_tokens=20 * len(items) + 50)
    return [] if answer.value is None else list(answer.value.importances)
