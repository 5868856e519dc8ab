"""What a profile is about: aspects, their values, and how a portrait words them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from agentmem.records import Text, Value

Name = Literal["length", "tone", "humour", "upset", "emoji", "layout", "knowledge", "naming", "life"]


class Aspect(Value):
    """One aspect.

    Attributes:
        title: What a line of the portrait begins with.
        values: Its values, and how they are worded.
        single: Whether one value holds at a time; else each finding stands by itself.
    """

    title: Text
    values: Mapping[Text, Text]
    single: bool = True


ASPECTS: Mapping[Name, Aspect] = {
    "length": Aspect(
        title="Length of answers",
        values={"brief": "brief, a line or two", "medium": "a short paragraph", "full": "long and thorough"},
    ),
    "tone": Aspect(
        title="Tone",
        values={"casual": "casual, as among friends", "neutral": "plain and neutral", "formal": "formal"},
    ),
    "humour": Aspect(
        title="Humour",
        values={"none": "no jokes", "dry": "dry, now and then", "playful": "playful, and often"},
    ),
    "upset": Aspect(
        title="When things go wrong",
        values={
            "listen": "wants to be heard, without advice",
            "solve": "wants a plan of steps",
            "cheer": "wants to be cheered up",
            "space": "wants to be left in peace",
        },
    ),
    "emoji": Aspect(title="Emoji", values={"yes": "welcome", "no": "none"}),
    "layout": Aspect(title="Layout", values={"lists": "lists and headings", "prose": "flowing text"}),
    "knowledge": Aspect(
        title="Knowledge",
        values={"new": "is new to it", "familiar": "knows the basics", "expert": "knows it deeply"},
        single=False,
    ),
    "naming": Aspect(title="Own words", values={"own": "calls it so"}, single=False),
    "life": Aspect(title="Life", values={"fact": ""}, single=False),
}
"""All aspects, in the order of the portrait."""
