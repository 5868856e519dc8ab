"""What the suite says: files of content, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import Field

from agentmem.records import Text, Value

Lines = tuple[Text, ...]


class Answers(Value):
    """Advice on a topic, by how much its reader knows."""

    novice: Lines
    familiar: Lines
    expert: Lines


class Topic(Value):
    """What users ask about.

    Attributes:
        name: As in "a question about …".
        asks: Questions.
        terms: Words of experts.
        plain: What it is called to somebody who is new to it.
        answers: Sentences of advice.
        more: Sentences to go on with, at any depth.
        beginner: By which a user shows to be new to it.
        old_hand: By which a user shows to know it deeply.
    """

    name: Text
    asks: Lines
    terms: Lines
    plain: Lines
    answers: Answers
    more: Lines
    beginner: Lines
    old_hand: Lines


class Wording(Value):
    """How a wish is said: once and calmly, or of a reply that was not as wished."""

    states: Lines
    complains: Lines


class Pair(Value):
    """A user's own word, and what it means."""

    says: Text
    means: Text


class Shorthands(Value):
    """How own words are explained, and used; with `{says}` and `{means}`."""

    introduces: Lines
    uses: Lines
    things: tuple[Pair, ...]


class Phrases(Value):
    """What users say, but for topics and facts."""

    preferences: Mapping[Text, Mapping[Text, Wording]]
    moods: Mapping[Text, Lines]
    contradictions: Mapping[Text, Mapping[Text, Lines]]
    swings: Lines
    off_topic: Lines
    openers: Lines
    closers: Lines
    thanks: Lines
    shorthand: Shorthands
    casual: Lines
    formal: Lines


class LifeFact(Value):
    """A kind of life fact, with `{slots}`; see `facts.yaml`."""

    id: Text
    group: Text
    slots: Mapping[Text, Lines]
    explicit: Lines
    implicit: Lines
    question: Text
    keys: Lines
    moments: Lines
    recalls: Text
    excludes: Lines = ()


class Lives(Value):
    """What lives are put together from."""

    facts: tuple[LifeFact, ...]
    interests: Mapping[Text, Lines]
    peeves: Lines
    names: Lines
    places: Lines
    trades: Lines


class Behaviour(Value):
    """A described behaviour; see `behaviours.yaml`."""

    id: Text
    text: Text
    pole: Text
    social: int = Field(ge=-1, le=1)
    predictable: int = Field(ge=-1, le=1)
    excludes: Lines = ()


class Facet(Value):
    """A personality facet, or a dimension of conversation, and behaviours along it."""

    about: Text
    behaviours: tuple[Behaviour, ...]


class Behaviours(Value):
    """The bank of behaviours."""

    facets: Mapping[Text, Facet]
    style: Mapping[Text, Facet]


class Voice(Value):
    """How a register sounds in a reply: what begins it, and words that show it."""

    openers: Lines
    tags: Lines


class Replies(Value):
    """What the probe assistant answers with, and its rater measures by; see `replies.yaml`."""

    acknowledgements: Lines
    comfort: Mapping[Text, Lines]
    jests: Mapping[Text, Lines]
    casual: Voice
    formal: Voice
    sweet: Lines
    fillers: Lines


def _load(name: str) -> Any:
    return yaml.safe_load((files(__package__) / "content" / name).read_text(encoding="utf-8"))


@cache
def topics() -> Mapping[str, Topic]:
    """All topics by name."""
    return {name: Topic(**topic) for name, topic in _load("topics.yaml")["topics"].items()}


@cache
def phrases() -> Phrases:
    """What users say."""
    return Phrases(**_load("phrases.yaml"))


@cache
def lives() -> Lives:
    """What lives are put together from."""
    return Lives(**_load("facts.yaml"))


@cache
def behaviours() -> Behaviours:
    """The bank of behaviours."""
    return Behaviours(**_load("behaviours.yaml"))


@cache
def replies() -> Replies:
    """What the probe assistant answers with."""
    return Replies(**_load("replies.yaml"))
