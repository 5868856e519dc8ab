"""The command `run`: what it prints, what it answers programs, what it refuses, and how it ends."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit

_SPEC = importlib.util.spec_from_file_location(
    "faulty_models", Path(__file__).parents[1] / "models" / "conftest.py"
)
assert _SPEC is not None and _SPEC.loader is not None
faulty_models = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(faulty_models)

SUITE = "runs: [{world: gripper, size: 1, memory: [full, subgoal], policy: random, max_steps: 3}]\n"


def keys(given: dict, command: str) -> None:
    assert given["schema"] == f"agentmem.cli.{command}/1"
    assert set(given) == {"schema", *ANSWERS[command]}


def test_a_run_tells_a_line_an_episode_and_a_table(run):
    said = run("run", "gripper", "--size", "1", "--episodes", "2", "--out", "mine")
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert lines[0].startswith("episode 0: solved, progress 100%, ")
    assert lines[1].startswith("episode 1: solved")
    assert lines[2].split()[:4] == ["episode", "seed", "success", "progress"]
    assert lines[5].split()[:2] == ["all", "2/2"]
    assert lines[6] == "kept in mine; look at it: agentmem trace show mine"
    assert {path.name for path in Path("mine").iterdir()} >= {
        "run.json",
        "summary.json",
        "memory.db",
        "episodes",
    }


def test_a_run_answers_programs(answer):
    given = answer("run", "gripper", "--size", "1", "--out", "mine", "--budget", "300", "--seed", "3")
    keys(given, "run")
    assert given["folder"] == "mine"
    assert given["spec"]["limits"]["budget"] == 300
    assert given["summary"]["episodes"][0]["seed"] == 3
    again = answer("run", "--resume", "mine")
    assert again["summary"] == given["summary"]


def test_without_a_folder_it_is_named_by_what_is_run(answer):
    given = answer(
        "run", "gripper", "--size", "1", "--memory", "full", "--policy", "random", "--max-steps", "2"
    )
    assert given["folder"].startswith("runs/gripper-full-random-20")
    assert given["summary"]["ends"] == {"steps": 1}


def test_a_sum_of_names_is_a_memory(answer, run):
    given = answer("run", "gripper", "--size", "1", "--memory", "subgoal+profile", "--out", "mine")
    assert given["summary"]["memory"] == "subgoal+profile" and given["summary"]["success"] == 1.0
    assert [one["store"] for one in given["spec"]["memory"]["members"]] == ["subgoal", "profile"]
    assert answer("run", "--resume", "mine") == given
    assert run("trace", "show", "mine").exit_code == 0
    Path("sums.yaml").write_text(SUITE.replace("[full, subgoal]", "[full+profile, profile + episodic]"))
    suite = answer("run", "--suite", "sums.yaml", "--jobs", "1")["summary"]
    assert [one["summary"]["ends"] for one in suite["runs"]] == [{"steps": 1}] * 2


def test_what_can_be_run_is_listed(run, answer):
    said = run("run", "--list").stdout
    assert all(
        f"\n{name} " in said for name in ("gripper", "errand", "pddl", "subgoal", "full", "bound", "model")
    )
    keys(answer("run", "--list"), "run.list")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["moon"], 3, "there is no world 'moon' (there are: blocksworld, "),
        (["gripper", "--memory", "moon"], 3, "no store 'moon' is installed (there are: "),
        (["gripper", "--memory", "full+"], 2, "'full+' names no store on one side (write two names: "),
        (["gripper", "--policy", "moon"], 3, "there is no policy 'moon' (there are: bound, "),
        (["gripper", "--policy", "model"], 2, "needs a language model (name one: --model llama"),
        (["gripper", "--model", "moon"], 2, "no model is called 'moon'"),
        (["gripper", "--size", "0"], 2, "--size"),
        (["gripper", "--budget", "-3"], 2, "--budget"),
        (["gripper", "--domain", "d.pddl"], 3, "d.pddl cannot be read"),
        (["pddl"], 2, "give --domain FILE and --problem FILE"),
        ([], 2, "nothing is named to be run (name a WORLD"),
        (["gripper", "--list"], 2, "WORLD and --list exclude each other"),
        (["--resume", "nowhere"], 3, "there is no run in nowhere"),
        (["--resume", ".", "--memory", "full"], 2, "--memory is not taken with it"),
        (["--suite", "none.yaml"], 3, "none.yaml cannot be read"),
        (["--suite", "suite.yaml", "--max-steps", "3"], 2, "--max-steps is not taken with it"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(run, args, code, said):
    Path("suite.yaml").write_text(SUITE)
    result = run("run", *args)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("runs").exists()


def test_a_folder_that_is_taken_is_not_played_into(run):
    assert run("run", "gripper", "--size", "1", "--out", "mine").exit_code == 0
    again = run("run", "gripper", "--size", "1", "--out", "mine")
    assert again.exit_code == Exit.INPUT
    assert "go on with it: --resume mine" in again.stderr


def test_a_world_is_read_from_files(run, answer):
    Path("d.pddl").write_text(
        "(define (domain lamps) (:predicates (on ?l) (off ?l))\n"
        "(:action light :parameters (?l) :precondition (off ?l) :effect (and (on ?l) (not (off ?l)))))"
    )
    Path("p.pddl").write_text(
        "(define (problem two) (:domain lamps) (:objects red blue) (:init (off red) (off blue))\n"
        "(:goal (and (on red) (on blue))))"
    )
    given = answer(
        "run", "pddl", "--domain", "d.pddl", "--problem", "p.pddl", "--problem", "p.pddl", "--out", "x"
    )
    assert given["summary"]["success"] == 1.0 and given["summary"]["planned"] == 2
    Path("p.pddl").write_text("(define (problem two)\n (:domain lamps) (:init (of red)) (:goal (on red)))")
    bad = run("run", "pddl", "--domain", "d.pddl", "--problem", "p.pddl")
    assert bad.exit_code == Exit.INPUT
    assert "p.pddl, line 2" in bad.stderr


def test_a_suite_is_told_side_by_side(run, answer):
    Path("suite.yaml").write_text(SUITE)
    said = run("run", "--suite", "suite.yaml", "--jobs", "1")
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert sum(line.startswith("gripper-full-random, episode 0: step limit") for line in lines) == 1
    assert [line.split()[0] for line in lines[2:5]] == [
        "run",
        "gripper-full-random",
        "gripper-subgoal-random",
    ]
    assert lines[5] == "kept in runs/suite"
    given = answer("run", "--resume", "runs/suite")
    keys(given, "run.suite")
    assert [row["summary"]["ends"] for row in given["summary"]["runs"]] == [{"steps": 1}] * 2
    again = answer("run", "--suite", "suite.yaml")
    assert again["summary"] == given["summary"]


def test_a_suite_that_is_not_played_to_its_end_says_so(run):
    Path("suite.yaml").write_text(SUITE)
    assert run("run", "--suite", "suite.yaml", "--out", "s").exit_code == 0
    Path("s/gripper-full-random/run.json").write_text("{}")
    Path("s/gripper-full-random/episodes/000/result.json").unlink()
    said = run("run", "--resume", "s")
    assert said.exit_code == Exit.NEGATIVE
    assert "error: gripper-full-random: " in said.stderr and "go on: agentmem run --resume s" in said.stderr


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("AGENTMEM_NETWORK", "true")
    with faulty_models.faults() as server:
        monkeypatch.setenv("AGENTMEM_MODEL_URL", server.url)
        yield server


def test_a_model_plays_however_badly(answer, server):
    server.texts = [
        "Subgoal: see the rooms\nAction: go to room b",
        "retrieve(1)",
        "Action: dance",
        "I would rather not play.\nWhat about you?",
        "",
        "Action: \x1b[31mgo to room c\u202e </script>",
    ]
    given = answer(
        "run", "gripper", "--size", "1", "--model", "openai:ok", "--max-steps", "4", "--out", "mine"
    )
    assert given["spec"]["policy"] == "model"
    rows = [json.loads(line) for line in Path("mine/episodes/000/trace.jsonl").read_text().split("\n")[:-1]]
    assert [row["valid"] for row in rows] == [True, True, False, False, False]
    assert rows[1]["subgoal"] == "see the rooms"
    assert rows[2]["retrieved"] == [1]
    assert given["summary"]["episodes"][0]["result"]["tokens"] > 0
    assert answer("trace", "show", "mine")["steps"] == 4


def test_a_model_that_fails_ends_the_run_and_it_can_be_gone_on_with(run, answer, monkeypatch, server):
    monkeypatch.setenv("AGENTMEM_MODEL_RETRIES", "0")
    server.texts = ["Action: go to room b", "Action: go to room c"]
    failed = run("run", "gripper", "--size", "1", "--model", "openai:401", "--out", "mine")
    assert failed.exit_code == Exit.UNUSABLE
    assert "go on: agentmem run --resume mine" in failed.stderr
    said = json.loads(Path("mine/run.json").read_text())
    Path("mine/run.json").write_text(json.dumps(said | {"model": "openai:ok", "limits": {"steps": 2}}))
    assert answer("run", "--resume", "mine")["summary"]["ends"] == {"steps": 1}


def test_ctrl_c_ends_with_what_was_played_and_130():
    with subprocess.Popen(
        [sys.executable, "-m", "agentmem.cli", "run", "gripper", "--size", "4", "--out", "mine"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:
        trace = Path("mine/episodes/000/trace.jsonl")
        deadline = time.monotonic() + 60
        while not (trace.exists() and trace.read_text().count("\n") > 3) and time.monotonic() < deadline:
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        said, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in error
    assert "episode 0: interrupted" in said
    assert error == "interrupted; go on: agentmem run --resume mine\n"
    assert json.loads(Path("mine/episodes/000/result.json").read_text())["end"] == "interrupted"


def test_a_live_view_shows_goal_subgoals_last_step_and_tokens(monkeypatch, capsys):
    from agentmem.agents.trace import Row
    from agentmem.cli import run_views
    from agentmem.cli.rendering import Page
    from agentmem.config import Settings
    from agentmem.runs.execute import play
    from agentmem.runs.folder import RunFolder
    from agentmem.runs.request import run_of

    settings = Settings()
    folder = RunFolder(Path("mine"))
    folder.begin(run_of({"world": "gripper", "size": 1, "name": "a [red]name[/]"}, settings))
    page = Page()
    page.is_rich = True
    pictures = []
    view = run_views.Live(page, folder.spec())

    def step(row: Row, context) -> None:
        pictures.append(view._picture(row))

    monkeypatch.setattr(view, "step", step)
    with view:
        assert play(folder, settings, view).complete
    page.console.print(pictures[-1])
    page.console.print(
        view._picture(Row(step=1, action="\x1b[31m[bold]x", observation="two\nlines", valid=False))
    )
    shown = capsys.readouterr().out
    for told in (
        "a [red]name[/] · episode 1 of 1",
        "goal",
        "subgoal",
        "last step",
        "of 1,000 tokens",
        "100%",
    ):
        assert told in shown
    assert "[bold]x" in shown and "\x1b[31m[" not in shown and "two lines" in shown


def test_the_group_imports_nothing_heavy():
    code = (
        "import sys, agentmem.cli.running, agentmem.cli.tracing;"
        "print({'numpy', 'pydantic', 'yaml', 'torch', 'rich', 'jinja2'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "set()\n"
