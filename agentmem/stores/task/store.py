"""Task memory as a store: utterances become operations on a forest of steps, and prompts are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue

from agentmem.bank.sources import record_id
from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.errors import InvalidInput
from agentmem.records import ChangeSet, Context, Event, Hit, Namespace, Query, Trust
from agentmem.stores.task import focus
from agentmem.stores.task.changes import carry_out
from agentmem.stores.task.content import is_node, node_of, stands
from agentmem.stores.task.edges import DEPENDS_ON, PARENT
from agentmem.stores.task.graph import TaskGraph, load
from agentmem.stores.task.log import Entry, log
from agentmem.stores.task.methods import TaskOperations
from agentmem.stores.task.naming import find
from agentmem.stores.task.nearby import Nearby
from agentmem.stores.task.node import Node, Revision
from agentmem.stores.task.operations import Add, event_of, operation_of
from agentmem.stores.task.prompt import lines_of, prompt
from agentmem.stores.task.revisions import revisions
from agentmem.stores.task.succession import succeed
from agentmem.stores.task.surroundings import active_in, around
from agentmem.stores.task.trim import Subtask, Trim
from agentmem.stores.task.trims import TRIMS, open_trim
from agentmem.synthesis.tokens import MiniLMTokens

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


class TaskMemory(TaskOperations):
    """A forest of tasks and their steps, with corrections, rollback, dependencies and stale marks.

    Options:
        trim: Who reads utterances: `rule` (no language model), `model`, or `none`.
        model: The language model of the trim `model`, as after `--model`; none: that of the settings.
        trusts: Whose messages are read: by trust, the user's alone by default.

    A record is a node (types `task` and `step`), a value that was not trusted enough to replace one
    (`alternative`), or which node a session works on (`focus`).
    """

    name: ClassVar[str] = "task"
    options: ClassVar[Mapping[str, JsonValue]] = {"trim": "rule", "model": None, "trusts": ["user"]}
    at_once: ClassVar[int] = 1

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        super().__init__(bank, namespace, spec)
        if self.option("trim") not in TRIMS:
            raise InvalidInput(f"there is no trim {self.option('trim')!r}", f"there are: {', '.join(TRIMS)}")
        known = [trust.value for trust in Trust]
        unknown = [trust for trust in self.option("trusts") if trust not in known]
        if unknown:
            raise InvalidInput(f"there is no trust {unknown[0]!r}", f"there are: {', '.join(known)}")

    # From utterances to operations

    @property
    def interprets(self) -> bool:
        """Whether there is a trim."""
        return super().interprets and self.option("trim") != "none"

    @cached_property
    def trim(self) -> Trim:
        """Who reads utterances."""
        return open_trim(self.option("trim"), self.bank, self.namespace, self.shelf, self.option("model"))

    def interpret(self, events: Sequence[Event], view: View) -> list[Event]:
        """The operations that messages mean, as the trim reads them."""
        return [
            operation
            for event in events
            if event.type == "message" and event.trust in self.option("trusts") and event.text.strip()
            for operation in self._operations(event, self.read(event, view))
        ]

    def read(self, said: Event, view: View | None = None) -> list[Subtask]:
        """The subtasks of an utterance, as the trim reads it; nothing is changed."""
        view = view or self._now()
        return self.trim.read(said, Nearby(view, said))

    def _operations(self, said: Event, subtasks: Sequence[Subtask]) -> list[Event]:
        """The events of all operations, ids in the place of handles."""
        ids: dict[str, str] = {}
        made = []
        for subtask in subtasks:
            for operation in subtask.operations:
                event_id = self.bank.new_id(self.bank.clock())
                named = operation.renamed(ids)
                if isinstance(operation, Add) and operation.handle:
                    ids[operation.handle] = record_id(event_id, self.shelf, 0)
                made.append(
                    event_of(
                        named,
                        id=event_id,
                        text=subtask.text,
                        actor=said.actor,
                        session=said.session,
                        trust=said.trust,
                        caused_by=(said.id,),
                    )
                )
        return made

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Observations change nothing by themselves; operations change nodes and edges."""
        operation = operation_of(event) if event.store else None
        return ChangeSet() if operation is None else carry_out(operation, event, view)

    def adapt(self, event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
        """A node that takes the place of another takes over its edges."""
        return succeed(event, changes, view)

    # From the forest to a prompt

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The best nodes, by the hybrid pipeline; the records of who works on what are none."""
        if query.text.strip():
            return super().retrieve(query, view)
        hits = super().retrieve(query, view)
        if any(hit.record.type == focus.TYPE for hit in hits):
            hits = super().retrieve(query.model_copy(update={"k": query.k + focus.ASIDE}), view)
        return [hit for hit in hits if hit.record.type != focus.TYPE][: query.k]

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        """The active step with what it needs and what is open, and what the question recalled.

        The active step is the first node that `query.expand` names, else the one activated last, else the
        one changed last. The nodes of `expand` are shown with all their values.
        """
        stable = super().render(query, [], view, budget)
        wanted = {record.id: record for record in view.get(query.expand) if stands(record)}
        active = next(iter(wanted), None) or active_in(view)
        seen = None if active is None else around(view, active)
        histories = {id: revisions(view, record) for id, record in wanted.items()}
        shown = {item.id for item in stable.items}
        asked = bool(query.text.strip())
        further = [hit for hit in hits if hit.id not in shown and (asked or not is_node(hit.record))]
        lines = lines_of(seen, further, histories)
        return prompt(lines, budget, MiniLMTokens(), stable, self.label_prefix)

    # Reading the forest

    def graph(self, *, known_at: datetime | None = None, everything: bool = False) -> TaskGraph:
        """The whole forest, now or as it was known at a moment.

        With `everything` also the nodes whose place others took, under what took it.
        """
        view = self.bank.view(self.namespace, store=self.shelf, known_at=known_at)
        return load(view, everything=everything)

    def dependents(self, ids: Sequence[str]) -> TaskGraph:
        """The nodes `ids` with their parents, all that depends on them, and all that these depend on."""
        view = self._now()
        parents = [link.target for link in view.links(ids, PARENT, "out")]
        return load(view, [*ids, *parents, *view.reach(ids, DEPENDS_ON, "in")])

    def find(self, called: str) -> Node:
        """The node of an id, of the first characters of an id (four or more), or of a title.

        Raises:
            NotFound: there is none.
            InvalidInput: there are several.
        """
        return find(self._now(), called)

    def log(self, id: str | None = None, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        """What was done to the forest, or to one node, oldest first.

        Args:
            id: Only operations about this node, and the one that made it.
            after: Only those after this sequence number.
            limit: The newest so many.
        """
        return log(self._now(), id, after, limit)

    def active(self, session: str | None = None) -> Node | None:
        """The node that a session (none: any) works on; none in an empty forest."""
        view = self._now()
        id = active_in(view, session)
        return None if id is None else node_of(view.get([id])[0])

    def revisions(self, id: str) -> list[Revision]:
        """The values that a node had, in the order in which they were said.

        Raises:
            NotFound: there is no such record.
        """
        return revisions(self._now(), self._require([id])[0])
