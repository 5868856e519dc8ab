"""The server in this process: what is told of errors, and that slow calls hold up no others."""

import asyncio
import sqlite3

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from agentmem.errors import AgentMemError
from agentmem.records import Event, Trust
from agentmem.testing import HandClock
from agentmem_mcp.server import MemoryServer
from agentmem_mcp.tasks import MOST_ROWS
from agentmem_mcp.tools import LONGEST_HISTORY

PLACE = ("acme", "ann")


def talk(bank, conversation, mode="auto", store="episodic", writes=True):
    """Hold a conversation with a server in this process."""

    async def held():
        async with Client(MemoryServer(bank, PLACE, store, writes=writes), mode=mode) as client:
            await conversation(client)

    asyncio.run(held())


async def told(client, tool, **arguments):
    answer = await client.call_tool(tool, arguments)
    return answer.content[0].text


class StoppedClock(HandClock):
    """A clock that breaks when it is told to."""

    broken = False

    def __call__(self):
        if self.broken:
            raise RuntimeError("the secret of the inside")
        return super().__call__()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_what_nobody_expected_is_logged_and_told_as_an_internal_error(open_bank, caplog, mode):
    clock = StoppedClock()
    bank = open_bank(clock=clock)

    async def conversation(client):
        clock.broken = True
        for tool, arguments in (
            ("recall", {"question": "kettle"}),
            ("context", {}),
            ("remember", {"text": "a"}),
        ):
            answer = await client.call_tool(tool, arguments)
            assert answer.is_error and answer.content[0].text == "internal error"
        for call in (
            client.get_prompt("recall_first", {"question": "kettle"}),
            client.list_resources(),
            client.read_resource("agentmem://record/none"),
        ):
            with pytest.raises(MCPError) as error:
                await call
            assert "secret" not in str(error.value)

    bank.store("episodic", PLACE).observe("The kettle is red.")
    talk(bank, conversation, mode)
    assert "the secret of the inside" in caplog.text


@pytest.mark.on_file
def test_a_bank_that_is_damaged_is_told_as_such(bank, tmp_path):
    async def conversation(client):
        with sqlite3.connect(tmp_path / "bank.db") as connection:
            connection.execute("DROP TABLE record")
        answer = await client.call_tool("recall", {"question": "kettle"})
        assert answer.is_error and answer.content[0].text.endswith("(restore a backup)")
        for call in (client.get_prompt("recall_first", {"question": "kettle"}), client.list_resources()):
            with pytest.raises(MCPError, match="restore a backup"):
                await call

    bank.store("episodic", PLACE).observe("The kettle is red.")
    talk(bank, conversation)


def test_what_memory_refuses_is_told_in_its_words_with_the_remedy(bank):
    async def conversation(client):
        error = await told(client, "correct", id="none", text="b")
        assert (
            error
            == "there is no record 'none' in namespace 'acme/ann' (take an id from `recall` or `select`)"
        )

    talk(bank, conversation)


def test_an_agent_does_not_replace_what_the_user_said(bank):
    memory = bank.store("episodic", PLACE)
    id = memory.put("city", "Maya lives in York.", trust=Trust.USER) and memory.select()[0].id

    async def conversation(client):
        assert "trusted more" in await told(client, "correct", id=id, text="Maya lives in Rome.")
        shown = await told(client, "recall", question="Where does Maya live?")
        assert "York" in shown and "Rome" in shown
        await told(client, "task_add", title="trip")
        forest = bank.store("task", PLACE)
        forest.update(forest.find("trip").id, "Rome", trust=Trust.USER)
        assert "stands beside it" in await told(client, "task_update", node="trip", value="Oslo")

    talk(bank, conversation)


def test_a_tool_that_only_reads_begins_no_forest(bank):
    async def conversation(client):
        await told(client, "task_tree")
        await told(client, "task_complete", node="none")
        assert list(bank.attached_by_name(PLACE)) == ["episodic"]
        await told(client, "task_add", title="trip")
        assert bank.store("task", PLACE).option("trim") == "none"

    talk(bank, conversation)


def test_a_long_tree_and_a_long_history_are_cut_and_say_so(bank):
    memory = bank.store("episodic", PLACE)
    for number in range(LONGEST_HISTORY + 5):
        memory.put("count", f"It is {number} {'x' * 2_000}.")
    id = memory.select('state = "live"')[0].id

    async def conversation(client):
        await told(client, "task_add", title="first")
        forest = bank.store("task", PLACE)
        for number in range(MOST_ROWS):
            forest.add(f"step {number}")
        assert "(1 more; name a task or step: `under`)" in await told(client, "task_tree")
        past = await told(client, "history", id=id)
        assert "older versions are left out)" in past and f"It is {LONGEST_HISTORY + 4} " in past
        assert len(past) < (LONGEST_HISTORY + 2) * 1_200

    talk(bank, conversation)


@pytest.mark.on_file
def test_a_call_that_waits_holds_up_no_other(bank, tmp_path):
    async def conversation(client):
        await told(client, "remember", text="The kettle is red.")
        await told(client, "recall", question="Which kettle?")
        other = sqlite3.connect(tmp_path / "bank.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # another process writes
        writing = asyncio.create_task(told(client, "remember", text="The pot is blue."))
        assert "red" in await told(client, "recall", question="Which kettle?")
        assert not writing.done()
        other.execute("ROLLBACK")
        other.close()
        assert (await writing).startswith("Remembered")

    talk(bank, conversation)


def test_a_memory_of_several_stores_is_asked_changed_and_listed_as_one(bank):
    bank.store("keyed", PLACE).put("city", "Maya lives in York.", trust=Trust.AGENT)
    (city,) = bank.store("keyed", PLACE).select()

    async def conversation(client):
        kettle = (await told(client, "remember", text="The kettle is red.")).split()[-1].rstrip(".")
        shown = await told(client, "recall", question="Where does Maya live, and which kettle is it?")
        assert "York" in shown and "kettle is red" in shown
        listed = [one.description for one in (await client.list_resources()).resources]
        assert sorted(listed) == ["Maya lives in York.", "The kettle is red."]
        assert await told(client, "correct", id=city.id, text="Maya lives in Rome.") == "Corrected."
        assert "York" in await told(client, "history", id=city.id)
        assert (await told(client, "forget", id=kettle)).startswith("Forgotten")
        assert "Rome" in await told(client, "context", question="Where does Maya live?")
        assert "is red" not in await told(client, "context")

    talk(bank, conversation, store="keyed+episodic")


def test_a_sum_that_means_no_memory_is_told(bank, wrong_sum):
    given, said = wrong_sum
    with pytest.raises(AgentMemError) as raised:
        MemoryServer(bank, PLACE, given)
    assert said in str(raised.value)


def test_who_only_reads_is_offered_nothing_that_writes(bank):
    async def conversation(client):
        offered = {tool.name for tool in (await client.list_tools()).tools}
        assert offered == {"recall", "context", "history", "task_tree"}
        assert "Unknown tool" in await told(client, "remember", text="The kettle is red.")

    talk(bank, conversation, writes=False)
    assert not bank.namespaces() or not bank.store("episodic", PLACE).select()


def test_a_question_may_name_an_entity(open_bank):
    bank = open_bank()
    bank.store("entities", PLACE).observe(
        Event(actor="Maya", text="The key is in the boathouse."), Event(actor="Bob", text="The key is lost.")
    )

    async def conversation(client):
        for said in (
            await told(client, "recall", question="Where is the key?", entity="Maya"),
            await told(client, "context", question="Where is the key?", entity="maya"),
        ):
            assert "boathouse" in said and "lost" not in said
        assert "no entity is called 'Eve'" in await told(client, "recall", question="key", entity="Eve")

    talk(bank, conversation)
