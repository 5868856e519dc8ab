"""Agents of LangChain that remember: what is recalled, where it stands, and what is observed, once each."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware, ModelRetryMiddleware
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pydantic import Field

from agentmem.bank import Bank, MemorySpec
from agentmem.errors import InvalidInput
from langchain_agentmem import MemoryMiddleware

HOME = ("acme", "u1")


@dataclass
class Who:
    user_id: str = "u1"


class Scripted(GenericFakeChatModel):
    """LangChain's own fake model, which keeps the requests that it gets."""

    requests: list[list[BaseMessage]] = Field(default_factory=list)
    fails: int = 0

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Scripted:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **options: Any) -> Any:
        self.requests.append(list(messages))
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the model is away")
        return super()._generate(messages, *args, **options)


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return f"It rains in {city}."


def call(city: str, id: str) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": "weather", "args": {"city": city}, "id": id}])


def scripted(*answers: AIMessage | str, forever: str | None = None) -> Scripted:
    said = [AIMessage(one) if isinstance(one, str) else one for one in answers]
    more: Iterator[AIMessage] = (AIMessage(f"{forever} {n}") for n in itertools.count())
    return Scripted(messages=itertools.chain(said, more if forever else ()), requests=[])


def agent_of(model, bank, *more, saver=True, store="episodic", **options):
    memory = MemoryMiddleware(bank, store, namespace=("acme", "{user_id}"), **options)
    return create_agent(
        model,
        [weather],
        middleware=[memory, *more],
        context_schema=Who,
        checkpointer=InMemorySaver() if saver else None,
        system_prompt="Be brief.",
    )


def said(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def thread(name: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": name}}


def kept(bank: Bank, namespace=HOME) -> list[tuple[str, str]]:
    return [(record.type, record.text) for record in bank.store("episodic", namespace).select()]


def test_what_one_thread_said_is_recalled_in_another(knowing):
    home = ("acme", "recalls")
    agent = agent_of(model := scripted("I see.", "Nuts."), knowing)
    agent.invoke(said("I am allergic to nuts."), thread("a"), context=Who("recalls"))
    agent.invoke(said("What am I allergic to?"), thread("b"), context=Who("recalls"))
    *_, question, recalled = model.requests[-1]
    assert question.text == "What am I allergic to?"
    assert isinstance(recalled, SystemMessage)
    assert "I am allergic to nuts." in recalled.text
    assert recalled.text.startswith("<memory-")
    assert len(kept(knowing, home)) == 4


def test_nothing_is_injected_where_nothing_is_relevant(knowing):
    agent = agent_of(model := scripted("I see.", "No idea."), knowing)
    agent.invoke(said("I am allergic to nuts."), thread("a"), context=Who("irrelevant"))
    agent.invoke(said("Which prime numbers lie between 90 and 100?"), thread("b"), context=Who("irrelevant"))
    assert [message.text for message in model.requests[-1]] == [
        "Be brief.",
        "Which prime numbers lie between 90 and 100?",
    ]


def test_users_are_kept_apart(bank):
    agent = agent_of(scripted(forever="ok"), bank)
    for user in ("u1", "u2"):
        agent.invoke(said(f"I am {user}."), thread(user), context=Who(user))
    assert [text for _, text in kept(bank, ("acme", "u2"))] == ["I am u2.", "ok 1"]


def test_tool_calls_and_answers_are_kept_in_order_with_their_cause(bank):
    agent = agent_of(scripted(call("Oslo", "c1"), "Take an umbrella."), bank)
    agent.invoke(said("What about Oslo?"), thread("a"), context=Who())
    assert kept(bank) == [
        ("message", "What about Oslo?"),
        ("action", 'weather({"city": "Oslo"})'),
        ("observation", "It rains in Oslo."),
        ("message", "Take an umbrella."),
    ]
    _, action, observation, _ = bank.store("episodic", HOME).select()
    assert action.id in observation.sources


@pytest.mark.slow
def test_two_hundred_turns_leave_what_was_said_and_nothing_else(bank):
    agent = agent_of(model := scripted(forever="Answer"), bank, history=400)
    for n in range(200):
        agent.invoke(said(f"Question {n} about topic {n % 7}."), thread("long"), context=Who())
    expected = [text for n in range(200) for text in (f"Question {n} about topic {n % 7}.", f"Answer {n}")]
    assert [text for _, text in kept(bank)] == expected
    assert any("Recalled memory" in message.text for message in model.requests[-1])
    assert max(len(request) for request in model.requests) < 200


def test_the_request_up_to_the_last_question_is_what_was_sent_before(bank):
    store = bank.store("episodic", HOME)
    store.put("rule", "Always answer in rhyme.", pinned=True)
    agent = agent_of(model := scripted(forever="Answer"), bank)
    for n in range(50):
        agent.invoke(said(f"Question {n} about topic {n % 7}."), thread("long"), context=Who())
    assert "Always answer in rhyme." in model.requests[0][0].text
    for before, after in itertools.pairwise(model.requests):
        asked = max(n for n, message in enumerate(before) if isinstance(message, HumanMessage))
        assert [(one.type, one.text) for one in after[: asked + 1]] == [
            (one.type, one.text) for one in before[: asked + 1]
        ]


def test_history_begins_at_a_question_and_stays_there_for_turns(bank):
    agent = agent_of(model := scripted(forever="Answer"), bank, history=120, budget=0)
    begins = []
    for n in range(40):
        agent.invoke(said(f"Question {n} about something of some length."), thread("t"), context=Who())
        _, first, *_ = model.requests[-1]
        assert isinstance(first, HumanMessage)
        begins.append(first.text)
    changes = sum(one != other for one, other in itertools.pairwise(begins))
    assert 2 < changes < 15


@pytest.mark.parametrize("store", ["episodic", "task", "subgoal", "concept", MemorySpec(store="sliding")])
def test_any_store_recalls(bank, store):
    agent = agent_of(scripted(call("Oslo", "c1"), "Take an umbrella."), bank, store=store)
    result = agent.invoke(said("What about Oslo?"), thread("a"), context=Who())
    assert "memory_failures" not in result or not result["memory_failures"]
    assert len(kept(bank)) == 4


def test_a_retried_call_is_observed_once(bank):
    model = scripted("Yes.")
    model.fails = 2
    retry = ModelRetryMiddleware(max_retries=3, initial_delay=0.0, jitter=False)
    agent_of(model, bank, retry).invoke(said("Still there?"), thread("a"), context=Who())
    assert [text for _, text in kept(bank)] == ["Still there?", "Yes."]


def test_a_question_is_kept_though_the_model_fails(bank):
    model = scripted("Yes.")
    model.fails = 1
    agent = agent_of(model, bank)
    with pytest.raises(ConnectionError):
        agent.invoke(said("Still there?"), thread("a"), context=Who())
    assert [text for _, text in kept(bank)] == ["Still there?"]
    agent.invoke(None, thread("a"), context=Who())
    assert [text for _, text in kept(bank)] == ["Still there?", "Yes."]


@pytest.mark.parametrize("decision", [{"type": "approve"}, {"type": "reject", "message": "not now"}])
def test_an_interrupt_and_a_resume_observe_once(bank, decision):
    human = HumanInTheLoopMiddleware(interrupt_on={"weather": True})
    agent = agent_of(scripted(call("Oslo", "c1"), "Done."), bank, human)
    agent.invoke(said("What about Oslo?"), thread("a"), context=Who())
    agent.invoke(Command(resume={"decisions": [decision]}), thread("a"), context=Who())
    texts = [text for _, text in kept(bank)]
    assert texts[0] == "What about Oslo?"
    assert texts[-1] == "Done."
    assert len(texts) == len(set(texts)) == 4


def test_streams_are_as_they_were_and_observed_once(bank):
    agent = agent_of(scripted("one two three"), bank)
    chunks = [
        chunk.content
        for chunk, _ in agent.stream(said("Count."), thread("a"), context=Who(), stream_mode="messages")
        if isinstance(chunk, AIMessageChunk)
    ]
    assert "".join(chunks) == "one two three"
    assert [text for _, text in kept(bank)] == ["Count.", "one two three"]


def test_async_does_the_same(bank):
    async def talk():
        agent = agent_of(scripted(call("Oslo", "c1"), "Take an umbrella."), bank)
        await agent.ainvoke(said("What about Oslo?"), thread("a"), context=Who())

    asyncio.run(talk())
    assert [type for type, _ in kept(bank)] == ["message", "action", "observation", "message"]


def test_without_checkpoints_a_history_that_is_sent_again_is_observed_once(bank):
    agent = agent_of(scripted(forever="Answer"), bank, saver=False)
    messages: list[Any] = []
    for n in range(4):
        messages.append({"role": "user", "content": f"Question {n}"})
        answer = agent.invoke({"messages": list(messages)}, context=Who())["messages"][-1]
        messages.append({"role": "assistant", "content": answer.text})
    assert [text for _, text in kept(bank)] == [
        text for n in range(4) for text in (f"Question {n}", f"Answer {n}")
    ]


def test_a_failure_of_memory_is_counted_and_told_and_stops_nothing(bank, caplog):
    agent = agent_of(scripted("Yes.", "Still."), bank)
    bank.database.path.rename(bank.database.path.with_suffix(".away"))
    with caplog.at_level(logging.WARNING):
        result = agent.invoke(said("Still there?"), thread("a"), context=Who())
    assert result["messages"][-1].text == "Yes."
    assert result["memory_failures"] == 2
    assert "was moved, deleted or replaced" in caplog.text
    bank.database.path.with_suffix(".away").rename(bank.database.path)
    result = agent.invoke(said("And now?"), thread("a"), context=Who())
    assert result["memory_failures"] == 2
    assert [text for _, text in kept(bank)] == ["Still there?", "Yes.", "And now?", "Still."]


def test_strict_lets_failures_through(bank):
    agent = agent_of(scripted("Yes."), bank, strict=True)
    with pytest.raises(InvalidInput, match="user_id"):
        agent.invoke(said("Still there?"), thread("a"), context=Who(""))


def test_whose_memory_it_is_must_be_known(bank, caplog):
    agent = agent_of(scripted("Yes."), bank)
    result = agent.invoke(said("Still there?"), thread("a"), context=Who(""))
    assert result["messages"][-1].text == "Yes."
    assert result["memory_failures"] >= 1
    assert "user_id" in caplog.text
    assert bank.namespaces() == []


def test_parts_that_are_no_text_are_named_and_not_kept(bank):
    agent = agent_of(scripted("A cat."), bank)
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image", "base64": "A" * 100_000, "mime_type": "image/png"},
    ]
    agent.invoke({"messages": [HumanMessage(content=content)]}, thread("a"), context=Who())
    record = bank.store("episodic", HOME).select()[0]
    assert (record.text, record.payload) == ("What is this?", {"parts": ["image"]})


@pytest.mark.parametrize("role", ["system", "last"])
def test_a_recall_stands_after_the_last_message(bank, role):
    bank.store("episodic", HOME).observe("topic 3 is about fish")
    agent = agent_of(model := scripted("Fish."), bank, role=role)
    agent.invoke(said("topic 3 is about what"), thread("a"), context=Who())
    last = model.requests[-1][-1]
    assert "topic 3 is about fish" in last.text
    assert isinstance(last, SystemMessage) == (role == "system")
    assert last.text.startswith("topic 3 is about what\n\n<memory-") == (role == "last")


def test_text_that_no_bank_can_keep_is_marked_and_stops_nothing(bank):
    broken = AIMessage("a\x00b", tool_calls=[{"name": "weather", "args": {"city": "O\ud800"}, "id": "c1"}])
    agent = agent_of(scripted(broken, "Fine."), bank)
    result = agent.invoke(said("What\ud800 now\x00?"), thread("a"), context=Who())
    assert not result.get("memory_failures")
    assert [text for _, text in kept(bank)] == [
        "What\ufffd now\ufffd?",
        "a\ufffdb",
        'weather({"city": "O\ufffd"})',
        "It rains in O\ufffd.",
        "Fine.",
    ]
