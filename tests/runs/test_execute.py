"""Runs are played episode by episode, and go on where they were cut off: by Ctrl-C, by kill, by a fault."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from agentmem.agents.policy import Decision
from agentmem.agents.trace import TRACE, Trace
from agentmem.bank import Bank
from agentmem.errors import InvalidInput, Unavailable
from agentmem.runs.execute import Watcher, namespace_of, play, session_of
from agentmem.runs.folder import SUMMARY, RunFolder
from agentmem.runs.making import PLAN, limits_of, world_of
from agentmem.runs.subgoals import open_path, subgoals_of
from agentmem.runs.summary import Summary


def rows_of(folder: RunFolder, episode: int = 0):
    return Trace(folder.episode(episode)).rows


@pytest.mark.parametrize("policy", ["bound", "planner", "random"])
def test_a_run_is_played(begun, settings, policy):
    folder = begun(policy=policy, episodes=2, max_steps=12, seed=5)
    summary = play(folder, settings)
    assert summary.complete and not summary.interrupted
    assert [one.seed for one in summary.episodes] == [5, 6]
    assert (summary.success == 1.0) == (policy != "random")
    assert summary == Summary.model_validate_json((folder.path / SUMMARY).read_text())
    assert summary.tokens_per_step > 0
    assert sum(summary.ends.values()) == 2
    with Bank(folder.bank, settings=settings) as bank:
        for n in range(2):
            done = bank.view(namespace_of(n), store="episodic").events()
            acted = [event.text for event in done if event.type == "action"]
            assert acted[::-1] == [row.action for row in rows_of(folder, n)[1:]]
            assert {event.session for event in done} == {session_of(n)}


def test_episodes_differ_by_their_seeds_and_are_the_same_each_time(begun, settings, plain):
    one, other = begun("one", episodes=2), begun("other", episodes=2)
    play(one, settings), play(other, settings)
    assert plain(rows_of(one, 0)) == plain(rows_of(other, 0))
    assert rows_of(one, 0)[0].observation != rows_of(one, 1)[0].observation


def test_what_is_finished_is_not_played_again(begun, settings):
    folder = begun(episodes=2)
    first = play(folder, settings)
    assert play(folder, settings, Stop(0)) == first


class Stop(Watcher):
    """Interrupts, or fails, once so many steps were seen."""

    def __init__(self, steps, error=KeyboardInterrupt):
        self.left = steps
        self.error = error

    def step(self, row, context):
        if self.left == 0:
            raise self.error
        self.left -= 1


@pytest.mark.parametrize(
    "memory", ["subgoal", "truncated", "episodic", "task", "composite", "subgoal+profile"]
)
def test_a_run_that_is_interrupted_ends_as_an_unbroken_one(begun, settings, plain, memory):
    whole, cut = (begun(name, memory=memory, episodes=2, max_steps=12) for name in ("whole", "cut"))
    expected = play(whole, settings)
    for steps in (0, 2, 8):
        stopped = play(cut, settings, Stop(steps))
        assert stopped.interrupted and not stopped.complete
    assert play(cut, settings).ends == expected.ends
    for n in range(2):
        assert plain(rows_of(cut, n)) == plain(rows_of(whole, n))


def test_what_fails_beside_the_world_ends_the_run_and_it_can_be_gone_on_with(begun, settings):
    folder = begun()
    with pytest.raises(Unavailable):
        play(folder, settings, Stop(3, Unavailable("the model is gone", "start it")))
    assert len(rows_of(folder)) == 4
    assert play(folder, settings).success == 1.0


def test_an_episode_in_which_the_world_failed_is_played_on(begun, settings, monkeypatch):
    from agentmem.worlds.planning.world import PlanningWorld

    folder = begun()
    with monkeypatch.context() as patch:
        patch.setattr(PlanningWorld, "progress", lambda self: 1 / 0)
        failed = play(folder, settings)
    assert failed.ends == {"failed": 1}
    assert "ZeroDivisionError" in failed.episodes[0].result.error
    assert play(folder, settings).success == 1.0


def test_a_run_of_another_world_is_not_gone_on_with(begun, settings):
    folder = begun()
    play(folder, settings, Stop(3))
    other = folder.spec().altered({"seed": 9})
    (folder.path / "run.json").write_text(other.model_dump_json())
    with pytest.raises(InvalidInput, match="go on with the world"):
        play(folder, settings)


@pytest.mark.parametrize("policy", ["bound", "random"])
def test_a_world_of_files_is_played(begun, settings, pddl, policy):
    folder = begun(world="pddl", size=None, policy=policy, **pddl, episodes=2)
    assert play(folder, settings).success == 1.0


def test_a_plan_is_made_once(begun, settings, pddl):
    folder = begun(world="pddl", size=None, policy="planner", **pddl, max_steps=3)
    play(folder, settings, Stop(1))
    plan = folder.episode(0) / PLAN
    assert len(json.loads(plan.read_text())) == 2
    plan.write_text(json.dumps(["wait", "wait"]))
    assert play(folder, settings).invalid == 2  # what the file says, not what a new search finds


def test_an_episode_may_take_the_steps_that_the_run_says_or_the_world(spec_of):
    spec = spec_of()
    assert limits_of(spec, world_of(spec, 0)).steps > 20
    assert limits_of(spec_of(max_steps=3), world_of(spec, 0)).steps == 3


class Looking(Watcher):
    def __init__(self):
        self.paths = []

    def begins(self, episode, world, memory, limits):
        self.memory = memory

    def step(self, row, context):
        self.paths.append(open_path(self.memory.store, self.memory.session))


def test_the_open_subgoals_are_seen_while_it_is_played(begun, settings):
    folder, looking = begun(), Looking()
    play(folder, settings, looking)
    goals = [row.subgoal for row in rows_of(folder) if row.subgoal]
    assert list(dict.fromkeys(path[-1] for path in looking.paths if path)) == list(dict.fromkeys(goals))
    with Bank(folder.bank, settings=settings) as bank:
        found = subgoals_of(bank.store(folder.spec().memory, namespace_of(0)), session_of(0), steps=True)
        assert sorted(step for one in found for step in one.steps) == list(range(len(rows_of(folder))))
        assert subgoals_of(bank.store("full", namespace_of(0)), session_of(0)) is None


class Swallowing:
    """Asks as a native library does, which loses what Python raises in its callbacks."""

    name = "swallowing"

    def __init__(self):
        self.asked = 0

    def decide(self, prompt):
        self.asked += 1
        if self.asked == 3:
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            return Decision(action="half an ans")
        return Decision(action="wait")


def test_ctrl_c_is_not_lost_in_a_library_and_half_an_answer_is_none(begun, settings, monkeypatch):
    monkeypatch.setattr("agentmem.runs.execute.policy_of", lambda *_: Swallowing())
    handler = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(signal, "getsignal", lambda _: signal.default_int_handler)
    folder = begun()
    assert play(folder, settings).interrupted
    assert [row.action for row in rows_of(folder)] == ["", "wait", "wait"]
    signal.signal(signal.SIGINT, handler)


# Processes


def started(folder: Path, *args: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "agentmem.cli", "run", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "AGENTMEM_EMBEDDER": "hashing"},
        # A job that a shell runs in the background is started with interruptions ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


def length(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def struck(process: subprocess.Popen, file: Path, rows: int, with_signal: int) -> bool:
    """Send a process a signal once the trace has so many rows; whether it was still there."""
    deadline = time.monotonic() + 60
    while length(file) < rows and process.poll() is None and time.monotonic() < deadline:
        os.sched_yield()
    alive = process.poll() is None
    process.send_signal(with_signal)
    return alive


def kill_at(begun, settings, plain, kills: list[tuple[int, float]], **given) -> None:
    whole, cut = begun("whole", **given), begun("cut", **given)
    play(whole, settings)
    file = cut.episode(0) / TRACE
    for rows, seconds in kills:
        with started(cut.path, "--resume", str(cut.path)) as process:
            deadline = time.monotonic() + seconds
            alive = struck(process, file, rows, 0)
            while time.monotonic() < deadline:
                os.sched_yield()
            process.kill()
            process.communicate()
        assert alive and process.returncode in (-signal.SIGKILL, 0)
    with started(cut.path, "--resume", str(cut.path), "--json") as process:
        said, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (0, "")
    assert json.loads(said)["summary"]["finished"] == 1
    assert plain(rows_of(cut)) == plain(rows_of(whole))


def test_a_killed_run_goes_on_and_ends_as_an_unbroken_one(begun, settings, plain):
    kill_at(begun, settings, plain, [(2, 0.0), (7, 0.0)], size=2)


@pytest.mark.slow
@pytest.mark.parametrize("memory", ["subgoal", "truncated", "task", "composite"])
@pytest.mark.parametrize("seed", range(4))
def test_runs_killed_at_random_steps_end_as_unbroken_ones(begun, settings, plain, memory, seed):
    chance = random.Random(f"{memory}/{seed}")
    rows = sorted(chance.sample(range(25), 4))
    kills = [(row, chance.random() * 0.05) for row in rows]
    policy = "planner" if memory == "task" else "bound"  # it shows steps, not what was seen
    kill_at(begun, settings, plain, kills, memory=memory, policy=policy, size=3, seed=seed, max_steps=30)


def test_ctrl_c_ends_a_run_with_all_that_was_played(begun, settings, plain):
    whole, cut = begun("whole", size=2), begun("cut", size=2)
    play(whole, settings)
    with started(cut.path, "--resume", str(cut.path)) as process:
        assert struck(process, cut.episode(0) / TRACE, 4, signal.SIGINT)
        said, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in error
    if said:  # interrupted within the episode, not beside it
        assert "interrupted" in said and f"--resume {cut.path}" in error
        assert cut.result(0).end == "interrupted"
    play(cut, settings)
    assert plain(rows_of(cut)) == plain(rows_of(whole))
