"""Growth and pace, at sizes that measure nothing: every figure that the tables show is there."""

from __future__ import annotations

import pytest

from agentmem_bench.concepts import command, growth, pace, report

pytestmark = pytest.mark.slow


def test_a_memory_grows_by_what_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    told = growth.measure({"seed": 1, "problems": 10})
    last = told["rows"][-1]
    assert last["problems"] == 10
    assert 0 < last["entries"] < last["entries_blind"]
    assert 0 < last["read_tokens"] <= told["budget"]
    report.show({"growth": told}, command.console(None))
    assert "blindly" in capsys.readouterr().out


def test_the_pace_of_a_small_memory(capsys: pytest.CaptureFixture[str]) -> None:
    told = pace.measure({"seed": 1, "concepts": 60, "problems": 20})
    assert min(told[name]["p50"] for name in report.AIMS) > 0
    report.show({"pace": told}, command.console(None))
    assert "60 concepts" in capsys.readouterr().out
