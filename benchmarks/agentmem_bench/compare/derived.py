"""Paired values of benchmarks that keep what their units came to under keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentmem_bench.paired import Paired


def likability(told: Mapping[str, Any]) -> Paired:
    """Likability, 0 to 100, of each system in each variant, by persona: the means over seeds of scripts.

    Raises:
        ValidationError: somebody's likability is no number.
    """
    return Paired.model_validate(
        {
            f"likability {variant} {system}": personas
            for system, found in told.get("systems", {}).items()
            for variant, personas in found.get("personas", {}).items()
            if personas
        }
    )


def solved(told: Mapping[str, Any]) -> Paired:
    """Which tasks a search with each memory solved within each budget of programs: its trials stand there."""
    kept = Paired()
    transfer = told.get("transfer", {"budgets": [], "trials": []})
    for budget in transfer["budgets"]:
        for one in transfer["trials"]:
            within = one["solved_at"] is not None and one["solved_at"] <= budget
            kept.note(f"solved within {budget:,} programs, {one['memory']}", [one["task"]], [within])
    return kept


DERIVED: Mapping[str, Callable[[Mapping[str, Any]], Paired]] = {"concepts": solved, "likebench": likability}
"""By benchmark, what makes its paired values."""
