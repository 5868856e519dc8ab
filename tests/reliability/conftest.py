"""Real processes on a bank, started as scripts and killed at any moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
Start = Callable[..., "subprocess.Popen[str]"]
sys.path.insert(0, str(HERE))  # the scripts and the tests share what stands beside them


@pytest.fixture
def start(locate) -> Iterator[Start]:
    """Start a script, `writing.py` unless named, with arguments; what still runs at the end is killed.

    A path that ends in `.db` is that of a bank, wherever that is.
    """
    running: list[subprocess.Popen[str]] = []

    def start_(*arguments: object, script: str = "writing.py") -> subprocess.Popen[str]:
        banks = [locate(one) if isinstance(one, Path) and one.suffix == ".db" else one for one in arguments]
        command = [sys.executable, str(HERE / script), *map(str, banks)]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return running[-1]

    yield start_
    for process in running:
        process.kill()
        process.communicate()
