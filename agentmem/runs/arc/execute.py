"""Plays a run over ARC tasks in its folder, task by task; one that was cut off goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from agentmem.bank import Bank
from agentmem.bank.derive import LEASE
from agentmem.bank.sources import Clock, NewId, system_clock
from agentmem.config import Settings
from agentmem.errors import (
    Cancelled,
    Damaged,
    EmbedderMismatch,
    NetworkForbidden,
    OverBudget,
    Unavailable,
)
from agentmem.logs import fields, in_log, logger
from agentmem.models.base import ChatModel
from agentmem.runs.arc import seeding
from agentmem.runs.arc.asking import Asker
from agentmem.runs.arc.checking import PRELUDE
from agentmem.runs.arc.folder import ArcFolder
from agentmem.runs.arc.judging import passed
from agentmem.runs.arc.memory import NAMESPACE, Selection, TaskMemory, routines_among
from agentmem.runs.arc.results import Outcome, Row, Step
from agentmem.runs.arc.searching import search
from agentmem.runs.arc.spec import ArcSpec
from agentmem.runs.arc.summary import ArcSummary
from agentmem.runs.interrupting import Interruption
from agentmem.worlds.arc.describe import describe
from agentmem.worlds.arc.tasks import Task
from agentmem.worlds.sandbox.pool import Sandbox

log = logger(__name__)

_OURS = (Unavailable, NetworkForbidden, OverBudget, Cancelled, Damaged, EmbedderMismatch)
"""Errors that are no fault of a task: the next would meet them too. The run ends, and can be gone on with."""


class Watcher:
    """Is told what happens in a run; this one makes nothing of it."""

    def begins(self, position: int, task: Task) -> None:
        """A task begins."""

    def ends(self, row: Row) -> None:
        """A task is done."""


@dataclass(frozen=True)
class _Solver:
    """Works on tasks, of which it is given what is visible."""

    spec: ArcSpec
    memory: TaskMemory | None
    asker: Asker | None
    at_once: int

    def outcome(self, position: int, task: Task) -> Outcome:
        """What is done for a task. Whatever fails in it is told, and ends the task alone."""
        began = perf_counter()
        given: dict[str, Any] = {"position": position, "task": task.id, "source": task.source}
        try:
            given["text"] = describe(task).text
            given |= self._solve(task, given["text"])
        except _OURS:
            raise
        except Exception as error:  # a task that no routine, program or memory can cope with stops no run
            extra = {"task": task.id, **fields(error)}
            log.warning("task %s failed: %s", task.id, in_log(error), extra=extra)
            given["error"] = f"{type(error).__name__}: {error}"
        return Outcome(**given, seconds=perf_counter() - began)

    def _solve(self, task: Task, text: str) -> dict[str, Any]:
        if self.asker is None:
            selection = self.memory.guide(text) if self.memory else Selection()
            threads, found = search(task, selection.guide, attempts=self.spec.attempts, tried=self.spec.tried)
            return {
                "selected": selection.concepts,
                "threads": threads,
                "tried": found.tried,
                "stopped": found.stopped,
            }
        asking = self.spec.asking
        selection = (
            self.memory.context(text, self.spec.budget, asking.selected) if self.memory else Selection()
        )
        shown = selection.context.text if selection.context else ""
        return {
            "selected": selection.concepts,
            "context_tokens": selection.context.tokens if selection.context else 0,
            "threads": self._attempts(self.asker, task, text, shown, routines_among(selection.concepts)),
        }

    def _attempts(
        self, asker: Asker, task: Task, text: str, shown: str, routines: Sequence[str]
    ) -> tuple[tuple[Step, ...], ...]:
        def attempt(number: int) -> tuple[Step, ...]:
            return asker.attempt(number, task, text, shown, routines)

        numbers = range(self.spec.attempts)
        if self.at_once == 1:
            return tuple(map(attempt, numbers))
        with ThreadPoolExecutor(self.at_once) as pool:
            return tuple(pool.map(attempt, numbers))


def check(spec: ArcSpec, settings: Settings) -> None:
    """Find what is wrong with a run before its folder is made.

    Raises:
        AgentMemError: an option of the memory or the name of the model is not what it can be.
    """
    from agentmem.models import open_model

    if spec.model:
        open_model(settings, spec.model)
    if spec.memory is not None:
        with Bank("sqlite://", settings=settings) as bank:
            TaskMemory(bank, spec.memory)


def play(
    folder: ArcFolder,
    settings: Settings,
    watcher: Watcher | None = None,
    *,
    at_once: int = 1,
    model: ChatModel | None = None,
    sandbox: Sandbox | None = None,
    clock: Clock = system_clock,
    new_id: NewId | None = None,
) -> ArcSummary:
    """Play what of a run was not played yet.

    For each task, in this order: the memory selects; attempts are made; what was done is on disk; the memory
    hears the trace and its verdict by the visible pairs; the hidden outputs are looked at by the scorer, and
    the task's line is written. Solver and memory are never given a task with the outputs of its tests.

    Args:
        folder: The run.
        settings: Those of its bank.
        watcher: Is told what happens.
        at_once: Attempts of a model that are made at once.
        model: The language model; none: the one that the run names.
        sandbox: Runs a model's programs, with the prelude of `checking`; none: one that is made for it.
        clock: Tells the time of the bank.
        new_id: Makes ids of events.

    Returns:
        What became of it. After Ctrl-C it is not complete; it can be played on.

    Raises:
        AgentMemError: memory or model do not work; it can be played on when they do.
    """
    spec, tasks = folder.spec(), folder.tasks()
    watcher = watcher or Watcher()
    interruption = Interruption()
    given = settings.model_copy(update={"db": str(folder.bank), "model": spec.model or settings.model})
    interrupted = False
    with folder.held():
        rows = folder.rows()
        if len(rows) < len(tasks):
            _catch_up(folder, spec, given, model, clock)
            with (
                Bank(folder.bank, settings=given, model=model, clock=clock, new_id=new_id) as bank,
                _solver(spec, bank, tasks, at_once, sandbox) as solver,
                interruption.listening(),
            ):
                try:
                    for position in range(len(rows), len(tasks)):
                        watcher.begins(position, tasks[position])
                        rows.append(_play(folder, solver, position, tasks[position], interruption))
                        watcher.ends(rows[-1])
                        _keep(folder, spec, len(tasks), rows)
                except KeyboardInterrupt:
                    interrupted = True
        return _keep(folder, spec, len(tasks), rows, interrupted=interrupted)


def _play(folder: ArcFolder, solver: _Solver, position: int, task: Task, interruption: Interruption) -> Row:
    outcome = folder.done(position)
    if outcome is None:
        outcome = solver.outcome(position, task.visible())
        interruption.check()
        folder.solve(outcome)
    outcome, cited = _written(solver.memory, outcome)
    # All is written: now the hidden outputs may be looked at.
    row = Row(
        outcome=outcome,
        cited=cited,
        held=solver.memory.held() if solver.memory else None,
        tests=len(task.test),
        scored=task.known,
        passed=passed(task, outcome),
    )
    folder.add(row)
    return row


def _written(memory: TaskMemory | None, outcome: Outcome) -> tuple[Outcome, tuple[str, ...]]:
    """What was done, as the memory heard of it, and the concepts cited; told where it cannot hear it."""
    if memory is None:
        return outcome, ()
    try:
        return outcome, memory.write(outcome)
    except _OURS:
        raise
    except Exception as error:  # a text that the screen refuses, an id that is taken: the task's own fault
        extra = {"task": outcome.task, **fields(error)}
        log.warning("task %s cannot be kept: %s", outcome.task, in_log(error), extra=extra)
        told = f"{outcome.error}; " if outcome.error else ""
        return outcome.altered({"error": f"{told}{type(error).__name__}: {error}"}), ()


@contextmanager
def _solver(
    spec: ArcSpec, bank: Bank, tasks: Sequence[Task], at_once: int, box: Sandbox | None
) -> Iterator[_Solver]:
    memory = None if spec.memory is None else TaskMemory(bank, spec.memory)
    if memory is not None and spec.seed_memory == "solutions":
        memory.seed(seeding.solved_beside(tasks))
    if spec.solver == "enumerate":
        yield _Solver(spec, memory, None, at_once)
        return
    model = bank.chat_model(NAMESPACE, "run", spec.model)
    with nullcontext(box) if box else Sandbox(prelude=PRELUDE, workers=at_once) as sandbox:
        yield _Solver(spec, memory, Asker(model, sandbox, spec.asking, spec.retries, spec.seed), at_once)


def _catch_up(
    folder: ArcFolder, spec: ArcSpec, settings: Settings, model: ChatModel | None, clock: Clock
) -> None:
    """Let the memory write what a process that was killed had begun to write.

    Nobody else plays the run, so what is still claimed was claimed by the dead: its lease has run out.
    """
    if spec.memory is None or not folder.bank.exists():
        return

    def later() -> datetime:
        return clock() + 2 * LEASE

    with Bank(folder.bank, settings=settings, model=model, clock=later) as bank:
        if any(one.state == "running" for one in bank.pending(NAMESPACE)):
            bank.store(spec.memory, NAMESPACE)
            bank.retry(NAMESPACE)


def _keep(
    folder: ArcFolder, spec: ArcSpec, planned: int, rows: Sequence[Row], *, interrupted: bool = False
) -> ArcSummary:
    summary = ArcSummary.of(spec, planned, rows, interrupted=interrupted)
    folder.summarize(summary.model_dump_json(indent=2))
    return summary
