"""The embedded model for real: the 135M one that is carried by a package, in this process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel

from agentmem.config import Settings
from agentmem.errors import Cancelled, Damaged, InvalidInput, NotFound
from agentmem.models import Cancellation, open_model, system, user
from agentmem.models.llama_cpp import LlamaCppChat


class Verdict(BaseModel):
    colour: Literal["red", "green", "blue"]
    sure: bool


@pytest.fixture(scope="module")
def llama() -> LlamaCppChat:
    return LlamaCppChat(window=512)


def test_it_answers_the_same_each_time_and_counts(llama: LlamaCppChat):
    asked = [system("You are brief."), user("What is the capital of France?")]
    first, second = (llama.complete(asked, max_tokens=12) for _ in range(2))
    assert first.text == second.text
    assert first.text
    assert 0 < first.usage.completion_tokens <= 12
    assert first.usage.prompt_tokens > 10


def test_it_keeps_to_a_schema(llama: LlamaCppChat):
    made = llama.complete([user("Which colour has grass? Answer as JSON.")], schema=Verdict, max_tokens=40)
    assert made.value is not None
    assert made.value.colour in ("red", "green", "blue")


def test_its_own_server_is_asked_over_http_like_any_other(llama: LlamaCppChat, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    llama.complete([user("Hello?")], max_tokens=1)
    settings = Settings(model_url=f"{llama.address}/v1", network=True)
    asked = [user("Which colour has grass? Answer as JSON.")]
    over_http = open_model(settings, "openai:smollm2").complete(asked, schema=Verdict, max_tokens=40)
    here = llama.complete(asked, schema=Verdict, max_tokens=40)
    assert (over_http.value, over_http.usage) == (here.value, here.usage)


def test_it_stops_where_it_is_told(llama: LlamaCppChat):
    made = llama.complete([user("Count: one, two, three, four, five.")], max_tokens=30, stop=["t"])
    assert "t" not in made.text


def test_it_can_be_cancelled(llama: LlamaCppChat):
    cancel = Cancellation()
    threading.Timer(0.2, cancel.cancel).start()
    with pytest.raises(Cancelled):
        llama.complete([user("Tell a long story.")], max_tokens=400, cancel=cancel)
    assert llama.complete([user("Hello?")], max_tokens=4).text


def test_a_prompt_that_does_not_fit_is_refused_with_its_length(llama: LlamaCppChat):
    with pytest.raises(InvalidInput, match="512"):
        llama.complete([user("word " * 2_000)], max_tokens=4)


def test_a_file_that_is_none(tmp_path: Path):
    with pytest.raises(NotFound, match="llama:PATH"):
        open_model(Settings(), f"llama:{tmp_path / 'none.gguf'}")
    path = tmp_path / "text.gguf"
    path.write_text("no model")
    with pytest.raises(Damaged, match="cannot be loaded"):
        open_model(Settings(), f"llama:{path}").complete([user("Hello?")])
