"""What the documents show runs, and prints what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
PAGES = (
    "README.md",
    "docs/episodic_memory.md",
    "docs/task_memory.md",
    "docs/concept_memory.md",
    "docs/layered_memory.md",
    "docs/profile_memory.md",
    "docs/subgoal_memory.md",
    "docs/agents.md",
    "docs/arc.md",
    "docs/operations.md",
    "docs/entities.md",
)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
COMMANDS = [page for page in PAGES if CONSOLE.search((ROOT / page).read_text())]
MADE_ANEW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""Ids, which are others each time."""
EXAMPLES = [(code, output) for page in PAGES for code, output in BLOCK.findall((ROOT / page).read_text())]


def run(arguments: list[str], folder: Path) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AGENTMEM_")}
    environment = own | {"PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def without_boundary(text: str) -> str:
    return re.sub(r"memory-[0-9a-f]+", "memory-…", text).strip()


@pytest.mark.parametrize(("code", "output"), EXAMPLES)
def test_the_pages_print_what_they_say(code: str, output: str, tmp_path: Path) -> None:
    assert without_boundary(run(["-c", code], tmp_path)) == without_boundary(output)


@pytest.mark.parametrize("page", COMMANDS)
def test_the_commands_of_a_page_answer_as_it_says(page: str, tmp_path: Path) -> None:
    for block in CONSOLE.findall((ROOT / page).read_text()):
        for told in re.split(r"^\$ agentmem ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = told.partition("\n")
            said = run(["-m", "agentmem.cli", *shlex.split(command)], tmp_path)
            assert MADE_ANEW.sub("…", said).strip() == MADE_ANEW.sub("…", answer).strip(), command


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_examples_run(example: Path, tmp_path: Path) -> None:
    assert run([str(example)], tmp_path)


def test_there_is_something_to_run() -> None:
    assert EXAMPLES


def test_every_guarantee_names_a_test_that_exists() -> None:
    named = re.findall(r"`(\S+\.py)::(\w+)`", (ROOT / "docs" / "guarantees.md").read_text())
    assert named
    for file, name in named:
        assert re.search(rf"(?:def|class) {name}\b", (ROOT / "tests" / file).read_text()), f"{file}::{name}"


def test_the_page_of_json_answers_is_the_one_that_the_command_line_prints() -> None:
    from agentmem.cli.answers import page

    assert (ROOT / "docs" / "cli.md").read_text().strip() == page().strip()


def test_the_picture_of_a_task_tree_is_what_its_example_and_the_command_line_draw(tmp_path: Path) -> None:
    run([str(ROOT / "examples" / "trip_plan.py"), "trip.db"], tmp_path)
    run(["-m", "agentmem.cli", "--db", "trip.db", "task", "export", "tree.svg"], tmp_path)
    assert (tmp_path / "tree.svg").read_text() == (ROOT / "docs" / "task-tree.svg").read_text()
