"""The benchmark of long errands: a small run gives its figures, and they say what they should."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from agentmem_bench.commands import app
from agentmem_bench.longhorizon.episodes import Played
from agentmem_bench.longhorizon.figures import cells, critical
from agentmem_bench.longhorizon.pace import measure


@pytest.mark.slow
def test_a_small_run_gives_its_figures(tmp_path):
    out = tmp_path / "result.json"
    arguments = [
        "longhorizon",
        "--world",
        "tyreworld",
        "--seeds",
        "1",
        "--budgets",
        "512,4096",
        "--part",
        "grid",
    ]
    done = CliRunner().invoke(app, [*arguments, "--json", str(out), "--plots", str(tmp_path)])
    assert done.exit_code == 0, done.output
    told = json.loads(out.read_text())
    by = {(one["memory"], one["budget"]): one for one in told["cells"]}
    assert by["full", 512]["success"] == 0.0 and by["full", 512]["ends"] == {"overflow": 1}
    assert by["full", 4096]["success"] == by["subgoal", 4096]["success"] == 1.0
    assert told["critical"][0]["budget"] == 512 and told["critical"][0]["subgoal"] == 1.0
    assert told["tokens"][0]["share_of_context_tokens"] < 0.6
    assert {one["memory"] for one in told["ablations"]} == {
        "without summaries",
        "without retrieval",
        "without folding",
    }
    assert (tmp_path / "longhorizon.svg").stat().st_size > 1_000


def test_an_unknown_world_or_part_is_refused():
    for wrong in (["--world", "mars"], ["--part", "moon"], ["--budgets", "few"]):
        assert CliRunner().invoke(app, ["longhorizon", *wrong]).exit_code != 0


def episode(memory, budget, success):
    return Played("w", memory, budget, 0, success=success, steps=10, prompt_tokens=1_000)


def test_the_critical_budget_is_the_largest_where_the_stronger_history_fails_in_half():
    found = cells(
        [
            *(
                episode("full", budget, success)
                for budget, success in ((256, False), (512, False), (1024, True))
            ),
            *(
                episode("truncated", budget, success)
                for budget, success in ((256, False), (512, True), (1024, True))
            ),
        ]
    )
    assert critical(found, "w") == 256
    assert critical([one for one in found if one["budget"] > 512], "w") is None


def test_the_pace_is_measured_on_disk():
    told = measure({"at": [5, 20], "budget": 300})
    assert told["at"] == [5, 20] and all(spent > 0 for spent in told["milliseconds"])
