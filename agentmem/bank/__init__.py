"""The shared substrate: one database, one embedder, the indexes; it owns transactions."""

from agentmem.bank.audit import AuditEntry
from agentmem.bank.bank import Bank
from agentmem.bank.exchange import LoadReport
from agentmem.bank.forgetting import ErasureReport
from agentmem.bank.retention import Retention, SweepStopped, Swept
from agentmem.bank.scanning import ScanReport
from agentmem.bank.spec import MemorySpec
from agentmem.bank.stats import Growth, Stats
from agentmem.bank.view import ApplyView, View

__all__ = [
    "ApplyView",
    "AuditEntry",
    "Bank",
    "ErasureReport",
    "Growth",
    "LoadReport",
    "MemorySpec",
    "Retention",
    "ScanReport",
    "Stats",
    "SweepStopped",
    "Swept",
    "View",
]
