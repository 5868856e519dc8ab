"""Conformance of stores: the promises of a memory, as checks that any store's author runs.

    from agentmem.testing import conformance

    report = conformance(MyStore)
    print(report)
    assert report.passed

Under pytest, one test a check:

    from agentmem.testing import StoreConformance

    class TestMyStore(StoreConformance):
        store = MyStore
"""

from agentmem.testing.conformance import checks, conformance
from agentmem.testing.promise import DoesNotApply, Unmet, expect
from agentmem.testing.pytest_class import StoreConformance
from agentmem.testing.report import Outcome, Report
from agentmem.testing.trial import HandClock, Subject, Trial

__all__ = [
    "DoesNotApply",
    "HandClock",
    "Outcome",
    "Report",
    "StoreConformance",
    "Subject",
    "Trial",
    "Unmet",
    "checks",
    "conformance",
    "expect",
]
