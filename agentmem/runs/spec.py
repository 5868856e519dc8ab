"""What a run is, as data: `run.json` in its folder makes it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from agentmem.agents.loop import Limits
from agentmem.agents.memory import NAMED
from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Text, Value

PDDL = "pddl"
"""The world that is read from files."""
POLICIES = {
    "bound": "knows the rules of the world, and of its state what the memory shows",
    "planner": "sees the whole state: an upper bound",
    "random": "does anything that can be done: a lower bound",
    "model": "a language model; needs --model",
}
"""Policies by the names after `--policy`."""


class Source(Value):
    """A file of a world, as it was when the run began: a run needs it no more.

    Attributes:
        name: What messages call it: the path that was given.
        text: What stood in it.
    """

    name: Text
    text: Text

    @classmethod
    def of(cls, path: Path) -> Source:
        """A file as it is now.

        Raises:
            NotFound: it cannot be read.
            InvalidInput: it is not UTF-8.
        """
        try:
            return cls(name=str(path), text=path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise InvalidInput(f"{path} is not UTF-8 at byte {error.start}", "convert it by iconv") from error
        except OSError as error:
            raise NotFound(f"{path} cannot be read: {error.strerror}", "correct the path") from error


class RunLimits(Value):
    """When an episode ends, as a run says it.

    Attributes:
        budget: Tokens of a context.
        steps: Actions; none: what the world says of itself.
        tokens: Of all prompts together; none: no limit.
        seconds: Of all steps together; none: no limit.
        stuck: Invalid actions in a row.
        retrievals: How often in one step details may be asked for.
    """

    budget: int = Field(default=1_000, ge=1)
    steps: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)
    stuck: int = Field(default=10, ge=1)
    retrievals: int = Field(default=1, ge=0)

    def of_episode(self, steps: int) -> Limits:
        """The limits of an episode of a world that may take so many steps, unless the run says how many."""
        return Limits(**self.model_dump() | {"steps": self.steps or steps})


class RunSpec(Value):
    """A run: episodes of one policy in one world with one memory.

    Attributes:
        kind: What this is, and the version of its form.
        world: Its name; `pddl`: the files say.
        size: How large; none: the world's default.
        seed: Of the first episode; the next has the next number.
        episodes: How many.
        domain: The domain of `pddl`.
        problems: The problems of `pddl`: the episodes take turns.
        texts: The sentences of `pddl`; none: made from names.
        memory_name: What the memory is called.
        memory: The store.
        policy: Who decides.
        model: The language model, of the policy or of the memory.
        limits: When an episode ends.
        name: What the run is called.
    """

    kind: Literal["agentmem.run/1"] = "agentmem.run/1"
    world: Text
    size: int | None = None
    seed: int = 0
    episodes: int = Field(default=1, ge=1, le=1_000)
    domain: Source | None = None
    problems: tuple[Source, ...] = ()
    texts: Source | None = None
    memory_name: Text
    memory: MemorySpec
    policy: Text = "bound"
    model: Text | None = None
    limits: RunLimits = RunLimits()
    name: Text = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_world(self.world, pddl=self.domain is not None or bool(self.problems))
        if self.policy not in POLICIES:
            raise NotFound(f"there is no policy {self.policy!r}", f"there are: {', '.join(POLICIES)}")
        if self.policy == "model" and not self.model:
            raise InvalidInput(
                "policy 'model' needs a language model", "name one: --model llama, or set AGENTMEM_MODEL"
            )
        if self.world == PDDL and (self.domain is None or not self.problems):
            raise InvalidInput(
                "world 'pddl' needs a domain and a problem", "give --domain FILE and --problem FILE"
            )
        if self.world == PDDL and self.size is not None:
            raise InvalidInput("world 'pddl' has the size of its problem", "leave out --size")
        return self

    @property
    def seeds(self) -> Sequence[int]:
        """The seeds of the episodes."""
        return range(self.seed, self.seed + self.episodes)


def require_world(name: str, *, pddl: bool) -> None:
    """Let pass the name of a world.

    Args:
        name: The name.
        pddl: Whether files of PDDL are given with it.

    Raises:
        NotFound: there is none of that name.
        InvalidInput: it is not read from files.
    """
    from agentmem.worlds import registry

    known = (*registry.names(), PDDL)
    if name not in known:
        raise NotFound(f"there is no world {name!r}", f"there are: {', '.join(known)}")
    if pddl and name != PDDL:
        raise InvalidInput(f"world {name!r} is not read from files", f"name the world {PDDL!r}")


def memory_of(given: str | MemorySpec, named: Mapping[str, MemorySpec] = NAMED) -> tuple[str, MemorySpec]:
    """A memory by its name, a sum of names, or as it is, and what it is called.

    Args:
        given: The memory.
        named: Names that mean a memory in the run, beside those of stores.

    Raises:
        InvalidInput: a sum or JSON that means no memory.
        NotFound: no memory has that name, or its store is not installed.
    """
    from agentmem.bank.registry import is_json, spec_of, store_class

    spec = spec_of(given, named)
    for one in (spec, *spec.members):
        store_class(one.store)
    return (spec.store if isinstance(given, MemorySpec) or is_json(given) else given), spec
