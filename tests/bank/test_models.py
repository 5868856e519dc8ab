"""How a store reaches a language model."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.errors import InvalidInput, Unavailable
from agentmem.models import user
from agentmem.models.base import Answer, Request, Usage
from agentmem.models.cassette import ReplayChat, Row, key_of

NS = ("default",)


def cassette(path: Path, **answers: str) -> Path:
    """A cassette that answers each text by another one, in the default way of asking."""
    rows = []
    for asked, told in answers.items():
        request = Request(messages=(user(asked),))
        answer = Answer(text=told, usage=Usage(prompt_tokens=7, completion_tokens=3))
        rows.append(Row(key=key_of(request), model="recorded", request=request, answer=answer))
    path.write_text("".join(row.model_dump_json() + "\n" for row in rows))
    return path


def told(model, text: str) -> str:
    return model.complete([user(text)]).text


def test_the_bank_s_own_model_is_given_whatever_name_is_asked_for(open_bank, tmp_path: Path):
    bank = open_bank(model=ReplayChat(cassette(tmp_path / "own.jsonl", hello="own")))
    assert told(bank.chat_model(NS, "task"), "hello") == "own"
    assert told(bank.chat_model(NS, "task", "llama"), "hello") == "own"
    with bank.fork(tmp_path / "fork.db") as fork:
        assert told(fork.chat_model(NS, "task"), "hello") == "own"


def test_a_name_goes_over_the_settings(open_bank, tmp_path: Path):
    one, two = (f"replay:{cassette(tmp_path / f'{name}.jsonl', hello=name)}" for name in ("one", "two"))
    bank = open_bank(settings=Settings(embedder="hashing", model=one))
    assert told(bank.chat_model(NS, "task"), "hello") == "one"
    assert told(bank.chat_model(NS, "task", two), "hello") == "two"


def test_a_model_that_is_not_configured_says_how_to_configure_one(bank):
    with pytest.raises(Unavailable, match=r"AGENTMEM_MODEL.*--model"):
        bank.chat_model(NS, "task")
    with pytest.raises(InvalidInput, match="no model is called 'lama'"):
        bank.chat_model(NS, "task", "lama")
