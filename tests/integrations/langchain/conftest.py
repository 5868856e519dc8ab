"""Banks for the tests of LangChain; and how many of LangChain's standard tests ran for each class of ours."""

from __future__ import annotations

from collections import Counter

import pytest

from agentmem.bank import Bank
from agentmem.config import Settings

FILE = "test_standard.py"


@pytest.fixture
def bank(tmp_path):
    """A bank on disk whose embedder knows no meaning."""
    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        yield bank


@pytest.fixture(scope="module")
def knowing(tmp_path_factory):
    """A bank with the default embedder, in which relevance means something."""
    with Bank(tmp_path_factory.mktemp("real") / "m.db", settings=Settings()) as bank:
        yield bank


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
