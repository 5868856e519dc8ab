"""The colours of plots of results, and whether they can be drawn."""

from __future__ import annotations

from pathlib import Path

from agentmem.errors import InvalidInput
from agentmem.extras import check

OWN, TARGET = "#1f4e9c", "#c0392b"


def check_drawable(folder: Path | None) -> None:
    """Know before a long run that it can be drawn into `folder`; none: it is not to be.

    Raises:
        InvalidInput: there is no such folder.
        Unavailable: matplotlib is not installed.
    """
    if folder is None:
        return
    if not folder.is_dir():
        raise InvalidInput(f"--plots: there is no folder {folder}", "make it, or name another")
    check("plots", "bench", "matplotlib")
