"""Does an installed agentmem work? Run by the Python that it is installed in; `make smoke` does all of it.

It does in an empty folder what a first user does: the command line, LangChain, a client of MCP, the JSON API, a
benchmark on a file of its own, the inspector. It prints a line for each, and ends at the first that fails.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import HTTPCookieProcessor, Request, build_opener

AGENTMEM = str(Path(sys.executable).with_name("agentmem"))
TOKEN = "of-the-smoke-test-0123456789"
DIALOGUE = {
    "sample_id": "smoke",
    "conversation": {
        "speaker_a": "Ines",
        "speaker_b": "Otto",
        "session_1_date_time": "7:15 pm on 3 February, 2024",
        "session_1": [
            {"speaker": "Ines", "dia_id": "D1:1", "text": "A plumber called Brandt repaired the boiler."},
            {"speaker": "Otto", "dia_id": "D1:2", "text": "I have signed up for a pottery course."},
        ],
    },
    "qa": [{"question": "Who repaired it?", "answer": "Brandt", "evidence": ["D1:1"], "category": 4}],
}
"""In the format of LoCoMo, as `docs/benchmarks.md` describes it."""


def agentmem(*arguments: str, ends: int = 0) -> str:
    """What a command prints, and that it ends with this exit code."""
    done = subprocess.run([AGENTMEM, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == ends, f"agentmem {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """A server's address, which it tells first, while it runs."""
    with subprocess.Popen([AGENTMEM, *arguments], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        try:
            told = server.stderr.readline()
            address = re.search(r"http://\S+", told)
            assert address, told + server.stderr.read()
            yield address[0]
        finally:
            server.terminate()


def command_line() -> None:
    agentmem("remember", "The boiler is serviced in May.", "--actor", "Maya")
    assert "in May" in agentmem("recall", "When is the boiler serviced?")
    assert "nothing relevant" in agentmem("recall", "Which football club won the cup?", ends=1)


def demonstration() -> None:
    assert "forgotten, empty" in agentmem("demo")


def langchain() -> None:
    from langchain_core.messages import AIMessage, HumanMessage

    from agentmem import Bank
    from langchain_agentmem import AgentMemChatMessageHistory, AgentMemRetriever, MemoryMiddleware

    said = [HumanMessage("My sister is allergic to nuts."), AIMessage("No nougat, then.")]
    with Bank("langchain.db") as bank:
        MemoryMiddleware(bank)
        AgentMemChatMessageHistory("monday", bank).add_messages(said)
        kept = AgentMemChatMessageHistory("monday", bank).messages
        assert [message.text for message in kept] == [message.text for message in said]
        (found,) = AgentMemRetriever(bank=bank, k=1).invoke("What is my sister allergic to?")
        assert found.page_content == said[0].text


async def mcp() -> None:
    from mcp import Client, StdioServerParameters

    server = StdioServerParameters(command=AGENTMEM, args=["mcp", "--db", str(Path("mcp.db").absolute())])
    async with Client(server) as client:
        await client.call_tool("remember", {"text": "The ferry leaves at nine."})
        answer = await client.call_tool("recall", {"question": "When does the ferry leave?"})
        assert "at nine" in str(answer.content)


def json_api() -> None:
    os.environ["AGENTMEM_SERVE_TOKEN"] = TOKEN
    with serving("serve", "--port", "0") as address:
        asked = json.dumps({"text": "When is the boiler serviced?"}).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        with build_opener().open(Request(f"{address}/recall", asked, headers), timeout=60) as answer:
            assert json.load(answer)["relevant"]


def benchmark() -> None:
    Path("dialogue.json").write_text(json.dumps([DIALOGUE]), encoding="utf-8")
    agentmem("bench", "locomo", "--data", "dialogue.json", "--pipeline", "full", "--json", "result.json")
    assert json.loads(Path("result.json").read_text(encoding="utf-8"))


def inspector() -> None:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with serving("inspect", "--no-open") as address, browser.open(address, timeout=60) as page:
        assert b"default" in page.read()


def main() -> None:
    """Each in turn, in an empty folder, with no settings but the defaults."""
    for name in [name for name in os.environ if name.startswith("AGENTMEM_")]:
        del os.environ[name]
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        print(agentmem("--version").strip())
        for part in (command_line, demonstration, langchain, mcp, json_api, benchmark, inspector):
            began = time.perf_counter()
            asyncio.run(part()) if part is mcp else part()
            print(f"{part.__name__.replace('_', ' '):14} {time.perf_counter() - began:5.1f} s", flush=True)


if __name__ == "__main__":
    main()
