"""The guide of the real memory: filled with the solved tasks of other folds, asked for those of one."""

from __future__ import annotations

from typing import cast

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.stores.concept.store import ConceptMemory
from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.describe import describe
from agentmem.worlds.arc.guidance import guide_for
from agentmem.worlds.arc.solver.enumeration import Guide
from agentmem.worlds.arc.tasks import Task
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.transfer.solved import GuideOf, Solved

FOLDS = 5
SPEC = MemorySpec(store="concept", options={"abstractor": "code", "library": "arc"})


def remembered(solved: Solved, folds: int = FOLDS, watch: Watch = unwatched) -> GuideOf:
    """The guides of concept memories, each of which never saw the tasks that it is asked for.

    Args:
        solved: The tasks.
        folds: Every so-manieth task is asked of a memory of all others.
        watch: Sees how far it is.
    """
    guides: dict[str, Guide] = {}
    for fold in range(min(folds, len(solved.tasks))):
        asked = solved.tasks[fold::folds]
        held = {task.id for task in asked}
        with Bank("sqlite://", settings=Settings()) as bank:
            memory = cast(ConceptMemory, bank.store(SPEC, ("transfer",)))
            for task in solved.tasks:
                if task.id not in held:
                    remember(memory, task)
            for task in asked:
                guides[task.id] = guide_for(memory, describe(task.visible()).text)[0]
        watch("memories", fold + 1, folds)
    return lambda task: guides[task.id]


def remember(memory: ConceptMemory, task: Task) -> None:
    """Let a memory see that a task was solved, and how."""
    text, program = describe(task.visible()).text, solutions.program(task.id)
    memory.attempted(text, program, problem=task.id, language="python", solved=True)
