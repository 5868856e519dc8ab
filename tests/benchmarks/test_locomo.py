"""The LoCoMo benchmark counts what it should, keeps its keys, and refuses what it cannot read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.embedders import HashingEmbedder
from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound
from agentmem.retrieval.steps import STEPS
from agentmem_bench.commands import app
from agentmem_bench.locomo import data, result
from agentmem_bench.locomo.runs import recall_all
from agentmem_bench.pipelines import PIPELINES, Run

SAMPLE: dict[str, Any] = {
    "sample_id": "talk",
    "conversation": {
        "speaker_a": "Maya",
        "speaker_b": "Tom",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Maya", "dia_id": "D1:1", "text": "I keep bees behind the chapel."},
            {"speaker": "Tom", "dia_id": "D1:2", "text": "My trombone was stolen in Graz."},
            {"speaker": "Maya", "dia_id": "D1:3", "text": "Look!", "blip_caption": "a yellow kayak"},
        ],
        "session_2_date_time": "9:00 am on 1 June, 2023",
        "session_2": [{"speaker": "Tom", "dia_id": "D2:1", "text": "The police found the trombone."}],
    },
    "qa": [
        {"question": "Who found the trombone?", "evidence": ["D2:1"], "category": 4},
        {
            "question": "Where was the trombone stolen, and who found it?",
            "evidence": ["D1:2; D2:1", "D7:7"],
            "category": 1,
        },
        {"question": "Where does Maya keep bees?", "evidence": ["D1:1"], "category": 2},
        {"question": "Which opera does Tom like?", "evidence": ["D8:8"], "category": 3},
        {"question": "Who stole the bees?", "evidence": ["D1:1"], "category": 5},
    ],
}
SETTINGS = Settings(embedder="hashing")

Write = Callable[[object], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_(document: object) -> Path:
        file = tmp_path / "talks.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return file

    return write_


@pytest.fixture(autouse=True)
def _hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")


def measured(write: Write, **options: Any) -> dict[str, Any]:
    return result.measure(
        data.read(write([SAMPLE])), embedder=HashingEmbedder(), settings=SETTINGS, **options
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The result of all pipelines."""
    file = tmp_path_factory.mktemp("locomo") / "talks.json"
    file.write_text(json.dumps([SAMPLE]), encoding="utf-8")
    return result.measure(data.read(file), embedder=HashingEmbedder(), settings=SETTINGS)


def test_only_questions_of_categories_1_to_4_with_an_existing_evidence_turn_count(write: Write) -> None:
    read = data.read(write([SAMPLE]))
    assert [(asked.category, set(asked.evidence)) for asked in read.asked] == [
        (4, {"D2:1"}),
        (1, {"D1:2", "D2:1"}),
        (2, {"D1:1"}),
    ]
    assert read.missing == 2
    assert read.left_out == {"of another category": 1, "without an existing evidence turn": 1}


def test_a_turn_is_found_by_its_words_and_its_caption(write: Write) -> None:
    asked = {"question": "Who has a yellow kayak?", "evidence": ["D1:3"], "category": 4}
    read = data.read(write([{**SAMPLE, "qa": [asked]}]))
    run = recall_all(read, ["bm25"], 5, HashingEmbedder(), SETTINGS).pipelines["bm25"]
    assert run.ranked == [["D1:3"]]


def test_scores_are_those_of_the_ranking(write: Write) -> None:
    asked = data.read(write([SAMPLE])).asked
    run = Run(ranked=[["D1:1", "D2:1"], ["D2:1"], []], seconds=[0.1] * 3)
    scores = result.scores_of(run, asked, [1, 10])
    assert scores["recall@1"].tolist() == [0, 0.5, 0]
    assert scores["recall@10"].tolist() == [1, 0.5, 0]
    assert scores["mrr"].tolist() == [0.5, 1, 0]


def test_an_exact_match_is_found_first(write: Write) -> None:
    overall = measured(write, pipelines=["bm25"])["pipelines"]["bm25"]["overall"]
    assert overall["recall@10"] == 1
    assert overall["mrr"] == 1


def test_the_result_has_the_keys_that_are_documented(whole: dict[str, Any]) -> None:
    told = whole
    assert told["schema"] == "agentmem.bench.locomo/1"
    assert set(told["pipelines"]) == {"dense", "bm25", "fused", "full"}
    full = told["pipelines"]["full"]
    assert set(full) == {"overall", "categories", "conversations", "nothing", "ms"}
    metrics = {"recall@5", "recall@10", "recall@20", "mrr", "ndcg@10"}
    assert set(full["overall"]) == {"questions", *metrics, *(f"{metric}_ci95" for metric in metrics)}
    assert set(full["categories"]) == {"1", "2", "4"}
    assert full["conversations"]["talk"]["questions"] == 3
    assert set(told["ablation"]) == {*STEPS, "floor"}
    assert told["context"]["tokens_max"] <= told["context"]["budget"]
    assert {"machine", "versions", "seed", "git"} < set(told)
    json.dumps(told, allow_nan=False)


def test_metrics_stay_in_bounds_and_recall_grows_with_k(whole: dict[str, Any]) -> None:
    for told in whole["pipelines"].values():
        overall = told["overall"]
        assert all(0 <= overall[name] <= 1 for name in ("recall@5", "mrr", "ndcg@10"))
        assert overall["recall@5"] <= overall["recall@10"] <= overall["recall@20"]
        low, high = overall["recall@10_ci95"]
        assert low <= overall["recall@10"] <= high


def test_full_is_what_recall_does_by_default() -> None:
    assert PIPELINES["full"] == {}


def test_without_full_there_is_no_ablation_and_10_is_always_reported(write: Write) -> None:
    told = measured(write, ks=[3], pipelines=["dense"])
    assert "ablation" not in told
    assert "context" not in told
    assert {"recall@3", "recall@10"} < set(told["pipelines"]["dense"]["overall"])


def test_a_step_that_changes_nothing_is_said_to(whole: dict[str, Any]) -> None:
    assert whole["ablation"]["strength"]["says"] == "leaving out strength changes no recall@10 here"


@pytest.mark.parametrize("options", [{"pipelines": ["best"]}, {"ks": [0]}])
def test_an_unknown_pipeline_and_a_k_of_zero_are_refused(write: Write, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        measured(write, **options)


def broken(change: Callable[[dict[str, Any]], object]) -> list[dict[str, Any]]:
    sample = copy.deepcopy(SAMPLE)
    change(sample)
    return [sample]


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (broken(lambda sample: sample["conversation"]["session_1"][1].pop("text")), "session_1[1].text"),
        (broken(lambda sample: sample["qa"][0].update(evidence="D1:1")), "qa[0].evidence"),
        (broken(lambda sample: sample.update(qa=[])), "key qa"),
        ("[{", "as JSON"),
        ("", "is empty"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_told_in_one_line(
    write: Write, document: object, names: str
) -> None:
    with pytest.raises(FormatError) as caught:
        data.read(write(document))
    assert names in str(caught.value)
    assert "talks.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_prints_tables_and_writes_the_result(write: Write, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = CliRunner().invoke(
        app, ["locomo", "--data", str(write([SAMPLE])), "--json", str(out), "--split", "mine"]
    )
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert (told["split"], told["data"]["file"], told["data"]["questions"]) == ("mine", "talks.json", 3)
    assert len(told["data"]["sha256"]) == 64
    assert "leaving out" in done.stdout
    assert f"{told['pipelines']['full']['overall']['recall@10']:.3f}" in done.stdout


def test_a_dash_leaves_nothing_but_json_on_standard_output(write: Write) -> None:
    options = ["--data", str(write([SAMPLE])), "--pipeline", "bm25", "--json", "-"]
    done = CliRunner().invoke(app, ["locomo", *options])
    assert json.loads(done.stdout)["pipelines"]["bm25"]["overall"]["recall@10"] == 1
    assert "recall@10" in done.stderr


def test_the_example_runs(tmp_path: Path) -> None:
    example = CliRunner().invoke(app, ["locomo", "--example"])
    file = tmp_path / "example.json"
    file.write_text(example.stdout, encoding="utf-8")
    done = CliRunner().invoke(app, ["locomo", "--data", str(file), "--pipeline", "fused"])
    assert done.exit_code == 0
    assert "4 questions with evidence; 1 evidence ids do not exist" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ([], InvalidInput),
        (["--data", "nowhere.json"], NotFound),
        (["--data", "nowhere.json", "--json", "nowhere/out.json"], InvalidInput),
    ],
)
def test_wrong_arguments_raise_what_the_command_line_turns_into_a_line(
    arguments: list[str], kind: type[AgentMemError]
) -> None:
    assert isinstance(CliRunner().invoke(app, ["locomo", *arguments]).exception, kind)


def test_a_k_that_is_no_number_is_refused(write: Write) -> None:
    done = CliRunner().invoke(app, ["locomo", "--data", str(write([SAMPLE])), "--k", "five"])
    assert isinstance(done.exception, InvalidInput)
