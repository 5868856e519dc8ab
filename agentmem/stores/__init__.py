"""Kinds of memory, all behind one interface."""

from agentmem.bank.registry import register
from agentmem.stores.base import MemoryStore
from agentmem.stores.composite import CompositeStore
from agentmem.stores.episodic import EpisodicStore
from agentmem.stores.history import FullHistory, SlidingHistory, TruncatedHistory

__all__ = [
    "CompositeStore",
    "EpisodicStore",
    "FullHistory",
    "MemoryStore",
    "SlidingHistory",
    "TruncatedHistory",
    "register",
]
