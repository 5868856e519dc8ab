"""A model that stands for another: it counts what it is asked, and answers something of the usual length."""

from __future__ import annotations

import json

from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Usage

TEXT = " ".join(["word"] * 60)
"""A reply, or a message, that nobody wrote."""
CHARACTERS = 4
"""Of a token, on average, in English."""
JUDGED = {"applies": True, "quote": "a few words", "reason": "a short sentence of ten words", "rating": 3}


class Imagined(ChatModel):
    """Stands for a model in a dry run.

    Args:
        name: Of the model that it stands for.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """An answer of the usual length; for a schema an object with the same judgement throughout."""
        if request.json_schema is None:
            text = TEXT
        else:
            text = json.dumps(dict.fromkeys(request.json_schema["properties"], JUDGED))
        asked = sum(len(message.content) for message in request.messages)
        asked += len(json.dumps(request.json_schema)) if request.json_schema else 0
        usage = Usage(prompt_tokens=asked // CHARACTERS, completion_tokens=len(text) // CHARACTERS)
        return Answer(text=text, usage=usage)
