"""What selecting and writing cost in a large memory: milliseconds above embedding, commits included."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from pydantic import JsonValue

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.records import Event, Trust
from agentmem.stores.concept.operations import State, Use, event_of
from agentmem.stores.concept.routines import Library, Parameter, Routine, register
from agentmem.stores.concept.store import ConceptMemory
from agentmem_bench import fresh
from agentmem_bench.milliseconds import milliseconds

HOME = ("pace",)
BATCH = 250
ROUNDS = 40
PROGRAMS = 100
USED = 5
"""Routines that a program calls."""
TYPES = ("Grid", "Mask", "Piece", "Count", "Colour")


def measure(given: dict[str, Any]) -> dict[str, Any]:
    """Fill a memory with so many `concepts` and `problems`, then select and write.

    The embedder hashes words: what is measured stands above embedding, and no vector's content matters.
    A write is a trace with its verdict: kept, abstracted from code into five concepts that are there,
    applied, committed. A selection is made after each write, so that what was read before is brought up to
    date, and once more.
    """
    draw = random.Random(int(given["seed"]))  # noqa: S311 - drawn for a benchmark
    concepts, problems = int(given["concepts"]), int(given["problems"])
    names = [f"{_word(draw)}_{_word(draw)}_{n}" for n in range(concepts)]
    routines = {name: _routine(name, draw) for name in names}
    register(Library("pace", routines, {}))
    spec = MemorySpec(store="concept", options={"abstractor": "code", "library": "pace"})
    settings = Settings(embedder="hashing")
    with tempfile.TemporaryDirectory() as folder, Bank(Path(folder) / "bank.db", settings=settings) as bank:
        memory = cast(ConceptMemory, bank.store(spec, HOME))
        began = perf_counter()
        _fill(memory, list(routines.values()), problems, draw)
        filled = perf_counter() - began
        began = perf_counter()
        memory.recall(_text(draw, 20), floor=False)
        first = perf_counter() - began
        writes, selections, again = [], [], []
        for n in range(ROUNDS):
            text, question = _text(draw, 25), _text(draw, 25)
            calls = "".join(f"    {name}(x)\n" for name in draw.sample(names, USED))
            program = f"def solve(x):\n{calls}"
            writes.append(_timed(bank, text, lambda t=text, p=program, n=n: _solve(memory, t, p, n)))
            selections.append(_timed(bank, question, lambda q=question: memory.recall(q, floor=False)))
            again.append(_timed(bank, question, lambda q=question: memory.recall(q, floor=False)))
    return {
        "concepts": concepts,
        "problems": problems,
        "fill_seconds": round(filled, 1),
        "first_selection_seconds": round(first, 2),
        "write_ms": milliseconds(writes),
        "selection_after_a_write_ms": milliseconds(selections),
        "selection_ms": milliseconds(again),
        "sandbox_programs_per_second": _sandboxed(),
    }


def _sandboxed() -> float:
    """Programs of solved tasks that the sandbox runs in a second, one after the other, on a grid each."""
    from agentmem.worlds.arc import solutions
    from agentmem.worlds.arc.tasks import dataset
    from agentmem.worlds.sandbox.pool import Sandbox

    tasks = {task.id: task for task in dataset("arcagi")}
    ids = solutions.ids()[:PROGRAMS]
    wanted = [(solutions.program(id), [list(row) for row in tasks[id].train[0].input]) for id in ids]
    with Sandbox(prelude="agentmem.worlds.arc.dsl", workers=1) as box:
        box.run(wanted[0][0], [], arrays=True)
        began = perf_counter()
        for program, grid in wanted:
            box.run(program, [cast(JsonValue, grid)], arrays=True)
        return round(len(wanted) / (perf_counter() - began), 1)


def _fill(memory: ConceptMemory, routines: list[Routine], problems: int, draw: random.Random) -> None:
    traces = [
        Event(type="trace", id=f"trace-{n}", text=_text(draw, 25), data={"problem": f"p{n}"})
        for n in range(problems)
    ]
    for start in range(0, problems, BATCH):
        memory.observe(*traces[start : start + BATCH])
    states = [
        event_of(
            State(
                title=one.title,
                kind="routine",
                description=one.description,
                parameters=one.parameters,
                output=one.output,
            ),
            store=memory.shelf,
            trust=Trust.AGENT,  # as what is abstracted from its traces: more trusted ones would stand apart
        )
        for one in routines
    ]
    for start in range(0, len(states), BATCH):
        memory.observe(*states[start : start + BATCH])
    ids = [one.id for one in memory.concepts()]
    known = [one.id for one in memory.problems()]
    uses = [
        event_of(Use(problem=one, nodes=tuple(draw.sample(ids, 2 * USED))), store=memory.shelf)
        for one in known
    ]
    for start in range(0, len(uses), BATCH):
        memory.observe(*uses[start : start + BATCH])


def _solve(memory: ConceptMemory, text: str, program: str, n: int) -> None:
    memory.attempted(text, program, problem=f"new-{n}", language="python", solved=True)


def _timed(bank: Bank, text: str, work: Any) -> float:
    bank.library.embed_queries([text], bank.library.embedder)  # so that it is not made within
    began = perf_counter()
    work()
    return perf_counter() - began


def _routine(name: str, draw: random.Random) -> Routine:
    return Routine(
        name=name,
        description=_text(draw, 12),
        parameters=(Parameter(name="x", type=draw.choice(TYPES)),),
        output=draw.choice(TYPES),
    )


_BEGINNINGS = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "ne", "pa", "ro", "su", "ti", "vo"]
_ENDS = ["ran", "tel", "mis", "pod", "vek", "sor", "nat", "lim", "gar", "bel", "dun", "fis"]


def _word(draw: random.Random) -> str:
    return draw.choice(_BEGINNINGS) + draw.choice(_ENDS)


def _text(draw: random.Random, words: int) -> str:
    return " ".join(_word(draw) for _ in range(words))


if __name__ == "__main__":
    fresh.answer(measure)
