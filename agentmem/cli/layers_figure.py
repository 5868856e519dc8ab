"""How pictures of a layered memory come into a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from agentmem.cli.plot_style import STYLE
from agentmem.errors import InvalidInput
from agentmem.extras import needed
from agentmem.files import write_new

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#1f4e9c", "#d98c1f", "#4c8c4a", "#8e5bb5", "#c0392b", "#2a9d9d", "#7a5c3e", "#b5508a")
"""Of items, or of layers; told apart by most who see colours in another way."""


@contextmanager
def figure(width: float, height: float, file: Path, *, over: bool) -> Iterator[Figure]:
    """A figure that is written to a file when it has been drawn.

    Args:
        width: In inches.
        height: In inches.
        file: A new file.
        over: Whether a file that is there is replaced.

    Raises:
        InvalidInput: the file is no .svg.
        Unavailable: matplotlib is not installed.
    """
    if file.suffix.lower() != ".svg":
        raise InvalidInput(f"--plot {str(file)!r} is no .svg file", "name one that ends in .svg")
    with needed("plots", "bench"):
        import matplotlib as mpl
        from matplotlib.figure import Figure
    with mpl.rc_context(STYLE):
        made = Figure(figsize=(width, height), layout="constrained")
        yield made
        buffer = StringIO()
        made.savefig(buffer, format="svg", metadata={"Date": None})

    def write(target: IO[str]) -> None:
        target.write(buffer.getvalue())

    write_new(file, write, over=over)
