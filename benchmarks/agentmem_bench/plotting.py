"""How plots look: SVG, the same bytes for the same result."""

from __future__ import annotations

from agentmem.errors import Unavailable

STYLE = {
    "svg.hashsalt": "agentmem",
    "svg.fonttype": "path",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
}
OWN, MUTED, TARGET = "#1f4e9c", "#888888", "#c0392b"


def check_installed() -> None:
    """Know before a long run that it can be drawn.

    Raises:
        Unavailable: matplotlib is not installed.
    """
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise Unavailable("matplotlib is not installed", "pip install 'agentmem[bench]'")
