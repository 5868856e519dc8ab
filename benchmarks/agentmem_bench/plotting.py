"""The colours of plots of results, and whether they can be drawn."""

from __future__ import annotations

from pathlib import Path

from agentmem.errors import InvalidInput, Unavailable

OWN, TARGET = "#1f4e9c", "#c0392b"


def check_drawable(folder: Path | None) -> None:
    """Know before a long run that it can be drawn into `folder`; none: it is not to be.

    Raises:
        InvalidInput: there is no such folder.
        Unavailable: matplotlib is not installed.
    """
    from importlib.util import find_spec

    if folder is None:
        return
    if not folder.is_dir():
        raise InvalidInput(f"--plots: there is no folder {folder}", "make it, or name another")
    if find_spec("matplotlib") is None:
        raise Unavailable("matplotlib is not installed", "pip install 'agentmem[bench]'")
