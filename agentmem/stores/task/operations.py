"""What can be done to a task forest, as data: public methods and trims make these, `apply` carries them out.

An operation names nodes by id, or by the `handle` of an `Add` of the same batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from agentmem.records import Event, Text
from agentmem.stores import typed
from agentmem.stores.task.node import Kind

PREFIX = "task."
LONGEST_TITLE = 500
"""Characters."""
Title = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]
Said = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1)]


class Add(typed.Operation):
    """A new node.

    Attributes:
        slot: Its title, without the value.
        kind: An undertaking (`task`) or a `step`.
        goal: What it is for.
        value: What it is settled to from the start.
        parents: Nodes under which it hangs; none: it is a root.
        depends_on: Nodes without whose values its own cannot be settled.
        handle: What other operations of the batch call it.
    """

    named = ("parents", "depends_on")
    type: Literal["add"] = "add"
    slot: Title
    kind: Kind = "step"
    goal: Text = ""
    value: Said | None = None
    parents: tuple[Text, ...] = ()
    depends_on: tuple[Text, ...] = ()
    handle: Text = ""


class Update(typed.Operation):
    """A value, or another title, goal or output. A value is pushed as a revision, never overwritten."""

    named = ("node",)
    type: Literal["update"] = "update"
    node: Text
    value: Said | None = None
    slot: Title | None = None
    goal: Text | None = None
    output: Text | None = None


class Rollback(typed.Operation):
    """An earlier value again, as a new revision.

    Attributes:
        node: The node.
        to: That value; none: the one before the present one, or, where there is none, open again.
    """

    named = ("node",)
    type: Literal["rollback"] = "rollback"
    node: Text
    to: Said | None = None


class Merge(typed.Operation):
    """One step in the place of two, or one step under several tasks.

    Attributes:
        node: The step that stays.
        duplicate: Another node that is the same step: its parents and dependents go over to `node`.
        parents: Tasks under which `node` hangs from now on too.
        shared_with: The name of another undertaking that shares it and is no task of this memory.
    """

    named = ("node", "duplicate", "parents")
    type: Literal["merge"] = "merge"
    node: Text
    duplicate: Text | None = None
    parents: tuple[Text, ...] = ()
    shared_with: Text = ""


class Depend(typed.Operation):
    """An edge: the value of `node` cannot be settled without those of `on`. `holds=False` takes it away."""

    named = ("node", "on")
    type: Literal["depend"] = "depend"
    node: Text
    on: tuple[Text, ...] = Field(min_length=1)
    holds: bool = True


class Complete(typed.Operation):
    """The step is done."""

    named = ("node",)
    type: Literal["complete"] = "complete"
    node: Text
    output: Text = ""


class Fail(typed.Operation):
    """The step has failed."""

    named = ("node",)
    type: Literal["fail"] = "fail"
    node: Text
    output: Text = ""


class Activate(typed.Operation):
    """The step that is worked on now, in the session of the operation; the one before is pending again."""

    named = ("node",)
    type: Literal["activate"] = "activate"
    node: Text


class Replace(typed.Operation):
    """Another step in the place of one: its parents, children and dependents go over to the new one."""

    named = ("node",)
    type: Literal["replace"] = "replace"
    node: Text
    slot: Title
    goal: Text = ""
    value: Said | None = None


class Check(typed.Operation):
    """A question, or a doubt: noted in the log, and nothing changes.

    Attributes:
        nodes: What it was about, where that is known.
    """

    named = ("nodes",)
    type: Literal["check"] = "check"
    nodes: tuple[Text, ...] = ()


Operation: TypeAlias = Annotated[
    Add | Update | Rollback | Merge | Depend | Complete | Fail | Activate | Replace | Check,
    Field(discriminator="type"),
]
KINDS: Mapping[str, type[typed.Operation]] = {
    "add": Add,
    "update": Update,
    "rollback": Rollback,
    "merge": Merge,
    "depend": Depend,
    "complete": Complete,
    "fail": Fail,
    "activate": Activate,
    "replace": Replace,
    "check": Check,
}
"""The operations by name."""
_VOCABULARY = typed.Vocabulary(PREFIX, Operation, __name__)
event_of = _VOCABULARY.event_of


def operation_of(event: Event) -> Operation | None:
    """The operation that an event carries; none for an event that carries none of a task forest.

    Raises:
        InvalidInput: its data are not those of such an operation.
    """
    found: Operation | None = _VOCABULARY.operation_of(event)
    return found
