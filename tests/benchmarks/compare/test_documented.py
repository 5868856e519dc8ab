"""The page of the benchmarks shows what a comparison prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem_bench.commands import app

PAGE = Path(__file__).parents[3] / "docs" / "benchmarks.md"
SECTION = re.compile(r"## Comparing two results\n\n((?:    .+\n)+)\n```text\n(.*?)\n```", re.DOTALL)


@pytest.mark.slow
def test_the_commands_of_the_page_print_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SECTION.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    monkeypatch.chdir(tmp_path)
    printed = ""
    for line in found[1].splitlines():
        words = shlex.split(line)
        environment = dict(word.split("=") for word in words if "=" in word)
        arguments = words[words.index("bench") + 1 :]
        done = CliRunner().invoke(app, arguments, env={"AGENTMEM_EMBEDDER": None, **environment})
        assert done.exit_code == 0, done.exception
        printed = done.stdout
    assert [line.rstrip() for line in printed.rstrip().splitlines()] == found[2].splitlines()
