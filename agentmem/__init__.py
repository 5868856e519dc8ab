"""agentmem: a memory with structure for LLM agents. This page is its table of contents.

Everything here is imported on first use, so that `import agentmem` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentmem.bank import Bank, ErasureReport, LoadReport, MemorySpec, ScanReport, Stats, View
    from agentmem.config import Settings
    from agentmem.errors import AgentMemError
    from agentmem.records import (
        ChangeSet,
        Context,
        Event,
        Explanation,
        Hit,
        Later,
        Link,
        Pending,
        Query,
        Receipt,
        Record,
        State,
        Trust,
        Version,
    )
    from agentmem.stores import CompositeStore, EpisodicStore, MemoryStore, register

_HOMES = {
    "agentmem.bank": ("Bank", "ErasureReport", "LoadReport", "MemorySpec", "ScanReport", "Stats", "View"),
    "agentmem.config": ("Settings",),
    "agentmem.errors": ("AgentMemError",),
    "agentmem.records": (
        "ChangeSet",
        "Context",
        "Event",
        "Explanation",
        "Hit",
        "Later",
        "Link",
        "Pending",
        "Query",
        "Receipt",
        "Record",
        "State",
        "Trust",
        "Version",
    ),
    "agentmem.stores": ("CompositeStore", "EpisodicStore", "MemoryStore", "register"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AgentMemError",
    "Bank",
    "ChangeSet",
    "CompositeStore",
    "Context",
    "EpisodicStore",
    "ErasureReport",
    "Event",
    "Explanation",
    "Hit",
    "Later",
    "Link",
    "LoadReport",
    "MemorySpec",
    "MemoryStore",
    "Pending",
    "Query",
    "Receipt",
    "Record",
    "ScanReport",
    "Settings",
    "State",
    "Stats",
    "Trust",
    "Version",
    "View",
    "register",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("agentmem")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'agentmem' has no attribute {name!r}")
