"""What was recorded is answered again; what was not is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.models import open_model, user
from agentmem.models.cassette import RecordingChat, ReplayChat


def test_a_record_answers_as_the_model_did(ask, server, tmp_path: Path):
    path = tmp_path / "talk.jsonl"
    server.texts = ["one", "two", "three"]
    recording = RecordingChat(ask("ok"), path)
    said = [recording.complete([user("a")]), recording.complete([user("a")]), recording.complete([user("b")])]
    replay = open_model(Settings(), f"replay:{path}")
    assert [replay.complete([user(text)]).text for text in "aaba"] == ["one", "two", "three", "two"]
    assert replay.complete([user("b")]).usage == said[2].usage
    assert len(server.seen) == 3


@pytest.mark.parametrize("change", [{"max_tokens": 5}, {"temperature": 0.5}, {"stop": ["."]}, {"seed": 1}])
def test_all_that_affects_an_answer_is_looked_up(ask, tmp_path: Path, change: dict):
    path = tmp_path / "talk.jsonl"
    RecordingChat(ask("ok"), path).complete([user("a question")])
    with pytest.raises(NotFound, match="a question"):
        ReplayChat(path).complete([user("a question")], **change)


def test_what_is_no_cassette_is_named_with_its_line(tmp_path: Path):
    path = tmp_path / "talk.jsonl"
    path.write_text("{}\n")
    with pytest.raises(FormatError, match="line 1"):
        ReplayChat(path)
    with pytest.raises(NotFound):
        ReplayChat(tmp_path / "none.jsonl")
    with pytest.raises(InvalidInput, match="replay:FILE"):
        open_model(Settings(), "replay:")


def test_an_unknown_kind_lists_the_known_ones():
    with pytest.raises(InvalidInput, match="llama, openai, replay"):
        open_model(Settings(), "gpt")
