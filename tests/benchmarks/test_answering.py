"""Answers are judged, counted apart where there can be none, and taken up after a kill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.embedders import HashingEmbedder
from agentmem.errors import FormatError, InvalidInput, NotFound, Unavailable
from agentmem.models import Cancellation, ChatModel, open_model, user
from agentmem.models.base import Answer, Request
from agentmem.models.cassette import RecordingChat, key_of
from agentmem.models.cassette import Row as Recorded
from agentmem.models.structured import json_schema
from agentmem_bench.answering.cases import Case
from agentmem_bench.answering.judging import JUDGEMENT_TOKENS, AbstentionJudgement, Judgement
from agentmem_bench.answering.options import options
from agentmem_bench.answering.prompting import prompt
from agentmem_bench.answering.rates import Judging, Share, judging_of
from agentmem_bench.answering.result import summary
from agentmem_bench.answering.rows import Header, Row, Rows, Trial
from agentmem_bench.answering.run import answer_all, try_judge
from agentmem_bench.answering.sampling import sampled
from agentmem_bench.answering.trials import tries
from agentmem_bench.commands import app
from agentmem_bench.locomo import asked

SETTINGS = Settings(embedder="hashing")
HEADER = Header(
    benchmark="locomo", data="d", answer="llama", judge="llama", prompts="p", budget=100, embedder="hashing"
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "talk.json"
    file.write_text(CliRunner().invoke(app, ["locomo", "--example"]).stdout, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def cases(talk: Path) -> list[Case]:
    return asked.read(talk)


class Clerk(ChatModel):
    """Answers with the sum of 240 euros where the context names it; judges by whether the expected words are there.

    Attributes:
        seen: First messages of all requests.
        away: Requests, counted from 1, to which it is not there.
        rubbish: Requests to which it says what is no JSON.
    """

    name = "clerk"

    def __init__(self, away: range = range(0), rubbish: range = range(0)) -> None:
        self.seen: list[str] = []
        self.away = away
        self.rubbish = rubbish

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        told = request.messages[0].content
        self.seen.append(told)
        if len(self.seen) in self.away:
            raise Unavailable("the clerk is away")
        if len(self.seen) in self.rubbish:
            return Answer(text="I would rather not say")
        if request.json_schema is None:
            return Answer(text="240 euros; a ladder" if "240 euros" in told else "No information available")
        given = told.split("Answer given: ")[1].split("\n")[0]
        expected = told.split("Expected answer: ")[1].split("\n")[0] if "Expected" in told else "?"
        unknown = "not say" in given or "No information" in given
        verdict = "abstained" if unknown else "correct" if expected in given else "incorrect"
        return Answer(text=json.dumps({"reason": f"{expected}, {given}", "verdict": verdict}))


def answered(cases: list[Case], rows: Rows, answering: ChatModel, judging: ChatModel) -> list[Row]:
    return answer_all(cases, answering, judging, 200, HashingEmbedder(), SETTINGS, rows)


def untimed(path: Path) -> list[dict[str, Any]]:
    return [{**json.loads(line), "seconds": None} for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_question_has_a_row_for_every_memory_with_all_that_was_asked(cases: list[Case]) -> None:
    rows = answered(cases, Rows(HEADER), Clerk(), Clerk())
    assert len(rows) == 15
    price = {row.memory: row for row in rows if row.text.startswith("How much did the repair cost")}
    assert price["recall"].verdict == "correct"
    assert "240 euros" in price["recall"].context
    assert 0 < price["recall"].tokens <= 200
    assert "D2:2@1" in price["recall"].citations
    assert price["recall"].gold == "240 euros; a ladder"
    assert set(price["recall"].seconds) == {"context", "answer", "judge"}
    assert price["none"].context == ""
    assert price["none"].verdict == "abstained"
    assert price["truncated"].tokens <= 200


def test_the_truncated_history_is_the_newest_turns_and_the_same_for_all_questions(cases: list[Case]) -> None:
    rows = [row for row in answered(cases, Rows(HEADER), Clerk(), Clerk()) if row.memory == "truncated"]
    assert len({row.context for row in rows}) == 1
    assert "mug without a handle" in rows[0].context
    assert "boiler gave up" not in rows[0].context


def test_questions_without_an_answer_are_counted_apart(cases: list[Case]) -> None:
    told = summary(
        answered(cases, Rows(HEADER), Clerk(), Clerk()), try_judge(tries(cases, cases), Clerk(), Rows(HEADER))
    )
    for memory in told["answerable"]["memories"].values():
        assert (memory["questions"], set(memory["categories"])) == (4, {"1", "2", "3", "4"})
    assert told["answerable"]["memories"]["none"]["abstained"] == 4
    assert told["answerable"]["memories"]["none"]["accuracy"] == 0
    apart = told["abstention"]["memories"]
    assert {name: (each["questions"], each["accuracy"]) for name, each in apart.items()}["none"] == (1, 1)
    assert set(apart["none"]["categories"]) == {"5"}
    assert told["answerable"]["judge"]["false_accept"]["n"] == 4
    assert told["abstention"]["judge"]["false_accept"]["n"] == 1


def test_a_run_that_was_killed_goes_on_with_equal_rows(cases: list[Case], tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"

    def run(path: Path, clerk: Clerk) -> dict[str, Any]:
        rows = Rows(HEADER, path)
        trials = try_judge(tries(cases, cases), clerk, rows)
        done = answered(cases, rows, clerk, clerk)
        rows.close()
        return {
            "trials": [each.altered({"seconds": 0}) for each in trials],
            "rows": [each.altered({"seconds": {}}) for each in done],
        }

    first = run(whole, Clerk())
    content = whole.read_bytes()
    killed.write_bytes(content[: len(content) // 2])
    there = killed.read_bytes().count(b"\n") - 1
    assert 10 < there < 24  # all trials, some answers
    clerk = Clerk()
    again = run(killed, clerk)
    assert again == first
    assert untimed(killed) == untimed(whole)
    assert len(clerk.seen) == 2 * (25 - there)
    untouched = Clerk()
    assert run(whole, untouched) == first
    assert untouched.seen == []


def test_what_fails_is_a_row_and_no_right_answer(cases: list[Case]) -> None:
    rows = answered(cases, Rows(HEADER), Clerk(away=range(3, 4)), Clerk(rubbish=range(1, 3)))
    failed = [row for row in rows if row.verdict == "failed"]
    assert [row.reason.split(":")[0] for row in failed] == ["judge", "answer"]
    assert "the clerk is away" in failed[1].reason
    memories = summary(rows, [])["answerable"]["memories"]
    assert sum(each["failed"] for each in memories.values()) == 2
    assert all(
        sum(each[verdict] for verdict in ("correct", "incorrect", "abstained", "failed")) == 4
        for each in memories.values()
    )


def test_a_model_that_never_answered_or_stays_away_ends_the_run(cases: list[Case]) -> None:
    with pytest.raises(Unavailable):
        answered(cases, Rows(HEADER), Clerk(away=range(1, 2)), Clerk())
    rows = Rows(HEADER)
    with pytest.raises(Unavailable):
        answered(cases, rows, Clerk(away=range(3, 99)), Clerk())
    assert [row.verdict for row in rows.answers.values()].count("failed") == 3


def test_errors_of_a_replayed_judge_are_counted(cases: list[Case], tmp_path: Path) -> None:
    """It accepts whatever it is told, and says of the question without an answer that it has one."""
    path = tmp_path / "judge.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for each in tries(cases, cases):
            asked_ = each.question
            request = Request(
                messages=(
                    user(
                        prompt(
                            "judge",
                            question=asked_.text,
                            gold=asked_.gold,
                            abstention=asked_.abstention,
                            given=each.given,
                        )
                    ),
                ),
                json_schema=json_schema(AbstentionJudgement if asked_.abstention else Judgement),
                max_tokens=JUDGEMENT_TOKENS,
            )
            verdict = {"reason": "it is", "verdict": "incorrect" if asked_.abstention else "correct"}
            row = Recorded(
                key=key_of(request), model="m", request=request, answer=Answer(text=json.dumps(verdict))
            )
            file.write(row.model_dump_json() + "\n")
    judge = open_model(SETTINGS, f"replay:{path}")
    trials = try_judge(tries(cases, cases), judge, Rows(HEADER))
    told = {
        name: judging_of([each for each in trials if each.abstention is apart])
        for name, apart in (("answerable", False), ("abstention", True))
    }
    assert told["answerable"] == Judging(Share(4, 4), Share(0, 4), 0)
    assert told["abstention"] == Judging(Share(0, 1), Share(1, 1), 0)


# The command


@pytest.fixture
def recorded(talk: Path, cases: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model that answers as the clerk did."""
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    path = tmp_path / "clerk.jsonl"
    clerk = RecordingChat(Clerk(), path)
    try_judge(tries(cases, cases), clerk, Rows(HEADER))
    answered(cases, Rows(HEADER), clerk, clerk)
    return f"replay:{path}"


def test_the_command_prints_tables_and_writes_a_result_without_the_words_of_the_data(
    talk: Path, recorded: str, tmp_path: Path
) -> None:
    out, rows = tmp_path / "out.json", tmp_path / "rows.jsonl"
    arguments = ["locomo", "--data", str(talk), "--answer", recorded, "--judge", recorded, "--budget", "200"]
    done = CliRunner().invoke(app, [*arguments, "--rows", str(rows), "--json", str(out)])
    assert done.exit_code == 0, done.exception
    text = out.read_text(encoding="utf-8")
    told = json.loads(text)
    assert told["schema"] == "agentmem.bench.locomo.answers/1"
    assert told["run"]["rows"] == 25
    assert {"machine", "versions", "seed", "git"} < set(told)
    assert told["answers"]["answerable"]["judge"]["false_refuse"]["n"] == 4
    assert "euros" not in text
    assert "The judge, measured first" in done.stdout
    assert len(rows.read_text(encoding="utf-8").splitlines()) == 26
    again = CliRunner().invoke(app, [*arguments, "--rows", str(rows), "--json", "-"])
    assert json.loads(again.stdout)["run"]["resumed"] == 25
    assert json.loads(again.stdout)["answers"] == told["answers"]
    other = CliRunner().invoke(app, [*arguments[:-1], "300", "--rows", str(rows)])
    assert isinstance(other.exception, InvalidInput)
    assert "budget is 200 there and 300 here" in str(other.exception)


def test_a_replayed_model_that_does_not_know_a_request_ends_the_run(talk: Path, recorded: str) -> None:
    arguments = ["locomo", "--data", str(talk), "--answer", recorded, "--judge", recorded, "--budget", "150"]
    assert isinstance(CliRunner().invoke(app, arguments).exception, NotFound)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"answer": "llama"}, "--answer without --judge"),
        ({"judge": "llama"}, "--judge without --answer"),
        ({"rows": Path("rows.jsonl")}, "--rows without --answer"),
        ({"questions": 5}, "--questions without --answer"),
    ],
)
def test_options_that_need_one_another_are_told(given: dict[str, Any], names: str) -> None:
    asked_ = {"answer": None, "judge": None, "budget": None, "questions": None, "rows": None, **given}
    with pytest.raises(InvalidInput, match=names):
        options(**asked_)


def test_a_file_that_asks_nothing_is_told(talk: Path, tmp_path: Path) -> None:
    document = json.loads(talk.read_text(encoding="utf-8"))
    file = tmp_path / "silent.json"
    file.write_text(
        json.dumps([{**document[0], "qa": [{"question": "Who?", "category": 4}]}]), encoding="utf-8"
    )
    with pytest.raises(FormatError, match=r"silent\.json, key qa"):
        asked.read(file)


@pytest.mark.slow
def test_the_embedded_model_answers_judges_and_is_replayed_alike(cases: list[Case], tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    few = sampled(cases, 2)
    cassette = tmp_path / "llama.jsonl"
    recording = RecordingChat(open_model(SETTINGS, "llama"), cassette)

    def run(model: ChatModel) -> tuple[list[Trial], list[Row]]:
        trials = try_judge(tries(cases, few), model, Rows(HEADER))
        rows = answer_all(few, model, model, 120, HashingEmbedder(), SETTINGS, Rows(HEADER))
        return [each.altered({"seconds": 0.0}) for each in trials], [
            each.altered({"seconds": {}}) for each in rows
        ]

    first = run(recording)
    assert len(first[1]) == 6
    assert all(row.answer or row.verdict == "failed" for row in first[1])
    assert run(open_model(SETTINGS, f"replay:{cassette}")) == first
