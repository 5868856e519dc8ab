"""Personas for the tests of the likability suite."""

from __future__ import annotations

import pytest

from agentmem_bench.likebench.personas.generate import generate
from agentmem_bench.likebench.personas.schema import Persona


@pytest.fixture(scope="session")
def personas() -> list[Persona]:
    """One of each type, and four more; of a seed that no figure is made with."""
    return [generate(number, 99) for number in range(1, 9)]
