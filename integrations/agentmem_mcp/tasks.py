"""The tools of task memory: the tree of a namespace's tasks, and the operations on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp.server.mcpserver.tools import Tool

from agentmem.bank.spec import MemorySpec
from agentmem.cli.forest import BESIDE, do, sentence
from agentmem.cli.memory_opening import is_there, of_kind
from agentmem.errors import InvalidInput
from agentmem.fence import fence
from agentmem.records import Namespace, Trust
from agentmem.stores.task.store import TaskMemory
from agentmem.stores.task.views import outline
from agentmem.stores.task.views.labels import labels
from agentmem_mcp.arguments import (
    Earlier,
    Goal,
    Holds,
    Kind,
    MaybeNode,
    Node,
    Nodes,
    Output,
    Title,
    Value,
    Why,
)
from agentmem_mcp.offering import Effect, offered

if TYPE_CHECKING:
    from agentmem.bank import Bank

EMPTY = "There are no tasks yet; begin one with task_add."
MOST_ROWS = 300
"""Rows of a tree that are shown."""
TOLD = {"actor": "agent", "trust": Trust.AGENT}
"""Who says so."""
BEGUN = MemorySpec(store=TaskMemory.name, options={"trim": "none"})
"""A forest that is begun here: it reads nothing of what is said."""


class TaskCalls:
    """What a client may ask of the tasks of one namespace.

    Args:
        bank: The bank.
        namespace: Whose tasks.
    """

    def __init__(self, bank: Bank, namespace: Namespace) -> None:
        self._bank = bank
        self._namespace = namespace

    def offered(self) -> list[Tool]:
        """All of it as tools."""
        changing = (
            self.task_update,
            self.task_complete,
            self.task_fail,
            self.task_activate,
            self.task_rollback,
            self.task_depend,
            self.task_replace,
            self.task_merge,
        )
        return [
            offered(self.task_tree, Effect.READS),
            offered(self.task_add, Effect.ADDS),
            *(offered(one, Effect.CHANGES) for one in changing),
        ]

    def task_tree(self, under: MaybeNode = "") -> str:
        """See the tasks and their steps: values, what is open, done, failed or stale, and what needs what."""
        memory = self._forest()
        top = memory.find(under).id if under else None
        graph = memory.graph()
        if top is not None and top not in graph.nodes:
            raise InvalidInput(f"{under!r} does not stand any more", "see `history` of its id")
        rows = outline(graph, under=top)
        told = labels(graph, list({row.id for row in rows[:MOST_ROWS]}))
        lines = [
            f"{'  ' * row.depth}{told[row.id].line} [{row.id}]{' (shown above)' * row.again}"
            for row in rows[:MOST_ROWS]
        ]
        if len(rows) > MOST_ROWS:
            lines.append(f"({len(rows) - MOST_ROWS} more; name a task or step: `under`)")
        return fence("\n".join(lines)) if lines else EMPTY

    def task_add(
        self,
        title: Title,
        kind: Kind = "step",
        value: Value = None,
        under: Nodes | None = None,
        needs: Nodes | None = None,
        goal: Goal = "",
        why: Why = "",
    ) -> str:
        """Add a step under a task, or a task. `needs`: the steps without whose value it cannot be settled."""
        fields = {"slot": title, "kind": kind, "value": value, "goal": goal, "why": why}
        return self._do("add", fields | {"parents": under, "depends_on": needs})

    def task_update(
        self,
        node: Node,
        value: Value = None,
        title: Title | None = None,
        goal: Goal | None = None,
        why: Why = "",
    ) -> str:
        """Settle a step to a value, or to another one. The old value is kept; what needs it becomes stale."""
        return self._do("update", {"node": node, "value": value, "slot": title, "goal": goal, "why": why})

    def task_complete(self, node: Node, output: Output = "", why: Why = "") -> str:
        """Say that a step is done, and what came of it."""
        return self._do("complete", {"node": node, "output": output, "why": why})

    def task_fail(self, node: Node, output: Output = "", why: Why = "") -> str:
        """Say that a step has failed, and what came of it."""
        return self._do("fail", {"node": node, "output": output, "why": why})

    def task_activate(self, node: Node, why: Why = "") -> str:
        """Say which step is worked on now; the one before waits again."""
        return self._do("activate", {"node": node, "why": why})

    def task_rollback(self, node: Node, to: Earlier = None, why: Why = "") -> str:
        """Go back to an earlier value of a step. A step that never had one is rolled back itself."""
        return self._do("rollback", {"node": node, "to": to, "why": why})

    def task_depend(self, node: Node, on: Nodes, holds: Holds = True, why: Why = "") -> str:
        """Say which steps a step needs: its value cannot be settled without theirs."""
        return self._do("depend", {"node": node, "on": on, "holds": holds, "why": why})

    def task_replace(
        self, node: Node, title: Title, value: Value = None, goal: Goal = "", why: Why = ""
    ) -> str:
        """Put another step in the place of one; what hangs on the old one hangs on the new one."""
        return self._do("replace", {"node": node, "slot": title, "value": value, "goal": goal, "why": why})

    def task_merge(
        self, node: Node, duplicate: Node | None = None, under: Nodes | None = None, why: Why = ""
    ) -> str:
        """Make one step of two that are the same, or let one step hang under several tasks."""
        return self._do("merge", {"node": node, "duplicate": duplicate, "parents": under, "why": why})

    def _do(self, type: str, fields: dict[str, object]) -> str:
        memory = self._forest()
        if not self._is_there():
            if type != "add":
                memory.find(str(fields["node"]))  # says that there is none, before a forest is made
            memory = of_kind(self._bank.store(BEGUN, self._namespace), TaskMemory)
        done = do(memory, type, fields, TOLD)
        lines = [f"{type}: {done.node.slot} [{done.node.id}]"]
        lines += [f"  {sentence(change)}" for change in done.changes] or ["  nothing changed"]
        if done.beside:
            lines.append(f"  {BESIDE}: {', '.join(done.beside)}")
        return fence("\n".join(lines))

    def _forest(self) -> TaskMemory:
        """The forest; one that was never begun is not made by this."""
        if self._is_there():
            return of_kind(self._bank.store(TaskMemory.name, self._namespace), TaskMemory)
        return of_kind(self._bank.make_store(MemorySpec(store=TaskMemory.name), self._namespace), TaskMemory)

    def _is_there(self) -> bool:
        return is_there(self._bank, self._namespace, TaskMemory.name)
