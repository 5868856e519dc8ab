"""Where results come from, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.tables import paragraph

SHORT = 8
"""Characters of a revision."""


def origin(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Machines and revisions, with the names of the results where they are not all of one."""
    by: dict[str, list[str]] = {}
    for name, result in results.items():
        by.setdefault(_made(result), []).append(name.removesuffix(".json"))
    if len(by) == 1:
        return paragraph(f"Measured {next(iter(by))}.")
    return paragraph("Measured", "; ".join(f"{made}: {', '.join(names)}" for made, names in by.items()) + ".")


def _made(result: Mapping[str, Any]) -> str:
    machine, git = result["machine"], result["git"]
    of = "outside of git"
    if git is not None:
        of = f"of revision {git['revision'][:SHORT]}{', with changes,' if git['dirty'] else ''}"
    return f"{of} on {machine['cores']} cores ({machine['cpu']})"
