"""What `agentmem bench floor` does with its arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentmem_bench.floor import data, report, result
from agentmem_bench.locomo import data as locomo
from agentmem_bench.progress import bar
from agentmem_bench.provenance import sha256
from agentmem_bench.results import check_writable, console, write_json


def run(chat: Path | None, questions: Path | None, check: Path | None, out: str | None) -> None:
    """Fit the floor, print it, and write the result to `out`.

    Raises:
        InvalidInput: an `out` that cannot be written.
        FormatError: a file is not in its format.
        NotFound: there is no such file.
    """
    check_writable(out)
    labels = data.read(chat, questions)
    dataset = locomo.read(check) if check is not None else None
    with bar() as watch:
        told: dict[str, Any] = result.measure(labels, dataset, watch=watch)
    told["data"]["split"] = "shipped" if questions is None else questions.stem
    if check is not None:
        told["check"] = {"file": check.name, "sha256": sha256(check), **told["check"]}
    report.show(told, console(out))
    write_json(told, out)
