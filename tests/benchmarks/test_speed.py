"""The command measures every part, names each figure with its limit, and draws the same picture twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.errors import InvalidInput
from agentmem_bench.commands import app
from agentmem_bench.results import console
from agentmem_bench.speed import plots, recall, report, write
from agentmem_bench.speed.figures import FLAT, ROWS, figures
from agentmem_bench.speed.result import PARTS, Plan, measure


def at(p50: float) -> dict[str, float]:
    return {"p50": p50, "p95": 2 * p50, "p99": 4 * p50, "mean": p50}


def recalled(records: int) -> dict:
    return {
        "fill": {"append_per_s": 9_000.0, "embed_per_s": 9_000.0},
        "questions": 300,
        "nothing": 3,
        "ms": at(records / 20_000),
        "stages_ms": {name: at(0.1) for name in ("embed", *recall.STAGES, "rest")},
        "dense_alone_ms": at(0.5),
        "cold": {
            **{"imports_s": 0.5, "open_s": 0.1, "first_recall_s": 1.9, "s": 2.0, "runs": 3},
            **{"from_disk_s": None, "sqlite_reads_all_s": 0.5},
        },
        "disk": {"bytes": 2_000 * records, "text_bytes": 100 * records, "vector_bytes": 768 * records},
        "memory": {
            "before_bytes": 1,
            "above_bytes": 100_000_000,
            "peak_above_bytes": 6_000_000_000,
            "end_above_bytes": 500_000_000,
        },
    }


RESULT = {
    "recall": {str(size): recalled(size) for size in (10_000, 100_000)},
    "write": {
        "bytes": 500,
        "ms": {"agentmem": at(2.0), "same_rows": at(1.0), "one_row": at(0.8), "fsync": at(0.5)},
        "together": {"threads": 50, "writes": 1_000, "per_s": 900.0},
    },
    "ingest": {"texts": 200, "embedder": "e", "per_s": 80.0, "embedder_per_s": 100.0, "ratio": 0.8},
    "accuracy": {
        "10000": {
            "cases": {
                "all": {"recall": 0.99, "ms": at(1.0)},
                "filter_0.1": {"recall": 0.981, "ms": at(1.0)},
            }
        }
    },
    "shell": {
        **{"records": 10_000, "s": 1.0, "runs_s": [1.0], "python_s": 0.1, "python_and_embedder_s": 0.8},
    },
    "peers": {
        "stores": {
            "Chroma": {
                "version": "1",
                "sizes": {
                    "10000": {"add_per_s": 1.0, "ms": at(2.0), "recall": 0.9, "above_bytes": 1},
                    "100000": {"left_out": "too slow"},
                },
            },
            **{
                name: {
                    "version": "1",
                    "sizes": {
                        size: {"add_per_s": 1.0, "ms": at(p50), "recall": None, "above_bytes": 1}
                        for size in ("10000", "100000")
                    },
                }
                for name, p50 in (
                    (FLAT, 0.4),
                    (ROWS, 0.1),
                )
            },
        }
    },
}


def test_each_figure_stands_beside_target_and_limit() -> None:
    told = {figure["figure"]: figure for figure in figures(RESULT)}
    small = told["recall over 10,000 above embedding, p50"]
    assert (small["value"], small["target"], small["reached"]) == (0.5, 3, True)
    assert (small["limit_value"], small["ratio"]) == (0.5, 1.0)
    assert told["recall over 10,000 above embedding, p99 ÷ p50"]["reached"] is False
    assert told["open 100,000 with the first recall"]["ratio"] == 4.0
    memory = told["memory of 100,000 above the embedder"]
    assert (memory["value"], memory["reached"], memory["limit_value"]) == (500, False, 86.8)
    single = told["single durable write, p50, at most 3 × bare SQLite"]
    assert (single["value"], single["target"], single["ratio"]) == (2, 3, 2)
    bulk = told["bulk ingest, 90% of the embedder's rate"]
    assert (bulk["value"], bulk["target"], bulk["reached"], bulk["at"]) == (80, 90, False, "least")
    assert told["top 10 of 10,000 vectors, worst case (filter_0.1)"]["reached"] is True
    assert told["agentmem recall in the shell over 10,000"]["limit_value"] == 0.8


def test_a_limit_that_was_not_measured_is_none() -> None:
    (small, *_) = figures({"recall": RESULT["recall"]})
    assert (small["limit_value"], small["ratio"]) == (None, None)


def test_the_report_says_what_is_not_reached(capsys: pytest.CaptureFixture[str]) -> None:
    shown = {
        **RESULT,
        "embedder": "e",
        "data": {"sizes": [10_000, 100_000]},
        "seconds": {"recall": 1.0},
        "figures": figures(RESULT),
    }
    report.show(shown, console(None))
    said = " ".join(capsys.readouterr().out.split())
    assert "Not reached: recall over 10,000 above embedding, p99 ÷ p50;" in said
    assert "Chroma left out of 100,000: too slow." in said


def test_the_same_result_is_drawn_as_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    files = plots.draw(RESULT, tmp_path)
    drawn = [file.read_bytes() for file in files]
    assert [file.name for file in files] == ["speed-recall.svg", "speed-growth.svg"]
    assert [file.read_bytes() for file in plots.draw(RESULT, tmp_path)] == drawn
    assert all(b"<dc:date>" not in svg for svg in drawn)


def test_a_part_or_a_size_that_there_is_not_is_named() -> None:
    with pytest.raises(InvalidInput, match="no part 'rest'"):
        measure(Plan(parts=["rest"]))
    with pytest.raises(InvalidInput, match="size of 5"):
        measure(Plan(sizes=[5]))


def test_a_folder_for_plots_must_be_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["speed", "--plots", str(tmp_path / "nowhere")])
    assert isinstance(done.exception, InvalidInput)


@pytest.mark.slow
def test_some_parts_of_a_small_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    monkeypatch.setattr(recall, "ASKED", 20)
    monkeypatch.setattr(recall, "OPENED", 1)
    monkeypatch.setattr(write, "WRITES", 10)
    monkeypatch.setattr(write, "EACH", 2)
    out = tmp_path / "out.json"
    parts = ["recall", "write", "namespaces", "ingest"]
    chosen = [word for name in parts for word in ("--part", name)]
    sizes = ["--sizes", "200", "--namespaces", "10", "--ingest", "150"]
    done = CliRunner().invoke(app, ["speed", *chosen, *sizes, "--json", str(out)])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == "agentmem.bench.speed/1"
    assert set(told["seconds"]) == {*parts}
    assert told["recall"]["200"]["questions"] == 20
    assert told["recall"]["200"]["stages_ms"]["candidates"]["p50"] > 0
    assert told["recall"]["200"]["memory"]["above_bytes"] > 0
    assert told["write"]["ms"]["agentmem"]["p50"] > told["write"]["ms"]["fsync"]["p50"]
    assert told["write"]["together"]["writes"] == 2 * write.THREADS
    assert told["namespaces"]["visited"] == 5
    assert told["ingest"]["texts"] == 150
    assert told["versions"]["sqlite"]


@pytest.mark.slow
def test_a_whole_small_run_measures_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    monkeypatch.setattr(recall, "ASKED", 20)
    monkeypatch.setattr(write, "EACH", 2)
    plan = Plan(sizes=[300], ingested=200, namespaces=20, shell_records=200)
    told = measure(plan, keep=tmp_path)
    report.show(told, console(None))
    assert set(told["seconds"]) == {*PARTS}
    assert told["shell"]["records"] == 200
    assert (tmp_path / "real-200.db").is_file()
    for store in told["peers"]["stores"].values():
        at = store["sizes"]["300"]
        assert "not installed" in at["left_out"] if "left_out" in at else at["recall"] in (None, 1.0)
    assert not list(tmp_path.glob("scratch-*"))
