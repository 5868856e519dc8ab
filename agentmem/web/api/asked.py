"""What may be asked over HTTP: bodies and parameters, each with its limits.

Where the library has a value for it (a query, an event), these are its fields by the same names.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from agentmem.db.versions import Order
from agentmem.errors import InvalidFilter, InvalidInput
from agentmem.records import Event, Json, Query, Text, Trust, Value, clean_text, utc

LONGEST_NAME = 500
LONGEST_QUESTION = 4_000
LONGEST_FILTER = 2_000
"""Characters."""
MOST_NAMED = 100
"""Ids, steps or states in one request."""
MOST_EVENTS = 1_000
MOST_HITS = 1_000
LONGEST_PAGE = 500
LARGEST_BUDGET = 100_000
"""Tokens."""
DIGITS = 15
"""Of a number in the query of a URL."""
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}")
OF_THE_SERVER = frozenset({"reranker", "rerank_device"})
"""Options of retrieval that name what is the server's: a folder, a device."""


def _digits(given: Any) -> Any:
    """A number as a URL says it: digits, and nothing that only Python takes for some."""
    if isinstance(given, str) and not (given.isascii() and given.isdigit() and len(given) <= DIGITS):
        return None
    return given


def _written(given: Any) -> Any:
    """A time as RFC 3339 writes it, and no number that might be one."""
    if not isinstance(given, str):
        return given
    if not _TIME.match(given):
        raise ValueError("write a time as 2025-03-01T14:05:00Z")
    return datetime.fromisoformat(given.upper())


Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(clean_text)]
Id = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(clean_text)]
Ids = Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_NAMED)]
SomeIds = Annotated[tuple[Id, ...], Field(max_length=MOST_NAMED)]
Question = Annotated[str, Field(max_length=LONGEST_QUESTION), AfterValidator(clean_text)]
Expression = Annotated[str, Field(max_length=LONGEST_FILTER), AfterValidator(clean_text)]
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(utc)]
Number = Annotated[int, BeforeValidator(_digits), Field(ge=0)]
Page = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=LONGEST_PAGE)]


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
    """

    events: tuple[Observation, ...] = Field(min_length=1, max_length=MOST_EVENTS)
    wait: bool = True


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


class Put(Value):
    """A value under a key.

    Attributes:
        store: The memory that keeps it: one that the server names, of a sum the first part; empty: the first.
        key: The key; the same again replaces what it said, and its history is kept.
        text: What is said.
        payload: Typed content.
        type: The record's type.
        since: Since when it is true: the old value stays true for the time before.
        due_at: When it falls due.
        expires_at: When it leaves recall by itself.
        pinned: Whether it stands in every context.
        metadata: What filters can ask for.
        index: Whether, or what, is indexed: `{field: text}`.
        trust: Who says so; less trust never replaces more.
        time: When it was said; none: now.
    """

    store: Name = ""
    key: Id
    text: Text = ""
    payload: Json = Field(default_factory=dict)
    type: Id = "record"
    since: Moment | None = None
    due_at: Moment | None = None
    expires_at: Moment | None = None
    pinned: bool = False
    metadata: Json = Field(default_factory=dict)
    index: bool | dict[Id, Text] = True
    trust: Trust = Trust.USER
    time: Moment | None = None


class Correct(Value):
    """What is right, in the place of what a record says.

    Attributes:
        id: The record that is wrong, or out of date.
        text: What is right; left out with `by`.
        why: The reason.
        since: Since when it is true; none: the old was never so.
        by: A record that says what is right already.
        actor: Who corrects; empty: who said it.
        trust: Less trust than the record's never retires it: both stand as alternatives.
        time: When it was said; none: now.
    """

    id: Id
    text: Text = ""
    why: Text = ""
    since: Moment | None = None
    by: Id | None = None
    actor: Name = ""
    trust: Trust = Trust.USER
    time: Moment | None = None


class Retract(Value):
    """Records that are to leave recall, and stay in the history.

    Attributes:
        ids: The records.
        why: The reason.
        trust: Who says so; less trust retracts no more.
    """

    ids: Ids
    why: Text = ""
    trust: Trust = Trust.USER


class Undo(Value):
    """A record that left recall, and is to stand again.

    Attributes:
        id: The record, as `changes` lists it.
        why: The reason.
        trust: Who says so; less trust never undoes what more did.
    """

    id: Id
    why: Text = ""
    trust: Trust = Trust.USER


class Feedback(Value):
    """What became of records.

    Attributes:
        ids: The records.
        kind: What became of them: `used`, `helped`, `harmed`, …
        value: How much.
        trust: Who says so.
        time: When it was so; none: now.
    """

    ids: Ids
    kind: Id
    value: float = Field(default=1.0, allow_inf_nan=False)
    trust: Trust = Trust.USER
    time: Moment | None = None


class Advance(Value):
    """Time that passes.

    Attributes:
        store: For which memory: one that the server names; empty: the first of them.
        now: Up to when.
    """

    store: Name = ""
    now: Moment


class Forget(Value):
    """What is to be forgotten for good.

    Attributes:
        records: Ids of records: the events that they came from are forgotten.
        events: Ids of events.
        session: All events of a conversation.
        everything: All events of the namespace.
        scrub: Whether the bytes are taken off the disk at once, which may take a while for a large bank.
        confirm: True, so that nobody forgets by mistake.
    """

    records: SomeIds = ()
    events: SomeIds = ()
    session: Name | None = None
    everything: bool = False
    scrub: bool = False
    confirm: Literal[True]
