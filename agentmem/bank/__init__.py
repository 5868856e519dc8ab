"""The shared substrate: one database, one embedder, the indexes; it owns transactions."""

from agentmem.bank.bank import Bank
from agentmem.bank.exchange import LoadReport
from agentmem.bank.forgetting import ErasureReport
from agentmem.bank.scanning import ScanReport
from agentmem.bank.spec import MemorySpec
from agentmem.bank.stats import Stats
from agentmem.bank.view import ApplyView, View

__all__ = ["ApplyView", "Bank", "ErasureReport", "LoadReport", "MemorySpec", "ScanReport", "Stats", "View"]
