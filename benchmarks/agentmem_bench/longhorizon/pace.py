"""How long memory takes for a step, as steps become many: on disk, every commit durable, in a fresh process.

A made-up carrier carries things from room to room, and announces a subgoal every few steps.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from agentmem.agents.environment import Outcome
from agentmem.agents.memory import NAMED, AgentMemory
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem_bench import fresh

THINGS, ROOMS, EACH = 60, 9, 6
"""How many things are carried about, among how many rooms, and how many steps a subgoal has."""
WINDOW = 100
"""Steps over which the median is taken."""


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of memory in a step, median of the `WINDOW` steps before each of `at`.

    Args:
        given: `at`: numbers of steps, ascending; `budget`: tokens of a context.
    """
    at, budget = list(given["at"]), int(given["budget"])
    with (
        tempfile.TemporaryDirectory() as folder,
        Bank(Path(folder) / "bank.db", settings=Settings(embedder="hashing")) as bank,
    ):
        memory = AgentMemory(bank, ("pace",), NAMED["subgoal"], session="pace", world="rooms")
        told = {f"Thing {n} is in room {n % ROOMS}.": True for n in range(THINGS)}
        memory.begin("Carry.", Outcome(text=" ".join(told), facts=told))
        where = [n % ROOMS for n in range(THINGS)]
        spent = []
        for step in range(1, at[-1] + 1):
            began = perf_counter()
            memory.show("", budget)
            action, outcome, goal = _step(step, where)
            memory.act(action, step, goal)
            memory.see(outcome, step)
            spent.append(1_000 * (perf_counter() - began))
    return {"at": at, "milliseconds": [median(spent[max(0, step - WINDOW) : step]) for step in at]}


def _step(step: int, where: list[int]) -> tuple[str, Outcome, str | None]:
    thing, room = step % THINGS, (7 * step) % ROOMS
    before, where[thing] = where[thing], room
    facts: dict[str, bool | str] = {f"Thing {thing} is in room {room}.": True}
    text = f"Thing {thing} is in room {room}."
    if before != room:
        facts[f"Thing {thing} is in room {before}."] = f"Thing {thing} is not in room {before}."
        text += f" Thing {thing} is not in room {before}."
    goal = f"carry thing {thing} and others, round {step // EACH}" if step % EACH == 1 else None
    return f"carry thing {thing} to room {room}", Outcome(text=text, facts=facts), goal


if __name__ == "__main__":
    fresh.answer(measure)
