"""What is not compared, and what is compared with a caution: each is told with its remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound
from agentmem_bench.commands import app

DATA = {"sha256": "d1"}
PAIRED = {"recall@10 full": {"q1": 1.0, "q2": 0.0}}
LIKED = {"profile": {"personas": {"clean": {"p1": 80.0, "p2": 60.0}}}}


def refused(*arguments: object) -> AgentMemError:
    done = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    assert isinstance(done.exception, AgentMemError), done.output
    assert done.exception.remedy
    return done.exception


def shown(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    assert done.exit_code == 0, done.exception
    return " ".join(done.stdout.split())


def test_files_that_are_no_results(write, tmp_path: Path) -> None:
    right = write("right", data=DATA, paired=PAIRED)
    assert isinstance(refused(right, tmp_path / "nowhere.json"), NotFound)
    for content, fault in (
        ("{", "is no JSON"),
        ("[]", "holds no JSON object"),
        ("{}", "is no result of `agentmem bench`: schema is None"),
        ('{"schema": "other/1"}', "schema is 'other/1'"),
        ('{"schema": 7}', "schema is 7"),
        ('{"schema": "agentmem.bench.compare/1"}', "is a comparison, no result"),
    ):
        file = tmp_path / "wrong.json"
        file.write_text(content, encoding="utf-8")
        error = refused(right, file)
        assert isinstance(error, FormatError)
        assert fault in str(error)


@pytest.mark.parametrize(
    ("paired", "where"),
    [
        ({"m": {"q": "1"}}, "paired › m › q"),
        ({"m": {"q": True}}, "paired › m › q"),
        ({"m": 3}, "paired › m"),
        ([], "paired"),
    ],
)
def test_paired_values_that_are_no_numbers_are_named(write, paired: Any, where: str) -> None:
    file = write("broken", paired=paired)
    error = refused(file, file)
    assert isinstance(error, FormatError)
    assert f"key {where}: " in str(error)


def test_a_file_that_is_not_as_its_schema_says(write) -> None:
    file = write("broken", "concepts", transfer={"budgets": [1]})
    assert "is not as its schema says" in str(refused(file, file))


def test_two_benchmarks(write) -> None:
    error = refused(write("a", paired=PAIRED), write("b", "longmemeval", paired=PAIRED))
    assert "is of the benchmark locomo" in str(error)
    assert "of longmemeval" in str(error)


def test_other_data_unless_anyway(write) -> None:
    files = (write("a", data=DATA, paired=PAIRED), write("b", data={"sha256": "d2"}, paired=PAIRED))
    error = refused(*files)
    assert isinstance(error, InvalidInput)
    assert "data.sha256 is 'd1'" in str(error)
    assert "--anyway" in error.remedy
    assert "Caution: data.sha256 is 'd1'" in shown(*files, "--anyway")


@pytest.mark.parametrize(
    ("name", "one", "other", "key"),
    [
        ("locomo.answers", {"run": {"judge": "x"}}, {"run": {"judge": "y"}}, "run.judge"),
        ("layered", {"seeds": {"split": "test"}}, {"seeds": {"split": "development"}}, "seeds.split"),
        ("layered", {}, {"data": DATA}, "data.sha256"),
        (
            "task",
            {"splits": {"test": {"sha256": "x"}, "gone": {"sha256": "z"}}},
            {"splits": {"test": {"sha256": "y"}}},
            "splits.test.sha256",
        ),
        ("likebench", {"suite": "1"}, {"suite": "2"}, "suite"),
        ("likebench", {"personas": {"shipped": 1}}, {"personas": {"generated": 1}}, "personas.shipped"),
        ("likebench", {"seeds": [1, 2]}, {"seeds": [1]}, "seeds"),
        ("likebench", {"raters": ["x"]}, {"raters": ["y"]}, "raters"),
    ],
)
def test_what_must_be_the_same_by_benchmark(write, name, one, other, key) -> None:
    files = (
        write("a", name, paired=PAIRED, **one),
        write("b", name, paired=PAIRED, **other),
    )
    assert f"{key} is " in str(refused(*files))
    assert f"Caution: {key} is" in shown(*files, "--anyway")


def test_another_version_of_the_keys_unless_anyway(write) -> None:
    one, other = write("a", paired=PAIRED), write("b", paired=PAIRED)
    other.write_text(other.read_text(encoding="utf-8").replace("locomo/1", "locomo/2"), encoding="utf-8")
    assert "schema is 'agentmem.bench.locomo/1'" in str(refused(one, other))


def test_probe_scores_and_judged_scores_are_never_mixed(write) -> None:
    files = (
        write("probe", "likebench", mode="probe", systems=LIKED),
        write("model", "likebench", mode="model", systems=LIKED),
    )
    for further in ((), ("--anyway",), ("--anyway", "--all")):
        assert "never mixed" in str(refused(*files, *further))


def test_a_result_made_before_there_were_paired_values(write) -> None:
    old, new = write("old", data=DATA, mrr=0.5), write("new", data=DATA, mrr=0.75, paired=PAIRED)
    error = refused(old, new)
    assert "old.json holds no paired values" in str(error)
    assert "run it again with this version" in error.remedy
    told = shown(old, new, "--all")
    assert "Each was measured once" in told
    assert "mrr 0.5 0.75 1.50" in told


def test_no_unit_and_no_measure_in_common(write) -> None:
    one = write("a", data=DATA, paired=PAIRED)
    other = write("b", data=DATA, paired={"recall@10 full": {"q9": 1.0}})
    assert "no units in common" in str(refused(one, other))
    assert "no units in common" in str(refused(one, write("c", data=DATA, paired={"other": {"q1": 1.0}})))
    assert "no units in common" in str(refused(one, write("d", data=DATA, paired={})))


def test_measures_of_one_file_alone_are_named(write) -> None:
    one = write("a", data=DATA, paired={**PAIRED, "here": {"q1": 1}, "apart": {"q1": 1}})
    other = write("b", data=DATA, paired={**PAIRED, "there": {"q1": 1}, "apart": {"q2": 1}})
    assert "without a unit in both: apart, here, there." in shown(one, other)


def test_measures_by_name(write) -> None:
    file = write("a", data=DATA, paired=PAIRED)
    assert "--a and --b belong together" in str(refused(file, file, "--a", "recall@10 full"))
    assert "--a and --b belong together" in str(refused(file, file, "--b", "recall@10 full"))
    error = refused(file, file, "--a", "recall@10 full", "--b", "mrr")
    assert "--b 'mrr' is no measure of its file" in str(error)
    assert error.remedy == "there are: recall@10 full"
    none = write("none", "speed", ms=1.0)
    assert refused(none, none, "--a", "x", "--b", "y").remedy == "there are: none"


def test_an_out_that_cannot_be_written(write, tmp_path: Path) -> None:
    file = write("a", data=DATA, paired=PAIRED)
    assert "cannot be written" in str(refused(file, file, "--json", tmp_path / "nowhere" / "out.json"))


def test_what_is_written_tells_what_was_tested(write, tmp_path: Path) -> None:
    one = write("a", "likebench", mode="probe", systems=LIKED, git={"revision": "r1"})
    out = tmp_path / "out.json"
    shown(one, one, "--a", "likability clean profile", "--b", "likability clean profile", "--json", out)
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == "agentmem.bench.compare/1"
    assert told["benchmark"] == "likebench"
    assert told["differences"][0]["n"] == 2
    assert told["test"]["correction"] == "Benjamini-Hochberg"
    assert {"machine", "versions", "git", "made_otherwise", "cautions", "missing"} < set(told)
    assert "figures" not in told
