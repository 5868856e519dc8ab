"""The floor is fitted as it says, and looks at what the pipeline looks at."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from agentmem.bank import Bank
from agentmem.errors import FormatError
from agentmem.records import Event, Query
from agentmem_bench.commands import app
from agentmem_bench.floor import data, memories
from agentmem_bench.floor.fit import Errors, Floor, cross_validated, errors, fit, separation
from agentmem_bench.floor.relevance import best
from agentmem_bench.floor.result import STANDING

RELEVANCE = np.array([0.9, 0.8, 0.5, 0.3, 0.6, 0.2, 0.1])
ANSWERABLE = np.array([True, True, True, True, False, False, False])


def test_errors_are_shares_of_each_kind() -> None:
    assert errors(RELEVANCE, ANSWERABLE, 0.55) == Errors(false_nothing=0.5, false_answer=1 / 3)


def test_the_floor_is_the_highest_that_loses_no_more_than_allowed() -> None:
    assert fit(RELEVANCE, ANSWERABLE, 0.0) == pytest.approx(0.25)
    assert fit(RELEVANCE, ANSWERABLE, 0.25) == pytest.approx(0.4)
    assert fit(RELEVANCE, ANSWERABLE, 0.5) == pytest.approx(0.7)


def test_a_floor_grows_by_its_growth_with_ten_times_the_records() -> None:
    assert Floor(1.5, 0.2, 0.1).at(np.array([1.0, 10.0, 100.0])).tolist() == pytest.approx([0.1, 0.3, 0.5])


def test_separation_is_the_share_of_pairs_in_the_right_order() -> None:
    assert separation(RELEVANCE, ANSWERABLE) == pytest.approx(10 / 12)
    assert separation(np.ones(7), ANSWERABLE) == 0.5


def test_kinds_that_are_far_apart_are_told_apart_when_held_out() -> None:
    relevance = np.concatenate([np.linspace(2, 3, 20), np.linspace(0, 1, 20)])
    answerable = np.arange(40) < 20
    assert cross_validated(relevance, answerable, np.arange(40), 0.0, seed=0).false_answer == 0


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), min_size=4, max_size=30), st.floats(0, 0.5))
def test_a_fitted_floor_never_loses_more_than_allowed(
    labelled: list[tuple[float, bool]], allowed: float
) -> None:
    relevance = np.array([value for value, _ in labelled])
    answerable = np.array([kind for _, kind in labelled])
    if 0 < answerable.sum() < len(answerable):
        assert errors(relevance, answerable, fit(relevance, answerable, allowed)).false_nothing <= allowed


def test_the_relevance_is_the_one_that_recall_compares_with_its_floor(bank: Bank) -> None:
    store = bank.store("episodic", ("talk",))
    store.observe(
        Event(text="I keep bees behind the chapel.", actor="Maya"),
        Event(text="My trombone was stolen in Graz.", actor="Tom"),
        Event(text="The police found the trombone.", actor="Tom"),
    )
    question = "Where does Maya keep her bees?"
    (relevance,) = best(store, question, [STANDING.cosine])
    for floor, answered in ((relevance - 1e-6, True), (relevance + 1e-6, False)):
        query = Query(text=question, options={"floor": floor - STANDING.growth * float(np.log10(3))})
        assert bool(store.recall(query)) is answered


def test_the_shipped_labels_are_of_both_kinds_and_name_turns() -> None:
    labels = data.read(None, None)
    kinds = [each.answerable for each in labels.questions]
    assert kinds.count(True) == kinds.count(False) == 90


def test_every_question_is_asked_of_the_block_that_can_answer_it() -> None:
    labels = data.read(None, None)
    blocks, asked, sizes = memories.cut(labels, seed=0)
    assert sizes[-1] == len(labels.chat.turns)
    assert len(asked) == len(labels.questions) * len(memories.sizes(labels))
    for each in asked:
        labelled = labels.questions[each.question]
        held = {turn.id for turn in blocks[each.memory].turns}
        assert not labelled.answerable or held & set(labelled.evidence)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            '{"question": "Who?", "answerable": true, "evidence": ["t1"]}\n{"question": 3}',
            "line 2, key question",
        ),
        ('{"question": "Who?", "answerable": true, "evidence": ["t9"]}', "line 1, key evidence"),
        ("{", "line 1"),
        ('{"question": "Who?", "answerable": false}\n' * 2, "fewer than two answerable"),
    ],
)
def test_a_line_that_is_no_labelled_question_is_named(text: str, names: str) -> None:
    with pytest.raises(FormatError, match=r"questions\.jsonl") as caught:
        data.parse(text, "questions.jsonl", {"t1"})
    assert names in str(caught.value)


def test_the_command_fits_own_data_and_checks_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    chat, questions, out = tmp_path / "chat.jsonl", tmp_path / "questions.jsonl", tmp_path / "out.json"
    said = [
        "I keep bees.",
        "My trombone is gone.",
        "We sold the kayak.",
        "Rain again.",
        "The oven broke.",
        "Tea?",
    ]
    chat.write_text(
        "\n".join(
            json.dumps({"id": f"t{place}", "actor": "Maya", "text": text}) for place, text in enumerate(said)
        ),
        encoding="utf-8",
    )
    labelled = [
        {"question": "Who keeps bees?", "answerable": True, "evidence": ["t0"]},
        {"question": "Which kayak was sold?", "answerable": True, "evidence": ["t2"]},
        {"question": "What is the capital of Peru?", "answerable": False},
        {"question": "How tall is the lighthouse?", "answerable": False},
    ]
    questions.write_text("\n".join(map(json.dumps, labelled)), encoding="utf-8")
    example = tmp_path / "example.json"
    example.write_text(CliRunner().invoke(app, ["locomo", "--example"]).stdout, encoding="utf-8")
    options = ["--chat", str(chat), "--questions", str(questions), "--data", str(example), "--json", str(out)]
    done = CliRunner().invoke(app, ["floor", *options])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == "agentmem.bench.floor/1"
    assert told["data"]["memories"] == [5, 6]
    assert told["best"]["false_nothing"] == 0
    assert set(told["policy"]["by_size"]) == {"5", "6"}
    assert told["check"]["questions"] == 4
    assert "The policy as it stands" in done.stdout
