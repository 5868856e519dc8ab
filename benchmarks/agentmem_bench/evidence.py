"""What a benchmark of evidence recall does with its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from agentmem.errors import InvalidInput
from agentmem_bench.arguments import numbers
from agentmem_bench.pipelines import PIPELINES
from agentmem_bench.progress import Watch, bar
from agentmem_bench.provenance import sha256
from agentmem_bench.results import check_writable, console, write_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

D_contra = TypeVar("D_contra", contravariant=True)


class Measure(Protocol[D_contra]):
    """Measures the recall of a benchmark's data."""

    def __call__(
        self, data: D_contra, *, ks: Sequence[int], pipelines: Sequence[str], watch: Watch
    ) -> dict[str, Any]:
        """All figures."""


def run(
    file: Path | None,
    k: str,
    pipelines: Sequence[str] | None,
    out: str | None,
    split: str | None,
    *,
    read: Callable[[Path], D_contra],
    measure: Measure[D_contra],
    show: Callable[[dict[str, Any], Console], None],
) -> None:
    """Run the benchmark on `file`, print it, and write the result to `out`.

    Args:
        file: The data.
        k: The k of recall@k, between commas.
        pipelines: Names of pipelines; none: all.
        out: Where the JSON goes; none: nowhere.
        split: What the result calls the data; none: the file's name.
        read: Reads the data.
        measure: Measures.
        show: Prints what was measured.

    Raises:
        InvalidInput: no file, a k that is no number, an unknown pipeline, an `out` that cannot be written.
        FormatError: the file is not in its format.
        NotFound: there is no such file.
    """
    if file is None:
        raise InvalidInput("no data", "give --data FILE, or print an example with --example")
    check_writable(out)
    data = read(file)
    with bar() as watch:
        measured = measure(
            data, ks=numbers("--k", k, "5,10,20"), pipelines=list(pipelines or PIPELINES), watch=watch
        )
    told = {
        "schema": measured["schema"],
        "split": split or file.stem,
        **measured,
        "data": {"file": file.name, "sha256": sha256(file), **measured["data"]},
    }
    show(told, console(out))
    write_json(told, out)
