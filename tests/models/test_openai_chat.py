"""Over real HTTP: what a server says, and all that it may do instead."""

from __future__ import annotations

import asyncio
import time

import pytest
from pydantic import BaseModel, Field

from agentmem.config import Settings
from agentmem.errors import Cancelled, InvalidInput, ModelOutputError, NetworkForbidden, Unavailable
from agentmem.models import Cancellation, system, user
from agentmem.models.base import Unfinished
from agentmem.models.openai_chat import OpenAIChat


class City(BaseModel):
    name: str
    people: int = Field(ge=0)


def test_an_answer_comes_with_its_cost(ask, server):
    made = ask("ok").complete([system("Be brief."), user("Hello?")], max_tokens=9, stop=["x"], seed=3)
    assert (made.text, made.value, made.model) == ("hello", None, "openai:ok")
    assert (made.usage.calls, made.usage.prompt_tokens, made.usage.completion_tokens) == (1, 7, 3)
    (body,) = server.seen
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello?"},
    ]
    assert (body["max_tokens"], body["stop"], body["seed"], body["temperature"]) == (9, ["x"], 3, 0.0)


@pytest.mark.parametrize("faults", ["500,ok", "429,429,ok", "503,cut,ok", "cut,ok"])
def test_what_passes_is_tried_again(ask, server, faults):
    assert ask(faults).complete([user("Hello?")]).text == "hello"
    assert len(server.seen) == faults.count(",") + 1


def test_answers_that_broke_off_before_are_counted_at_their_worst(ask):
    usage = ask("cut,503,ok").complete([user("Hello?")], max_tokens=50).usage
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (2, 14, 53)
    with pytest.raises(Unfinished):
        ask("cut,500").complete([user("Hello?")])


@pytest.mark.parametrize(
    ("faults", "asked", "told"),
    [
        ("500", 3, "InternalServerError"),
        ("429", 3, "RateLimitError"),
        ("400", 1, "BadRequestError"),
        ("401", 1, "AuthenticationError"),
        ("cut", 3, "broke off"),
        ("rubbish", 1, "no completion"),
        ("html", 3, "broke off"),
    ],
)
def test_what_stays_is_one_clear_error_without_the_key(ask, server, faults, asked, told):
    with pytest.raises(Unavailable, match=told) as caught:
        ask(faults).complete([user("Hello?")])
    assert len(server.seen) == asked
    assert "secret" not in str(caught.value)
    assert server.keys[0] == "Bearer sk-very-secret"


@pytest.mark.parametrize("faults", ["hang", "slow"])
def test_an_answer_has_so_much_time_and_no_more(ask, faults):
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"took longer than 0\.3 s"):
        ask(faults, model_timeout=0.3).complete([user("Hello?")])
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("faults", ["hang", "slow"])
def test_a_call_can_be_cancelled_from_another_thread(ask, server, faults):
    cancel = Cancellation()
    server.ends(cancel)
    with pytest.raises(Cancelled):
        ask(faults).complete([user("Hello?")], cancel=cancel)
    assert len(server.seen) == 1


def test_a_cancelled_coroutine_ends_its_call(ask, server):
    async def main() -> None:
        call = asyncio.create_task(ask("slow").acomplete([user("Hello?")]))
        while not server.seen:
            await asyncio.sleep(0.01)
        call.cancel()
        await call

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())


def test_structured_output_is_asked_for_and_validated(ask, server):
    server.texts = ['Sure: {"name": "Porto", "people": 231800}']
    made = ask("ok").complete([user("A city?")], schema=City)
    assert made.value == City(name="Porto", people=231_800)
    asked = server.seen[0]["response_format"]["json_schema"]
    assert asked["strict"] is True
    assert asked["schema"]["required"] == ["name", "people"]


def test_a_wrong_answer_is_asked_for_once_more_with_its_fault(ask, server):
    server.texts = ['{"name": "Porto", "people": -1}', '{"name": "Porto", "people": 1}']
    made = ask("ok").complete([user("A city?")], schema=City)
    assert made.value == City(name="Porto", people=1)
    assert made.usage.calls == 2
    again = server.seen[1]["messages"]
    assert again[1] == {"role": "assistant", "content": server.texts[0]}
    assert "people: Input should be greater than or equal to 0" in again[2]["content"]


def test_two_wrong_answers_are_an_error_that_carries_the_last(ask, server):
    server.texts = ["I cannot", "I still cannot"]
    with pytest.raises(ModelOutputError, match="no JSON object") as caught:
        ask("ok").complete([user("A city?")], schema=City)
    assert caught.value.raw == "I still cannot"
    assert (caught.value.prompt_tokens, caught.value.completion_tokens) == (14, 6)


def test_the_gate_stands_before_the_network(ask, server):
    with pytest.raises(NetworkForbidden):
        ask("ok", network=False).complete([user("Hello?")])
    assert server.seen == []


def test_a_model_must_be_named_and_openai_wants_a_key(monkeypatch):
    with pytest.raises(InvalidInput, match="names no model"):
        OpenAIChat("", Settings())
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(Unavailable, match="OPENAI_API_KEY"):
        OpenAIChat("gpt", Settings())
