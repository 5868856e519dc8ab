"""Small results of real runs, and result files written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem_bench.commands import app

Made = Callable[..., dict[str, Any]]
Write = Callable[..., Path]

EXAMPLES = {
    "locomo": ("--data", "talk.json"),
    "longmemeval": ("--data", "histories.json"),
    "concepts": ("--data", "tags.json"),
    "layered": ("--data", "library.jsonl"),
    "task": ("--scenarios", "dinner.yaml"),
}
"""Benchmarks with an example, the option that reads it, and what its file is called."""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Runs a benchmark on its example, through the command; the result and its file, `BENCHMARK-EMBEDDER.json`."""

    def run(benchmark: str, embedder: str = "hashing:64", *further: str) -> dict[str, Any]:
        monkeypatch.setenv("AGENTMEM_EMBEDDER", embedder)
        option, name = EXAMPLES[benchmark]
        data, out = tmp_path / name, tmp_path / f"{benchmark}-{embedder.replace(':', '-')}.json"
        runner = CliRunner()
        data.write_text(runner.invoke(app, [benchmark, "--example"]).stdout, encoding="utf-8")
        done = runner.invoke(app, [benchmark, option, str(data), *further, "--json", str(out)])
        assert done.exit_code == 0, done.exception
        told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return {**told, "file": str(out)}

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a result by hand: its name, its benchmark, and its other keys."""

    def written(name: str, benchmark: str = "locomo", **keys: Any) -> Path:
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps({"schema": f"agentmem.bench.{benchmark}/1", **keys}), encoding="utf-8")
        return file

    return written
