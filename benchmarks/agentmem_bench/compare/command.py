"""What `agentmem bench compare` does with its arguments."""

from __future__ import annotations

from pathlib import Path

from agentmem.errors import InvalidInput
from agentmem_bench.compare import report
from agentmem_bench.compare.comparison import Plan, compare
from agentmem_bench.compare.reading import read
from agentmem_bench.results import check_writable, console, write_json


def run(first: Path, second: Path, plan: Plan, out: str | None) -> None:
    """Compare two result files, print it, and write the comparison to `out`.

    Raises:
        NotFound: there is no such file.
        FormatError: a file is no result of ours.
        InvalidInput: they must not be compared, there is nothing to compare, or `out` cannot be written.
    """
    if (plan.a is None) != (plan.b is None):
        raise InvalidInput(
            "--a and --b belong together", "name the measure of either file; the same one twice if it is one"
        )
    check_writable(out)
    found = compare(read(first), read(second), plan)
    report.show(found, console(out), every=plan.every)
    write_json(found.told(), out)
