"""What is observed, and what may be asked, over HTTP: bodies and parameters.

Where the library has a value for it (a query, an event), these are its fields by the same names.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from agentmem.db.versions import Order
from agentmem.errors import InvalidFilter, InvalidInput
from agentmem.records import Event, Json, Query, Text, Trust, Value
from agentmem.web.api.fields import (
    LARGEST_BUDGET,
    LONGEST_FILTER,
    MOST_EVENTS,
    MOST_HITS,
    MOST_NAMED,
    Expression,
    Id,
    Moment,
    Name,
    Number,
    Page,
    Question,
    SomeIds,
)

OF_THE_SERVER = frozenset({"reranker", "rerank_device"})
"""Options of retrieval that name what is the server's: a folder, a device."""


class Nothing(Value):
    """No parameters."""


class Observation(Value):
    """Something that happened, verbatim.

    Attributes:
        id: Its id, unique in the namespace: under it the same event is kept once. Empty: one is given.
        type: What kind of event it is.
        actor: Who said or did it.
        trust: Where it comes from; what is trusted less never retires what is trusted more.
        time: When it happened; none: now.
        session: The conversation that it is part of.
        caused_by: Ids of the events that it follows from.
        text: What was said or done.
        data: What else is known of it, kept as given.
    """

    id: Name = ""
    type: Id = "message"
    actor: Name = ""
    trust: Trust = Trust.USER
    time: Moment | None = None
    session: Name = ""
    caused_by: SomeIds = ()
    text: Text = ""
    data: Json = Field(default_factory=dict)

    def event(self) -> Event:
        """It as an event."""
        return Event(**dict(self))


class Observe(Value):
    """Events to keep, in the order in which they happened.

    Attributes:
        events: The events; all of them are kept, or none where an id is taken by another content.
        wait: Whether to wait for stores that interpret, be it by a model; else they do so afterwards.
        embed: Whether vectors are made now, or before the next search.
    """

    events: tuple[Observation, ...] = Field(min_length=1, max_length=MOST_EVENTS)
    wait: bool = True
    embed: bool = True


class Recall(Query):
    """A question to a memory.

    Attributes:
        store: The memory that is asked: one that the server names; empty: the first of them.
        text: The question; empty asks for the newest records that pass the filter.
        k: How many hits at most.
        at: What was true at this moment; also the moment at which decay is computed. None: now.
        known_at: What was believed at this moment. None: now.
        since: Only records whose event time is at or after this moment.
        until: Only records whose event time is before or at this moment.
        filter: An expression of the filter language (`actor = "Maya"`), or its parsed form.
        entity: A name, alias or id: only what rests on events that mention it, as the store `entities` knows.
        states: Which states may be recalled.
        scope: `own` reads the token's namespace, `prefix` also those under it, where the token may.
        expand: Ids whose details are wanted in this one context.
        steps: Names of the steps of retrieval in order; none: all.
        options: Constants of retrieval by name (`{"text": 0.8}`).
        dedupe: Leave out near duplicates of better hits.
        mmr: Maximal marginal relevance, 0 (diverse) to 1 (relevant); none: off.
        floor: Answer nothing when nothing is relevant.
        rerank: Let the cross-encoder of the server, where it has one, read the best hits anew.
    """

    store: Name = ""
    text: Question = ""
    k: int = Field(default=10, ge=1, le=MOST_HITS)
    at: Moment | None = None
    known_at: Moment | None = None
    since: Moment | None = None
    until: Moment | None = None
    entity: Name | None = None
    expand: SomeIds = ()
    steps: Annotated[tuple[Name, ...], Field(max_length=MOST_NAMED)] | None = None

    @field_validator("filter")
    @classmethod
    def _is_parsed_in_time(cls, filter: Any) -> Any:
        if isinstance(filter, str) and len(filter) > LONGEST_FILTER:
            raise InvalidFilter(
                f"filter has {len(filter)} characters, at most {LONGEST_FILTER} are parsed here",
                "give it in its parsed form",
            )
        return filter

    @field_validator("options")
    @classmethod
    def _leaves_the_server_alone(cls, options: dict[str, Any]) -> dict[str, Any]:
        for name in OF_THE_SERVER & options.keys():
            raise InvalidInput(f"retrieval option {name!r} is the server's to choose", "leave it out")
        return options

    @property
    def query(self) -> Query:
        """The question, as the library takes it."""
        return Query.built(
            **{name: value for name, value in self.__dict__.items() if name in Query.model_fields}
        )


class Explain(Recall):
    """A question, and a record to explain for it.

    Attributes:
        id: The record.
    """

    id: Id


class Synthesize(Recall):
    """A question, and what its context may cost.

    Attributes:
        k: How many hits at most.
        budget: Tokens that the text may cost; it never costs more.
    """

    k: int = Field(default=20, ge=1, le=MOST_HITS)
    budget: int = Field(default=1_000, ge=0, le=LARGEST_BUDGET)


class Named(Value):
    """One thing.

    Attributes:
        id: Its id.
    """

    id: Id


class Records(Value):
    """Which records are listed.

    Attributes:
        store: Whose: a memory that the server names; empty: the first of them. Of a sum its first store.
        filter: An expression of the filter language; empty: all.
        order: In which order.
        limit: How many at most.
        cursor: `next` of the page before; empty: the first page.
    """

    store: Name = ""
    filter: Expression = ""
    order: Order = "oldest"
    limit: Page = 100
    cursor: Name = ""


class Events(Value):
    """Which observations are listed, newest first.

    Attributes:
        session: Of one conversation; left out: of all.
        limit: How many at most.
        cursor: `next` of the page before; empty: the first page.
    """

    session: Name | None = None
    limit: Page = 100
    cursor: Name = ""


class Changes(Value):
    """Which changes are listed, newest first.

    Attributes:
        after: Only those after this sequence number.
        limit: How many at most.
    """

    after: Number = 0
    limit: Page = 100


class OfStore(Value):
    """One of the memories that the server names.

    Attributes:
        store: Its name; empty: the first of them.
    """

    store: Name = ""
