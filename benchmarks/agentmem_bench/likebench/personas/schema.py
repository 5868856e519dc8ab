"""The schema of personas, which is the suite's own and is published by `--example`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from agentmem.records import Text, Value

SCHEMA: Literal["agentmem.likebench.personas/1"] = "agentmem.likebench.personas/1"
Dimension = Literal["emotion", "formality", "knowledge", "reference", "length", "humor", "callback"]
Length = Literal["brief", "medium", "full"]
Formality = Literal["casual", "plain", "formal"]
Humor = Literal["none", "dry", "playful"]
Comfort = Literal["listen", "solve", "cheer", "space"]
Depth = Literal["novice", "familiar", "expert"]
Mood = Literal["calm", "glad", "low", "angry", "anxious"]
DIMENSIONS: tuple[Dimension, ...] = (
    "emotion",
    "formality",
    "knowledge",
    "reference",
    "length",
    "humor",
    "callback",
)
"""What is rated, in the order of the tables."""
Session = Annotated[int, Field(ge=1, le=100)]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]
"""Words, all of which a right answer contains, whatever their case."""


class Preferences(Value):
    """How a persona likes to be answered; what is not said is not rated.

    Attributes:
        length: A line or two, a short paragraph, or real detail.
        formality: As to a mate, neutral, or courteous.
        humor: None, dry, or playful.
        comfort: What helps when things are bad: being heard, a plan, being cheered up, or few words.
        knowledge: By topic, a name out of the suite's topics: how much the persona knows of it.
    """

    length: Length | None = None
    formality: Formality | None = None
    humor: Humor | None = None
    comfort: Comfort | None = None
    knowledge: Mapping[Text, Depth] = Field(default_factory=dict)


class Moment(Value):
    """When it is fitting to bring a fact back.

    Attributes:
        session: In which session, later than that in which the fact surfaces.
        says: What the persona says then.
        recalls: How an attentive friend would bring it up; contains the fact's keys.
    """

    session: Session
    says: Text
    recalls: Text = ""


class Fact(Value):
    """Something about a persona.

    Attributes:
        id: Unique in the persona.
        kind: `explicit`: it is said; `implicit`: it shows in what is said.
        session: In which session it surfaces.
        says: The persona's words, in which it surfaces.
        question: What asks for it.
        keys: What a right answer contains.
        moment: When it is fitting to bring it back; none: never.
    """

    id: Text
    kind: Literal["explicit", "implicit"] = "explicit"
    session: Session
    says: Text
    question: Text
    keys: Words
    moment: Moment | None = None

    @model_validator(mode="after")
    def _comes_later(self) -> Self:
        if self.moment is not None and self.moment.session <= self.session:
            raise ValueError(
                f"fact {self.id!r} surfaces in session {self.session}, and is to be brought back in session "
                f"{self.moment.session}: name a later one"
            )
        return self


class Shorthand(Value):
    """A word of the persona's own for a thing.

    Attributes:
        says: The word.
        means: The thing.
        keys: What shows that it was understood.
        session: In which session it is explained.
        used: In which later sessions it is used without.
    """

    says: Text
    means: Text
    keys: Words
    session: Session
    used: tuple[Session, ...] = ()


class Prior(Value):
    """What a session is about.

    Attributes:
        topics: Names out of the suite's topics.
        mood: In which the persona comes.
        happened: What happened since the last one, in the persona's words.
    """

    topics: tuple[Text, ...] = ()
    mood: Mood = "calm"
    happened: Text = ""


class Kind(Value):
    """A type of persona."""

    social: bool = True
    predictable: bool = True

    @property
    def name(self) -> str:
        """As tables call it."""
        return f"{'social' if self.social else 'anti-social'}, {'' if self.predictable else 'un'}predictable"


class Persona(Value):
    """A simulated user. Nothing of it reaches the system under test but what the user says.

    Attributes:
        id: Unique in a file.
        name: A given name.
        kind: Its type.
        place: Where it lives.
        trade: What it works as.
        facets: Described behaviours by personality facet.
        style: Described behaviours by dimension of conversation.
        interests: What it likes to talk about.
        peeves: What it cannot stand.
        preferences: How it likes to be answered.
        facts: About it.
        shorthand: Its own words.
        sessions: What they are about, in order; at least one.
    """

    id: Text
    name: Text
    kind: Kind = Kind()
    place: Text = ""
    trade: Text = ""
    facets: Mapping[Text, Text] = Field(default_factory=dict)
    style: Mapping[Text, Text] = Field(default_factory=dict)
    interests: tuple[Text, ...] = ()
    peeves: tuple[Text, ...] = ()
    preferences: Preferences = Preferences()
    facts: tuple[Fact, ...] = ()
    shorthand: tuple[Shorthand, ...] = ()
    sessions: tuple[Prior, ...] = Field(min_length=1)

    @property
    def introduced(self) -> str:
        """Name, work and place: `Ines, a bus driver in Tartu`."""
        work = f", {self.trade}" if self.trade else ""
        return f"{self.name}{work}{f' in {self.place}' if self.place else ''}"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        count = len(self.sessions)
        ids = [fact.id for fact in self.facts]
        twice = next((id for id in ids if ids.count(id) > 1), None)
        if twice is not None:
            raise ValueError(f"two facts are called {twice!r}")
        for fact in self.facts:
            last = fact.session if fact.moment is None else fact.moment.session
            if last > count:
                raise ValueError(f"fact {fact.id!r} names session {last} of {count}")
        for word in self.shorthand:
            late = max((word.session, *word.used))
            if late > count:
                raise ValueError(f"shorthand {word.says!r} names session {late} of {count}")
            if any(session <= word.session for session in word.used):
                raise ValueError(
                    f"shorthand {word.says!r} is used before it is explained: name later sessions"
                )
        return self


class Personas(Value):
    """A file of personas."""

    format: Literal["agentmem.likebench.personas/1"] = SCHEMA
    personas: tuple[Persona, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _are_distinct(self) -> Self:
        ids = [persona.id for persona in self.personas]
        twice = next((id for id in ids if ids.count(id) > 1), None)
        if twice is not None:
            raise ValueError(f"two personas are called {twice!r}")
        return self
