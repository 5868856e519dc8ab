"""What is measured: something that hears a dialogue turn by turn and says after each what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, cast

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.records import Event
from agentmem.stores.task.graph import TaskGraph
from agentmem.stores.task.node import Status
from agentmem.stores.task.store import TaskMemory
from agentmem.stores.task.trim import Forest, Intent, Subtask, Trim
from agentmem_bench.task.scenarios import Scenario
from agentmem_bench.task.scoring import Snapshot

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder
    from agentmem.models import ChatModel

NAMESPACE = ("bench",)


class Engine(Protocol):
    """Hears dialogues.

    Attributes:
        name: As it is told.
        failures: Turns that could not be read, up to now.
        seconds: Of each turn, up to now.
    """

    name: str
    failures: int
    seconds: list[float]

    def hear(self, scenario: Scenario) -> list[Snapshot]:
        """What it holds after each turn of a dialogue that is new to it."""


class Remembering:
    """Another trim, and the intents that it read last."""

    def __init__(self, trim: Trim) -> None:
        self.trim = trim
        self.intents: tuple[Intent, ...] = ()

    def read(self, said: Event, forest: Forest) -> list[Subtask]:
        """What the other reads."""
        self.intents = ()
        subtasks = self.trim.read(said, forest)
        self.intents = tuple(subtask.intent for subtask in subtasks)
        return subtasks


class TaskEngine:
    """Task memory, with one of its trims.

    Args:
        trim: The trim's name.
        embedder: The bank's embedder.
        model: The model of the trim `model`.
    """

    def __init__(self, trim: str, embedder: Embedder, model: ChatModel | None = None) -> None:
        self.name = f"task memory, {trim} trim" + (f" ({model.name})" if model is not None else "")
        self.failures = 0
        self.seconds: list[float] = []
        self._spec = MemorySpec(store="task", options={"trim": trim})
        self._embedder = embedder
        self._model = model

    def open(self, folder: Path) -> tuple[TaskMemory, Remembering]:
        """An empty task memory in `folder`, and what remembers how it reads."""
        settings = Settings(db=str(folder / "task.db"))
        bank = Bank(settings=settings, embedder=self._embedder, model=self._model)
        store = cast(TaskMemory, bank.store(self._spec, NAMESPACE))
        remembering = Remembering(store.trim)
        store.__dict__["trim"] = remembering  # in the place of the cached one
        return store, remembering

    def hear(self, scenario: Scenario) -> list[Snapshot]:
        """What it holds after each turn."""
        with TemporaryDirectory(prefix="agentmem-") as folder:
            store, remembering = self.open(Path(folder))
            with store.bank:
                return [self.turn(store, remembering, turn.say) for turn in scenario.turns]

    def turn(self, store: TaskMemory, remembering: Remembering, said: str) -> Snapshot:
        """What it holds after one more turn."""
        remembering.intents = ()
        began = perf_counter()
        receipt = store.observe(Event(text=said, actor="user"))[0]
        self.seconds.append(perf_counter() - began)
        self.failures += bool(receipt.pending)
        active = store.active()
        return snapshot(store.graph(), remembering.intents, None if active is None else active.id)


def snapshot(graph: TaskGraph, intents: Sequence[Intent], active: str | None) -> Snapshot:
    """A forest as a snapshot."""
    steps = {id: node for id, node in graph.nodes.items() if node.kind == "step"}
    live = {id: node for id, node in steps.items() if node.status is not Status.ROLLED_BACK}
    depends: dict[str, list[str]] = {}
    for edge in graph.needs:
        depends.setdefault(edge.source, []).append(edge.target)
    return Snapshot(
        slots=tuple((id, node.slot, node.value) for id, node in live.items()),
        intents=tuple(intents),
        depends=depends,
        stale=frozenset(graph.stale),
        done=frozenset(id for id, node in live.items() if node.status is Status.DONE),
        active=active,
    )
