"""What is told of LangChain's standard tests: how many of them ran for each class of ours."""

from __future__ import annotations

from collections import Counter

FILE = "test_standard.py"


def pytest_terminal_summary(terminalreporter):
    """A line for each class."""
    counts: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed", "skipped", "xfailed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            _, _, name = report.nodeid.partition(f"{FILE}::")
            suite, _, test = name.partition("::")
            if test and (outcome != "passed" or report.when == "call"):
                counts.setdefault(suite, Counter())[outcome] += 1
    if counts:
        terminalreporter.section("LangChain's standard tests")
        for suite, found in sorted(counts.items()):
            told = ", ".join(f"{n} {outcome}" for outcome, n in found.items())
            terminalreporter.write_line(f"{suite.removeprefix('Test'):32} {told}")
