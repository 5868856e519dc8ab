"""Plays a run in its folder, episode by episode; a run that was cut off goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

from agentmem.agents.loop import Episode, Limits
from agentmem.agents.memory import AgentMemory
from agentmem.agents.trace import Result, Row, Trace, write_whole
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.records import Context, Namespace
from agentmem.runs.folder import SUMMARY, RunFolder
from agentmem.runs.interrupting import InterruptiblePolicy, Interruption
from agentmem.runs.making import limits_of, policy_of, world_of
from agentmem.runs.spec import RunSpec
from agentmem.runs.summary import UNFINISHED, Summary
from agentmem.worlds.planning.world import PlanningWorld


class Watcher:
    """Is told what happens in a run; this one makes nothing of it."""

    def begins(self, episode: int, world: PlanningWorld, memory: AgentMemory, limits: Limits) -> None:
        """An episode begins, or goes on."""

    def step(self, row: Row, context: Context | None) -> None:
        """A step was taken; its context where this process showed it."""

    def ends(self, episode: int, result: Result) -> None:
        """An episode ended."""


def check(spec: RunSpec, settings: Settings) -> None:
    """Find what is wrong with a run before its folder is made.

    Raises:
        AgentMemError: a size, a file, an option of the memory or the name of the model is not what it can be.
    """
    from agentmem.models import open_model

    world_of(spec, 0)
    for number in range(min(spec.episodes, len(spec.problems))):
        world_of(spec, number)
    model = spec.model or settings.model
    if spec.model:
        open_model(settings, spec.model)
    with Bank("sqlite://", settings=settings.model_copy(update={"model": model})) as bank:
        bank.store(spec.memory, ("run",))


def play(folder: RunFolder, settings: Settings, watcher: Watcher | None = None) -> Summary:
    """Play what of a run was not played yet.

    Args:
        folder: The run.
        settings: Those of its bank.
        watcher: Is told what happens.

    Returns:
        What became of it. After Ctrl-C it is not complete; it can be played on.

    Raises:
        AgentMemError: memory or model do not work; it can be played on when they do.
    """
    spec = folder.spec()
    watcher = watcher or Watcher()
    results = {n: result for n in range(spec.episodes) if (result := folder.result(n)) is not None}
    given = settings.model_copy(
        update={"db": str(folder.bank), "model": spec.model or settings.model},
    )
    interruption = Interruption()
    with folder.held(), Bank(folder.bank, settings=given) as bank, interruption.listening():
        for number in range(spec.episodes):
            known = results.get(number)
            if known is None or known.end in UNFINISHED:
                results[number] = _episode(spec, number, folder.episode(number), bank, watcher, interruption)
                _keep(folder, spec, results)
            if results[number].end == "interrupted":
                break
    return _keep(folder, spec, results)


def namespace_of(episode: int) -> Namespace:
    """The namespace of an episode in the bank of its run."""
    return ("run", str(episode))


def session_of(episode: int) -> str:
    """The session of an episode in its namespace."""
    return f"episode-{episode}"


def _episode(
    spec: RunSpec, number: int, folder: Path, bank: Bank, watcher: Watcher, interruption: Interruption
) -> Result:
    world = world_of(spec, number, folder)
    model = bank.chat_model(namespace_of(number), "run", spec.model) if spec.policy == "model" else None
    memory = AgentMemory(
        bank, namespace_of(number), spec.memory, session=session_of(number), world=world.name
    )
    limits = limits_of(spec, world)
    policy = InterruptiblePolicy(policy_of(spec, world, number, model), interruption)
    trace = Trace(folder)
    watcher.begins(number, world, memory, limits)
    result = Episode(world, policy, memory, limits, trace, watcher.step).run()
    watcher.ends(number, result)
    return result


def _keep(folder: RunFolder, spec: RunSpec, results: dict[int, Result]) -> Summary:
    summary = Summary.of(spec, results)
    write_whole(folder.path / SUMMARY, summary.model_dump_json(indent=2) + "\n")
    return summary
