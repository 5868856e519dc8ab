"""The task benchmark: generated truth holds together, baselines read it, figures come out of real runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import InvalidInput
from agentmem_bench.task import command, forest, plot, report, result, tokens
from agentmem_bench.task.baselines import EpisodicRecall, LastMention
from agentmem_bench.task.engines import TaskEngine
from agentmem_bench.task.generate import generate, undertakings
from agentmem_bench.task.scenarios import Scenario, Turn, read_scenarios
from agentmem_bench.task.scoring import score

HASHING = open_embedder(Settings(embedder="hashing"))
DINNER = Scenario(
    name="dinner",
    slots={"guests": ("guest count",), "main": ("main course",)},
    turns=(
        Turn(say="We need a guest count and a main course.", intents=("new", "new"), state={"guests": None, "main": None}),
        Turn(say="We'll be six.", intents=("update",), state={"guests": ("six", "6"), "main": None}),
        Turn(say="Or was it eight?", intents=("check",), state={"guests": ("six", "6"), "main": None}),
        Turn(say="Eight.", intents=("update",), state={"guests": ("eight", "8"), "main": None}),
        Turn(say="Back to what it was.", intents=("rollback",), state={"guests": ("six", "6"), "main": None}),
    ),
)  # fmt: skip


def test_a_generated_dialogue_is_the_same_for_the_same_seed_and_has_the_length_asked_for() -> None:
    for turns in (10, 57, 300):
        made = generate(turns, seed=3)
        assert len(made.turns) == turns
        assert made == generate(turns, seed=3)
    assert made != generate(300, seed=4)


def test_a_generated_truth_names_only_values_that_were_said_and_every_intent() -> None:
    made = generate(600, seed=1)
    said = ""
    for turn in made.turns:
        said += turn.say.casefold()
        for forms in turn.state.values():
            assert forms is None or forms[0].casefold() in said
    intents = {intent for turn in made.turns for intent in turn.intents}
    assert intents == {"new", "update", "rollback", "depend", "check"}


def test_a_generated_question_changes_nothing() -> None:
    made = generate(600, seed=1)
    pairs = zip(made.turns, made.turns[1:], strict=False)
    assert all(before.state == turn.state for before, turn in pairs if turn.intents == ("check",))


def test_undertakings_share_no_slot() -> None:
    slots = [slot for values in undertakings().values() for slot in values]
    assert len(slots) == len(set(slots))


def test_last_mention_takes_a_question_for_a_value_and_cannot_go_back() -> None:
    found = LastMention().hear(DINNER)
    held = [{slot: value for slot, _, value in one.slots}["guests"] for one in found]
    assert held == [None, "six", "eight", "Eight", "Eight"]
    assert score(DINNER, found).slot_accuracy == pytest.approx(8 / 10)


def test_episodic_recall_answers_from_the_turns_it_has() -> None:
    found = EpisodicRecall(HASHING).hear(DINNER)
    assert [len(one.slots) for one in found] == [2, 2, 2, 2, 2]
    assert not score(DINNER, found).unsaid


@pytest.mark.slow
def test_a_forest_is_measured_in_a_process_of_its_own() -> None:
    told = forest.measure(400, seed=1)
    assert told["above_bytes"] > 0
    assert {"add", "update", "rollback", "prompt at a node"} <= set(told["ms"])


def test_example_runs_and_what_is_printed_is_what_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.print_example()
    file = tmp_path / "dinner.yaml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert read_scenarios(file)[0].name == "dinner party"
    out = tmp_path / "out.json"
    command.run(file, "rule", None, None, "10", 1_000, None, str(out))
    told = json.loads(out.read_text(encoding="utf-8"))
    printed = capsys.readouterr().out
    best = next(iter(told["splits"]["dinner"]["engines"].values()))
    assert f"{best['slot_accuracy']:.3f}" in printed
    assert told["schema"] == result.SCHEMA


def test_prompts_of_a_task_are_smaller_than_its_history_and_are_drawn(tmp_path: Path) -> None:
    told = {"prompts": tokens.measure(TaskEngine("rule", HASHING), (10, 40))}
    assert [point["turn"] for point in told["prompts"]["curve"]] == list(range(1, 41))
    at = told["prompts"]["at"]
    assert at["40"]["flat"] > at["10"]["flat"]
    pytest.importorskip("matplotlib")
    drawn = plot.draw(told, tmp_path)
    assert drawn is not None
    assert drawn.read_text(encoding="utf-8").startswith("<?xml")
    assert list(report._pieces(told))


def test_unknown_parts_and_trims_are_refused() -> None:
    with pytest.raises(InvalidInput, match="prompts, forest"):
        command.run(None, "rule", None, ["speech"], "10", 1_000, None, None)
    with pytest.raises(InvalidInput, match="--trim"):
        command.run(None, "magic", None, None, "10", 1_000, None, None)
