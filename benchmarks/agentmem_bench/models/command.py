"""What `agentmem bench models` does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem_bench.models import report
from agentmem_bench.models.result import MODELS, measure
from agentmem_bench.progress import bar
from agentmem_bench.results import check_writable, console, write_json


def run(models: Sequence[str] | None, tokens: int, out: str | None) -> None:
    """Measure, print it, and write the result to `out`.

    Raises:
        InvalidInput: fewer than two tokens, or an `out` that cannot be written.
    """
    check_writable(out)
    with bar() as watch:
        told = measure(models or MODELS, tokens=tokens, watch=watch)
    report.show(told, console(out))
    write_json(told, out)
