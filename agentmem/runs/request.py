"""From what a user writes, on the command line or in a suite, to what a run is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agentmem.bank.registry import is_json
from agentmem.bank.spec import MemorySpec
from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.runs.spec import RunLimits, RunSpec, Source, memory_of

LIMITS = {
    "budget": "budget",
    "max_steps": "steps",
    "max_tokens": "tokens",
    "max_seconds": "seconds",
    "stuck": "stuck",
    "retrievals": "retrievals",
}
"""The limits by the names under which users write them."""
FIELDS = (
    *("world", "memory", "policy", "model", "size", "seed", "episodes", "domain", "problem", "texts", "name"),
    *LIMITS,
)
"""What can be written of a run."""
SPECIFIED = 'write {"store": NAME, "options": {...}}'


def run_of(given: Mapping[str, Any], settings: Settings, folder: Path | None = None) -> RunSpec:
    """The run that a user asks for.

    Args:
        given: By the names of `FIELDS`; what is none is as if it were not there.
        settings: They name the model where it is not given.
        folder: Where the paths of files start; none: where the process does.

    Raises:
        InvalidInput: a value is none that it can be.
        NotFound: there is no such world, memory, policy or file.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    for name in asked:
        if name not in FIELDS:
            raise InvalidInput(f"a run has no {name!r}", f"it has: {', '.join(FIELDS)}")
    if "world" not in asked:
        raise InvalidInput("no world is named", "name one; see `agentmem run --list`")
    policy = asked.get("policy") or ("model" if "model" in asked else "bound")
    memory_name, memory = _memory(asked.get("memory", "subgoal"))
    made: dict[str, Any] = {
        name: asked[name] for name in ("world", "size", "seed", "episodes") if name in asked
    }
    for name in ("domain", "texts"):
        if name in asked:
            made[name] = _source(asked[name], folder)
    problems = asked.get("problem", ())
    problems = problems if isinstance(problems, (list, tuple)) else [problems]
    made["problems"] = tuple(_source(one, folder) for one in problems)
    made.setdefault("episodes", max(1, len(problems)))
    made |= {"memory_name": memory_name, "memory": memory, "policy": policy}
    made["model"] = asked.get("model") or (settings.model if policy == "model" else None)
    try:
        made["limits"] = RunLimits(**{LIMITS[name]: asked[name] for name in LIMITS if name in asked})
        made["name"] = asked.get("name") or f"{made['world']}-{memory_name}-{policy}"
        return RunSpec(**made)
    except ValidationError as error:
        fault = first_fault(error)
        written = next((name for name, limit in LIMITS.items() if limit == fault.where), fault.where)
        raise InvalidInput(f"{written} is {fault.given!r:.60}: {fault.message}", "correct it") from error


def _memory(given: Any) -> tuple[str, MemorySpec]:
    """A memory by name, as JSON, or as a mapping that may have a name besides."""
    if isinstance(given, str) and is_json(given):
        try:
            given = json.loads(given)
        except ValueError as error:
            raise InvalidInput(f"memory {given!r:.80} is no JSON: {error}", SPECIFIED) from error
    if isinstance(given, str):
        return memory_of(given)
    if not isinstance(given, Mapping):
        raise InvalidInput(f"memory is {given!r:.60}", f"name one, or {SPECIFIED}")
    options = dict(given)
    called = options.pop("name", None)
    try:
        name, spec = memory_of(MemorySpec(**options))
    except (ValidationError, TypeError) as error:
        raise InvalidInput(f"memory {options!r:.80} is no specification", SPECIFIED) from error
    return str(called or name), spec


def _source(given: Any, folder: Path | None) -> Source:
    if not isinstance(given, (str, Path)):
        raise InvalidInput(f"{given!r:.60} is no path of a file", "correct it")
    path = Path(given).expanduser()
    return Source.of(path if folder is None else folder / path)
