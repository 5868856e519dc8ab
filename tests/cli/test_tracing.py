"""The command group `trace`: an episode as a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit


@pytest.fixture
def mine(run) -> str:
    assert run("run", "gripper", "--size", "1", "--episodes", "2", "--out", "mine").exit_code == 0
    return "mine"


def test_a_page_is_written_beside_the_run(run, answer, mine):
    said = run("trace", "show", mine)
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("episode 0, ")
    assert "mine/trace-000.html" in said.stdout
    assert Path("mine/trace-000.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    given = answer("trace", "show", mine, "--episode", "1", "--out", "one.html")
    assert set(given) == {"schema", *ANSWERS["trace.show"]}
    assert (given["file"], given["episode"], given["bytes"]) == (
        "one.html",
        1,
        Path("one.html").stat().st_size,
    )
    assert run("trace", "show", mine).exit_code == 0  # its own page is made anew


def test_a_file_that_is_there_is_kept(run, mine):
    Path("mine.html").write_text("Dear")
    refused = run("trace", "show", mine, "--out", "mine.html")
    assert refused.exit_code == Exit.INPUT and "is there already" in refused.stderr
    assert Path("mine.html").read_text() == "Dear"
    assert run("trace", "show", mine, "--out", "mine.html", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere"], "there is no run in nowhere: it has no run.json"),
        (["mine", "--episode", "2"], "has no episode 2 (it has 2, counted from 0)"),
        (["mine/episodes"], "there is no run in mine/episodes"),
    ],
)
def test_what_is_not_there_is_named(run, mine, args, said):
    result = run("trace", "show", *args)
    assert (result.exit_code, result.stdout) == (Exit.NOT_FOUND, "")
    assert said in result.stderr


def test_an_episode_is_named_by_its_folder_too(answer, mine):
    given = answer("trace", "show", "mine/episodes/001")
    assert given["episode"] == 1
