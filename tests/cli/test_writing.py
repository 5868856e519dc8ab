"""remember, correct, retract, undo, forget."""

import sqlite3
from pathlib import Path


def test_what_is_remembered_is_recalled_and_said_to_be_stored(run, answer):
    result = run("remember", "Maya lives in York.", "--actor", "Leo", "--time", "2025-01-10", "--id", "e1")
    assert (result.exit_code, result.stdout) == (0, "stored e1\n")
    record = answer("show", "e1")["records"][0]
    assert (record["actor"], record["time"]) == ("Leo", "2025-01-10T00:00:00Z")


def test_stdin_is_one_event_and_keeps_its_lines(run, answer):
    assert run("remember", input="first\nsecond  \n").exit_code == 0
    assert answer("recall")["hits"][0]["record"]["text"] == "first\nsecond  "


def test_a_retry_is_a_duplicate_and_another_text_under_the_id_is_refused(run, answer):
    run("remember", "one", "--id", "e1")
    assert answer("remember", "one", "--id", "e1")["receipt"]["status"] == "duplicate"
    result = run("remember", "two", "--id", "e1")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: event id 'e1' is taken")


def test_no_text_and_text_that_is_not_utf8_are_wrong_input(run):
    assert run("remember", input="").exit_code == 2
    assert run("remember", "  ").exit_code == 2
    assert run("remember", input=b"\xff").exit_code == 2
    assert not Path("agentmem.db").exists()


def test_success_is_not_said_where_nothing_was_kept(run, answer, monkeypatch):
    monkeypatch.setenv("AGENTMEM_SCREEN", "refuse")
    refused = answer("remember", "key AKIAIOSFODNN7EXAMPLE", code=1)
    assert refused["receipt"]["status"] == "refused"
    monkeypatch.setenv("AGENTMEM_SCREEN", "redact")
    assert "masked: AWS" in run("remember", "key AKIAIOSFODNN7EXAMPLE").stdout


def test_a_correction_supersedes_and_its_history_tells_why(run, answer, bank):
    corrected = answer("correct", "t2", "The kettle is blue.", "--why", "bad light")
    new = corrected["superseded_by"]
    assert len(new) == 1
    history = answer("history", "t2")
    assert [version["record"]["text"] for version in history["versions"]] == [
        "The kettle is red.",
        "The kettle is red.",
        "The kettle is blue.",
    ]
    assert "why: bad light" in run("history", *new).stdout
    assert run("correct", "t2", "again").exit_code == 2
    assert run("correct", "t2", "x", "--by", "t1").exit_code == 2
    assert run("correct", "nobody", "x").exit_code == 3


def test_less_trust_corrects_beside_and_says_so(run, answer, bank):
    corrected = answer("correct", "t2", "The kettle is green.", "--trust", "web")
    assert corrected["superseded_by"] == []
    assert len(corrected["alternatives"]) == 1
    assert "stands beside it" in run("correct", "t2", "It is grey.", "--trust", "web").stdout


def test_what_is_retracted_leaves_recall_and_is_listed(run, answer, bank):
    assert run("retract", "t2", "--why", "a joke").exit_code == 0
    assert "t2" not in {hit["record"]["id"] for hit in answer("recall")["hits"]}
    assert answer("show", "t2")["records"][0]["state"] == "retracted"
    assert [record["id"] for record in answer("changes")["changes"]] == ["t2", "t1"]
    assert "why: a joke" in run("changes", "-n", "1").stdout
    assert run("retract", "t2", "nobody").exit_code == 3


def test_what_left_recall_is_undone_listed_and_told(run, answer, bank):
    new = answer("correct", "t2", "The kettle is blue.", "--why", "bad light")["superseded_by"]
    undone = answer("undo", "t2", "--why", "it is red")
    assert (undone["receipt"]["status"], undone["out_of_recall"], undone["alternatives"]) == (
        "stored",
        new,
        [],
    )
    assert undone["record"]["text"] == "The kettle is red."
    changes = answer("changes")
    assert [record["id"] for record in changes["changes"]] == [*new, "t2", "t1"]
    assert changes["standing"] == ["t2"]
    assert "it stands again" in run("changes").stdout
    history = run("history", "t2").stdout
    assert "undo" in history
    assert "why: it is red" in history
    assert "t2 stands again" not in run("undo", "t2").stdout
    assert run("undo", "t2").exit_code == 2
    assert "nothing to undo" in run("undo", "t2").stderr
    assert run("undo", "nobody").exit_code == 3
    assert run("undo", *new, "--trust", "agent").exit_code == 2
    assert "out of recall in its place: t2" in run("undo", *new).stdout


def test_what_stands_beside_an_undone_record_is_named(run, answer, bank):
    assert run("correct", "t2", "--by", "t3").exit_code == 0
    assert answer("undo", "t2")["alternatives"] == ["t3"]


def test_forget_does_not_ask_where_nobody_can_answer(run, answer, bank):
    result = run("forget", "t2")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert answer("show", "t2")["records"]


def test_what_is_forgotten_is_gone_from_answers_and_bytes(run, answer, bank):
    report = answer("forget", "t2", "--yes")["report"]
    assert report["events"] == ["t2"]
    assert report["not_reached"] == []
    assert "t2" not in {hit["record"]["id"] for hit in answer("recall")["hits"]}
    assert answer("show", "t2")["events"][0]["state"] == "forgotten"
    assert all(b"kettle" not in file.read_bytes() for file in Path().glob("agentmem.db*"))


def test_forget_takes_events_sessions_and_all(run, answer, bank):
    assert answer("forget", "--event", "t2", "--yes")["report"]["events"] == ["t2"]
    assert answer("forget", "--session", "s2", "--yes")["report"]["events"] == ["t3"]
    assert answer("forget", "--all", "--yes")["report"]["events"] == ["t1"]
    assert run("forget", "--yes").exit_code == 2
    assert run("forget", "nobody", "--yes").exit_code == 3
    assert run("forget", "--session", "nowhere", "--yes").exit_code == 3


def test_forget_names_the_copies_that_it_did_not_reach(run, bank):
    run("backup", "agentmem.db.old")
    assert "not reached: " in run("forget", "t2", "--yes").stdout


def test_a_correction_by_a_turn_goes_with_the_turn(run, answer, bank):
    run("forget", "t3", "--yes")
    assert "York" in run("recall", "where does Maya live").stdout
    with sqlite3.connect("agentmem.db") as connection:
        assert "she moved" not in "".join(map(str, connection.execute("SELECT data FROM event")))
    connection.close()
