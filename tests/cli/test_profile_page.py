"""The page on profile memory prints what its own commands do, and tells the numbers of the code."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.cues import MOST, SHORTEST
from agentmem.stores.profile.notes import HALF_LIFE, KEPT, ONCE, RIVAL, SHOWN
from agentmem.stores.profile.portrait import QUOTES

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "profile_memory.md"
COMMAND = re.compile(
    r"^    (agentmem --db ada.db [^\n]*)\n(?:\n```text\n(.*?)```)?", re.MULTILINE | re.DOTALL
)
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|memory-[0-9a-f]+")


def run(arguments: list[str]) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AGENTMEM_")}
    done = subprocess.run(
        [sys.executable, "-m", "agentmem.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_commands_on_the_page_print_what_it_shows() -> None:
    shown = COMMAND.findall(PAGE.read_text())
    assert sum(bool(output) for _, output in shown) > 4
    for command, output in shown:
        told = run(shlex.split(command)[1:])
        assert not output or ID.sub("ID", told).strip() == ID.sub("ID", output).strip(), command


def test_the_page_tells_the_numbers_of_the_code() -> None:
    page = " ".join(PAGE.read_text().split())
    for told in (
        f"quotes up to {QUOTES} of the user's sentences",
        f"newest piece of its aspect is {HALF_LIFE:g} days younger",
        f"""("for once", "today") counts {ONCE:g}, and what only shows in how something is said, {SHOWN:g}.""",
        f"at least {RIVAL:g} of the support",
        f"The {KEPT} newest pieces",
        f"only the first {MOST} sentences",
    ):
        assert told in page, told
    assert '"Shorter, please" is too short' in page and SHORTEST == 3


def test_the_page_tells_all_aspects_and_their_values() -> None:
    page = PAGE.read_text()
    for name, aspect in ASPECTS.items():
        assert f"`{name}`" in page
        if aspect.single:
            (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
            assert all(f"`{value}`" in row for value in aspect.values)
    assert "`cues`" in page and "`model`" in page


def test_readers_are_those_of_the_store() -> None:
    from agentmem.cli.profile_opening import Reader
    from agentmem.stores.profile.store import READERS

    assert get_args(Reader) == READERS
