"""A task forest behind the command line: opening it, carrying out an operation, telling what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentmem.cli import memory_opening, values
from agentmem.cli.answers import answer
from agentmem.cli.memory_opening import Where

if TYPE_CHECKING:
    from datetime import datetime

    from agentmem.cli.opening import Opened
    from agentmem.cli.rendering import Branch, Page
    from agentmem.records import Receipt, Trust
    from agentmem.stores.task.difference import Change
    from agentmem.stores.task.graph import TaskGraph
    from agentmem.stores.task.node import Node
    from agentmem.stores.task.operations import Operation
    from agentmem.stores.task.store import TaskMemory

SHORT_ID = 8
"""Characters of an id that are shown; fewer suffice to name a node."""
BESIDE = "trusted less than the value that stands, so it stands beside it"
STYLES = {
    "gone": "dim",
    "stale": "bold yellow",
    "failed": "red",
    "active": "bold cyan",
    "done": "green",
    "task": "bold",
}
"""How a look is shown on a terminal; plain where it is not among these."""


@dataclass(frozen=True)
class Told:
    """Who says so, and when, as typed."""

    actor: str = ""
    session: str = ""
    trust: str = "user"
    time: str | None = None

    def fields(self) -> dict[str, Any]:
        """The fields of an event."""
        from agentmem.records import Trust

        trust: Trust = Trust(self.trust)
        time: datetime | None = values.moment("--time", self.time)
        return {"actor": self.actor, "session": self.session, "trust": trust, "time": time}


def reading(where: Where) -> AbstractContextManager[tuple[TaskMemory, Opened]]:
    """The forest of a namespace that was written to; one that has no forest yet gets none by this."""
    from agentmem.stores.task.store import TaskMemory

    return memory_opening.reading(TaskMemory, where)


def changing(where: Where) -> AbstractContextManager[tuple[TaskMemory, Opened]]:
    """The forest of a namespace that was written to."""
    from agentmem.stores.task.store import TaskMemory

    return memory_opening.changing(TaskMemory, where)


@contextmanager
def writing(
    where: Where, trim: str | None = None, *, begun_with: str = "none"
) -> Iterator[tuple[TaskMemory, Opened]]:
    """The forest of a namespace, made now where there is none.

    Args:
        where: The bank and the namespace.
        trim: Who reads its utterances; none: whoever does already.
        begun_with: Who reads them in a forest that is made now, where `trim` names nobody. One that begins
            with an operation reads nothing: the chat that is there may be long, and about other things.

    Raises:
        InvalidInput: it is there, and another trim reads its utterances.
    """
    from agentmem.stores.task.store import TaskMemory

    with memory_opening.beginning(TaskMemory, where, {"trim": trim or begun_with}) as (memory, opened):
        if trim is not None:
            memory_opening.check_option(memory, "trim", trim)
        yield memory, opened


@dataclass(frozen=True)
class Done:
    """An operation that was carried out.

    Attributes:
        node: The node that it was about, or made, as it is now.
        receipt: That of the operation.
        changes: What changed, in that node and in what depends on it.
        beside: Ids of values that were not trusted enough to replace one, and so stand beside it.
    """

    node: Node
    receipt: Receipt
    changes: Sequence[Change]
    beside: Sequence[str]


def do(memory: TaskMemory, type: str, fields: Mapping[str, Any], told: Mapping[str, Any]) -> Done:
    """Carry out one operation, whose fields name nodes as people do; `told` are fields of its event."""
    from agentmem.records import ALTERNATIVE
    from agentmem.stores.task.difference import difference

    operation = _operation(type, fields, memory)
    before = memory.dependents(operation.ids())
    receipt = memory.do(operation, **told)
    ids = _about(operation, receipt, memory)
    changes = difference(before, memory.dependents(ids))
    view = memory.bank.view(memory.namespace, store=memory.shelf)
    links = view.links(ids[:1], ALTERNATIVE, "in")
    beside = [link.source for link in links if link.from_seq == receipt.seq]
    return Done(memory.node(ids[0]), receipt, changes, beside)


def carry_out(type: str, fields: Mapping[str, Any], told: Told, where: Where, *, json: bool) -> None:
    """Carry out one operation, whose fields name nodes as people do, and tell what changed."""
    from agentmem.cli.rendering import Page

    said = told.fields()
    with writing(where) if type == "add" else changing(where) as (memory, opened):
        done = do(memory, type, fields, said)
        path = opened.path
    if json:
        answer(
            f"task.{type}",
            namespace=path,
            node=done.node,
            receipt=done.receipt,
            changes=done.changes,
            alternatives=done.beside,
        )
        return
    page = Page()
    page.line(f"{type} {done.node.slot} [{done.node.id[:SHORT_ID]}]")
    tell(page, done.changes)
    if done.beside:
        page.line(f"{BESIDE}: {', '.join(done.beside)}")


def _operation(type: str, fields: Mapping[str, Any], memory: TaskMemory) -> Operation:
    """The operation, ids in the place of names.

    Raises:
        InvalidInput: a field cannot be what it should be, or names several nodes.
        NotFound: a field names no node.
    """
    from agentmem.records import Event
    from agentmem.stores.task.operations import KINDS, PREFIX, operation_of

    named = KINDS[type].named
    given: dict[str, Any] = {}
    for name, value in fields.items():
        if value is None or (isinstance(value, list | tuple) and not value):
            continue
        if name not in named:
            given[name] = value
        elif isinstance(value, str):
            given[name] = memory.find(value).id
        else:
            given[name] = [memory.find(one).id for one in value]
    operation = operation_of(Event(type=PREFIX + type, data=given))
    if operation is None:
        raise AssertionError(f"no operation is called {type!r}")
    return operation


def _about(operation: Operation, receipt: Receipt, memory: TaskMemory) -> list[str]:
    """Ids of the node that an operation was about, or made, and of the others that it names."""
    from agentmem.bank.sources import record_id

    made = [record_id(receipt.event_id, memory.shelf, 0)] if operation.type in ("add", "replace") else []
    return [*made, *operation.ids()]


def tell(page: Page, changes: Sequence[Change]) -> None:
    """What changed, a line each."""
    for change in changes:
        page.line(f"  {sentence(change)}", style=STYLES["stale"] if change.what == "stale" else "")
    if not changes:
        page.line("  nothing changed")


def sentence(change: Change) -> str:
    """One change in words."""
    title, before, after = change.title, change.before, change.after
    match change.what:
        case "new":
            return f"+ {title}" + (f": {after}" if after is not None else "")
        case "gone":
            return f"- {title}" + (f": {before}" if before is not None else "")
        case "value":
            return f"{title}: {'open' if before is None else before} -> {'open' if after is None else after}"
        case "stale":
            return f"{title} is STALE: {after} changed" if after is not None else f"{title} is stale no more"
        case "under" | "needs":
            joins = "is under" if change.what == "under" else "needs"
            return f"{title} {joins} {after or 'nothing'}"
        case _:
            return f"{title}: {change.what} {before or 'none'} -> {after or 'none'}"


def text_of(graph: TaskGraph, form: str, *, everything: bool, under: str | None) -> str:
    """The forest as text: a plain tree (`rich`), `mermaid`, `json` or `svg`."""
    from agentmem.cli.rendering import plain_tree
    from agentmem.stores.task.views import as_json, as_mermaid, as_svg

    if form == "mermaid":
        return as_mermaid(graph, everything=everything, under=under)
    if form == "svg":
        return as_svg(graph, everything=everything, under=under)
    if form == "json":
        return as_json(graph, under=under)
    return "".join(f"{line}\n" for line in plain_tree(tree_rows(graph, everything=everything, under=under)))


def tree_rows(graph: TaskGraph, *, everything: bool, under: str | None) -> list[Branch]:
    """The rows of a tree for `Page.tree`: a node that hangs under several is shown once in full."""
    from agentmem.stores.task.views import label, outline

    rows: list[Branch] = []
    for row in outline(graph, everything=everything, under=under):
        told = label(graph, row.id)
        style = STYLES.get(told.look, "")
        text = f"{graph.nodes[row.id].slot} (shown above)" if row.again else told.line
        rows.append((row.depth, text, "dim" if row.again else style, row.id[:SHORT_ID]))
    return rows
