"""The operations on a task forest as methods, for callers who know its structure themselves."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from agentmem.bank import journal
from agentmem.bank.sources import record_id
from agentmem.errors import InvalidInput
from agentmem.records import Receipt, Trust
from agentmem.stores.base import MemoryStore
from agentmem.stores.offload import offloaded
from agentmem.stores.task.content import is_node, node_of
from agentmem.stores.task.node import Kind, Node
from agentmem.stores.task.operations import (
    Activate,
    Add,
    Complete,
    Depend,
    Fail,
    Merge,
    Operation,
    Replace,
    Rollback,
    Update,
    event_of,
)
from agentmem.stores.typed import checked


class Told(TypedDict, total=False):
    """Who says so, and when: fields of the event that carries an operation.

    Attributes:
        actor: Who.
        session: In which session.
        trust: How much that is trusted; the user's word without it.
        time: When; now without it.
        caused_by: Ids of the events that led to it.
    """

    actor: str
    session: str
    trust: Trust
    time: datetime | None
    caused_by: tuple[str, ...]


class TaskOperations(MemoryStore, ABC):
    """What can be done to the forest. Each method is one event of the journal."""

    def node(self, id: str) -> Node:
        """One node, whatever became of it.

        Raises:
            NotFound: there is none of this id.
            InvalidInput: it is no node.
        """
        record = self._require([id])[0]
        if record.store != self.shelf or not is_node(record):
            raise InvalidInput(f"record {id!r} is no task node", "take an id from `agentmem task show`")
        return node_of(record)

    def add(
        self,
        slot: str,
        *,
        parent: str | Sequence[str] = (),
        depends_on: Sequence[str] = (),
        value: str | None = None,
        goal: str = "",
        kind: Kind = "step",
        why: str = "",
        **told: Unpack[Told],
    ) -> Node:
        """A new node.

        Args:
            slot: Its title, without the value.
            parent: The id of what it hangs under, or several; none: it is a root.
            depends_on: Ids of nodes without whose values its own cannot be settled.
            value: What it is settled to from the start.
            goal: What it is for.
            kind: A `step`, or a `task`: an undertaking, which holds steps and has no value.
            why: The reason.
            told: Who says so, and when: see `Told`.

        Raises:
            NotApplicable: a parent, or what it depends on, does not stand.
        """
        parents = (parent,) if isinstance(parent, str) else tuple(parent)
        operation = checked(
            Add,
            slot=slot,
            kind=kind,
            goal=goal,
            value=value,
            parents=parents,
            depends_on=tuple(depends_on),
            why=why,
        )
        receipt = self.do(operation, **told)
        return self.node(record_id(receipt.event_id, self.shelf, 0))

    def update(
        self,
        id: str,
        value: str | None = None,
        why: str = "",
        *,
        slot: str | None = None,
        goal: str | None = None,
        output: str | None = None,
        **told: Unpack[Told],
    ) -> Node:
        """Another value, as a new revision; or another title, goal or output. Dependents become stale.

        Raises:
            NotApplicable: the node does not stand.
        """
        operation = checked(Update, node=id, value=value, slot=slot, goal=goal, output=output, why=why)
        return self._done(operation, id, told)

    def rollback(self, id: str, to: str | None = None, why: str = "", **told: Unpack[Told]) -> Node:
        """An earlier value again, as a new revision: `to`, or the one before the present one.

        Once more goes back further. A step whose first value is taken back is open again, one that never
        had a value is rolled back itself.

        Raises:
            NotApplicable: the node does not stand, or never had that value.
            Refused: the value was settled by somebody trusted more.
        """
        return self._done(checked(Rollback, node=id, to=to, why=why), id, told)

    def merge(
        self,
        id: str,
        duplicate: str | None = None,
        *,
        parent: str | Sequence[str] = (),
        shared_with: str = "",
        why: str = "",
        **told: Unpack[Told],
    ) -> Node:
        """One step in the place of two, or one step under several tasks: linked, not copied.

        Args:
            id: The step that stays.
            duplicate: Another node that is the same step; its edges go over to the one that stays.
            parent: The id of a further task that it hangs under, or several.
            shared_with: The name of another undertaking that is no task here.
            why: The reason.
            told: Who says so, and when: see `Told`.

        Raises:
            NotApplicable: a node does not stand, or one hangs under, or depends on, the other.
            Refused: the value of the duplicate differs, and was settled by somebody trusted more.
        """
        parents = (parent,) if isinstance(parent, str) else tuple(parent)
        operation = checked(
            Merge, node=id, duplicate=duplicate, parents=parents, shared_with=shared_with, why=why
        )
        return self._done(operation, id, told)

    def depend(
        self, id: str, on: str | Sequence[str], *, holds: bool = True, why: str = "", **told: Unpack[Told]
    ) -> Node:
        """The value of a node cannot be settled without those of `on`; `holds=False` takes that away.

        Raises:
            Cycle: the edge would close a cycle, which the error names.
            NotApplicable: a node does not stand; it need not, for an edge that is taken away.
        """
        others = (on,) if isinstance(on, str) else tuple(on)
        return self._done(checked(Depend, node=id, on=others, holds=holds, why=why), id, told)

    def complete(self, id: str, output: str = "", why: str = "", **told: Unpack[Told]) -> Node:
        """The step is done.

        Raises:
            NotApplicable: the node does not stand.
        """
        return self._done(checked(Complete, node=id, output=output, why=why), id, told)

    def fail(self, id: str, output: str = "", why: str = "", **told: Unpack[Told]) -> Node:
        """The step has failed.

        Raises:
            NotApplicable: the node does not stand.
        """
        return self._done(checked(Fail, node=id, output=output, why=why), id, told)

    def activate(self, id: str, why: str = "", **told: Unpack[Told]) -> Node:
        """The session works on this node now; the one before is pending again.

        Raises:
            NotApplicable: the node does not stand.
        """
        return self._done(checked(Activate, node=id, why=why), id, told)

    def replace(
        self,
        id: str,
        slot: str,
        *,
        value: str | None = None,
        goal: str = "",
        why: str = "",
        **told: Unpack[Told],
    ) -> Node:
        """Another step in the place of one: its parents, children and dependents go over to the new one.

        Raises:
            NotApplicable: the node does not stand.
            Refused: its value was settled by somebody trusted more.
        """
        operation = checked(Replace, node=id, slot=slot, value=value, goal=goal, why=why)
        receipt = self.do(operation, **told)
        return self.node(record_id(receipt.event_id, self.shelf, 0))

    def do(self, operation: Operation, **told: Unpack[Told]) -> Receipt:
        """Carry out an operation; `told` says who says so, and when.

        Raises:
            NotApplicable: a node does not stand, a value is none that it had, or a cycle would close.
            Refused: what it changes was settled by somebody trusted more.
        """
        receipts = self.observe(event_of(operation, store=self.shelf, **told))
        journal.require_stored(receipts)
        return receipts[0]

    def _done(self, operation: Operation, id: str, told: Told) -> Node:
        self.do(operation, **told)
        return self.node(id)

    aadd = offloaded(add)
    aupdate = offloaded(update)
    arollback = offloaded(rollback)
    amerge = offloaded(merge)
    adepend = offloaded(depend)
    acomplete = offloaded(complete)
    afail = offloaded(fail)
    aactivate = offloaded(activate)
    areplace = offloaded(replace)
