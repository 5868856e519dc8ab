"""What a run over ARC tasks is, as data: `arc.json` in its folder, beside its tasks, makes it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, JsonValue, ValidationError, model_validator

from agentmem.bank.registry import SUM
from agentmem.bank.spec import MemorySpec
from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.records import Text, Value
from agentmem.runs.arc.choosing import Order
from agentmem.runs.spec import memory_of

ARC = "arc"
"""The name of the world after `agentmem run`."""
STORE = "concept"
"""The store that a run's memory is, or has as a member."""
GIVEN = (
    *("tasks", "order", "seed", "memory", "every", "seed_memory", "solver", "model", "attempts", "retries"),
    *("budget", "tried", "name"),
)
"""What can be written of a run."""


class Asking(Value):
    """How a model is asked.

    Attributes:
        temperature: Above 0, so that attempts differ; each attempt has a seed of its own.
        answer_tokens: How long an answer may be, thinking included.
        selected: Concepts that are selected at most.
    """

    temperature: float = Field(default=0.7, ge=0)
    answer_tokens: int = Field(default=2_000, ge=1)
    selected: int = Field(default=20, ge=1)


class ArcSpec(Value):
    """A run: tasks one after the other, with one memory and one solver.

    Attributes:
        kind: What this is, and the version of its form.
        tasks: Which were chosen, as it was written.
        order: As they were given, or shuffled.
        seed: Of the order, and of a model's attempts.
        memory_name: What the memory is called.
        memory: The store, or a composite with it: a search reads the concepts, a prompt shows all of it;
            none: nothing is kept from task to task.
        seed_memory: What it holds before the first task: nothing, or the programs of the tasks solved in
            `agentmem.worlds.arc.solutions` that are not among the run's.
        solver: Who solves.
        model: The language model, of the solver or of the memory.
        attempts: Attempts at a task.
        retries: How often an attempt goes on after feedback from the examples.
        budget: Tokens of a prompt that the memory may take.
        tried: Programs that a search tries for a task.
        asking: How a model is asked.
        name: What the run is called.
    """

    kind: Literal["agentmem.arc/1"] = "agentmem.arc/1"
    tasks: Text
    order: Order = "given"
    seed: int = 0
    memory_name: Text = "concept"
    memory: MemorySpec | None = None
    seed_memory: Literal["none", "solutions"] = "none"
    solver: Literal["enumerate", "model"] = "enumerate"
    model: Text | None = None
    attempts: int = Field(default=2, ge=1, le=100)
    retries: int = Field(default=0, ge=0, le=100)
    budget: int = Field(default=1_000, ge=1)
    tried: int = Field(default=10_000, ge=1)
    asking: Asking = Asking()
    name: Text = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.solver == "model" and not self.model:
            raise InvalidInput(
                "solver 'model' needs a language model", "name one: --model llama, or set AGENTMEM_MODEL"
            )
        if self.solver == "enumerate" and self.retries:
            raise InvalidInput(
                "solver 'enumerate' has no retries: it knows all of the examples from the start",
                "leave out --retries; --tried is how far it goes",
            )
        if self.memory is None and self.seed_memory != "none":
            raise InvalidInput("memory 'none' cannot be seeded", "leave out --seed-memory, or give a memory")
        if self.memory is not None and self.memory.part(STORE) is None:
            raise InvalidInput(
                f"memory {SUM.join(one.store for one in self.memory.parts)!r} keeps no concepts of tasks",
                f"give {STORE!r}, a sum with it ({STORE}{SUM}episodic), or 'none'",
            )
        return self


def arc_of(given: Mapping[str, Any], settings: Settings) -> ArcSpec:
    """The run that a user asks for.

    Args:
        given: By the names of `GIVEN`; what is none is as if it were not there.
        settings: They name the model where it is not given.

    Raises:
        InvalidInput: a value is none that it can be.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    for name in asked:
        if name not in GIVEN:
            told = ", ".join(f"--{one.replace('_', '-')}" for one in GIVEN if one != "name")
            raise InvalidInput(f"world 'arc' takes no --{name.replace('_', '-')}", f"it takes: {told}")
    if "tasks" not in asked:
        raise InvalidInput(
            "no tasks are named", "name some: --tasks arcagi:training@20, --tasks solved, or a JSON file"
        )
    asked.setdefault("solver", "model" if "model" in asked else "enumerate")
    if asked["solver"] == "model":
        asked.setdefault("model", settings.model or None)
    memory_name, memory = _memory(asked.pop("memory", "concept"), asked)
    if "every" in asked and memory is not None:
        memory = memory.with_options(STORE, every=asked["every"])
    elif "every" in asked:
        raise InvalidInput("memory 'none' writes nothing", "leave out --every")
    asked.pop("every", None)
    asked.setdefault("name", f"{ARC}-{memory_name}-{asked['solver']}")
    try:
        return ArcSpec(**asked, memory_name=memory_name, memory=memory)
    except ValidationError as error:
        fault = first_fault(error)
        raise InvalidInput(
            f"--{fault.where.replace('_', '-')} is {fault.given!r:.60}: {fault.message}", "correct it"
        ) from error


def _memory(given: str, asked: Mapping[str, Any]) -> tuple[str, MemorySpec | None]:
    """A memory by its name, a sum of names, or as JSON, and what it is called.

    Concepts come from programs without a model where those are written over the library: where a search
    solves, or solutions are the seed. A model's programs are abstracted by the model.
    """
    if given == "none":
        return given, None
    plain = asked["solver"] == "enumerate" or asked.get("seed_memory", "none") != "none"
    options: dict[str, JsonValue] = {"abstractor": "code" if plain else "model", "library": ARC}
    return memory_of(given, {STORE: MemorySpec(store=STORE, options=options)})
