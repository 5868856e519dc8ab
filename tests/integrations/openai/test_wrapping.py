"""Clients that remember, against a server of our own: every interface, plain and streamed, awaited or not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from agentmem import Bank, Event
from agentmem.agents.remembering import Remembering
from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotFound
from openai_agentmem import remembering

NAMESPACE = ("acme", "user-7")
FACT = "My sister Nadia is allergic to peanuts."
ASKED = "What is my sister Nadia allergic to?"
TOOL = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}


class Wire:
    """How a test speaks to one interface: neutral histories in, what was sent and said out."""

    error: type[Exception]

    def client(self, url: str, **given: Any) -> Any:
        return openai.OpenAI(base_url=f"{url}/v1", api_key="k", **{"max_retries": 0, **given})

    def aclient(self, url: str, **given: Any) -> Any:
        return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="k", **{"max_retries": 0, **given})

    def api(self, client: Any) -> Any:
        raise NotImplementedError

    def request(self, history: list[Any], system: str = "") -> dict[str, Any]:
        raise NotImplementedError

    def text(self, answer: Any) -> str:
        raise NotImplementedError

    def delta(self, chunk: Any) -> str:
        raise NotImplementedError

    def back(self, answer: Any) -> list[Any]:
        """The answer as history of the next request."""
        raise NotImplementedError

    def result(self, answer: Any, text: str) -> list[Any]:
        """The result of the answer's only tool call."""
        raise NotImplementedError

    def recalled(self, body: dict[str, Any]) -> str:
        """What was recalled into a request, with all that is sent besides left as it was given."""
        raise NotImplementedError

    def final(self, stream: Any) -> Any:
        raise NotImplementedError


class Chat(Wire):
    error = openai.APIError

    def api(self, client: Any) -> Any:
        return client.chat.completions

    def request(self, history: list[Any], system: str = "") -> dict[str, Any]:
        messages = [{"role": "user", "content": one} if isinstance(one, str) else one for one in history]
        return {
            "model": "m",
            "messages": [*([{"role": "system", "content": system}] if system else []), *messages],
        }

    def text(self, answer: Any) -> str:
        return answer.choices[0].message.content or ""

    def delta(self, chunk: Any) -> str:
        return chunk.choices[0].delta.content or ""

    def back(self, answer: Any) -> list[Any]:
        return [answer.choices[0].message]

    def result(self, answer: Any, text: str) -> list[Any]:
        return [{"role": "tool", "tool_call_id": answer.choices[0].message.tool_calls[0].id, "content": text}]

    def recalled(self, body: dict[str, Any]) -> str:
        last = body["messages"][-1]
        return last["content"] if last["role"] == "system" and len(body["messages"]) > 1 else ""

    def final(self, stream: Any) -> Any:
        return stream.get_final_completion()


class Responses(Wire):
    error = openai.APIError

    def api(self, client: Any) -> Any:
        return client.responses

    def request(self, history: list[Any], system: str = "") -> dict[str, Any]:
        items = [{"role": "user", "content": one} if isinstance(one, str) else one for one in history]
        return {"model": "m", "input": items, **({"instructions": system} if system else {})}

    def text(self, answer: Any) -> str:
        return answer.output_text

    def delta(self, chunk: Any) -> str:
        return chunk.delta if chunk.type == "response.output_text.delta" else ""

    def back(self, answer: Any) -> list[Any]:
        return list(answer.output)

    def result(self, answer: Any, text: str) -> list[Any]:
        call = next(item for item in answer.output if item.type == "function_call")
        return [{"type": "function_call_output", "call_id": call.call_id, "output": text}]

    def recalled(self, body: dict[str, Any]) -> str:
        last = body["input"][-1] if isinstance(body["input"], list) else {}
        return last["content"] if last.get("role") == "developer" else ""

    def final(self, stream: Any) -> Any:
        return stream.get_final_response()


class Messages(Wire):
    error = anthropic.APIError

    def client(self, url: str, **given: Any) -> Any:
        return anthropic.Anthropic(base_url=url, api_key="k", **{"max_retries": 0, **given})

    def aclient(self, url: str, **given: Any) -> Any:
        return anthropic.AsyncAnthropic(base_url=url, api_key="k", **{"max_retries": 0, **given})

    def api(self, client: Any) -> Any:
        return client.messages

    def request(self, history: list[Any], system: str = "") -> dict[str, Any]:
        messages = [{"role": "user", "content": one} if isinstance(one, str) else one for one in history]
        return {
            "model": "m",
            "max_tokens": 99,
            "messages": messages,
            **({"system": system} if system else {}),
        }

    def text(self, answer: Any) -> str:
        return "".join(block.text for block in answer.content if block.type == "text")

    def delta(self, chunk: Any) -> str:
        return getattr(chunk.delta, "text", "") if chunk.type == "content_block_delta" else ""

    def back(self, answer: Any) -> list[Any]:
        return [{"role": "assistant", "content": answer.content}]

    def result(self, answer: Any, text: str) -> list[Any]:
        use = next(block for block in answer.content if block.type == "tool_use")
        return [
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": use.id, "content": text}]}
        ]

    def recalled(self, body: dict[str, Any]) -> str:
        last = body["messages"][-1]["content"]
        return (
            last[-1]["text"]
            if isinstance(last, list) and last[-1]["type"] == "text" and len(last) > 1
            else ""
        )

    def final(self, stream: Any) -> Any:
        return stream.get_final_message()


WIRES: list[Wire] = [Chat(), Responses(), Messages()]
every_wire = pytest.mark.parametrize("wire", WIRES, ids=["chat", "responses", "messages"])


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Bank]:
    """A bank with the real embedder: what is relevant matters."""
    with Bank(tmp_path / "real.db", settings=Settings()) as bank:
        yield bank


@pytest.fixture
def open_client(server: Any, bank: Bank) -> Iterator[Callable[..., Any]]:
    opened: list[Any] = []

    def open_(
        wire: Wire, session: str = "talk", of: Bank = bank, client: dict[str, Any] | None = None, **given: Any
    ) -> Any:
        opened.append(
            remembering(
                wire.client(server.url, **client or {}),
                namespace=NAMESPACE,
                bank=of,
                session=session,
                **given,
            )
        )
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def kept(bank: Bank, session: str | None = None) -> list[tuple[str, str, str, str]]:
    events = bank.view(NAMESPACE).events(session)[::-1]
    return [(event.type, event.actor, event.trust.value, event.text) for event in events]


def texts(bank: Bank) -> list[str]:
    return [text for *_, text in kept(bank)]


def cut_off(bank: Bank) -> list[str]:
    return [event.text for event in bank.view(NAMESPACE).events()[::-1] if event.data.get("cut_off")]


@every_wire
def test_what_was_said_is_kept_and_recalled_in_another_session(
    wire: Wire, server: Any, open_client: Any, real: Bank
):
    server.will_say("I will remember that.", "Peanuts.")
    wire.api(open_client(wire, "monday", real)).create(**wire.request([FACT], "Be brief."))
    answer = wire.api(open_client(wire, "friday", real)).create(**wire.request([ASKED], "Be brief."))
    assert wire.text(answer) == "Peanuts."
    assert kept(real) == [
        ("message", "user", "user", FACT),
        ("message", "agent", "agent", "I will remember that."),
        ("message", "user", "user", ASKED),
        ("message", "agent", "agent", "Peanuts."),
    ]
    first, second = server.requests
    assert wire.recalled(first) == ""
    recalled = wire.recalled(second)
    assert FACT in recalled
    assert recalled.startswith("<memory-")
    assert ASKED not in recalled


@every_wire
def test_a_request_is_sent_as_it_is_but_for_what_is_recalled(
    wire: Wire, server: Any, open_client: Any, real: Bank
):
    server.will_say("Paris.", "Hm.", "Peanuts.")
    given = wire.request(["What is the capital of France?"], "Be brief.")
    before = json.dumps(given)
    client = open_client(wire, of=real)
    wire.api(client).create(**given)
    wire.api(client._target).create(**given)
    plain, bare = server.requests
    assert plain == bare
    assert json.dumps(given) == before
    real.append(NAMESPACE, [Event(text=FACT)])
    wire.api(client).create(**wire.request([ASKED], "Be brief."))
    sent = json.dumps(server.requests[-1])
    assert sent.count("Be brief.") == 1
    assert sent.index("Be brief.") != sent.index(FACT)
    assert sent.index(json.dumps(ASKED)[1:-1]) < sent.index(FACT)


@every_wire
def test_the_stable_part_joins_the_system_prompt(wire: Wire, server: Any, open_client: Any, real: Bank):
    real.store("episodic", NAMESPACE).put("name", "The user is called Ada.", pinned=True)
    server.will_say("Yes.", "Yes.", "Yes.")
    client = open_client(wire, of=real)
    for system in ("Be brief.", ""):
        wire.api(client).create(**wire.request([f"Is it {system or 'so'}?"], system))
    for body, system in zip(server.requests, ("Be brief.", ""), strict=True):
        first = body.get("system") or body.get("instructions") or body["messages"][0]["content"]
        assert first.startswith(system)
        assert "The user is called Ada." in first
        assert "Ada" not in json.dumps(body).replace(json.dumps(first), "")
    if not isinstance(wire, Messages):
        server.answers.clear()
        return
    blocks = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
    client.messages.create(**{**wire.request(["Is it?"]), "system": blocks})
    assert server.requests[-1]["system"][0] == blocks[0]
    assert "Ada" in server.requests[-1]["system"][1]["text"]


@every_wire
def test_several_stores_are_one_memory(wire: Wire, server: Any, real: Bank):
    place = ("acme", type(wire).__name__)
    real.store("keyed", place).put("nuts", FACT)
    server.will_say("Nuts.")
    with wire.client(server.url) as client:
        given = {"namespace": place, "bank": real, "strict": True}
        wire.api(remembering(client, store="keyed+episodic", **given)).create(**wire.request([ASKED]))
    assert FACT in json.dumps(server.requests[-1])


def test_a_sum_that_means_no_memory_is_told(bank: Bank, wrong_sum: tuple[str, str]):
    memory, said = wrong_sum
    with pytest.raises((InvalidInput, NotFound)) as raised:
        remembering(openai.OpenAI(api_key="k"), namespace=NAMESPACE, bank=bank, store=memory)
    assert said in str(raised.value)


@every_wire
@pytest.mark.parametrize("streamed", [False, True])
def test_a_conversation_with_tools_is_kept_once_though_all_of_it_is_sent_again(
    wire: Wire, streamed: bool, server: Any, open_client: Any, bank: Bank
):

    server.will_say(
        server.Answer("Let me see.", (("weather", {"city": "Oslo", "at": 9}),)), "It rains.", "Bye!"
    )
    client = open_client(wire)

    def ask(history: list[Any]) -> Any:
        if not streamed:
            return wire.api(client).create(**wire.request(history, "Be brief."))
        with wire.api(client).stream(**wire.request(history, "Be brief.")) as stream:
            return wire.final(stream)

    history: list[Any] = ["Does it rain in Oslo?"]
    first = ask(history)
    history += [*wire.back(first), *wire.result(first, "rain, 4 degrees")]
    second = ask(history)
    ask([*history, *wire.back(second), "Thanks"])
    call = 'weather({"at": 9, "city": "Oslo"})'
    said = [
        ("message", "user", "user", "Does it rain in Oslo?"),
        ("observation", "weather", "tool", "rain, 4 degrees"),
        ("message", "agent", "agent", "It rains."),
        ("message", "user", "user", "Thanks"),
        ("message", "agent", "agent", "Bye!"),
    ]
    acts = [("action", "agent", "agent", f"Let me see.\n{call}")]
    if isinstance(wire, Responses):
        acts = [("message", "agent", "agent", "Let me see."), ("action", "agent", "agent", call)]
    assert kept(bank) == [said[0], *acts, *said[1:]]
    action, observation = (
        next(e for e in bank.view(NAMESPACE).events() if e.type == t) for t in ("action", "observation")
    )
    assert observation.caused_by == (action.id,)
    assert action.data["calls"][0]["name"] == "weather"


@every_wire
def test_retries_and_restarts_keep_each_message_once(wire: Wire, server: Any, open_client: Any, bank: Bank):
    server.will_say("Hello.", "Hello.", "Fine.", "Fine.")
    first = wire.api(open_client(wire)).create(**wire.request(["Hi"]))
    wire.api(open_client(wire)).create(**wire.request(["Hi"]))
    for _ in range(2):
        wire.api(open_client(wire)).create(
            **wire.request(["Hi", *wire.back(first), "How are you?"], "Another system prompt.")
        )
    assert texts(bank) == ["Hi", "Hello.", "How are you?", "Fine."]


@every_wire
def test_the_clients_own_retries_are_one_call(wire: Wire, server: Any, open_client: Any, bank: Bank):

    server.will_say(server.Answer(status=500), "Hello.")
    wire.api(open_client(wire, client={"max_retries": 1})).create(**wire.request(["Hi"]))
    assert texts(bank) == ["Hi", "Hello."]


@every_wire
def test_a_call_that_fails_raises_what_the_client_raises_and_keeps_nothing(
    wire: Wire, server: Any, open_client: Any, bank: Bank
):

    server.will_say(server.Answer(status=400), "Hello.")
    client = open_client(wire)
    with pytest.raises(wire.error):
        wire.api(client).create(**wire.request(["Hi"]))
    assert texts(bank) == []
    wire.api(client).create(**wire.request(["Hi"]))
    assert texts(bank) == ["Hi", "Hello."]


@every_wire
def test_what_is_in_the_request_is_not_recalled_beside_it(
    wire: Wire, server: Any, open_client: Any, real: Bank
):
    server.will_say("Noted.", "Peanuts.")
    client = open_client(wire, of=real)
    first = wire.api(client).create(**wire.request([FACT]))
    wire.api(client).create(**wire.request([FACT, *wire.back(first), ASKED]))
    assert wire.recalled(server.requests[-1]) == ""


@every_wire
@pytest.mark.parametrize("way", ["for", "next", "with"])
def test_a_stream_gives_the_same_chunks(wire: Wire, way: str, server: Any, open_client: Any, bank: Bank):
    server.will_say("It rains in Oslo.", "It rains in Oslo.", "again")
    client = open_client(wire)
    request = {**wire.request(["Does it rain?"]), "stream": True}
    with wire.api(client._target).create(**request) as stream:
        expected = [chunk.model_dump_json().replace("_1", "_2").replace("-1", "-2") for chunk in stream]
    stream = wire.api(client).create(**request)
    assert isinstance(stream, (openai.Stream, anthropic.Stream))
    assert stream.response.status_code == 200
    if way == "for":
        got = list(stream)
    elif way == "next":
        got = [next(stream) for _ in expected]
        with pytest.raises(StopIteration):
            next(stream)
    else:
        with stream as entered:
            assert entered is stream
            got = list(entered)
    assert [chunk.model_dump_json() for chunk in got] == expected
    stream.close()
    assert texts(bank) == ["Does it rain?", "It rains in Oslo."]
    assert cut_off(bank) == []
    wire.api(client).create(
        **wire.request(["Does it rain?", {"role": "assistant", "content": "It rains in Oslo."}, "And now?"])
    )
    assert texts(bank) == ["Does it rain?", "It rains in Oslo.", "And now?", "again"]


def read_words(wire: Wire, stream: Any, most: int) -> str:
    """The first words of a stream; it is left open."""
    text = ""
    while text.count(" ") < most:
        text += wire.delta(next(stream))
    return text


@every_wire
@pytest.mark.parametrize("way", ["close", "with", "break", "raise"])
def test_a_stream_that_is_left_early_keeps_what_came(
    wire: Wire, way: str, server: Any, open_client: Any, bank: Bank
):
    server.will_say("one two three four five", "Go on.")
    client = open_client(wire)
    stream = wire.api(client).create(**{**wire.request(["Count"]), "stream": True})
    if way == "close":
        read_words(wire, stream, 2)
        stream.close()
    elif way == "with":
        with stream:
            read_words(wire, stream, 2)
    else:
        with pytest.raises(ZeroDivisionError) if way == "raise" else nullcontext():
            text = ""
            for chunk in stream:
                text += wire.delta(chunk)
                if text.count(" ") == 2:
                    1 / (way == "break")
                    break
        assert texts(bank) == ["Count", "one two"]
        stream.close()
    assert texts(bank) == ["Count", "one two"]
    assert cut_off(bank) == ["one two"]
    back = {"role": "assistant", "content": "one two "}
    later = open_client(wire)  # as after a restart
    wire.api(later).create(**wire.request(["Count", back, "More"]))
    assert texts(bank) == ["Count", "one two", "More", "Go on."]
    assert client.memory.failures == later.memory.failures == 0


@every_wire
@pytest.mark.parametrize("how", ["torn_after", "error_after"])
def test_a_stream_that_breaks_raises_what_the_client_raises(
    wire: Wire, how: str, server: Any, open_client: Any, bank: Bank
):

    place = 6 if isinstance(wire, Responses) else 4
    server.will_say(
        server.Answer("one two three four five", **{how: place + 1}),
        server.Answer("one two three four five", **{how: place + 1}),
    )
    client = open_client(wire)
    raised = []
    for one in (client._target, client):
        with (
            pytest.raises((openai.APIError, anthropic.APIError, httpx2.TransportError)) as error,
            wire.api(one).create(**{**wire.request(["Count"]), "stream": True}) as stream,
        ):
            list(stream)
        raised.append(type(error.value))
    assert raised[0] is raised[1]
    assert texts(bank)[0] == "Count"
    assert cut_off(bank) == texts(bank)[1:]
    assert texts(bank)[1].startswith("one")


@every_wire
def test_the_clients_own_stream_helper_is_watched(wire: Wire, server: Any, open_client: Any, bank: Bank):
    server.will_say("It rains in Oslo.", "It rains in Oslo.", "It rains in Oslo.")
    client = open_client(wire)
    request = wire.request(["Does it rain?"])
    with wire.api(client._target).stream(**request) as stream:
        expected = [event.type for event in stream]
    with wire.api(client).stream(**request) as stream:
        assert [event.type for event in stream] == expected
        assert wire.text(wire.final(stream)) == "It rains in Oslo."
    assert texts(bank) == ["Does it rain?", "It rains in Oslo."]
    with wire.api(client).stream(**wire.request(["And now?"])) as stream:
        for event in stream:
            if "It rains" in str(event):
                break
    assert texts(bank)[:3] == ["Does it rain?", "It rains in Oslo.", "And now?"]
    assert len(cut_off(bank)) == 1


@every_wire
def test_awaited_clients_do_the_same(wire: Wire, server: Any, real: Bank):

    real.append(NAMESPACE, [Event(text=FACT)])
    server.will_say(
        "Peanuts.",
        "one two three",
        "one two three",
        "one two three",
        "one two three",
        server.Answer(status=400),
    )

    async def act() -> None:
        client = remembering(wire.aclient(server.url), namespace=NAMESPACE, bank=real, session="talk")
        async with client as entered:
            assert entered is client
            api = wire.api(client)
            assert wire.text(await api.create(**wire.request([ASKED]))) == "Peanuts."
            stream = await api.create(**{**wire.request(["Count"]), "stream": True})
            assert isinstance(stream, (openai.AsyncStream, anthropic.AsyncStream))
            assert (
                "".join([wire.delta(chunk) async for chunk in stream if getattr(chunk, "choices", True)])
                == "one two three"
            )
            async with await api.create(**{**wire.request(["Count again"]), "stream": True}) as stream:
                text = ""
                while "two" not in text:
                    text += wire.delta(await stream.__anext__())
            stream = await api.create(**{**wire.request(["Once more"]), "stream": True})
            await stream.close()
            async with api.stream(**wire.request(["By the helper"])) as stream:
                assert wire.text(await wire.final(stream)) == "one two three"
            with pytest.raises(wire.error):
                await api.create(**wire.request(["Fail"]))

    asyncio.run(act())
    assert FACT in wire.recalled(server.requests[0])
    assert texts(real) == [
        FACT, ASKED, "Peanuts.", "Count", "one two three", "Count again", "one two",
        "Once more", "By the helper", "one two three",
    ]  # fmt: skip
    assert cut_off(real) == ["one two"]


def test_an_awaited_stream_that_is_left_by_break_or_cancelled_keeps_what_came(server: Any, bank: Bank):
    wire = WIRES[0]
    server.will_say("one two three", "one two three")

    async def act() -> None:
        async with remembering(wire.aclient(server.url), namespace=NAMESPACE, bank=bank) as client:
            text = ""
            stream = await wire.api(client).create(**{**wire.request(["Count"]), "stream": True})
            async for chunk in stream:
                text += wire.delta(chunk)
                if "two" in text:
                    break
            await stream.close()

            async def read() -> None:
                stream = await wire.api(client).create(**{**wire.request(["Count again"]), "stream": True})
                async with stream:
                    await stream.__anext__()
                    await stream.__anext__()
                    await asyncio.sleep(60)

            reading = asyncio.create_task(read())
            await asyncio.sleep(0.5)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading

    asyncio.run(act())
    assert texts(bank) == ["Count", "one two", "Count again", "one"]
    assert cut_off(bank) == ["one two", "one"]


@every_wire
def test_memory_that_fails_stops_no_call(
    wire: Wire, server: Any, open_client: Any, bank: Bank, monkeypatch: Any, caplog: Any
):
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise OSError("the disk is gone")

    server.will_say("Hello.", "one two", "Hello.")
    client, strict = open_client(wire), open_client(wire, strict=True)
    monkeypatch.setattr(Bank, "append", broken)
    monkeypatch.setattr(Bank, "view", broken)
    assert wire.text(wire.api(client).create(**wire.request(["Hi"]))) == "Hello."
    chunks = list(wire.api(client).create(**{**wire.request(["Count"]), "stream": True}))
    assert "".join(wire.delta(chunk) for chunk in chunks if getattr(chunk, "choices", True)) == "one two"
    assert client.memory.failures == 4
    assert "OSError at openai/test_wrapping.py" in caplog.text and "the disk" not in caplog.text
    with pytest.raises(OSError, match="disk"):
        wire.api(strict).create(**wire.request(["Hi"]))
    assert wire.text(wire.api(strict._target).create(**wire.request(["Hi"]))) == "Hello."


@every_wire
@pytest.mark.parametrize(
    "odd",
    [
        [42],
        [{"role": "user"}],
        [{"role": "user", "content": [{"type": "text"}, None]}],
        [{"role": "user", "content": 7}],
    ],
)
def test_a_request_that_memory_cannot_read_is_sent_as_it_is(
    wire: Wire, odd: list[Any], server: Any, open_client: Any
):
    server.will_say("What?")
    assert wire.text(wire.api(open_client(wire)).create(**wire.request(odd))) == "What?"


PIXELS = "iVBORw0KGgo" * 20_000
PICTURES = {
    Chat: {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXELS}"}},
    Responses: {"type": "input_image", "image_url": f"data:image/png;base64,{PIXELS}"},
    Messages: {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXELS}},
}


@every_wire
def test_images_are_kept_as_a_word(wire: Wire, server: Any, open_client: Any, bank: Bank):
    server.will_say("A cat.", "A dog.")
    kind = "input_text" if isinstance(wire, Responses) else "text"
    picture = PICTURES[type(wire)]
    other = json.loads(json.dumps(picture).replace("iVBORw0KGgo", "AAAAAAAAAAA"))
    for one in (picture, other):
        content = [{"type": kind, "text": "What is this?"}, one]
        wire.api(open_client(wire)).create(**wire.request([{"role": "user", "content": content}]))
    assert json.dumps(server.requests[0]).count(PIXELS) == 1
    assert texts(bank) == ["What is this?\n[image]", "A cat.", "What is this?\n[image]", "A dog."]
    event = bank.view(NAMESPACE).events()[-1]
    assert event.data == {"parts": [{"type": "image"}]}
    assert all(len(one.model_dump_json()) < 1_000 for one in bank.view(NAMESPACE).events())


@every_wire
def test_what_no_database_can_keep_is_kept_without_it(wire: Wire, server: Any, open_client: Any, bank: Bank):

    server.will_say(server.Answer("a\x00b", (("weather", {"city": "\x00"}),)))
    client = open_client(wire)
    wire.api(client).create(**wire.request(["c\x00d"]))
    assert texts(bank)[:1] == ["c?d"]
    assert client.memory.failures == 0


def test_responses_whose_history_the_server_holds_go_on_in_one_chain(
    server: Any, open_client: Any, real: Bank
):
    wire = WIRES[1]
    real.append(NAMESPACE, [Event(text=FACT)])
    server.will_say("Hello.", "Peanuts.", "You are welcome.", "Yes.", "Yes.")
    client = open_client(wire, of=real)
    first = client.responses.create(model="m", input="Hi")
    second = client.responses.create(model="m", input=ASKED, previous_response_id=first.id)
    third = client.responses.create(model="m", input=ASKED, previous_response_id=second.id)
    assert FACT in wire.recalled(server.requests[1])
    assert wire.recalled(server.requests[2]) == ""  # the server has it already
    assert texts(real) == [FACT, "Hi", "Hello.", ASKED, "Peanuts.", ASKED, "You are welcome."]
    again = open_client(wire, of=real)
    for _ in range(2):  # of a history that this client does not know, a retry is one all the same
        again.responses.create(model="m", input="Is it?", previous_response_id=third.id)
    assert texts(real)[-2:] == ["Is it?", "Yes."]


def test_a_conversation_that_the_server_holds_goes_on_in_one_chain(server: Any, open_client: Any, bank: Bank):
    server.will_say("Hello.", "Hello.", "Hello.")
    client = open_client(WIRES[1])
    for given in ("conv_1", {"id": "conv_1"}, "conv_2"):
        client.responses.create(model="m", input="Hi", conversation=given)
    assert texts(bank) == ["Hi", "Hello."] * 3


def test_an_answer_to_be_gone_on_with_stays_last(server: Any, open_client: Any, real: Bank):
    real.append(NAMESPACE, [Event(text=FACT)])
    server.will_say("peanuts.", "peanuts.")
    begun = {"role": "assistant", "content": "She is allergic to"}
    for wire in (WIRES[0], WIRES[2]):
        wire.api(open_client(wire, wire.error.__module__, real)).create(**wire.request([ASKED, begun]))
    for body in server.requests:
        assert body["messages"][-1] == begun
        assert FACT in json.dumps(body["messages"][-2])


def test_structured_answers_are_remembered_too(server: Any, open_client: Any, bank: Bank):
    from pydantic import BaseModel

    class City(BaseModel):
        name: str

    server.will_say('{"name": "Oslo"}', '{"name": "Oslo"}')
    client = open_client(WIRES[0])
    done = client.chat.completions.parse(
        model="m", messages=[{"role": "user", "content": "Which city?"}], response_format=City
    )
    assert done.choices[0].message.parsed == City(name="Oslo")
    other = client.responses.parse(model="m", input="Which town?", text_format=City)
    assert other.output_parsed == City(name="Oslo")
    assert texts(bank) == ["Which city?", '{"name": "Oslo"}', "Which town?", '{"name": "Oslo"}']


def test_messages_that_can_be_read_but_once_are_read_once(server: Any, open_client: Any, bank: Bank):
    server.will_say("Hello.")
    open_client(WIRES[0]).chat.completions.create(
        model="m", messages=({"role": "user", "content": one} for one in ["Hi"])
    )
    assert server.requests[0]["messages"] == [{"role": "user", "content": "Hi"}]
    assert texts(bank) == ["Hi", "Hello."]


def test_it_behaves_as_the_client(server: Any, bank: Bank):
    with remembering(WIRES[0].client(server.url), namespace=NAMESPACE, bank=bank) as client:
        assert isinstance(client, openai.OpenAI)
        assert isinstance(client.chat, openai.resources.Chat)
        assert client.api_key == "k"
        assert str(client.base_url).startswith(server.url)
        assert client.models is client._target.models
        assert client.chat.completions.create.__name__ == "create"
        assert isinstance(client.memory, Remembering)
        assert client.memory.session
        client.max_retries = 5
        assert client._target.max_retries == 5
        assert "embeddings" in dir(client)
        with pytest.raises(AttributeError):
            client.nonsense  # noqa: B018
        server.will_say("Hello.")
        quick = client.with_options(timeout=5)
        assert quick.timeout == 5
        quick.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
        assert texts(bank) == ["Hi", "Hello."]
    assert client.is_closed()
    assert not bank.closed


def test_a_bank_from_a_path_is_closed_with_its_client(server: Any, tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    server.will_say("Hello.")
    with remembering(WIRES[2].client(server.url), namespace=NAMESPACE, bank=tmp_path / "own.db") as client:
        client.messages.create(**WIRES[2].request(["Hi"]))
    assert client.memory.bank.closed
    with Bank(tmp_path / "own.db") as bank:
        assert texts(bank) == ["Hi", "Hello."]


def test_many_threads_with_one_client_lose_nothing(server: Any, open_client: Any, bank: Bank):
    from concurrent.futures import ThreadPoolExecutor

    server.will_say(*["Hello."] * 24)
    client = open_client(WIRES[0])

    def ask(n: int) -> None:
        client.chat.completions.create(**WIRES[0].request([f"I am number {n}"]))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(24)))
    assert sorted(texts(bank)) == sorted([*(f"I am number {n}" for n in range(24)), *["Hello."] * 24])
    assert client.memory.failures == 0


@pytest.mark.slow
def test_the_embedded_model_answers_through_it(real: Bank):
    from agentmem.models import user
    from agentmem.models.llama_cpp import LlamaCppChat

    real.append(NAMESPACE, [Event(text=FACT)])
    llama = LlamaCppChat(window=1_024)
    llama.complete([user("Hello?")], max_tokens=1)
    request = {
        "model": "smollm2",
        "max_tokens": 12,
        "temperature": 0,
        "messages": [{"role": "user", "content": ASKED}],
    }
    bare = openai.OpenAI(base_url=f"{llama.address}/v1", api_key="none")
    with remembering(bare, namespace=NAMESPACE, bank=real) as client:
        without = bare.chat.completions.create(**request)
        answer = client.chat.completions.create(**request)
        assert answer.usage.prompt_tokens > without.usage.prompt_tokens + 20
        said = "".join(
            chunk.choices[0].delta.content or ""
            for chunk in client.chat.completions.create(**request, stream=True)
            if chunk.choices
        )
    assert texts(real)[:3] == [FACT, ASKED, answer.choices[0].message.content.strip()]
    assert texts(real)[-1] == said.strip() != ""


@every_wire
@pytest.mark.parametrize("streamed", [False, True])
def test_answers_that_the_caller_parses_are_remembered(
    wire: Wire, streamed: bool, server: Any, open_client: Any, bank: Bank
):
    server.will_say("one", "two", "three", "four", "five")
    request = {"stream": True} if streamed else {}
    client = open_client(wire)

    def read(parsed: Any) -> str:
        if not streamed:
            return wire.text(parsed)
        return "".join(wire.delta(chunk) for chunk in parsed if getattr(chunk, "choices", True))

    raw = wire.api(client).with_raw_response.create(**wire.request(["1"]), **request)
    assert raw.status_code == 200
    assert read(raw.parse()) == "one"
    raw = wire.api(client.with_raw_response).create(**wire.request(["2"]), **request)
    assert read(raw.parse()) == "two"
    with wire.api(client).with_streaming_response.create(**wire.request(["3"]), **request) as response:
        assert response.status_code == 200
        assert read(response.parse()) == "three"

    async def act() -> list[str]:
        async with remembering(
            wire.aclient(server.url), namespace=NAMESPACE, bank=bank, session="talk"
        ) as client:
            raw = await wire.api(client).with_raw_response.create(**wire.request(["4"]), **request)
            found = [raw.parse()]
            async with wire.api(client).with_streaming_response.create(
                **wire.request(["5"]), **request
            ) as response:
                first = await found[0] if hasattr(found[0], "__await__") else found[0]
                return [await aread(first), await aread(await response.parse())]

    async def aread(parsed: Any) -> str:
        if not streamed:
            return wire.text(parsed)
        return "".join([wire.delta(chunk) async for chunk in parsed if getattr(chunk, "choices", True)])

    assert asyncio.run(act()) == ["four", "five"]
    assert texts(bank) == ["1", "one", "2", "two", "3", "three", "4", "four", "5", "five"]
    assert cut_off(bank) == []


@pytest.mark.parametrize("kind", ["OpenAIResponsesModel", "OpenAIChatCompletionsModel"])
def test_the_agents_sdk_remembers_through_it(kind: str, server: Any, real: Bank):
    import agents

    real.append(NAMESPACE, [Event(text=FACT)])
    server.will_say("Peanuts.", "Good night.")

    async def act() -> list[str]:
        config = agents.RunConfig(tracing_disabled=True)
        async with remembering(
            WIRES[0].aclient(server.url), namespace=NAMESPACE, bank=real, session="talk"
        ) as client:
            model = getattr(agents, kind)(model="m", openai_client=client)
            helper = agents.Agent(name="helper", instructions="Be brief.", model=model)
            first = await agents.Runner.run(helper, ASKED, run_config=config)
            streamed = agents.Runner.run_streamed(
                helper, [*first.to_input_list(), {"role": "user", "content": "Bye"}], run_config=config
            )
            async for _ in streamed.stream_events():
                pass
            return [first.final_output, streamed.final_output]

    assert asyncio.run(act()) == ["Peanuts.", "Good night."]
    assert FACT in json.dumps(server.requests[0])
    assert texts(real) == [FACT, ASKED, "Peanuts.", "Bye", "Good night."]


@every_wire
def test_a_history_whose_beginning_is_cut_is_kept_once_and_its_beginning_recalled(
    wire: Wire, server: Any, open_client: Any, real: Bank
):
    client = open_client(wire, of=real)
    history: list[Any] = []
    questions = [FACT, "What is two and two?", "And three?", "Which is the tallest tree?", ASKED]
    server.will_say(*[f"Answer {n}." for n in range(len(questions))])
    for question in questions:
        history.append(question)
        answer = wire.api(client).create(**wire.request(history[-3:]))
        history.append({"role": "assistant", "content": wire.text(answer)})
    assert texts(real) == [
        text for n, question in enumerate(questions) for text in (question, f"Answer {n}.")
    ]
    assert FACT in wire.recalled(server.requests[-1])
    assert "tallest tree" not in wire.recalled(server.requests[-1])


@every_wire
def test_a_stream_that_is_left_and_read_further_is_kept_whole(
    wire: Wire, server: Any, open_client: Any, bank: Bank
):
    server.will_say("It rains in Oslo.")
    stream = wire.api(open_client(wire)).create(**{**wire.request(["Does it rain?"]), "stream": True})
    peeked = next(iter(stream))
    chunks = [peeked, *stream]
    assert (
        "".join(wire.delta(chunk) for chunk in chunks if getattr(chunk, "choices", True))
        == "It rains in Oslo."
    )
    assert texts(bank) == ["Does it rain?", "It rains in Oslo."]
    assert cut_off(bank) == []


def test_a_wrong_set_up_is_told_at_once(server: Any, bank: Bank, tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    with WIRES[0].client(server.url) as client:
        with pytest.raises(NotFound, match="nonsense"):
            remembering(client, namespace=NAMESPACE, bank=tmp_path / "own.db", store="nonsense")
        with pytest.raises(InvalidInput, match="namespace"):
            remembering(client, namespace="acme", bank=bank)
        with pytest.raises(InvalidInput, match="no client"):
            remembering(object(), namespace=NAMESPACE, bank=bank)


def test_of_several_choices_the_first_is_kept_and_another_as_history(server: Any, bank: Bank):
    from openai_agentmem.wire import CHAT

    client = remembering(WIRES[0].client(server.url), namespace=NAMESPACE, bank=bank, session="talk")
    with client:
        server.will_say("One.", "Fine.")
        answer = client.chat.completions.create(**WIRES[0].request(["Say a number"]))
        other = answer.choices[0].model_copy(update={"index": 1}, deep=True)
        other.message.content = "Two."
        assert [
            said.text for said in CHAT.answer(answer.model_copy(update={"choices": [*answer.choices, other]}))
        ] == ["One."]
        client.chat.completions.create(**WIRES[0].request(["Say a number", other.message, "And?"]))
    assert texts(bank) == ["Say a number", "One.", "Two.", "And?", "Fine."]
