"""What can be run: worlds, memories and policies, in a line each."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.agents.memory import NAMED
from agentmem.runs.spec import PDDL, POLICIES
from agentmem.worlds import registry

_WORLDS: Mapping[str, str] = {
    "blocksworld": "towers of blocks are built anew",
    "gripper": "a robot with two grippers brings balls to rooms",
    "tyreworld": "flat wheels are changed, and everything is put away",
    "barman": "drinks are mixed and served",
    "errand": "a courier's long round, on which what was seen early is needed late",
}
_MEMORIES: Mapping[str, str] = {
    "full": "everything said and done; ends the episode where it does not fit",
    "truncated": "the newest that fits",
    "sliding": "the newest 20 entries, as far as they fit",
    "summary": "a sliding summary: the newest steps, and the facts of older ones",
    "episodic": "what is recalled for the task, the open subgoal, and what was seen last",
    "task": "a tree of the task and its steps",
    "subgoal": "the open subgoal in full, closed ones in a line each, details on demand (HiAgent)",
    "composite": "subgoal memory and episodic recall together",
}


def worlds() -> dict[str, str]:
    """Worlds by name."""
    told = {name: f"{_WORLDS.get(name, '-')}; size {registry.kind(name).size}" for name in registry.names()}
    return told | {PDDL: "any planning problem: --domain FILE --problem FILE [--texts FILE]"}


def memories() -> dict[str, str]:
    """Memories by name."""
    return {name: _MEMORIES.get(name, spec.store) for name, spec in NAMED.items()}


def policies() -> dict[str, str]:
    """Policies by name."""
    return dict(POLICIES)
