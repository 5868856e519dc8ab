"""Real processes on a bank, started as scripts and killed at any moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("writing.py")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `writing.py` with arguments; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def start_(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, str(SCRIPT), *map(str, arguments)]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return running[-1]

    yield start_
    for process in running:
        process.kill()
        process.communicate()
