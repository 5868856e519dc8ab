"""The LongMemEval benchmark reads the published format, counts sessions and turns, and keeps abstention apart."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.embedders import HashingEmbedder
from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.models import open_model
from agentmem.models.cassette import RecordingChat
from agentmem.records import Trust
from agentmem.retrieval.steps import STEPS
from agentmem_bench.answering.measure import measure as measure_answers
from agentmem_bench.answering.options import Options
from agentmem_bench.answering.rows import Header, Rows
from agentmem_bench.answering.run import answer_all, try_judge
from agentmem_bench.answering.trials import tries
from agentmem_bench.commands import app
from agentmem_bench.longmemeval import data, result

SETTINGS = Settings(embedder="hashing")
Change = Callable[[list[dict[str, Any]]], object]


@pytest.fixture(scope="module")
def example() -> list[dict[str, Any]]:
    return json.loads(data.example())


@pytest.fixture
def write(tmp_path: Path, example: list[dict[str, Any]]) -> Callable[..., Path]:
    """A file: the example with a change, or a text."""

    def write_(change: Change | str = lambda _: None) -> Path:
        file = tmp_path / "histories.json"
        document = copy.deepcopy(example)
        if callable(change):
            change(document)
        file.write_text(json.dumps(document) if callable(change) else change, encoding="utf-8")
        return file

    return write_


def measured(file: Path, **options: Any) -> dict[str, Any]:
    return result.measure(data.read(file), embedder=HashingEmbedder(), settings=SETTINGS, **options)


def test_every_turn_is_an_event_of_its_session_with_its_time_and_the_trust_of_its_role(
    write: Callable[..., Path],
) -> None:
    history = data.read(write()).histories[0]
    turns = history.conversation().turns
    assert [(turn.id, turn.session, turn.actor, turn.trust) for turn in turns[1:3]] == [
        ("attic:1", "attic", "assistant", Trust.AGENT),
        ("soup:0", "soup", "user", Trust.USER),
    ]
    assert turns[1].time == datetime(2024, 2, 3, 9, 15, 1, tzinfo=UTC)
    assert history.at == datetime(2024, 3, 2, 18, 30, tzinfo=UTC)


def test_evidence_is_sessions_and_marked_turns(write: Callable[..., Path]) -> None:
    histories = data.read(write(lambda all_: all_[1]["answer_session_ids"].append("nowhere"))).histories
    assert histories[1].sessions == {"course", "clay"}
    assert histories[1].turns == {"course:0", "clay:0"}
    assert histories[1].missing == 1
    assert [history.abstention for history in histories] == [False, False, False, True]


def test_a_number_is_an_answer(write: Callable[..., Path]) -> None:
    assert data.cases(write())[1].questions[0].gold == "170"


def test_a_session_that_comes_twice_keeps_its_id_as_evidence(write: Callable[..., Path]) -> None:
    def twice(all_: list[dict[str, Any]]) -> None:
        all_[0]["haystack_session_ids"] = ["attic", "attic"]

    history = data.read(write(twice)).histories[0]
    assert history.names == ("attic", "attic#2")
    assert set(history.session_of().values()) == {"attic"}
    assert len({turn.id for turn in history.conversation().turns}) == 4


def test_scores_are_those_of_sessions_and_of_turns(write: Callable[..., Path]) -> None:
    told = measured(write(), pipelines=["bm25", "full"])
    bm25 = told["pipelines"]["bm25"]
    assert bm25["sessions"]["overall"]["questions"] == 3
    assert bm25["sessions"]["overall"]["recall@10"] == 1
    assert bm25["turns"]["overall"]["recall@10"] == 1
    assert set(bm25["sessions"]["categories"]) == {
        "multi-session",
        "single-session-assistant",
        "single-session-user",
    }
    assert set(told["ablation"]) == {*STEPS, "floor"}
    assert told["schema"] == "agentmem.bench.longmemeval/1"
    assert {"machine", "versions", "seed", "git"} < set(told)
    json.dumps(told, allow_nan=False)


def test_a_session_counts_once_where_its_first_turn_stands(write: Callable[..., Path]) -> None:
    """The evidence is the third session that is found, behind four turns of two others."""

    def crowd(all_: list[dict[str, Any]]) -> None:
        said = "The ladder for the attic: how long is the ladder that I bought?"
        loud = [{"role": "user", "content": said}, {"role": "user", "content": f"{said} Well."}]
        quiet = [
            {
                "role": "user",
                "content": "Four metres, that ladder, among many other things of the day.",
                "has_answer": True,
            }
        ]
        all_[:] = all_[:1]
        all_[0] |= {
            "haystack_session_ids": ["a", "b", "attic"],
            "haystack_dates": ["2024/02/03 (Sat) 09:15"] * 3,
            "haystack_sessions": [loud, loud, quiet],
        }

    told = measured(write(crowd), ks=[2, 3], pipelines=["bm25"])["pipelines"]["bm25"]
    sessions, turns = told["sessions"]["overall"], told["turns"]["overall"]
    assert (sessions["recall@2"], sessions["recall@3"]) == (0, 1)
    assert sessions["mrr"] == pytest.approx(1 / 3)
    assert turns["recall@3"] == 0
    assert turns["mrr"] == pytest.approx(1 / 5)


def test_abstention_is_in_no_score_and_counted_apart(write: Callable[..., Path]) -> None:
    told = measured(write(), pipelines=["full"])
    assert (told["data"]["questions"], told["data"]["abstention"]) == (3, 1)
    assert told["pipelines"]["full"]["abstention"]["questions"] == 1


def test_questions_without_marked_turns_count_for_their_sessions_alone(write: Callable[..., Path]) -> None:
    def unmarked(all_: list[dict[str, Any]]) -> None:
        for entry in all_:
            for session in entry["haystack_sessions"]:
                for turn in session:
                    turn.pop("has_answer", None)

    told = measured(write(unmarked), pipelines=["dense"])
    assert told["pipelines"]["dense"]["turns"] is None
    assert told["data"]["questions_with_turns"] == 0
    assert told["pipelines"]["dense"]["sessions"]["overall"]["questions"] == 3


def test_turns_without_a_word_and_sessions_without_a_turn_are_read(write: Callable[..., Path]) -> None:
    def empty(all_: list[dict[str, Any]]) -> None:
        all_[0]["haystack_sessions"][0][1]["content"] = ""
        all_[0]["haystack_sessions"][1] = []

    assert measured(write(empty), pipelines=["fused"])["data"]["turns"] == 16


def test_other_fields_are_ignored_with_a_warning(write: Callable[..., Path]) -> None:
    warnings = data.read(write(lambda all_: all_[2].update(mood="good"))).warnings
    assert len(warnings) == 1
    assert "'mood'" in warnings[0]
    assert "[2]" in warnings[0]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda all_: all_[1].pop("question"), "key [1].question"),
        (
            lambda all_: all_[0]["haystack_sessions"][1][0].pop("content"),
            "key [0].haystack_sessions[1][0].content",
        ),
        (lambda all_: all_[0]["haystack_dates"].pop(), "key [0].haystack_dates: 1 of them for 2"),
        (lambda all_: all_[2].update(question_date="soon"), "key [2].question_date"),
        (
            lambda all_: all_[2]["haystack_dates"].__setitem__(1, "2024/13/40 (Fri) 21:10"),
            "key [2].haystack_dates[1]",
        ),
        (lambda all_: all_[0].update(haystack_sessions=[[], []]), "key [0].haystack_sessions: no turn"),
        (lambda all_: all_[1].update(question_id="ladder"), "'ladder' was used before"),
        (lambda all_: all_.__setitem__(0, 5), "key [0]"),
        (lambda all_: all_.clear(), "no list of questions"),
        ('{"question": 1}', "no list of questions"),
        ("[{", "line 1, column 3"),
        ("", "line 1"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_told_in_one_line(
    write: Callable[..., Path], change: Change | str, names: str
) -> None:
    with pytest.raises(FormatError) as caught:
        data.read(write(change))
    assert names in str(caught.value)
    assert "histories.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_text_that_cannot_be_kept_is_told_by_its_place(write: Callable[..., Path]) -> None:
    file = write(lambda all_: all_[0]["haystack_sessions"][0][0].update(content="a\x00b"))
    with pytest.raises(FormatError, match=r"\[0\]\.haystack_sessions\[0\]\[0\]"):
        measured(file)


def test_a_file_in_which_nothing_counts_is_told(write: Callable[..., Path]) -> None:
    with pytest.raises(FormatError, match="names a session"):
        measured(write(lambda all_: all_.__delitem__(slice(3))))


@pytest.mark.parametrize("options", [{"pipelines": ["best"]}, {"ks": [0]}])
def test_an_unknown_pipeline_and_a_k_of_zero_are_refused(
    write: Callable[..., Path], options: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        measured(write(), **options)


def test_the_command_runs_the_example_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    file, out = tmp_path / "example.json", tmp_path / "out.json"
    file.write_text(CliRunner().invoke(app, ["longmemeval", "--example"]).stdout, encoding="utf-8")
    arguments = ["longmemeval", "--data", str(file), "--json", str(out), "--k", "1,3"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert {"recall@1", "recall@3", "recall@10"} < set(told["pipelines"]["full"]["turns"]["overall"])
    assert told["data"]["file"] == "example.json"
    assert "Evidence sessions" in done.stdout
    assert isinstance(CliRunner().invoke(app, ["longmemeval"]).exception, InvalidInput)
    assert isinstance(CliRunner().invoke(app, ["longmemeval", "--data", "nowhere"]).exception, NotFound)


@pytest.mark.slow
def test_the_embedded_model_answers_and_is_replayed(write: Callable[..., Path], tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    cases = data.cases(write(lambda all_: all_.__delitem__(slice(2))))
    cassette = tmp_path / "llama.jsonl"
    model = RecordingChat(open_model(SETTINGS, "llama"), cassette)
    rows = Rows(
        Header(
            benchmark="longmemeval",
            data="d",
            answer="llama",
            judge="llama",
            prompts="p",
            budget=100,
            embedder="e",
        )
    )
    try_judge(tries(cases, cases), model, rows)
    first = answer_all(cases, model, model, 100, HashingEmbedder(), SETTINGS, rows)
    name = f"replay:{cassette}"
    told = measure_answers(
        "longmemeval",
        cases,
        "d",
        Options(name, name, budget=100),
        embedder=HashingEmbedder(),
        settings=SETTINGS,
    )
    assert told["schema"] == "agentmem.bench.longmemeval.answers/1"
    verdicts = [row.verdict for row in first if not row.abstention and row.memory == "recall"]
    scores = told["answers"]["answerable"]["memories"]["recall"]
    assert [scores["questions"], scores["correct"], scores["failed"]] == [
        1,
        verdicts.count("correct"),
        verdicts.count("failed"),
    ]
    assert told["answers"]["abstention"]["memories"]["none"]["questions"] == 1
