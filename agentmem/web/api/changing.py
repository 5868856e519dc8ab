"""What may be changed over HTTP: the bodies of the operations that all stores share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentmem.records import Json, Text, Trust, Value
from agentmem.web.api.fields import Id, Ids, Moment, Name, SomeIds


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
