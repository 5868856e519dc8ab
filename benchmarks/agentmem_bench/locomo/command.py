"""What `agentmem bench locomo` does with its arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from agentmem_bench import evidence
from agentmem_bench.answering import command as answers
from agentmem_bench.answering.options import Options
from agentmem_bench.locomo import asked, data, report, result


def print_example() -> None:
    """Print a small file that runs."""
    sys.stdout.write(data.example())


def run(
    file: Path | None, k: str, pipelines: Sequence[str] | None, out: str | None, split: str | None
) -> None:
    """Run the benchmark on `file`, print it, and write the result to `out`.

    Raises:
        InvalidInput: no file, a k that is no number, an unknown pipeline, an `out` that cannot be written.
        FormatError: the file is not LoCoMo JSON.
        NotFound: there is no such file.
    """
    evidence.run(file, k, pipelines, out, split, read=data.read, measure=result.measure, show=report.show)


def answer(file: Path | None, options: Options, out: str | None, split: str | None) -> None:
    """Let a model answer the questions of `file`, print how well, and write the result to `out`.

    Raises:
        InvalidInput: no file, an unknown model, rows of another run, an `out` that cannot be written.
        FormatError: the file is not LoCoMo JSON.
        NotFound: there is no such file.
        Unavailable: a model is not there.
    """
    names = {str(number): f"{number} {name}" for number, name in asked.NAMES.items()}
    answers.run("locomo", file, asked.read, options, out, split, names)
