"""The prompts of this package."""

from __future__ import annotations

from typing import Any

from agentmem.prompts import render

PACKAGE = "agentmem_bench.answering"


def prompt(name: str, **values: Any) -> str:
    """The prompt `prompts/NAME.md` of this package with these values."""
    return render(PACKAGE, name, **values)
