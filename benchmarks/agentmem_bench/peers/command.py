"""What `agentmem bench peers` does with its arguments."""

from __future__ import annotations

from pathlib import Path

from agentmem.errors import InvalidInput
from agentmem_bench.arguments import numbers
from agentmem_bench.peers import report, result
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json


def run(
    file: Path | None,
    systems: str | None,
    k: str,
    budget: int,
    limit: int | None,
    model: str | None,
    out: str | None,
    split: str | None,
) -> None:
    """Compare memories on `file`, print it, and write the result to `out`.

    Raises:
        InvalidInput: no file, an unknown memory, a k that is no number, an `out` that cannot be written.
        Unavailable: a memory that is asked for is not installed.
        NetworkForbidden: a model is to be asked, and the network is off.
        FormatError: the file is neither LoCoMo nor LongMemEval JSON.
        NotFound: there is no such file.
    """
    if file is None:
        raise InvalidInput("no data", "give --data FILE; `agentmem bench locomo --example` prints one")
    check_writable(out)
    with bar() as watch:
        measured = result.measure(
            file,
            systems=[name.strip() for name in systems.split(",")] if systems else None,
            ks=numbers("--k", k, "5,10,20"),
            budget=budget,
            limit=limit,
            model=model,
            watch=watch,
        )
    told = {"schema": measured["schema"], "split": split or file.stem, **measured}
    report.show(told, console(out))
    write_json(told, out)
