"""Runs: rows as they come, taken up where they stopped, the same whoever plays them; figures by hand."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem_bench.commands import app
from agentmem_bench.likebench import measures, report, result
from agentmem_bench.likebench.rows import Dialogue, Recalled, Row
from agentmem_bench.likebench.systems.named import named
from agentmem_bench.results import console

SETTINGS = Settings(embedder="hashing")


def plan(**changes):
    given = {
        "memories": ("oracle", "none", "episodic", "full", "truncated"),
        "generated": 99,
        "count": 2,
        "variants": ("clean",),
        "seeds": (1,),
        "workers": 1,
        "settings": SETTINGS,
    }
    return result.Plan(**{**given, **changes})


def figures(told):
    """What does not depend on how long it took."""
    plain = json.loads(json.dumps(told["systems"]))
    for system in plain.values():
        for variant in system["variants"].values():
            del variant["seconds"]
    return plain


def test_a_run_gives_all_figures_and_is_told_in_tables(capsys):
    told = result.measure(
        plan(variants=("clean", "noisy"), memories=("oracle", "none", "episodic", "full"), count=1)
    )
    json.dumps(told, allow_nan=False)
    assert told["bounds"]["oracle"] >= 90
    assert told["bounds"]["none"] <= 45
    assert told["bounds"]["hold"]
    assert told["best"]["memory"] == "episodic"
    report.show(told, console(None))
    out = capsys.readouterr().out
    for words in (
        "likability, clean sessions",
        "likability, noisy sessions",
        "memory beside",
        "Bounds:",
        "Best:",
    ):
        assert words in out
    assert "not to be mixed" in out.replace("\n", " ")


def test_a_run_that_was_cut_off_anywhere_ends_as_one_that_was_not(tmp_path):
    whole = result.measure(plan(rows=tmp_path / "whole", memories=("episodic",)))
    files = sorted((tmp_path / "whole").rglob("*.jsonl"))
    assert len(files) == 2
    for cut in (0.3, 0.99):
        folder = tmp_path / f"cut-{cut}"
        for file in files:
            text = file.read_bytes()
            other = folder / file.relative_to(tmp_path / "whole")
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_bytes(text[: int(cut * len(text))])
        again = result.measure(plan(rows=folder, memories=("episodic",)))
        assert figures(again) == figures(whole)


def test_what_is_whole_is_not_played_again(tmp_path, monkeypatch):
    first = result.measure(plan(rows=tmp_path, memories=("none",)))
    monkeypatch.setattr("agentmem_bench.likebench.players.rate", None)
    assert figures(result.measure(plan(rows=tmp_path, memories=("none",)))) == figures(first)


def test_rows_of_another_run_are_refused(tmp_path):
    result.measure(plan(rows=tmp_path, memories=("none",), count=1))
    (file,) = tmp_path.rglob("*.jsonl")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"embedder":"', '"embedder":"other ', 1), encoding="utf-8")
    with pytest.raises(InvalidInput, match="holds rows of another run: embedder is"):
        result.measure(plan(rows=tmp_path, memories=("none",), count=1))
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(FormatError, match="line 1: no row of this benchmark"):
        result.measure(plan(rows=tmp_path, memories=("none",), count=1))


def test_what_is_not_known_is_named():
    for changes, message in (
        ({"variants": ("loud",)}, "--variant 'loud' is not known"),
        ({"memories": ("episodic@9",)}, "'episodic@9' names no budget"),
        ({"memories": ("episodic@many",)}, "names no budget"),
        ({"memories": ("episodic+",)}, "names no store on one side"),
    ):
        with pytest.raises(InvalidInput, match=message):
            result.measure(plan(**changes))
    with pytest.raises(NotFound, match="no store 'moon' is installed"):
        result.measure(plan(memories=("moon",), count=1))
    assert named("full@8192").name == "full@8192"
    assert named("full").name == named("full@1024").name == "full"


@pytest.mark.slow
def test_processes_play_what_one_plays():
    alone = result.measure(plan(memories=("episodic",), count=3))
    assert figures(result.measure(plan(memories=("episodic",), count=3, workers=2))) == figures(alone)


@pytest.mark.slow
def test_a_killed_run_goes_on_with_equal_results(tmp_path: Path):
    command = [
        *(sys.executable, "-m", "agentmem.cli", "bench", "likebench", "--memory", "episodic"),
        *("--generated", "99", "--count", "3", "--variant", "clean", "--seeds", "1", "--workers", "1"),
        *("--rows", str(tmp_path / "rows"), "--json", str(tmp_path / "out.json")),
    ]
    environment = {**os.environ, "AGENTMEM_EMBEDDER": "hashing"}
    for _ in range(3):
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        before = sum(file.stat().st_size for file in tmp_path.rglob("*.jsonl"))
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            if sum(file.stat().st_size for file in tmp_path.rglob("*.jsonl")) > before + 20_000:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert figures(told) == figures(result.measure(plan(memories=("episodic",), count=3)))


def row(session, **ratings):
    every = {name: ratings.get(name) for name in measures.DIMENSIONS}
    return Row(session=session, turn=1, what="ask", message="m", reply="r", ratings=every, reasons={})


def test_likability_is_the_mean_of_what_applies_from_0_to_100():
    rows = [row(1, length=1, humor=5), row(1), row(2, length=3, humor=5), row(3, length=5)]
    assert measures.likability(rows) == pytest.approx(100 * (19 / 5 - 1) / 4)
    assert measures.likability(rows, "length") == pytest.approx(50)
    assert measures.likability(rows, "emotion") is None
    assert measures.by_session(rows) == [50, 75, 100]
    assert measures.adaptability([50, 75, 100]) == {"slope": pytest.approx(25), "r2": pytest.approx(1)}
    assert measures.adaptability([50, None]) is None
    assert measures.adaptability([50, 50, 50]) == {"slope": 0, "r2": 0}


def test_robustness_is_noisy_over_clean_of_the_same_personas():
    def dialogue(persona, *rows):
        header = {
            **{"version": "1", "mode": "probe", "user": "u", "answers": "a", "raters": ("r",)},
            **{"system": "s", "digest": "d", "variant": "v", "seed": 1},
        }
        made = Dialogue(measures_header(persona=persona, budget=1, embedder="e", **header))
        for one in rows:
            made.add(one)
        made.add(Recalled(facts={}))
        return made

    clean = [dialogue("a", row(1, length=5)), dialogue("b", row(1, length=3))]
    noisy = [
        dialogue("a", row(1, length=3)),
        dialogue("b", row(1, length=3)),
        dialogue("c", row(1, length=5)),
    ]
    assert measures.robustness(clean, noisy)["ratio"] == pytest.approx(100 / 150)
    assert measures.robustness([], noisy) is None


def measures_header(**fields):
    from agentmem_bench.likebench.rows import Header

    return Header(**fields)


def test_the_command_writes_personas_and_prints_an_example(tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    runner = CliRunner()
    printed = runner.invoke(app, ["likebench", "--example"])
    file = tmp_path / "mine.yaml"
    file.write_text(printed.stdout, encoding="utf-8")
    ran = runner.invoke(
        app, ["likebench", "--personas", str(file), "--memory", "none", "--workers", "1", "--json", "-"]
    )
    assert ran.exit_code == 0, ran.output
    made = runner.invoke(
        app, ["likebench", "--write", str(tmp_path / "two.yaml"), "--generated", "4", "--count", "2"]
    )
    assert made.exit_code == 0, made.output
    assert (tmp_path / "two.yaml").read_text(encoding="utf-8").count("- id: ") >= 2
