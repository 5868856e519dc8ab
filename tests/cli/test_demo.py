"""The demonstration: the shipped chat on the real embedder, and a chat of the user's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentmem.cli.answers import ANSWERS
from agentmem.cli.demonstration import script


def test_the_shipped_chat_is_long_and_its_script_fits_it():
    plan = script.shipped(["and?"])
    turns = plan.chat.turns
    assert len(turns) >= 300
    assert len({turn.session for turn in turns}) >= 12
    assert sum(turn.corrects is not None for turn in turns) >= 10
    assert plan.chat.warnings == ()
    assert {evidence for asked in plan.questions for evidence in asked.evidence} <= set(plan.ids)
    assert {asked.kind for asked in plan.questions} == {
        "fact", "changed", "dated", "when", "who", "unanswerable", "",
    }  # fmt: skip
    assert len({asked.question for asked in plan.questions if asked.kind}) == 6
    assert script.distinctive(plan.chat, plan.turn(plan.erasure.id))


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict:
    """What the demo shows, once."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if name != "AGENTMEM_EMBEDDER"}
    ran = subprocess.run(
        [sys.executable, "-m", "agentmem.cli", "demo", "--json", "--db", "kept.db"],
        cwd=folder,
        capture_output=True,
        check=True,
        env=environment,
    )
    assert b"error" not in ran.stderr
    return json.loads(ran.stdout)


def test_the_demo_finds_what_answers_each_question_and_nothing_for_the_last(shown):
    assert set(shown) == {"schema", *ANSWERS["demo"]}
    assert shown["ingested"]["corrections"] == 18
    assert [asked["found"] for asked in shown["questions"]] == [True] * 7
    assert shown["questions"][-1]["relevant"] is False


def test_the_two_times_of_the_demo_give_two_answers(shown):
    dated = [asked for asked in shown["questions"] if asked["kind"] == "dated"]
    assert "585" in dated[0]["hits"][0]["record"]["text"]
    assert "640" in dated[1]["hits"][0]["record"]["text"]


def test_the_contexts_of_the_demo_are_small_beside_the_whole_chat(shown):
    for asked in shown["questions"]:
        assert asked["tokens"] <= 300
    assert shown["full_history_tokens"] > 5_000


def test_the_corrected_fact_of_the_demo_is_found_and_its_history_kept(shown):
    texts = [version["record"]["text"] for version in shown["correction"]["versions"]]
    assert "640" in texts[0]
    assert "605" in texts[-1]
    assert shown["correction"]["found_now"] == texts[-1]


def test_the_forgotten_turn_of_the_demo_is_gone_from_recall_journal_and_bytes(shown):
    before, after = shown["erasure"]["before"], shown["erasure"]["after"]
    assert before["recalled"]
    assert not after["recalled"]
    assert after["journal"] == "forgotten, empty"
    assert before["text"] >= 1
    assert all(times >= 1 for times in before["words"].values())
    assert after["text"] == 0
    assert set(after["words"].values()) == {0}
    assert shown["erasure"]["not_reached"] == []


def test_a_chat_of_the_users_is_shown_without_marks(run, chat):
    result = run("demo", "--file", chat, "--ask", "where does Maya live?")
    assert result.exit_code == 0, result.output
    assert "JSON lines" in result.stdout
    assert "<== here" not in result.stdout
    assert "Question 1: where does Maya live?" in result.stdout
    assert "\x1b" not in result.stdout
    assert not Path("agentmem.db").exists()


def test_the_demo_asks_nothing_where_nobody_can_answer(run, chat):
    result = run("demo", "--file", chat)
    assert result.exit_code == 0, result.output
    assert "Question 1" not in result.stdout
    assert "4. A message is forgotten" in result.stdout


def test_the_demo_keeps_its_hands_off_a_bank_that_is_there(run, bank, chat):
    assert run("demo", "--file", chat, "--db", bank).exit_code == 2
