"""Suites: what a file says, in processes beside each other; what is killed or interrupted loses nothing."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from agentmem.agents.trace import TRACE, Trace
from agentmem.errors import AgentMemError, Conflict, FormatError, NotFound
from agentmem.runs.execute import play
from agentmem.runs.folder import RUN, RunFolder
from agentmem.runs.suite import SuiteFolder, read_suite
from agentmem.runs.workers import KILLS, Workers, play_suite

SMALL = """
runs:
  - {world: gripper, size: 1, memory: [full, subgoal], policy: random, max_steps: 4, episodes: 2}
"""


@pytest.fixture
def read(tmp_path: Path, settings):
    def make(text: str):
        (tmp_path / "suite.yaml").write_text(text, encoding="utf-8")
        return read_suite(tmp_path / "suite.yaml", settings)

    return make


@pytest.fixture
def small(read, tmp_path) -> SuiteFolder:
    folder = SuiteFolder(tmp_path / "out")
    folder.begin(read(SMALL)[0])
    return folder


def test_a_field_that_is_a_list_is_a_run_for_each_value(read, tmp_path):
    suite, out = read(
        """
        out: here/there
        runs:
          - world: gripper
            memory: [full, {name: never folds, store: subgoal, options: {fold: 0}}]
            size: [1, 2]
            budget: [300]
            seed: 4
          - {world: blocksworld, memory: full, name: towers}
          - {world: gripper, memory: full, size: 2}
          - {world: gripper, memory: full, size: 1}
        """
    )
    assert out == tmp_path / "here/there"
    assert [run.name for run in suite.runs] == [
        "gripper-full-bound-size=1",
        "gripper-full-bound-size=2",
        "gripper-never folds-bound-size=1",
        "gripper-never folds-bound-size=2",
        "towers",
        "gripper-full-bound",
        "gripper-full-bound-2",
    ]
    assert suite.runs[3].memory.options == {"fold": 0}
    assert {(run.seed, run.limits.budget) for run in suite.runs[:4]} == {(4, 300)}


def test_paths_start_at_the_folder_of_the_file(read, pddl, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    suite, out = read("runs: [{world: pddl, domain: domain.pddl, problem: [two.pddl, two.pddl]}]")
    assert len(suite.runs) == 2 and "define" in suite.runs[0].domain.text
    assert out == Path("runs/suite")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: a suite has a list of `runs`"),
        ("runs: []", "a suite has a list of `runs`"),
        ("- 3", "a suite has a list of `runs`"),
        ("runs: [", "line 1: this is no YAML"),
        ("runs:\n- {world: gripper}\nmore: 3", "line 3: `more`: a suite has no such key"),
        ("runs:\n- {world: gripper}\nout: [3]", "line 3: `out`"),
        ("runs:\n- gripper", "line 2: `runs.0`: 'gripper' is no run"),
        ("runs:\n- world: gripper\n  memmory: full", "line 3: `runs.0.memmory`: a run has no such field"),
        ("runs:\n- world: gripper\n  memory: []", "line 3: `runs.0.memory`: it is an empty list"),
        ("runs:\n- {world: gripper}\n- {world: moon}", "line 3: `runs.1`: there is no world 'moon'"),
        ("runs:\n- {world: gripper, policy: model}", "needs a language model"),
        ("runs:\n- {memory: full}", "no world is named"),
        ("runs:\n- {world: gripper, world: errand}", "this key is there twice"),
        ("runs:\n- {world: gripper, size: 0}", "line 2: `runs.0`"),
        (
            "runs:\n- {world: gripper, seed: [" + ", ".join(map(str, range(10_001))) + "]}",
            "more than 10,000 runs",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(read, text, said):
    with pytest.raises(FormatError) as raised:
        read(text)
    assert said in str(raised.value)
    assert "suite.yaml" in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path, settings):
    with pytest.raises(NotFound, match=r"none\.yaml cannot be read"):
        read_suite(tmp_path / "none.yaml", settings)
    (tmp_path / "bytes.yaml").write_bytes(b"runs: \xff")
    with pytest.raises(FormatError, match="not UTF-8 at byte 6"):
        read_suite(tmp_path / "bytes.yaml", settings)


def test_a_suite_is_played_and_what_is_played_stays(small, settings):
    told = []
    summary = play_suite(small, settings, 2, lambda run, episode, result: told.append((run.name, episode)))
    assert summary.complete and not summary.interrupted
    assert [row.error for row in summary.runs] == ["", ""]
    assert [row.summary.ends for row in summary.runs] == [{"steps": 2}] * 2
    assert sorted(told) == [(f"gripper-{name}-random", n) for name in ("full", "subgoal") for n in (0, 1)]
    told.clear()
    assert play_suite(small, settings, 2, lambda *one: told.append(one)) == summary
    assert told == []


def test_a_suite_to_which_runs_were_added_is_gone_on_with_and_one_that_was_changed_is_not(read, tmp_path):
    folder = SuiteFolder(tmp_path / "out")
    folder.begin(read(SMALL)[0])
    folder.begin(read(SMALL + "  - {world: gripper, size: 2}\n")[0])
    assert len(folder.spec().runs) == 3
    with pytest.raises(Conflict, match="holds another run"):
        folder.begin(read(SMALL.replace("max_steps: 4", "max_steps: 5"))[0])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear")
    with pytest.raises(Conflict, match="holds no suite"):
        SuiteFolder(tmp_path / "mine").begin(read(SMALL)[0])


def rows_of(folder: RunFolder, plain, episodes=2):
    return [plain(Trace(folder.episode(n)).rows) for n in range(episodes)]


def killing(workers: Workers, folder: RunFolder, times: int) -> threading.Thread:
    """Kill what plays a run, whenever its trace has a row more than at the last time."""

    def kill() -> None:
        for rows in range(1, times + 1):
            file = folder.episode(0) / TRACE
            while not file.exists() or file.read_bytes().count(b"\n") < rows:
                os.sched_yield()
            before = set(workers._running)
            for process in before:
                process.send_signal(signal.SIGKILL)
            while workers._running & before:
                os.sched_yield()

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread


@pytest.mark.parametrize("times", [1, KILLS])
def test_a_worker_that_is_killed_loses_nothing(begun, settings, plain, times):
    whole, killed = begun("whole", episodes=2), begun("killed", episodes=2)
    play(whole, settings)
    workers = Workers(settings, 1)
    thread = killing(workers, killed, times)
    errors, interrupted = workers.run([(killed.spec(), killed)])
    thread.join(60)
    assert not interrupted
    expected = "" if times < KILLS else f"its process was killed {KILLS} times, by signal 9"
    assert errors == {killed.spec().name: expected}
    play(killed, settings)
    assert rows_of(killed, plain) == rows_of(whole, plain)


def test_what_is_wrong_with_one_run_stops_no_other(small, settings):
    bad = small.of(small.spec().runs[0])
    (bad.path / RUN).write_text("{}")
    summary = play_suite(small, settings, 2)
    assert "is no run of this version" in summary.runs[0].error
    assert summary.runs[1].error == "" and summary.runs[1].summary.complete
    assert not summary.complete


def test_a_run_that_another_process_plays_is_left_to_it(small, settings):
    with small.of(small.spec().runs[0]).held():
        summary = play_suite(small, settings, 1)
    assert "another process plays" in summary.runs[0].error
    assert summary.runs[1].summary.complete
    assert play_suite(small, settings, 1).complete


def test_ctrl_c_ends_the_workers_and_the_suite_is_gone_on_with(read, tmp_path, settings, plain):
    text = SMALL.replace("size: 1", "size: 4").replace("max_steps: 4", "max_steps: 40")
    text = text.replace("full", "truncated")
    folder, whole = SuiteFolder(tmp_path / "out"), SuiteFolder(tmp_path / "whole")
    folder.begin(read(text)[0])
    whole.begin(read(text)[0])
    first = folder.of(folder.spec().runs[0])

    def press() -> None:
        file = first.episode(0) / TRACE
        while not file.exists() or file.read_bytes().count(b"\n") < 3:
            os.sched_yield()
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    summary = play_suite(folder, settings, 1)
    thread.join()
    assert summary.interrupted and not summary.complete
    assert {row.error for row in summary.runs} == {"interrupted"}
    assert play_suite(folder, settings, 2).complete
    assert play_suite(whole, settings, 2).complete
    for run in whole.spec().runs:
        assert rows_of(folder.of(run), plain) == rows_of(whole.of(run), plain)


def test_every_error_of_a_suite_has_a_remedy(read):
    with pytest.raises(AgentMemError) as raised:
        read("runs:\n- {world: gripper, memory: moon}")
    assert "`runs.0`: no store 'moon' is installed (there are: " in raised.value.message
    assert raised.value.remedy.startswith("install the package")
