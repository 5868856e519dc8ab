"""What a machine has to run models on is told without torch, and nothing is a finding too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agentmem.devices import cores, gpus


def test_a_machine_has_cores() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo 'NVIDIA H100, 81559 MiB'; echo 'NVIDIA L4, 23034 MiB'", 2),
        ("echo 'no driver' >&2; exit 9", 0),
        (":", 0),
    ],
)
def test_gpus_are_those_that_the_drivers_tool_names(
    script: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len(gpus()) == found
    monkeypatch.setenv("PATH", "")
    assert gpus() == []
