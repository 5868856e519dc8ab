"""`agentmem bench langchain`, small."""

from __future__ import annotations

import json

import pytest

from agentmem.errors import InvalidInput
from agentmem_bench.langchain import command, crowd, stores


@pytest.mark.slow
def test_a_crowd_loses_doubles_and_crosses_nothing():
    told = crowd.measure({"agents": 4, "turns": 8})
    for way in crowd.WAYS:
        assert (told[way]["lost"], told[way]["doubled"], told[way]["crossed"]) == (0, 0, 0)
    shares = told["cacheable"]
    assert shares["with_memory_but_for_recall"] == pytest.approx(shares["without"], abs=0.02)


def test_stores_are_measured_alike():
    for name in ("agentmem", "memory"):
        told = stores.measure({"name": name, "size": 30})
        assert all(value >= 0 for value in told.values())


@pytest.mark.slow
def test_the_command_prints_and_writes(tmp_path, capsys):
    out = tmp_path / "out.json"
    command.run(200, 10, 2, "30", None, str(out))
    told = json.loads(out.read_text())
    assert {"overhead", "crowd", "stores", "machine"} <= set(told)
    assert "AgentMemStore" in capsys.readouterr().out


def test_an_unknown_part_is_named():
    with pytest.raises(InvalidInput, match="'nothing'"):
        command.run(100, 10, 1, "30", ["nothing"], None)
