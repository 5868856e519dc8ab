"""What the Agents SDK's own SQLite session does, ours does too; and what only ours does."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from agents import Agent, ModelResponse, RunConfig, Runner, Session, SessionSettings, Usage, function_tool
from agents.memory import SQLiteSession
from agents.models.interface import Model
from openai.types.responses import (
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
)

from agentmem import Bank, Event
from agentmem.config import Settings
from agentmem.errors import InvalidInput, Refused
from openai_agentmem import AgentMemSession

NAMESPACE = ("acme", "user-7")
Open = Callable[..., Any]


def fast() -> Settings:
    return Settings(embedder="hashing")


def theirs(folder: Path, session: str = "talk", **given: Any) -> SQLiteSession:
    return SQLiteSession(session, folder / "theirs.db", **given)


def ours(folder: Path, session: str = "talk", **given: Any) -> AgentMemSession:
    made = AgentMemSession(Bank(folder / "ours.db", settings=fast()), session, NAMESPACE, **given)
    made._own = made.bank
    return made


@pytest.fixture
def open_session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    opened: list[Any] = []

    def open_(session: str = "talk", **given: Any) -> Any:
        opened.append(request.param(tmp_path, session, **given))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


both = pytest.mark.parametrize("open_session", [theirs, ours], indirect=True)


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def agent(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}


CALL = {
    "type": "function_call",
    "call_id": "call_1",
    "name": "weather",
    "arguments": '{"city": "Oslo"}',
    "id": "fc_1",
}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "4 degrees, rain"}
REASONING = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA" * 20}
TALK = [user("Is it warm in Oslo?"), REASONING, CALL, OUTPUT, agent("No, 4 degrees."), user("Thanks")]


@both
def test_it_is_a_session(open_session: Open):
    session = open_session()
    assert isinstance(session, Session)
    assert session.session_id == "talk"
    assert session.session_settings == SessionSettings()


@both
def test_items_come_back_verbatim_and_in_order(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        for item in TALK:
            await session.add_items([item])
        await session.add_items(TALK)
        return await session.get_items()

    assert asyncio.run(act()) == [*TALK, *TALK]


@both
@pytest.mark.parametrize(
    ("limit", "expected"),
    [(None, TALK), (0, []), (1, TALK[-1:]), (4, TALK[-4:]), (6, TALK), (99, TALK), (-1, TALK), (-3, TALK)],
)
def test_limits_take_the_newest(open_session: Open, limit: int | None, expected: list[Any]):
    async def act() -> list[Any]:
        session = open_session()
        await session.add_items(TALK)
        return await session.get_items(limit)

    assert asyncio.run(act()) == expected


@both
@pytest.mark.parametrize("settings", [SessionSettings(limit=2), {"limit": 2}])
def test_settings_limit_what_is_got_unless_the_call_does(open_session: Open, settings: Any):
    async def act() -> list[Any]:
        session = open_session(session_settings=settings)
        await session.add_items(TALK)
        return [await session.get_items(), await session.get_items(limit=3), session.session_settings]

    assert asyncio.run(act()) == [TALK[-2:], TALK[-3:], SessionSettings(limit=2)]


@both
def test_unknown_settings_are_errors(open_session: Open):
    with pytest.raises((TypeError, ValueError, InvalidInput)):
        open_session(session_settings={"limits": 2})


@both
def test_an_empty_session_has_nothing(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        before = [await session.get_items(), await session.get_items(limit=5), await session.pop_item()]
        await session.add_items([])
        await session.clear_session()
        return [*before, await session.get_items()]

    assert asyncio.run(act()) == [[], [], None, []]


@both
def test_pop_takes_the_newest_until_none_is_left(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        await session.add_items(TALK[:3])
        popped = [await session.pop_item(), await session.get_items()]
        await session.add_items([TALK[2], TALK[3]])
        return [
            *popped,
            await session.get_items(2),
            *[await session.pop_item() for _ in range(5)],
            await session.get_items(),
        ]

    first, second, third, fourth = TALK[:4]
    assert asyncio.run(act()) == [
        third, [first, second], [third, fourth], fourth, third, second, first, None, [],
    ]  # fmt: skip


@both
def test_clear_then_add_begins_anew(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        await session.add_items(TALK)
        await session.clear_session()
        cleared = [await session.get_items(), await session.pop_item()]
        await session.add_items(TALK[:2])
        return [*cleared, await session.get_items()]

    assert asyncio.run(act()) == [[], None, TALK[:2]]


STRANGE = [
    user("Füße, 日本語, 🏔️, שלום, \u202edrow, e\u0301"),
    user(""),
    user(" \n\t "),
    user("a NUL \x00, a lone surrogate \ud800"),
    user("x" * 100_000),
    {"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,iVBOR"}]},
    {"number": 1.5, "big": 2**70, "none": None, "nested": [{"a": [1, True]}], "item_json": "[", "": ""},
    {"role": "user", "content": "NaN", "score": float("inf")},
    {},
]


@both
@pytest.mark.parametrize("item", STRANGE, ids=map(str, range(len(STRANGE))))
def test_any_item_comes_back_as_it_was(open_session: Open, item: Any):
    async def act() -> list[Any]:
        session = open_session()
        await session.add_items([item, user("next")])
        return [await session.get_items(), await session.pop_item(), await session.pop_item()]

    assert asyncio.run(act()) == [[item, user("next")], user("next"), item]


@both
def test_what_is_no_json_is_an_error_and_keeps_nothing(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        with pytest.raises(TypeError):
            await session.add_items([user("kept?"), {"role": object()}])
        return await session.get_items()

    assert asyncio.run(act()) == []


@both
def test_items_are_not_the_callers_objects(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        mine = user("one")
        await session.add_items([mine])
        mine["content"] = "two"
        (got,) = await session.get_items()
        got["content"] = "three"
        return await session.get_items()

    assert asyncio.run(act()) == [user("one")]


@both
def test_sessions_do_not_see_each_other(open_session: Open):
    async def act() -> list[Any]:
        one, two, quoted = open_session("one"), open_session("two"), open_session("o\"ne' or 1=1 --")
        await one.add_items([user("of one")])
        await two.add_items([user("of two")])
        await quoted.add_items([user("of a strange name")])
        await two.clear_session()
        await two.add_items([user("of two again")])
        return [await one.get_items(), await two.get_items(), await quoted.get_items()]

    assert asyncio.run(act()) == [[user("of one")], [user("of two again")], [user("of a strange name")]]


@both
def test_a_file_is_opened_again(open_session: Open):
    async def first() -> None:
        session = open_session()
        await session.add_items(TALK)
        await session.pop_item()
        session.close()

    async def second() -> list[Any]:
        session = open_session()
        held = await session.get_items()
        await session.add_items([user("back again")])
        return [held, await session.get_items()]

    asyncio.run(first())
    assert asyncio.run(second()) == [TALK[:-1], [*TALK[:-1], user("back again")]]


@both
def test_two_objects_on_one_file_see_the_same(open_session: Open):
    async def act() -> list[Any]:
        one, two = open_session(), open_session()
        await one.add_items([user("from one")])
        await two.add_items([user("from two")])
        return [await one.get_items(), await two.pop_item(), await one.get_items(), await two.get_items()]

    here = [user("from one")]
    assert asyncio.run(act()) == [[*here, user("from two")], user("from two"), here, here]


@both
def test_tasks_at_once_lose_and_double_nothing(open_session: Open):
    async def act() -> tuple[list[Any], list[Any], list[Any]]:
        session = open_session()
        pairs = [[user(f"{n}a"), user(f"{n}b")] for n in range(20)]
        await asyncio.gather(*(session.add_items(pair) for pair in pairs))
        added = await session.get_items()
        popped = await asyncio.gather(*(session.pop_item() for _ in range(15)))
        return added, popped, await session.get_items()

    added, popped, left = asyncio.run(act())
    texts = [item["content"] for item in added]
    assert sorted(texts) == sorted(f"{n}{half}" for n in range(20) for half in "ab")
    assert all(texts[n][:-1] == texts[n + 1][:-1] for n in range(0, 40, 2))
    assert left == added[:25]
    assert sorted(item["content"] for item in popped) == sorted(texts[25:])


@both
def test_two_objects_pop_each_item_once(open_session: Open):
    async def act() -> list[Any]:
        one, two = open_session(), open_session()
        await one.add_items([user(str(n)) for n in range(20)])
        popped = await asyncio.gather(*((one, two)[n % 2].pop_item() for n in range(24)))
        return [
            sorted(int(item["content"]) for item in popped if item),
            popped.count(None),
            await one.get_items(),
        ]

    assert asyncio.run(act()) == [list(range(20)), 4, []]


@both
def test_a_cancelled_add_is_whole_or_absent(open_session: Open):
    async def act() -> list[Any]:
        session = open_session()
        await session.add_items([user("first")])
        adding = asyncio.create_task(session.add_items(TALK))
        await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
        return await session.get_items()

    assert asyncio.run(act()) in ([user("first")], [user("first"), *TALK])


class Scripted(Model):
    """Answers with what it is given, and keeps what it was asked."""

    def __init__(self, *outputs: list[Any]) -> None:
        self.outputs = list(outputs)
        self.asked: list[Any] = []

    async def get_response(
        self, system_instructions: Any, input: Any, *args: Any, **kwargs: Any
    ) -> ModelResponse:
        self.asked.append([dict(item) for item in input] if isinstance(input, list) else input)
        return ModelResponse(output=self.outputs.pop(0), usage=Usage(), response_id=None)

    def stream_response(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


def says(text: str) -> list[Any]:
    part = ResponseOutputText(text=text, type="output_text", annotations=[])
    return [
        ResponseOutputMessage(id="m", content=[part], role="assistant", status="completed", type="message")
    ]


def calls(city: str) -> list[Any]:
    return [
        ResponseFunctionToolCall(
            arguments=f'{{"city": "{city}"}}', call_id="c1", name="weather", type="function_call"
        )
    ]


@function_tool
def weather(city: str) -> str:
    """The weather."""
    return f"rain in {city}"


def conversation(open_session: Open) -> list[Any]:
    """Two turns, a restart, a third: what the model was asked, and what the session holds."""
    config = RunConfig(tracing_disabled=True)

    def run(model: Scripted, *questions: str, settings: RunConfig = config) -> list[Any]:
        async def act() -> list[Any]:
            session = open_session()
            helper = Agent(name="helper", model=model, tools=[weather])
            answers = [
                (await Runner.run(helper, one, session=session, run_config=settings)).final_output
                for one in questions
            ]
            held = await session.get_items()
            session.close()
            return [answers, model.asked, held]

        return asyncio.run(act())

    first = run(
        Scripted(calls("Oslo"), says("It rains."), says("You are welcome.")), "How is Oslo?", "Thanks"
    )
    second = run(Scripted(says("Oslo.")), "Which city was it?")
    limited = RunConfig(tracing_disabled=True, session_settings=SessionSettings(limit=2))
    return [first, second, run(Scripted(says("Two.")), "How much do you see?", settings=limited)]


def test_a_real_runner_is_told_the_same_by_both(tmp_path: Path):
    told = []
    for kind in (theirs, ours):
        told.append(conversation(lambda kind=kind: kind(tmp_path)))
    assert told[0] == told[1]
    (_, asked, held), (answers, after, _), (_, limited, _) = told[1]
    assert [len(one) for one in asked] == [1, 3, 5]
    assert len(held) == 6
    assert answers == ["Oslo."]
    assert len(after[0]) == 7
    assert len(limited[0]) == 3


def test_rows_that_are_no_items_are_passed_over(bank: Bank):
    async def act() -> list[Any]:
        session = AgentMemSession(bank, "talk", NAMESPACE)
        await session.add_items(TALK[:2])
        broken = [
            Event(session="talk", text="torn", data={"item_json": '{"role": "us'}),
            Event(session="talk", text="a note"),
        ]
        bank.append(NAMESPACE, broken)
        return [await session.get_items(limit=2), await session.pop_item(), await session.get_items()]

    assert asyncio.run(act()) == [TALK[:2], TALK[1], TALK[:1]]


def test_a_clock_that_goes_back_changes_no_order(bank: Bank, clock: Any):
    async def act() -> list[Any]:
        session = AgentMemSession(bank, "talk", NAMESPACE)
        for item in TALK[:4]:
            await session.add_items([item])
            clock.now -= timedelta(days=1)
        return [await session.get_items(), await session.get_items(limit=2), await session.pop_item()]

    assert asyncio.run(act()) == [TALK[:4], TALK[2:4], TALK[3]]


def test_items_are_events_that_any_store_recalls(tmp_path: Path):
    with Bank(tmp_path / "real.db", settings=Settings()) as bank:
        asyncio.run(AgentMemSession(bank, "monday", NAMESPACE).add_items(TALK))
        kept = bank.view(NAMESPACE).events("monday")[::-1]
        told = [(event.type, event.actor, event.trust.value, event.text) for event in kept]
        memory = bank.store("episodic", NAMESPACE)
        hits = memory.recall("temperature in Oslo", k=9)
        context = memory.synthesize("temperature in Oslo", 500)
        assert not memory.recall("gAAAA reasoning encrypted_content", k=9)
    assert told == [
        ("message", "user", "user", "Is it warm in Oslo?"),
        ("note", "agent", "agent", " "),
        ("action", "agent", "agent", 'weather({"city": "Oslo"})'),
        ("observation", "tool", "tool", "4 degrees, rain"),
        ("message", "agent", "agent", "No, 4 degrees."),
        ("message", "user", "user", "Thanks"),
    ]
    assert "Is it warm in Oslo?" in [hit.text for hit in hits]
    assert " " not in [hit.text for hit in hits]
    assert "gAAAA" not in context.text


def test_a_popped_item_comes_back_nowhere_and_a_cleared_one_is_forgotten(bank: Bank):
    memory = bank.store("episodic", NAMESPACE)
    session = AgentMemSession(bank, "talk", NAMESPACE)
    note = Event(session="talk", text="a note about plum trees, of somebody else")
    asyncio.run(session.add_items([user("I planted plum trees"), user("and pear trees")]))
    bank.append(NAMESPACE, [note])
    assert asyncio.run(session.pop_item()) == user("and pear trees")
    assert "and pear trees" not in [hit.text for hit in memory.recall("pear trees")]
    assert "and pear trees" in [record.text for record in memory.select()]
    bank.rebuild(NAMESPACE)
    assert asyncio.run(session.get_items()) == [user("I planted plum trees")]
    asyncio.run(session.clear_session())
    assert [record.text for record in memory.select()] == [note.text]
    assert bank.verify() == []
    assert asyncio.run(session.get_items()) == []


def test_a_corrected_item_is_as_it_was_said_and_a_retracted_one_is_out(bank: Bank):
    memory = bank.store("episodic", NAMESPACE)
    session = AgentMemSession(bank, "talk", NAMESPACE)
    asyncio.run(session.add_items([user("I live in Rome"), user("My card is green"), user("Bye")]))
    first, second, _ = memory.select()
    memory.correct(first.id, "I live in Lima")
    memory.retract([second.id])
    assert asyncio.run(session.get_items()) == [user("I live in Rome"), user("Bye")]
    assert [asyncio.run(session.pop_item()) for _ in range(3)] == [user("Bye"), user("I live in Rome"), None]


def test_credentials_are_masked_or_refused_loudly(open_bank: Any):
    secret = user("my key is AKIAIOSFODNN7EXAMPLQ")
    masked = AgentMemSession(open_bank("masked.db"), "talk", NAMESPACE)
    asyncio.run(masked.add_items([secret]))
    assert "AKIA" not in str(asyncio.run(masked.get_items()))
    strict = AgentMemSession(open_bank("strict.db", screen="refuse"), "talk", NAMESPACE)
    with pytest.raises(Refused):
        asyncio.run(strict.add_items([user("harmless"), secret]))
    assert asyncio.run(strict.get_items()) == []


def test_a_bank_that_was_given_stays_open_and_one_from_a_path_is_closed(
    bank: Bank, tmp_path: Path, monkeypatch: Any
):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    with AgentMemSession(bank, "talk", NAMESPACE) as session:
        asyncio.run(session.add_items([user("one")]))
    assert not bank.closed
    with AgentMemSession(tmp_path / "own.db", "talk") as session:
        asyncio.run(session.add_items([user("one")]))
    assert session.bank.closed


def test_the_package_is_imported_without_the_clients():
    code = (
        "import sys, openai_agentmem\n"
        "print([name for name in ('agents', 'openai', 'anthropic', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


ANOTHER = """
import asyncio, sys
from pathlib import Path
from agentmem import Bank
from agentmem.config import Settings
from openai_agentmem import AgentMemSession

async def act():
    with Bank(sys.argv[1], settings=Settings(embedder="hashing")) as bank:
        session = AgentMemSession(bank, "talk", ("acme", "user-7"))
        for n in range(10):
            await session.add_items([{"role": "user", "content": f"{sys.argv[2]}{n}{half}"} for half in "ab"])
        for n in range(5):
            print((await session.pop_item())["content"])

asyncio.run(act())
"""


def test_processes_at_once_lose_and_double_nothing(tmp_path: Path):
    path = tmp_path / "ours.db"
    with Bank(path, settings=fast()) as bank:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", ANOTHER, str(path), name], stdout=subprocess.PIPE, text=True
            )
            for name in "xy"
        ]
        popped = [text for one in started for text in one.communicate(timeout=60)[0].split()]
        assert [one.returncode for one in started] == [0, 0]
        left = asyncio.run(AgentMemSession(bank, "talk", NAMESPACE).get_items())
    assert len(popped) == 10
    texts = [item["content"] for item in left]
    assert sorted([*texts, *popped]) == sorted(
        f"{name}{n}{half}" for name in "xy" for n in range(10) for half in "ab"
    )
    for name in "xy":
        assert [text for text in texts if text[0] == name] == sorted(
            text for text in texts if text[0] == name
        )
