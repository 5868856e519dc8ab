"""Every benchmark keeps the values that its printed means are made of."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.models import Cancellation, ChatModel
from agentmem.models.base import Answer, Request
from agentmem_bench.answering.result import paired as paired_answers
from agentmem_bench.answering.result import summary as summary_of_answers
from agentmem_bench.answering.rows import Row
from agentmem_bench.commands import app
from agentmem_bench.compare.derived import likability, solved
from agentmem_bench.concepts import figures, oracle
from agentmem_bench.concepts.leave_one_out import Answers
from agentmem_bench.longhorizon.episodes import Played
from agentmem_bench.longhorizon.figures import cells, note_success
from agentmem_bench.longhorizon.models import play_model
from agentmem_bench.paired import Paired
from agentmem_bench.transfer.measure import Trial, summary


def mean(told: Any, measure: str, under: str = "") -> float:
    paired = told if isinstance(told, Paired) else told["paired"]
    values = paired.root if isinstance(paired, Paired) else paired
    return fmean(value for unit, value in values[measure].items() if unit.startswith(under))


def near(value: float) -> Any:
    return pytest.approx(value, abs=1e-4)


def test_locomo(made) -> None:
    told = made("locomo")
    assert "example/0" in told["paired"]["recall@10 full"]
    for name, found in told["pipelines"].items():
        assert mean(told, f"recall@10 {name}") == near(found["overall"]["recall@10"])
    for k in (5, 20):
        assert mean(told, f"recall@{k} full") == near(told["pipelines"]["full"]["overall"][f"recall@{k}"])
    assert len(told["paired"]) == 6


def test_longmemeval(made) -> None:
    told = made("longmemeval")
    for name, found in told["pipelines"].items():
        for level in ("sessions", "turns"):
            expected = found[level]["overall"]
            assert mean(told, f"recall@10 {name}, {level}") == near(expected["recall@10"])
            assert len(told["paired"][f"recall@10 {name}, {level}"]) == expected["questions"]


def test_concepts(made) -> None:
    told = made("concepts")
    for selector, found in told["select"]["tags"]["selectors"].items():
        assert mean(told, f"recall@10 {selector}, tags") == near(found["all"]["recall@10"])


def test_concepts_of_several_data_sets_with_the_same_ids() -> None:
    answers = Answers(
        {"full": [["a"], ["b"]]}, [frozenset("a"), frozenset("ab")], [frozenset()] * 2, [], ["p", "q"]
    )
    paired = Paired()
    figures.note(paired, "drawn", [answers, answers])
    assert paired.told() == {"recall@10 full, drawn": {"0/p": 1.0, "0/q": 0.5, "1/p": 1.0, "1/q": 0.5}}
    assert mean(paired, "recall@10 full, drawn") == 0.75


def test_layered(made) -> None:
    told = made("layered", "hashing:64", "--part", "streams", "--part", "ablations")
    for name, found in told["streams"]["library"]["memories"].items():
        assert mean(told, f"F1@10 {name}", "library") == near(found["10"]["f1"])
    for name, found in told["ablations"]["library"]["without"].items():
        assert mean(told, f"F1@10 layered without {name}", "library") == near(found["10"]["f1"])


def test_task(made) -> None:
    told = made("task")
    for engine, found in told["splits"]["dinner"]["engines"].items():
        values = told["paired"][f"slot accuracy {engine}, dinner"]
        assert values == {name: row["slot_accuracy"] for name, row in found["by_scenario"].items()}
        # Of a single scenario; of several the printed one weighs them by their turns and slots.
        assert mean(told, f"slot accuracy {engine}, dinner") == near(found["slot_accuracy"])


def test_floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:64")
    chat, questions, out = tmp_path / "chat.jsonl", tmp_path / "few.jsonl", tmp_path / "out.json"
    topics = ["bees", "a kiln", "two canoes", "an organ", "the ferry", "a vineyard", "skates", "a beacon"]
    said = [
        {"id": f"t{place}", "role": "user", "content": f"Today I wrote about {topic} again."}
        for place, topic in enumerate(topics)
    ]
    chat.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    asked = [
        {"question": f"What about {topic}?", "answerable": True, "evidence": [f"t{place}"]}
        for place, topic in enumerate(topics[:4])
    ] + [
        {"question": f"Who bought {thing} yesterday?", "answerable": False}
        for thing in ("a yak", "bees", "ink")
    ]
    questions.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    arguments = ["--chat", str(chat), "--questions", str(questions), "--json", str(out)]
    done = CliRunner().invoke(app, ["floor", *arguments])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    for name in ("policy", "best"):
        assert mean(told, f"false nothing {name}") == near(told[name]["false_nothing"])
        assert mean(told, f"false answer {name}") == near(told[name]["false_answer"])
    assert {len(values) for values in told["paired"].values()} == {4, 3}
    assert len(told["data"]["sha256"]) == 64


def test_answers() -> None:
    def row(question: str, memory: str, verdict: str, f1: float, *, abstention: bool = False) -> Row:
        return Row.model_validate(
            {
                **{"question": question, "memory": memory, "verdict": verdict, "f1": f1},
                **{"category": "1", "abstention": abstention, "text": "", "gold": "", "context": ""},
                **{"tokens": 1, "citations": (), "answer": "", "reason": "", "exact": 0.0},
                **{"usage": {"answer": {}}, "seconds": {}},
            }
        )

    rows = [
        row(question, memory, verdict, f1, abstention=abstention)
        for question, abstention in (("q1", False), ("q2", False), ("q3", True))
        for memory, verdict, f1 in (
            ("recall", "abstained" if abstention else "correct", 0.5),
            ("truncated", "correct" if question == "q2" else "failed", 0.25),
            ("none", "incorrect", 0.0),
        )
    ]
    told, paired = summary_of_answers(rows, []), paired_answers(rows)
    for group in ("answerable", "abstention"):
        memories = told[group]["memories"]
        for memory, found in memories.items():
            assert mean(paired, f"right {memory}, {group}") == near(found["accuracy"])
        assert mean(paired, f"F1 recall, {group}") == near(memories["recall"]["f1"])
    assert mean(paired, "right truncated, answerable") == 0.5


def test_longhorizon() -> None:
    episodes = [
        Played(world, "full", budget, seed, success=(seed + budget) % 3 == 0, steps=1)
        for world in ("gripper", "errand")
        for budget in (256, 512)
        for seed in range(4)
    ]
    paired = Paired()
    note_success(paired, episodes)
    for cell in cells(episodes):
        assert mean(paired, f"success full, {cell['budget']}", f"{cell['world']}/") == cell["success"]
    assert len(paired.root["success full, 256"]) == 8


@pytest.mark.slow
def test_longhorizon_through_the_command(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    asked = ["--world", "tyreworld", "--seeds", "2", "--budgets", "512,4096", "--part", "grid"]
    done = CliRunner().invoke(app, ["longhorizon", *asked, "--json", str(out)])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    for cell in [*told["cells"], *told["ablations"]]:
        assert mean(told, f"success {cell['memory']}, {cell['budget']}", "tyreworld/") == cell["success"]


class Parrot(ChatModel):
    """Says the same, whatever is asked."""

    name = "parrot"

    def __init__(self, text: str) -> None:
        self.text = text

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        return Answer(text=self.text)


def test_problems_that_a_model_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentmem.models.open_model", lambda *_: Parrot("I do not know"))
    paired = Paired()
    rows = play_model("parrot", ["gripper"], 2, 1, 256, paired, lambda done: None)
    for row in rows:
        assert mean(paired, f"success {row['memory']}, by a model", "gripper/") == row["success"]
    assert list(paired.root["success full, by a model"]) == ["gripper/0", "gripper/1"]


@pytest.mark.slow
def test_arc_tasks_that_a_model_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    from agentmem.worlds.arc import solutions

    one, other = solutions.ids()[:2]
    program = f"```python\n{solutions.program(one)}\n```"
    monkeypatch.setattr("agentmem.models.open_model", lambda *_: Parrot(program))
    monkeypatch.setattr(oracle, "MEMORIES", {"none": "none"})
    paired = Paired()
    told = oracle.measure("parrot", f"arcagi:training:{one},{other}", 1, Settings(embedder="hashing"), paired)
    (row,) = told["rows"]
    for found in row["oracle"]:
        if found["depth"] == 1:
            assert mean(paired, f"oracle@{found['k']} none") == found["share"] == 0.5


def test_transfer() -> None:
    trials = [
        Trial(task, memory, at, at, 100, 0.5)
        for memory, places in (("none", (10, None, 90)), ("concept", (5, 100, 20)))
        for task, at in zip("abc", places, strict=True)
    ]
    told = summary(trials, (10, 50, 100), attempts=1)
    for one in told["memories"]:
        for budget, count in zip(told["budgets"], one["solved"], strict=True):
            measure = f"solved within {budget} programs, {one['memory']}"
            assert mean(solved({"transfer": told}), measure) * told["tasks"] == pytest.approx(count, abs=1e-5)
    assert solved({}) == Paired()


def test_likebench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:64")
    out = tmp_path / "out.json"
    asked = ["--memory", "oracle", "--memory", "none", "--generated", "99", "--count", "2", "--seeds", "1"]
    done = CliRunner().invoke(
        app, ["likebench", *asked, "--variant", "clean", "--workers", "1", "--json", str(out)]
    )
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    for name, found in told["systems"].items():
        expected = found["variants"]["clean"]["likability"]["mean"]
        assert mean(likability(told), f"likability clean {name}") == near(expected)
    both = ["--a", "likability clean none", "--b", "likability clean oracle"]
    shown = CliRunner().invoke(app, ["compare", str(out), str(out), *both])
    assert shown.exit_code == 0, shown.exception
    assert "likability clean none → likability clean oracle" in " ".join(shown.stdout.split())
