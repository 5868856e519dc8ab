"""The command `run arc`: what it prints, what it answers programs, what it refuses, and how it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit

GRIDS = [[[1, 2, 0], [0, 3, 4]], [[5, 0, 0], [6, 7, 1]], [[2, 2, 9], [8, 0, 1]]]


def mirrored(grid: list[list[int]]) -> list[list[int]]:
    return [row[::-1] for row in grid]


def puzzle(rule, *, known: bool = True) -> dict:
    pairs = [{"input": grid, "output": rule(grid)} for grid in GRIDS]
    if not known:
        del pairs[-1]["output"]
    return {"train": pairs[:2], "test": pairs[2:]}


@pytest.fixture(autouse=True)
def puzzles(alone) -> None:
    Path("puzzles").mkdir()
    odd = {"train": [{"input": [[1]], "output": [[n, 9, 7]]} for n in (1, 2)], "test": [{"input": [[3]]}]}
    for name, made in {"a": puzzle(mirrored), "b": puzzle(mirrored, known=False), "odd": odd}.items():
        Path(f"puzzles/{name}.json").write_text(json.dumps(made))


def test_a_run_tells_a_line_a_task_and_what_it_comes_to(run):
    said = run("run", "arc", "--tasks", "puzzles", "--tried", "1000", "--out", "mine")
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert lines[0].startswith("1/3 a: solved, found as program ")
    assert lines[1].startswith("2/3 b: fits the examples, found as program ") and "concepts (" in lines[1]
    assert lines[2].startswith("3/3 odd: not solved: nothing found (")
    assert lines[3].split()[:2] == ["measure", "retries"] and "of 1 tasks" in lines[3]
    assert lines[5].split()[:2] == ["oracle@2", "0"]
    assert lines[-1] == "kept in mine"
    assert {path.name for path in Path("mine").iterdir()} >= {"arc.json", "tasks.jsonl", "results.jsonl"}


def test_a_run_answers_programs_and_is_gone_on_with(answer):
    given = answer("run", "arc", "--tasks", "puzzles/a.json", "--tried", "1000", "--out", "mine")
    assert given["schema"] == "agentmem.cli.run.arc/1"
    assert set(given) == {"schema", *ANSWERS["run.arc"]}
    assert given["summary"]["solved"] == 1 and given["spec"]["tried"] == 1000
    assert answer("run", "--resume", "mine") == given
    assert answer("concepts", "list", "--db", "mine/memory.db", "--namespace", "run")["concepts"]


def test_a_single_task_is_shown_with_its_program_and_drawn(run):
    said = run("run", "arc", "--tasks", "puzzles/a.json", "--tried", "1000", "--out", "mine").stdout
    assert "example 1\n    1 2 0  ->  0 2 1\n    0 3 4      4 3 0\n" in said
    assert "test 1, as answered\n    2 2 9  ->  9 2 2\n" in said
    assert "program\n    from agentmem.worlds.arc.dsl import Grid, flip_left_right\n" in said
    assert "as a picture: mine/task.svg" in said
    ElementTree.parse("mine/task.svg")
    odd = run("run", "arc", "--tasks", "puzzles/odd.json", "--tried", "20").stdout
    assert "no program was found" in odd and "    3  ->  ?\n" in odd and "measure" not in odd


def test_without_a_folder_it_is_named_by_what_is_run(answer):
    given = answer("run", "arc", "--tasks", "puzzles@1", "--tried", "20", "--memory", "none")
    assert given["folder"].startswith("runs/arc-none-enumerate-20")
    assert given["summary"]["held"] == []


def test_a_sum_of_names_is_a_memory(answer):
    given = answer("run", "arc", "--tasks", "puzzles/a.json", "--memory", "concept+profile", "--out", "mine")
    assert given["summary"]["solved"] == 1 and given["summary"]["memory"] == "concept+profile"
    assert given["summary"]["held"][-1]["concepts"]


def test_the_world_is_listed(run):
    assert "\narc " in run("run", "--list").stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["arc"], 2, "no tasks are named (name some: --tasks"),
        (["arc", "--tasks", "nowhere.json"], 3, "there is no file nowhere.json"),
        (["arc", "--tasks", "puzzles", "--policy", "random"], 2, "world 'arc' takes no --policy"),
        (["arc", "--tasks", "puzzles", "--max-steps", "3"], 2, "world 'arc' takes no --max-steps"),
        (["arc", "--tasks", "puzzles", "--memory", "subgoal"], 2, "memory 'subgoal' keeps no concepts"),
        (["arc", "--tasks", "puzzles", "--memory", "concept+"], 2, "'concept+' names no store on one side"),
        (["arc", "--tasks", "puzzles", "--memory", "concept+none"], 3, "no store 'none' is installed"),
        (["arc", "--tasks", "puzzles", "--model", "moon"], 2, "no model is called 'moon'"),
        (["arc", "--tasks", "puzzles", "--solver", "model"], 2, "needs a language model"),
        (["arc", "--tasks", "puzzles", "--retries", "1"], 2, "has no retries"),
        (["arc", "--tasks", "puzzles", "--attempts", "0"], 2, "--attempts"),
        (
            ["arc", "--tasks", "puzzles", "--memory", '{"store": "concept", "options": {"moon": 1}}'],
            2,
            "takes no option 'moon'",
        ),
        (["gripper", "--tasks", "puzzles"], 2, "--tasks is an option of the world 'arc' alone"),
        (["gripper", "--size", "1", "--tried", "3"], 2, "--tried is an option of the world 'arc' alone"),
        (["--resume", ".", "--tasks", "puzzles"], 2, "--tasks is not taken with it"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(run, args, code, said):
    result = run("run", *args)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("runs").exists()


def test_a_folder_that_is_taken_is_not_played_into(run):
    args = ("run", "arc", "--tasks", "puzzles@1", "--tried", "20", "--out", "mine")
    assert run(*args).exit_code == 0
    again = run(*args)
    assert again.exit_code == Exit.INPUT and "go on with it: --resume mine" in again.stderr


def test_a_model_that_has_nothing_to_say_solves_nothing_and_the_run_goes_on(run):
    Path("empty.jsonl").write_text("")
    said = run("run", "arc", "--tasks", "puzzles@1", "--model", "replay:empty.jsonl", "--out", "mine")
    assert said.exit_code == 0, said.output
    assert "not solved: model" in said.stdout


def test_grids_are_shown_in_colours_on_a_terminal(capsys):
    from agentmem.cli.arc_views import tell_task
    from agentmem.cli.rendering import Page
    from agentmem.runs.arc.folder import ArcFolder
    from agentmem.runs.arc.results import Outcome, Row
    from agentmem.worlds.arc.tasks import load_task

    assert not ArcFolder(Path("nowhere")).is_one
    page = Page()
    page.is_rich = True
    tell_task(page, load_task(Path("puzzles/a.json")), Row(outcome=Outcome(position=0, task="a")))
    shown = capsys.readouterr().out
    assert "example 2" in shown and "->" in shown and "no program was found" in shown


@pytest.mark.slow
def test_a_run_that_is_killed_anywhere_comes_to_the_same_end():
    command = [sys.executable, "-m", "agentmem.cli", "run"]
    tasks = "arcagi:training:0dfd9992,6150a2bd,3c9b0459,67a3c6ac"
    begun = [*command, "arc", "--tasks", tasks, "--tried", "800", "--out"]
    subprocess.run([*begun, "whole"], check=True, capture_output=True)
    kills = 0
    for steps in (1, 1, 2, 1, 1):  # a step: a task is solved, or its line is written
        resumed = [*command, "--resume", "cut"]
        with subprocess.Popen(
            resumed if kills else [*begun, "cut"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            before, seen = marks(), 0
            while seen < steps and process.poll() is None:
                os.sched_yield()
                now = marks()
                seen += now != before
                before = now
            process.kill()
            kills += process.wait() == -signal.SIGKILL
    assert kills > 2
    subprocess.run([*command, "--resume", "cut"], check=True, capture_output=True)
    assert told("cut") == told("whole")


def marks() -> list[tuple[int, int]]:
    """What changes with each step of a run."""
    stats = [file.stat() for name in ("results.jsonl", "next.json") if (file := Path("cut", name)).exists()]
    return [(one.st_size, one.st_ino) for one in stats]


def told(folder: str) -> list:
    found = []
    for line in Path(folder, "results.jsonl").read_text().splitlines():
        row = json.loads(line)
        del row["outcome"]["seconds"]
        row["cited"] = len(row["cited"])
        for concept in row["outcome"]["selected"]:
            del concept["id"]
        found.append(row)
    return found
