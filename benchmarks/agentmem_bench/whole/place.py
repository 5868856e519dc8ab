"""Where the tree has its results and its pages."""

from __future__ import annotations

from pathlib import Path

import agentmem_bench
from agentmem.errors import NotFound

ROOT = Path(agentmem_bench.__file__ or "").parents[2]
"""The source tree, where this package is in one."""
RESULTS = Path("benchmarks/results")
"""Of the tree: what `agentmem bench all` writes."""
LARGER = Path("larger")
"""Below the results: those of larger runs, which pages of docs/ show."""


def tree() -> Path:
    """The folder of the source tree that this package is of.

    Raises:
        NotFound: it is installed without one.
    """
    if not (ROOT / "README.md").is_file() or not (ROOT / RESULTS).is_dir():
        raise NotFound("there is no source tree", "run it in a clone of the repository")
    return ROOT


def pages(root: Path) -> list[Path]:
    """The documents that may hold figures."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
