"""A small forest in memory for tests of RuleTrim: it carries out what is read, and shows the slots as the store does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agentmem.embedders.base import Embedder
from agentmem.records import Event
from agentmem.stores.task.node import Status
from agentmem.stores.task.operations import Add, Check, Complete, Depend, Operation, Rollback, Update
from agentmem.stores.task.rule.reader import RuleTrim
from agentmem.stores.task.trim import Slot, Subtask


@dataclass
class Step:
    slot: str
    kind: str = "step"
    value: str | None = None
    past: list[str] = field(default_factory=list)
    done: bool = False
    depends_on: list[str] = field(default_factory=list)
    changed: int = 0


class SmallForest:
    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.steps: dict[str, Step] = {}
        self.said: list[str] = []
        self.asked: tuple[str, ...] = ()
        self.trim = RuleTrim()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As a view embeds: zeros for a text without words."""
        vectors = np.zeros((len(texts), self.embedder.dimensions), np.float32)
        worded = [at for at, text in enumerate(texts) if self.embedder.parts(text)]
        if worded:
            vectors[worded] = self.embedder.embed([self.embedder.parts(texts[at])[0] for at in worded])
        return vectors

    def nearby(self, texts: Sequence[str]) -> list[Slot]:
        order = sorted(self.steps, key=lambda one: -self.steps[one].changed)
        return [
            Slot(
                id=one,
                kind=step.kind,
                slot=step.slot,
                value=step.value,
                past=tuple(dict.fromkeys(value for value in step.past if value != step.value)),
                previous=step.past[-1] if step.past else None,
                status=Status.DONE if step.done else Status.PENDING,
                depends_on=tuple(step.depends_on),
                recency=order.index(one),
                asked=0 if one in self.asked else None,
            )
            for one, step in self.steps.items()
        ]

    def hear(self, text: str) -> list[Subtask]:
        found = self.trim.read(Event(text=text), self)
        self.said.append(text)
        self.asked = ()
        handles: dict[str, str] = {}
        for operation in (one for subtask in found for one in subtask.operations):
            self._apply(operation.renamed(handles), handles)
        return found

    def intents(self, text: str) -> list[str]:
        return [subtask.intent for subtask in self.hear(text)]

    def values(self) -> dict[str, str | None]:
        return {step.slot: step.value for step in self.steps.values() if step.kind == "step"}

    def _apply(self, operation: Operation, handles: dict[str, str]) -> None:
        moment = len(self.said) * 100 + len(self.steps)
        if isinstance(operation, Add):
            handles[operation.handle] = f"step-{len(self.steps)}"
            self.steps[handles[operation.handle]] = Step(
                operation.slot, operation.kind, operation.value, changed=moment
            )
        elif isinstance(operation, Update | Rollback):
            step = self.steps[operation.node]
            step.past += [step.value] if step.value is not None else []
            step.value = operation.value if isinstance(operation, Update) else operation.to
            step.changed = moment
        elif isinstance(operation, Complete):
            self.steps[operation.node].done = True
        elif isinstance(operation, Depend):
            self.steps[operation.node].depends_on += operation.on
        elif isinstance(operation, Check):
            self.asked = operation.nodes
