import pytest

from agentmem.worlds.sandbox.limits import MIB, SandboxLimits
from agentmem.worlds.sandbox.pool import Sandbox


@pytest.fixture(scope="session")
def box():
    """A sandbox with time to spare, so that a busy machine fails no test."""
    limits = SandboxLimits(cpu_seconds=10, wall_seconds=60, memory_bytes=128 * MIB)
    with Sandbox(limits, workers=2) as made:
        yield made


@pytest.fixture(scope="session")
def hasty():
    """A sandbox for programs that take all the time that they may."""
    with Sandbox(SandboxLimits(cpu_seconds=1, wall_seconds=1, memory_bytes=128 * MIB), workers=1) as made:
        yield made
