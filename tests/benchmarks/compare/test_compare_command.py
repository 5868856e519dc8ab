"""Two real runs, compared through the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem_bench.commands import app

runner = CliRunner()


def compared(*arguments: object) -> str:
    done = runner.invoke(app, ["compare", *map(str, arguments)])
    assert done.exit_code == 0, done.exception
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("locomo", "recall@10 full"),
        ("longmemeval", "recall@10 dense, sessions"),
        ("concepts", "recall@10 embedding, tags"),
        ("layered", "F1@10 layered"),
        ("task", "slot accuracy episodic recall, dinner"),
    ],
)
def test_two_runs_with_different_embedders(made, tmp_path: Path, name: str, measure: str) -> None:
    one, other = made(name), made(name, "hashing:128")
    out = tmp_path / "out.json"
    told = compared(one["file"], other["file"], "--json", out)
    assert "They were not made alike: embedder hashing-64 / hashing-128." in told
    assert measure in told
    written = json.loads(out.read_text(encoding="utf-8"))
    assert {found["measure"] for found in written["differences"]} == set(one["paired"])
    assert all(0 < found["p"] <= found["q"] <= 1 for found in written["differences"])
    assert "No unit changed in any measure." in compared(one["file"], one["file"])


def test_two_systems_of_one_run(made) -> None:
    file = made("locomo")["file"]
    told = compared(file, file, "--a", "recall@10 bm25", "--b", "recall@10 dense")
    assert "recall@10 bm25 → recall@10 dense" in told
    assert "corrected for" not in told


def test_single_figures_beside_what_is_tested(made) -> None:
    one, other = made("locomo"), made("locomo", "hashing:128")
    told = compared(one["file"], other["file"], "--all")
    assert "Paired differences" in told
    assert "dense › overall › recall@10 " in told
    assert "recall@10_ci95" not in told


def test_measurements_of_time_have_ratios_and_no_test(write) -> None:
    one = write("a", "speed", machine={"cores": 2}, write={"ms": {"p50": 2.0, "p99": 4.0}}, recall={"ms": 1})
    other = write(
        "b", "speed", machine={"cores": 8}, write={"ms": {"p50": 3.0, "p99": 4.01}}, recall={"ms": 1}
    )
    told = compared(one, other)
    assert "machine.cores 2 / 8" in told
    assert "which gives no test" in told
    assert "ms › p50 2 3 1.50" in told
    assert "2 of 3 figures differ by 1% at most" in told
    every = compared(one, other, "--all")
    assert "ms › p99 4 4.01 1.00" in every
    assert "differ by 1% at most" not in every


def test_a_part_that_measures_time_alone_is_laid_side_by_side(write) -> None:
    files = [write(name, "concepts", pace={"write_ms": ms}, paired={}) for name, ms in (("a", 5), ("b", 10))]
    assert "write_ms 5 10 2.00" in compared(*files)


def test_a_change_beyond_chance_is_told_in_a_sentence(write) -> None:
    units = [f"q{place}" for place in range(40)]
    one = write("a", paired={"recall": dict.fromkeys(units, 0), "flat": dict.fromkeys(units, 1)})
    other = write("b", paired={"recall": {unit: int(unit[-1] in "1234") for unit in units}, "flat": dict.fromkeys(units, 1)})  # fmt: skip
    told = compared(one, other)
    assert re.search(
        r"recall: B is above A by 0\.400, 95% \(\+0\.\d+ \+0\.\d+\), q 0\.0004; of 40 units 16 rose and 0 fell",
        told,
    )
    assert "flat: B" not in told
    assert "recall: B is below A by 0.400" in compared(other, one)


def test_trials_of_a_transfer_are_paired_without_more(write) -> None:
    trials = [
        {"task": task, "memory": memory, "solved_at": at}
        for memory, places in (("none", (50, None, 900)), ("concept", (5, 20, None)))
        for task, at in zip("abc", places, strict=True)
    ]
    file = write("a", "concepts", transfer={"budgets": [100, 1_000], "trials": trials})
    told = compared(
        file, file, "--a", "solved within 100 programs, none", "--b", "solved within 100 programs, concept"
    )
    assert "3 0.333 0.667 +0.333" in told
