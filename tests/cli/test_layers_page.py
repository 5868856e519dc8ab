"""The page on layered memory prints and draws what its own commands do."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from agentmem.stores.layered.presets import PRESETS

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "layered_memory.md"
COMMAND = re.compile(
    r"^    (python examples/[^\n]*|agentmem --db desk.db [^\n]*)\n(?:\n```text\n(.*?)```)?",
    re.MULTILINE | re.DOTALL,
)


def run(arguments: list[str]) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AGENTMEM_")}
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_commands_on_the_page_print_and_draw_what_it_shows() -> None:
    Path("docs").mkdir()
    shown = COMMAND.findall(PAGE.read_text())
    assert len(shown) > 3
    for command, output in shown:
        program, *arguments = shlex.split(command)
        if program == "python":
            arguments = [str(ROOT / arguments[0]), *arguments[1:]]
        else:
            arguments = ["-m", "agentmem.cli", *arguments]
        told = run(arguments)
        assert not output or told == output, command
    drawn = sorted(Path("docs").glob("*.svg"))
    assert {one.name for one in drawn} == {one.name for one in PAGE.parent.glob("layers-*.svg")}
    for file in drawn:
        assert file.read_bytes() == (PAGE.parent / file.name).read_bytes(), file.name


def test_the_page_tells_the_numbers_of_each_preset() -> None:
    page = PAGE.read_text()
    for name, policy in PRESETS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        for layer in policy.layers:
            up = "" if layer.promote_at is None else f", {layer.promote_at:g}"
            assert f"{layer.name} ({layer.stability:g}, {layer.retention:g}{up})" in row
        assert f"| {policy.margin:g}, {policy.gain:g} |" in row
