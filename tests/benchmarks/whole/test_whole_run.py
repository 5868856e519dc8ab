"""All benchmarks in one run: what is left out, what fails, and what is not written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.errors import InvalidInput, NotFound
from agentmem_bench.commands import app
from agentmem_bench.whole.command import data_file, run_all
from agentmem_bench.whole.plan import STEPS, Step, chosen
from agentmem_bench.whole.running import Place, command, left_out, missing, run

MINUTES = 60
EXAMPLE = Step("answers", ("profile", "--sentences", "5"), 1)


def test_all_of_it_fits_an_hour_on_two_cores() -> None:
    aside = sum(step.minutes for step in STEPS if not step.alone) / 2
    assert aside + sum(step.minutes for step in STEPS if step.alone) <= MINUTES


def test_steps_have_names_of_their_own_and_unknown_ones_are_refused() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert [step.name for step in chosen(["speed", "floor"])] == ["floor", "speed"]
    with pytest.raises(InvalidInput, match="unheard-of"):
        chosen(["unheard-of"])


def test_every_step_is_a_command_that_knows_its_options() -> None:
    for step in STEPS:
        given = [*step.command, *step.small, *(("--data", "x") if step.data else ())]
        done = CliRunner().invoke(app, [*given, "--json", "/nowhere/at/all.json"])
        assert "No such option" not in done.output
        assert "No such command" not in done.output
        assert isinstance(done.exception, InvalidInput), step.name


def test_one_that_fails_ends_no_other_and_results_are_written(tmp_path: Path) -> None:
    wrong = Step("wrong", ("profile", "--data", str(tmp_path / "none.yaml")), 1)
    said: list[str] = []
    done = run([wrong, EXAMPLE], Place(tmp_path), said.append)
    assert {one.step.name: bool(one.failed) for one in done} == {"wrong": True, "answers": False}
    assert json.loads((tmp_path / "answers.json").read_text())["schema"].startswith("agentmem.bench.profile")
    assert not (tmp_path / "wrong.json").exists()
    assert any("wrong: FAILED with 3" in line and "none.yaml" in line for line in said)


def test_what_needs_data_or_packages_that_are_not_there_is_left_out_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    steps = [
        Step("data", ("locomo",), 1, data=True),
        Step("package", ("floor",), 1, packages=("no-such-package",)),
    ]
    done = run(steps, Place(tmp_path), said.append)
    assert [one.left_out for one in done] == ["it needs --data", "no-such-package not installed"]
    assert len(said) == len(steps)
    assert list(tmp_path.iterdir()) == []


def test_peers_run_where_they_are_installed(tmp_path: Path) -> None:
    step = Step("peers", ("peers",), 1, data=True, peers=True, packages=("pytest", "no-such-package"))
    place = Place(tmp_path, tmp_path / "talk.json", peers=sys.executable)
    assert left_out(step, place) == "no-such-package not installed (--peers-python)"
    assert missing(sys.executable, ("pytest",)) == []
    elsewhere = Place(tmp_path, tmp_path / "talk.json", peers="/opt/python")
    assert command(step, elsewhere)[:5] == ["/opt/python", "-m", "agentmem.cli", "bench", "peers"]


def test_small_runs_are_not_written_over_results(tmp_path: Path) -> None:
    for results in (None, Path("benchmarks/results").resolve()):
        with pytest.raises(InvalidInput, match="no measurement"):
            run_all(None, ["floor"], results, None, small=True)
    assert command(EXAMPLE, Place(tmp_path, small=True))[-2:] == ["--json", str(tmp_path / "answers.json")]


def test_data_are_a_file_or_a_folder_with_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        data_file(tmp_path / "none.json")
    with pytest.raises(InvalidInput, match="0 JSON files"):
        data_file(tmp_path)
    talk = tmp_path / "talk.json"
    talk.write_text("[]")
    assert data_file(tmp_path) == data_file(talk) == talk
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(InvalidInput, match="2 JSON files"):
        data_file(tmp_path)
