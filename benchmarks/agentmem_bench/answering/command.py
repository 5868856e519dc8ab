"""What a benchmark does with its arguments where a model is to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from agentmem.errors import InvalidInput
from agentmem_bench.answering import report
from agentmem_bench.answering.cases import Case
from agentmem_bench.answering.measure import measure
from agentmem_bench.answering.options import Options
from agentmem_bench.progress import bar
from agentmem_bench.provenance import sha256
from agentmem_bench.results import check_writable, console, write_json


def run(
    benchmark: str,
    file: Path | None,
    read: Callable[[Path], Sequence[Case]],
    options: Options,
    out: str | None,
    split: str | None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Let a model answer the questions of `file`, print how well, and write the result to `out`.

    Args:
        benchmark: Its name.
        file: The data.
        read: Reads them.
        options: Models, budget, sample, rows.
        out: Where the JSON goes; none: nowhere.
        split: What the result calls the data; none: the file's name.
        names: Of the categories, for people.

    Raises:
        InvalidInput: no file, an unknown model, rows of another run, an `out` that cannot be written.
        FormatError: the file is not in its format.
        NotFound: there is no such file.
        Unavailable: a model is not there.
    """
    if file is None:
        raise InvalidInput("no data", "give --data FILE, or print an example with --example")
    check_writable(out)
    cases, checksum = read(file), sha256(file)
    with bar() as watch:
        measured = measure(benchmark, cases, checksum, options, watch=watch)
    told = {
        "schema": measured["schema"],
        "split": split or file.stem,
        "data": {"file": file.name, "sha256": checksum, "conversations": len(cases)},
        **measured,
    }
    report.show(told, names or {}, console(out))
    write_json(told, out)
