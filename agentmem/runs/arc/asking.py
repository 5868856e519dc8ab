"""Solves a task by a language model: a program is asked for, run on what is visible, and asked for again."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from agentmem.errors import AgentMemError, Cancelled, NetworkForbidden, OverBudget, Unavailable
from agentmem.fence import clean
from agentmem.models.base import ChatModel, Completion, Message, assistant, system, user
from agentmem.prompts import render
from agentmem.runs.arc.checking import FUNCTION, NO_PROGRAM, PRELUDE, Check, check
from agentmem.runs.arc.results import Step
from agentmem.runs.arc.spec import Asking
from agentmem.worlds.arc.grids import NAMES, Grid, shape, text_of
from agentmem.worlds.arc.tasks import Task
from agentmem.worlds.sandbox.pool import Sandbox

_BLOCK = re.compile(r"```[ \t]*(\w*)[ \t]*\r?\n(.*?)(?:```|\Z)", re.DOTALL)
_DEFINES = re.compile(rf"^(?:async )?def {FUNCTION}\b", re.MULTILINE)
_OURS = (Unavailable, NetworkForbidden, OverBudget, Cancelled)
"""Errors that are no fault of a task: the run ends, and can be gone on with."""


@dataclass(frozen=True)
class Asker:
    """Asks a model for programs.

    Attributes:
        model: The model.
        sandbox: Runs its programs.
        asking: How it is asked.
        retries: How often an attempt goes on after feedback.
        seed: Of the first attempt; the next has the next.
    """

    model: ChatModel
    sandbox: Sandbox
    asking: Asking
    retries: int
    seed: int

    def attempt(
        self, number: int, task: Task, description: str, concepts: str, routines: Sequence[str] = ()
    ) -> tuple[Step, ...]:
        """The steps of an attempt: it ends where all examples fit, or retries are used up.

        Args:
            number: Of the attempt, from 0.
            task: Visible parts of it.
            description: It in words.
            concepts: Fenced text of what the memory selected; empty: nothing is shown.
            routines: Names of the routines among these, which programs may import.

        Raises:
            Unavailable: the model does not answer.
            OverBudget: a budget has no room for it.
        """
        opening = prompt(task, description, concepts, routines)
        messages: tuple[Message, ...] = opening
        steps: list[Step] = []
        while True:
            step, found = self._step(messages, number, task)
            steps.append(step)
            if not step.reason or step.reason == "model" or len(steps) > self.retries:
                return tuple(steps)
            told = render(
                __package__, "again", program=bool(step.program), lines=found.lines if found else ()
            )
            # The last answer alone: so a prompt does not grow with the retries.
            messages = (*opening, assistant(step.answer or "(nothing)"), user(told))

    def _step(self, messages: Sequence[Message], number: int, task: Task) -> tuple[Step, Check | None]:
        nothing = partial(Step, fits=(False,) * len(task.train), outputs=(None,) * len(task.test))
        try:
            completed: Completion[Any] = self.model.complete(
                messages,
                max_tokens=self.asking.answer_tokens,
                temperature=self.asking.temperature,
                seed=self.seed + number,
            )
        except _OURS:
            raise
        except AgentMemError as error:  # a prompt that is too long, an answer that cannot be read
            return nothing(reason="model", detail=str(error)), None
        spent = {
            "answer": clean(completed.text),
            "prompt_tokens": completed.usage.prompt_tokens,
            "completion_tokens": completed.usage.completion_tokens,
        }
        program = program_in(clean(completed.text))
        if not program:
            told = f"the answer has no `def {FUNCTION}`"
            return nothing(reason=NO_PROGRAM, detail=told, **spent), None
        found = check(program, task, self.sandbox)
        step = Step(
            program=program,
            fits=found.fits,
            outputs=found.outputs,
            reason=found.reason,
            detail=found.detail,
            **spent,
        )
        return step, found


def prompt(task: Task, description: str, concepts: str, routines: Sequence[str] = ()) -> tuple[Message, ...]:
    """What a model is asked first; nothing of a task's hidden outputs can stand in it.

    Args:
        task: Visible parts of it.
        description: It in words.
        concepts: Fenced text of what the memory selected; empty: nothing is shown.
        routines: Names of the routines among these, which programs may import.
    """
    seen = task.visible()
    rules = render(
        __package__,
        "system",
        colours=", ".join(f"{number} {name}" for number, name in enumerate(NAMES)),
        prelude=PRELUDE,
        routines=list(routines),
        concepts=bool(concepts),
    )
    asked = render(
        __package__,
        "task",
        concepts=concepts,
        examples=[
            {"before": _shown(pair.input), "after": _shown(pair.output)}
            for pair in seen.train
            if pair.output is not None
        ],
        tests=[_shown(pair.input) for pair in seen.test],
        description=description,
    )
    return system(rules), user(asked)


def _shown(grid: Grid) -> dict[str, str]:
    rows, columns = shape(grid)
    return {"size": f"{rows} x {columns}", "text": text_of(grid)}


def program_in(answer: str) -> str:
    """The program of an answer: the last block that defines the function, or else the answer from there on.

    Empty where nothing defines it. A block that is not closed goes to the end: an answer may be cut off.
    """
    blocks = [body for _, body in _BLOCK.findall(answer) if _DEFINES.search(body)]
    if blocks:
        return f"{blocks[-1].strip()}\n"
    start = re.search(rf"^(?:import |from \w+(?:\.\w+)* import |def {FUNCTION}\b)", answer, re.MULTILINE)
    bare = answer[start.start() :] if start else ""
    return _longest(bare) if _DEFINES.search(bare) else ""


def _longest(text: str) -> str:
    """The most lines from the first on that are Python; all of them where none are."""
    lines = text.rstrip().split("\n")
    for count in range(len(lines), 0, -1):
        part = "\n".join(lines[:count])
        if not _DEFINES.search(part):
            break
        try:
            ast.parse(part)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return part.rstrip() + "\n"
    return text.strip() + "\n"
