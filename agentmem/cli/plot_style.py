"""How plots look: SVG, the same bytes for the same data."""

from __future__ import annotations

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
"""Settings of matplotlib."""
MUTED = "#888888"
"""The colour of what stands in the background."""
