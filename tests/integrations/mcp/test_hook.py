"""The hooks as processes: what they print and keep, and that whatever happens they end in time with 0."""

import json
import time
from pathlib import Path

import pytest

from agentmem import Bank, Settings
from agentmem.errors import AgentMemError
from agentmem_mcp.hooking import Hook, place_of

IN_TIME = 4.0
"""Seconds: three that a hook may take, and room for a busy machine that starts it late."""


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / ".config").mkdir(parents=True)
    return home


@pytest.fixture
def project(tmp_path):
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    return project


@pytest.fixture
def hook(launch, home, project):
    """Call a hook with the JSON that an assistant gives; what it prints, and how long it took."""

    def call(event, *options, given=None, **env):
        env = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")} | env
        begun = time.monotonic()
        process = launch("hook", event, *options, env=env)
        text = given if isinstance(given, str) else json.dumps({"cwd": str(project), **(given or {})})
        said, told = process.communicate(text, timeout=30)
        assert process.returncode == 0, told
        assert "Traceback" not in told
        return said, time.monotonic() - begun

    return call


def log(home):
    file = home / "state" / "agentmem" / "hook.log"
    return file.read_text() if file.exists() else ""


def texts(home, project):
    with Bank(home / "agentmem.db", settings=Settings(embedder="hashing")) as bank:
        place = place_of(project)
        return [(one.actor, one.text) for one in bank.store("episodic", place).select()]


def transcript(project, *lines):
    file = project / "transcript.jsonl"
    said = [
        {"type": role, "uuid": f"{role}-{number}", "message": {"role": role, "content": text}}
        for number, (role, text) in enumerate(lines)
    ]
    file.write_text("".join(json.dumps(one) + "\n" for one in said))
    return str(file)


TURN = [("user", "We install packages with uv."), ("assistant", "Noted: uv installs packages.")]


def test_what_one_session_said_the_next_one_is_told(hook, home, project):
    first = {"session_id": "s1", "prompt": TURN[0][1], "transcript_path": transcript(project, *TURN)}
    assert hook("start", given=first)[0] == ""
    assert hook("prompt", given=first)[0] == ""
    assert hook("stop", given=first)[0] == ""
    assert texts(home, project) == TURN

    second = {
        "session_id": "s2",
        "prompt": "How do we install packages?",
        "cwd": str(project / "src" / "deep"),
    }
    begun = hook("start", given=second)[0]
    assert begun.startswith("<memory-") and all(text in begun for _, text in TURN)
    assert "We install packages with uv." in hook("prompt", given=second)[0]
    assert log(home) == ""
    assert not list(project.glob("*.db*"))


def test_a_session_begins_with_what_any_store_of_a_sum_has_pinned(bank):
    bank.store("keyed", ("p",)).put("style", "Short answers, please.", pinned=True)
    session = Hook(bank, ("p",), "episodic+keyed", "s1")
    assert "Short answers, please." in session.start(300)
    session.keep_prompt(TURN[0][1])
    later = Hook(bank, ("p",), "episodic+keyed", "s2")
    shown = later.context("How do we install packages?", 300)
    assert "with uv" in shown and "Short answers, please." in shown


def test_a_sum_that_means_no_memory_is_told(bank, wrong_sum):
    given, said = wrong_sum
    with pytest.raises(AgentMemError) as raised:
        Hook(bank, ("p",), given, "s1")
    assert said in str(raised.value)


def test_a_turn_is_kept_once_however_often_it_is_told(hook, home, project):
    said = [*TURN, ("user", "yes"), ("assistant", "Done."), ("user", "yes"), ("assistant", "Done again.")]
    first = {"session_id": "s1", "prompt": "yes", "transcript_path": transcript(project, *said[:3])}
    hook("prompt", given=first)
    hook("stop", given=first)
    hook("prompt", given=first)
    first["transcript_path"] = transcript(project, *said)
    hook("stop", given=first)
    hook("stop", given=first)
    assert sorted(texts(home, project)) == sorted(said)


def test_what_was_forgotten_does_not_come_back_with_the_transcript(hook, home, project):
    first = {"session_id": "s1", "prompt": TURN[0][1], "transcript_path": transcript(project, *TURN)}
    hook("prompt", given=first)
    with Bank(home / "agentmem.db", settings=Settings(embedder="hashing")) as bank:
        bank.forget(place_of(project), session="s1")
    hook("stop", given=first)
    assert texts(home, project)[-1:] == TURN[1:] and TURN[0] not in texts(home, project)


def test_what_is_pinned_stands_first(hook, home, project):
    with Bank(home / "agentmem.db", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store("episodic", place_of(project))
        memory.put("style", "Write short functions.", pinned=True)
        memory.observe(*(f"Number {number} was said." for number in range(60)))
    said, _ = hook("start", "--budget", "200", given={"session_id": "s1"})
    assert said.index("Write short functions.") < said.index("Number 59")


def test_namespace_and_bank_can_be_named(hook, home, project, tmp_path):
    given = {"session_id": "s1", "prompt": "The kettle is red."}
    hook("prompt", "--db", "own.db", "--namespace", "acme/ann", given=given)
    with Bank(tmp_path / "own.db", settings=Settings(embedder="hashing")) as bank:
        assert [one.text for one in bank.store("episodic", ("acme", "ann")).select()] == [
            "The kettle is red."
        ]
    assert not (home / "agentmem.db").exists()


def test_settings_that_lie_in_a_project_are_not_read(hook, home, project):
    (project / "agentmem.toml").write_text('db = "stolen.db"\nnetwork = true\n')
    (project.parent / "agentmem.toml").write_text('db = "stolen.db"\nnetwork = true\n')
    hook("prompt", given={"session_id": "s1", "prompt": "The kettle is red."})
    assert (home / "agentmem.db").exists() and not list(Path(project.parent).rglob("stolen.db"))


@pytest.mark.parametrize(
    ("event", "given", "logged"),
    [
        ("prompt", "", "stdin holds no JSON"),
        ("prompt", "[]", "stdin holds no JSON object"),
        ("prompt", "[" * 100_000, "stdin holds no JSON"),
        ("prompt", {"prompt": ["x"]}, "prompt of the hook is no text"),
        ("prompt", {"prompt": "a", "cwd": 7}, "cwd of the hook is no text"),
        ("prompt", {"prompt": "a \ud800"}, ""),
        ("stop", {"transcript_path": "none.jsonl"}, "FileNotFoundError"),
        ("stop", {"transcript_path": "/"}, "IsADirectoryError"),
        ("stop", {"transcript_path": None}, "names no transcript"),
        ("never", {}, "No such command 'never'"),
    ],
)
def test_whatever_is_wrong_goes_to_the_log_and_stops_nothing(hook, home, event, given, logged):
    said, _ = hook(event, given=given)
    assert said == "" and logged in log(home)


def test_options_bank_and_settings_that_are_wrong_stop_nothing(hook, home, tmp_path):
    (tmp_path / "junk.db").write_text("no database at all" * 100)
    given = {"prompt": "a"}
    assert hook("prompt", "--budget", "much", given=given)[0] == ""
    assert hook("prompt", "--bogus", given=given)[0] == ""
    assert hook("prompt", "--db", "junk.db", given=given)[0] == ""
    assert hook("prompt", "--store", "none", given=given)[0] == ""
    assert hook("prompt", given=given, AGENTMEM_SCREEN="perhaps")[0] == ""
    told = log(home)
    assert all(words in told for words in ("--budget", "--bogus", "junk.db", "'none'", "screen"))


def test_a_log_that_cannot_be_written_stops_nothing(hook, home):
    (home / "state").write_text("a file where a folder should be")
    assert hook("prompt", given="nonsense")[0] == ""


@pytest.mark.parametrize("event", ["prompt", "stop"])
def test_an_input_that_never_ends_is_given_up_in_time(launch, home, event):
    begun = time.monotonic()
    process = launch("hook", event, env={"HOME": str(home), "XDG_STATE_HOME": str(home / "state")})
    process.stdin.write('{"prompt": "a"')
    process.stdin.flush()
    assert process.wait(20) == 0
    assert time.monotonic() - begun < IN_TIME
    assert f"hook {event}: not done in 3.0 s" in log(home)


def test_a_transcript_that_never_ends_is_given_up_in_time(hook, project):
    import os

    os.mkfifo(project / "endless")
    _, seconds = hook("stop", given={"session_id": "s", "transcript_path": str(project / "endless")})
    assert seconds < IN_TIME
