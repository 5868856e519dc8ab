"""The values that move through agentmem: frozen models that validate, and do nothing else.

`SCHEMA_VERSIONS` names the version of each model's JSON form; a change of form is a new number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from agentmem.errors import InvalidInput
from agentmem.filters import Filter

SCHEMA_VERSIONS: Mapping[str, int] = {
    "event": 2,
    "record": 1,
    "link": 1,
    "query": 1,
    "hit": 1,
    "context": 1,
    "receipt": 2,
}

Namespace = tuple[str, ...]


def clean_text(text: str) -> str:
    """Return `text` as it came, or refuse what no database can keep.

    Raises:
        InvalidInput: `text` holds a NUL or a lone surrogate.
    """
    if "\x00" in text:
        raise InvalidInput(
            f"text holds a NUL character at position {text.index(chr(0))}",
            "remove it, or encode the bytes (base64) and keep them in `data`",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"text holds a lone surrogate (U+{ord(text[error.start]):04X}) at position {error.start}",
            "decode the source as UTF-8 with errors='replace'",
        ) from error
    return text


def utc(moment: datetime) -> datetime:
    """Return `moment` in UTC.

    Raises:
        InvalidInput: `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise InvalidInput(
            f"time {moment.isoformat()} has no time zone",
            "give one: datetime(..., tzinfo=UTC) or '...Z'",
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(
            f"time {moment.isoformat()} is out of range in UTC", "give a year from 1 to 9999"
        ) from error


def clean_json(data: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return `data` as it came, or refuse what JSON cannot say.

    Raises:
        InvalidInput: a number is not finite, or a string cannot be kept.
    """
    try:
        json.dumps(data, allow_nan=False)
    except ValueError as error:
        raise InvalidInput(f"data is not JSON: {error}", "NaN and infinity have no JSON form") from error
    _clean_strings(data)
    return data


def _clean_strings(data: JsonValue) -> None:
    if isinstance(data, str):
        clean_text(data)
    elif isinstance(data, dict):
        for key, value in data.items():
            clean_text(key)
            _clean_strings(value)
    elif isinstance(data, list):
        for value in data:
            _clean_strings(value)


def clean_namespace(namespace: tuple[str, ...]) -> Namespace:
    """Return `namespace`, or refuse an empty one and empty labels.

    Raises:
        InvalidInput: no label, an empty label, or a label that cannot be kept.
    """
    if isinstance(namespace, str) or not namespace or not all(namespace):
        raise InvalidInput(
            f"namespace {namespace!r} is not a tuple of non-empty labels", 'write ("acme", "user-7")'
        )
    for label in namespace:
        clean_text(label)
    return tuple(namespace)


Text = Annotated[str, AfterValidator(clean_text)]
Time = Annotated[datetime, AfterValidator(utc)]
Json = Annotated[dict[str, JsonValue], AfterValidator(clean_json)]


class Value(BaseModel):
    """Base of all values: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def built(cls, **fields: Any) -> Self:
        """A value of all its fields, as they are: for what was validated when it was written.

        What `model_construct` does, for less: its cost was the larger part of reading a record.
        """
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", fields)
        object.__setattr__(made, "__pydantic_fields_set__", set(fields))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    def altered(self, changes: Mapping[str, Any]) -> Self:
        """The same with other values of some fields, as they are: what `model_copy` does, for less."""
        return self.built(**{**self.__dict__, **changes})


class Trust(StrEnum):
    """Where a statement comes from; `rank` orders it, higher is trusted more."""

    USER = "user"
    AGENT = "agent"
    TOOL = "tool"
    WEB = "web"

    @property
    def rank(self) -> int:
        """3 for the user down to 0 for the web."""
        return ("web", "tool", "agent", "user").index(self.value)


def lowest(trusts: list[Trust]) -> Trust:
    """The trust of what is derived from several sources: the lowest of them (USER for none)."""
    return min(trusts, key=lambda trust: trust.rank, default=Trust.USER)


class State(StrEnum):
    """What a record version is to recall: only `LIVE` is recalled unless asked for otherwise."""

    LIVE = "live"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    FADED = "faded"
    FORGOTTEN = "forgotten"


EventState = Literal["live", "quarantined", "archived", "forgotten"]
"""`live`; the others are in no store: kept until reviewed, moved to an archive, forgotten for good."""


class Event(Value):
    """Something that happened, verbatim. With `store` set it is an operation on that store.

    `id`, `time`, `recorded_at`, `namespace` and `seq` are filled in by the bank where left out. One that is
    archived or forgotten is emptied.
    """

    id: Text = ""
    type: Text = "message"
    actor: Text = ""
    trust: Trust = Trust.USER
    time: Time | None = None
    recorded_at: Time | None = None
    session: Text = ""
    caused_by: tuple[Text, ...] = ()
    text: Text = ""
    data: Json = Field(default_factory=dict)
    store: Text = ""
    about: tuple[Text, ...] = ()
    namespace: Namespace = ()
    seq: int = 0
    state: EventState = "live"

    @property
    def emptied(self) -> bool:
        """Whether the bank keeps no word of it."""
        return self.state in ("archived", "forgotten")

    @property
    def happened(self) -> datetime:
        """When it happened; only an appended event has it for certain.

        Raises:
            InvalidInput: the event was never appended and carries no time.
        """
        if self.time is None:
            raise InvalidInput(f"event {self.id!r} has no time yet", "append it first, or give one")
        return self.time


class Record(Value):
    """One version of one thing that a store remembers.

    A store's `apply` gives `id` and content; the bank fills in `version`, `namespace`, `store`,
    `trust` (the lowest of the sources), `from_seq` and `to_seq` (null: the current version).
    """

    id: Text
    version: int = 0
    namespace: Namespace = ()
    store: Text = ""
    type: Text = "record"
    key: Text | None = None
    text: Text = ""
    payload: Json = Field(default_factory=dict)
    state: State = State.LIVE
    sources: tuple[Text, ...] = ()
    time: Time | None = None
    actor: Text = ""
    session: Text = ""
    valid_from: Time | None = None
    valid_to: Time | None = None
    due_at: Time | None = None
    expires_at: Time | None = None
    pinned: bool = False
    trust: Trust = Trust.USER
    metadata: Json = Field(default_factory=dict)
    indexed: dict[str, Text] = Field(default_factory=dict)
    why: Text = ""
    from_seq: int = 0
    to_seq: int | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is live, true at a moment, and has not expired then."""
        begun = self.valid_from is None or self.valid_from <= at
        ended = self.valid_to is not None and self.valid_to <= at
        expired = self.expires_at is not None and self.expires_at <= at
        return self.state is State.LIVE and begun and not ended and not expired

    def revised(self, **changes: Any) -> Record:
        """This record with `changes`, validated: the next version for a `ChangeSet`."""
        return Record(**{**dict(self), **changes})


SUPERSEDES = "supersedes"
"""The type of a link from a record to the one whose place it took."""
ALTERNATIVE = "alternative"
"""The type of a link between records that contradict each other and both stand."""
RESTATED = "restated"
"""The type of a link from a record to an event, trusted less, that says the same and so changed nothing."""


class Link(Value):
    """A typed edge from a record to a record or an event, both by id."""

    source: Text
    type: Text
    target: Text
    store: Text = ""
    from_seq: int = 0
    to_seq: int | None = None


class ChangeSet(Value):
    """What `apply` wants changed: new versions, new links, links that end."""

    records: tuple[Record, ...] = ()
    links: tuple[Link, ...] = ()
    unlinks: tuple[Link, ...] = ()


class Later(Value):
    """An answer of `interpret`: not yet; the events stay pending until more are there."""

    reason: str = ""


class Query(Value):
    """A question to a memory.

    Attributes:
        text: The question; empty asks for the newest records that pass the filters.
        k: How many hits at most.
        at: What was true at this moment; also the moment at which decay is computed.
        known_at: What was believed at this moment.
        since: Only records whose event time is at or after this moment.
        until: Only records whose event time is before or at this moment.
        filter: An expression of the filter language (`agentmem.filters`), or its parsed form.
        entity: A name, alias or id: only what rests on events that mention it, as the store `entities` knows.
        states: Which states may be recalled.
        scope: `own` reads the namespace itself, `prefix` also those under it.
        expand: Ids whose details are wanted in this one synthesis.
        steps: Names of the pipeline steps in order; none: the default pipeline.
        options: Constants of `RetrievalPolicy` by name (`{"text": 0.8}`); unknown ones are errors.
        dedupe: Leave out near duplicates of better hits.
        mmr: Maximal marginal relevance, 0 (diverse) to 1 (relevant); none: off.
        floor: Answer nothing when nothing is relevant.
        rerank: Let a cross-encoder read the best hits anew: that of the settings, or the option `reranker`.
    """

    text: Text = ""
    k: int = Field(default=10, ge=1, le=100_000)
    at: Time | None = None
    known_at: Time | None = None
    since: Time | None = None
    until: Time | None = None
    filter: Filter | str | None = None
    entity: Text | None = None
    states: tuple[State, ...] = (State.LIVE,)
    scope: Literal["own", "prefix"] = "own"
    expand: tuple[Text, ...] = ()
    steps: tuple[str, ...] | None = None
    options: dict[str, float | int | bool | str] = Field(default_factory=dict)
    dedupe: bool = False
    mmr: float | None = Field(default=None, ge=0.0, le=1.0)
    floor: bool = True
    rerank: bool = False


class Hit(Value):
    """One ranked answer. `parts` sum to `score`; `record.sources` are the events it came from."""

    record: Record
    score: float
    parts: dict[str, float]
    alternatives: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the record."""
        return self.record.id

    @property
    def text(self) -> str:
        """The text of the record."""
        return self.record.text


class Explanation(Value):
    """Why a record was recalled, or which step dropped it.

    `step` is the pipeline step that dropped the record, empty where it was recalled.
    """

    id: str
    recalled: bool
    rank: int | None = None
    score: float | None = None
    parts: dict[str, float] = Field(default_factory=dict)
    step: str = ""
    reason: str = ""


class Item(Value):
    """One piece of a context: its label in the prompt, the record it shows, and its cost in tokens."""

    label: str
    id: str
    version: int
    namespace: Namespace = ()
    tokens: int
    cut: bool = False
    sources: tuple[str, ...] = ()


class Context(Value):
    """Prompt text within a token budget. `text` is the stable part followed by the recalled part."""

    text: str
    stable: str
    recalled: str
    tokens: int
    budget: int
    tokenizer: str
    items: tuple[Item, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)

    @property
    def labels(self) -> dict[str, str]:
        """Record id by the label that the prompt shows."""
        return {item.label: item.id for item in self.items}

    @property
    def citations(self) -> tuple[str, ...]:
        """`id@version` of every piece, in order."""
        return tuple(f"{item.id}@{item.version}" for item in self.items)


class Receipt(Value):
    """What became of one observed event. `status` never says stored where nothing was kept.

    Attributes:
        quarantined: Why it is kept, and is out of recall until `agentmem review`; none: it is recalled.
    """

    event_id: str
    seq: int
    status: Literal["stored", "duplicate", "refused", "archived", "forgotten"]
    redacted: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()
    derived: int = 0
    pending: tuple[str, ...] = ()
    tokens_spent: int = 0
    reason: str = ""


class Version(Value):
    """One line of a record's history: the version, the event that made it, and why."""

    record: Record
    event_id: str
    operation: str
    recorded_at: datetime
    why: str = ""


class Pending(Value):
    """An event that a store has not interpreted yet."""

    event_id: str
    namespace: Namespace
    store: str
    state: Literal["waiting", "running", "failed"]
    attempts: int = 0
    error: str = ""
    lease_until: datetime | None = None


def spoken(actor: str, text: str) -> str:
    """What is indexed of something said: `Speaker: text`, or the text alone without a speaker.

    (`agentmem.db.indexed` says the same in SQL.)
    """
    return f"{actor}: {text}" if actor else text
