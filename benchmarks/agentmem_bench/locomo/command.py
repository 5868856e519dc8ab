"""What `agentmem bench locomo` does with its arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from agentmem.errors import InvalidInput
from agentmem_bench.answering import command as answers
from agentmem_bench.answering.options import Options
from agentmem_bench.arguments import numbers
from agentmem_bench.locomo import asked, data, report, result
from agentmem_bench.pipelines import PIPELINES
from agentmem_bench.progress import bar
from agentmem_bench.provenance import sha256
from agentmem_bench.results import check_writable, console, write_json


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
    if file is None:
        raise InvalidInput("no data", "give --data FILE, or print an example with --example")
    check_writable(out)
    dataset = data.read(file)
    with bar() as watch:
        measured = result.measure(
            dataset, ks=numbers("--k", k, "5,10,20"), pipelines=list(pipelines or PIPELINES), watch=watch
        )
    told = {
        "schema": measured["schema"],
        "split": split or file.stem,
        **measured,
        "data": {"file": file.name, "sha256": sha256(file), **measured["data"]},
    }
    report.show(told, console(out))
    write_json(told, out)


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
