"""What there is to tell of an episode: its run, its steps, its subgoals. Reading it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agentmem.agents.loop import Limits
from agentmem.agents.trace import TRACE, Result, Row, rows_in
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.errors import NotFound
from agentmem.runs.execute import namespace_of, session_of
from agentmem.runs.folder import EPISODES, RUN, RunFolder
from agentmem.runs.making import limits_of, world_of
from agentmem.runs.spec import RunSpec
from agentmem.runs.subgoals import Subgoal, subgoals_of


@dataclass(frozen=True)
class Story:
    """An episode, to be told.

    Attributes:
        folder: The folder of its run.
        spec: The run.
        episode: Its number, from 0.
        rules: What a newcomer must know of the world.
        task: What was to be reached.
        limits: When it was to end.
        rows: Its steps so far, from 0.
        result: What became of it; none: it did not end yet.
        subgoals: Its subgoals; none: its memory takes none.
    """

    folder: Path
    spec: RunSpec
    episode: int
    rules: str
    task: str
    limits: Limits
    rows: tuple[Row, ...]
    result: Result | None
    subgoals: tuple[Subgoal, ...] | None


def read_story(path: Path, episode: int | None, settings: Settings) -> Story:
    """The story of an episode; the run may still be played.

    Args:
        path: The folder of a run, or of one of its episodes.
        episode: Its number, from 0; none: the one that the folder is of, else the first.
        settings: Those of the bank.

    Raises:
        NotFound: there is no such run, or the episode was not played.
        Damaged: what is kept of it cannot be read.
    """
    if not (path / RUN).exists() and (path / TRACE).exists() and path.resolve().parent.name == EPISODES:
        episode = int(path.resolve().name) if episode is None else episode
        path = path.resolve().parent.parent
    folder, number = RunFolder(path), episode or 0
    spec = folder.spec()
    if number >= spec.episodes:
        raise NotFound(
            f"the run in {path} has no episode {number}", f"it has {spec.episodes}, counted from 0"
        )
    rows = _rows(folder.episode(number) / TRACE)
    if not rows:
        raise NotFound(f"episode {number} of {path} was not played yet", "look at another one: --episode N")
    world = world_of(spec, number)
    world.reset()
    return Story(
        folder=path,
        spec=spec,
        episode=number,
        rules=world.rules,
        task=world.task,
        limits=limits_of(spec, world),
        rows=rows,
        result=folder.result(number),
        subgoals=_subgoals(folder, spec, number, rows, settings),
    )


def _rows(file: Path) -> tuple[Row, ...]:
    """The whole lines of a trace; one that is written just now is left out."""
    if not file.exists():
        return ()
    return tuple(rows_in(file.read_bytes().rpartition(b"\n")[0], file))


def _subgoals(
    folder: RunFolder, spec: RunSpec, number: int, rows: tuple[Row, ...], settings: Settings
) -> tuple[Subgoal, ...] | None:
    if folder.bank.exists():
        with Bank(folder.bank, settings=settings) as bank:
            store = bank.make_store(spec.memory, namespace_of(number))
            found = subgoals_of(store, session_of(number), steps=True)
            if found is not None:
                return tuple(found)
    return announced(rows) if any(row.subgoal for row in rows) else None


def announced(rows: tuple[Row, ...]) -> tuple[Subgoal, ...]:
    """Subgoals as they were announced, where the memory keeps none itself; the last one goes on."""
    taken: dict[str, list[int]] = {}
    goal = ""
    for row in rows:
        goal = row.subgoal or goal
        taken.setdefault(goal, []).append(row.step)
    return tuple(
        Subgoal(
            number=number, goal=words, state="open" if words == goal else "closed", steps=tuple(taken[words])
        )
        for number, words in enumerate(taken, 1)
    )
