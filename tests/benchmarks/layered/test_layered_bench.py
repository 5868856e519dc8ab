"""The command: its example runs, streams are written and read, every figure that tables and plots show is there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.stores.layered.presets import preset
from agentmem_bench.commands import app
from agentmem_bench.layered import plots, report, result
from agentmem_bench.layered.regimes import REGIMES, TEST
from agentmem_bench.results import console

HASHING = open_embedder(Settings(embedder="hashing:64"))
SMALL = {name: replace(regime, days=80, entities=2) for name, regime in REGIMES.items()}
runner = CliRunner()


@pytest.fixture(autouse=True)
def hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:64")


def test_the_example_runs_and_its_result_is_written(tmp_path: Path) -> None:
    data, out = tmp_path / "library.jsonl", tmp_path / "out.json"
    data.write_text(runner.invoke(app, ["layered", "--example"]).stdout, encoding="utf-8")
    told = runner.invoke(app, ["layered", "--data", str(data), "--json", str(out), "--plots", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "library: 1 stream, 6 items, 3 queries" in told.stdout
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["schema"] == result.SCHEMA
    assert len(written["data"]["sha256"]) == 64
    assert set(written["streams"]["library"]["memories"]["layered"]) == {"5", "10", "20"}
    assert (tmp_path / plots.AGES).read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.slow
def test_a_written_stream_is_the_generated_one_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentmem_bench.layered.command.REGIMES", SMALL)
    file = tmp_path / "desk.jsonl"
    made = runner.invoke(app, ["layered", "--write", str(file), "--regime", "support_desk", "--seed", "5"])
    assert made.exit_code == 0, made.output
    plan = result.Plan(data=file, parts=("streams",), policy="support_desk")
    told = result.measure(plan, HASHING)
    assert told["streams"]["desk"]["constants"] == "support_desk"
    with pytest.raises(FormatError, match=r"desk\.jsonl, line \d+: layer: the policy has no"):
        result.measure(replace(plan, policy="finmem"), HASHING)


def test_lines_that_were_sorted_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = runner.invoke(app, ["layered", "--example"]).stdout.splitlines()
    file = tmp_path / "shuffled.jsonl"
    file.write_text("\n".join(reversed(lines)), encoding="utf-8")
    told = result.measure(result.Plan(data=file, parts=("streams",)), HASHING)
    report.show(told, console(None))
    assert f"{len(lines) - 1} lines did not stand in time order" in capsys.readouterr().out
    assert result.Plan().wanted == result.Plan(data=file).wanted == ("streams",)
    report.show(result.measure(result.Plan(data=file), HASHING), console(None))
    assert "Not measured: ablations; --part ablations does." in capsys.readouterr().out


@pytest.mark.slow
def test_generated_streams_give_all_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result, "REGIMES", SMALL)
    monkeypatch.setattr(result, "SPLITS", {"test": (7, 8), "development": (1,)})
    told = result.measure(result.Plan(parts=("streams", "ablations"), regimes=("market",)), HASHING)
    json.dumps(told, allow_nan=False)
    market = told["streams"]["market"]
    assert market["best_other"] not in market["policies"]
    assert market["memories"]["layered"]["10"]["f1_ci95"]
    assert "layered, finmem" in market["memories"]
    assert set(told["ablations"]["market"]["without"]) >= {"nothing", "decay", "promotion", "feedback"}
    report.show(told, console(None))
    shown = capsys.readouterr().out
    assert "of layered above" in shown
    assert "seeds 7 to 8" in shown.lower()
    assert plots.draw(told, tmp_path) == [tmp_path / plots.AGES]


@pytest.mark.slow
def test_the_same_streams_give_the_same_result(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "library.jsonl"
    file.write_text(runner.invoke(app, ["layered", "--example"]).stdout, encoding="utf-8")
    plan = result.Plan(data=file, parts=result.OF_FILES)
    one, two = (result.measure(plan, HASHING) for _ in range(2))
    assert one["streams"] == two["streams"]
    assert one["ablations"] == two["ablations"]


def test_what_is_not_known_is_named(tmp_path: Path) -> None:
    for plan, fault in (
        (result.Plan(parts=("speed",)), "--part 'speed' is not known"),
        (result.Plan(regimes=("weather",)), "--regime 'weather' is not known"),
        (result.Plan(split="train"), "--split 'train' is not known"),
        (result.Plan(ks=(0,)), "--k 0"),
        (result.Plan(parts=("scale",), sizes=(10,)), "--size 10"),
        (result.Plan(parts=("scale",), data=tmp_path), "--part scale reads no --data"),
    ):
        with pytest.raises(InvalidInput, match=fault):
            result.measure(plan, HASHING)
    with pytest.raises(NotFound, match="no layer policy 'attic'"):
        result.policy_named("attic")


def test_a_policy_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(preset("assistant").altered({"name": "mine"}).model_dump_json(), encoding="utf-8")
    assert result.policy_named(str(file)).name == "mine"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(FormatError, match=r"mine\.json is no JSON"):
        result.policy_named(str(file))
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInput, match="layer policy: ladder"):
        result.policy_named(str(file))


@pytest.mark.slow
def test_the_pace_of_a_small_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = result.measure(result.Plan(parts=("scale",), sizes=(1_000,)), HASHING)
    (row,) = told["scale"]["rows"]
    assert sum(row["population"].values()) == 1_000
    assert row["recall_ms"]["p50"] > 0
    report.show(told, console(None))
    assert "a day's advance" in capsys.readouterr().out
    assert plots.draw(told, tmp_path) == [tmp_path / plots.GROWTH]


def test_so_many_streams_are_the_first_of_the_split() -> None:
    plan = result.Plan(streams=2)
    assert list(result._seeds(plan, "test")) == list(TEST[:2])
    assert list(result._seeds(plan, "development")) == list(result.SPLITS["development"])
