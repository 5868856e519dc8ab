"""What commands log goes to stderr, as lines for people or for programs, from a level on."""

import json

import pytest

from agentmem.logs import to_stderr

SECRET = "quince-and-kingfisher"


@pytest.fixture(autouse=True)
def as_it_was():
    """The loggers are those of this process: let them be as a command without options leaves them."""
    yield
    to_stderr()


@pytest.fixture
def slow(run, monkeypatch):
    """A bank whose every recall is too slow."""
    assert run("remember", f"The {SECRET} is red.").exit_code == 0
    monkeypatch.setenv("AGENTMEM_SLOW_RECALL", "0")


def test_without_options_it_is_lines_for_people(run, slow):
    said = run("recall", SECRET, "--json")
    assert json.loads(said.stdout)["hits"]
    assert said.stderr.startswith("warning: slow recall: seconds=") and said.stderr.count("\n") == 1


@pytest.mark.parametrize("by", ["option", "environment", "file"])
def test_json_lines_are_chosen_by_option_environment_or_file(run, slow, monkeypatch, own_folder, by):
    options = ("--log", "json") if by == "option" else ()
    if by == "environment":
        monkeypatch.setenv("AGENTMEM_LOG", "json")
    if by == "file":
        (own_folder / "agentmem.toml").write_text('log = "json"\n')
    said = run(*options, "recall", SECRET, "--json")
    assert json.loads(said.stdout)["hits"]
    (line,) = map(json.loads, said.stderr.splitlines())
    assert line["logger"] == "agentmem.slow" and line["operation"] == "recall" and line["parts"]["load"] > 0


def test_the_level_says_what_is_written(run, slow):
    assert run("--log-level", "error", "recall", SECRET).stderr == ""
    assert "slow recall" in run("--log-level", "info", "recall", SECRET).stderr


@pytest.mark.parametrize("wrong", [("--log", "xml"), ("--log-level", "loud")])
def test_a_form_or_level_that_there_is_not_is_wrong_usage(run, wrong):
    said = run(*wrong, "stats")
    assert said.exit_code == 2


def test_no_log_of_a_command_repeats_what_was_said(run, slow, monkeypatch):
    monkeypatch.setenv("AGENTMEM_MODEL", "replay:none.json")
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    calls = (
        ("remember", f"my token is {key}, {SECRET}"),
        ("recall", SECRET, "--explain"),
        ("context", SECRET, "--store", "profile+episodic"),
        ("task", "say", f"We need {SECRET}."),
        ("scan", "--fix"),
        ("verify",),
        ("stats",),
    )
    told = [run("--log", "json", "--log-level", "debug", *call) for call in calls]
    lines = [json.loads(line) for one in told for line in one.stderr.splitlines() if line.startswith("{")]
    assert len(lines) >= 2
    assert all(SECRET not in json.dumps(line) and key not in json.dumps(line) for line in lines)
