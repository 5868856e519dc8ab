"""With a language model: oracle@k without a memory, with open-ended concepts, and with parameterised ones."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentmem.config import Settings
from agentmem_bench.paired import Paired
from agentmem_bench.progress import Watch, unwatched

MEMORIES: Mapping[str, Any] = {
    "none": "none",
    "OE": {"store": "concept", "options": {"abstractor": "model-oe"}},
    "PS": {"store": "concept", "options": {"abstractor": "model"}},
}
"""Memories by the names of the paper's formats."""


def measure(
    model: str, tasks: str, retries: int, settings: Settings, paired: Paired, watch: Watch = unwatched
) -> dict[str, Any]:
    """Let a model go through the same tasks with each memory, two attempts at a task.

    Args:
        model: As after `--model`.
        tasks: As after `agentmem run arc --tasks`.
        retries: How often an attempt goes on after feedback from the examples.
        settings: They say what the model may do.
        paired: Takes up what each task came to, all retries counted.
        watch: Sees how far it is.

    Raises:
        AgentMemError: there is no such model, or no such task.
    """
    import json

    from agentmem.runs.arc.choosing import choose
    from agentmem.runs.arc.execute import check, play
    from agentmem.runs.arc.folder import ArcFolder
    from agentmem.runs.arc.spec import arc_of
    from agentmem.runs.arc.summary import ArcSummary

    rows: list[dict[str, Any]] = []
    for name, memory in MEMORIES.items():
        given = {"tasks": tasks, "model": model, "retries": retries, "attempts": 2, "name": name}
        held = memory if isinstance(memory, str) else json.dumps(memory)
        spec = arc_of({**given, "memory": held}, settings)
        check(spec, settings)
        with tempfile.TemporaryDirectory() as folder:
            run = ArcFolder(Path(folder) / "run")
            run.begin(spec, choose(spec.tasks, spec.order, spec.seed))
            found = play(run, settings)
            for row in run.rows():
                for one in ArcSummary.of(spec, 1, [row]).oracle:
                    if row.scored and one.depth == spec.retries:
                        paired.note(f"oracle@{one.k} {name}", [row.outcome.task], [one.share])
        rows.append(
            {
                "memory": name,
                "tasks": found.finished,
                "oracle": [one.model_dump() for one in found.oracle],
                "prompt_tokens": found.prompt_tokens,
                "completion_tokens": found.completion_tokens,
                "failed": found.failed,
            }
        )
        watch("model", len(rows), len(MEMORIES))
    return {"model": model, "tasks": tasks, "retries": retries, "rows": rows}
