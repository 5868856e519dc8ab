"""What a run over ARC tasks comes to: oracle@k at each depth of retry, programs tried, what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from agentmem.records import Text, Value
from agentmem.runs.arc.results import Held, Row
from agentmem.runs.arc.spec import ArcSpec
from agentmem.worlds.arc.scoring import Thread, at_depth, total

COUNTED = (1, 2)
"""The k of oracle@k."""


class Oracle(Value):
    """oracle@k over the tasks of a run (see `agentmem.worlds.arc.scoring`).

    Attributes:
        k: Attempts that count.
        depth: Retries that count.
        total: Tasks solved, those with several tests in part.
        share: Of the tasks whose outputs are known.
    """

    k: int
    depth: int
    total: float
    share: float


class TaskLine(Value):
    """A task in short.

    Attributes:
        task: Its id.
        solved: Whether an attempt passes all of its tests; none: they are not known.
        verified: Whether a program gives the outputs of all examples.
        tried: Programs that were tried.
        found: How many had been tried when the program that stands for the task was found; none: none was.
        selected: How many concepts were.
        cited: How many of them stand in the program.
        seconds: Taken.
        reason: Why the program that stands for the task is not right on what is visible, or what failed.
    """

    task: Text
    solved: bool | None
    verified: bool
    tried: int
    found: int | None
    selected: int
    cited: int
    seconds: float
    reason: Text = ""


class ArcSummary(Value):
    """What became of a run, as far as it was played.

    Attributes:
        name: What the run is called.
        memory: What the memory is called.
        solver: Who solves.
        planned: How many tasks it has.
        finished: How many of them are done.
        scored: How many of these have known outputs.
        attempts: At a task.
        oracle: For each k and depth of retry. Where a search found fewer answers than attempts, the missing
            ones pass nothing.
        first: Tasks whose first attempt passes all tests, in the end.
        solved: Tasks of which an attempt passes all tests.
        verified: Tasks for which a program gives the outputs of all examples.
        mistaken: Of these, those whose program fails a test: what the memory learns from wrongly.
        failed: Tasks at which something failed.
        tried: Programs that searches tried.
        prompt_tokens: That models read, as they count.
        completion_tokens: That they wrote.
        seconds: Of all tasks.
        held: What the memory holds after each task; empty without one.
        interrupted: Whether it was cut short by Ctrl-C.
        tasks: Each of them.
    """

    name: Text
    memory: Text
    solver: Text
    planned: int
    finished: int
    scored: int
    attempts: int
    oracle: tuple[Oracle, ...]
    first: int
    solved: int
    verified: int
    mistaken: int
    failed: int
    tried: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    held: tuple[Held, ...]
    interrupted: bool = False
    tasks: tuple[TaskLine, ...]

    @classmethod
    def of(cls, spec: ArcSpec, planned: int, rows: Sequence[Row], *, interrupted: bool = False) -> Self:
        """The summary of the tasks that are done.

        Args:
            spec: The run.
            planned: How many tasks it has.
            rows: The tasks that are done, in order.
            interrupted: Whether it was cut short by Ctrl-C.
        """
        scored = [row for row in rows if row.scored]
        threads = [_threads(row, spec.attempts) for row in scored]
        steps = [step for row in rows for thread in row.outcome.threads for step in thread]
        return cls(
            name=spec.name,
            memory=spec.memory_name,
            solver=spec.solver,
            planned=planned,
            finished=len(rows),
            scored=len(scored),
            attempts=spec.attempts,
            oracle=tuple(
                _oracle(threads, k, depth)
                for depth in range(spec.retries + 1)
                for k in COUNTED
                if k <= spec.attempts
            ),
            first=sum(all(at_depth(some[0], spec.retries)) for some in threads),
            solved=sum(map(solved, scored)),
            verified=sum(row.outcome.verified for row in rows),
            mistaken=sum(map(mistaken, scored)),
            failed=sum(bool(row.outcome.error) for row in rows),
            tried=sum(row.outcome.tried for row in rows),
            prompt_tokens=sum(step.prompt_tokens for step in steps),
            completion_tokens=sum(step.completion_tokens for step in steps),
            seconds=round(sum(row.outcome.seconds for row in rows), 3),
            held=tuple(row.held for row in rows if row.held is not None),
            interrupted=interrupted,
            tasks=tuple(map(line_of, rows)),
        )

    @property
    def complete(self) -> bool:
        """Whether all tasks are done."""
        return self.finished == self.planned


def solved(row: Row) -> bool:
    """Whether an attempt passes all tests of a task whose outputs are known, by its last step."""
    return any(all(thread[-1]) for thread in row.passed if thread)


def mistaken(row: Row) -> bool:
    """Whether the program that stands for a task gives the outputs of all examples and fails a test."""
    best = row.outcome.best
    if best is None or not best.verified or not row.scored:
        return False
    place = next(n for n, steps in enumerate(row.outcome.threads) if steps and steps[-1] == best)
    return not all(row.passed[place][-1])


def line_of(row: Row) -> TaskLine:
    """A task in short."""
    outcome = row.outcome
    best = outcome.best
    lasts = [steps[-1] for steps in outcome.threads if steps]
    fault = best or (lasts[0] if lasts else None)
    nothing = f"nothing found ({outcome.stopped})" if outcome.stopped else "nothing found"
    return TaskLine(
        task=outcome.task,
        solved=solved(row) if row.scored else None,
        verified=outcome.verified,
        tried=outcome.tried,
        found=best.tried if best is not None and best.verified and outcome.stopped else None,
        selected=len(outcome.selected),
        cited=len(row.cited),
        seconds=round(outcome.seconds, 3),
        reason=outcome.error or (nothing if fault is None else fault.reason),
    )


def _threads(row: Row, attempts: int) -> list[Thread]:
    """The attempts at a task as they are scored: what was not given passes nothing."""
    cases = row.tests
    given: list[Thread] = list(row.passed)
    return given + [[(False,) * cases]] * (attempts - len(given))


def _oracle(threads: Sequence[Sequence[Thread]], k: int, depth: int) -> Oracle:
    found = total(threads, k, depth)
    return Oracle(k=k, depth=depth, total=found, share=found / len(threads) if threads else 0.0)
