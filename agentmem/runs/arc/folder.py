"""The folder of a run over ARC tasks: what it is, its tasks, its memory, a line for each task done."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from agentmem.agents.trace import write_whole
from agentmem.errors import Damaged, FormatError, NotFound
from agentmem.runs.arc.results import Outcome, Row
from agentmem.runs.arc.spec import ArcSpec
from agentmem.runs.folder import SUMMARY, Folder, read_json
from agentmem.worlds.arc.tasks import Pair, Task, task_of

SPEC, TASKS, RESULTS, NEXT, PICTURE = "arc.json", "tasks.jsonl", "results.jsonl", "next.json", "task.svg"


class ArcFolder(Folder):
    """A run over ARC tasks on disk."""

    run = SPEC
    beside = (TASKS,)

    @property
    def picture(self) -> Path:
        """The picture of its task, where it has one task alone."""
        return self.path / PICTURE

    def begin(self, spec: ArcSpec, tasks: Sequence[Task]) -> None:
        """Make it the folder of a run.

        Raises:
            Conflict: something is there.
        """
        self.write(spec, {TASKS: "".join(f"{_written(task)}\n" for task in tasks)})

    def spec(self) -> ArcSpec:
        """What is run.

        Raises:
            NotFound: no run is kept there.
            Damaged: what is kept there is no run.
        """
        return read_json(self.path / SPEC, ArcSpec, "run")

    def tasks(self) -> tuple[Task, ...]:
        """Its tasks, in their order, with the outputs of their tests.

        Raises:
            NotFound: they are not there.
            Damaged: they cannot be read.
        """
        file = self.path / TASKS
        try:
            return tuple(map(_read, file.read_text(encoding="utf-8").splitlines()))
        except FileNotFoundError as error:
            raise NotFound(f"there are no tasks in {self.path}", "name the folder of a run") from error
        except (ValueError, KeyError, TypeError, FormatError) as error:
            raise Damaged(f"{file} holds no tasks: {error}", "begin the run anew") from error

    def rows(self) -> list[Row]:
        """The tasks that are done; a line that was cut off at the end is taken out.

        Raises:
            Damaged: another line is no row, or out of order.
        """
        file = self.path / RESULTS
        if not file.exists():
            return []
        text = file.read_bytes()
        whole, _, torn = text.rpartition(b"\n")
        if torn:
            with file.open("r+b") as cut:
                cut.truncate(len(text) - len(torn))
        try:
            rows = [Row.model_validate_json(line) for line in whole.split(b"\n") if line]
        except ValidationError as error:
            raise Damaged(f"{file} holds a line that is no result", "begin the run anew") from error
        if [row.outcome.position for row in rows] != list(range(len(rows))):
            raise Damaged(f"{file} holds tasks out of order", "begin the run anew")
        return rows

    def done(self, position: int) -> Outcome | None:
        """What was done for a task that is not written yet, where the run was cut off before its end.

        Raises:
            Damaged: it cannot be read.
        """
        file = self.path / NEXT
        if not file.exists():
            return None
        outcome = read_json(file, Outcome, "outcome of a task")
        return outcome if outcome.position == position else None

    def solve(self, outcome: Outcome) -> None:
        """Keep what was done for a task, before the memory hears of it."""
        write_whole(self.path / NEXT, outcome.model_dump_json())

    def add(self, row: Row) -> None:
        """Keep a task that is done."""
        with (self.path / RESULTS).open("a", encoding="utf-8") as file:
            file.write(row.model_dump_json() + "\n")
            file.flush()
            os.fsync(file.fileno())

    def summarize(self, summary: str) -> None:
        """Keep what it comes to, as JSON."""
        write_whole(self.path / SUMMARY, summary + "\n")


def _written(task: Task) -> str:
    return json.dumps(
        {
            "id": task.id,
            "source": task.source,
            "train": [_pair(pair) for pair in task.train],
            "test": [_pair(pair) for pair in task.test],
        }
    )


def _pair(pair: Pair) -> dict[str, object]:
    return {"input": pair.input} if pair.output is None else {"input": pair.input, "output": pair.output}


def _read(line: str) -> Task:
    data = json.loads(line)
    task = task_of(data, str(data["id"]), f"task {data['id']}")
    return Task(task.id, task.train, task.test, str(data["source"]))
