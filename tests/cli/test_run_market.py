"""The command `run market`: what it prints, what it answers programs, what it refuses, and how it goes on."""

from __future__ import annotations

import csv
import datetime
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit

DAYS = [day for n in range(200) if (day := datetime.date(2021, 1, 4) + datetime.timedelta(n)).weekday() < 5]
ARGS = ("run", "market", "--symbols", "UP,DOWN", "--prices", "prices.csv", "--warm-up", "5")
DATES = ("--from", str(DAYS[80]), "--to", str(DAYS[92]))


@pytest.fixture(autouse=True)
def prices(alone) -> None:
    chance = random.Random(1)
    with Path("prices.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["date", "symbol", "close"])
        for symbol in ("UP", "DOWN"):
            price = 100.0
            for number, day in enumerate(DAYS):
                price *= 1 + chance.gauss(0.001, 0.008) + (0.05 if number % 9 == 0 else 0)
                lines.writerow([day, symbol, price])


def test_a_run_tells_a_line_a_month_and_what_it_comes_to(run):
    said = run(*ARGS, *DATES, "--out", "mine")
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert lines[0] == f"UP, DOWN: 18 days to {DAYS[92]}"
    assert lines[1] == f"warm-up, on paper: 5 days from {DAYS[75]} to {DAYS[79]}"
    assert lines[2].startswith("2021-04  ") and lines.pop(2)
    assert lines[2].startswith("2021-05  ") and "fill" in lines[2]
    assert lines[3].split()[:3] == ["over", "all", "symbols"]
    assert [line.split("  ")[0] for line in lines[4:7]] == [
        "agents",
        "buy and hold",
        "moving averages 20/100",
    ]
    assert [line.split()[0] for line in lines[7:10]] == ["symbol", "UP", "DOWN"]
    assert lines[10].startswith("days  13 after 5 of warm-up, ")
    assert lines[-1] == "kept in mine; look at it: mine/report.html"
    made = {path.name for path in Path("mine").iterdir()}
    assert made >= {"market.json", "prices.csv", "days.jsonl", "equity.csv", "report.html", "memory.db"}


def test_a_run_answers_programs_and_is_gone_on_with(answer):
    given = answer(*ARGS, *DATES, "--out", "mine")
    assert given["schema"] == "agentmem.cli.run.market/1"
    assert set(given) == {"schema", *ANSWERS["run.market"]}
    assert given["summary"]["complete"] and given["spec"]["symbols"] == ["UP", "DOWN"]
    assert answer("run", "--resume", "mine") == given


def test_without_a_folder_it_is_named_by_what_is_run(answer):
    given = answer(*ARGS, "--from", str(DAYS[80]), "--to", str(DAYS[81]), "--memory", "none")
    assert given["folder"].startswith("runs/market-none-signal-20")


def test_a_sum_of_names_is_a_memory(answer):
    given = answer(*ARGS, *DATES, "--memory", "layered+flat", "--out", "mine")
    assert given["summary"]["complete"] and given["spec"]["memory"] == "layered+flat"
    days = map(json.loads, Path("mine/days.jsonl").read_text().splitlines())
    layers = [day["sleeves"][0].get("layers") for day in days]
    assert any(sum(one["adaptive"].values()) for one in layers if one)


def test_the_world_is_listed(run):
    assert "\nmarket " in run("run", "--list").stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--symbols", "MOON"], 3, "no prices of 'MOON' (there are: DOWN, UP)"),
        (["--from", "2021-07-01"], 2, "is after --to"),
        (["--to", "2022-03-01"], 2, "the prices of UP go from"),
        (["--prices", "nowhere.csv"], 3, "there is no file nowhere.csv"),
        (["--news", "prices.csv"], 2, "prices.csv, line 1: it is no JSON"),
        (["--policy", "model"], 2, "policy 'model' needs a language model"),
        (["--policy", "bound"], 2, "--policy is 'bound'"),
        (["--model", "moon"], 2, "no model is called 'moon'"),
        (["--memory", "moon"], 3, "no store 'moon' is installed (there are: "),
        (["--memory", "+flat"], 2, "'+flat' names no store on one side"),
        (["--memory", '{"store": "layered", "options": {"moon": 1}}'], 2, "moon"),
        (["--characters", "bold"], 3, "there is no character 'bold'"),
        (["--agents", "0"], 2, "--agents"),
        (["--debate", "2"], 2, "nobody to debate with"),
        (["--episodes", "3"], 2, "world 'market' takes no --episodes"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line_and_no_folder_is_made(run, args, code, said):
    result = run(*ARGS, *DATES, *args)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["gripper", "--symbols", "UP"], "--symbols is an option of the world 'market' alone"),
        (
            ["arc", "--tasks", "x.json", "--from", "2021-01-04"],
            "--from is an option of the world 'market' alone",
        ),
        (["market", "--tasks", "x.json"], "--tasks is an option of the world 'arc' alone"),
        (["--resume", ".", "--symbols", "UP"], "--symbols is not taken with it"),
    ],
)
def test_options_of_one_world_are_refused_by_another(run, args, said):
    result = run("run", *args)
    assert result.exit_code == Exit.INPUT and said in result.stderr


def test_a_folder_that_is_taken_is_not_played_into(run):
    args = (*ARGS, "--from", str(DAYS[80]), "--to", str(DAYS[81]), "--out", "mine")
    assert run(*args).exit_code == 0
    again = run(*args)
    assert again.exit_code == Exit.INPUT and "go on with it: --resume mine" in again.stderr


def test_a_model_that_has_nothing_to_say_holds_and_the_run_goes_on(answer):
    Path("empty.jsonl").write_text("")
    dates = ("--from", str(DAYS[80]), "--to", str(DAYS[82]))
    given = answer(*ARGS, *dates, "--warm-up", "0", "--model", "replay:empty.jsonl", "--out", "mine")
    assert given["spec"]["policy"] == "model"
    assert given["summary"]["errors"] == 6
    assert [one["decisions"] for one in given["summary"]["sleeves"]] == [{"hold": 3}] * 2
    assert given["summary"]["equity"] == given["spec"]["cash"]


def test_a_terminal_shows_the_day_that_is_played(run, capsys):
    from agentmem.cli.market_views import Live
    from agentmem.cli.rendering import Page
    from agentmem.runs.market.execute import days_of
    from agentmem.runs.market.folder import MarketFolder

    assert run(*ARGS, "--from", str(DAYS[80]), "--to", str(DAYS[83]), "--out", "mine").exit_code == 0
    folder, page = MarketFolder(Path("mine")), Page()
    page.is_rich = True
    *_, row = folder.rows()
    with Live(page) as view:
        view.begins(folder.spec(), days_of(folder.spec(), folder.market()), row.number)
        view.ends(row)
    page.console.print(view._picture(row))
    shown = capsys.readouterr().out
    assert f"{row.date} · " in shown and "UP" in shown and "day 9 of 9" in shown


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--agents", "2", "--debate", "1"), ("--memory", "flat")])
def test_a_run_that_is_killed_anywhere_comes_to_the_same_curve_byte_for_byte(run, options):
    """Killed for real: while memory learns, while a day is written, in between."""
    args = (*ARGS, "--from", str(DAYS[80]), "--to", str(DAYS[110]), *options)
    assert run(*args, "--out", "straight").exit_code == 0
    command = [sys.executable, "-m", "agentmem.cli"]
    kills = 0
    for steps in (1, 9, 2, 14, 3, 5, 21, 8):  # a step: the bank, the trace or the state has changed on disk
        going = ("run", "--resume", "cut") if Path("cut/market.json").exists() else (*args, "--out", "cut")
        with subprocess.Popen(
            [*command, *going], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            before, seen = marks("cut"), 0
            while seen < steps and child.poll() is None:
                os.sched_yield()
                now = marks("cut")
                seen += now != before
                before = now
            child.kill()
            kills += child.wait() == -signal.SIGKILL
    assert kills >= 6
    subprocess.run([*command, "run", "--resume", "cut"], check=True, capture_output=True)
    assert Path("cut/equity.csv").read_bytes() == Path("straight/equity.csv").read_bytes()
    assert Path("cut/days.jsonl").read_bytes() == Path("straight/days.jsonl").read_bytes()
    assert json.loads(Path("cut/summary.json").read_text())["complete"]


def test_ctrl_c_is_told_and_gone_on_with(run):
    dates = ("--from", str(DAYS[80]), "--to", str(DAYS[-1]))
    args = (*ARGS, *dates, "--agents", "2", "--debate", "1", "--out", "mine")
    with subprocess.Popen(
        [sys.executable, "-m", "agentmem.cli", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A job in the background is started with Ctrl-C ignored, which its children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as child:
        while child.poll() is None and not Path("mine/state.json").exists():
            os.sched_yield()
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=120)
    assert child.returncode == Exit.INTERRUPTED
    assert b"interrupted; go on: agentmem run --resume mine" in said
    assert Path("mine/report.html").exists()
    assert run("run", "--resume", "mine").exit_code == 0


def marks(folder: str) -> list[tuple[int, int, int]]:
    """What changes with each step of a run."""
    found = []
    for name in ("memory.db-wal", "days.jsonl", "state.json"):
        try:
            stat = Path(folder, name).stat()
        except FileNotFoundError:
            continue
        found.append((stat.st_size, stat.st_ino, stat.st_mtime_ns))
    return found
