"""Traces of episodes: JSON lines, one row a step; what was decided is on disk before it is done."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from agentmem.errors import Damaged
from agentmem.records import Text, Value

TRACE, NEXT, RESULT = "trace.jsonl", "next.json", "result.json"

End = Literal["solved", "steps", "tokens", "seconds", "overflow", "stuck", "interrupted", "failed"]
"""Why an episode ended: its goal, a limit, a full history over its budget, invalid actions alone, …."""


class Row(Value):
    """One step of an episode.

    Attributes:
        step: Its number, from 1; 0 is what was seen first.
        subgoal: The subgoal announced with it; none: the open one went on.
        under: The number of the subgoal that it is part of, as it was decided.
        retrieved: Numbers of closed subgoals whose details were asked for before it.
        action: What was done.
        observation: What came of it.
        valid: Whether it could be done.
        progress: The share of goal conditions that held afterwards.
        solved: Whether all did.
        prompt_tokens: Of all prompts of the step, with rules, task and context.
        context_tokens: Of the last context.
        context: What memory showed last, fenced.
        recalled: Ids of the records shown.
        left_out: How many records had no place in the context.
        tokens: That a model read and wrote, as it counts.
        raw: What a model answered last.
        error: Why an answer could not be read.
        memory_seconds: In memory.
        policy_seconds: Deciding.
        world_seconds: In the environment.
    """

    step: int
    subgoal: Text | None = None
    under: int | None = None
    retrieved: tuple[int, ...] = ()
    action: Text = ""
    observation: Text = ""
    valid: bool = True
    progress: float = 0.0
    solved: bool = False
    prompt_tokens: int = 0
    context_tokens: int = 0
    context: Text = ""
    recalled: tuple[str, ...] = ()
    left_out: int = 0
    tokens: int = 0
    raw: Text = ""
    error: Text = ""
    memory_seconds: float = 0.0
    policy_seconds: float = 0.0
    world_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """Of the whole step."""
        return self.memory_seconds + self.policy_seconds + self.world_seconds


class Result(Value):
    """What became of an episode.

    Attributes:
        end: Why it ended.
        success: Whether all goal conditions held at once.
        progress: The greatest share of them that held.
        steps: Actions taken.
        invalid: Of these, those that could not be done.
        retrievals: How often details of closed subgoals were asked for.
        prompt_tokens: Of all prompts.
        tokens: That a model read and wrote.
        seconds: In memory, policy and environment.
        memory_seconds: In memory.
        error: What failed.
    """

    end: End
    success: bool
    progress: float
    steps: int
    invalid: int
    retrievals: int
    prompt_tokens: int
    tokens: int
    seconds: float
    memory_seconds: float
    error: Text = ""

    @classmethod
    def of(cls, rows: Sequence[Row], end: End, error: str = "") -> Result:
        """The result of the rows of an episode."""
        acted = [row for row in rows if row.step]
        return cls(
            end=end,
            success=any(row.solved for row in rows),
            progress=max((row.progress for row in rows), default=0.0),
            steps=len(acted),
            invalid=sum(not row.valid for row in acted),
            retrievals=sum(bool(row.retrieved) for row in acted),
            prompt_tokens=sum(row.prompt_tokens for row in acted),
            tokens=sum(row.tokens for row in acted),
            seconds=sum(row.seconds for row in rows),
            memory_seconds=sum(row.memory_seconds for row in rows),
            error=error,
        )


class Trace:
    """The rows of one episode, in a folder, or in memory alone.

    Args:
        folder: Where they are kept; none: nowhere.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.rows: list[Row] = []
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self.rows = _read(folder / TRACE)

    def decided(self) -> Row | None:
        """What was decided for the step after the last row, where the run was cut off before its end."""
        if self.folder is None or not (self.folder / NEXT).exists():
            return None
        file = self.folder / NEXT
        return next((row for row in rows_in(file.read_bytes(), file) if row.step == len(self.rows)), None)

    def decide(self, row: Row) -> None:
        """Keep what was decided, before it is done."""
        if self.folder is not None:
            write_whole(self.folder / NEXT, row.model_dump_json())

    def add(self, row: Row) -> None:
        """Keep a row."""
        self.rows.append(row)
        if self.folder is not None:
            with (self.folder / TRACE).open("a", encoding="utf-8") as file:
                file.write(row.model_dump_json() + "\n")
                file.flush()
                os.fsync(file.fileno())

    def end(self, result: Result) -> None:
        """Keep the result."""
        if self.folder is not None:
            write_whole(self.folder / RESULT, result.model_dump_json(indent=2) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there with all of `text`, or as it was before."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read(path: Path) -> list[Row]:
    """The rows of a trace; a line that was cut off at the end is taken out.

    Raises:
        Damaged: another line is no row.
    """
    if not path.exists():
        return []
    text = path.read_bytes()
    whole, _, torn = text.rpartition(b"\n")
    if torn:
        with path.open("r+b") as file:
            file.truncate(len(text) - len(torn))
    rows = rows_in(whole, path)
    for place, row in enumerate(rows):
        if row.step != place:
            raise Damaged(f"{path}: row {place + 1} is of step {row.step}", "begin the run anew")
    return rows


def rows_in(lines: bytes, path: Path) -> list[Row]:
    """The rows that whole lines of the trace `path` hold.

    Raises:
        Damaged: a line is none.
    """
    try:
        return [Row.model_validate_json(line) for line in lines.split(b"\n") if line]
    except ValidationError as error:
        raise Damaged(f"{path} holds a line that is no row of a trace", "begin the run anew") from error
