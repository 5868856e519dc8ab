"""The subgoals of an episode, as its memory keeps them."""

from __future__ import annotations

import re

from agentmem.records import Text, Value
from agentmem.stores.base import MemoryStore
from agentmem.stores.subgoal.store import SubgoalMemory

_STEP = re.compile(r"/(\d+)/(?:action|observation)$")


class Subgoal(Value):
    """A subgoal.

    Attributes:
        number: Its place among those of the episode, from 1.
        goal: What is, or was, to be reached.
        state: Whether it goes on.
        reached: Whether it was reached, where somebody judged.
        summary: What came of it, where a model put it into words.
        depth: Of how many others it is part.
        parent: The number of the one that it is part of; 0: of none.
        steps: The steps taken for it.
    """

    number: int
    goal: Text
    state: Text
    reached: bool | None = None
    summary: Text = ""
    depth: int = 0
    parent: int = 0
    steps: tuple[int, ...] = ()


def subgoals_of(store: MemoryStore, session: str, *, steps: bool = False) -> list[Subgoal] | None:
    """The subgoals of a session, each after the one that it is part of.

    Args:
        store: The memory of the episode.
        session: The session of the episode.
        steps: Whether the steps taken for each are wanted, too.

    Returns:
        None where the memory keeps no subgoals.
    """
    memory = _subgoal_memory(store)
    if memory is None:
        return None
    chunks = memory.subgoals(session)
    numbers = {id: chunk.number for id, chunk in chunks} | {chunk.origin: chunk.number for _, chunk in chunks}
    made: dict[int, Subgoal] = {}
    for id, chunk in chunks:
        parent = numbers.get(chunk.parent, 0)
        taken = [_STEP.search(record.id) for record in memory.steps(id)] if steps else []
        made[chunk.number] = Subgoal(
            number=chunk.number,
            goal=chunk.goal,
            state=chunk.state,
            reached=chunk.reached,
            summary=chunk.summary,
            depth=made[parent].depth + 1 if parent in made else 0,
            parent=parent if parent in made else 0,
            steps=tuple(sorted({int(found[1]) for found in taken if found is not None})),
        )
    return _nested(list(made.values()))


def open_path(store: MemoryStore, session: str) -> list[str]:
    """The goals that are open, the outermost first."""
    found = subgoals_of(store, session) or []
    return [one.goal for one in found if one.state != "closed" and one.goal]


def _subgoal_memory(store: MemoryStore) -> SubgoalMemory | None:
    return next((one for one in store.folding() if isinstance(one, SubgoalMemory)), None)


def _nested(subgoals: list[Subgoal]) -> list[Subgoal]:
    """Each after the one that it is part of, those beside each other by number."""
    below: dict[int, list[Subgoal]] = {}
    for one in subgoals:
        below.setdefault(one.parent, []).append(one)
    ordered: list[Subgoal] = []
    waiting = below.get(0, [])[::-1]
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        waiting += below.get(one.number, [])[::-1]
    return ordered
