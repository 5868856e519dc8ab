"""What models would take in a run: a dialogue of each kind is played with none, its prompts are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agentmem_bench.likebench.cost import cost
from agentmem_bench.likebench.jobs import Job, Stage, play_all
from agentmem_bench.likebench.result import Plan, check, jobs_of, personas_of
from agentmem_bench.likebench.rows import Dialogue


def estimate(plan: Plan) -> dict[str, Any]:
    """The dialogues of a plan, and what models would take for them, as `cost` tells it.

    Of each system and variant the first dialogue is counted, and taken for all. What a function or a runnable
    asks of models is its own, and not in it.

    Raises:
        InvalidInput: an unknown variant, no such budget, or what cannot be together.
        NotFound: there is no such store or system.
        Unavailable: a model is not there.
    """
    systems, personas = check(plan), personas_of(plan)
    jobs = jobs_of(plan, systems, personas)
    kinds: dict[tuple[str, str], Job] = {}
    for job in jobs:
        kinds.setdefault((job.system.name, job.variant), replace(job, folder=None))
    stage = Stage(plan.cast, is_imagined=True, settings=plan.settings)
    times = len(personas) * len(plan.seeds)
    found = [one for dialogue in play_all(list(kinds.values()), stage, 1) for one in [dialogue] * times]
    return {"dialogues": len(jobs), "turns": _turns(found), "cost": cost(found, plan.settings)}


def _turns(dialogues: list[Dialogue]) -> int:
    return sum(len(one.turns) for one in dialogues)
